"""What the registry holds: one entity, those that a name may become, how much there is."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response
from msgspec import UNSET, UnsetType

from normalizer.index.candidates import Form
from normalizer.interfaces.http.answers import json_answer, tagged
from normalizer.interfaces.http.bodies import parameters
from normalizer.interfaces.http.description import described
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.shapes import Entity, RegistryAnswer, Suggestions
from normalizer.interfaces.http.state import V1, current_engine
from normalizer.interfaces.requests import MAX_LIMIT
from normalizer.model import EntityType
from normalizer.report.shapes import SHAPES_VERSION, Record, entity_record
from normalizer.version import __version__

registry: Final = Blueprint("registry", __name__, url_prefix=V1)


class SuggestParameters(msgspec.Struct):
    """What was typed so far."""

    prefix: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] = 10
    type: EntityType | UnsetType = UNSET


@registry.get("/entities/<path:entity_id>")
@described(Entity)
def entity(entity_id: str) -> Response:
    """Give an entity of the registry; 304 to those who hold its ETag, which is of one registry."""
    engine = current_engine()
    return tagged(json_answer(entity_record(engine.entity(entity_id), engine.index_version)))


@registry.get("/suggest")
@described(Suggestions, parameters=SuggestParameters)
def suggest() -> Response:
    """Give the entities that a name may become while it is typed."""
    engine = current_engine()
    asked = parameters(SuggestParameters)
    ensure_short(asked.prefix)
    type = None if isinstance(asked.type, UnsetType) else asked.type
    found = engine.suggest(asked.prefix, asked.limit, type)
    records = [_suggestion_record(form) for form in found]
    return tagged(json_answer({"index": engine.index_version, "suggestions": records}))


@registry.get("/registry")
@described(RegistryAnswer)
def about() -> Response:
    """Say which registry answers, and how much it holds."""
    engine = current_engine()
    content = {
        "index": engine.index_version,
        "version": __version__,
        "shapes": SHAPES_VERSION,
        "entities": engine.entity_count,
        "names": engine.name_count,
    }
    return tagged(json_answer(content))


def ensure_short(prefix: str, status: int = 422) -> None:
    """See that what was typed is no longer than a name."""
    most = current_engine().settings.limits.name
    if len(prefix) > most:
        detail = f"prefix of {len(prefix):,} characters; at most {most} are read"
        raise ProblemError(status, detail, [("/prefix", detail)])


def _suggestion_record(form: Form) -> Record:
    entity = form.entity
    return {"entity": entity.id, "name": entity.name, "alias": form.alias.name, "type": entity.type.value}
