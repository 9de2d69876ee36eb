"""The command line as a process of its own: start, streams, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import DESK

from normalizer import __version__

DRAFT = "President Biden met Lavrov. Since biden’s visit, nothing.\n"
COMMAND = [sys.executable, "-m", "normalizer"]
PROJECT = Path(__file__).parents[1]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "NORMALIZER_REGISTRY": str(DESK), "PYTHONPATH": str(PROJECT), **more}


def process(*arguments: str, folder: Path, **more: object) -> subprocess.CompletedProcess[bytes]:
    options: dict[str, object] = {"stdin": subprocess.DEVNULL, **more}
    if "input" in options:
        del options["stdin"]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*COMMAND, *arguments], cwd=folder, env=environment(LC_ALL="C", PYTHONUTF8="0"),
        capture_output=True, timeout=60, **options,
    )  # fmt: skip


def test_output_is_utf8_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DRAFT, encoding="utf-8")
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(DRAFT, encoding="utf-8")
    done = process("check", ".", folder=tmp_path)
    assert done.returncode == 1
    assert "Since biden’s visit" in done.stdout.decode()
    assert "caf\\udce9.txt" in done.stdout.decode()
    lines = process("check", "--format", "jsonl", ".", folder=tmp_path).stdout.decode().splitlines()
    assert [json.loads(line)["file"] for line in lines] == ["./a.txt", "./caf\\udce9.txt"]


def test_version_and_python_dash_m(tmp_path: Path) -> None:
    done = process("--version", folder=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, f"normalizer {__version__}\n")


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    done = process("match", "--format", "jsonl", os.fsdecode(b"a\xff"), folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, b"")
    assert "UTF-8" in json.loads(done.stdout)["error"]


def test_reader_that_goes_away(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Blinken\n" * 100_000)
    with (tmp_path / "names.txt").open("rb") as names:
        child = subprocess.Popen(
            [*COMMAND, "match", "--format", "jsonl"], stdin=names, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(),
        )  # fmt: skip
        with child:
            assert child.stdout is not None
            assert child.stderr is not None
            child.stdout.readline()
            child.stdout.close()
            assert (child.wait(60), child.stderr.read()) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_full_disk(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "match", "Blinken"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.decode() == "normalizer: output: No space left on device\n"


@pytest.mark.parametrize("closed", [0, 1, 2])
def test_closed_streams(closed: int, tmp_path: Path) -> None:
    command = f"exec {' '.join(COMMAND)} match {closed}>&-"
    done = subprocess.run(
        ["sh", "-c", command],
        input=b"Blinken\n" if closed else None,
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == (0 if closed else 2)
    assert b"Traceback" not in done.stderr


def test_answers_come_while_the_question_pipe_is_open() -> None:
    child = subprocess.Popen(
        [*COMMAND, "match", "--format", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        for name, entity in (("Blinken", "antony-blinken"), ("Biden", "joe-biden")):
            child.stdin.write(f"{name}\n".encode())
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["entity"] == entity
        child.stdin.close()
        assert child.wait(60) == 0


def test_interrupt_is_quiet() -> None:
    child = subprocess.Popen(
        [*COMMAND, "match"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(b"Blinken\n")
        child.stdin.flush()
        child.stdout.readline()
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 130
        assert child.stderr.read().strip() == b""


HEAVY = {
    "yaml",
    "jsonschema",
    "numpy",
    "scipy",
    "flask",
    "werkzeug",
    "gunicorn",
    "jinja2",
    "http.client",
    "sqlalchemy",
}


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        (["check", "a.txt"], HEAVY),
        (["match", "Blinken"], HEAVY | {"normalizer.checker", "normalizer.lexicon"}),
        (["match", "Blinkon"], HEAVY | {"normalizer.checker", "normalizer.lexicon"}),
        (["compare", "Joe Biden", "Biden, J."], HEAVY | {"normalizer.checker", "normalizer.lexicon"}),
    ],
)
def test_a_command_with_a_kept_index_imports_what_it_uses(
    arguments: list[str], unused: set[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(DRAFT, encoding="utf-8")
    process("index", "build", folder=tmp_path)
    code = (
        "import sys; from normalizer.interfaces.cli.app import app\n"
        "try: app.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert set(done.stdout.splitlines()[-1].split()) & unused == set()
    assert done.stderr == ""


def test_names_as_arguments_are_utf8_whatever_the_locale() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "normalizer", "match", "--format", "jsonl", "--registry", str(DESK)]
    found = subprocess.run(
        [*command, "Szijjártó"], env=environment, capture_output=True, check=True, timeout=60
    )
    assert json.loads(found.stdout)["name"] == "Szijjártó"
