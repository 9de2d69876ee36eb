"""`/v1/match`: names linked, many at once, or line by line as many as there are."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response, request

from normalizer.engine import Engine
from normalizer.interfaces.http.answers import json_answer
from normalizer.interfaces.http.bodies import body, decoded, ensure_few, json_body, parameters
from normalizer.interfaces.http.description import JSON, described
from normalizer.interfaces.http.problems import told_of_a_bug
from normalizer.interfaces.http.shapes import Line, MatchAnswer
from normalizer.interfaces.http.state import V1, current_engine
from normalizer.interfaces.requests import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MatchItem,
    Query,
    answer_query,
    decode_query,
    link_queries,
)
from normalizer.report.shapes import Record, error_record, json_bytes

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


class BulkParameters(msgspec.Struct):
    """How many candidates a line of a bulk answer has at most."""

    limit: Limit = DEFAULT_LIMIT


@match.post("/match")
@described(MatchAnswer, bodies={JSON: MatchRequest})
def match_names() -> Response:
    """Link names: answers in the form of the queries, list or keyed object."""
    engine = current_engine()
    asked = decoded(json_body(), MatchRequest, items="queries")
    ensure_few(len(asked.queries), "/queries")
    if isinstance(asked.queries, dict):
        queries = [decode_query(data, key) for key, data in asked.queries.items()]
        records = _records(engine, queries, asked.limit)
        results: object = dict(zip(asked.queries, records, strict=True))
    else:
        queries = [decode_query(data, number) for number, data in enumerate(asked.queries, 1)]
        results = _records(engine, queries, asked.limit)
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
    answers = _answered_lines(engine, lines, limit, told_of_a_bug())
    response = Response(content_type=NDJSON[0])
    if request.accept_encodings["gzip"] > 0:
        response.headers["Content-Encoding"] = "gzip"
        answers = _packed(answers)
    response.response = answers
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _records(engine: Engine, queries: Sequence[Query], limit: int) -> list[Record]:
    links = link_queries(engine, queries, limit)
    index = engine.index_version
    return [answer_query(query, answer, limit, index) for query, answer in zip(queries, links, strict=True)]


def _answered_lines(
    engine: Engine, data: bytes, limit: int, told: Callable[[Exception], str]
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
            records = _records(engine, queries, limit)
        except Exception as error:
            reason = told(error)
            records = [error_record(query.id, reason) for query in queries]
        lines = [json_bytes({**record, "line": line}) for line, record in enumerate(records, first)]
        yield b"\n".join(lines) + b"\n"


def _packed(portions: Iterator[bytes]) -> Iterator[bytes]:
    packing = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    for portion in portions:
        yield packing.compress(portion) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()
