"""The Reconciliation API in both versions: every answer against the official schemas, and what clients need.

The schemas are in tests/cases/reconciliation/, as the specification publishes them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import CASES, DESK
from flask.testing import FlaskClient
from http_client import assert_problem, post
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from werkzeug.test import TestResponse

from normalizer import Limits, Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import create_app

SCHEMAS = CASES / "reconciliation"
NEW = "/reconcile/1.0-draft"
VERSIONS = ("0.2", "1.0-draft")
EXTEND = {
    "ids": ["antony-blinken", "nobody", "kyiv"],
    "properties": [
        {"id": one} for one in ("name", "type", "aliases", "titles", "country", "ids.wikidata", "x")
    ],
}


def schema(path: Path) -> Any:
    content = json.loads(path.read_text(encoding="utf-8"))
    return {key: value for key, value in content.items() if key != "$schema"}


def validator(version: str, name: str) -> Draft7Validator:
    """A validator of one schema: all of them are of draft 7, and refer to each other by file name."""
    folder = SCHEMAS / version
    main = schema(folder / f"{name}.json")
    base = main["$id"].rsplit("/", 1)[0]
    resources = [
        (f"{base}/{path.name}", Resource(schema(path), DRAFT7)) for path in sorted(folder.glob("*.json"))
    ]
    swagger = Resource(schema(folder / "openapi.json"), DRAFT7)
    known = Registry().with_resources([*resources, ("http://swagger.io/v2/schema.json", swagger)])
    return Draft7Validator(main, registry=known)


def valid(response: TestResponse, version: str, name: str) -> Any:
    assert (response.status_code, response.content_type) == (200, "application/json"), response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    content = json.loads(response.data)
    validator(version, name).validate(content)
    return content


def asked(client: FlaskClient, field: str, content: object, method: str = "POST") -> TestResponse:
    text = content if isinstance(content, str) else json.dumps(content)
    if method == "GET":
        return client.get("/reconcile", query_string={field: text, "timeout": "20000"})
    return client.post("/reconcile", data={field: text})


def batch(client: FlaskClient, queries: object, method: str = "POST") -> dict[str, list[dict[str, Any]]]:
    content = valid(asked(client, "queries", queries, method), "0.2", "reconciliation-result-batch")
    for answer in content.values():
        scores = [candidate["score"] for candidate in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        assert sum(candidate["match"] for candidate in answer["result"]) <= 1
        assert all(candidate["type"][0]["id"] for candidate in answer["result"])
    return {key: answer["result"] for key, answer in content.items()}


def conditions(client: FlaskClient, *queries: object) -> list[list[dict[str, Any]]]:
    response = post(client, f"{NEW}/match", {"queries": queries})
    results = valid(response, "1.0-draft", "reconciliation-result-batch")["results"]
    for answer in results:
        assert all({"match", "type", "score"} <= candidate.keys() for candidate in answer["candidates"])
    return [answer["candidates"] for answer in results]


def name_is(*values: object, **more: object) -> dict[str, object]:
    value = list(values) if len(values) > 1 else values[0]
    return {"conditions": [{"matchType": "name", "propertyValue": value}], **more}


def ids(candidates: list[dict[str, Any]]) -> list[str]:
    return [candidate["id"] for candidate in candidates]


# --- the manifests and what they promise -----------------------------------------------------------------


def test_manifests(client: FlaskClient) -> None:
    old = valid(client.get("/reconcile"), "0.2", "manifest")
    new = valid(client.get(NEW), "1.0-draft", "manifest")
    assert (old["versions"], new["versions"]) == (["0.2"], ["1.0-draft"])
    assert old["batchSize"] == 500
    assert "?" not in old["extend"]["propose_properties"]["service_path"]  # clients add theirs, unescaped
    assert client.get("/reconcile/").status_code == 200
    assert client.get("/reconcile?callback=x&timeout=3").data == client.get("/reconcile").data
    etag = client.get("/reconcile").headers["ETag"]
    assert client.get("/reconcile", headers={"If-None-Match": etag}).status_code == 304


def test_addresses_of_the_manifest_lead_somewhere(client: FlaskClient) -> None:
    old, new = json.loads(client.get("/reconcile").data), json.loads(client.get(NEW).data)
    for kind, place in old["suggest"].items():
        response = client.get(place["service_url"] + place["service_path"] + "?prefix=p")
        valid(response, "0.2", f"suggest-{'entities' if kind == 'entity' else kind[:-1] + 'ies'}-response"
              if kind != "type" else "suggest-types-response")  # fmt: skip
    place = old["extend"]["propose_properties"]
    url = place["service_url"] + place["service_path"] + "?type=person"
    assert valid(client.get(url), "0.2", "data-extension-property-proposal")["type"] == "person"
    for template, hole in ((old["view"], "{{id}}"), (old["preview"], "{{id}}"), (new["view"], "{id}")):
        assert client.get(template["url"].replace(hole, "antony-blinken")).status_code == 200


def test_the_host_is_the_one_that_was_asked(client: FlaskClient) -> None:
    manifest = json.loads(client.get("/reconcile", base_url="https://names.example:444/").data)
    assert manifest["preview"]["url"] == "https://names.example:444/reconcile/preview/{{id}}"


# --- 0.2: matching -------------------------------------------------------------------------------------


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


# --- 0.2 and 1.0: extension, suggestions, preview ------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_row_has_every_property(method: str, client: FlaskClient) -> None:
    content = valid(asked(client, "extend", EXTEND, method), "0.2", "data-extension-response")
    assert [one["id"] for one in content["meta"]] == [one["id"] for one in EXTEND["properties"]]
    assert list(content["rows"]) == EXTEND["ids"]
    for row in content["rows"].values():
        assert list(row) == [one["id"] for one in EXTEND["properties"]]
    assert not any(content["rows"]["nobody"].values())
    assert content["rows"]["antony-blinken"]["aliases"] == [{"str": "Blinken"}, {"str": "Tony Blinken"}]
    assert content["rows"]["antony-blinken"]["titles"] == [{"str": "Secretary of State"}]
    new = valid(post(client, f"{NEW}/extend", EXTEND), "1.0-draft", "data-extension-response")
    assert new["meta"] == content["meta"]
    listed = {row["id"]: {one["id"]: one["values"] for one in row["properties"]} for row in new["rows"]}
    assert listed == content["rows"]


def test_identifiers_elsewhere() -> None:
    starter = create_app(Settings(registry=str(CASES.parents[1] / "aliases"))).test_client()
    proposed = json.loads(starter.get("/reconcile/propose?type=place&limit=50").data)
    assert "ids.wikidata" in [one["id"] for one in proposed["properties"]]
    extend = {"ids": ["france"], "properties": [{"id": "ids.wikidata", "settings": {"limit": 1}}]}
    rows = valid(asked(starter, "extend", extend), "0.2", "data-extension-response")["rows"]
    assert rows["france"]["ids.wikidata"] == [{"str": "Q142"}]


@pytest.mark.parametrize("version", VERSIONS)
def test_suggestions(version: str, client: FlaskClient) -> None:
    root, skip = ("/reconcile", "cursor") if version == "0.2" else (NEW, "offset")

    def suggest(kind: str, name: str, **query: object) -> list[str]:
        response = client.get(f"{root}/suggest/{kind}", query_string=query)
        return ids(valid(response, version, f"suggest-{name}-response")["result"])

    assert suggest("entity", "entities", prefix="bli") == ["antony-blinken"]
    assert suggest("entity", "entities", prefix="sergey-lavrov") == ["sergey-lavrov"]
    everyone = suggest("entity", "entities", prefix="b")
    assert suggest("entity", "entities", prefix="b", **{skip: 1}) == everyone[1:]
    assert suggest("entity", "entities", prefix="") == []
    assert suggest("type", "types", prefix="PER") == ["person"]
    assert suggest("type", "types", prefix="") == ["person", "organization", "place", "other"]
    assert suggest("property", "properties", prefix="oth") == ["aliases"]
    for query in ("", f"prefix=a&{skip}=-1", f"prefix=a&{skip}=x", "prefix=" + "a" * 501, "prefix=a&limit=0"):
        assert_problem(client.get(f"{root}/suggest/entity?{query}"), 400)
    assert_problem(client.get(f"{root}/suggest/nothing?prefix=a"), 404)


@pytest.mark.parametrize("version", VERSIONS)
def test_proposals(version: str, client: FlaskClient) -> None:
    path = "/reconcile/propose" if version == "0.2" else f"{NEW}/extend/propose"
    name = "data-extension-property-proposal"
    everything = valid(client.get(path), version, name)
    assert set(everything) == {"properties"}
    limited = valid(client.get(f"{path}?type=x&limit=2"), version, name)
    assert (limited["limit"], limited["type"]) == (2, "x")
    assert limited["properties"] == everything["properties"][:2]
    for limit in ("0", "-1", "x", "2.5"):
        assert_problem(client.get(f"{path}?limit={limit}"), 400)


@pytest.mark.parametrize("address", ["/reconcile/preview/{}", NEW + "/preview?id={}"])
def test_previews(address: str, client: FlaskClient) -> None:
    response = client.get(address.format("antony-blinken"))
    assert (response.status_code, response.content_type) == (200, "text/html; charset=utf-8")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors" not in policy  # other pages show it in a frame
    assert "Secretary of State (2021-01-26–2025-01-20)" in response.text
    assert "X-Frame-Options" not in response.headers
    unknown = client.get(address.format("%3Cscript%3Ealert(1)%3C/script%3E"))
    assert unknown.status_code == 404
    assert "alert" not in unknown.text


def test_previews_escape_what_the_registry_holds(tmp_path: Path) -> None:
    registry = tmp_path / "a.jsonl"
    name = "<script>alert(1)</script>"
    registry.write_text(
        json.dumps({"id": "x", "type": "person", "name": name, "aliases": [{"name": name + "&"}]})
    )
    client = create_app(Settings(registry=str(registry))).test_client()
    assert "<script" not in client.get("/reconcile/preview/x").text


# --- 1.0 ---------------------------------------------------------------------------------------------------


def test_conditions(client: FlaskClient) -> None:
    title = {"matchType": "property", "propertyId": "titles", "propertyValue": "president"} | {
        "required": True
    }
    none = {**title, "matchQuantifier": "none"}
    queries: list[Any] = [
        name_is("Blinkon", type="person"),
        name_is("Blinkon", "Lavrov"),
        name_is("Kyiv", type="person"),
        name_is("Kyiv", type="Q515"),
        {"conditions": [{"matchType": "id", "propertyValue": "kyiv"}]},
        {"conditions": [{"matchType": "id", "propertyValue": {"id": "kyiv", "name": "x"}}]},
        {"conditions": [*name_is("Biden")["conditions"], title]},  # type: ignore[misc]
        {"conditions": [*name_is("Biden")["conditions"], none]},  # type: ignore[misc]
        name_is("Bush", limit=1, lang="en"),
    ]
    found = [ids(candidates) for candidates in conditions(client, *queries)]
    assert found[0] == ["antony-blinken"]
    assert set(found[1]) == {"antony-blinken", "sergey-lavrov"}
    assert found[2:4] == [[], []]
    assert found[4] == found[5] == ["kyiv"]
    assert (found[6], found[7]) == (["joe-biden"], [])
    assert len(found[8]) == 1


@pytest.mark.parametrize(
    "bad",
    [
        None, 5, {}, {"conditions": []}, {"conditions": [{"matchType": "name"}]}, {"query": "x"},
        {"conditions": [{"matchType": "x", "propertyValue": "x"}]}, name_is("x" * 501), name_is("x", limit=0),
        {"conditions": [{"matchType": "property", "propertyValue": "x"}]}, name_is("x", type=["person"]),
    ],
)  # fmt: skip
def test_a_bad_question_fails_no_other(bad: object, client: FlaskClient) -> None:
    none, good = conditions(client, bad, name_is("Blinken"))
    assert (none, ids(good)) == ([], ["antony-blinken"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("match", b""), ("match", b"[]"), ("match", b"{}"), ("match", b'{"queries":{}}'), ("match", b"{"),
        ("extend", b""), ("extend", b"{}"), ("extend", b'{"ids":[1],"properties":[]}'), ("extend", b"\xff"),
        ("extend", b'{"ids":[],"properties":["name"]}'),
    ],
)  # fmt: skip
def test_undecodable_bodies(path: str, body: bytes, client: FlaskClient) -> None:
    assert_problem(post(client, f"{NEW}/{path}", body), 400)
    assert_problem(client.post(f"{NEW}/{path}", data=body, content_type="text/plain"), 415)


# --- other origins ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/reconcile", f"{NEW}/match", "/reconcile/nothing", "/reconcile/preview/x"])
def test_pages_of_other_origins_may_ask(path: str, client: FlaskClient) -> None:
    origin = {"Origin": "https://openrefine.example"}
    assert client.get(path, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(path, headers={**origin, "Access-Control-Request-Method": "POST"})
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]


def test_nothing_else_is_open_to_other_origins(client: FlaskClient) -> None:
    for path in ("/v1/registry", "/healthz", "/nothing"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers


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
