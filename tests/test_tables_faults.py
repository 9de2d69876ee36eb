"""Runs that fail leave nothing half-written and say why; columns answer as single names do."""

from __future__ import annotations

import csv
import os
import pty
import random
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DESK, RunCommand

from normalizer.engine import Engine
from normalizer.model import EntityType, Mention

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
COMMAND = [sys.executable, "-m", "normalizer", "clean"]
OPTIONS = ["--column", "who", "--registry", str(DESK), "-o"]
KINDS = ["csv", "jsonl", "parquet", "xlsx"]


def write(path: Path, names: list[str]) -> None:
    """A table of some kind with a column of names and one that hardly packs."""
    chance = random.Random(1)
    noise = [chance.randbytes(40).hex() for _ in names]
    kind = path.suffix[1:]
    if kind == "csv":
        path.write_text("who,noise\n" + "".join(f"{a},{b}\n" for a, b in zip(names, noise, strict=True)))
    elif kind == "jsonl":
        rows = zip(names, noise, strict=True)
        path.write_text("".join(f'{{"who":"{name}","noise":"{text}"}}\n' for name, text in rows))
    elif kind == "parquet":
        arrow = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(
            arrow.table({"who": names, "noise": noise}), path, row_group_size=1000
        )
    else:
        book = pytest.importorskip("openpyxl").Workbook(write_only=True)
        sheet = book.create_sheet("s")
        for row in [("who", "noise"), *zip(names, noise, strict=True)]:
            sheet.append(row)
        book.save(path)


def full_disk() -> None:
    """What a process may write ends soon, as on a disk that is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_is_said(kind: str, tmp_path: Path) -> None:
    write(tmp_path / f"t.{kind}", ["Biden", "Bush", "Blinken"] * 2000)
    subprocess.run(
        [*COMMAND, f"t.{kind}", *OPTIONS, "warm." + kind], cwd=tmp_path, env=ENVIRONMENT, check=True,
        capture_output=True,
    )  # fmt: skip
    (tmp_path / f"o.{kind}").write_text("what was there")
    done = subprocess.run(
        [*COMMAND, f"t.{kind}", *OPTIONS, f"o.{kind}"],
        cwd=tmp_path, env=ENVIRONMENT, preexec_fn=full_disk, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert f"o.{kind}: cannot be written: file too large; nothing was changed there" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / f"o.{kind}").read_text() == "what was there"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_that_cannot_be_written_is_said(kind: str, run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / f"t.{kind}", ["Biden"])
    result = run("clean", f"t.{kind}", "--column", "who", "-o", f"/proc/o.{kind}")
    assert result.exit_code == 2
    assert f"/proc/o.{kind}" in result.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_that_is_gone_or_empty_is_said(kind: str, run: RunCommand, tmp_path: Path) -> None:
    result = run("clean", f"t.{kind}", "--column", "who", "-o", f"o.{kind}")
    assert (result.exit_code, f"t.{kind}: no such file; check the name" in result.stderr) == (2, True)
    (tmp_path / f"t.{kind}").write_bytes(b"")
    result = run("clean", f"t.{kind}", "--column", "who", "-o", f"o.{kind}")
    assert result.exit_code == (0 if kind == "jsonl" else 2)
    assert kind == "jsonl" or f"t.{kind}: is " in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_killed_runs_of_other_kinds_go_on_to_the_same_bytes(kind: str, tmp_path: Path) -> None:
    write(tmp_path / f"t.{kind}", [f"Blinko{place % 3000} Lavro{place % 7}" for place in range(9000)])

    def clean(output: str, *more: str, seconds: float | None = None) -> int:
        process = subprocess.Popen(
            [*COMMAND, f"t.{kind}", *OPTIONS, output, *more], cwd=tmp_path, env=ENVIRONMENT,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return process.wait()

    assert clean(f"whole.{kind}") == 0
    chance = random.Random(3)
    killed = [clean(f"o{place}.{kind}", seconds=chance.uniform(0.3, 3)) < 0 for place in range(10)]
    for place in range(10):
        assert clean(f"o{place}.{kind}", "--resume") == 0
        assert (tmp_path / f"o{place}.{kind}").read_bytes() == (tmp_path / f"whole.{kind}").read_bytes()
    assert any(killed)
    assert not [*tmp_path.glob("*.part"), *tmp_path.glob("*.resume*")]


def test_a_column_answers_as_single_names_do(run: RunCommand, desk_engine: Engine, tmp_path: Path) -> None:
    lines = (ROOT / "tests" / "cases" / "hard_pairs.tsv").read_text("utf-8").splitlines()
    fields = [line.split("\t") for line in lines if line and not line.startswith("#")]
    names = list(dict.fromkeys(name for row in fields for name in row[1:3] if name.strip()))
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("who",), *((name,) for name in names)])
    assert run("clean", "t.csv", "--column", "who:person", "-o", "o.csv").exit_code == 0
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    links = [desk_engine.link(Mention(name, EntityType.PERSON)) for name in names]
    assert len(names) > 50
    for row, link in zip(rows, links, strict=True):
        assert row["who_decision"] == link.decision.value
        assert row["who_id"] == (link.entity.id if link.entity else "")
        assert float(row["who_score"] or 0) == round(link.score, 4)


PEOPLE = """entities:
  ann-lee-kr: {name: Ann Lee, type: person, country: KR, titles: [Minister of Health]}
  ann-lee-us: {name: Ann Lee, type: person, country: US, titles: [Mayor of Dayton]}
