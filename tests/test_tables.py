"""Columns of names: tables come back as they were, with answers behind them; doubts, decisions, bad rows."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import DESK, RunCommand
from hypothesis import assume, given
from hypothesis import strategies as st

from normalizer.model import Decision, EntityType, Link, Mention
from normalizer.tables import Cleaning, Source, open_table
from normalizer.tables.answers import Answers
from normalizer.tables.review import plain_cell, safe_cell
from normalizer.tables.rows import Asked, Column

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=8)
ADDED = ["n_canonical", "n_id", "n_score", "n_decision"]


def nobody(mentions: list[Mention], limit: int) -> list[Link]:
    return [Link(mention, Decision.NIL) for mention in mentions]


def cleaned(data: bytes, name: str = "t.csv", most: int = 1000) -> bytes:
    asked, out = Asked((Column("n"),)), io.BytesIO()
    table, _ = open_table(io.BytesIO(data), Source(name), asked)
    Cleaning(name, table, asked, Answers(None, "", most=most), nobody).run(out)
    return out.getvalue()


@given(
    st.lists(st.tuples(CELL, CELL, CELL), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
def test_any_dialect_comes_back(
    rows: list[tuple[str, str, str]], delimiter: str, quoting: int, end: str, encoding: str
) -> None:
    # Python's writer leaves a lone CR unquoted where lines end with LF, and its reader loses it
    assume(end == "\r\n" or quoting != csv.QUOTE_MINIMAL or "\r" not in "".join(map("".join, rows)))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([("a", "n", "b"), *rows])
    out = cleaned(text.getvalue().encode(encoding)).decode(encoding)
    header, *after = csv.reader(io.StringIO(out, newline=""), delimiter=delimiter)
    assert header == ["a", "n", "b", *ADDED]
    assert [tuple(row[:3]) for row in after] == rows
    assert {tuple(row[3:]) for row in after} <= {("", "", "", "nil")}


@given(
    st.lists(st.dictionaries(CELL, st.integers() | st.floats(allow_nan=False, allow_infinity=False) | CELL))
)
def test_json_lines_stay_as_written(rows: list[dict[str, object]]) -> None:
    lines = [json.dumps({"n": "x", **row, "z": 1.50}) for row in rows if not isinstance(row.get("n"), float)]
    out = cleaned("\n".join(lines).encode(), "t.jsonl").decode()
    for line, after in zip(lines, out.split("\n") if lines else [], strict=True):
        assert after.startswith(line[:-1])
        assert json.loads(after)["n_decision"] == "nil"


@given(st.text())
def test_no_cell_is_a_formula_and_all_come_back(text: str) -> None:
    assert not safe_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain_cell(safe_cell(text)) == text


def test_a_spilled_run_counts_as_any_other() -> None:
    data = "n\n" + "".join(f"name {number % 70}\n" for number in range(300))
    assert cleaned(data.encode(), most=3) == cleaned(data.encode())


def test_names_are_linked_and_doubts_decided(run: RunCommand, tmp_path: Path) -> None:
    table = 'id;who;x\r\n1;Blinkon;"a\r\nb"\r\n2;Bush;5" pipe\r\n\r\n3;=Zzz;"q""q"'
    (tmp_path / "t.csv").write_bytes(table.encode())
    result = run("clean", "t.csv", "--column", "who:person", "-o", "o.csv", "--review", "r.csv")
    assert result.exit_code == 0, result.stderr
    out = (tmp_path / "o.csv").read_bytes().decode()
    assert out.startswith(
        'id;who;x;who_canonical;who_id;who_score;who_decision\r\n1;Blinkon;"a\r\nb";Antony Blinken;'
    )
    assert '2;Bush;5" pipe;;;0.5000;review\r\n\r\n3;=Zzz;"q""q";;;;nil' in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["o.csv", "r.csv", "t.csv"]

    review = (tmp_path / "r.csv").read_text("utf-8-sig").replace("person,1,4,,", "person,1,4,2,")
    (tmp_path / "r.csv").write_text(review)
    result = run("clean", "t.csv", "--column", "who:person", "-o", "o.csv", "--decisions", "r.csv")
    assert result.exit_code == 0, result.stderr
    assert '2;Bush;5" pipe;George W. Bush;george-w-bush;1.0000;match' in (tmp_path / "o.csv").read_text()
    (tmp_path / "r.csv").write_text(review.replace("4,2,", "4,zzz,"))
    result = run("clean", "t.csv", "--column", "who:person", "-o", "o.csv", "--decisions", "r.csv")
    assert (result.exit_code, "r.csv:2: decision 'zzz'" in result.stderr) == (2, True)


def test_a_review_in_excel_comes_back(run: RunCommand, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    (tmp_path / "t.csv").write_text("who,x\nBush,1\n")
    run("clean", "t.csv", "--column", "who:person", "-o", "o.csv", "--review", "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    book.active["F2"] = 1
    book.save(tmp_path / "r.xlsx")
    result = run("clean", "t.csv", "--column", "who:person", "--decisions", "r.xlsx", "--in-place-column")
    assert result.stdout == "who,x\nGeorge H. W. Bush,1\n"


BAD = [
    ("t.csv", b"", "t.csv: is empty"),
    ("t.csv", b"whom,x\n", "did you mean 'whom'?"),
    ("t.csv", b"who,who\n", "has 2 columns 'who'; say which by its place: #1 or #2"),
    ("t.csv", b"who,who_id\n", "has a column 'who_id' already"),
    ("t.csv", b"who,x\n1\n", "t.csv:2: 1 field where the header has 2"),
    ("t.csv", b'who,x\n"a,2\nb,3\n', "t.csv:2: its quote is never closed"),
    ("t.csv", b"who,x\n\xc3\xa9,1\n\xff,2\n", "t.csv:3: not valid UTF-8 at byte 1"),
    ("t.csv", b"who,x\n" + b"x" * (1 << 24) + b",\n", "t.csv:2: longer than 16,777,216 bytes"),
    ("t.jsonl", b'{"who":"a"}\n{"who":\n', "t.jsonl:2: not valid JSON"),
    ("t.jsonl", b'{"who":true}\n', "t.jsonl:1: 'who' holds no text"),
    ("t.jsonl", b"[1]\n", "t.jsonl:1: is not a JSON object"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_what_cannot_be_read_is_said(
    name: str, data: bytes, message: str, run: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("clean", name, "--column", "who", "-o", "o")
    assert result.exit_code == 2
    assert message in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_bad_rows_are_set_aside(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b'who,x\nBiden,1\n=1\n"a,2\nBiden\0,3\n')
    result = run("clean", "t.csv", "--column", "who", "-o", "o.csv", "--rejects", "bad.csv")
    assert result.exit_code == 2
    assert (tmp_path / "bad.csv").read_text().split() == (
        'line,reason,row 3,1 field where the header has 2,\'=1 4,its quote is never closed,"""a,2"'
    ).split()
    assert [line.split(",")[1] for line in (tmp_path / "o.csv").read_text().split("\n")[1:3]] == ["1", "3"]
    assert run("clean", "t.csv", "--column", "who", "--rejects", "bad.csv", "--strict").exit_code == 2


