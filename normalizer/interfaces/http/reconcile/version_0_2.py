"""Version 0.2 at `/reconcile`: what OpenRefine and its family send, and what they need back."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from flask import Blueprint, Response, request
from msgspec import UNSET, UnsetType

from normalizer.engine import Engine
from normalizer.interfaces.http.answers import json_answer, tagged
from normalizer.interfaces.http.bodies import FORM, ensure_few, form, parameters, refusal
from normalizer.interfaces.http.description import HTML, described
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.reconcile.extension import Asked, asked_for, extension_0_2, proposals
from normalizer.interfaces.http.reconcile.preview import HEIGHT, WIDTH, preview
from normalizer.interfaces.http.reconcile.properties import TYPES, type_record
from normalizer.interfaces.http.reconcile.questions import DEFAULT_LIMIT, Question, candidates
from normalizer.interfaces.http.reconcile.suggestions import Kind, suggestions
from normalizer.interfaces.http.reconcile.values import Value, texts
from normalizer.interfaces.http.shapes import ByProtocol
from normalizer.interfaces.http.state import current_engine
from normalizer.interfaces.requests import MAX_LIMIT, InvalidItemError, decode, decode_keyed
from normalizer.model import EntityType
from normalizer.report.shapes import Record
from normalizer.version import __version__

PREFIX: Final = "/reconcile"
BATCH: Final = 500
"""Questions of a batch that clients are told to send; OpenRefine sends ten if it is told nothing."""

version_0_2: Final = Blueprint("version_0_2", __name__, url_prefix=PREFIX)


Json = Annotated[str, msgspec.Meta(extra_json_schema={"contentMediaType": "application/json"})]


class Fields(msgspec.Struct):
    """What a batch is sent in: the fields of a form, or of the query of a URL."""

    queries: Json | UnsetType = UNSET
    extend: Json | UnsetType = UNSET


class PropertyValue(msgspec.Struct):
    """What is known of the thing asked for."""

    pid: str
    v: Value


class Query(msgspec.Struct):
    """A question of a batch."""

    query: str | None = None
    type: str | list[str] | None = None
    type_strict: Literal["any", "should", "all"] | None = None
    limit: float | None = None
    properties: list[PropertyValue] | None = None


class ProposalParameters(msgspec.Struct):
    """Which properties to propose."""

    type: str | UnsetType = UNSET
    limit: Annotated[int, msgspec.Meta(ge=1)] | UnsetType = UNSET


class SuggestParameters(msgspec.Struct):
    """What was typed so far, and how many suggestions to pass over."""

    prefix: str
    cursor: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT


@version_0_2.get("", strict_slashes=False)
@described(ByProtocol, parameters=Fields)
def asked_by_address() -> Response:
    """Give the manifest, or answer a batch that stands in the address."""
    fields = parameters(Fields, 400)
    if fields.queries is UNSET and fields.extend is UNSET:
        return tagged(json_answer(_manifest(request.url_root)))
    return _answer(fields)


@version_0_2.post("", strict_slashes=False)
@described(ByProtocol, bodies={FORM: Fields})
def asked_by_form() -> Response:
    """Answer a batch of questions, or of things to be told of entities."""
    return _answer(form(Fields))


@version_0_2.get("/suggest/<kind>")
@described(ByProtocol, parameters=SuggestParameters)
def suggest(kind: Kind) -> Response:
    """Suggest entities, types or properties for what was typed so far."""
    asked = parameters(SuggestParameters, 400)
    found = suggestions(current_engine(), kind, asked.prefix, asked.cursor, asked.limit)
    return json_answer({"result": found})


@version_0_2.get("/propose")
@described(ByProtocol, parameters=ProposalParameters)
def propose() -> Response:
    """Propose the properties that entities can be extended with."""
    asked = parameters(ProposalParameters, 400)
    return json_answer(proposals(current_engine(), asked.type, asked.limit))


@version_0_2.get("/preview/<path:entity_id>")
@described({HTML: str})
def show(entity_id: str) -> Response:
    """Show an entity as a small page."""
    return preview(current_engine(), entity_id)


def _manifest(root: str) -> Record:
    service = root.rstrip("/") + PREFIX
    shown = f"{service}/preview/{{{{id}}}}"
    return {
        "versions": ["0.2"],
        "name": "normalizer",
        "identifierSpace": f"{root}v1/entities/",
        "schemaSpace": f"{service}/suggest/type",
        "defaultTypes": [type_record(type) for type in TYPES],
        "view": {"url": shown},
        "preview": {"url": shown, "width": WIDTH, "height": HEIGHT},
        "suggest": {
            kind: {"service_url": service, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": service, "service_path": "/propose"},
            "property_settings": [],
        },
        "batchSize": min(BATCH, current_engine().settings.limits.queries),
        "documentation": f"{root}docs",
        "serviceVersion": __version__,
    }


def _answer(fields: Fields) -> Response:
    engine = current_engine()
    if not isinstance(fields.queries, UnsetType):
        return json_answer(_matched(engine, fields.queries))
    if not isinstance(fields.extend, UnsetType):
        try:
            asked = decode(fields.extend.encode(), Asked)
        except InvalidItemError as error:
            raise refusal(error, 400) from error
        return json_answer(extension_0_2(engine, asked_for(asked)))
    raise ProblemError(400, 'the form must have a field "queries" or "extend" that holds JSON')


def _matched(engine: Engine, batch: str) -> Record:
    try:
        items = decode_keyed(batch.encode())
    except InvalidItemError as error:
        raise refusal(error, 400) from error
    ensure_few(len(items), "/queries", 413)
    found = candidates(engine, [_question(item) for item in items.values()])
    return {key: {"result": records} for key, records in zip(items, found, strict=True)}


def _question(data: msgspec.Raw) -> Question | None:
    """The question of a batch's item; None if it cannot be understood, which fails no other."""
    try:
        asked = decode(data, Query)
    except InvalidItemError:
        return None
    if asked.limit is not None and not asked.limit > 0:
        return None
    values = [(item.pid, text) for item in asked.properties or () for text in texts(item.v)]
    names = [text for pid, text in values if pid == "name"] if asked.query is None else [asked.query]
    type, types = _types(asked)
    if types is None:
        return None
    limit = DEFAULT_LIMIT if asked.limit is None else int(max(1, min(asked.limit, MAX_LIMIT)))
    context = tuple(text for pid, text in values if pid != "name" or asked.query is not None)
    return Question(tuple(names[:1]), (), type, types, context, (), limit)


def _types(asked: Query) -> tuple[EntityType | None, frozenset[EntityType] | None]:
    """What a thing is thought to be, and what it must be; None in place of that if nothing can be so."""
    named = [asked.type] if isinstance(asked.type, str) else asked.type or []
    known = [EntityType(name) for name in named if name in EntityType._value2member_map_]
    if asked.type_strict in ("any", "all") and named:
        unmet = not known or (asked.type_strict == "all" and len({*named}) > 1)
        return None, None if unmet else frozenset(known)
    return known[0] if len(named) == len(known) == 1 else None, frozenset()
