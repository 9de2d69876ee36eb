"""The command line, in this process: golden cases from tests/cases/cli, machine shapes, hostile input."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import pytest
from conftest import CASES, RunCommand

from normalizer.configuration import starter_registry
from normalizer.interfaces.cli.app import COMMANDS, app
from normalizer.interfaces.cli.lines import LONGEST_LINE, read_batches

LINK_FIELDS = ["id", "name", "decision", "entity", "score", "margin", "candidates", "index"]
FINDING_FIELDS = [
    "file", "start", "end", "line", "column", "part", "paragraph", "offset", "surface",
    "rule", "level", "message", "replacement",
    "applicability", "entity", "score", "evidence", "index",
]  # fmt: skip
EVIDENCE_FIELDS = ["feature", "value", "weight", "query", "name"]
DRAFT = "President Biden met Lavrov. Since biden’s visit, nothing.\n"


def records(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def pattern(text: str) -> re.Pattern[str]:
    """A golden text as a pattern: `[..]` stands for anything within a line."""
    return re.compile("[^\n]*".join(map(re.escape, text.split("[..]"))))


@pytest.mark.parametrize("path", sorted((CASES / "cli").glob("*.toml")), ids=lambda path: path.stem)
def test_golden_case(path: Path, run: RunCommand, tmp_path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, content in case.get("files", {}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content.encode())
    result = run(*case["args"], stdin=case.get("stdin", "").encode())
    assert pattern(case.get("stdout", "")).fullmatch(result.stdout), result.stdout
    assert pattern(case.get("stderr", "")).fullmatch(result.stderr), result.stderr
    assert result.exit_code == case.get("exit", 0)
    for name, content in case.get("after", {}).items():
        assert (tmp_path / name).read_bytes().decode() == content


# --- machine shapes ----------------------------------------------------------------------------------


def test_match_shape(run: RunCommand) -> None:
    result = run("match", "--format", "jsonl", stdin="Blinken\nBush\nXyzzy Plugh\n\n")
    match, review, nobody, empty = records(result.stdout)
    assert result.exit_code == 0
    for number, record in enumerate((match, review, nobody, empty), 1):
        assert list(record) == LINK_FIELDS
        assert record["id"] == number
    assert (match["decision"], match["entity"]) == ("match", "antony-blinken")
    candidate = match["candidates"][0]
    assert list(candidate) == ["entity", "name", "alias", "score", "evidence"]
    assert list(candidate["evidence"][0]) == EVIDENCE_FIELDS
    assert (review["decision"], review["entity"], review["margin"]) == ("review", None, 0.0)
    assert [candidate["entity"] for candidate in review["candidates"]] == ["george-h-w-bush", "george-w-bush"]
    assert (nobody["decision"], nobody["entity"]) == ("nil", None)
    assert (empty["name"], empty["decision"], empty["score"], empty["candidates"]) == ("", "nil", 0.0, [])


def test_match_json_is_one_document(run: RunCommand) -> None:
    lines = records(run("match", "--format", "jsonl", "Blinken", "Bush").stdout)
    document = json.loads(run("match", "--format", "json", "Blinken", "Bush").stdout)
    assert document == {"index": lines[0]["index"], "results": lines}


def test_match_items(run: RunCommand) -> None:
    items = [
        {"id": "q1", "name": "Blinken", "type": "PERSON", "context": ["Lavrov"], "unknown": [1]},
        {"id": 1.5, "name": "Bush"},
        {"name": "Biden"},
        {"id": "bad", "name": 5},
        {"id": True, "name": "Biden"},
        {"id": "ctx", "name": "Biden", "context": "Lavrov"},
        {"id": "many", "name": "Biden", "context": ["x"] * 101},
        {"id": "long", "name": "x" * 501},
    ]
    stdin = (
        "\n".join(map(json.dumps, items)) + '\nnot json\n[]\n{"id":"s","name":"\\ud800"}\n' + '{"a":' * 9000
    )
    result = run("match", "--input", "jsonl", "--format", "jsonl", "--limit", "1", stdin=stdin)
    answers = records(result.stdout)
    assert [answer["id"] for answer in answers] == [
        "q1",
        1.5,
        3,
        "bad",
        5,
        "ctx",
        "many",
        "long",
        9,
        10,
        "s",
        12,
    ]
    assert [list(answer) == ["id", "error"] for answer in answers] == [False] * 3 + [True] * 9
    assert len(answers[1]["candidates"]) == 1
    assert answers[1]["margin"] == 0.0
    assert result.exit_code == 2


def test_unreadable_lines_keep_their_place(run: RunCommand) -> None:
    stdin = b"\xef\xbb\xbfBlinken\r\n\xff\n" + b"x" * (LONGEST_LINE + 1) + b"\n" + b"x" * 501 + b"\nBiden"
    result = run("match", "--format", "jsonl", stdin=stdin)
    answers = records(result.stdout)
    assert [answer["id"] for answer in answers] == [1, 2, 3, 4, 5]
    assert [answer.get("entity") for answer in answers] == ["antony-blinken", None, None, None, "joe-biden"]
    assert answers[0]["name"] == "Blinken"
    assert [
        "UTF-8" in answers[1]["error"],
        "65,536" in answers[2]["error"],
        "501" in answers[3]["error"],
    ] == [True] * 3
    assert result.exit_code == 2


def test_check_shape(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + DRAFT.encode())
    result = run("check", "--format", "jsonl", "a.txt")
    (finding,) = records(result.stdout)
    assert result.exit_code == 1
    assert list(finding) == FINDING_FIELDS
    assert DRAFT[finding["start"] : finding["end"]] == "biden"
    assert (finding["file"], finding["line"], finding["column"]) == ("a.txt", 1, 35)
    assert (finding["surface"], finding["rule"], finding["replacement"]) == ("biden", "wrong-case", "Biden")
    assert (finding["applicability"], finding["entity"]) == ("safe", "joe-biden")
    assert all(list(evidence) == EVIDENCE_FIELDS for evidence in finding["evidence"])
    assert json.loads(run("check", "--format", "json", "a.txt").stdout) == {
        "index": finding["index"], "findings": [finding],
    }  # fmt: skip


def test_compare_shape(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NORMALIZER_REGISTRY", "no/such/registry")  # none is needed
    stdin = (
        'PERSON\tAntony Blinken\tBlinken, Antony\nbad\nCompany\t"A\tA"\nlegalentity\t\tx\nspaceship\ta\tb\n'
    )
    result = run("compare", "--input", "tsv", "--format", "jsonl", stdin=stdin)
    answers = records(result.stdout)
    assert [list(answer) for answer in answers] == [
        ["score", "decision", "evidence"], ["error"], *[["score", "decision", "evidence"]] * 3,
    ]  # fmt: skip
    assert answers[0]["decision"] == "match"
    assert answers[3] == {"score": 0.0, "decision": "nil", "evidence": []}
    assert result.exit_code == 2
    one = run("compare", "--type", "person", "--format", "jsonl", "Antony Blinken", "Blinken, Antony")
    assert records(one.stdout) == answers[:1]


# --- check -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
@pytest.mark.parametrize(
    ("encoding", "bom"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe")]
)
def test_fix_changes_nothing_but_the_fix(
    end: str, encoding: str, bom: bytes, run: RunCommand, tmp_path: Path
) -> None:
    text = f"President\u00a0Biden  spoke.{end}\tSince biden’s visit,\u2009odd \u200bspaces{end}"
    path = tmp_path / "a.txt"
    path.write_bytes(bom + text.encode(encoding))
    result = run("check", "--fix", "a.txt")
    assert (result.exit_code, result.stdout) == (0, "Fixed 1. No findings in 1 file.\n")
    assert path.read_bytes() == bom + text.replace("biden", "Biden").encode(encoding)


def test_good_files_are_checked_among_bad_ones(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 biden")
    (tmp_path / "good.txt").write_text(DRAFT)
    (tmp_path / "empty.txt").write_bytes(b"")
    os.mkfifo(tmp_path / "pipe")
    names = ["missing.txt", "binary.txt", "latin.txt", "pipe", "empty.txt", "good.txt", "x.docx", ""]
    result = run("check", "--format", "jsonl", *names)
    assert [record["file"] for record in records(result.stdout)] == ["good.txt"]
    assert len(result.stderr.splitlines()) == 6
    assert all(line.startswith("normalizer: ") for line in result.stderr.splitlines())
    assert "latin.txt:1:4: not valid UTF-8: byte 0xE9 at offset 3" in result.stderr
    assert result.exit_code == 2
    assert run("check", "--encoding", "latin-1", "latin.txt").exit_code in (0, 1)


def test_standard_input(run: RunCommand) -> None:
    result = run("check", "--format", "jsonl", "-", stdin=DRAFT)
    assert [record["file"] for record in records(result.stdout)] == ["-"]
    fixed = run("check", "--fix", "-", stdin=DRAFT)
    assert (fixed.stdout, fixed.exit_code) == (DRAFT.replace("biden", "Biden"), 0)
    assert fixed.stderr == "Fixed 1. No findings in 1 file.\n"


def test_markdown_is_fixed_in_its_prose_only(run: RunCommand, tmp_path: Path) -> None:
    source = (
        "---\nauthor: biden\n---\n# On Biden\n\nPresident Biden met Lavrov. Since _biden_’s visit\n"
        "[no news](biden.html)\r\nof **biden** <b title='biden'>here</b>: `biden`.\n\n```\nbiden\n```\n"
    )
    (tmp_path / "a.md").write_bytes(source.encode())
    findings = records(run("check", "--format", "jsonl", "a.md").stdout)
    assert [source[finding["start"] - 1 : finding["end"] + 1] for finding in findings] == [
        "_biden_",
        "*biden*",
    ]
    assert run("check", "--fix", "--unsafe-fixes", "a.md").stdout == "Fixed 2. No findings in 1 file.\n"
    fixed = source.replace("_biden_", "_Biden_").replace("*biden*", "*Biden*")
    assert (tmp_path / "a.md").read_bytes().decode() == fixed


def test_files_that_cannot_be_written(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(DRAFT)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = run("check", "--fix", "a.txt")
    assert "a.txt: cannot be written: no space left on device; it is as it was" in result.stderr
    assert "1 fixable with --fix" in result.stdout
    assert (result.exit_code, (tmp_path / "a.txt").read_text()) == (2, DRAFT)


def test_a_folder_keeps_the_order_of_its_files(run: RunCommand, tmp_path: Path) -> None:
    for name in ("b/z.md", "b/a.txt", "a.txt", "c.log"):
        (tmp_path / "drafts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "drafts" / name).write_text(DRAFT)
    result = run("check", "--format", "jsonl", "drafts")
    files = [record["file"] for record in records(result.stdout)]
    assert files == ["drafts/a.txt", "drafts/b/a.txt", "drafts/b/z.md"]


def test_too_large_a_draft(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / ".normalizer.toml").write_text("[limits]\ndraft = 1_000_000\n")
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(50_000_000)
    result = run("check", "a.txt")
    assert "a.txt: is larger than 1,000,000 bytes" in result.stderr
    assert result.exit_code == 2


def test_a_hundred_thousand_marks_and_a_megabyte_of_name(run: RunCommand, tmp_path: Path) -> None:
    text = (
        f"{'B' * 100_000} Blinken{'̖́' * 50_000} said. President Biden’s visit; since biden’s visit, nothing."
    )
    (tmp_path / "a.txt").write_text(text)
    result = run("check", "a.txt")
    assert result.exit_code == 1
    assert len(result.stdout) < 2000
    answers = records(run("match", "--format", "jsonl", "B" * 1_000_000, "e" + "̖́" * 50_000).stdout)
    assert [list(answer) for answer in answers] == [["id", "error"]] * 2


# --- the other commands ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["check", "a.txt"], ["match", "x"], ["aliases", "check"], ["serve"]])
def test_a_folder_without_registry(command: list[str], run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    option = [] if command[0] == "aliases" else ["--registry"]
    result = run(*command, *option, "empty")
    assert result.exit_code == 2
    assert "no registry file" in result.stdout + result.stderr


def test_aliases_check_lists_every_fault(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("entities:\n  a: {name: A, typo: 1}\n  b: {type: person}\n")
    result = run("aliases", "check", "bad.yaml")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) >= 2
    assert all(line.startswith("bad.yaml:") for line in result.stdout.splitlines())
    assert result.stderr.startswith("normalizer: ")


def test_init_makes_a_working_folder(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", "desk").exit_code == 0
    first = (tmp_path / "desk/aliases/people.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"
    assert json.loads((tmp_path / "desk/aliases/schema.json").read_text())
    assert run("aliases", "check", "desk/aliases").exit_code == 0
    again = run("init", "desk")
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.delenv("NORMALIZER_REGISTRY")
    answers = records(run_here(["match", "--format", "jsonl", "Ruiz", "Blinken"]))
    assert [answer["entity"] for answer in answers] == ["dana-ruiz", None]


def test_init_says_that_it_takes_the_place_of_the_starter(run: RunCommand, tmp_path: Path) -> None:
    for folder, option in (("desk", []), ("both", ["--with-starter"])):
        said = run("init", folder, *option).stdout
        assert "takes the place of the registry that comes with the package" in said
        assert ("holds a copy of that one" in said) is bool(option)
        comment = (tmp_path / folder / ".normalizer.toml").read_text()
        assert "take the place of the\n# names that come with the package" in comment


def test_init_with_the_starter_has_both(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", "desk", "--with-starter").exit_code == 0
    starter = {path.name: path.read_bytes() for path in starter_registry().glob("*.yaml")}
    copied = {path.name: path.read_bytes() for path in (tmp_path / "desk/aliases").glob("*.yaml")}
    assert copied == {"people.yaml": copied["people.yaml"], **starter}
    assert "people.yaml" not in starter
    monkeypatch.chdir(tmp_path / "desk")
    monkeypatch.delenv("NORMALIZER_REGISTRY")
    answers = records(run_here(["match", "--format", "jsonl", "Dana Ruiz", "Antony Blinken"]))
    assert [answer["entity"] for answer in answers] == ["dana-ruiz", "antony-blinken"]


def test_init_makes_all_or_nothing(run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk/aliases").mkdir(parents=True)
    (tmp_path / "desk/aliases/countries.yaml").write_text("mine")
    result = run("init", "desk", "--with-starter")
    assert (result.exit_code, "countries.yaml: is there already" in result.stderr) == (2, True)
    assert [path.name for path in (tmp_path / "desk").rglob("*")] == ["aliases", "countries.yaml"]

    really_open = Path.open

    def fail_at_the_schema(path: Path, *arguments: Any, **more: Any) -> Any:
        if path.name == "schema.json":
            raise OSError(28, "No space left on device", str(path))
        return really_open(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", fail_at_the_schema)
    result = run("init", "new/desk", "--with-starter")
    assert (result.exit_code, "schema.json: cannot be written: no space left" in result.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def run_here(arguments: list[str]) -> str:
    from click.testing import CliRunner

    return CliRunner().invoke(app, arguments, catch_exceptions=False).stdout


def test_bad_configuration(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / ".normalizer.toml").write_text("registri = 'x'\n")
    result = run("match", "x")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "unknown setting 'registri'" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "-", "-"],
        ["check", "--diff", "--format", "json", "a"],
        ["check", "--fix=safe", "a"],
        ["match", "--input", "jsonl", "x"],
        ["match", "--limit", "0", "x"],
        ["compare", "one"],
        ["compare", "--input", "tsv", "a", "b"],
        ["serve", "--workers", "0"],
        ["serve", "--port", "70000"],
        ["chek"],
    ],
)
def test_wrong_usage(arguments: list[str], run: RunCommand) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


# --- help and docs -----------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(app)
    for name in COMMANDS:
        command = app.get_command(context, name)  # type: ignore[attr-defined]
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", part) for inner, part in command.commands.items())
        else:
            yield name, command


DOCS = Path(__file__).parents[1] / "docs"
SECTIONS = dict(
    re.findall(r"^## `normalizer ([a-z ]+)`$(.*?)(?=^## |\Z)", (DOCS / "cli.md").read_text(), re.M | re.S)
)


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_commands_have_help_and_are_documented(name: str, command: click.Command) -> None:
    section = SECTIONS[name]
    assert command.help
    assert command.epilog
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    documented = set(re.findall(r"^\| `(--[a-z-]+)", section, re.M))
    assert documented == options
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None)


def test_docs_know_no_other_commands() -> None:
    assert set(SECTIONS) == {name for name, _ in commands()}


# --- lines -------------------------------------------------------------------------------------------


class Endless:
    """A stream of one line that does not end, until it does."""

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks

    def read1(self, size: int) -> bytes:
        self.chunks -= 1
        return b"x" * size if self.chunks > 0 else b"\nBiden" if self.chunks == 0 else b""


def test_an_endless_line_is_not_kept() -> None:
    batches = list(read_batches(Endless(4000)))  # a gigabyte
    assert [(line.number, line.data, bool(line.error)) for batch in batches for line in batch] == [
        (1, b"", True), (2, b"Biden", False),
    ]  # fmt: skip


def test_lines_end_as_they_like() -> None:
    lines = [line.data for batch in read_batches(BytesIO(b"a\r\nb\n\nc\rd")) for line in batch]
    assert lines == [b"a", b"b", b"", b"c\rd"]
    assert list(read_batches(BytesIO(b""))) == []
    exact = b"x" * LONGEST_LINE
    (batch,) = read_batches(BytesIO(exact + b"\r\n"))
    assert (batch[0].data, batch[0].error) == (exact, "")
