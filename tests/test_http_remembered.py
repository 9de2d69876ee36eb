"""Answers that are remembered are those that would be given anew, byte for byte."""

from __future__ import annotations

import json

import pytest
from conftest import DESK
from flask.testing import FlaskClient
from http_client import post
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer import Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import remembered
from normalizer.interfaces.http.remembered import Remembered
from normalizer.interfaces.requests import MatchItem, Query, answer_query, link_queries
from normalizer.report.shapes import json_bytes

NAMES = (
    "Antony Blinken", "ANTONY BLINKEN", "Blinkon", "blinken", "Secretary Blinken", "Bush", "Kyiv", "Kiev",
    "nobody", "", " ", "x" * 501, "Łódź", '"', "\u2028",
)  # fmt: skip
QUERIES = st.builds(
    Query,
    id=st.none() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False, allow_infinity=False),
    item=st.builds(
        MatchItem,
        name=st.sampled_from(NAMES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        type=st.sampled_from([None, None, "person", "place", "other", "nonsense"]),
        context=st.sampled_from([(), (), ("George W. Bush",)]),
    ),
)


@settings(max_examples=200, deadline=None)
@given(batches=st.lists(st.lists(QUERIES, max_size=5), max_size=3), limit=st.integers(1, 6))
def test_they_are_what_the_engine_says(batches: list[list[Query]], limit: int, desk_engine: Engine) -> None:
    kept = Remembered()
    index = desk_engine.index_version
    for queries in [*batches, *batches]:
        links = link_queries(desk_engine, queries, limit)
        expected = [
            json_bytes(answer_query(query, link, limit, index))
            for query, link in zip(queries, links, strict=True)
        ]
        assert kept.answers(desk_engine, queries, limit) == expected


def test_a_judgement_forgets_them() -> None:
    engine = Engine.open(Settings(registry=str(DESK)))
    kept, query = Remembered(), [Query(1, MatchItem("Tonka"))]
    before = kept.answers(engine, query, 5)
    assert kept.answers(engine, query, 5) == before
    engine.accept("Tonka", "antony-blinken")
    after = json.loads(kept.answers(engine, query, 5)[0])
    assert (after["entity"], after["index"]) == ("antony-blinken", engine.index_version)
    engine.withdraw("Tonka", "antony-blinken")
    assert kept.answers(engine, query, 5) == before


def test_few_are_kept(monkeypatch: pytest.MonkeyPatch, desk_engine: Engine) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    kept = Remembered()
    queries = [Query(number, MatchItem(f"Blinkon {number}")) for number in range(10)]
    first = kept.answers(desk_engine, queries, 5)
    assert kept.answers(desk_engine, queries, 5) == first
    assert len(kept._last.answers) <= 3


def test_a_bad_item_among_good_ones_changes_none(client: FlaskClient) -> None:
    good = [{"name": "Blinken"}, {"id": "a", "name": "Blinkon"}]
    alone = post(client, "/v1/match", {"queries": good}).get_json()["results"]
    mixed = post(client, "/v1/match", {"queries": [*good, 5]}).get_json()["results"]
    assert mixed[:2] == alone
    assert mixed[2]["error"]
    keyed = post(client, "/v1/match", {"queries": {"x": good[0], "y": good[1], "z": []}}).get_json()
    assert keyed["results"]["x"] == {**alone[0], "id": "x"}
    assert keyed["results"]["y"] == alone[1]
