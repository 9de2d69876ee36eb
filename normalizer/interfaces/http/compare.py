"""`/v1/compare`: two names held against each other, or many pairs."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response

from normalizer.interfaces.http.answers import json_answer
from normalizer.interfaces.http.bodies import decoded, ensure_few, json_body, refusal
from normalizer.interfaces.http.description import JSON, described
from normalizer.interfaces.http.shapes import CompareAnswer, either
from normalizer.interfaces.http.state import V1, current_engine
from normalizer.interfaces.requests import InvalidItemError, PairItem, compare_pair, decode, decode_batch
from normalizer.report.shapes import Record, comparison_record
from normalizer.settings import Settings

compare: Final = Blueprint("compare", __name__, url_prefix=V1)


class CompareRequest(msgspec.Struct):
    """Pairs of names to compare; each is decoded by itself, so that a bad one fails no other."""

    pairs: list[msgspec.Raw]


CompareBody = Annotated[msgspec.Raw, either("CompareRequest", "PairItem")]
"""Many pairs, or one without a list around it."""


@compare.post("/compare")
@described(CompareAnswer, bodies={JSON: CompareBody}, others=(CompareRequest, PairItem))
def compare_names() -> Response:
    """Compare names: many pairs, or the two of one pair without a list around it."""
    settings = current_engine().settings
    data = json_body()
    try:
        pairs = decode_batch(data, CompareRequest, "pairs").pairs
    except InvalidItemError as error:
        if error.malformed or error.pointer:
            raise refusal(error) from error
        return json_answer(_compared(decoded(data, PairItem), settings))
    ensure_few(len(pairs), "/pairs")
    return json_answer({"results": [_pair_record(pair, settings) for pair in pairs]})


def _compared(pair: PairItem, settings: Settings) -> Record:
    try:
        return comparison_record(*compare_pair(pair, settings))
    except InvalidItemError as error:
        raise refusal(error) from error


def _pair_record(data: msgspec.Raw, settings: Settings) -> Record:
    try:
        return comparison_record(*compare_pair(decode(data, PairItem), settings))
    except InvalidItemError as error:
        return {"error": f"{error} at {error.pointer}" if error.pointer else str(error)}
