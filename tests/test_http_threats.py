"""What a hostile client, or a hostile registry, does to the service: refused or borne, each within a time.

The times are of the processor, and generous: what is not bounded takes minutes, or all memory.
"""

from __future__ import annotations

import gzip
import io
import json
import signal
import sys
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from http_client import post
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart
from word_files import MAIN, entries, packed, paragraph, part, run, word_file

from normalizer import Settings
from normalizer.errors import RegistryError
from normalizer.interfaces.http import create_app
from normalizer.interfaces.http.drafts import UPLOAD
from normalizer.tables.review import plain_cell, safe_cell

SECONDS: Final = 10.0
"""Of the processor, for everything that one threat sends."""
HUGE: Final = 1_000_000
JSON_PATHS: Final = (
    "/v1/match", "/v1/compare", "/v1/check", "/v1/fix", "/reconcile/1.0-draft/match",
    "/reconcile/1.0-draft/extend",
)  # fmt: skip
MARKS: Final = "a" + "\u0327\u0301" * 50_000
"""What Python takes seconds to normalize (CPython issue 149079)."""

Threat = Callable[[FlaskClient, Path], None]
THREATS: dict[str, Threat] = {}


def threat(name: str) -> Callable[[Threat], Threat]:
    def named(function: Threat) -> Threat:
        THREATS[name] = function
        return function

    return named


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """See that a block takes no more of the processor; one that never ends is broken off."""

    def break_off(*_: object) -> None:
        raise AssertionError(f"more than {3 * seconds} s of the processor")

    before = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, 3 * seconds)
    start = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert time.process_time() - start < seconds


# --- registries ------------------------------------------------------------------------------------------


def refused_registry(folder: Path, text: str, reason: str) -> None:
    path = folder / "hostile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        create_app(Settings(registry=str(path)))
    message = str(caught.value)
    assert reason in message, message
    assert "hostile.yaml" in message
    assert len(message) < 100_000


@threat("YAML alias bomb")
def alias_bomb(client: FlaskClient, folder: Path) -> None:
    levels = "".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]\n" for n in range(9))
    refused_registry(folder, f"l0: &l0 [lol]\n{levels}", "anchor")


@threat("YAML merge-key bomb")
def merge_bomb(client: FlaskClient, folder: Path) -> None:
    levels = "".join(f"l{n + 1}: {{<<: [{', '.join([f'*l{n}'] * 9)}]}}\n" for n in range(9))
    refused_registry(folder, f"entities:\n  a:\n    name: A\n    <<: {{b: c}}\n{levels}", "merge")


@threat("YAML nesting")
def nesting(client: FlaskClient, folder: Path) -> None:
    for unit in ("[", "{a: ", "- "):
        refused_registry(folder, unit * 100_000, "hostile.yaml")


@threat("YAML typing")
def typing(client: FlaskClient, folder: Path) -> None:
    names = ["No", "Null", "1984", "12:30", "2001-01-01", "2001-99-99", "0x1F", "1e5"]
    entities = "".join(f"  e{n}:\n    name: {name}\n    type: other\n" for n, name in enumerate(names))
    path = folder / "typed.yaml"
    path.write_text(f"entities:\n{entities}", encoding="utf-8")
    typed = create_app(Settings(registry=str(path))).test_client()
    for number, name in enumerate(names):
        assert typed.get(f"/v1/entities/e{number}").get_json()["name"] == name
    twice = f"entities:\n{entities}  e0:\n    name: Again\n    type: other\n"
    refused_registry(folder, twice, "e0")


# --- texts -----------------------------------------------------------------------------------------------


def results(response: TestResponse) -> Any:
    assert response.status_code == 200, response.text
    return response.get_json()["results"]


