"""Lines of standard input, in batches as they arrive and never more than one chunk in memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

CHUNK: Final = 1 << 18
LONGEST_LINE: Final = 1 << 16
"""Longest line in bytes; a longer one is answered with an error and not kept."""


class Stream(Protocol):
    """Bytes that come bit by bit."""

    def read1(self, size: int, /) -> bytes:
        """Give what has arrived, at most so many bytes; nothing at the end."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of input.

    Attributes:
        number: Its number, from 1.
        data: Its bytes, without the line end.
        error: Why it cannot be read; empty if it can.
    """

    number: int
    data: bytes
    error: str = ""

    def text(self) -> str:
        """The line as text.

        Raises:
            UnicodeDecodeError: It is not UTF-8.
        """
        return self.data.decode("utf-8")


def read_batches(stream: Stream) -> Iterator[list[Line]]:
    """Give the lines of a stream, in batches of what has arrived.

    A program at the other end that waits for its answers gets them: nothing is held back until some
    batch is full. Lines end with LF or CRLF; a byte order mark before the first is dropped.

    Args:
        stream: Where they come from.

    Yields:
        Batches of lines, in order; none is empty.
    """
    rest, number, skipping = b"", 0, False
    while chunk := stream.read1(CHUNK):
        if not number and not rest and chunk.startswith(codecs.BOM_UTF8):
            chunk = chunk[len(codecs.BOM_UTF8) :]
        *whole, last = chunk.split(b"\n")
        batch = []
        for data in whole:
            number += 1
            batch.append(_line(number, rest + data, skipping))
            rest, skipping = b"", False
        rest += last
        if len(rest) > LONGEST_LINE + 1:  # one more for a CR
            rest, skipping = b"", True
        if batch:
            yield batch
    if rest or skipping:
        yield [_line(number + 1, rest, skipping)]


def _line(number: int, data: bytes, too_long: bool) -> Line:
    data = data.removesuffix(b"\r")
    if too_long or len(data) > LONGEST_LINE:
        return Line(number, b"", f"line longer than {LONGEST_LINE:,} bytes; at most that is read")
    return Line(number, data)
