"""The text of a Word file: paragraph by paragraph, with the elements that each letter stands in.

What a reader sees is text: the body with its tables, hyperlinks and content controls, text boxes, footnotes,
endnotes, headers and footers, and what others have inserted. Not text are what others have deleted, field
codes (their results are), placeholders of empty content controls, readings above ruby text, formulas, and
the copy of a text box that is kept for old programs. Elements are those of ECMA-376 part 1, chapter 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from normalizer.formats.docx.markup import ALTERNATIVES, SPACE, Element
from normalizer.formats.docx.package import Package
from normalizer.model import Document, Paragraph, Span

_CHARACTERS: Final = {
    "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad",
    "sym": "\ufffc",
}  # fmt: skip
"""Elements that stand for one character."""
_SKIPPED: Final = ("del", "moveFrom", "pPr", "rPr", "sdtPr", "rt")
"""Elements that hold nothing of the text."""
_OTHERS: Final = ("p", "t", "sdt", "fldChar")
_BLANKS: Final = str.maketrans("\t\n\r", "   ")
_LETTER = re.compile(r"[^\W_]")


class Piece(NamedTuple):
    """Text of a paragraph that one element holds; places are offsets in the paragraph."""

    start: int
    end: int
    element: Element


@dataclass(slots=True)
class Passage:
    """A paragraph with the elements that its text stands in.

    Attributes:
        element: The paragraph.
        part: The part it is in.
        number: Which paragraph of that part it is, from 1.
        text: What a reader sees.
        pieces: The elements that hold it, in order; each is a child of a run.
    """

    element: Element
    part: str
    number: int
    text: str = ""
    pieces: list[Piece] = field(default_factory=list)

    def place(self, start: int = 0) -> Paragraph:
        """The paragraph as a place of a draft in whose text it begins at an offset."""
        return Paragraph(start, self.part, self.number)


def read_docx(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read a Word file; its text is that of its paragraphs, each on lines of its own.

    Args:
        name: The file as the user named it.
        data: All of its bytes.
        encoding: Not heeded; a Word file says itself how it is encoded.

    Raises:
        DraftError: It is no Word file, or a damaged, protected or hostile one.
    """
    pieces, blocks, paragraphs = [], [], []
    for start, passage in located(Package(name, data)):
        pieces.append(passage.text + "\n")
        paragraphs.append(passage.place(start))
        if _LETTER.search(passage.text) is not None:
            blocks.append(Span(start, start + len(passage.text)))
    return Document(name, "".join(pieces), tuple(blocks), paragraphs=tuple(paragraphs))


def located(package: Package) -> Iterator[tuple[int, Passage]]:
    """Give the paragraphs of a Word file that have text, each with where it begins in the file's text."""
    start = 0
    for part in package.stories():
        for passage in passages(package.root(part), part, package.namespace(part) or ""):
            if passage.text:
                yield start, passage
                start += len(passage.text) + 1


def passages(root: Element, part: str, namespace: str) -> Iterator[Passage]:
    """Give the paragraphs of a part, or in an element of one, in the order they begin in.

    A paragraph with a text box comes before the paragraphs in the box.

    Args:
        root: Where to look for them.
        part: The part it is of.
        namespace: The namespace of its text.
    """
    reader = _Reader(part, namespace, root.get(SPACE) == "preserve")
    walk = etree.iterwalk(root, events=("start", "end"), tag=list(reader.kinds))
    for event, element in walk:
        if element is root:
            continue
        if event == "end":
            reader.end(element)
            yield from reader.finished()
        elif not reader.start(element):
            walk.skip_subtree()


class _Open(NamedTuple):
    """A paragraph that is being read; text boxes put one into another."""

    passage: Passage
    texts: list[str]
    in_codes: list[bool]


class _Reader:
    """Collects passages from a walk through the elements.

    Attributes:
        kinds: What each element of interest is called without its namespace, by its tag.
    """

    def __init__(self, part: str, namespace: str, keeps_blanks: bool) -> None:
        names = (*_CHARACTERS, *_SKIPPED, *_OTHERS)
        self.kinds = {f"{{{namespace}}}{name}": name for name in names}
        self.kinds.update(dict.fromkeys(ALTERNATIVES, "alternative"))
        self._passages: list[Passage] = []
        self._count = 0
        self._part, self._keeps_blanks = part, keeps_blanks
        self._run = f"{{{namespace}}}r"
        self._placeholder = f"{{{namespace}}}sdtPr/{{{namespace}}}showingPlcHdr"
        self._type = f"{{{namespace}}}fldCharType"
        self._open: list[_Open] = []

    def start(self, element: Element) -> bool:
        """Take in the beginning of an element; False if nothing in it counts."""
        kind = self.kinds[str(element.tag)]
        if kind in _SKIPPED:
            return False
        if kind == "p":
            self._count += 1
            passage = Passage(element, self._part, self._count)
            self._passages.append(passage)
            self._open.append(_Open(passage, [], []))
        elif kind == "alternative":
            return element.getprevious() is None
        elif kind == "sdt":
            return element.find(self._placeholder) is None
        elif self._open:
            self._take(kind, element, self._open[-1])
        return True

    def end(self, element: Element) -> None:
        """Take in the end of an element."""
        if self._open and element is self._open[-1].passage.element:
            passage, texts, _ = self._open.pop()
            passage.text = "".join(texts)

    def finished(self) -> list[Passage]:
        """What is read since it was asked last, once no paragraph is open any more."""
        if self._open:
            return []
        passages, self._passages = self._passages, []
        return passages

    def _take(self, kind: str, element: Element, here: _Open) -> None:
        """Take in what stands in a paragraph."""
        passage, texts, in_codes = here
        offset = passage.pieces[-1].end if passage.pieces else 0
        if kind == "fldChar":
            _follow_field(element.get(self._type, ""), in_codes)
        else:
            parent = element.getparent()
            if parent is None or parent.tag != self._run or any(in_codes):
                return
            text = _CHARACTERS.get(kind) or text_of(element, self._keeps_blanks)
            if text:
                passage.pieces.append(Piece(offset, offset + len(text), element))
                texts.append(text)


def text_of(element: Element, keeps_blanks: bool = False) -> str:
    """The text of a text element as it is shown, without blanks at its ends unless it says to keep them."""
    text = (element.text or "") + "".join(child.tail or "" for child in element)
    text = text.translate(_BLANKS)
    return text if keeps_blanks or element.get(SPACE) == "preserve" else text.strip(" ")


def _follow_field(mark: str, in_codes: list[bool]) -> None:
    """Keep account of the fields around a place: whether their code is not over yet, the innermost last.

    A field may go over several paragraphs; what is looked at here is its part in one, and in the others it
    is all result.
    """
    if mark == "begin":
        in_codes.append(True)
    elif in_codes and mark == "separate":
        in_codes[-1] = False
    elif in_codes and mark == "end":
        in_codes.pop()