def fine(response: TestResponse) -> TestResponse:
    """An answer, or a problem of the client's: never an error of ours."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.content_type == "application/problem+json"
    return response


@threat("long token")
def long_token(client: FlaskClient, folder: Path) -> None:
    for size in (501, 20_000, HUGE):
        long, good = "x" * size, {"name": "Blinken"}
        bad, answer = results(post(client, "/v1/match", {"queries": [{"name": long}, good]}))
        assert f"{size:,}" in bad["error"]
        assert answer["entity"] == "antony-blinken"
        pair = {"first": long, "second": long[:-1] + "y"}
        assert post(client, "/v1/compare", pair).status_code == 422
        assert "error" in results(post(client, "/v1/compare", {"pairs": [pair]}))[0]
        batch = {"queries": json.dumps({"a": {"query": long}, "b": {"query": "Kyiv"}})}
        answers = client.post("/reconcile", data=batch).get_json()
        assert (answers["a"]["result"], answers["b"]["result"][0]["id"]) == ([], "kyiv")
        line = json.dumps({"name": long}).encode()
        response = client.post("/v1/match/bulk", data=line, content_type="application/x-ndjson")
        assert f"{size:,}" in json.loads(response.data)["error"]
        fine(client.get("/v1/suggest", query_string={"prefix": long[:60_000]}))
    assert post(client, "/v1/check", {"text": "A" * HUGE}).status_code == 200
    assert post(client, "/v1/check", {"text": "A" * (HUGE + 1)}).status_code == 413


@threat("Unicode")
def unicode(client: FlaskClient, folder: Path) -> None:
    for text in (MARKS, "\ufdfa" * 500, "\ufdfa" * 100_000, "\u0344" * 100_000, "a\u0301" * 50_000, "́" * 500):
        (record,) = results(post(client, "/v1/match", {"queries": [{"name": text}]}))
        assert ("error" in record) == (len(text) > 500)
        (with_context,) = results(
            post(client, "/v1/match", {"queries": [{"name": "Blinken", "context": [text]}]})
        )
        assert ("error" in with_context) == (len(text) > 10_000)
        fine(post(client, "/v1/compare", {"first": text, "second": text[::-1]}))
        assert post(client, "/v1/check", {"text": f"Antony Blinken {text} Blinkon"}).status_code == 200
        fine(client.get("/v1/suggest", query_string={"prefix": text[:5_000]}))
        fine(client.post("/v2/check", data={"language": "en-US", "text": text}))


@threat("look-alikes")
def look_alikes(client: FlaskClient, folder: Path) -> None:
    name = "Antony Blinken"
    full_width = "".join(chr(ord(char) + 0xFEE0) if char != " " else "\u3000" for char in name)
    same = [
        "An\u200dtony Blin\u00adken", "\u202eAntony Blinken\u202c", "Antony\u00a0Blinken", full_width,
        unicodedata.normalize("NFD", name), "\ufeffAntony Blinken",
    ]  # fmt: skip
    for record in results(post(client, "/v1/match", {"queries": [{"name": one} for one in same]})):
        assert (record["decision"], record["entity"]) == ("match", "antony-blinken"), record
    text = "Antony Blinken met Sergey Lavrov. Then Antony Blink\u0435n left."  # a Cyrillic letter
    found = post(client, "/v1/check", {"text": text}).get_json()["findings"]
    assert [(one["surface"], one["replacement"]) for one in found] == [("Blink\u0435n", "Blinken")]


@threat("regex")
def regex(client: FlaskClient, folder: Path) -> None:
    units = (
        "a" * 27 + "!", " ", "\t", "\n", "\r\n", ".", ". ", "'", "’", "O'", "U.", "-", "a-", '"', "“", "(",
        "[", "[[", "![](", "*", "**a", "~~", "`", "<a ", "<!--", "<![<", "&amp", "&#", "http://", "@", "#",
        "A.B.", "Blinken ", "Blinkon, ", "blinken's ", "[sic] ", "> ", "1. ", "|-", "\u200d", "\u00ad", "ﷺ",
    )  # fmt: skip
    for unit in units:
        text = (unit * (20_000 // len(unit) + 1))[:20_000]
        for kind in ("text", "markdown", "html"):
            response = post(client, "/v1/check", {"text": text, "format": kind})
            assert response.status_code == 200, (unit, kind)


# --- requests --------------------------------------------------------------------------------------------


@threat("JSON")
def json_bodies(client: FlaskClient, folder: Path) -> None:
    deep = [unit * 100_000 for unit in ("[", '{"queries":', '{"text":[')]
    bad = [*deep, "NaN", "Infinity", '"\\ud800"', "1e999999", "0" * 10_000, '{"queries":NaN}', "\ufeff{}", ""]
    for path in JSON_PATHS:
        for text in bad:
            assert fine(post(client, path, text.encode())).status_code in (400, 422), (path, text[:20])
        for data in (b"\xff\xfe", b"\x00", b'{"\xff":1}'):
            assert fine(post(client, path, data)).status_code in (400, 422)
    for text in bad:
        for field in ("queries", "extend"):
            assert client.post("/reconcile", data={field: text}).status_code == 400, (field, text[:20])
    half, good = results(post(client, "/v1/match", b'{"queries":[{"name":"\\ud800"},{"name":"Kyiv"}]}'))
    assert ("error" in half, good["entity"]) == (True, "kyiv")
    many = json.dumps({"queries": [{"name": "x"}] * 1_001}).encode()
    assert post(client, "/v1/match", many).status_code == 422


@threat("body size")
def body_size(client: FlaskClient, folder: Path) -> None:
    large = b'{"queries":[{"name":"' + b"x" * (50 << 20) + b'"}]}'
    for path in JSON_PATHS:
        assert fine(post(client, path, large)).status_code == 413, path
    for path in ("/reconcile", "/v2/check"):
        assert client.post(path, data={"queries": "x" * (9 << 20)}).status_code == 413
    batch = {f"q{n}": {"query": "Blinken " + "x" * 400} for n in range(1_000)}
    assert len(json.dumps(batch)) < 500_000  # what Werkzeug once took for too large a form
    batch["q0"]["query"] = "Kyiv" + " " * 400
    form = {"queries": json.dumps(batch), "more": "x" * 600_000}
    assert client.post("/reconcile", data=form).get_json()["q0"]["result"][0]["id"] == "kyiv"
    lines = b"{}\n" * (30 << 20)
    response = client.post("/v1/match/bulk", data=lines, content_type="application/x-ndjson")
    assert fine(response).status_code == 413
    assert client.get("/" + "x" * 100_000).status_code == 414


@threat("gzip body")
def gzip_bodies(client: FlaskClient, folder: Path) -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packing.compress(b" " * (1 << 20)) for _ in range(1_000)) + packing.flush()
    assert len(bomb) < 2_000_000
    packed_twice = gzip.compress(bomb)
    for path in JSON_PATHS:
        assert post(client, path, bomb, headers={"Content-Encoding": "gzip"}).status_code == 413
        assert post(client, path, packed_twice, headers={"Content-Encoding": "gzip"}).status_code == 400
    headers = {"Content-Encoding": "gzip"}
    for data in (bomb, gzip.compress(b"{}\n") * 100_000):
        response = client.post(
            "/v1/match/bulk", data=data, headers=headers, content_type="application/x-ndjson"
        )
        assert fine(response).status_code == 413


# --- what is shown ---------------------------------------------------------------------------------------

SCRIPT: Final = "<script>alert(1)</script>"


@threat("HTML preview")
def html_preview(client: FlaskClient, folder: Path) -> None:
    entity = {"id": "x", "type": "person", "name": SCRIPT, "aliases": [{"name": f"\"{SCRIPT}'&"}]}
    path = folder / "scripts.jsonl"
    path.write_text(json.dumps(entity), encoding="utf-8")
    hostile = create_app(Settings(registry=str(path))).test_client()
    for shown in (hostile.get("/reconcile/preview/x"), hostile.get("/reconcile/1.0-draft/preview?id=x")):
        assert (shown.status_code, "<script" in shown.text, "&lt;script" in shown.text) == (200, False, True)
        assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Frame-Options" not in shown.headers
    for place in (f"/reconcile/preview/{SCRIPT}", f"/reconcile/1.0-draft/preview?id={SCRIPT}", f"/{SCRIPT}"):
        answer = client.get(place)
        assert (answer.status_code, "<script" in answer.text) == (404, False)


@threat("JSONP")
def jsonp(client: FlaskClient, folder: Path) -> None:
    for place in (
        "/reconcile",
        "/reconcile/suggest/entity?prefix=b",
        "/v1/suggest?prefix=b",
        "/reconcile?queries=x",
    ):
        mark = "&" if "?" in place else "?"
        answer = client.get(f"{place}{mark}callback=alert(1)//")
        assert answer.mimetype.endswith("json")
        assert "alert" not in answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        json.loads(answer.data)


@threat("CSV formulas")
def csv_formulas(client: FlaskClient, folder: Path) -> None:
    for sign in "=+-@\t\r'":
        cell = safe_cell(f"{sign}HYPERLINK(1)")
        assert cell.startswith("'")
        assert plain_cell(cell) == f"{sign}HYPERLINK(1)"
    for text in ("=1+1", "-1", "@x"):  # the service itself writes JSON, as it came
        (record,) = results(post(client, "/v1/match", {"queries": [{"name": text}]}))
        assert record["name"] == text


# --- files -----------------------------------------------------------------------------------------------


def uploaded(client: FlaskClient, name: str, data: bytes) -> TestResponse:
    """Send a file, its form put together in memory: the client would leave a temporary file open."""
    form = {"file": FileStorage(io.BytesIO(data), name)}
    body, _, boundary = stream_encode_multipart(form, use_tempfile=False)
    return client.post("/v1/check", data=body.read(), content_type=f"{UPLOAD}; boundary={boundary}")


@threat("docx bomb")
def docx_bomb(client: FlaskClient, folder: Path) -> None:
    good = word_file(paragraph(run("Blinkon")))
    assert uploaded(client, "a.docx", good).status_code == 200
    bombs = [
        packed({**entries(good), MAIN: bytes(300 << 20)}),
        packed({f"{n}.xml": "" for n in range(10_001)}),
        packed({**entries(good), MAIN: part("<w:p>" * 100_000)}),
    ]
    for bomb in bombs:
        assert len(bomb) < 3_000_000
        assert fine(uploaded(client, "a.docx", bomb)).status_code == 422


@threat("XML entities")
def xml_entities(client: FlaskClient, folder: Path) -> None:
    good = word_file(paragraph(run("Blinkon")))
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    for declared in (
        laughs,
        '<!ENTITY l12 SYSTEM "file:///etc/passwd">',
        '<!ENTITY l12 SYSTEM "http://127.0.0.1">',
    ):
        main = f'<?xml version="1.0"?><!DOCTYPE x [{declared}]>' + part("&l12;").partition("\n")[2]
        answer = uploaded(client, "a.docx", packed({**entries(good), MAIN: main}))
        assert (answer.status_code, "document type" in answer.text, "root:" in answer.text) == (
            422,
            True,
            False,
        )


@threat("SSRF, path")
def ssrf_and_paths(client: FlaskClient, folder: Path) -> None:
    seen.clear()
    for place in ("/etc/passwd", "../../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x"):
        fine(client.get(f"/v1/entities/{place}"))
        assert client.get(f"/reconcile/preview/{place}").status_code == 404
        fine(post(client, "/v1/check", {"text": f"See {place}.", "name": place}))
        fine(post(client, "/v1/fix", {"text": f"![x]({place})", "name": place, "format": "markdown"}))
        fine(post(client, "/v1/check", {"text": f'<img src="{place}">', "format": "html"}))
        fine(uploaded(client, f"{place}.txt", b"Blinkon"))
        fine(uploaded(client, f"{place}.docx", word_file(paragraph(run("Blinkon")))))
        extend = {"ids": [place], "properties": [{"id": place, "settings": {"url": place}}]}
        fine(post(client, "/reconcile/1.0-draft/extend", extend))
    assert [event for event in seen if event[0].startswith("socket.")] == []
    assert [event for event in seen if "passwd" in event[1]] == []
    refused_registry(folder, "entities: !include /etc/passwd\n", "tag")


seen: list[tuple[str, str]] = []
"""Files opened and addresses asked, by the whole process."""


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("open", "socket.connect", "socket.getaddrinfo") and len(seen) < 100_000:
        seen.append((event, str(arguments[0])))


sys.addaudithook(_hear)


@pytest.mark.parametrize("name", THREATS)
def test_a_threat(name: str, client: FlaskClient, tmp_path: Path) -> None:
    with within(SECONDS):
        THREATS[name](client, tmp_path)
