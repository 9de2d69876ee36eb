"""Edits of a text: stretches and what is written in their place.

A list of edits is in order of place and none overlaps another; its offsets count code points of one text,
the one *before*; the text with all of them written is the one *after*.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple


class Edit(NamedTuple):
    """What is written in place of a stretch of a text."""

    start: int
    end: int
    replacement: str

    @property
    def growth(self) -> int:
        """How many code points the text becomes longer by."""
        return len(self.replacement) - (self.end - self.start)


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Write edits into the text before.

    >>> edited("abcdef", [Edit(1, 2, "BB"), Edit(4, 6, "")])
    'aBBcd'
    """
    pieces, end = [], 0
    for edit in edits:
        pieces += [text[end : edit.start], edit.replacement]
        end = edit.end
    return "".join([*pieces, text[end:]])


def composed(first: Sequence[Edit], text: str, second: Sequence[Edit]) -> tuple[Edit, ...]:
    """Make one list of two that were written one after the other.

    Args:
        first: Edits of the text before.
        text: The text after them.
        second: Edits of that text.

    Returns:
        Edits of the text before that have the effect of both. Those of the second list that touch what the
        first list wrote are one edit with it.

    >>> composed([Edit(0, 1, "xyz")], "xyzbc", [Edit(2, 4, "!")])
    (Edit(start=0, end=2, replacement='xy!'),)
    """
    if not first:
        return tuple(second)
    way = _WayBack(first)
    whole = []
    for start, end, here in _clusters(zip(way.starts, way.ends, strict=True), second):
        replacement = edited(text[start:end], [Edit(s - start, e - start, r) for s, e, r in here])
        whole.append(Edit(way.start(start), way.end(end), replacement))
    return tuple(whole)


def places_before(edits: Sequence[Edit], stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where stretches of the text after stand in the text before; they are widened to the edits they touch.

    >>> places_before([Edit(0, 3, "x")], [(2, 4), (0, 1)])
    [(4, 6), (0, 3)]
    """
    way = _WayBack(edits)
    return [(way.start(start), way.end(end)) for start, end in stretches]


class _WayBack:
    """The way from the text after some edits back to the text before them."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._shifts = [0, *accumulate(edit.growth for edit in edits)]
        self.starts = [edit.start + shift for edit, shift in zip(edits, self._shifts, strict=False)]
        self.ends = [edit.end + shift for edit, shift in zip(edits, self._shifts[1:], strict=True)]

    def start(self, offset: int) -> int:
        """The place before of the beginning of a stretch."""
        at = bisect_left(self.ends, offset)
        if at < len(self._edits) and self.starts[at] <= offset:
            return self._edits[at].start
        return offset - self._shifts[at]

    def end(self, offset: int) -> int:
        """The place before of the end of a stretch."""
        at = bisect_right(self.starts, offset)
        if at and offset <= self.ends[at - 1]:
            return self._edits[at - 1].end
        return offset - self._shifts[at]


def _clusters(
    written: Iterable[tuple[int, int]], second: Sequence[Edit]
) -> list[tuple[int, int, list[Edit]]]:
    """Group what touches: stretches of one text, each with the edits of the second list in it."""
    items: list[tuple[int, int, list[Edit]]] = [(start, end, []) for start, end in written]
    items += [(edit.start, edit.end, [edit]) for edit in second]
    clusters: list[tuple[int, int, list[Edit]]] = []
    for start, end, here in sorted(items, key=lambda item: item[:2]):
        if clusters and start <= clusters[-1][1]:
            first_start, last_end, before = clusters.pop()
            clusters.append((first_start, max(last_end, end), before + here))
        else:
            clusters.append((start, end, here))
    return clusters
