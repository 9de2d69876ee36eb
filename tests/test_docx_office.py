"""Word files through other programs: made by python-docx and LibreOffice, settled by LibreOffice.

LibreOffice accepts or rejects all changes, and saves each file anew; what it makes of the untouched file is
what a rejected one must be.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import pytest
from conftest import CASES
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from word_files import MAIN, entries, formatted, question, text_of, written

from normalizer.formats import read
from normalizer.model import Finding
from normalizer.text.edits import Edit, edited

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="soffice (LibreOffice) is not installed")
TASKS = ("", "Accept", "Reject")
MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
  script:language="StarBasic">
Sub Settle(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim filter(0) As New com.sun.star.beans.PropertyValue
  filter(0).Name = "FilterName"
  filter(0).Value = "MS Word 2007 XML"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  name = Dir(source &amp; "/*.docx")
  Do While name &lt;&gt; ""
    For Each task In Array("", "Accept", "Reject")
      path = ConvertToURL(source &amp; "/" &amp; name)
      draft = StarDesktop.loadComponentFromURL(path, "_blank", 0, hidden())
      If task &lt;&gt; "" Then
        frame = draft.CurrentController.Frame
        dispatcher.executeDispatch(frame, ".uno:" &amp; task &amp; "AllTrackedChanges", "", 0, Array())
      End If
      draft.storeToURL(ConvertToURL(target &amp; "/" &amp; task &amp; name), filter())
      draft.close(True)
    Next
    name = Dir()
  Loop
  StarDesktop.terminate()
End Sub
</script:module>
"""


# --- files that others made -----------------------------------------------------------------------------


def look(run: Run, style: str) -> None:
    """Format a run: b(old), i(talic), r(ed), 1 (14 points)."""
    run.bold, run.italic = "b" in style or None, "i" in style or None
    if "r" in style:
        run.font.color.rgb = RGBColor(0xC0, 0, 0)
    if "1" in style:
        run.font.size = Pt(14)


def add(paragraph: Paragraph, *runs: tuple[str, str]) -> None:
    for text, style in runs:
        look(paragraph.add_run(text), style)


def wrapped(paragraph: Paragraph, tag: str, **attributes: str) -> None:
    """Put the last run of a paragraph into another element."""
    outer = OxmlElement(tag, {qn(name.replace("_", ":")): value for name, value in attributes.items()})
    run = paragraph.runs[-1]._r
    run.addprevious(outer)
    outer.append(run)


def by_python_docx() -> bytes:
    draft = docx.Document()
    first = draft.add_paragraph("Secretary of State Antony Blinken called. ")
    add(first, ("Lavrov and ", ""), ("Bl", "b"), ("ink", "r"), ("on", "i1"), ("’s aides\tagreed.", ""))
    second = draft.add_paragraph("See ")
    add(second, ("Blinkon", "i"))
    wrapped(second, "w:hyperlink", w_anchor="top")
    add(second, (" and, says Ann, ", ""), ("Blinkon again", "b"))
    wrapped(second, "w:ins", w_id="1", w_author="Ann", w_date="2026-01-02T03:04:05Z")
    draft.add_table(1, 2).cell(0, 1).text = "Blinkon"
    section = draft.sections[0]
    section.header.paragraphs[0].text = "Talks of Blinkon"
    add(section.footer.paragraphs[0], ("Draft for Bli", "1"), ("nkon", "b"))
    return saved(draft)


def of_two_thousand_paragraphs() -> bytes:
    draft = docx.Document()
    for number in range(2000):
        add(draft.add_paragraph(), (f"In paragraph {number} ", "i"), ("Bli", "b"), ("nkon spoke.", ""))
    return saved(draft)


def saved(draft: docx.document.Document) -> bytes:
    file = BytesIO()
    draft.save(file)
    return file.getvalue()


# --- LibreOffice ----------------------------------------------------------------------------------------


@dataclass
class Settled:
    """A file as LibreOffice saved it: as it was, and with all changes accepted or rejected."""

    untouched: bytes
    accepted: bytes
    rejected: bytes


