"""The draft of the Reconciliation API 1.0: questions with conditions."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from http_client import assert_problem, post
from reconciliation import NEW, conditions, ids, name_is


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
