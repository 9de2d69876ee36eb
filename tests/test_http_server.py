"""`normalizer serve` as a process: a real gunicorn on a real socket."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from conftest import DESK
from reconciliation import validator

COMMAND = [sys.executable, "-m", "normalizer", "serve"]
PROJECT = Path(__file__).parents[1]


def start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "NORMALIZER_REGISTRY": str(DESK)}
    return subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    child = start("--port", "0", "--workers", "1", folder=tmp_path_factory.mktemp("service"))
    assert child.stderr is not None
    line = child.stderr.readline()
    found = re.search(r"listening on http://127\.0\.0\.1:(\d+) \(6 entities, index [0-9a-f]+\)", line)
    assert found, line + child.stderr.read()
    with child:
        yield int(found[1]), child
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
        assert child.stderr.read() == ""


def test_a_draft_over_the_wire(server: tuple[int, subprocess.Popen[str]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
    body = json.dumps({"text": "President Biden met Lavrov. Since biden’s visit, nothing."})
    for _ in range(3):  # one connection, kept alive
        connection.request("POST", "/v1/check", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        assert response.status == 200
        assert [finding["surface"] for finding in json.loads(response.read())["findings"]] == ["biden"]
    connection.close()


def test_problems_over_the_wire(server: tuple[int, subprocess.Popen[str]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
    for method, path, status in (
        ("GET", "/nope", 404),
        ("TRACE", "/v1/match", 405),
        ("GET", "/v1/match", 405),
    ):
        connection.request(method, path)
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Type"]) == (status, "application/problem+json")
        response.read()
    connection.close()


def test_a_body_too_large_in_chunks(server: tuple[int, subprocess.Popen[str]]) -> None:
    with socket.create_connection(("127.0.0.1", server[0]), timeout=60) as wire:
        wire.sendall(
            b"POST /v1/check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            for _ in range(9):
                wire.sendall(chunk)
            wire.sendall(b"0\r\n\r\n")
        except OSError:
            pass  # answered and closed before we were through
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_reconciliation_over_the_wire(server: tuple[int, subprocess.Popen[str]]) -> None:
    old, new = "/reconcile", "/reconcile/1.0-draft"
    extend = {"ids": ["kyiv", "nobody"], "properties": [{"id": "aliases"}, {"id": "x"}]}
    queries = {"q0": {"query": "Blinkon"}, "q1": {}, "q2": 5}
    named = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Blinkon"}]}, 5]}
    form, plain = "application/x-www-form-urlencoded", "application/json"
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
    for version, schema, path, body, kind in (
        ("0.2", "manifest", old, None, ""),
        ("0.2", "reconciliation-result-batch", old, urlencode({"queries": json.dumps(queries)}), form),
        ("0.2", "data-extension-response", old, urlencode({"extend": json.dumps(extend)}), form),
        ("0.2", "suggest-entities-response", f"{old}/suggest/entity?prefix=b", None, ""),
        ("0.2", "suggest-types-response", f"{old}/suggest/type?prefix=p", None, ""),
        ("0.2", "suggest-properties-response", f"{old}/suggest/property?prefix=n", None, ""),
        ("0.2", "data-extension-property-proposal", f"{old}/propose?type=person", None, ""),
        ("1.0-draft", "manifest", new, None, ""),
        ("1.0-draft", "reconciliation-result-batch", f"{new}/match", json.dumps(named), plain),
        ("1.0-draft", "data-extension-response", f"{new}/extend", json.dumps(extend), plain),
        ("1.0-draft", "suggest-entities-response", f"{new}/suggest/entity?prefix=b", None, ""),
        ("1.0-draft", "suggest-types-response", f"{new}/suggest/type?prefix=p", None, ""),
        ("1.0-draft", "suggest-properties-response", f"{new}/suggest/property?prefix=n", None, ""),
        ("1.0-draft", "data-extension-property-proposal", f"{new}/extend/propose", None, ""),
    ):
        connection.request(
            "GET" if body is None else "POST", path, body, {"Content-Type": kind} if kind else {}
        )
        response = connection.getresponse()
        content = json.loads(response.read())
        assert response.status == 200, content
        validator(version, schema).validate(content)
    connection.close()


def test_addresses_are_those_that_the_client_asked(server: tuple[int, subprocess.Popen[str]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
    headers = {"Host": "names.example", "X-Forwarded-Proto": "https"}
    connection.request("GET", "/reconcile", headers=headers)
    manifest = json.loads(connection.getresponse().read())
    assert manifest["identifierSpace"] == "https://names.example/v1/entities/"
    for host in ("", 'a"<b>', "a b", "[::", "x" * 2000):
        connection.request("GET", "/reconcile", headers={"Host": host})
        response = connection.getresponse()
        assert response.status in (200, 400), host
        response.read()
        connection.close()


def test_a_slow_client_gets_a_line_for_each_line(server: tuple[int, subprocess.Popen[str]]) -> None:
    with socket.create_connection(("127.0.0.1", server[0]), timeout=60) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(
            b"POST /v1/match/bulk?limit=1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        for number in range(500):
            line = json.dumps({"id": number, "name": "Blinken"}).encode() + b"\n"
            for part in (line[:7], line[7:]):
                wire.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            time.sleep(0.001)
        wire.sendall(b"0\r\n\r\n")
        response = http.client.HTTPResponse(wire)
        response.begin()
        answers = [json.loads(line) for line in response.read().splitlines()]
    assert [answer["id"] for answer in answers] == list(range(500))
    assert {answer["entity"] for answer in answers} == {"antony-blinken"}


def test_who_sends_all_before_reading_is_answered(server: tuple[int, subprocess.Popen[str]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=120)
    lines = b'{"name":"Antony Blinken"}\n' * 40_000  # of which the answers fill every buffer
    connection.request("POST", "/v1/match/bulk?limit=1", lines, {"Content-Type": "application/x-ndjson"})
    assert connection.getresponse().read().count(b"\n") == 40_000
    connection.close()


def test_a_file_needs_its_length(server: tuple[int, subprocess.Popen[str]]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[0], timeout=60)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    connection.request("POST", "/v1/check", iter([b"--x--\r\n"]), headers, encode_chunked=True)
    assert connection.getresponse().status == 411
    connection.close()


def test_a_taken_port_is_said_clearly(server: tuple[int, subprocess.Popen[str]], tmp_path: Path) -> None:
    child = start("--port", str(server[0]), folder=tmp_path)
    _, message = child.communicate(timeout=60)
    assert child.returncode == 2
    assert message == (
        f"normalizer: cannot listen on 127.0.0.1:{server[0]}: address already in use; "
        "try another --port or --host\n"
    )


def test_a_bad_registry_opens_no_port(tmp_path: Path) -> None:
    child = start("--port", "0", "--registry", "nowhere", folder=tmp_path)
    _, message = child.communicate(timeout=60)
    assert child.returncode == 2
    assert "listening" not in message
    assert message.startswith("normalizer: nowhere")
    assert "Traceback" not in message


def test_interrupt_ends_it_quietly(tmp_path: Path) -> None:
    child = start("--port", "0", "--workers", "1", folder=tmp_path)
    assert child.stderr is not None
    port = int(child.stderr.readline().split("http://127.0.0.1:")[1].split()[0])
    with child:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/readyz")  # answered: the worker is up and heeds signals
        assert connection.getresponse().read()
        connection.close()
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 0
        assert child.stderr.read() == ""
