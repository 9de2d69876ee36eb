"""The Reconciliation API in both versions: manifests, extension, suggestions, previews, other origins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import CASES
from flask.testing import FlaskClient
from http_client import assert_problem, post
from reconciliation import EXTEND, NEW, VERSIONS, asked, ids, valid

from normalizer import Settings
from normalizer.interfaces.http import create_app

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
