"""What may befall a kept index: killed writers, full disks, folders that take nothing, damage, a crowd."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from normalizer.engine import Engine
from normalizer.index import CompiledIndex, ContainerError, cache, kept_path, opened_index, read_index
from normalizer.interfaces.http.app import create_app
from normalizer.model import Decision
from normalizer.settings import Settings

ROOT = Path(__file__).parent.parent
DESK = Path(__file__).parent / "cases" / "desk.yaml"
STARTER = ROOT / "aliases"
LIMIT = Settings().limits.registry_file


def environ(folder: Path, registry: Path = DESK) -> dict[str, str]:
    return {**os.environ, "NORMALIZER_CACHE": str(folder), "NORMALIZER_REGISTRY": str(registry)}


def ask(folder: Path, before: Sequence[str] = ()) -> tuple[str, list[str]]:
    """Match a misspelled name in a process of its own: what it answers, and what it says besides."""
    command = [*before, sys.executable, "-m", "normalizer", "match", "Blinkon"]
    done = subprocess.run(command, env=environ(folder), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.splitlines()


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The right answer of `ask`."""
    answer, said = ask(tmp_path_factory.mktemp("kept"))
    assert answer.startswith("match")
    assert said == []
    return answer


# --- killed while building --------------------------------------------------------------------------

MOMENTS = {
    "reading the registry": "normalizer.index.cache.load_registry",
    "compiling": "normalizer.index.cache.compiled",
    "about to write": "normalizer.index.cache.write_whole",
    "written, not yet on the disk": "os.fsync",
    "about to be moved": "pathlib.Path.replace",
}
HALTED = """
import importlib, sys, time
def halt(*_, **__):
    print("here", flush=True)
    time.sleep(600)
owner, _, name = sys.argv[1].rpartition(".")
module, _, kind = owner.rpartition(".")
target = getattr(importlib.import_module(module), kind) if kind.istitle() else importlib.import_module(owner)
from normalizer.index.cache import build_index
setattr(target, name, halt)
build_index(sys.argv[2], sys.argv[3], int(sys.argv[4]), print)
"""


def left_behind(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix != ".index"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_while_building(tmp_path: Path, moment: str) -> None:
    first = opened_index(str(DESK), str(tmp_path), LIMIT, pytest.fail)
    path = kept_path(str(tmp_path), str(DESK))
    content = path.read_bytes()
    arguments = ["-c", HALTED, MOMENTS[moment], str(DESK), str(tmp_path), str(LIMIT)]
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.PIPE) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"here\n"
        builder.send_signal(signal.SIGKILL)
    assert len(left_behind(tmp_path)) == (moment in ("written, not yet on the disk", "about to be moved"))
    assert path.read_bytes() == content
    again = opened_index(str(DESK), str(tmp_path), LIMIT, pytest.fail)  # the old file serves
    assert again.entities() == first.entities()
    cache.build_index(str(DESK), str(tmp_path), LIMIT, pytest.fail)
    assert left_behind(tmp_path) == []
    assert path.read_bytes() == content


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "normalizer", "index", "build"]
    around = environ(tmp_path, STARTER)
    started = time.monotonic()
    subprocess.run(command, env=around, cwd=ROOT, check=True, capture_output=True)
    whole = time.monotonic() - started
    path = kept_path(str(tmp_path), str(STARTER))
    content = path.read_bytes()
    for step in range(40):
        with subprocess.Popen(command, env=around, cwd=ROOT, stdout=subprocess.DEVNULL) as builder:
            time.sleep(whole * (step + 1) / 40)
            builder.send_signal(signal.SIGKILL)
        assert path.read_bytes() == content
        assert len(left_behind(tmp_path)) <= 1
    subprocess.run(command, env=around, cwd=ROOT, check=True, capture_output=True)
    assert [left.name for left in tmp_path.iterdir()] == [path.name]


# --- nowhere to write -------------------------------------------------------------------------------


def test_a_disk_that_takes_only_a_part(tmp_path: Path, right: str) -> None:
    limited = [
        "sh",
        "-c",
        'ulimit -f 16 && exec "$@"',
        "sh",
    ]  # the system writes 16 blocks of a file, no more
    for _ in range(2):
        answer, said = ask(tmp_path, limited)
        assert answer == right
        (line,) = said
        assert "cannot be kept (File too large)" in line
        assert "NORMALIZER_CACHE" in line
        assert list(tmp_path.iterdir()) == []
    assert ask(tmp_path) == (right, [])


def mounted(options: str, folder: Path, *command: str) -> list[str]:
    """A command in whose sight a file system is mounted on a folder."""
    script = f'mount -t tmpfs -o {options} none "$0" && exec "$@"'
    return ["unshare", "-Urm", "sh", "-c", script, str(folder), *command]


