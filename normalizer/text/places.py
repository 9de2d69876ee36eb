"""Lines and columns of offsets."""

from __future__ import annotations

import bisect
import re

_LINE_END = re.compile(r"\r\n|\r|\n")


class LineMap:
    """Turns offsets of one text into lines and columns.

    Lines end with LF, CRLF or CR, as editors count them. Lines and columns count from 1, columns in
    code points.
    """

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
