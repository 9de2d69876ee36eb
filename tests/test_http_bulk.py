"""Names by the line over HTTP, and packed bodies: a line for each line, whatever is wrong with some."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
from flask.testing import FlaskClient
from http_client import assert_problem, post

from normalizer import Limits, Settings
from normalizer.engine import Engine
from normalizer.interfaces.http import create_app

PATH = "/v1/match/bulk"


def bulk(client: FlaskClient, body: bytes, **more: Any) -> list[dict[str, Any]]:
    response = client.post(PATH, data=body, content_type="application/x-ndjson", **more)
    assert (response.status_code, response.content_type) == (200, "application/x-ndjson")
    data = response.data
    if response.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    assert not data or data.endswith(b"\n")
    return [json.loads(line) for line in data.splitlines()]


def test_a_line_for_each_line(client: FlaskClient) -> None:
    lines = [b'{"id":"a","name":"Blinken"}', b"{", b"", b'{"id":7,"name":5}', b'{"name":"Bush"}\r', b"[]"]
    answers = bulk(client, b"\n".join(lines))
    assert [answer["line"] for answer in answers] == [1, 2, 3, 4, 5, 6]
    assert [answer["id"] for answer in answers] == ["a", 2, 3, 7, 5, 6]
    assert [answer.get("decision") for answer in answers] == ["match", None, None, None, "review", None]
    assert answers[2] == {"id": 3, "error": "empty line", "line": 3}
    assert answers[3]["error"] == "Expected str, got int at /name"
    (same,) = json.loads(post(client, "/v1/match", {"queries": [{"id": "a", "name": "Blinken"}]}).data)[
        "results"
    ]
    assert answers[0] == {**same, "line": 1}


def test_a_last_line_end_begins_no_line(client: FlaskClient) -> None:
    assert bulk(client, b"") == []
    assert len(bulk(client, b'{"name":"x"}\n')) == 1
    assert len(bulk(client, b'{"name":"x"}\n\n')) == 2


def test_many_lines_keep_their_order(client: FlaskClient) -> None:
    names = ["Blinken", "Lavrov", "Bush", "nobody at all"]
    body = b"".join(json.dumps({"id": n, "name": names[n % 4]}).encode() + b"\n" for n in range(1500))
    answers = bulk(client, body, query_string={"limit": 1})
    assert [answer["id"] for answer in answers] == list(range(1500))
    assert [answer["name"] for answer in answers] == [names[n % 4] for n in range(1500)]
    assert max(len(answer["candidates"]) for answer in answers) == 1


def test_packed_both_ways(client: FlaskClient) -> None:
    body = b'{"name":"Blinken"}\n' * 600
    sent = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
    assert bulk(client, gzip.compress(body), headers=sent) == bulk(client, body)
    members = gzip.compress(body[:19]) + gzip.compress(body[19:38])
    assert len(bulk(client, members, headers=sent)) == 2
    packed = post(client, "/v1/match", gzip.compress(b'{"queries":[]}'), headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 200


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"no gzip", "gzip", 400),
        (gzip.compress(b'{"name":"x"}')[:-4], "gzip", 400),
        (b"x", "br", 415),
        (gzip.compress(b" " * 3000), "gzip", 413),
        (gzip.compress(b" " * 600) * 2, "gzip", 413),
        (b" " * 1001, "identity", 413),
    ],
)
def test_what_cannot_be_unpacked(body: bytes, coding: str, status: int, desk_engine: Engine) -> None:
    limited = create_app(Engine(desk_engine.registry, Settings(limits=Limits(bulk=1000)))).test_client()
    headers = {"Content-Encoding": coding}
    response = limited.post(PATH, data=body, content_type="application/x-ndjson", headers=headers)
    assert_problem(response, status)


def test_a_bomb_is_unpacked_no_further_than_the_limit(client: FlaskClient) -> None:
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packing.compress(b"\0" * (1 << 20)) for _ in range(100)) + packing.flush()
    assert len(bomb) < 200_000
    response = post(client, "/v1/match", bomb, headers={"Content-Encoding": "gzip"})
    assert_problem(response, 413)


def test_bad_requests(client: FlaskClient) -> None:
    assert_problem(client.post(PATH, data=b"{}", content_type="text/csv"), 415)
    for limit in ("0", "x", "101"):
        response = client.post(f"{PATH}?limit={limit}", data=b"", content_type="application/x-ndjson")
        assert assert_problem(response, 422)["errors"][0]["pointer"] == "/limit"


def test_a_bug_fails_its_portion_alone(
    desk_engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    link_many = Engine.link_many

    def explode(self: Engine, mentions: Any, limit: int = 5) -> Any:
        if any(mention.surface.startswith("embargo") for mention in mentions):
            raise KeyError(mentions)
        return link_many(self, mentions, limit)

    monkeypatch.setattr(Engine, "link_many", explode)
    body = b'{"name":"embargoed"}\n' * 256 + b'{"name":"Blinken"}\n'
    answers = bulk(create_app(desk_engine).test_client(), body)
    assert "an error of ours" in answers[0]["error"]
    assert answers[256]["decision"] == "match"
    assert "KeyError" in caplog.text
    assert "embargoed" not in caplog.text
