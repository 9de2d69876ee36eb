"""Two drafts as web pages, Markdown and Word files, names cut by marks: always the same four errors.

The second draft is an article that is not ours to keep here; it is read where it lies beside the project.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from word_files import paragraph, run, settled, text_of, word_file, written

from normalizer.engine import Engine
from normalizer.formats import read
from normalizer.model import Applicability, Document
from normalizer.settings import Settings

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT.parent / "shared" / "data" / "article.txt"
DRAFTS = [path for path in (ROOT / "examples" / "summit.txt", ARTICLE) if path.is_file()]
ERRORS = [
    ("Blinkon", "Blinken", "misspelled-name"),
    ("Blinking", "Blinken", "word-for-name"),
    ("Blinking", "Blinken", "word-for-name"),
    ("biden", "Biden", "wrong-case"),
]
NAMES = re.compile("(Blinkon|Blinking|biden|Lavrov|Putin)")


def page(text: str) -> bytes:
    cuts = {
        "Blinkon": "Bl<b class='x'>in</b>k&#111;n",
        "Blinking": "<i>Blink</i>ing",
        "biden": "<a href='/blinkon'>bi<!-- Blinkon -->den</a>",
        "Lavrov": "<span>La</span><span>vrov</span>",
        "Putin": "Put<wbr>in",
    }
    lines = NAMES.sub(lambda name: cuts[name[1]], html.escape(text)).splitlines()
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    return f"<!DOCTYPE html>\n<style>.Blinkon {{}}</style>\n{body}<code>Blinkon</code>\n".encode()


def markdown(text: str) -> bytes:
    cuts = {
        "Blinkon": "Bl**inko**n",
        "Blinking": "*Blink*ing",
        "biden": "[bi](https://example.org/Blinkon)den",
        "Lavrov": "**Lav**rov",
        "Putin": "Put*in*",
    }
    return NAMES.sub(lambda name: cuts[name[1]], text).encode() + b"\n\n```\nBlinkon\n```\n"


def latex(text: str) -> bytes:
    cuts = {
        "Blinkon": r"Bl\textbf{inko}n",
        "Blinking": r"\emph{Blink}ing",
        "biden": r"\href{https://example.org/Blinkon}{bi}den% Blinkon",
        "Lavrov": r"{\bf Lav}rov",
        "Putin": r"Put\-in",
    }
    body = NAMES.sub(lambda name: cuts[name[1]] + ("\n" if name[1] == "biden" else ""), text)
    code = "\\begin{verbatim}\nBlinkon\n\\end{verbatim}"
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\n\\label{{Blinkon}}\n{code}\n".encode()


def restructured(text: str) -> bytes:
    cuts = {
        "Blinkon": r"Bl\ **inko**\ n",
        "Blinking": r"*Blink*\ ing",
        "biden": "`biden <https://example.org/Blinkon>`_",
        "Lavrov": r"**Lav**\ rov",
        "Putin": r"Put\ in",
    }
    return NAMES.sub(lambda name: cuts[name[1]], text).encode() + b"\n\n::\n\n   Blinkon\n\n``Blinkon``\n"


def word(text: str) -> bytes:
    cuts = {
        "Blinkon": run("Bli", "b") + run("nko") + "<w:proofErr/>" + run("n", "i"),
        "Blinking": run("Blink") + "<w:bookmarkStart w:id='1' w:name='x'/>" + run("ing", "b"),
        "biden": run("b") + run("iden", "i"),
        "Lavrov": f"<w:hyperlink>{run('Lav', 'b')}</w:hyperlink>{run('rov')}",
        "Putin": f"<w:ins w:id='2' w:author='Ann'>{run('Pu')}</w:ins>{run('tin')}",
    }
    lines = (NAMES.split(line) for line in text.splitlines())
    return word_file("".join(paragraph(*(cuts.get(piece) or run(piece) for piece in line)) for line in lines))


@pytest.fixture(scope="module")
def starter() -> Engine:
    """An engine over the registry that comes with the package."""
    return Engine.open(Settings())


def prose(document: Document) -> str:
    """What is read of a draft, whatever it is written in."""
    return " ".join(" ".join(document.read(block.start, block.end).split()) for block in document.blocks)


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("name", "form"),
    [("a.html", page), ("a.md", markdown), ("a.tex", latex), ("a.rst", restructured), ("a.docx", word)],
)
def test_the_same_four_errors(name: str, form: Callable[[str], bytes], path: Path, starter: Engine) -> None:
    text = path.read_text(encoding="utf-8")
    plain, data = starter.check(text), form(text)
    document = read(name, data)
    found = starter.check(document)
    assert [(item.surface, item.fix.replacement, item.rule) for item in found] == ERRORS
    assert [(item.fix, item.score) for item in found] == [(item.fix, item.score) for item in plain]
    corrected, left, count = starter.fix(document, set(Applicability))
    assert (left, count) == ([], 4)
    right, *_ = starter.fix(read("a.txt", text.encode()), set(Applicability))
    assert prose(corrected) == prose(right)
    if name == "a.docx":
        fixed = written(data, document, corrected.edits, [])
        assert text_of(settled(fixed, accept=True)) == corrected.text
        assert text_of(settled(fixed, accept=False)) == document.text
