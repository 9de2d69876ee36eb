"""The HTTP service, in-process: shapes, headers, problems, limits, hostile bodies."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from conftest import DESK
from flask.testing import FlaskClient
from http_client import assert_common_headers, assert_problem, post
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer import Document, Entity, EntityType, Limits, RegistryError, Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import create_app
from normalizer.interfaces.http.operations import operations
from normalizer.registry import Registry
from normalizer.rulebook import Rules

DRAFT = "President Biden met Lavrov. Since biden’s visit, nothing.\n"


# --- shapes ------------------------------------------------------------------------------------------


def test_match_list(client: FlaskClient) -> None:
    queries = [{"id": "a", "name": "Blinken", "x": 1}, {"name": "Bush"}, {"name": ""}, {"id": 7}]
    response = post(client, "/v1/match", {"queries": queries})
    content = json.loads(response.data)
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert_common_headers(response)
    assert list(content) == ["index", "results"]
    match, review, empty, bad = content["results"]
    assert list(match) == ["id", "name", "decision", "entity", "score", "margin", "candidates", "index"]
    assert (match["id"], match["decision"], match["entity"]) == ("a", "match", "antony-blinken")
    assert match["index"] == content["index"] == response.headers["X-Normalizer-Index"]
    assert (review["id"], review["decision"], review["entity"]) == (2, "review", None)
    assert (empty["decision"], empty["score"], empty["candidates"]) == ("nil", 0.0, [])
    assert bad == {"id": 7, "error": "Object missing required field name"}


def test_items_are_objects(client: FlaskClient) -> None:
    results = json.loads(post(client, "/v1/match", {"queries": ["Blinken", 5, ["Blinken"], None]}).data)[
        "results"
    ]
    reason = 'an item must be an object with a "name"'
    assert results == [{"id": number, "error": reason} for number in (1, 2, 3, 4)]


def test_check_reads_plain_text_whatever_the_name(client: FlaskClient) -> None:
    text = "President Biden met Lavrov. Since `biden`’s visit."
    findings = json.loads(post(client, "/v1/check", {"text": text, "name": "a.md"}).data)["findings"]
    assert [(finding["surface"], finding["file"]) for finding in findings] == [("biden", "a.md")]


def test_match_keyed_and_limited(client: FlaskClient) -> None:
    queries = {"x": {"name": "Bush"}, "y": {"id": "own", "name": "Blinken"}, "z": 5, "é": {"name": "x" * 501}}
    content = json.loads(post(client, "/v1/match", {"queries": queries, "limit": 1}).data)
    assert list(content["results"]) == ["x", "y", "z", "é"]
    assert [result["id"] for result in content["results"].values()] == ["x", "own", "z", "é"]
    assert len(content["results"]["x"]["candidates"]) == 1
    assert list(content["results"]["z"]) == list(content["results"]["é"]) == ["id", "error"]


def test_match_is_what_the_command_line_says(client: FlaskClient, run: Any) -> None:
    line = run("match", "--format", "jsonl", "Blinken").stdout
    assert json.loads(post(client, "/v1/match", {"queries": [{"name": "Blinken"}]}).data)["results"] == [
        json.loads(line)
    ]


def test_compare(client: FlaskClient) -> None:
    pair = {"type": "PERSON", "first": "Antony Blinken", "second": "Blinken, Antony"}
    one = json.loads(post(client, "/v1/compare", pair).data)
    assert list(one) == ["score", "decision", "evidence"]
    assert one["decision"] == "match"
    many = json.loads(
        post(client, "/v1/compare", {"pairs": [pair, {"first": "x"}, {"first": "", "second": "x"}]}).data
    )
    assert many["results"][0] == one
    assert list(many["results"][1]) == ["error"]
    assert many["results"][2] == {"score": 0.0, "decision": "nil", "evidence": []}
    problem = assert_problem(post(client, "/v1/compare", {"first": "x", "second": "y" * 501}), 422)
    assert problem["errors"][0]["pointer"] == "/second"


def test_check(client: FlaskClient) -> None:
    content = json.loads(post(client, "/v1/check", {"text": DRAFT, "name": "a.txt"}).data)
    (finding,) = content["findings"]
    assert list(content) == ["index", "findings"]
    assert list(finding) == [
        "file", "start", "end", "line", "column", "part", "paragraph", "offset", "surface",
        "rule", "level", "message", "replacement",
        "applicability", "entity", "score", "evidence", "index",
    ]  # fmt: skip
    assert (finding["file"], DRAFT[finding["start"] : finding["end"]]) == ("a.txt", "biden")
    empty = json.loads(post(client, "/v1/check", {"text": ""}).data)
    assert empty == {"index": content["index"], "findings": []}


def test_entity_with_etag(client: FlaskClient) -> None:
    response = client.get("/v1/entities/antony-blinken")
    entity = json.loads(response.data)
    assert list(entity) == [
        "id",
        "type",
        "name",
        "aliases",
        "titles",
        "ids",
        "country",
        "not",
        "keep",
        "index",
    ]
    assert entity["titles"] == [{"name": "Secretary of State", "from": "2021-01-26", "until": "2025-01-20"}]
    assert (entity["country"], entity["not"]) == ([], [])
    assert (response.headers["Cache-Control"], response.headers["ETag"][0]) == ("no-cache", '"')
    again = client.get("/v1/entities/antony-blinken", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", response.headers["ETag"])
    assert_common_headers(again)
    other = client.get("/v1/entities/antony-blinken", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    assert client.head("/v1/entities/antony-blinken").headers["ETag"] == response.headers["ETag"]


def test_operations(client: FlaskClient) -> None:
    assert json.loads(client.get("/healthz").data) == {"status": "ok"}
    ready = json.loads(client.get("/readyz").data)
    assert (ready["status"], ready["entities"]) == ("ready", 6)


# --- headers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "kept"), [("abc-1.2_3:4", True), ("a b", False), ("x" * 129, False), ("", False), ("<b>", False)]
)
def test_request_id(sent: str, kept: bool, client: FlaskClient) -> None:
    got = client.get("/healthz", headers={"X-Request-Id": sent}).headers["X-Request-Id"]
    assert (got == sent) is kept
    assert re.fullmatch(r"[A-Za-z0-9._:-]+", got)


def test_pinned_registry(client: FlaskClient) -> None:
    index = client.get("/readyz").headers["X-Normalizer-Index"]
    path, other = "/v1/entities/antony-blinken", {"If-Registry-Version": "old"}
    for value in (index, f'"{index}"'):
        assert client.get(path, headers={"If-Registry-Version": value}).status_code == 200
    assert index in assert_problem(client.get(path, headers=other), 412)["detail"]
    assert_problem(post(client, "/v1/match", {"queries": []}, headers=other), 412)
    for path in ("/healthz", "/readyz"):  # a load balancer's probe asks for no registry
        assert client.get(path, headers=other).status_code == 200


def test_an_etag_is_of_one_registry(client: FlaskClient, desk_engine: Engine) -> None:
    larger = Registry([*desk_engine.registry.entities.values(), Entity("z", EntityType.OTHER, "Zed")])
    path, others = "/v1/entities/antony-blinken", create_app(Engine(larger)).test_client()
    etag = client.get(path).headers["ETag"]
    answer = others.get(path, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["ETag"] == etag) == (200, False)


# --- problems ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/", "/nope", "/v1/", "/v1/match/", "//v1//match", "/v1/entities/", "/v1/entities/nobody", "/static/x"],
)
def test_not_found(path: str, client: FlaskClient) -> None:
    assert_problem(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/match", {"POST", "OPTIONS"}),
        ("TRACE", "/v1/check", {"POST", "OPTIONS"}),
        ("DELETE", "/v1/entities/x", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/readyz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_method_not_allowed(method: str, path: str, allowed: set[str], client: FlaskClient) -> None:
    response = client.open(path, method=method)
    assert_problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        (b"", 400, ""),
        (b"{", 400, ""),
        (b"\xff", 400, ""),
        (b'{"queries":[NaN]}', 400, ""),
        (b'{"queries":' + b"[" * 100_000, 400, ""),
        (b'{"x":' * 100_000, 400, ""),
        (b'{"\\ud800":1', 400, ""),
        (b"[]", 422, ""),
        (b"{}", 422, ""),
        (b'{"queries":"x"}', 422, "/queries"),
        (b'{"queries":null}', 422, "/queries"),
        (b'{"queries":[],"limit":0}', 422, "/limit"),
        (b'{"queries":[],"limit":"5"}', 422, "/limit"),
        (b'{"queries":[' + b"1," * 1000 + b"1]}", 422, "/queries"),
    ],
)
def test_bad_bodies(body: bytes, status: int, pointer: str, client: FlaskClient) -> None:
    problem = assert_problem(post(client, "/v1/match", body), status)
    assert "malformed" not in problem["detail"]
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_lone_surrogate_is_one_items_fault(client: FlaskClient) -> None:
    body = b'{"queries":[{"name":"Biden"},{"id":"s","name":"\\ud800"}],"limit":1}'
    good, bad = json.loads(post(client, "/v1/match", body).data)["results"]
    assert (good["entity"], list(bad), bad["id"]) == ("joe-biden", ["id", "error"], "s")
    assert_problem(post(client, "/v1/match", b'{"queries":{"\\ud800":{"name":"Biden"}}}'), 400)
    own_id = post(client, "/v1/match", b'{"queries":[{"id":"\\ud800","name":"x"}]}')
    assert json.loads(own_id.data)["results"][0]["id"] == 1
    pairs = post(
        client, "/v1/compare", b'{"pairs":[{"first":"a","second":"a"},{"first":"\\udc00","second":"a"}]}'
    )
    assert [next(iter(result)) for result in json.loads(pairs.data)["results"]] == ["score", "error"]
    assert_problem(post(client, "/v1/check", b'{"text":"\\ud800"}'), 400)


def test_duplicate_keys_and_odd_numbers(client: FlaskClient) -> None:
    items = (
        b'{"name":"x","name":"Biden"}',
        b'{"id":1e400,"name":"Biden"}',
        b'{"id":12345678901234567890123,"name":""}',
    )
    body = b'{"queries":[' + b",".join(items) + b"]}"
    first, second, third = json.loads(post(client, "/v1/match", body).data)["results"]
    assert first["entity"] == "joe-biden"
    assert list(second) == ["id", "error"]
    assert third["id"] == 12345678901234567890123


def test_media_types(client: FlaskClient) -> None:
    assert_problem(client.post("/v1/match", data=b"{}"), 415)
    assert_problem(client.post("/v1/match", data=b"{}", content_type="text/plain"), 415)
    assert_problem(post(client, "/v1/match", b"{}", headers={"Content-Encoding": "br"}), 415)
    assert_problem(post(client, "/v1/match", b"{}", headers={"Content-Encoding": "gzip"}), 400)
    utf8 = client.post("/v1/check", data=b'{"text":""}', content_type="application/json; charset=utf-8")
    assert utf8.status_code == 200


def test_long_path(client: FlaskClient) -> None:
    assert_problem(client.get("/v1/entities/" + "x" * 3000), 414)


def test_body_limit(desk_engine: Engine) -> None:
    limited = Engine(desk_engine.registry, Settings(limits=Limits(body=1000, queries=2)))
    client = create_app(limited).test_client()
    body = b'{"text":"' + b"x" * 2000 + b'"}'
    assert "1,000 bytes" in assert_problem(post(client, "/v1/check", body), 413)["detail"]
    chunked = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b'{"text":""}' + b" " * 2000)}
    response = client.post("/v1/check", content_type="application/json", environ_overrides=chunked)
    assert_problem(response, 413)
    assert_problem(post(client, "/v1/match", {"queries": [1, 2, 3]}), 422)


def test_a_bug_is_a_problem_and_no_draft_is_logged(
    desk_engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(self: Engine, document: Document, rules: Rules) -> None:
        raise KeyError(document.text)

    monkeypatch.setattr(Engine, "check", explode)
    response = post(create_app(desk_engine).test_client(), "/v1/check", {"text": "embargoed words"})
    problem = assert_problem(response, 500)
    assert "embargoed" not in response.text
    assert "embargoed" not in caplog.text
    assert problem["request_id"] in caplog.text
    assert "KeyError" in caplog.text


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    path=st.sampled_from(["/v1/match", "/v1/compare", "/v1/check"]),
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["queries", "pairs", "text", "name", "id", "first", "second", "type", "context"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    ),
)
def test_no_body_is_a_bug(path: str, content: object, client: FlaskClient) -> None:
    assert post(client, path, content).status_code in (200, 400, 422)


def test_settings_and_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert create_app(Settings(registry=str(DESK))).test_client().get("/readyz").status_code == 200
    with pytest.raises(RegistryError):
        create_app(Settings(registry="no/such/registry"))
    monkeypatch.setenv("NORMALIZER_REGISTRY", str(DESK))
    assert operations.name in create_app().blueprints


def test_a_long_context_is_read(client: FlaskClient) -> None:
    context = "a paragraph of some length " * 100 + "Secretary of State"
    body = json.dumps({"queries": [{"name": "Blinken", "context": [context]}]}).encode()
    assert json.loads(post(client, "/v1/match", body).data)["results"][0]["decision"] == "match"
    body = json.dumps({"queries": [{"name": "Blinken", "context": ["x" * 10_001]}]}).encode()
    assert "10,000" in json.loads(post(client, "/v1/match", body).data)["results"][0]["error"]


def test_a_text_too_long_to_check(desk_engine: Engine) -> None:
    settings = Settings(limits=Limits(text=10))
    client = create_app(Engine(desk_engine.registry, settings)).test_client()
    assert post(client, "/v1/check", b'{"text":"0123456789"}').status_code == 200
    problem = assert_problem(post(client, "/v1/check", b'{"text":"0123456789a"}'), 413)
    assert problem["errors"][0]["pointer"] == "/text"


def test_rules_of_one_request(client: FlaskClient) -> None:
    answer = post(client, "/v1/check", {"text": DRAFT, "rules": ["-wrong-case"]})
    assert answer.get_json()["findings"] == []
    (found,) = post(client, "/v1/check", {"text": DRAFT, "rules": ["wrong-case=info"]}).get_json()["findings"]
    assert (found["rule"], found["level"]) == ("wrong-case", "info")
    refused = post(client, "/v1/check", {"text": DRAFT, "rules": ["+nothing"]})
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/rules"
