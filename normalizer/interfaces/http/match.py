"""`/v1/match`: names linked, many at once, or line by line as many as there are."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response, request

from normalizer.engine import Engine
from normalizer.interfaces.http.answers import json_answer
from normalizer.interfaces.http.bodies import body, decoded, ensure_few, json_body, parameters
from normalizer.interfaces.http.description import JSON, described
from normalizer.interfaces.http.problems import told_of_a_bug
from normalizer.interfaces.http.remembered import Remembered
from normalizer.interfaces.http.shapes import Line, MatchAnswer
from normalizer.interfaces.http.state import V1, current_engine, current_remembered
from normalizer.interfaces.requests import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    InvalidItemError,
    MatchItem,
    Query,
    decode,
    decode_query,
)
from normalizer.report.shapes import ItemId, error_record, json_bytes

match: Final = Blueprint("match", __name__, url_prefix=V1)
NDJSON: Final = ("application/x-ndjson", "application/jsonl", "application/ndjson")
"""What a body of lines may be called; the first is what answers are."""
PORTION: Final = 256
"""Lines that are answered at once: the first answers come soon, and a batch costs less than its names."""

Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT)]


class MatchRequest(msgspec.Struct):
    """Names to link, in a list or by keys; each is decoded by itself, so that a bad one fails no other."""

    queries: list[msgspec.Raw] | dict[str, msgspec.Raw]
    limit: Limit = DEFAULT_LIMIT


class _GoodRequest(msgspec.Struct):
    """A request without a bad item, decoded at one go."""

    queries: list[MatchItem] | dict[str, MatchItem]
    limit: Limit = DEFAULT_LIMIT


class BulkParameters(msgspec.Struct):
    """How many candidates a line of a bulk answer has at most."""

    limit: Limit = DEFAULT_LIMIT


@match.post("/match")
@described(MatchAnswer, bodies={JSON: MatchRequest})
def match_names() -> Response:
    """Link names: answers in the form of the queries, list or keyed object."""
    engine = current_engine()
    keys, queries, limit = _asked(json_body())
    answers = map(msgspec.Raw, current_remembered().answers(engine, queries, limit))
    results = list(answers) if keys is None else dict(zip(keys, answers, strict=True))
    return json_answer({"index": engine.index_version, "results": results})


@match.post("/match/bulk")
@described({NDJSON[0]: Line}, bodies={NDJSON[0]: msgspec.Raw}, parameters=BulkParameters, others=(MatchItem,))
def match_lines() -> Response:
    """Link names of lines of JSON: a line for each, in order.

    The body is there before the answer begins: most clients send all before they read, and would wait
    for ever for a service that waits for them. What is answered is sent portion by portion.
    """
    engine = current_engine()
    limit = parameters(BulkParameters).limit
    lines = body(engine.settings.limits.bulk, *NDJSON)
    answers = _answered_lines(engine, current_remembered(), lines, limit, told_of_a_bug())
    response = Response(content_type=NDJSON[0])
    if request.accept_encodings["gzip"] > 0:
        response.headers["Content-Encoding"] = "gzip"
        answers = _packed(answers)
    response.response = answers
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _asked(data: bytes) -> tuple[Sequence[str] | None, list[Query], int]:
    """The keys of a body if it has such, its names, and the limit."""
    asked: _GoodRequest | MatchRequest
    try:
        asked = decode(data, _GoodRequest)
    except InvalidItemError:
        asked = decoded(data, MatchRequest, items="queries")
    ensure_few(len(asked.queries), "/queries")
    if isinstance(asked.queries, dict):
        keys = list(asked.queries)
        return keys, list(map(_query, asked.queries.values(), keys)), asked.limit
    return None, list(map(_query, asked.queries, count(1))), asked.limit


def _query(item: MatchItem | msgspec.Raw, default_id: ItemId) -> Query:
    if isinstance(item, msgspec.Raw):
        return decode_query(item, default_id)
    return Query(default_id if item.id is None else item.id, item)


def _answered_lines(
    engine: Engine, remembered: Remembered, data: bytes, limit: int, told: Callable[[Exception], str]
) -> Iterator[bytes]:
    """The answers to lines of JSON, each a line, portion by portion."""
    start = number = 0
    while start < len(data):
        queries: list[Query] = []
        while start < len(data) and len(queries) < PORTION:
            end = data.find(b"\n", start)
            end = len(data) if end < 0 else end
            number += 1
            line = data[start:end].removesuffix(b"\r")
            queries.append(decode_query(line, number) if line.strip() else Query(number, None, "empty line"))
            start = end + 1
        first = number - len(queries) + 1
        try:
            records = remembered.answers(engine, queries, limit)
        except Exception as error:
            reason = told(error)
            records = [json_bytes(error_record(query.id, reason)) for query in queries]
        lines = [b'%b,"line":%d}\n' % (record[:-1], line) for line, record in enumerate(records, first)]
        yield b"".join(lines)


def _packed(portions: Iterator[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for portion in portions:
        yield packing.compress(portion) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()
