"""Runs cut to measure: what is to be replaced stands in runs of its own, with the formatting it had.

A run is a stretch of text with one formatting. It may hold text, tabs and breaks, and things that are no
text, such as the mark of a footnote; those stay where they are, and are never in a run to be replaced.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import groupby, pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

from normalizer.formats.docx.markup import SPACE, Element, sibling_tag
from normalizer.formats.docx.reading import Passage, Piece
from normalizer.text.edits import Edit


class Stretch(NamedTuple):
    """Text of a paragraph, from `start` to `end`, and the run that it stands in."""

    start: int
    end: int
    run: Element


class _Item(NamedTuple):
    """A child of a run, or a part of one: which group it belongs to, and its place in the paragraph."""

    group: tuple[bool, int]
    start: int
    end: int
    element: Element


def cut(passage: Passage, edits: Sequence[Edit], marks: Iterable[int] = ()) -> list[Stretch]:
    """Cut the runs of a paragraph.

    Args:
        passage: The paragraph; its pieces are no longer good for anything afterwards.
        edits: What is to be replaced, in order, at places in the paragraph.
        marks: Places where a run must end and another begin.

    Returns:
        All text of the paragraph, in order; none reaches over an edge of an edit or over a mark.
    """
    cutter = _Cutter(edits, marks)
    stretches: list[Stretch] = []
    for _, pieces in groupby(passage.pieces, key=lambda piece: piece.element.getparent()):
        stretches += cutter.cut(list(pieces), passage.text)
    return stretches


def within(stretches: Sequence[Stretch], start: int, end: int) -> Sequence[Stretch]:
    """Those stretches, of a paragraph that was cut there, that lie between two places."""
    first = bisect_left(stretches, start, key=attrgetter("start"))
    return stretches[first : bisect_left(stretches, end, key=attrgetter("start"))]


class _Cutter:
    """The places to cut at."""

    def __init__(self, edits: Sequence[Edit], marks: Iterable[int]) -> None:
        replaced = [edit for edit in edits if edit.start < edit.end]
        self._starts = [edit.start for edit in replaced]
        self._ends = [edit.end for edit in replaced]
        self._replaced = 0
        self._places = sorted({place for edit in edits for place in edit[:2]} | set(marks))

    def cut(self, pieces: list[Piece], text: str) -> list[Stretch]:
        """Cut the run that some pieces are in; those behind the first are new ones."""
        start, end = pieces[0].start, pieces[-1].end
        run = here = pieces[0].element.getparent()
        assert run is not None
        assert here is not None
        is_whole = bisect_right(self._places, start) == bisect_left(self._places, end)
        if is_whole and not self._is_replaced(start):
            return [Stretch(start, end, run)]
        items = list(self._items(run, pieces, text))
        stretches = []
        for number, (_, members) in enumerate(groupby(items, key=itemgetter(0))):
            content = list(members)
            if number:
                here = _run_behind(here)
                here.extend(item.element for item in content)
            if content[0].start < content[-1].end:
                stretches.append(Stretch(content[0].start, content[-1].end, here))
        return stretches

    def _items(self, run: Element, pieces: list[Piece], text: str) -> Iterator[_Item]:
        """The children of a run, texts cut up, each with its group: those of one group stay together."""
        of_text = {piece.element: piece for piece in pieces}
        offset = pieces[0].start
        for child in run:
            piece = of_text.get(child)
            if piece is not None:
                offset = piece.end
                yield from self._parts(piece, text)
            elif child.tag != properties_tag(run):
                yield _Item((False, bisect_right(self._places, offset)), offset, offset, child)

    def _parts(self, piece: Piece, text: str) -> Iterator[_Item]:
        """One text, cut up, its blanks as they are shown; its own element keeps the beginning."""
        first, last = bisect_right(self._places, piece.start), bisect_left(self._places, piece.end)
        edges = [piece.start, *self._places[first:last], piece.end]
        for start, end in pairwise(edges):
            element = piece.element if start == piece.start else deepcopy(piece.element)
            if element.tag == sibling_tag(element, "t"):
                element[:] = []
                element.text = text[start:end]
                element.set(SPACE, "preserve")
            yield _Item(self._group(start), start, end, element)

    def _group(self, start: int) -> tuple[bool, int]:
        if self._is_replaced(start):
            self._replaced += 1
            return True, self._replaced
        return False, bisect_right(self._places, start)

    def _is_replaced(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset)
        return at > 0 and offset < self._ends[at - 1]


def _run_behind(run: Element) -> Element:
    """A new run with the formatting of another, behind it."""
    new = run.makeelement(run.tag, run.attrib)
    properties = run.find(properties_tag(run))
    if properties is not None:
        new.append(deepcopy(properties))
    run.addnext(new)
    return new


def properties_tag(run: Element) -> str:
    """The tag of the formatting of a run."""
    return f"{run.tag!s}Pr"