@pytest.mark.parametrize(
    ("data", "width"), [(b"who\n", 1), (",".join(["who", *map(str, range(9999))]).encode(), 10_000)]
)
def test_header_only_and_wide_tables(data: bytes, width: int, run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    result = run("clean", "t.csv", "--column", "who")
    assert result.stdout.rstrip("\n").count(",") + 1 == width + 4


def test_windows_1252_is_found_out(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes("who;é\nBiden;ü\n".encode("cp1252"))
    result = run("clean", "t.csv", "--column", "who", "-o", "o.csv")
    assert "read as cp1252" in result.stderr
    assert "Biden;ü;Joe Biden;joe-biden;1.0000;match" in (tmp_path / "o.csv").read_text("cp1252")


def test_context_and_nested_json(run: RunCommand) -> None:
    line = b'{"p":{"who":"Blinkon"},"v":1.50}\n'
    result = run("clean", "-", "--column", "p.who:person", "--in-place-column", stdin=line)
    assert result.stdout == '{"p":{"who":"Antony Blinken"},"v":1.50}\n'


def test_column_types() -> None:
    assert Column.parse("a:b:person") == Column("a:b", EntityType.PERSON)
    assert Column.parse("a:b") == Column("a:b")


def test_resume_needs_files(run: RunCommand) -> None:
    result = run("clean", "-", "--column", "who", "--resume", stdin=b"who\n")
    assert (result.exit_code, "--resume is for files" in result.stderr) == (2, True)


def command_over(tmp_path: Path, count: int) -> tuple[list[str], dict[str, str]]:
    rows = "".join(f"{number},Blinko{number} Lavro{number % 7}\n" for number in range(count))
    (tmp_path / "t.csv").write_text("id,who\n" + rows)
    words = ["-m", "normalizer", "clean", "t.csv", "--column", "who", "--registry", str(DESK)]
    return [sys.executable, *words], {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def test_more_processes_give_the_same_bytes(tmp_path: Path) -> None:
    command, environment = command_over(tmp_path, 400)
    for jobs in ("1", "2"):
        words = [*command, "--jobs", jobs, "-o", f"{jobs}.csv"]
        subprocess.run(words, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_processes_end_with_the_one_that_was_killed(tmp_path: Path) -> None:
    command, environment = command_over(tmp_path, 60_000)
    words = [*command, "--jobs", "2", "-o", "o.csv"]
    process = subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)

    def alive() -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if path.resolve() == tmp_path:
                    found.append(path.parts[2])
        return found

    while len(alive()) < 3 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    deadline = time.monotonic() + 60
    while alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive()


@pytest.mark.slow
def test_killed_runs_go_on_to_the_same_bytes(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    rows = "".join(f"{number},Blinko{number % 9000} Lavro{number % 7}\n" for number in range(30_000))
    (tmp_path / "t.csv").write_text("id,who\n" + rows)
    command = [
        sys.executable, "-m", "normalizer", "clean", "t.csv", "--column", "who",
        "--registry", str(DESK), "-o",
    ]  # fmt: skip
    subprocess.run([*command, "whole.csv"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    chance, killed = random.Random(7), 0
    for number in range(10):
        name = f"o{number}.csv"
        process = subprocess.Popen([*command, name], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 3))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() < 0
        subprocess.run(
            [*command, name, "--resume"], cwd=tmp_path, env=environment, check=True, capture_output=True
        )
        assert (tmp_path / name).read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert killed
    assert not list(tmp_path.glob("*.part")) + list(tmp_path.glob("*.resume*"))
