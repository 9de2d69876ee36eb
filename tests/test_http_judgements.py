"""Judgements and API keys over HTTP, in one process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK
from flask import Flask
from flask.testing import FlaskClient
from http_client import assert_common_headers, assert_problem, post
from werkzeug.test import TestResponse

from normalizer.errors import SettingsError
from normalizer.interfaces.http import create_app
from normalizer.interfaces.keys import Scope, new_key, read_keys
from normalizer.judgements import Judgement, Verdict
from normalizer.judgements.store import Store
from normalizer.settings import Settings

CASES = ("cms", Scope.JUDGE), ("wire", Scope.JUDGE), ("chief", Scope.ADMIN), ("reader", Scope.READ)
ALIAS = {"verdict": "alias", "name": "Joey", "entity": "joe-biden", "who": "maria", "note": "as heard"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """A file of keys, and the keys by name."""
    made = {name: new_key(name, scope) for name, scope in CASES}
    path = tmp_path_factory.mktemp("keys") / "keys.toml"
    path.write_text("".join(lines for _, lines in made.values()), encoding="utf-8")
    return str(path), {name: secret for name, (secret, _) in made.items()}


@pytest.fixture
def app(keys: tuple[str, dict[str, str]], tmp_path: Path) -> Flask:
    return create_app(Settings(registry=str(DESK), judgements=str(tmp_path / "judged"), keys=keys[0]))


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def bearer(keys: tuple[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {name: {"Authorization": f"Bearer {secret}"} for name, secret in keys[1].items()}


def answered(response: TestResponse, status: int = 200) -> dict[str, Any]:
    assert response.status_code == status, response.data
    assert_common_headers(response)
    content: dict[str, Any] = json.loads(response.data)
    return content


def decision(client: FlaskClient, name: str) -> str:
    results = answered(post(client, "/v1/match", {"queries": [{"name": name}]}))["results"]
    return str(results[0]["decision"])


def test_a_judgement_is_in_force_with_the_answer(
    client: FlaskClient, bearer: dict[str, dict[str, str]]
) -> None:
    before = client.get("/readyz").headers["X-Normalizer-Index"]
    assert decision(client, "Joey") != "match"
    response = post(client, "/v1/judgements", ALIAS, headers=bearer["cms"])
    kept = answered(response)
    judgement = kept["judgement"]
    assert kept["index"] == response.headers["X-Normalizer-Index"] != before
    assert (judgement["who"], judgement["via"], judgement["index"]) == ("maria", "cms", before)
    assert decision(client, "Joey") == "match"
    assert answered(client.get(f"/v1/changes?since={before}"))["entities"] == ["joe-biden"]
    undo = {"verdict": "undo", "of": judgement["id"]}
    assert_problem(post(client, "/v1/judgements", undo, headers=bearer["wire"]), 403)
    answered(post(client, "/v1/judgements", undo, headers=bearer["chief"]))
    assert decision(client, "Joey") != "match"
    assert client.get("/readyz").headers["X-Normalizer-Index"] == before
    history = answered(client.get("/v1/judgements", headers=bearer["cms"]))["judgements"]
    assert [item["state"] for item in history] == ["undone", "in force"]
    page = answered(client.get("/v1/judgements?after=1&limit=1", headers=bearer["cms"]))
    assert [item["verdict"] for item in page["judgements"]] == ["undo"]


def test_an_accepted_word_is_no_finding(client: FlaskClient, bearer: dict[str, dict[str, str]]) -> None:
    draft = {"text": "Antony Blinken met the press. Blinking asked Russia."}
    assert len(answered(post(client, "/v1/check", draft))["findings"]) == 1
    word = {"verdict": "word", "name": "Blinking"}
    answered(post(client, "/v1/judgements", word, headers=bearer["cms"]))
    assert answered(post(client, "/v1/check", draft))["findings"] == []


def test_sent_again_with_its_id_it_counts_once(
    client: FlaskClient, bearer: dict[str, dict[str, str]]
) -> None:
    mine = {**ALIAS, "id": "cms:story:1"}
    first = answered(post(client, "/v1/judgements", mine, headers=bearer["cms"]))
    again = answered(post(client, "/v1/judgements", mine, headers=bearer["cms"]))
    assert again["judgement"] == first["judgement"]
    other = {**mine, "name": "Jojo"}
    assert_problem(post(client, "/v1/judgements", other, headers=bearer["cms"]), 409)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        ({"verdict": "perhaps"}, 422),
        ({"verdict": "promotion", "of": "x"}, 422),
        ({"verdict": "alias", "name": "Joey"}, 422),
        ({"verdict": "alias", "name": "Joey", "entity": "nobody"}, 404),
        ({"verdict": "veto", "name": "Joe Biden", "entity": "joe-biden"}, 422),
        ({"verdict": "undo", "of": "unheard-of"}, 422),
        ({"verdict": "word", "name": "May", "id": "no spaces"}, 422),
        ({"verdict": "word", "name": "May", "note": "x" * 3000}, 422),
        ({"verdict": "word", "name": 7}, 422),
    ],
)
def test_what_cannot_be_is_a_problem(
    body: object, status: int, client: FlaskClient, bearer: dict[str, dict[str, str]]
) -> None:
    assert_problem(post(client, "/v1/judgements", body, headers=bearer["cms"]), status)


def test_who_may_what(client: FlaskClient, bearer: dict[str, dict[str, str]]) -> None:
    for headers in ({}, {"Authorization": "Bearer nk_wrong"}, {"Authorization": "Basic eDp5"}):
        problem = post(client, "/v1/judgements", ALIAS, headers=headers)
        assert_problem(problem, 401)
        assert problem.headers["WWW-Authenticate"].startswith("Bearer")
        assert_problem(client.get("/v1/judgements", headers=headers), 401)
    assert_problem(post(client, "/v1/judgements", ALIAS, headers=bearer["reader"]), 403)
    assert decision(client, "Joe Biden") == "match"  # reading is open


def test_reading_may_take_a_key(
    keys: tuple[str, dict[str, str]], tmp_path: Path, bearer: dict[str, dict[str, str]]
) -> None:
    path = tmp_path / "keys.toml"
    path.write_text('reading = "keys"\n' + Path(keys[0]).read_text(encoding="utf-8"), encoding="utf-8")
    client = create_app(Settings(registry=str(DESK), keys=str(path))).test_client()
    assert_problem(client.get("/v1/entities/kyiv"), 401)
    assert client.get("/v1/entities/kyiv", headers=bearer["reader"]).status_code == 200
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


def test_without_keys_nothing_is_written(tmp_path: Path, bearer: dict[str, dict[str, str]]) -> None:
    place = tmp_path / "judged"
    client = create_app(Settings(registry=str(DESK), judgements=str(place))).test_client()
    assert_problem(post(client, "/v1/judgements", ALIAS, headers=bearer["chief"]), 403)
    assert_problem(client.get("/v1/judgements"), 403)
    assert not place.exists()


def test_without_a_store_it_is_said(
    keys: tuple[str, dict[str, str]], bearer: dict[str, dict[str, str]]
) -> None:
    client = create_app(Settings(registry=str(DESK), keys=keys[0])).test_client()
    assert_problem(post(client, "/v1/judgements", ALIAS, headers=bearer["cms"]), 503)


def test_a_version_that_is_not_known_is_gone(client: FlaskClient) -> None:
    assert_problem(client.get("/v1/changes?since=0123456789abcdef"), 410)
    assert_problem(client.get("/v1/changes"), 422)


def test_a_judgement_over_another_registry_is_refused(
    client: FlaskClient, bearer: dict[str, dict[str, str]]
) -> None:
    headers = {**bearer["cms"], "If-Registry-Version": "0123456789abcdef"}
    assert_problem(post(client, "/v1/judgements", ALIAS, headers=headers), 412)


def test_what_was_undone_elsewhere_is_undone_here(
    app: Flask, client: FlaskClient, bearer: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    kept = answered(post(client, "/v1/judgements", ALIAS, headers=bearer["cms"]))["judgement"]
    Store(str(tmp_path / "judged")).add([Judgement(Verdict.UNDO, of=kept["id"])])
    from normalizer.interfaces.http.state import live_of

    live_of(app).look()
    assert decision(client, "Joey") != "match"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("reading = 7", "write reading"),
        ("[keys.x]\nscope = 'judge'", "the key 'x' needs"),
        ("[keys.x]\nscope = 'all'\nsha256 = '" + "0" * 64 + "'", "the key 'x' needs"),
        ("[keys.'a b']\nscope = 'read'\nsha256 = '" + "0" * 64 + "'", "needs"),
        ("[", "cannot be read"),
        ("x = 1", "write reading"),
    ],
)
def test_a_wrong_file_of_keys_is_said(content: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=reason):
        read_keys(str(tmp_path / "keys.toml"))
    with pytest.raises(SettingsError, match="No such file"):
        read_keys(str(tmp_path / "none.toml"))


def test_a_key_is_made_and_not_kept() -> None:
    secret, lines = new_key("cms", Scope.JUDGE)
    assert secret not in lines
    assert len(secret) > 40
    with pytest.raises(SettingsError, match="no name for a key"):
        new_key('"]', Scope.READ)
