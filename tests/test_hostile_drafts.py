"""Drafts that break programs, through the command line: each is mended in its letters only, or left as it is.

What is said of Word files that are damaged or an attack is tested in `test_docx_refusals`; here, that the
command leaves them alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import word_files as word
from conftest import RunCommand

from normalizer.formats.docx.markup import UNWRITABLE

BODY = "President Biden met Lavrov. Since biden’s visit, nothing."
FIX = ("biden", "Biden")
LINE_ENDS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
KNOWN = "Antony Blinken met Sergey Lavrov. "
GOOD = word.word_file(word.paragraph(word.run(BODY)))
CAPITALS = "ANTONY BLINKEN MET LAVROV. BOTH LAVROV AND BLINKON SPOKE."

CASES = [
    pytest.param("a.txt", "," * 1_000_000, [], id="a million commas"),
    pytest.param("a.md", "," * 1_000_000, [], id="a million commas in Markdown"),
    pytest.param("a.html", "," * 1_000_000, [], id="a million commas in a page"),
    pytest.param("a.txt", "Lavrov," * 20_000, [], id="a list of names that never ends"),
    pytest.param("a.txt", f"قال الرئيس لافروف \u202e{BODY}\u202c אמר", [FIX], id="right to left"),
    pytest.param("a.html", f"<p dir=rtl>قال \u200f{BODY}\u200f אמר", [FIX], id="right to left in a page"),
    *(pytest.param("a.txt", f"1.{end}{BODY}{end}2.{end}", [FIX], id=f"end {end!r}") for end in LINE_ENDS),
    pytest.param(
        "a.txt", KNOWN + "Lavrov and Blin\u043aen spoke. So Lavrov and Blink\u043en met Сергей Лавров.",
        [("Blin\u043aen", "Blinken"), ("Blink\u043en", "Blinken")], id="Cyrillic letters in a name",
    ),
    pytest.param("a.txt", CAPITALS, [("BLINKON", "BLINKEN")], id="all capitals"),
    pytest.param("a.html", f"<div><b><p><a href='x'>{BODY}" + "<b><a " * 20_000, [FIX], id="unclosed tags"),
    pytest.param("a.html", "<b>" * 100_000 + BODY, [FIX], id="a hundred thousand open tags"),
    pytest.param("a.html", BODY + "<a " * 100_000, [FIX], id="a hundred thousand broken tags"),
    pytest.param("a.html", BODY + "<!--" * 100_000, [FIX], id="comments without an end"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fixes"), CASES)
def test_a_sound_result(
    name: str, text: str, fixes: list[tuple[str, str]], run: RunCommand, tmp_path: Path
) -> None:
    source = text.encode()
    (tmp_path / name).write_bytes(source)
    result = run("check", "--fix", "--unsafe-fixes", "--backup", name)
    assert (result.exit_code, result.stderr) == (0, "")
    for old, new in fixes:
        text = text.replace(old, new)
    assert (tmp_path / name).read_bytes().decode() == text
    kept = [path.read_bytes() for path in tmp_path.iterdir() if path.name != name]
    assert kept == ([source] if fixes else [])


@pytest.mark.parametrize(("text", "fixes"), [case.values[1:] for case in CASES if case.values[0] == "a.txt"])
def test_the_same_in_one_paragraph_of_a_word_file(
    text: str, fixes: list[tuple[str, str]], run: RunCommand, tmp_path: Path
) -> None:
    writable = UNWRITABLE.sub(" ", text)
    data = word.word_file(word.paragraph(word.run(writable)))
    (tmp_path / "a.docx").write_bytes(data)
    result = run("check", "--fix", "--unsafe-fixes", "a.docx")
    assert (result.exit_code, result.stderr) == (0, "")
    fixed = (tmp_path / "a.docx").read_bytes()
    wanted = word.text_of(data)
    assert word.text_of(word.settled(fixed, accept=False)) == wanted
    for old, new in fixes:
        wanted = wanted.replace(old, new)
    assert word.text_of(word.settled(fixed, accept=True)) == wanted
    assert (fixed == data) is not bool(fixes)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD[: len(GOOD) // 2], id="cut short"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), id="locked"
        ),
        pytest.param(word.packed({**word.entries(GOOD), word.MAIN: bytes(1 << 27)}), id="zip bomb"),
        pytest.param(
            word.packed({**word.entries(GOOD), word.MAIN: '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
            id="entity",
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line_and_left_alone(
    data: bytes, run: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    result = run("check", "--fix", "--backup", "a.docx")
    assert result.exit_code == 2
    assert result.stderr.startswith("normalizer: a.docx: ")
    assert result.stderr.count("\n") == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [data]
