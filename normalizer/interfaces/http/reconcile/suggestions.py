"""Suggestions while somebody types: entities, types, properties."""

from __future__ import annotations

from typing import Literal

from normalizer.engine import Engine
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.reconcile.properties import (
    TYPES,
    all_properties,
    described,
    matching,
    property_record,
    type_record,
)
from normalizer.interfaces.http.registry import ensure_short
from normalizer.model import Entity
from normalizer.report.shapes import Record

Kind = Literal["entity", "type", "property"]


def suggestions(engine: Engine, kind: Kind, prefix: str, skipped: int, limit: int) -> list[Record]:
    """Suggest what a text may become.

    Args:
        engine: Who knows the entities.
        kind: What to suggest.
        prefix: What was typed so far.
        skipped: How many suggestions to pass over.
        limit: Most suggestions.

    Raises:
        ProblemError: There is no such kind (404), or the prefix is too long (400).
    """
    ensure_short(prefix, 400)
    if kind == "entity":
        found = engine.suggest(prefix, skipped + limit)[skipped:]
        return [_entity_record(form.entity) for form in found]
    if kind == "type":
        records = matching(map(type_record, TYPES), prefix)
    elif kind == "property":
        records = matching(map(property_record, all_properties(engine)), prefix)
    else:
        raise ProblemError(404, "entity, type and property can be suggested")
    return records[skipped : skipped + limit]


def _entity_record(entity: Entity) -> Record:
    record: Record = {"id": entity.id, "name": entity.name}
    description = described(entity)
    if description:
        record["description"] = description
    return {**record, "notable": [type_record(entity.type)]}
