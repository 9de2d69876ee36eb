"""Offsets as other programs count them: in the units of UTF-8, UTF-16 or UTF-32."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

_LONGER: Final = {"utf-8": ("\x7f", "\u07ff", "\uffff"), "utf-16": ("\uffff",), "utf-32": ()}
"""By encoding the last characters of one unit, of two, and so on; bytes in UTF-8."""


class CodeUnits:
    """Turns offsets of one text from code points into units of an encoding, and back.

    JavaScript, Java and LanguageTool count in UTF-16, the editors' protocol in what both sides agree on.

    >>> units = CodeUnits("a😀b")
    >>> units.at(2), units.offset(3), units.offset(2)
    (3, 2, 1)

    Args:
        text: The text.
        encoding: "utf-8", "utf-16" or "utf-32".
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._length = len(text)
        limits = () if text.isascii() else _LONGER[encoding]
        self._wide = [[place for place, char in enumerate(text) if char > limit] for limit in limits]

    def at(self, offset: int) -> int:
        """The offset in units of an offset in code points."""
        return offset + sum(bisect_left(places, offset) for places in self._wide)

    def offset(self, units: int) -> int:
        """The offset in code points of an offset in units; inside of a character it is its start."""
        if not self._wide:
            return min(units, self._length)
        return bisect_right(range(self._length + 1), units, key=self.at) - 1
