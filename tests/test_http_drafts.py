"""Drafts over HTTP: text, Markdown and HTML, as JSON and as files; and what the registry tells."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import DESK
from flask.testing import FlaskClient
from http_client import assert_problem, post
from werkzeug.test import TestResponse

from normalizer import Limits, Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import create_app

SENTENCE = "President Biden met Lavrov. Since biden’s visit, nothing."
HTML = f"<p title='biden'>{SENTENCE.replace('biden', 'b<b>i</b>den')}</p>"


def upload(client: FlaskClient, path: str, name: str, data: bytes, **fields: Any) -> TestResponse:
    return client.post(path, data={"file": (io.BytesIO(data), name), **fields})


@pytest.mark.parametrize(
    ("kind", "text", "surfaces"),
    [
        ("text", f"`biden` {SENTENCE}", ["biden", "biden"]),
        ("markdown", f"`biden` {SENTENCE}", ["biden"]),
        ("html", HTML, ["b<b>i</b>den"]),
        ("html", f"\ufeff{HTML}", ["b<b>i</b>den"]),
        ("markdown", f"\ufeff# Hello\n\n{SENTENCE}", ["biden"]),
        ("markdown", "", []),
    ],
)
def test_formats_of_text(kind: str, text: str, surfaces: list[str], client: FlaskClient) -> None:
    content = json.loads(post(client, "/v1/check", {"text": text, "format": kind}).data)
    assert [text[finding["start"] : finding["end"]] for finding in content["findings"]] == surfaces


def test_a_format_that_is_not_known(client: FlaskClient) -> None:
    problem = assert_problem(post(client, "/v1/check", {"text": "", "format": "docx"}), 422)
    assert problem["errors"][0]["pointer"] == "/format"


def test_fix_text(client: FlaskClient) -> None:
    content = json.loads(post(client, "/v1/fix", {"text": HTML, "format": "html", "name": "a"}).data)
    assert list(content) == ["index", "text", "fixed", "findings"]
    assert content["text"] == HTML.replace("b<b>i</b>", "B<b>i</b>")
    assert (content["fixed"], content["findings"]) == (1, [])
    assert json.loads(post(client, "/v1/fix", {"text": content["text"], "format": "html"}).data)["fixed"] == 0


def test_unsafe_fixes_on_demand(client: FlaskClient) -> None:
    text = "Lavrof spoke. Joe Biden and biden’s men."
    found = json.loads(post(client, "/v1/check", {"text": text}).data)["findings"]
    safe = json.loads(post(client, "/v1/fix", {"text": text}).data)
    unsafe = json.loads(post(client, "/v1/fix", {"text": text, "unsafe": True}).data)
    assert safe["fixed"] <= unsafe["fixed"] <= len(found)
    assert {finding["applicability"] for finding in unsafe["findings"]} <= {"display"}


def test_files(client: FlaskClient) -> None:
    data = HTML.encode("cp1252")
    found = json.loads(upload(client, "/v1/check", "a.html", data, encoding="cp1252").data)["findings"]
    assert [(finding["file"], finding["surface"]) for finding in found] == [("a.html", "biden")]
    fixed = upload(client, "/v1/fix", "folder/a.html", data, encoding="cp1252")
    assert fixed.data == data.replace(b"b<b>i</b>", b"B<b>i</b>")
    assert fixed.headers["X-Normalizer-Fixed"] == "1"
    assert fixed.headers["Content-Disposition"] == "attachment; filename=a.html"
    assert fixed.mimetype == "text/html"
    clean = b"\xef\xbb\xbfNothing\r\nto see"
    assert upload(client, "/v1/fix", "a.txt", clean).data == clean
    unsafe = upload(client, "/v1/fix?unsafe=true", "a.txt", SENTENCE.encode())
    assert unsafe.data == SENTENCE.replace("biden", "Biden").encode()


def test_an_encoded_file_name(client: FlaskClient) -> None:
    body = (
        b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''a%0D%0AX-Y%3A%20z%00.txt\r\n"
        b"\r\nNothing.\r\n--x--\r\n"
    )
    response = client.post("/v1/fix", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in (200, 422)
    assert "X-Y" not in response.headers


@pytest.mark.parametrize(
    "name", ["/", "..", "a/", "é😀.txt", 'a";x="b.txt', "a\r\nX-Y: z.txt", "x" * 3000 + ".txt"]
)
def test_odd_file_names(name: str, client: FlaskClient) -> None:
    for path in ("/v1/check", "/v1/fix"):
        response = upload(client, path, name, SENTENCE.encode())
        assert response.status_code in (200, 422)
        assert "X-Y" not in response.headers


@pytest.mark.parametrize(
    ("name", "data", "fields"),
    [
        ("a.txt", b"\xff\xfe\xfd", {}),
        ("a.pdf", b"%PDF-1.7", {}),
        ("a.txt", b"x", {"encoding": "no-such"}),
    ],
)
def test_files_that_cannot_be_read(
    name: str,
    data: bytes,
    fields: dict[str, str],
    client: FlaskClient,
) -> None:
    for path in ("/v1/check", "/v1/fix"):
        problem = assert_problem(upload(client, path, name, data, **fields), 422)
        assert problem["errors"][0]["pointer"] == "/file"


def test_uploads_without_a_file(client: FlaskClient) -> None:
    assert_problem(client.post("/v1/check", data={"text": (io.BytesIO(b"x"), "x")}), 422)


def test_limits_of_files(desk_engine: Engine) -> None:
    limited = create_app(Engine(desk_engine.registry, Settings(limits=Limits(body=1000, text=10))))
    assert_problem(upload(limited.test_client(), "/v1/check", "a.txt", b"x" * 11), 413)
    assert_problem(upload(limited.test_client(), "/v1/check", "a.txt", b"x" * 1001), 413)


# --- the registry ------------------------------------------------------------------------------------


def suggested(client: FlaskClient, **parameters: Any) -> list[tuple[str, str]]:
    response = client.get("/v1/suggest", query_string=parameters)
    assert response.status_code == 200, response.text
    found = json.loads(response.data)["suggestions"]
    assert all(list(record) == ["entity", "name", "alias", "type"] for record in found)
    return [(record["entity"], record["alias"]) for record in found]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("Bli", [("antony-blinken", "Blinken")]),
        ("to", [("antony-blinken", "Tony Blinken")]),
        ("bush", [("george-h-w-bush", "Bush"), ("george-w-bush", "Bush")]),
        ("GEORGE W", [("george-w-bush", "George W. Bush")]),
        ("kie", [("kyiv", "Kiev")]),
        ("kyiv", [("kyiv", "Kyiv")]),
        ("сергей", [("sergey-lavrov", "Сергей Лавров")]),
        ("лавр", [("sergey-lavrov", "Lavrov")]),
        ("antony-blinken", [("antony-blinken", "Antony Blinken")]),
        ("zzz", []),
        ("!?", []),
        ("", []),
    ],
)
def test_suggestions(prefix: str, found: list[tuple[str, str]], client: FlaskClient) -> None:
    assert suggested(client, prefix=prefix) == found


def test_suggestions_of_a_type(client: FlaskClient) -> None:
    assert suggested(client, prefix="k", type="person") == []
    assert suggested(client, prefix="k", type="place") == [("kyiv", "Kiev")]
    assert len(suggested(client, prefix="b", limit=2)) == 2


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", ""),
        ("prefix=a&limit=0", "/limit"),
        ("prefix=a&type=x", "/type"),
        ("prefix=" + "a" * 501, "/prefix"),
    ],
)
def test_bad_parameters(query: str, pointer: str, client: FlaskClient) -> None:
    problem = assert_problem(client.get(f"/v1/suggest?{query}"), 422)
    assert problem["errors"][0]["pointer"] == pointer


def test_suggestions_follow_judgements() -> None:
    engine = Engine.open(Settings(registry=str(DESK)))
    engine.accept("Tonka", "antony-blinken")
    engine.veto("Kiev", "kyiv")
    judged = create_app(engine).test_client()
    assert suggested(judged, prefix="ton") == [("antony-blinken", "Tonka")]
    assert suggested(judged, prefix="kiev") == []


def test_the_registry(client: FlaskClient, desk_engine: Engine) -> None:
    response = client.get("/v1/registry")
    content = json.loads(response.data)
    assert list(content) == ["index", "version", "shapes", "entities", "names"]
    assert (content["entities"], content["names"]) == (6, desk_engine.name_count)
    for path in ("/v1/registry", "/v1/suggest?prefix=b"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def test_the_starter_registry_is_suggested_from() -> None:
    engine = Engine.open(Settings(registry=str(Path(__file__).parents[1] / "aliases")))
    names = [form.entity.name for form in engine.suggest("merk", 3)]
    assert "Angela Merkel" in names
    assert "wikidata" in engine.id_schemes()


def test_a_word_file_comes_back_with_tracked_changes(client: FlaskClient) -> None:
    file = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Antony Blinken met Lavrov. Both Lavrov and Blinkon spoke.")
    document.save(file)
    findings = upload(client, "/v1/check", "a.docx", file.getvalue()).get_json()["findings"]
    assert [(finding["surface"], finding["paragraph"]) for finding in findings] == [("Blinkon", 1)]
    response = upload(client, "/v1/fix", "a.docx", file.getvalue())
    assert (response.status_code, response.headers["X-Normalizer-Fixed"]) == (200, "1")
    body = zipfile.ZipFile(io.BytesIO(response.get_data())).read("word/document.xml").decode()
    assert "<w:del " in body
    assert "<w:ins " in body
