"""Excel: the rows of one sheet streamed as they are written, cells put behind them; all else is copied.

A sheet is cut into the texts of its rows. A cell is added to a row as bytes, so that formulas, dates, styles
and whatever else a row holds stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final, NamedTuple

from normalizer.errors import TableError
from normalizer.tables.places import place_of, refuse_taken
from normalizer.tables.rows import ADDED, LONGEST_CONTEXT, Answer, Asked, BadRow, Row
from normalizer.tables.sheet import Cut, column_of, letters_of, text_cell
from normalizer.tables.workbook import Workbook, discard, string_of
from normalizer.tables.writing import Answered

MOST_COLUMNS: Final = 16_384
"""Columns that a sheet of Excel can have."""
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)", re.ASCII)


class Cell(NamedTuple):
    """A cell: its column from 0, what it says, whether a formula says it, and where in its row it begins."""

    column: int
    text: str
    is_formula: bool
    holds: bool
    start: int


class _Content(NamedTuple):
    data: bytes
    number: int
    cells: list[Cell]


class ExcelTable:
    """A table in a sheet of an Excel file.

    Args:
        file: The file, which can be read at any place.
        name: What to call it in messages.
        asked: The columns wanted of it.
        sheet: Which sheet; the first if not given.

    Raises:
        TableError: It cannot be read, or a column is not there, there twice, or there already.
    """

    def __init__(self, file: BinaryIO, name: str, asked: Asked, sheet: str | None = None) -> None:
        self._book = Workbook(file, name, sheet)
        self._name, self._asked = name, asked
        self.bytes_read = 0
        self._size = file.seek(0, 2)
        self._merged: dict[tuple[int, int], tuple[int, int]] = {}
        self._width = self._survey()
        self._cut = Cut(self._book.chunks(), name)
        self.head = self._cut.head()
        self._rows = self._cut.rows()
        self._before: list[bytes] = []
        self._header = self._first_row()
        by_column = {cell.column: cell.text for cell in self._header.cells}
        columns = [by_column.get(place, "") for place in range(max(by_column) + 1)]
        self._names = [place_of(name, columns, column.name) for column in asked.columns]
        self._context = [place_of(name, columns, column) for column in asked.context]
        refuse_taken(name, columns, asked)
        if self._width + len(asked.added) > MOST_COLUMNS:
            raise TableError(f"{name}: has {self._width:,} columns; Excel has room for {MOST_COLUMNS:,}")

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows; what is merged over several rows counts for each of them."""
        anchors: dict[tuple[int, int], str] = {}
        number = self._header.number
        for data in self._rows:
            content = self._content(data, number + 1)
            number = content.number
            said = {cell.column: cell.text for cell in content.cells if cell.text}
            for place in {*self._names, *self._context}:
                anchor = self._merged.get((number, place))
                if anchor == (number, place):
                    anchors[anchor] = said.get(place, "")
                elif anchor is not None and place not in said:
                    said[place] = anchors.get(anchor, "")
            names = tuple(said.get(place, "") for place in self._names)
            context = tuple(
                said[place][:LONGEST_CONTEXT] for place in self._context if said.get(place, "").strip()
            )
            self.bytes_read = (
                self._size * min(self._cut.bytes_read, self._book.size) // max(1, self._book.size)
            )
            yield Row(number, content, names if any(cell.holds for cell in content.cells) else (), context)

    def writer(self, out: BinaryIO) -> ExcelWriter:
        """Begin a copy of the file, its sheet open up to the header, which has the new columns."""
        writer = ExcelWriter(self, out)
        for data in self._before:
            writer.put(data)
        writer.put_cells(self._header, [text_cell(text) for text in self._asked.added])
        return writer

    @property
    def book(self) -> Workbook:
        """The file."""
        return self._book

    @property
    def prefix(self) -> str:
        """What stands before the names of tags."""
        return self._cut.prefix.decode()

    @property
    def width(self) -> int:
        """The column, from 0, behind all that hold something."""
        return self._width

    @property
    def replaced(self) -> list[int] | None:
        """The columns in which names are replaced; None if columns are added."""
        return self._names if self._asked.in_place else None

    def tail(self) -> Iterator[bytes]:
        """What stands behind the rows."""
        return self._cut.tail()

    def _first_row(self) -> _Content:
        number = 0
        for data in self._rows:
            content = self._content(data, number + 1)
            number = content.number
            if any(cell.text for cell in content.cells):
                return content
            self._before.append(data)
        raise TableError(f"{self._name}: its sheet is empty; a table begins with a row of column names")

    def _survey(self) -> int:
        """Go over the sheet once: how wide it is, and which of its cells are merged over several rows."""
        width = 0
        for element in self._book.elements("c", "mergeCell"):
            if element.tag.endswith("mergeCell"):
                self._merge(element.get("ref", ""))
            elif len(element) and (found := _REFERENCE.fullmatch(element.get("r", ""))):
                width = max(width, column_of(found[1]) + 1)
            elif len(element):
                width = max(width, sum(1 for _ in element.itersiblings("{*}c", preceding=True)) + 1)
        return width

    def _merge(self, reference: str) -> None:
        corners = _REFERENCE.findall(reference)
        if len(corners) == 2:
            (first, top), (_, bottom) = corners
            anchor = (int(top), column_of(first))
            if int(bottom) - int(top) < 1 << 20:
                for row in range(int(top), int(bottom) + 1):
                    self._merged[row, anchor[1]] = anchor

    def _content(self, data: bytes, number: int) -> _Content:
        with self._book.guarded():
            row = self._cut.parsed(data)
            number = int(row.get("r", number))
            starts = [found.start() for found in self._cut.cell_tag.finditer(data)]
            elements = list(row.iterchildren("{*}c"))
            if len(starts) != len(elements):
                raise ValueError(f"row {number} is written in a way that is not known")
            cells: list[Cell] = []
            for element, start in zip(elements, starts, strict=True):
                found = _REFERENCE.fullmatch(element.get("r", ""))
                column = column_of(found[1]) if found else (cells[-1].column + 1 if cells else 0)
                is_formula = element.find("{*}f") is not None
                cells.append(Cell(column, self._text(element), is_formula, len(element) > 0, start))
            return _Content(data, number, cells)

    def _text(self, cell: Any) -> str:  # noqa: ANN401
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return string_of(inline) if inline is not None else ""
        value = cell.findtext("{*}v") or ""
        if kind == "s" and value:
            return self._book.shared[int(value)]
        return "" if kind == "e" else value