@dataclass
class Office:
    """LibreOffice with a profile of its own."""

    folder: Path

    def run(self, *arguments: str) -> None:
        assert SOFFICE is not None
        profile = f"-env:UserInstallation=file://{self.folder}/profile"
        command = [SOFFICE, profile, "--headless", "--norestore", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False,
            env={**os.environ, "HOME": str(self.folder)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def as_docx(self, path: Path) -> bytes:
        self.run("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(self.folder), str(path))
        return (self.folder / f"{path.stem}.docx").read_bytes()

    def settle(self, files: dict[str, bytes]) -> dict[str, Settled]:
        macro = self.folder / "profile" / "user" / "basic" / "Standard" / "Module1.xba"
        macro.write_text(MACRO, encoding="utf-8")
        source, target = self.folder / "source", self.folder / "target"
        for folder in (source, target):
            folder.mkdir(exist_ok=True)
        for name, data in files.items():
            (source / f"{name}.docx").write_bytes(data)
        self.run(f"macro:///Standard.Module1.Settle({source},{target})")
        return {
            name: Settled(*((target / f"{task}{name}.docx").read_bytes() for task in TASKS)) for name in files
        }


@dataclass
class Trial:
    """A file, the same corrected, and what LibreOffice makes of both."""

    before: Settled
    after: Settled


def blinken_for_blinkon(data: bytes) -> bytes:
    """Correct every Blinkon, and ask about the first Lavrov."""
    document = read("a.docx", data)
    edits = [Edit(found.start(), found.end(), "Blinken") for found in re.finditer("Blinkon", document.text)]
    text = edited(document.text, edits)
    left: list[Finding] = [question(text, "Lavrov")] if "Lavrov" in text else []
    return written(data, document, edits, left)


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trial]:
    office = Office(tmp_path_factory.mktemp("office"))
    files = {
        "stories": office.as_docx(CASES / "word" / "stories.fodt"),
        "python-docx": by_python_docx(),
        "long": of_two_thousand_paragraphs(),
    }
    corrected = {f"{name}-corrected": blinken_for_blinkon(data) for name, data in files.items()}
    settled = office.settle({**files, **corrected})
    return {name: Trial(settled[name], settled[f"{name}-corrected"]) for name in files}


def all_formatted(data: bytes) -> dict[str, list[tuple[str, ...]]]:
    """Every letter of every story with its formatting; comments are left out."""
    return {
        name: [item for item in formatted(data, name) if "w:comment" not in item[0]]
        for name in entries(data)
        if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", name)
    }


def mended(letters: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each Blinkon made Blinken, in the formatting of most of its letters."""
    text = "".join(item[0] if len(item[0]) == 1 else "\0" for item in letters)
    pieces, end = [], 0
    for found in re.finditer("Blinkon", text):
        word = letters[found.start() : found.end()]
        _, *style = max(word, key=lambda item: sum(item[1:] == other[1:] for other in word))
        pieces += [*letters[end : found.start()], *((letter, *style) for letter in "Blinken")]
        end = found.end()
    return [*pieces, *letters[end:]]


@needs_libreoffice
@pytest.mark.parametrize(("name", "count"), [("stories", 8), ("python-docx", 6), ("long", 2000)])
def test_libreoffice_accepts_and_rejects_all(name: str, count: int, trials: dict[str, Trial]) -> None:
    before, after = trials[name].before, trials[name].after
    original = text_of(before.accepted)
    assert original.count("Blinkon") == count
    assert text_of(after.accepted) == original.replace("Blinkon", "Blinken")
    assert text_of(after.rejected) == text_of(before.rejected)
    assert all_formatted(after.rejected) == all_formatted(before.rejected)
    expected = {part: mended(letters) for part, letters in all_formatted(before.accepted).items()}
    assert all_formatted(after.accepted) == expected


@needs_libreoffice
def test_libreoffice_sees_the_changes_and_the_comment(trials: dict[str, Trial]) -> None:
    parts = entries(trials["python-docx"].after.untouched)
    main = parts[MAIN].decode()
    ours = r'<w:ins w:id="\d+" w:author="normalizer" w:date="2026-11-23T17:05:00Z">'
    assert len(re.findall(ours, main)) == 4
    assert 'w:author="Ann"' in main
    assert "why Lavrov" in re.sub(r"<[^>]*>", "", parts["word/comments.xml"].decode())


# --- python-docx ----------------------------------------------------------------------------------------


def test_python_docx_opens_what_we_write() -> None:
    draft = docx.Document(BytesIO(blinken_for_blinkon(by_python_docx())))
    (comment,) = draft.comments
    assert (comment.author, comment.initials, comment.text) == ("normalizer", "n", "Lavrov:\nwhy Lavrov")
    assert draft.paragraphs[0].text.endswith("Lavrov and ’s aides\tagreed.")  # it passes changes over
