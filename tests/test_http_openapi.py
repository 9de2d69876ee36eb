"""The description of the service: true, whole, and held to by schemathesis on a running service."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import CASES, DESK
from flask import Flask
from flask.testing import FlaskClient
from http_client import post

from normalizer.interfaces.http.description import description_of

PROJECT = Path(__file__).parents[1]
DRAFT = "President Biden met Lavrof. Since biden’s visit, nothing."


@pytest.fixture(scope="module")
def document(service: Flask) -> Any:
    response = service.test_client().get("/openapi.json")
    assert response.content_type == "application/json"
    return json.loads(response.data)


@pytest.mark.skipif(
    importlib.util.find_spec("openapi_spec_validator") is None,
    reason="openapi-spec-validator is not installed",
)
def test_it_is_openapi(document: Any) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_told(service: Flask) -> None:
    for rule in service.url_map.iter_rules():
        assert description_of(service.view_functions[rule.endpoint]) is not None, rule.rule


def test_it_is_tagged_and_counts_as_cached(client: FlaskClient) -> None:
    for path in ("/openapi.json", "/docs"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_the_page_needs_nothing_else(client: FlaskClient, document: Any) -> None:
    response = client.get("/docs")
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script|src=|https?://|@import|style=", response.text)
    for path, methods in document["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in response.text
    for name in re.findall(r'href="#(\w+)"', response.text):
        assert f'id="{name}"' in response.text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/v1/match", {"queries": [{"name": "Blinkon"}, {"id": 2.5, "name": "Bush"}, 5]}),
        ("post", "/v1/match", {"queries": {"a": {"name": "nobody"}}}),
        ("post", "/v1/compare", {"pairs": [{"first": "Tony Blinken", "second": "Antony Blinken"}, 5]}),
        ("post", "/v1/compare", {"first": "a", "second": "b"}),
        ("post", "/v1/check", {"text": DRAFT}),
        ("post", "/v1/fix", {"text": DRAFT}),
        ("get", "/v1/entities/antony-blinken", None),
        ("get", "/v1/entities/george-w-bush", None),
        ("get", "/v1/suggest?prefix=b", None),
        ("get", "/v1/registry", None),
        ("get", "/healthz", None),
        ("get", "/readyz", None),
    ],
)
def test_answers_are_what_is_told_in_the_order_told(
    method: str, path: str, body: object, client: FlaskClient, document: Any
) -> None:
    response = client.get(path) if method == "get" else post(client, path, body)
    told = re.sub(r"(/v1/entities/).*", r"\1{entity_id}", path.partition("?")[0])
    schema = document["paths"][told][method]["responses"]["200"]["content"]["application/json"]["schema"]
    content = json.loads(response.data)
    validator(schema, document).validate(content)
    assert_ordered(content, schema, document)


def validator(schema: Any, document: Any) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


def assert_ordered(content: Any, schema: Any, document: Any) -> None:
    """See that objects have the fields of their type, all of them, in its order."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        whole = {"components": document["components"]}
        schemas = (one for one in schema["anyOf"])
        schema = next(
            one for one in schemas if jsonschema.Draft202012Validator({**one, **whole}).is_valid(content)
        )
        assert_ordered(content, schema, document)
    elif isinstance(content, list):
        for one in content:
            assert_ordered(one, schema["items"], document)
    elif isinstance(content, dict) and "properties" in schema:
        assert list(content) == list(schema["properties"])
        for name, one in content.items():
            assert_ordered(one, schema["properties"][name], document)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "NORMALIZER_REGISTRY": str(DESK)}
    command = [sys.executable, "-m", "normalizer", "serve", "--port", "0", "--workers", "1"]
    child = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    with child:
        found = re.search(r"http://127\.0\.0\.1:\d+", child.stderr.readline())
        try:
            assert found
            yield found[0]
        finally:
            child.send_signal(signal.SIGTERM)
            assert child.wait(60) == 0
        assert "Traceback" not in child.stderr.read()


@pytest.mark.skipif(importlib.util.find_spec("schemathesis") is None, reason="schemathesis is not installed")
def test_schemathesis_finds_nothing(address: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(CASES),
        "SCHEMATHESIS_HOOKS": "asked_by_schemathesis",
        "no_proxy": "127.0.0.1",
    }
    start = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    command = [sys.executable, "-c", start, "--config-file", str(CASES / "schemathesis.toml")]
    asked = ["run", f"{address}/openapi.json", "--seed", "1", "-n", "25", "--continue-on-failure"]
    done = subprocess.run(
        [*command, *asked],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
