"""The XML of a sheet cut into the texts of its rows; cells named and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.sax.saxutils import escape

from lxml import etree

from normalizer.errors import TableError
from normalizer.tables.workbook import text_written

LONGEST_ROW: Final = 1 << 26
"""Longest row in bytes of XML (chosen)."""
_SHEET_DATA: Final = re.compile(rb"<([\w.-]+:)?sheetData(?=[\s/>])[^>]*>")
_SPACES: Final = re.compile(rb"""\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')""")


class Cut:
    """A sheet cut into what stands before its rows, the rows, and what stands behind them.

    Args:
        chunks: The bytes of the sheet.
        name: What to call it in messages.

    Attributes:
        bytes_read: How far it is read.
        prefix: What stands before the names of tags, if anything.
        cell_tag: Finds the beginnings of cells in a row.
    """

    def __init__(self, chunks: Iterator[bytes], name: str) -> None:
        self._chunks, self._name = chunks, name
        self._held = b""
        self.bytes_read = 0
        self.prefix = b""
        self.cell_tag = re.compile(b"")
        self._is_empty = False

    def head(self) -> bytes:
        """What stands before the rows, without the size of the sheet, which changes; to be asked first."""
        while not (found := _SHEET_DATA.search(self._held)):
            if not self._more() or len(self._held) > LONGEST_ROW:
                raise TableError(
                    f"{self._name}: its sheet has no rows that can be found; save it anew in Excel"
                )
        self.prefix = found[1] or b""
        self._is_empty = found[0].endswith(b"/>")
        head, self._held = self._held[: found.end()], self._held[found.end() :]
        spaces = b"".join(_SPACES.findall(head))
        self._wrap = b"<_" + spaces + b">", b"</_>"
        self.cell_tag = re.compile(rb"<" + re.escape(self.prefix) + rb"c(?=[\s/>])")
        self._tag = b"<" + self.prefix + b"row"
        self._close = b"</" + self.prefix + b"row>"
        return re.sub(rb"<(?:[\w.-]+:)?dimension\s[^>]*/>", b"", head, count=1)

    def rows(self) -> Iterator[bytes]:
        """The rows that are left, each as it is written."""
        at = 0
        while not self._is_empty:
            end = self._end_of_row(at)
            if end > 0:
                yield self._held[at:end]
                at = end
                continue
            self._held, at = self._held[at:], 0
            rest = self._held.lstrip()
            if rest and not (self._tag + b" ").startswith(rest[: len(self._tag)]):
                return
            if len(self._held) > LONGEST_ROW:
                raise TableError(
                    f"{self._name}: a row is longer than {LONGEST_ROW:,} bytes; at most that is read"
                )
            if not self._more():
                raise TableError(f"{self._name}: its sheet ends within a row; save it anew in Excel")

    def tail(self) -> Iterator[bytes]:
        """What stands behind the rows."""
        yield self._held
        yield from self._chunks

    def parsed(self, data: bytes) -> Any:  # noqa: ANN401
        """The element of a row."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        return etree.fromstring(self._wrap[0] + data + self._wrap[1], parser)[0]

    def _end_of_row(self, start: int) -> int:
        """Where the row that begins at a place ends; -1 if that is not read yet, or none begins there."""
        at = start
        while self._held[at : at + 1].isspace():
            at += 1
        if not self._held.startswith(self._tag, at):
            return -1
        opened = self._held.find(b">", at)
        if opened < 0:
            return -1
        if self._held[opened - 1 : opened] == b"/":
            return opened + 1
        closed = self._held.find(self._close, opened)
        return closed + len(self._close) if closed >= 0 else -1

    def _more(self) -> bool:
        data = next(self._chunks, b"")
        self._held += data
        self.bytes_read += len(data)
        return bool(data)


def column_of(letters: str) -> int:
    """The number of a column, from 0: that of AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """The letters of a column."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_cell(text: str) -> str:
    """A cell that holds a text, with places for prefix and reference; nothing for no text."""
    if not text:
        return ""
    said = escape(text_written(text)).replace("{", "{{").replace("}", "}}")
    return '<{p}c r="{r}" t="inlineStr"><{p}is><{p}t xml:space="preserve">' + said + "</{p}t></{p}is></{p}c>"
