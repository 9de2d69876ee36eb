"""Word files on the command line: places, tracked changes, comments, signatures, copies kept."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import RunCommand
from lxml import etree
from word_files import MAIN, W, entries, paragraph, run, text_of, word_file

DRAFT = word_file(
    "<w:p/>"
    + paragraph(run("President Biden met Lavrov. Since b"), run("iden", "b"), run("’s visit, nothing."))
    + paragraph(run("Late, Blinking told nobody.")),
    header1=paragraph(run("Antony Blinken and Sergey Lavrov")),
)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "a.docx"
    path.write_bytes(DRAFT)
    return path


def signatures(data: bytes) -> set[tuple[str, str]]:
    """Who changed or asked something, and when."""
    return {
        (element.get(f"{{{W}}}author", ""), element.get(f"{{{W}}}date", ""))
        for name in (MAIN, "word/comments.xml")
        for element in etree.fromstring(entries(data)[name]).iter(
            f"{{{W}}}ins", f"{{{W}}}del", f"{{{W}}}comment"
        )
    }


def test_places_are_paragraphs(run: RunCommand, draft: Path) -> None:
    result = run("check", "a.docx")
    assert result.exit_code == 1
    assert "\n    ¶2:35  President Biden met Lavrov. Since biden’s visit" in result.stdout
    assert "“Antony Blinken” stands in header1 ¶1" in re.sub(r"\s+", " ", result.stdout)
    case, word = (
        json.loads(line) for line in run("check", "--format", "jsonl", "a.docx").stdout.splitlines()
    )
    places = ("part", "paragraph", "offset", "line", "column", "start")
    assert [case[key] for key in places] == [MAIN, 2, 34, 1, 35, 34]
    assert [word[key] for key in places] == [MAIN, 3, 6, 2, 7, 64]
    assert text_of(DRAFT)[word["start"] : word["end"]] == word["surface"] == "Blinking"


def test_fixing_tracks_changes_and_asks_the_rest(run: RunCommand, draft: Path) -> None:
    result = run("check", "--fix", "--author", "Copy desk", "--date", "2026-11-23T17:05", "a.docx")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.endswith("Fixed 1. 1 finding left: 1 fixable with --fix --unsafe-fixes.\n")
    fixed = draft.read_bytes()
    assert text_of(fixed) == text_of(DRAFT).replace("biden", "Biden")
    assert signatures(fixed) == {("Copy desk", "2026-11-23T17:05:00Z")}
    comment = etree.fromstring(entries(fixed)["word/comments.xml"])[0]
    assert ["".join(text.itertext()).partition(";")[0] for text in comment] == [
        "Blinking → Blinken?", "an English word, but 2 letters from Blinken (Antony Blinken)",
    ]  # fmt: skip
    assert comment.get(f"{{{W}}}initials") == "Cd"
    run("check", "--fix", "a.docx")
    assert draft.read_bytes() == fixed
    result = run("check", "--fix", "--unsafe-fixes", "a.docx")
    assert (result.exit_code, result.stdout) == (0, "Fixed 1. No findings in 1 file.\n")
    assert os.listdir() == ["a.docx"]  # noqa: PTH208


def test_the_date_is_now_and_the_author_this_program(run: RunCommand, draft: Path) -> None:
    run("check", "--fix", "a.docx")
    ((author, date),) = signatures(draft.read_bytes())
    assert author == "normalizer"
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", date)


@pytest.mark.parametrize(
    "option", [["--author", ""], ["--author", "a\x07"], ["--author", "x" * 256], ["--date", "soon"]]
)
def test_nobody_signs_so(option: list[str], run: RunCommand, draft: Path) -> None:
    result = run("check", "--fix", *option, "a.docx")
    assert (result.exit_code, draft.read_bytes()) == (2, DRAFT)
    assert f"Invalid value for '{option[0]}'" in result.stderr


def test_differences_are_those_of_the_text(run: RunCommand, draft: Path) -> None:
    result = run("check", "--diff", "a.docx")
    assert "\n-President Biden met Lavrov. Since biden’s visit, nothing.\n+President Biden" in result.stdout
    assert draft.read_bytes() == DRAFT


def test_copies_are_kept_and_never_overwritten(run: RunCommand, draft: Path, tmp_path: Path) -> None:
    draft.chmod(0o640)
    (tmp_path / "b.txt").write_text("President Biden’s visit; since biden’s visit, nothing.")
    (tmp_path / "clean.txt").write_text("Nothing.")
    for _ in range(2):
        draft.write_bytes(DRAFT)
        run("check", "--fix", "--backup", "a.docx", "b.txt", "clean.txt")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a.docx", "a.docx.bak", "a.docx.bak2", "b.txt", "b.txt.bak", "clean.txt"]
    assert (tmp_path / "a.docx.bak").read_bytes() == (tmp_path / "a.docx.bak2").read_bytes() == DRAFT
    assert (tmp_path / "a.docx.bak").stat().st_mode & 0o777 == 0o640
    assert "biden" in (tmp_path / "b.txt.bak").read_text()


def test_without_a_copy_nothing_is_changed(
    run: RunCommand, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    result = run("check", "--fix", "--backup", "a.docx")
    assert result.exit_code == 2
    assert "a.docx: no copy of it can be kept: no space left on device; nothing was changed" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]
    assert draft.read_bytes() == DRAFT


def test_word_files_have_a_limit_of_their_own(run: RunCommand, draft: Path, tmp_path: Path) -> None:
    (tmp_path / ".normalizer.toml").write_text("[limits]\ndraft = 10\narchive = 100_000\n")
    assert run("check", "a.docx").exit_code == 1
    (tmp_path / ".normalizer.toml").write_text("[limits]\narchive = 1000\n")
    result = run("check", "a.docx")
    assert "a.docx: is larger than 1,000 bytes; cut it up, or raise limits.archive" in result.stderr


def test_a_word_file_under_another_name(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DRAFT)
    assert "if it is a Word file, name it .docx" in run("check", "a.txt").stderr
    assert "if it is a Word file, name it .docx" in run("check", "-", stdin=DRAFT).stderr


def test_what_is_chosen_in_word_files_is_tracked_and_a_copy_kept(
    run: RunCommand, draft: Path, tmp_path: Path
) -> None:
    result = run("check", "-i", "--backup", "--author", "Copy desk", "a.docx", stdin=b"y\nn\ny\n")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "\n    ¶2:35  President Biden" in result.stdout
    fixed = draft.read_bytes()
    assert text_of(fixed) == text_of(DRAFT).replace("biden", "Biden")
    assert b"Copy desk" in entries(fixed)[MAIN]
    assert "word/comments.xml" not in entries(fixed)
    assert (tmp_path / "a.docx.bak").read_bytes() == DRAFT


@pytest.mark.parametrize("shape", ["unix", "github", "html"])
def test_reports_tell_places_in_word_files_by_paragraph(shape: str, run: RunCommand, draft: Path) -> None:
    assert "¶2:35" in run("check", "--format", shape, "a.docx").stdout


def test_no_report_gives_lines_or_changes_of_bytes_that_are_no_text(run: RunCommand, draft: Path) -> None:
    first, *_ = json.loads(run("check", "--format", "sarif", "a.docx").stdout)["runs"][0]["results"]
    assert "fixes" not in first
    (location,) = first["locations"]
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "a.docx"}}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "word/document.xml ¶2:35"
    annotations = run("check", "--format", "github", "a.docx").stdout
    assert annotations.startswith("::warning title=normalizer (wrong-case),file=a.docx::a.docx:¶2:35: biden")
