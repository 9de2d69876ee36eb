"""LanguageTool's API: what its clients send, and the places and forms they get back; LibreOffice itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from http_client import assert_problem

SENTENCE = "President Biden met Lavrov. Since biden’s visit, nothing."


def checked(client: FlaskClient, **fields: str) -> list[dict[str, Any]]:
    response = client.post("/v2/check", data={"language": "en-US", **fields})
    assert (response.status_code, response.content_type) == (200, "application/json"), response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    content = json.loads(response.data)
    assert list(content) == ["software", "warnings", "language", "matches"]
    return list(content["matches"])


def units(text: str) -> bytes:
    return text.encode("utf-16-le")


def marked(text: str, match: dict[str, Any]) -> str:
    start, end = 2 * match["offset"], 2 * (match["offset"] + match["length"])
    return units(text)[start:end].decode("utf-16-le")


@pytest.mark.parametrize("before", ["", "😀 ", "𝒜𝒷 naïve\r\n\r\n", "\ufeff"])
def test_offsets_count_utf_16_units(before: str, client: FlaskClient) -> None:
    text = before + SENTENCE
    (match,) = checked(client, text=text)
    assert (marked(text, match), match["replacements"]) == ("biden", [{"value": "Biden"}])
    assert marked(match["context"]["text"], match["context"]) == "biden"
    assert match["rule"]["id"] == "WRONG_CASE"
    assert match["rule"]["category"] == {"id": "NAMES", "name": "Names"}
    assert match["rule"]["issueType"] == "misspelling"


def test_annotated_text(client: FlaskClient) -> None:
    pieces = [
        {"markup": "<p>", "interpretAs": "\n\n"}, {"text": "President Biden met Lavrov. 😀 Since "},
        {"markup": "<a title='biden'>"}, {"text": "bi"}, {"markup": "<b>"}, {"text": "den"},
        {"markup": "</b>"},
        {"text": "’s visit"}, {"markup": "&nbsp;", "interpretAs": " "}, {"text": "nothing."}, {"markup": ""},
    ]  # fmt: skip
    source = "".join(piece.get("text", piece.get("markup", "")) for piece in pieces)
    (match,) = checked(client, data=json.dumps({"annotation": pieces}))
    assert (marked(source, match), match["replacements"]) == ("bi<b>den", [{"value": "Bi<b>den"}])
    assert [marked(SENTENCE, match) for match in checked(client, data=json.dumps({"text": SENTENCE}))] == [
        "biden"
    ]
    assert checked(client, data='{"annotation":[]}') == []


def test_rules_can_be_left_out(client: FlaskClient) -> None:
    assert checked(client, text=SENTENCE, disabledRules="X,WRONG_CASE") == []
    assert len(checked(client, text=SENTENCE, disabledRules="X")) == 1
    assert len(checked(client, text=SENTENCE, enabledRules="WRONG_CASE", enabledOnly="true")) == 1
    assert checked(client, text=SENTENCE, enabledRules="X", enabledOnly="true") == []


def test_languages(client: FlaskClient) -> None:
    listed = json.loads(client.get("/v2/languages").data)
    assert {"name": "English (US)", "code": "en", "longCode": "en-US"} in listed
    for language in (*(one["longCode"] for one in listed), "auto", "EN-gb"):
        assert client.post("/v2/check", data={"text": "x", "language": language}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "x"}, {"language": "en-US"}, {"text": "x", "language": "xx"},
        {"text": "x", "language": "de-DE"},
        {"text": "x", "data": '{"text":"x"}', "language": "en"}, {"data": "{", "language": "en"},
        {"data": "{}", "language": "en"}, {"data": '{"annotation":[{}]}', "language": "en"},
        {"data": '{"annotation":[{"text":"a","markup":"b"}]}', "language": "en"},
        {"data": '{"annotation":5}', "language": "en"},
        {"text": "x", "language": "en", "enabledOnly": "perhaps"},
    ],
)  # fmt: skip
def test_bad_forms(fields: dict[str, str], client: FlaskClient) -> None:
    assert_problem(client.post("/v2/check", data=fields), 400)


def test_other_bodies_and_methods(client: FlaskClient) -> None:
    assert_problem(client.post("/v2/check", data=b"{}", content_type="application/json"), 415)
    assert_problem(client.get("/v2/check"), 405)
    assert_problem(client.get("/v2/nothing"), 404)


@pytest.mark.parametrize("before", ["AT&T + 50%20 of ", "&text=x&", "é\n", "a=b "])
def test_a_text_sent_as_it_stands(before: str, client: FlaskClient) -> None:
    data = f"text={before}{SENTENCE}&language=en-US".encode()
    response = client.post("/v2/check", data=data, content_type="application/x-www-form-urlencoded")
    (match,) = json.loads(response.data)["matches"]
    assert marked(before + SENTENCE, match) == "biden"
    encoded = b"text=President+Biden.+Since+biden%27s+visit.&language=en-US"
    response = client.post("/v2/check", data=encoded, content_type="application/x-www-form-urlencoded")
    assert [match["offset"] for match in json.loads(response.data)["matches"]] == [23]
    response = client.post(
        "/v2/check", data=b"text=\xff &language=en-US", content_type="application/x-www-form-urlencoded"
    )
    assert_problem(response, 400)


def test_a_clean_text_and_an_open_question(client: FlaskClient) -> None:
    assert checked(client, text="Nothing to see.") == []
    assert checked(client, text="") == []
