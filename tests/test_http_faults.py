"""A running service among faults, under load: killed, stopped, reloaded, without disk and database."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import resource
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import postgresql
import pytest
from conftest import DESK
from test_live import PATIENCE, Service, children, eventually, serving, text_of

from normalizer.judgements.store import Store

BATCH = {"queries": [{"name": name} for name in ("Blinkon", "Joe Biden", "nobody at all", "Kyiv")] * 5}


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "aliases"
    folder.mkdir()
    shutil.copy(DESK, folder / "desk.yaml")
    return folder


@contextmanager
def asking(count: int, ask: Callable[[], None]) -> Iterator[None]:
    """Let some threads ask over and over, until the block ends; what they raise is raised then."""
    stop, raised = threading.Event(), list[BaseException]()

    def go_on() -> None:
        while not stop.is_set():
            try:
                ask()
            except BaseException as error:
                raised.append(error)
                return

    threads = [threading.Thread(target=go_on) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
    if raised:
        raise raised[0]


# --- killed -------------------------------------------------------------------------------------------------


def kill_while_judging(registry: Path, folder: Path, place: str, lives: int, each: int) -> None:
    """Judge from four clients; kill a worker now and then, at the end of each life all processes at once."""
    acknowledged: dict[str, str] = {}
    numbers = itertools.count()
    for life in range(1, lives + 1):
        with (
            serving(folder / f"{life}", registry, place, 2, is_killed=True) as service,
            asking(4, partial(judge_one, service, numbers, acknowledged)),
        ):
            for goal in range((life - 1) * each, life * each, max(1, each // 5)):
                eventually(lambda goal=goal: len(acknowledged) >= goal, 600)
                os.kill(children(service.child.pid)[0], signal.SIGKILL)
            eventually(lambda goal=life * each: len(acknowledged) >= goal, 600)
            for process in [service.child.pid, *children(service.child.pid)]:
                os.kill(process, signal.SIGKILL)
    store = Store(place)
    kept = {recorded.judgement.name: recorded.judgement.entity for recorded in store.since()}
    store.close()
    assert len(acknowledged) >= lives * each
    assert acknowledged.items() <= kept.items()
    with serving(folder / "after", registry, place) as service:
        some = dict(itertools.islice(acknowledged.items(), 0, None, max(1, len(acknowledged) // 100)))
        assert {name: service.entity_of(name) for name in some} == some


ENTITIES = ("joe-biden", "antony-blinken", "sergey-lavrov", "george-w-bush")


def judge_one(service: Service, numbers: Iterator[int], acknowledged: dict[str, str]) -> None:
    number = next(numbers)
    name, entity = f"Joeyson {number}", ENTITIES[number % len(ENTITIES)]
    with contextlib.suppress(OSError, http.client.HTTPException):  # not acknowledged
        status, content = service.judge(verdict="alias", name=name, entity=entity)
        assert status in (200, 503), content
        if status == 200:
            acknowledged[name] = entity


def test_killed_while_they_judge_nothing_acknowledged_is_lost(registry: Path, tmp_path: Path) -> None:
    kill_while_judging(registry, tmp_path, str(tmp_path / "judged"), lives=2, each=50)


@pytest.mark.slow
def test_killed_during_ten_thousand_judgements_nothing_acknowledged_is_lost(
    registry: Path, tmp_path: Path
) -> None:
    kill_while_judging(registry, tmp_path, str(tmp_path / "judged"), lives=4, each=2_500)


@pytest.mark.slow
@pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not() or "-")
def test_the_same_in_postgresql(registry: Path, tmp_path: Path) -> None:
    with postgresql.cluster() as cluster:
        kill_while_judging(registry, tmp_path, cluster.url, lives=2, each=1_000)


# --- stopped ------------------------------------------------------------------------------------------------


def ask_until_refused(port: int, is_kept_alive: bool, answered: list[int], lost: list[str]) -> None:
    """Ask over one connection or over many, until no connection is taken any more.

    A server may close a connection that waits for another request; clients then send it anew (RFC 9112,
    9.3.1).
    """
    body = json.dumps(BATCH)
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.connect()
        except OSError:
            return  # the door is shut: nothing was taken
        is_new = True
        try:
            while True:
                connection.request("POST", "/v1/match", body, {"Content-Type": "application/json"})
                response = connection.getresponse()
                content = json.loads(response.read())
                assert (response.status, len(content["results"])) == (200, len(BATCH["queries"]))
                answered.append(response.status)
                is_new = False
                if response.getheader("Connection") == "close" or not is_kept_alive:
                    break
        except (ConnectionResetError, http.client.RemoteDisconnected) as error:
            if is_new:
                lost.append(repr(error))
        finally:
            connection.close()


@pytest.mark.parametrize("is_kept_alive", [True, False])
def test_told_to_stop_under_load_it_answers_what_it_took(
    is_kept_alive: bool, registry: Path, tmp_path: Path
) -> None:
    for number in range(3):
        place = str(tmp_path / "judged")
        with serving(tmp_path / f"{number}", registry, place, workers=2) as service:
            answered, lost = list[int](), list[str]()
            askers = [
                threading.Thread(target=ask_until_refused, args=(service.port, is_kept_alive, answered, lost))
                for _ in range(12)
            ]
            for asker in askers:
                asker.start()
            eventually(lambda answered=answered: len(answered) > 100)
            service.child.send_signal(signal.SIGTERM)
            for asker in askers:
                asker.join(PATIENCE)
            assert service.child.wait(PATIENCE) == 0
        assert lost == []


def test_told_to_stop_it_waits_for_a_body_that_is_still_coming(registry: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "one", registry, str(tmp_path / "judged")) as service:
        lines = [b'{"name":"Blinken"}\n'] * 20
        with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as wire:
            wire.sendall(
                b"POST /v1/match/bulk HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(b"".join(lines))
            )
            wire.sendall(lines[0])
            assert service.ask("GET", "/healthz")[0] == 200  # the first lines have surely been taken
            service.child.send_signal(signal.SIGTERM)
            for line in lines[1:]:
                wire.sendall(line)
                threading.Event().wait(0.05)
            response = http.client.HTTPResponse(wire)
            response.begin()
            assert response.read().count(b'"match"') == len(lines)
        assert service.child.wait(PATIENCE) == 0


# --- reloaded -----------------------------------------------------------------------------------------------


def test_files_rewritten_every_second_under_load(registry: Path, tmp_path: Path) -> None:
    path, desk = registry / "desk.yaml", DESK.read_text(encoding="utf-8")
    seen: dict[str, set[str]] = {}

    def write(number: int) -> None:
        scholz = (
            f"  olaf-scholz:\n    name: Olaf Scholz {number}\n    type: person\n    aliases: [Olaf Scholz]\n"
        )
        path.with_suffix(".new").write_text(desk + scholz, encoding="utf-8")
        path.with_suffix(".new").replace(path)

    write(0)
    with serving(tmp_path / "one", registry, str(tmp_path / "judged"), workers=2) as service:

        def ask() -> None:
            status, content, index = service.ask(
                "POST", "/v1/match", {"queries": [{"name": "Olaf Scholz"}] * 50}
            )
            assert status == 200, content
            assert {content["index"], *(result["index"] for result in content["results"])} == {index}
            names = {result["candidates"][0]["name"] for result in content["results"]}
            assert len(names) == 1
            seen.setdefault(index, set()).update(names)

        with asking(3, ask):
            for number in range(1, 12):
                write(number)
                threading.Event().wait(1.0)
            eventually(lambda: {"Olaf Scholz 11"} in seen.values())
        assert all(len(names) == 1 for names in seen.values())  # each version has one content
        assert len(seen) > 4  # and it kept up with the files while they changed
        assert service.faults() == []


# --- without its database -----------------------------------------------------------------------------------


@pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not() or "-")
def test_postgresql_stops_and_starts_under_load(registry: Path, tmp_path: Path) -> None:
    acknowledged, refused, read = list[str](), list[dict[str, Any]](), itertools.count()
    numbers = itertools.count()
    with (
        postgresql.cluster() as cluster,
        serving(tmp_path / "one", registry, cluster.url, workers=2) as service,
    ):

        def ask() -> None:
            status, content, _ = service.ask("POST", "/v1/match", BATCH)
            assert (status, content["results"][1]["entity"]) == (200, "joe-biden")
            next(read)

        def judge() -> None:
            name = f"Joeyson {next(numbers)}"
            status, content = service.judge(verdict="alias", name=name, entity="joe-biden")
            assert status in (200, 503), content
            if status == 200:
                acknowledged.append(name)
            else:
                refused.append(content)

        with asking(2, ask), asking(2, judge):
            for _ in range(2):
                before = len(acknowledged)
                eventually(lambda before=before: len(acknowledged) > before + 20)
                cluster.stop("immediate")
                failed, answered = len(refused), next(read)
                eventually(lambda failed=failed: len(refused) > failed + 3)
                eventually(lambda answered=answered: next(read) > answered + 20)
                cluster.start()
        eventually(lambda: not service.faults())
        assert {problem["title"] for problem in refused} == {"Service Unavailable"}
        assert set(acknowledged) <= names_kept(cluster.url)
        eventually(lambda: service.entity_of(acknowledged[-1]) == "joe-biden")


# --- out of disk --------------------------------------------------------------------------------------------


def names_kept(place: str) -> set[str]:
    store = Store(place)
    try:
        return {recorded.judgement.name for recorded in store.since()}
    finally:
        store.close()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What is started here can write no file beyond a size, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_refuses_judgements_and_damages_nothing(registry: Path, tmp_path: Path) -> None:
    place, acknowledged = str(tmp_path / "judged"), list[str]()
    with files_of_at_most(300_000), serving(tmp_path / "one", registry, place) as service:
        for number in itertools.count():
            name = f"Joeyson {number}"
            status, content = service.judge(verdict="alias", name=name, entity="joe-biden", note="x" * 2_000)
            if status != 200:
                break
            acknowledged.append(name)
        assert (status, content["title"]) == (503, "Service Unavailable"), content
        assert service.entity_of("Joe Biden") == service.entity_of(acknowledged[-1]) == "joe-biden"
        assert "disk" in text_of(service.log)
    assert len(acknowledged) > 10
    with serving(tmp_path / "two", registry, place) as service:  # there is room again
        assert {service.entity_of(name) for name in acknowledged} == {"joe-biden"}
        assert service.judge(verdict="alias", name="Joey", entity="joe-biden")[0] == 200


def test_a_full_disk_keeps_no_index_and_answers_all_the_same(registry: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "judged")
    path, desk = registry / "desk.yaml", DESK.read_text(encoding="utf-8")
    with files_of_at_most(4_000), serving(tmp_path / "one", registry, place) as service:
        assert service.entity_of("Blinkon") == "antony-blinken"
        path.write_text(desk + "  olaf-scholz:\n    name: Olaf Scholz\n    type: person\n", encoding="utf-8")
    assert list((tmp_path / "one" / "cache").glob("*.index")) == []
    with serving(tmp_path / "one", registry, place) as service:
        assert service.entity_of("Olaf Scholz") == "olaf-scholz"
    assert list((tmp_path / "one" / "cache").glob("*.index")) != []
