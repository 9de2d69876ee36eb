"""An entity as a small page, for the frame that clients show when somebody points at a candidate."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from flask import Response

from normalizer.engine import Engine
from normalizer.interfaces.http.answers import tagged
from normalizer.interfaces.http.pages import page
from normalizer.interfaces.http.reconcile.questions import known_entity
from normalizer.model import Entity, Title

WIDTH: Final = 400
"""Of the frame, in CSS pixels."""
HEIGHT: Final = 240
_MOST_FORMS: Final = 30


def preview(engine: Engine, entity_id: str) -> Response:
    """The page of an entity; a page that says so, with 404, if there is none."""
    entity = known_entity(engine, entity_id)
    if entity is None:
        return page("Not found", "<p>This registry holds no such entity.</p>", 404, framed=True)
    return tagged(page(entity.name, _content(entity), framed=True))


def _content(entity: Entity) -> str:
    rows = (
        ("Also", [alias.name for alias in entity.aliases[:_MOST_FORMS]]),
        ("Title", map(_title, entity.titles)),
        ("Country", entity.countries),
        ("Not", entity.never[:_MOST_FORMS]),
        ("Ids", [f"{scheme} {value}" for scheme, value in entity.ids]),
    )
    listed = "".join(_row(name, values) for name, values in rows)
    head = f"<h1>{escape(entity.name)}</h1><small>{entity.type.value} · {escape(entity.id)}</small>"
    return f"{head}<dl>{listed}</dl>"


def _row(name: str, values: Iterable[str]) -> str:
    text = ", ".join(map(escape, values))
    return f"<dt>{name}</dt><dd>{text}</dd>" if text else ""


def _title(title: Title) -> str:
    days = f"{title.since or ''}–{title.until or ''}"
    return title.name if days == "–" else f"{title.name} ({days})"
