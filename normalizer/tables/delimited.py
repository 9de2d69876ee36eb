"""CSV and TSV: records cut out of lines, their fields found, cells put behind them; the rest stays."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

from normalizer.errors import TableError
from normalizer.tables.lines import LONGEST, SHOWN, Line, Text
from normalizer.tables.places import place_of, refuse_taken
from normalizer.tables.rows import LONGEST_CONTEXT, Answer, Asked, BadRow, Row
from normalizer.tables.writing import TextWriter

DELIMITERS: Final = ",;\t|"
"""What is tried, in this order."""
_MOST_ATTEMPTS: Final = 200
"""How often a record is looked at anew because a quote in it may have been closed (chosen)."""


class Dialect(NamedTuple):
    """How a table is written.

    Attributes:
        delimiter: What stands between fields.
        quote: What stands around fields that hold it; empty if nothing does.
        quotes_all: Whether it stands around all fields.
    """

    delimiter: str = ","
    quote: str = '"'
    quotes_all: bool = False

    def cell(self, value: str) -> str:
        """A value as a field."""
        if not self.quote:
            return re.sub(f"[\r\n{re.escape(self.delimiter)}]", " ", value)
        special = (self.delimiter, self.quote, "\r", "\n")
        if self.quotes_all or any(char in value for char in special) or value != value.strip():
            return self.quote + value.replace(self.quote, self.quote * 2) + self.quote
        return value


def cut(record: str, dialect: Dialect) -> list[tuple[int, int]] | None:
    """Find the fields of a record, quotes included.

    Args:
        record: Its text, without the line end.
        dialect: How it is written. Quotes count only at the beginning of a field, as everywhere.

    Returns:
        Start and end of each field; None if a quote is not closed.
    """
    delimiter, quote = dialect.delimiter, dialect.quote
    spans, start = [], 0
    while True:
        at = start
        if quote and record.startswith(quote, start):
            at = _closing(record, start, quote) + 1
            if not at:
                return None
        end = record.find(delimiter, at)
        if end < 0:
            spans.append((start, len(record)))
            return spans
        spans.append((start, end))
        start = end + 1


def _closing(record: str, start: int, quote: str) -> int:
    """Where the quote that opens at a place is closed; -1 if nowhere."""
    at = record.find(quote, start + 1)
    while at >= 0 and record.startswith(quote, at + 1):
        at = record.find(quote, at + 2)
    return at


def value_of(field: str, quote: str) -> str:
    """What a field says."""
    if not quote or not field.startswith(quote):
        return field
    closing = _closing(field, 0, quote)
    return field[1:closing].replace(quote * 2, quote) + field[closing + 1 :]


def values_of(record: str, dialect: Dialect) -> list[str] | None:
    """What the fields of a record say; None if a quote is not closed."""
    if not dialect.quote or dialect.quote not in record:
        return record.split(dialect.delimiter)
    spans = cut(record, dialect)
    return None if spans is None else [value_of(record[a:b], dialect.quote) for a, b in spans]


def find_dialect(sample: str, asked: Asked | None, prefers_tabs: bool, quote: str = '"') -> Dialect:
    """Find out how a table is written.

    Args:
        sample: Whole lines from its beginning.
        asked: The columns that it should have; the header that has them tells most.
        prefers_tabs: Whether its name says that it has tabs.
        quote: What quotes fields.
    """
    wanted = [column.name for column in asked.columns] + list(asked.context) if asked else []
    order = "\t" + DELIMITERS.replace("\t", "") if prefers_tabs else DELIMITERS

    def worth(delimiter: str) -> tuple[int, int, int]:
        dialect = Dialect(delimiter, quote)
        records = [values for text in _sampled(sample, dialect) if (values := values_of(text, dialect))]
        if not records or len(records[0]) < 2:
            return (sum(name in records[0] for name in wanted) if records else 0, 0, 0)
        width = len(records[0])
        same = sum(len(values) == width for values in records) * 10 // len(records)
        return sum(name in records[0] for name in wanted), same, width

    delimiter = max(order, key=worth)
    header = next(_sampled(sample, Dialect(delimiter, quote)), "")
    spans = cut(header, Dialect(delimiter, quote)) or []
    quotes_all = bool(quote and spans) and all(header.startswith(quote, start) for start, _ in spans)
    return Dialect(delimiter, quote, quotes_all)


def _sampled(sample: str, dialect: Dialect, most: int = 50) -> Iterator[str]:
    lines = (Line(number, text) for number, text in enumerate(sample.splitlines(keepends=True), 1))
    records = Records(lines, dialect)
    for _, record in zip(range(most), records, strict=False):
        if isinstance(record, Record) and record.text:
            yield record.text


class Record(NamedTuple):
    """A record: where it begins, its text, its line end."""

    line: int
    text: str
    end: str


class Records:
    """Lines put together to records.

    A quote that is never closed makes one bad row of its own line; reading goes on behind that.

    Args:
        lines: The lines.
        dialect: How they are written.
    """

    def __init__(self, lines: Iterator[Line], dialect: Dialect) -> None:
        self._lines, self._dialect = lines, dialect
        self._again: deque[Line] = deque()

    def __iter__(self) -> Iterator[Record | BadRow]:
        """Give the records, and what is none, in order."""
        quote = self._dialect.quote
        while (line := self._next()) is not None:
            if line.fault:
                yield BadRow(line.number, line.text[:SHOWN], line.fault)
            elif quote and quote in line.text and cut(_body(line.text), self._dialect) is None:
                yield self._long(line)
            else:
                body = _body(line.text)
                yield Record(line.number, body, line.text[len(body) :])

    def _next(self) -> Line | None:
        return self._again.popleft() if self._again else next(self._lines, None)

    def _long(self, first: Line) -> Record | BadRow:
        """A record of several lines, of which the first leaves a quote open."""
        quote, taken, size, attempts = self._dialect.quote, [first], len(first.text), 0
        reason = "its quote is never closed"
        while (line := self._next()) is not None:
            taken.append(line)
            size += len(line.text)
            if line.fault or size > LONGEST:
                reason = (
                    f"line {line.number} of it is {line.fault}" if line.fault
                    else f"its quote is not closed within {LONGEST:,} characters"
                )  # fmt: skip
                break
            if line.text.count(quote) % 2:
                text = "".join(piece.text for piece in taken)
                body = _body(text)
                if cut(body, self._dialect) is not None:
                    return Record(first.number, body, text[len(body) :])
                attempts += 1
                if attempts == _MOST_ATTEMPTS:
                    reason = "its quotes make no pairs"
                    break
        self._again.extendleft(reversed(taken[1:]))
        return BadRow(first.number, first.text[:SHOWN], reason)


def _body(text: str) -> str:
    """A line without its line end."""
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith("\n") else text


class DelimitedTable:
    """A table of delimited text with a header.

    Args:
        text: Its lines.
        asked: The columns wanted of it.
        dialect: How it is written.

    Raises:
        TableError: It is empty, or a column is not there, there twice, or there already.
    """

    def __init__(self, text: Text, asked: Asked, dialect: Dialect) -> None:
        self._text, self._asked, self._dialect = text, asked, dialect
        self._records = iter(Records(text.lines(), dialect))
        header = next((item for item in self._records if isinstance(item, BadRow) or item.text), None)
        if header is None:
            raise TableError(f"{text.name}: is empty; a table begins with a line of column names")
        if isinstance(header, BadRow):
            raise TableError(f"{text.name}:{header.line}: the header cannot be read: {header.reason}")
        self._header = header
        self.columns = values_of(header.text, dialect) or []
        if "\r" in header.text and not header.end:
            raise TableError(f"{text.name}: its lines end with CR alone; save it with LF or CRLF")
        self._names = [place_of(text.name, self.columns, column.name) for column in asked.columns]
        self._context = [place_of(text.name, self.columns, name) for name in asked.context]
        refuse_taken(text.name, self.columns, asked)

    @property
    def bytes_read(self) -> int:
        """How far it is read."""
        return self._text.bytes_read

    def writer(self, out: BinaryIO) -> TextWriter:
        """Begin a cleaned table with the header, the new columns in it."""
        head = self._encoded(self._header.text, self._asked.added, self._header.end)
        return TextWriter(out, self._text.bom + head, self._written)

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows; a blank line of a table with several columns is a row without names."""
        width, names, context, dialect = len(self.columns), self._names, self._context, self._dialect
        for record in self._records:
            if isinstance(record, BadRow):
                yield record
                continue
            if not record.text and width > 1:
                yield Row(record.line, record, (), ())
                continue
            values = values_of(record.text, dialect)
            if values is None or len(values) != width:
                found = len(values or ())
                fields = "field" if found == 1 else "fields"
                reason = f"{found:,} {fields} where the header has {width:,}"
                yield BadRow(record.line, record.text[:SHOWN], reason)
                continue
            said = tuple(values[place][:LONGEST_CONTEXT] for place in context if values[place].strip())
            yield Row(record.line, record, tuple([values[place] for place in names]), said)

    def _written(self, row: Row, answers: Sequence[Answer]) -> bytes:
        """The record with cells behind it, or with names replaced in it."""
        record = row.content
        assert isinstance(record, Record)
        if not answers:
            return self._encoded(record.text, (), record.end)
        if not self._asked.in_place:
            cells: list[str] = []
            for answer in answers:
                score = f"{answer.score:.4f}" if answer.decision != "nil" or answer.score else ""
                cells += (answer.name, answer.id, score, answer.decision)
            return self._encoded(record.text, cells, record.end)
        text = record.text
        spans = cut(text, self._dialect) or []
        for place, answer in sorted(zip(self._names, answers, strict=True), reverse=True):
            start, end = spans[place]
            if answer.id and value_of(text[start:end], self._dialect.quote) != answer.name:
                text = text[:start] + self._dialect.cell(answer.name) + text[end:]
        return self._encoded(text, (), record.end)

    def _encoded(self, text: str, cells: Sequence[str], end: str) -> bytes:
        line = self._dialect.delimiter.join([text, *map(self._dialect.cell, cells)]) + end
        try:
            return line.encode(self._text.encoding)
        except UnicodeEncodeError as error:
            raise TableError(
                f"{self._text.name}: its encoding, {self._text.encoding}, has no {line[error.start]!r}, "
                "which a canonical name holds; convert the table to UTF-8 first"
            ) from error
