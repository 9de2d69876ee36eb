"""The routes of version 1. Shapes are those of `docs/machine-shapes.md`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final, TypeVar

import msgspec
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from normalizer.engine import Engine
from normalizer.errors import SettingsError
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.state import current_engine
from normalizer.interfaces.requests import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    InvalidItemError,
    PairItem,
    Query,
    answer_query,
    compare_pair,
    decode,
    decode_batch,
    decode_query,
    link_queries,
)
from normalizer.model import Document
from normalizer.report.shapes import Record, comparison_record, entity_record, finding_records, json_bytes
from normalizer.settings import Settings

api: Final = Blueprint("api", __name__, url_prefix="/v1")
T = TypeVar("T")

Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)]


class MatchRequest(msgspec.Struct):
    """Names to link, in a list or by keys; each is decoded by itself, so that a bad one fails no other."""

    queries: list[msgspec.Raw] | dict[str, msgspec.Raw]
    limit: Limit = DEFAULT_LIMIT


class CompareRequest(msgspec.Struct):
    """Pairs of names to compare; without them the body is one pair itself."""

    pairs: list[msgspec.Raw] | None = None


class CheckRequest(msgspec.Struct):
    """A draft to check, as text, and what is to be changed of the rules (`+ID`, `-ID`, `ID=LEVEL`, `ID`)."""

    text: str
    name: str = "-"
    rules: list[str] = []


@api.post("/match")
def match() -> Response:
    """Link names: answers in the form of the queries, list or keyed object."""
    engine = current_engine()
    asked = _decoded(_json_data(), MatchRequest, items="queries")
    _ensure_few(len(asked.queries), "/queries", engine.settings)
    if isinstance(asked.queries, dict):
        queries = [decode_query(data, key) for key, data in asked.queries.items()]
        records = _match_records(engine, queries, asked.limit)
        results: object = dict(zip(asked.queries, records, strict=True))
    else:
        queries = [decode_query(data, number) for number, data in enumerate(asked.queries, 1)]
        results = _match_records(engine, queries, asked.limit)
    return _json({"index": engine.index_version, "results": results})


@api.post("/compare")
def compare() -> Response:
    """Compare names: many pairs, or the two of one pair without a list around it."""
    settings = current_engine().settings
    data = _json_data()
    pairs = _decoded(data, CompareRequest, items="pairs").pairs
    if pairs is not None:
        _ensure_few(len(pairs), "/pairs", settings)
        return _json({"results": [_pair_record(pair, settings) for pair in pairs]})
    try:
        return _json(comparison_record(*compare_pair(_decoded(data, PairItem), settings)))
    except InvalidItemError as error:
        raise ProblemError(422, str(error), [(error.pointer, str(error))]) from error


@api.post("/check")
def check() -> Response:
    """Find the wrong names of a draft."""
    engine = current_engine()
    draft = _decoded(_json_data(), CheckRequest)
    most = engine.settings.limits.text
    if len(draft.text) > most:
        detail = f"a text of {len(draft.text):,} characters; at most {most:,} are checked, send it in parts"
        raise ProblemError(413, detail, [("/text", detail)])
    document = Document.of_text(draft.text, draft.name)
    try:
        rules = engine.settings.rules.changed(draft.rules, "rules")
    except SettingsError as error:
        raise ProblemError(422, str(error), [("/rules", str(error))]) from error
    findings = engine.check(document, rules)
    records = list(finding_records(document, findings, engine.index_version))
    return _json({"index": engine.index_version, "findings": records})


@api.get("/entities/<path:entity_id>")
def entity(entity_id: str) -> Response:
    """Give an entity of the registry; 304 to those who hold its ETag, which is of one registry."""
    engine = current_engine()
    response = _json(entity_record(engine.entity(entity_id), engine.index_version))
    response.headers["Cache-Control"] = "no-cache"  # may be kept, and is asked about each time
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _match_records(engine: Engine, queries: Sequence[Query], limit: int) -> list[Record]:
    links = link_queries(engine, queries, limit)
    index = engine.index_version
    return [answer_query(query, answer, limit, index) for query, answer in zip(queries, links, strict=True)]


def _pair_record(data: msgspec.Raw, settings: Settings) -> Record:
    try:
        return comparison_record(*compare_pair(decode(data, PairItem), settings))
    except InvalidItemError as error:
        return {"error": f"{error} at {error.pointer}" if error.pointer else str(error)}


def _json_data() -> bytes:
    """The body of the request, which must be said to be JSON and not be packed."""
    if request.mimetype != "application/json":
        raise ProblemError(415, "the body must be JSON; send it with Content-Type: application/json")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ProblemError(415, "the body must not be compressed; send it without Content-Encoding")
    data = request.get_data(cache=False)
    limit = current_engine().settings.limits.body
    if request.content_length is None and len(data) >= limit:  # Werkzeug stops there without a word
        raise RequestEntityTooLarge
    return data


def _decoded(data: bytes, shape: type[T], items: str = "") -> T:
    """Decode a body: 400 if it is no JSON, 422 if it has another shape.

    Args:
        data: The body.
        shape: What it must be.
        items: The field whose items are decoded later, one by one, if there is one.
    """
    try:
        return decode_batch(data, shape, items) if items else decode(data, shape)
    except InvalidItemError as error:
        status = 400 if error.malformed else 422
        raise ProblemError(status, str(error), [(error.pointer, str(error))]) from error


def _ensure_few(count: int, pointer: str, settings: Settings) -> None:
    most = settings.limits.queries
    if count > most:
        detail = f"{count:,} items in one request; send at most {most:,}"
        raise ProblemError(422, detail, [(pointer, detail)])


def _json(content: object) -> Response:
    return Response(json_bytes(content), content_type="application/json")