class ExcelWriter:
    """Writes a cleaned sheet into a copy of its file.

    Args:
        table: What is copied.
        out: Where to.
    """

    def __init__(self, table: ExcelTable, out: BinaryIO) -> None:
        self._table = table
        self._copy = table.book.copied(out)
        self._sheet = self._copy.open(table.book.sheet_info(), "w", force_zip64=True)
        self.put(table.head)

    def put(self, data: bytes) -> None:
        """Write bytes of the sheet."""
        self._sheet.write(data)

    def write(self, rows: Iterable[Answered]) -> None:
        """Write some rows."""
        for row, answers in rows:
            content = row.content
            assert isinstance(content, _Content)
            if not answers:
                self.put(content.data)
            elif self._table.replaced is None:
                self.put_cells(content, [cell for answer in answers for cell in _cells(answer)])
            else:
                self._replace(content, answers)

    def put_cells(self, content: _Content, cells: Sequence[str]) -> None:
        """Write a row with cells behind it; empty cells that stand in their place go."""
        data, width, prefix = content.data, self._table.width, self._table.prefix
        start = next((cell.start for cell in content.cells if cell.column >= width), None)
        end = data.rfind(b"</") if start is None else start
        added = "".join(
            cell.format(p=prefix, r=f"{letters_of(width + place)}{content.number}")
            for place, cell in enumerate(cells)
            if cell
        )
        head = re.sub(rb"""\sspans=("[^"]*"|'[^']*')""", b"", data[: data.find(b">") + 1], count=1)
        if not added:
            self.put(data)
        elif data.endswith(b"/>") and not content.cells:
            self.put(head[:-2] + b">" + added.encode() + f"</{prefix}row>".encode())
        else:
            self.put(head + data[data.find(b">") + 1 : end] + added.encode() + data[data.rfind(b"</") :])

    def finish(self) -> None:
        """Write what stands behind the rows, and the list of parts."""
        for data in self._table.tail():
            self.put(data)
        self._sheet.close()
        self._copy.close()

    def abandon(self) -> None:
        """Write no more."""
        discard(self._copy, self._sheet)

    def _replace(self, content: _Content, answers: Sequence[Answer]) -> None:
        data, prefix = content.data, self._table.prefix
        assert self._table.replaced is not None
        by_column = dict(zip(self._table.replaced, answers, strict=True))
        for place in range(len(content.cells) - 1, -1, -1):
            cell = content.cells[place]
            answer = by_column.get(cell.column)
            if (
                answer is None
                or not answer.id
                or cell.is_formula
                or not cell.text
                or cell.text == answer.name
            ):
                continue
            last = place + 1 == len(content.cells)
            end = content.data.rfind(b"</") if last else content.cells[place + 1].start
            style = re.search(rb"""\ss=("\d+"|'\d+')""", data[cell.start : data.find(b">", cell.start)])
            reference = f"{letters_of(cell.column)}{content.number}"
            new = text_cell(answer.name).format(p=prefix, r=reference).encode()
            if style:
                new = new.replace(b" r=", style[0] + b" r=", 1)
            data = data[: cell.start] + new + data[end:]
        self.put(data)


def _cells(answer: Answer) -> list[str]:
    has_score = answer.decision != "nil" or answer.score
    score = f'<{{p}}c r="{{r}}"><{{p}}v>{answer.score:.4f}</{{p}}v></{{p}}c>' if has_score else ""
    cells = [text_cell(answer.name), text_cell(answer.id), score, text_cell(answer.decision)]
    assert len(cells) == len(ADDED)
    return cells
