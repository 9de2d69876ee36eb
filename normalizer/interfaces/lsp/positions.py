"""Places of a text as the protocol has them: a line, and units within it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from lsprotocol.types import Position, Range

from normalizer.text.units import CodeUnits

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
"""What ends a line in the protocol, and nothing else does."""


class Lines:
    """The lines of one text.

    Args:
        text: The text.
        encoding: What columns are counted in: "utf-8", "utf-16" or "utf-32".
    """

    def __init__(self, text: str, encoding: str) -> None:
        self._text, self._encoding = text, encoding
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    @cached_property
    def _units(self) -> CodeUnits:
        return CodeUnits(self._text, self._encoding)

    def offset(self, position: Position) -> int:
        """The place of a position; one behind the end of its line, or of the text, is taken for that end."""
        line = max(0, position.line)
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self._end(line)
        return max(start, min(end, self._units.offset(self._units.at(start) + max(0, position.character))))

    def position(self, offset: int) -> Position:
        """The position of a place."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units.at(offset) - self._units.at(self._starts[line]))

    def range(self, start: int, end: int) -> Range:
        """The range of a stretch."""
        return Range(self.position(start), self.position(end))

    def pieces(self, start: int, end: int) -> list[tuple[Position, int]]:
        """A stretch cut at the ends of lines: where each piece begins, and its length in units."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end) - 1
        pieces = []
        for line in range(first, last + 1):
            begin, stop = max(start, self._starts[line]), min(end, self._end(line))
            if begin < stop:
                pieces.append((self.position(begin), self._units.at(stop) - self._units.at(begin)))
        return pieces

    def _end(self, line: int) -> int:
        """Where the text of a line ends, before what ends the line."""
        if line + 1 >= len(self._starts):
            return len(self._text)
        end = self._starts[line + 1]
        return end - (2 if self._text.startswith("\r\n", end - 2) and end - 2 >= self._starts[line] else 1)