"""
SETTLED = [
    ("Ann Lee,,", "review", ""),
    ("Ann Lee,South Korea,", "match", "ann-lee-kr"),
    ("Ann Lee,US,", "match", "ann-lee-us"),
    ("Ann Leee,,Mayor of Dayton", "match", "ann-lee-us"),
    ("Ann Lee,France,", "review", ""),
]


def test_other_columns_settle_doubts(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(PEOPLE)
    (tmp_path / "t.csv").write_text("\n".join(["who,country,title", *(row for row, _, _ in SETTLED)]))
    words = ["clean", "t.csv", "--column", "who:person", "--registry", "people.yaml", "-o", "o.csv"]
    assert run(*words).exit_code == 0
    with (tmp_path / "o.csv").open(newline="") as file:
        assert {row["who_decision"] for row in csv.DictReader(file)} == {"review"}
    assert run(*words, "--context", "country", "--context", "title").exit_code == 0
    with (tmp_path / "o.csv").open(newline="") as file:
        found = [(row["who_decision"], row["who_id"]) for row in csv.DictReader(file)]
    assert found == [(decision, entity) for _, decision, entity in SETTLED]


def test_a_cell_of_100_megabytes_is_capped_and_said(run: RunCommand, tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("wb") as file:
        file.write(b"who,x\nBiden,1\n")
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b",2\nBush,3\n")
    result = run("clean", "t.csv", "--column", "who", "-o", "o.csv", "--rejects", "bad.csv")
    assert result.exit_code == 2
    assert '3,"longer than 16,777,216 bytes; at most that is read"' in (tmp_path / "bad.csv").read_text()
    rows = (tmp_path / "o.csv").read_text().splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["1", "3"]


def test_a_terminal_is_told_how_far_it_is(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", [f"Name{place} Blinko{place}" for place in range(9_000)])
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "t.csv", "--column", "noise", "--registry", str(DESK), "-o", "o.csv"],
        cwd=tmp_path, env=ENVIRONMENT, stderr=theirs,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:
                break
            shown += piece
        assert process.wait() == 0
    os.close(ours)
    text = shown.decode()
    assert "4,000 rows, " in text
    assert " s left\x1b[K" in text
    assert text.index("\r\x1b[K9,000 rows, 9,000 distinct names in ") > text.index(" s left")
    assert "nobody we know: " in text