@pytest.mark.slow
def test_a_full_disk(tmp_path: Path, right: str) -> None:
    if subprocess.run(mounted("size=8k", tmp_path, "true"), capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    listing = 'python="$1"; shift; "$python" "$@"; code=$?; ls -A "$NORMALIZER_CACHE" >&2; exit $code'
    answer, said = ask(tmp_path, [*mounted("size=8k", tmp_path), "sh", "-c", listing, "sh"])
    assert answer == right
    (line,) = said  # and nothing is left in the folder
    assert "cannot be kept (No space left on device)" in line


def unprivileged() -> list[str]:
    """What takes from root the right to write where nobody may."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv of util-linux")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


@pytest.mark.parametrize("mode", [0o555, 0o000])
@pytest.mark.parametrize("is_stale", [True, False])
def test_a_folder_that_may_not_be_written(tmp_path: Path, right: str, mode: int, is_stale: bool) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    path = kept_path(str(folder), str(DESK))
    if is_stale:
        opened_index(str(STARTER / "countries.yaml"), str(folder), LIMIT, pytest.fail)
        kept_path(str(folder), str(STARTER / "countries.yaml")).rename(path)
    content = path.read_bytes() if is_stale else b""
    folder.chmod(mode)
    try:
        for _ in range(2):
            answer, said = ask(folder, unprivileged())
            assert answer == right
            (line,) = said
            assert "Permission denied" in line
            assert str(path) in line or str(folder) in line
    finally:
        folder.chmod(0o755)
    assert [left.read_bytes() for left in folder.iterdir()] == [content] * is_stale


def test_a_folder_that_may_only_be_read_serves_what_is_kept(tmp_path: Path, right: str) -> None:
    ask(tmp_path)
    tmp_path.chmod(0o555)
    try:
        assert ask(tmp_path, unprivileged()) == (right, [])
    finally:
        tmp_path.chmod(0o755)


# --- damage -----------------------------------------------------------------------------------------

Damage = Callable[[bytearray, int, int], None]


def flip(content: bytearray, start: int, length: int) -> None:
    content[start + length // 2] ^= 4


def cut(content: bytearray, start: int, length: int) -> None:
    del content[start + length // 2 :]


def exercised(engine: Engine) -> object:
    names = ["Blinken", "Blinkon", "Secretary of State Blinkn", "Bush", "nobody of that name", "I.M.F."]
    text = "President Joe Biden met Antony Blinkon. Bidne spoke; U.S. Secretary of State Blinken did not."
    return engine.link_many(names * 3), engine.check(text), engine.registry.entities


def damaged(folder: Path, name: str, damage: Damage) -> None:
    """Damage a section of the kept index; a new file, for who has mapped the old one reads on."""
    path = kept_path(str(folder), str(DESK))
    content = bytearray(path.read_bytes())
    start, length, _ = read_index(path).container.head["sections"][name]
    damage(content, start, length)
    path.unlink()
    path.write_bytes(content)


def sections(index: CompiledIndex) -> list[str]:
    return [name for name, (_, length, _) in index.container.head["sections"].items() if length]


@pytest.mark.parametrize("damage", [flip, cut])
def test_damage_in_any_section_is_said_once_and_mended(tmp_path: Path, damage: Damage) -> None:
    settings = Settings(registry=str(DESK), cache=str(tmp_path))
    expected = exercised(Engine.open(settings))
    path = kept_path(str(tmp_path), str(DESK))
    content = path.read_bytes()
    for name in sections(read_index(path)):
        damaged(tmp_path, name, damage)
        engine = Engine.open(settings)
        (note,) = engine.notes
        assert note.startswith(f"{path}: ")
        assert (repr(name) if damage is flip else "cut off") in note
        assert note.endswith("; it is built anew")
        assert exercised(engine) == expected
        assert path.read_bytes() == content
        assert list(Engine.open(settings).notes) == []


def test_damage_that_is_found_in_use_is_said_once_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(registry=str(DESK), cache=str(tmp_path))
    expected = exercised(Engine.open(settings))
    path = kept_path(str(tmp_path), str(DESK))
    content = path.read_bytes()
    monkeypatch.setattr(cache, "SMALL", 0)  # as if it were a large file
    mended = []
    for name in sections(read_index(path)):
        damaged(tmp_path, name, flip)
        engine = Engine.open(settings)
        assert list(engine.notes) == []
        assert exercised(engine) == expected
        if engine.notes:
            (note,) = engine.notes
            assert note == f"{path}: damaged (section {name!r} does not add up); it is built anew"
            mended.append(name)
        else:  # nothing of it was needed
            cache.build_index(str(DESK), str(tmp_path), LIMIT, pytest.fail)
        assert path.read_bytes() == content
    assert {"keys.text", "owners.numbers", "entities.bytes", "words.text", "holders.numbers"} <= set(mended)


def test_damage_found_in_use_when_the_registry_is_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "desk.yaml"
    shutil.copy(DESK, registry)
    settings = Settings(registry=str(registry), cache=str(tmp_path / "kept"))
    Engine.open(settings)
    monkeypatch.setattr(cache, "SMALL", 0)
    path = kept_path(str(tmp_path / "kept"), str(registry))
    content = bytearray(path.read_bytes())
    start, length, _ = read_index(path).container.head["sections"]["keys.text"]
    flip(content, start, length)
    path.unlink()
    path.write_bytes(content)
    engine = Engine.open(settings)
    with registry.open("a", encoding="utf-8") as file:
        file.write("  zz-new:\n    name: Somebody New\n    type: person\n")
    for expected in ("registry is another one", "does not add up"):
        with pytest.raises(ContainerError, match=expected):
            engine.link("Blinken")
    assert Engine.open(settings).link("Somebody New").decision is Decision.MATCH


def test_the_service_logs_damage(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = Settings(registry=str(DESK), cache=str(tmp_path))
    Engine.open(settings)
    damaged(tmp_path, "keys.text", flip)
    with caplog.at_level(logging.WARNING):
        client = create_app(settings).test_client()
    (record,) = caplog.records
    assert record.getMessage().endswith("it is built anew")
    assert client.get("/v1/entities/antony-blinken").status_code == 200


# --- a crowd ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_hundred_processes_open_at_once(tmp_path: Path, right: str) -> None:
    command = [sys.executable, "-m", "normalizer", "match", "Blinkon"]
    started = [
        subprocess.Popen(
            command,
            env=environ(tmp_path),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(200)
    ]
    assert {process.communicate() for process in started} == {(right, "")}
    assert {process.returncode for process in started} == {0}
    assert [path.name for path in tmp_path.iterdir()] == [kept_path(str(tmp_path), str(DESK)).name]
    read_index(kept_path(str(tmp_path), str(DESK)))
