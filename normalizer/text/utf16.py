"""Offsets as JavaScript, Java and the editors' protocols count them: in UTF-16 units."""

from __future__ import annotations

from bisect import bisect_left


class Utf16Offsets:
    """Turns offsets of one text from code points into UTF-16 units.

    >>> Utf16Offsets("a😀b").at(2)
    3
    """

    def __init__(self, text: str) -> None:
        wide = not text.isascii() and max(text) > "\uffff"
        self._pairs = [place for place, char in enumerate(text) if char > "\uffff"] if wide else []

    def at(self, offset: int) -> int:
        """The offset in UTF-16 units of an offset in code points."""
        return offset + bisect_left(self._pairs, offset)
