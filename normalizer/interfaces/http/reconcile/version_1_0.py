"""The draft of version 1.0 at `/reconcile/1.0-draft`: JSON bodies, fixed routes, lists in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from flask import Blueprint, Response, request

from normalizer.interfaces.http.answers import json_answer, tagged
from normalizer.interfaces.http.bodies import decoded, ensure_few, json_body, parameters
from normalizer.interfaces.http.description import HTML, JSON, described
from normalizer.interfaces.http.reconcile.extension import Asked, asked_for, extension_1_0, proposals
from normalizer.interfaces.http.reconcile.preview import HEIGHT, WIDTH, preview
from normalizer.interfaces.http.reconcile.properties import TYPES, Condition, type_record
from normalizer.interfaces.http.reconcile.questions import DEFAULT_LIMIT, Question, candidates
from normalizer.interfaces.http.reconcile.suggestions import Kind, suggestions
from normalizer.interfaces.http.reconcile.values import Reference, Value, texts
from normalizer.interfaces.http.reconcile.version_0_2 import BATCH, ProposalParameters
from normalizer.interfaces.http.shapes import ByProtocol
from normalizer.interfaces.http.state import current_engine
from normalizer.interfaces.requests import MAX_LIMIT, InvalidItemError, decode
from normalizer.model import EntityType
from normalizer.report.shapes import Record
from normalizer.version import __version__

PREFIX: Final = "/reconcile/1.0-draft"
MAX_NAMES: Final = 10
"""Names, and ids, of one question that are looked up."""

version_1_0: Final = Blueprint("version_1_0", __name__, url_prefix=PREFIX)


class Batch(msgspec.Struct):
    """Questions; each is decoded by itself, so that a bad one fails no other."""

    queries: list[msgspec.Raw]


class AskedCondition(msgspec.Struct, rename="camel"):
    """Something that is known of the thing asked for."""

    match_type: Literal["name", "id", "property"]
    property_value: Value
    property_id: str | None = None
    required: bool = False
    match_quantifier: Literal["any", "all", "none"] = "any"
    match_qualifier: str | None = None


class Query(msgspec.Struct):
    """A question of a batch."""

    conditions: Annotated[list[AskedCondition], msgspec.Meta(min_length=1)]
    type: str | None = None
    limit: float | None = None
    lang: str | None = None


class SuggestParameters(msgspec.Struct):
    """What was typed so far, and which part of the suggestions is wanted."""

    prefix: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    offset: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0


class PreviewParameters(msgspec.Struct):
    """Which entity to show."""

    id: str


@version_1_0.get("", strict_slashes=False)
@described(ByProtocol)
def manifest() -> Response:
    """Give the manifest."""
    return tagged(json_answer(_manifest(request.url_root)))


@version_1_0.post("/match")
@described(ByProtocol, bodies={JSON: Batch})
def match() -> Response:
    """Answer a batch of questions, in order."""
    items = decoded(json_body(), Batch, items="queries", misshapen=400).queries
    ensure_few(len(items), "/queries", 413)
    found = candidates(current_engine(), [_question(item) for item in items])
    return json_answer({"results": [{"candidates": records} for records in found]})


@version_1_0.get("/suggest/<kind>")
@described(ByProtocol, parameters=SuggestParameters)
def suggest(kind: Kind) -> Response:
    """Suggest entities, types or properties for what was typed so far."""
    asked = parameters(SuggestParameters, 400)
    found = suggestions(current_engine(), kind, asked.prefix, asked.offset, asked.limit)
    return json_answer({"result": found})


@version_1_0.get("/preview")
@described({HTML: str}, parameters=PreviewParameters)
def show() -> Response:
    """Show an entity as a small page."""
    return preview(current_engine(), parameters(PreviewParameters, 400).id)


@version_1_0.post("/extend")
@described(ByProtocol, bodies={JSON: Asked})
def extend() -> Response:
    """Tell what is known of entities."""
    asked = decoded(json_body(), Asked, misshapen=400)
    return json_answer(extension_1_0(current_engine(), asked_for(asked)))


@version_1_0.get("/extend/propose")
@described(ByProtocol, parameters=ProposalParameters)
def propose() -> Response:
    """Propose the properties that entities can be extended with."""
    asked = parameters(ProposalParameters, 400)
    return json_answer(proposals(current_engine(), asked.type, asked.limit))


def _manifest(root: str) -> Record:
    shown = f"{root.rstrip('/')}{PREFIX}/preview?id={{id}}"
    return {
        "versions": ["1.0-draft"],
        "name": "normalizer",
        "defaultTypes": [type_record(type) for type in TYPES],
        "view": {"url": shown},
        "preview": {"url": shown, "width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
        "batchSize": min(BATCH, current_engine().settings.limits.queries),
        "documentation": f"{root}docs",
        "serviceVersion": __version__,
    }


def _question(data: msgspec.Raw) -> Question | None:
    """The question of a batch's item; None if it cannot be understood, which fails no other."""
    try:
        asked = decode(data, Query)
    except InvalidItemError:
        return None
    unknown_type = asked.type is not None and asked.type not in EntityType._value2member_map_
    if unknown_type or (asked.limit is not None and not asked.limit > 0):
        return None
    if any(one.match_type == "property" and one.property_id is None for one in asked.conditions):
        return None
    required: list[Condition] = []
    hints: list[str] = []
    for one in asked.conditions:
        if one.match_type == "property" and one.property_id is not None:
            values = tuple(texts(one.property_value))
            if one.required or one.match_quantifier == "none":
                required.append(Condition(one.property_id, values, one.match_quantifier))
            if one.match_quantifier != "none":
                hints += values
    return Question(
        names=tuple(_texts_of(asked.conditions, "name")),
        ids=tuple(_texts_of(asked.conditions, "id")),
        type=EntityType(asked.type) if asked.type is not None else None,
        types=frozenset([EntityType(asked.type)] if asked.type is not None else ()),
        context=tuple(hints),
        conditions=tuple(required),
        limit=DEFAULT_LIMIT if asked.limit is None else int(max(1, min(asked.limit, MAX_LIMIT))),
    )


def _texts_of(conditions: Iterable[AskedCondition], kind: Literal["name", "id"]) -> list[str]:
    """The names or ids of some conditions that are asked for."""
    found: list[str] = []
    for one in conditions:
        if one.match_type == kind and one.match_quantifier != "none":
            value = one.property_value
            found += [value.id] if kind == "id" and isinstance(value, Reference) else texts(value)
    return list(dict.fromkeys(found))[:MAX_NAMES]
