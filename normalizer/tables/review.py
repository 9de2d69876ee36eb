"""Doubtful names set out for a person, and what the person decided read back.

A cell that a spreadsheet would take for a formula has an apostrophe before it. Which name a row is of stands
in its last cell as JSON, so that nothing a spreadsheet does to the others matters.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from normalizer.errors import NormalizerError, TableError
from normalizer.tables.answers import Key, Met
from normalizer.tables.beside import written_beside
from normalizer.tables.cleaning import CANDIDATES
from normalizer.tables.delimited import Records, find_dialect, values_of
from normalizer.tables.lines import Text
from normalizer.tables.rows import Answer, BadRow
from normalizer.tables.source import open_file

HEADER: Final = (
    "name", "context", "type", "count", "rows", "decision",
    *(f"{word}_{number}" for number in range(1, CANDIDATES + 1) for word in ("candidate", "id", "score")),
    "key",
)  # fmt: skip
NOBODY: Final = "nobody"
"""What a person writes for a name of nobody in the registry."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_EXCEL: Final = ".xlsx"

NameOf = Callable[[str], str]
"""The canonical name of an id; raises `NormalizerError` where there is none."""


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula; one that begins with an apostrophe gets another."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def write_review(path: str, doubts: Iterable[Met]) -> int:
    """Write a review file, as CSV with a byte order mark, or as Excel where the name ends in .xlsx.

    Returns:
        How many names are in it.

    Raises:
        TableError: It cannot be written.
    """
    rows = [_row(met) for met in doubts]
    if path.lower().endswith(_EXCEL):
        data = _excel_bytes(rows)
    else:
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        data = text.getvalue().encode("utf-8-sig")
    with written_beside(path) as file:
        file.write(data)
    return len(rows)


def _row(met: Met) -> list[str]:
    type, name, context = met.key
    cells = [name, " | ".join(context), type, str(met.rows_count), " ".join(map(str, met.rows)), ""]
    for place in range(CANDIDATES):
        known = met.answer.candidates[place : place + 1]
        cells += [known[0][1], known[0][0], f"{known[0][2]:.4f}"] if known else ["", "", ""]
    return [*map(safe_cell, cells), msgspec.json.encode(met.key).decode()]


def read_decisions(path: str, name_of: NameOf) -> dict[Key, Answer]:
    """Read a review file that a person has filled in.

    In the column `decision` stands an id, the number of a candidate, or "nobody"; empty decides nothing.

    Args:
        path: The file.
        name_of: Gives the canonical name of an id.

    Raises:
        TableError: It cannot be read; the message names each decision that is not understood.
    """
    decided: dict[Key, Answer] = {}
    faults = []
    header: list[str] = []
    for line, cells in _cells(path):
        if not header:
            header = cells
            if "decision" not in header or "key" not in header:
                raise TableError(f"{path}: is no review file; it needs its columns 'decision' and 'key'")
            continue
        row = dict(zip(header, map(plain_cell, cells), strict=False))
        wanted = row.get("decision", "").strip()
        if not wanted:
            continue
        try:
            key = msgspec.json.decode(row.get("key", ""), type=Key)
            decided[key] = _answer(wanted, row, name_of)
        except msgspec.MsgspecError:
            faults.append(
                f"{path}:{line}: its cell 'key' is not as it was written; copy it from the review file"
            )
        except NormalizerError:
            faults.append(
                f"{path}:{line}: decision {wanted!r} is not understood; write an id, the number of a"
                f" candidate, or {NOBODY!r}"
            )
    if faults:
        raise TableError("\n".join(faults))
    return decided


def _answer(wanted: str, row: dict[str, str], name_of: NameOf) -> Answer:
    if wanted.casefold() == NOBODY:
        return Answer("nil", "", "", 0.0)
    try:
        return Answer("match", wanted, name_of(wanted), 1.0)
    except NormalizerError:
        chosen = row.get(f"id_{wanted.removesuffix('.0')}", "")
        return Answer("match", chosen, name_of(chosen), 1.0)


def _cells(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a review file with their lines."""
    if path.lower().endswith(_EXCEL):
        yield from _excel_cells(path)
        return
    file, _ = open_file(path)
    with file:
        text = Text(file, path)
        dialect = find_dialect(text.sample(), None, path.lower().endswith(".tsv"))
        for record in Records(text.lines(), dialect):
            if isinstance(record, BadRow):
                raise TableError(f"{path}:{record.line}: {record.reason}; mend the row")
            if record.text:
                yield record.line, values_of(record.text, dialect) or []


def _openpyxl() -> Any:  # noqa: ANN401  (it has no types)
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError as error:
        raise TableError(
            "Excel files need openpyxl: pip install 'normalizer[excel]'; CSV needs nothing"
        ) from error
    return openpyxl


def _excel_bytes(rows: list[list[str]]) -> bytes:
    book = _openpyxl().Workbook(write_only=True)
    sheet = book.create_sheet("review")
    for row in [list(HEADER), *rows]:
        sheet.append(["".join(char if char >= " " else " " for char in cell)[:32_767] for cell in row])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _excel_cells(path: str) -> Iterator[tuple[int, list[str]]]:
    openpyxl = _openpyxl()
    open_file(path)[0].close()
    try:
        book = openpyxl.load_workbook(Path(path), read_only=True, data_only=True)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, ["" if cell is None else str(cell) for cell in row]
    except (OSError, ValueError, KeyError, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise TableError(f"{path}: is no Excel file that can be read: {error}") from error
