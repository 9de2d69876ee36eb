"""The Reconciliation API 0.2: batches as its clients send them, good and bad."""

from __future__ import annotations

import json

import pytest
from conftest import DESK
from flask.testing import FlaskClient
from http_client import assert_problem, post
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reconciliation import NEW, asked, batch, ids

from normalizer import Limits, Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import create_app


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_batch_as_openrefine_sends_it(client: FlaskClient, method: str) -> None:
    queries = {
        "q0": {"query": "Antony Blinkon", "type": "person", "type_strict": "should", "limit": 3},
        "q1": {"query": "Bush", "properties": [{"pid": "p", "v": "George W. Bush"}]},
        "q2": {"query": "nobody at all"},
        'é"': {"query": "Kiev", "limit": 2.5, "properties": [{"pid": "p", "v": [1, 2.5, {"id": "x"}]}]},
    }
    results = batch(client, queries, method)
    assert list(results) == list(queries)
    assert (results["q0"][0]["id"], results["q0"][0]["match"]) == ("antony-blinken", True)
    assert results["q0"][0]["score"] > 90
    assert results["q0"][0]["description"] == "Secretary of State"
    assert (results["q1"][0]["id"], results["q1"][0]["match"]) == ("george-w-bush", True)
    assert (results['é"'][0]["id"], results["q2"]) == ("kyiv", [])


def test_ambiguity_is_never_a_match(client: FlaskClient) -> None:
    found = batch(client, {"q": {"query": "Bush"}})["q"]
    assert [(one["id"], one["match"]) for one in found] == [
        ("george-h-w-bush", False),
        ("george-w-bush", False),
    ]


def test_an_id_is_understood(client: FlaskClient) -> None:
    found = batch(client, {"q": {"query": "joe-biden"}})["q"]
    assert (found[0]["id"], found[0]["score"], found[0]["match"]) == ("joe-biden", 100, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"query": "Kyiv", "type": "person", "type_strict": "any"}, []),
        ({"query": "Kyiv", "type": ["person", "place"], "type_strict": "any"}, ["kyiv"]),
        ({"query": "Kyiv", "type": ["person", "place"], "type_strict": "all"}, []),
        ({"query": "Kyiv", "type": "Q515", "type_strict": "any"}, []),
        ({"query": "Kyiv", "type": "Q515", "type_strict": "should"}, ["kyiv"]),
        ({"query": "Kyiv", "type": []}, ["kyiv"]),
        ({"query": "Kyiv", "type": None, "limit": None, "properties": None}, ["kyiv"]),
        ({"query": "Kyiv", "unknown": 1}, ["kyiv"]),
        ({"properties": [{"pid": "name", "v": "Kyiv"}]}, ["kyiv"]),
        ({"properties": [{"pid": "x", "v": "Kyiv"}]}, []),
    ],
)
def test_types_and_properties(query: object, found: list[str], client: FlaskClient) -> None:
    assert ids(batch(client, {"q": query})["q"]) == found


BAD_QUERIES: list[object] = [
    None, 5, "x", [], {}, {"query": 5}, {"query": ""}, {"query": "x" * 501}, {"query": "x", "limit": 0},
    {"query": "x", "limit": "5"}, {"query": "x", "type_strict": "maybe"}, {"query": "x", "type": 5},
    {"query": "x", "properties": {}}, {"query": "x", "properties": [{"pid": "p"}]},
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_QUERIES)
def test_a_bad_query_fails_no_other(bad: object, client: FlaskClient) -> None:
    results = batch(client, {"bad": bad, "good": {"query": "Blinken"}})
    assert results["bad"] == []
    assert ids(results["good"])[0] == "antony-blinken"


def test_half_a_character_fails_one_query(client: FlaskClient) -> None:
    results = batch(client, '{"a":{"query":"\\ud800"},"b":{"query":"Kyiv"}}')
    assert (results["a"], ids(results["b"])) == ([], ["kyiv"])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", "null", '"x"', "{]", "{'q0':{}}", '{"\\ud800":{}}', "[" * 100_000]
)
def test_undecodable_batches(text: str, client: FlaskClient) -> None:
    for field in ("queries", "extend"):
        response = asked(client, field, text)
        assert_problem(response, 400)
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("data", "media_type", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 400),
        (b"query=x", "application/x-www-form-urlencoded", 400),
        (b"queries=%FF", "application/x-www-form-urlencoded", 400),
        (b"queries=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=1"] * 101), "application/x-www-form-urlencoded", 400),
        (b'{"queries":{}}', "application/json", 415),
        (b"queries={}", "application/x-www-form-urlencoded; charset=UTF-8", 200),
    ],
)
def test_forms(data: bytes, media_type: str, status: int, client: FlaskClient) -> None:
    assert client.post("/reconcile", data=data, content_type=media_type).status_code == status


def test_too_much(desk_engine: Engine) -> None:
    limited = create_app(Engine(desk_engine.registry, Settings(limits=Limits(queries=2)))).test_client()
    assert json.loads(limited.get("/reconcile").data)["batchSize"] == 2
    assert_problem(asked(limited, "queries", {str(n): {} for n in range(3)}), 413)
    assert_problem(asked(limited, "extend", {"ids": ["a", "b", "c"], "properties": []}), 413)
    assert_problem(asked(limited, "extend", {"ids": [], "properties": [{"id": "x"}] * 101}), 413)
    assert_problem(post(limited, f"{NEW}/match", {"queries": [1, 2, 3]}), 413)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["query", "limit", "type", "properties", "pid", "v", "ids", "id", "conditions", "queries"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_nothing_is_a_bug(content: object, client: FlaskClient) -> None:
    assert asked(client, "queries", {"q": content}).status_code in (200, 400)
    assert asked(client, "extend", content).status_code in (200, 400)
    assert post(client, f"{NEW}/match", {"queries": [content]}).status_code in (200, 400)
    assert post(client, f"{NEW}/extend", content).status_code in (200, 400)


def test_judgements_count(client: FlaskClient) -> None:
    engine = Engine.open(Settings(registry=str(DESK)))
    engine.accept("Tonka", "antony-blinken")
    judged = create_app(engine).test_client()
    assert ids(batch(judged, {"q": {"query": "Tonka"}})["q"]) == ["antony-blinken"]
