"""The lines of a table: decoded one by one, of bounded length, with their numbers."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from normalizer.errors import TableError

LONGEST: Final = 1 << 24
"""Longest line, and longest row, in bytes and characters (16 MiB); a longer one is a bad row (chosen)."""
SHOWN: Final = 1000
"""Characters of a bad row that are kept to be shown (chosen)."""
SAMPLE: Final = 1 << 20
"""Bytes at the beginning that tell encoding and dialect (chosen)."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Line(NamedTuple):
    """A line with its line end, or why it cannot be read."""

    number: int
    text: str
    fault: str = ""


class Text:
    """A stream of bytes as lines.

    Args:
        stream: Where the bytes come from.
        name: What to call it in messages.
        encoding: How it is encoded; found out if not given.

    Attributes:
        bom: The byte order mark it begins with, if any.
        encoding: Its codec.
        is_guessed: Whether the encoding is no more than likely.
        bytes_read: How far it is read.

    Raises:
        TableError: The encoding is not known.
    """

    def __init__(self, stream: BinaryIO, name: str, encoding: str | None = None) -> None:
        self._stream, self.name = stream, name
        self._held = _filled(stream, SAMPLE)
        self.bom, found = next(
            ((mark, codec) for mark, codec in _MARKS if self._held.startswith(mark)), (b"", "")
        )
        self.is_guessed = False
        if encoding is None and not found:
            found = _likely_encoding(self._held)
            self.is_guessed = found != "utf-8"
        try:
            codec = codecs.lookup(encoding or found)
            "\n".encode(codec.name)
        except (LookupError, UnicodeError) as error:
            raise TableError(
                f"{name}: the encoding {encoding!r} is not known; try utf-8 or cp1252"
            ) from error
        self.encoding = found or {"utf-8-sig": "utf-8"}.get(codec.name, codec.name)
        self._end = "\n".encode(self.encoding)
        self._held = self._held[len(self.bom) :]
        self.bytes_read = len(self.bom)

    def sample(self) -> str:
        """The whole lines at the beginning, as far as they can be read; to be asked before `lines`."""
        text = self._held.decode(self.encoding, "replace")
        return text if len(self._held) < SAMPLE - 4 else text[: text.rfind("\n") + 1] or text

    def lines(self) -> Iterator[Line]:
        """Give the lines in order."""
        number = 0
        for data, is_whole in self._raw_lines():
            number += 1
            self.bytes_read += len(data)
            if not is_whole:
                shown = data[:SHOWN].decode(self.encoding, "replace")
                yield Line(number, shown, f"longer than {LONGEST:,} bytes; at most that is read")
                continue
            try:
                yield Line(number, data.decode(self.encoding))
            except UnicodeDecodeError as error:
                shown = data.decode(self.encoding, "backslashreplace")[:SHOWN]
                yield Line(
                    number, shown, f"not valid {self.encoding.upper()} at byte {error.start + 1} of the line"
                )

    def _raw_lines(self) -> Iterator[tuple[bytes, bool]]:
        """The lines as bytes, and whether each is whole; of too long ones the beginning is given."""
        end, rest = self._end, b""
        width = len(end)
        skipped = b""
        chunk = self._held
        self._held = b""
        while chunk:
            rest += chunk
            start = 0
            while (at := rest.find(end, start)) >= 0:
                if width > 1 and at % width != start % width:
                    at = _aligned(rest, end, start)
                    if at < 0:
                        break
                data = rest[start : at + width]
                start = at + width
                if skipped:
                    self.bytes_read += len(data)
                    yield skipped, False
                    skipped = b""
                else:
                    yield data, len(data) <= LONGEST
            rest = rest[start:]
            if len(rest) > LONGEST:
                skipped = skipped or rest[: SHOWN * width]
                self.bytes_read += len(rest) - len(skipped)
                rest = b""
            chunk = self._stream.read(SAMPLE)
        if skipped:
            yield skipped, False
        elif rest:
            yield rest, True


def _aligned(data: bytes, end: bytes, start: int) -> int:
    """Where a line end stands on the border of a code unit; -1 if nowhere."""
    at = data.find(end, start)
    while at >= 0 and (at - start) % len(end):
        at = data.find(end, at + 1)
    return at


def _filled(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes, or all there are; a pipe gives them bit by bit."""
    pieces: list[bytes] = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _likely_encoding(sample: bytes) -> str:
    """UTF-8, or Windows-1252 where some lines are no UTF-8 and none shows that the others are."""
    wrong = right = 0
    lines = sample.splitlines()
    for line in lines[:-1] if len(sample) >= SAMPLE else lines:
        if not line.isascii():
            try:
                line.decode("utf-8")
                right += 1
            except UnicodeDecodeError:
                wrong += 1
    return "cp1252" if wrong and not right and b"\0" not in sample else "utf-8"
