"""Running services: what is judged in one process counts in all, and changed files are taken in."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgresql
import pytest
from conftest import DESK

from normalizer.interfaces.keys import Scope, new_key
from normalizer.judgements.store import Store

PROJECT = Path(__file__).parents[1]
PATIENCE = 60
"""Seconds after which a test gives up; none of them holds anything to a time."""


@dataclass
class Service:
    """A service that runs in a process of its own."""

    port: int
    secret: str
    child: subprocess.Popen[bytes]
    log: Path

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any], str]:
        """The status, the content and the index of an answer, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            index = str(response.headers["X-Normalizer-Index"])
            return response.status, json.loads(response.read()), index
        finally:
            connection.close()

    def judge(self, **judgement: object) -> tuple[int, dict[str, Any]]:
        status, content, _ = self.ask("POST", "/v1/judgements", judgement)
        return status, content

    def entity_of(self, name: str) -> str | None:
        _, content, _ = self.ask("POST", "/v1/match", {"queries": [{"name": name}]})
        found: str | None = content["results"][0]["entity"]
        return found

    def faults(self) -> list[str]:
        return list(self.ask("GET", "/readyz")[1].get("faults", []))


@contextmanager
def serving(
    folder: Path, registry: Path, place: str, workers: int = 1, is_killed: bool = False
) -> Iterator[Service]:
    secret, lines = new_key("cms", Scope.JUDGE)
    folder.mkdir(exist_ok=True)
    (folder / "keys.toml").write_text(lines, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "NORMALIZER_REGISTRY": str(registry),
        "NORMALIZER_KEYS": str(folder / "keys.toml"),
        "NORMALIZER_CACHE": str(folder / "cache"),
    }
    command = [sys.executable, "-m", "normalizer", "serve", "--port", "0", "--judgements", place]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(
            [*command, "--workers", str(workers)], cwd=folder, env=environment, stderr=log
        )
    try:
        port: list[str] = []
        eventually(
            lambda: port.extend(re.findall(r"http://127\.0\.0\.1:(\d+)", text_of(folder / "log"))) or port
        )
        yield Service(int(port[0]), secret, child, folder / "log")
    finally:
        child.send_signal(signal.SIGTERM)
        assert (child.wait(PATIENCE) == 0) is not is_killed
    assert "Traceback" not in text_of(folder / "log")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def eventually(is_so: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something is so."""
    end = time.monotonic() + patience
    while not is_so():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


def everywhere(service: Service, is_so: Callable[[], bool], times: int = 30) -> bool:
    """Whether something is so of many answers in a row, of whichever worker."""
    return all(is_so() for _ in range(times))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "aliases"
    folder.mkdir()
    shutil.copy(DESK, folder / "desk.yaml")
    return folder


def test_what_one_worker_takes_all_workers_know(registry: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "judged")
    with serving(tmp_path / "one", registry, place, workers=3) as service:
        assert service.entity_of("Joey") is None
        status, kept = service.judge(verdict="alias", name="Joey", entity="joe-biden")
        assert status == 200
        eventually(lambda: everywhere(service, lambda: service.entity_of("Joey") == "joe-biden"))
        eventually(lambda: {service.ask("GET", "/readyz")[2] for _ in range(30)} == {kept["index"]})
        service.judge(verdict="undo", of=kept["judgement"]["id"])
        eventually(lambda: everywhere(service, lambda: service.entity_of("Joey") is None))


def judge_many(service: Service, who: str, count: int, problems: list[object]) -> None:
    for number in range(count):
        status, content = service.judge(verdict="alias", name=f"{who} Joeyson {number}", entity="joe-biden")
        if status != 200:
            problems.append(content)


def two_hosts_judge_at_once(registry: Path, tmp_path: Path, place: str) -> None:
    with (
        serving(tmp_path / "one", registry, place) as one,
        serving(tmp_path / "two", registry, place) as two,
    ):
        problems: list[object] = []
        judges = [
            threading.Thread(target=judge_many, args=(service, who, 30, problems))
            for service, who in ((one, "Maria"), (two, "Olaf"))
        ]
        for judge in judges:
            judge.start()
        for judge in judges:
            judge.join()
        assert not problems
        names = [f"{who} Joeyson {number}" for who in ("Maria", "Olaf") for number in range(30)]
        for service in (one, two):
            eventually(lambda service=service: all(service.entity_of(name) == "joe-biden" for name in names))
        eventually(lambda: one.ask("GET", "/readyz")[2] == two.ask("GET", "/readyz")[2])


def test_two_hosts_judge_at_once_in_sqlite(registry: Path, tmp_path: Path) -> None:
    two_hosts_judge_at_once(registry, tmp_path, str(tmp_path / "judged"))


@pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not() or "-")
def test_two_hosts_judge_at_once_in_postgresql(registry: Path, tmp_path: Path) -> None:
    with postgresql.cluster() as cluster:
        two_hosts_judge_at_once(registry, tmp_path, cluster.url)


@pytest.mark.skipif(bool(postgresql.why_not()), reason=postgresql.why_not() or "-")
def test_postgresql_stops_and_starts_under_a_service(registry: Path, tmp_path: Path) -> None:
    with postgresql.cluster() as cluster, serving(tmp_path / "one", registry, cluster.url) as service:
        assert service.judge(verdict="alias", name="Joey", entity="joe-biden")[0] == 200
        cluster.stop("immediate")
        status, problem = service.judge(verdict="alias", name="Jojo", entity="joe-biden")
        assert (status, problem["status"]) == (503, 503)
        assert "127.0.0.1" not in json.dumps(problem)
        assert service.entity_of("Joey") == "joe-biden"
        eventually(service.faults)
        cluster.start()
        eventually(lambda: not service.faults())
        assert service.judge(verdict="alias", name="Jojo", entity="joe-biden")[0] == 200
        assert service.entity_of("Jojo") == "joe-biden"
        assert text_of(service.log).count("answers go on with what is known") == 1


def test_a_changed_file_is_taken_in_and_a_broken_one_is_not(registry: Path, tmp_path: Path) -> None:
    path, desk = registry / "desk.yaml", DESK.read_text(encoding="utf-8")
    with serving(tmp_path / "one", registry, str(tmp_path / "judged"), workers=2) as service:
        service.judge(verdict="alias", name="Joey", entity="joe-biden")
        eventually(lambda: everywhere(service, lambda: service.entity_of("Joey") == "joe-biden"))
        first = service.ask("GET", "/readyz")[2]
        more = desk + "  olaf-scholz:\n    name: Olaf Scholz\n    type: person\n"
        path.write_text(more, encoding="utf-8")
        eventually(lambda: everywhere(service, lambda: service.entity_of("Olaf Scholz") == "olaf-scholz"))
        assert service.entity_of("Joey") == "joe-biden"  # what was judged holds over the new files, too
        status, changes, second = service.ask("GET", f"/v1/changes?since={first}")
        assert (status, changes["entities"]) == (200, ["olaf-scholz"])
        eventually(lambda: everywhere(service, lambda: service.ask("GET", "/readyz")[2] == second))
        path.write_text(more + "  broken", encoding="utf-8")
        eventually(lambda: everywhere(service, lambda: bool(service.faults())))
        assert everywhere(service, lambda: service.ask("GET", "/readyz")[2] == second)
        assert service.entity_of("Olaf Scholz") == "olaf-scholz"
        assert "desk.yaml" in service.faults()[0]
        assert "goes on answering" in text_of(service.log)
        shutil.rmtree(registry)
        assert service.entity_of("Olaf Scholz") == "olaf-scholz"
        registry.mkdir()
        path.write_text(desk, encoding="utf-8")
        eventually(lambda: everywhere(service, lambda: not service.faults()))
        eventually(lambda: everywhere(service, lambda: service.entity_of("Olaf Scholz") is None))
        eventually(lambda: everywhere(service, lambda: service.ask("GET", "/readyz")[2] == first))


def load(
    service: Service, stop: threading.Event, seen: set[tuple[str, str | None]], faults: list[object]
) -> None:
    while not stop.is_set():
        status, content, index = service.ask("POST", "/v1/match", {"queries": [{"name": "Olaf Scholz"}]})
        if status != 200 or content["index"] != index or content["results"][0]["index"] != index:
            faults.append(content)
        else:
            seen.add((index, content["results"][0]["entity"]))


def test_reload_under_load_serves_no_error_and_no_mixed_version(registry: Path, tmp_path: Path) -> None:
    path, desk = registry / "desk.yaml", DESK.read_text(encoding="utf-8")
    more = desk + "  olaf-scholz:\n    name: Olaf Scholz\n    type: person\n"
    with serving(tmp_path / "one", registry, str(tmp_path / "judged"), workers=2) as service:
        stop, faults = threading.Event(), list[object]()
        seen: set[tuple[str, str | None]] = set()
        askers = [threading.Thread(target=load, args=(service, stop, seen, faults)) for _ in range(3)]
        for asker in askers:
            asker.start()
        for text, entity in ((more, "olaf-scholz"), (desk, None), (more, "olaf-scholz")):
            path.with_suffix(".new").write_text(text, encoding="utf-8")
            path.with_suffix(".new").replace(path)
            eventually(
                lambda entity=entity: everywhere(service, lambda: service.entity_of("Olaf Scholz") == entity)
            )
        stop.set()
        for asker in askers:
            asker.join()
        assert not faults
        assert len(seen) == 2  # each version has one answer


@pytest.mark.slow
def test_workers_and_master_are_killed_while_they_judge(registry: Path, tmp_path: Path) -> None:
    place = str(tmp_path / "judged")
    acknowledged: set[str] = set()
    for life in range(3):
        with serving(tmp_path / f"{life}", registry, place, 2, is_killed=True) as service:
            for number in range(200):
                name = f"Joeyson {life} {number}"
                try:
                    status, _ = service.judge(verdict="alias", name=name, entity="joe-biden")
                except (OSError, http.client.HTTPException):
                    continue  # not acknowledged
                if status == 200:
                    acknowledged.add(name)
                if number % 50 == 25:
                    os.kill(children(service.child.pid)[0], signal.SIGKILL)
            workers = children(service.child.pid)
            service.child.kill()
            for worker in workers:
                os.kill(worker, signal.SIGKILL)
    kept = {recorded.judgement.name for recorded in Store(place).since()}
    assert len(acknowledged) > 500
    assert acknowledged <= kept


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
