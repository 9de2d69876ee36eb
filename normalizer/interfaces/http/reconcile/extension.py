"""Data extension: what is known of entities that were matched."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from normalizer.engine import Engine
from normalizer.interfaces.http.bodies import ensure_few
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.reconcile.properties import (
    all_properties,
    property_of,
    property_record,
    values,
)
from normalizer.interfaces.http.reconcile.questions import known_entity
from normalizer.report.shapes import Record

MAX_PROPERTIES: Final = 100
"""Most properties of one request."""


class AskedProperty(msgspec.Struct):
    """A property to be told; settings are accepted, and none are known."""

    id: str
    settings: dict[str, Any] | None = None


class Asked(msgspec.Struct):
    """Which properties to tell of which entities."""

    ids: list[str]
    properties: list[AskedProperty]


def asked_for(asked: Asked) -> Asked:
    """What is asked for, if it is not too much."""
    ensure_few(len(asked.ids), "/ids", 413)
    if len(asked.properties) > MAX_PROPERTIES:
        detail = f"{len(asked.properties):,} properties in one request; ask for at most {MAX_PROPERTIES}"
        raise ProblemError(413, detail, [("/properties", detail)])
    return asked


def extension_0_2(engine: Engine, asked: Asked) -> Record:
    """The values of all properties of all entities: clients lose their columns if one is missing."""
    rows = {
        entity_id: {one.id: values(entity, one.id) for one in asked.properties}
        for entity_id, entity in ((one, known_entity(engine, one)) for one in asked.ids)
    }
    return {"meta": _meta(asked), "rows": rows}


def extension_1_0(engine: Engine, asked: Asked) -> Record:
    """The same as lists."""
    rows = [
        {
            "id": entity_id,
            "properties": [{"id": one.id, "values": values(entity, one.id)} for one in asked.properties],
        }
        for entity_id, entity in ((one, known_entity(engine, one)) for one in dict.fromkeys(asked.ids))
    ]
    return {"meta": _meta(asked), "rows": rows}


def _meta(asked: Asked) -> list[Record]:
    return [property_record(property_of(one.id)) for one in asked.properties]


def proposals(engine: Engine, type: str | UnsetType, limit: int | UnsetType) -> Record:
    """The properties that can be asked for; all types have the same."""
    most = None if isinstance(limit, UnsetType) else limit
    records = [property_record(one) for one in all_properties(engine)][:most]
    answer: Record = {"properties": records}
    if type is not UNSET:
        answer["type"] = type
    if limit is not UNSET:
        answer["limit"] = limit
    return answer
