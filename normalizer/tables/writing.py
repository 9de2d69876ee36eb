"""What all tables can do: give their rows, and write them again with answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol

from normalizer.tables.rows import Answer, BadRow, Row

Answered = tuple[Row, Sequence[Answer]]
"""A row with an answer for each column asked for; without any for a row that holds no names."""


class Writer(Protocol):
    """Writes rows in their order."""

    def write(self, rows: Iterable[Answered]) -> None:
        """Write some rows."""

    def finish(self) -> None:
        """Write what stands behind all rows; what is not finished is no table."""

    def abandon(self) -> None:
        """Write no more, for the run has failed."""


class Table(Protocol):
    """A table that is read row by row, and writes its rows again."""

    @property
    def bytes_read(self) -> int:
        """How far its file is read."""

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows in order."""

    def writer(self, out: BinaryIO) -> Writer:
        """Begin a cleaned table in a file."""


class TextWriter:
    """Writes a table of which each row is bytes of its own.

    Args:
        out: Where to.
        head: What stands before the rows.
        written: Gives the bytes of a row.
    """

    def __init__(self, out: BinaryIO, head: bytes, written: Callable[[Row, Sequence[Answer]], bytes]) -> None:
        self._out, self._written = out, written
        out.write(head)

    def write(self, rows: Iterable[Answered]) -> None:
        """Write some rows."""
        self._out.write(b"".join([self._written(row, answers) for row, answers in rows]))

    def finish(self) -> None:
        """Nothing stands behind the rows."""

    def abandon(self) -> None:
        """Nothing is held back."""
