"""Clients of the Reconciliation API, which hold every answer to the official schemas.

The schemas are in tests/cases/reconciliation/, as the specification publishes them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conftest import CASES
from flask.testing import FlaskClient
from http_client import post
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7
from werkzeug.test import TestResponse

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
