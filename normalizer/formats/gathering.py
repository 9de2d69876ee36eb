"""Blocks and markup gathered while a marked-up source is walked through from its beginning to its end."""

from __future__ import annotations

import re

from normalizer.model import Span
from normalizer.text.markup import Markup
from normalizer.text.scope import Stretch

_LETTER = re.compile(r"[^\W_]")
_FIRST = re.compile(r"\S")


class Gathering:
    """What of a source is prose, told stretch by stretch; blocks begin and end with something to read.

    Args:
        source: The source.

    Attributes:
        blocks: The blocks that are whole, in order; each holds a letter or digit.
        markup: What does not read as it stands in them, in order.
        comments: Where comments stand, in order.
        quoted: Where block quotations stand, in order of their ends.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.blocks: list[Span] = []
        self.markup: list[Markup] = []
        self.comments: list[Stretch] = []
        self.quoted: list[Stretch] = []
        self._start = -1
        self._end = 0
        self._is_text = False
        self._pieces: list[Markup] = []

    def text(self, start: int, end: int) -> None:
        """A stretch that reads as it stands."""
        found = _FIRST.search(self._source, start, end)
        if found is None:
            return
        if self._start < 0:
            self._start = found.start()
        self._end = start + len(self._source[start:end].rstrip())
        self._is_text = self._is_text or _LETTER.search(self._source, start, end) is not None

    def piece(self, start: int, end: int, reads: str) -> None:
        """A stretch that reads as something else, or as nothing."""
        if self._start < 0:
            if not reads.strip():
                return
            self._start = start
        last = self._pieces[-1] if self._pieces else None
        if last is not None and last.end == start and not (reads or last.reads):
            self._pieces[-1] = Markup(last.start, end, "")
        else:
            self._pieces.append(Markup(start, end, reads))
        if reads.strip():
            self._end = end
            self._is_text = self._is_text or _LETTER.search(reads) is not None

    def end_block(self) -> None:
        """The end of a block: a sentence ends with it."""
        while self._pieces and self._pieces[-1].start >= self._end:
            self._pieces.pop()
        if self._is_text:
            self.blocks.append(Span(self._start, self._end))
            self.markup += self._pieces
        self._start, self._is_text, self._pieces = -1, False, []
