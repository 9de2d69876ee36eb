"""Where a table comes from, and which kind of table it is."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from normalizer.errors import TableError
from normalizer.tables.delimited import DelimitedTable, Dialect, find_dialect
from normalizer.tables.excel import ExcelTable
from normalizer.tables.jsonl import JsonLinesTable
from normalizer.tables.lines import Text
from normalizer.tables.parquet import ParquetTable
from normalizer.tables.rows import Asked
from normalizer.tables.writing import Table

FORMATS: Final = ("csv", "tsv", "jsonl", "parquet", "excel")
SUFFIXES: Final = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".parquet": "parquet", ".pq": "parquet", ".xlsx": "excel", ".xlsm": "excel",
}  # fmt: skip
BINARY: Final = ("parquet", "excel")
"""What is read at any place, not from beginning to end."""
_MARKS: Final = ((b"PAR1", "parquet"), (b"PK\x03\x04", "excel"), (b"\xd0\xcf\x11\xe0", "excel"))


class Source(NamedTuple):
    """How a table is to be read.

    Attributes:
        name: What to call it in messages.
        format: One of `FORMATS`; found out if not given.
        encoding: How it is encoded; found out if not given.
        delimiter: What stands between fields; found out if not given.
        quote: What quotes fields; empty if nothing does.
        sheet: The sheet of an Excel file; its first if not given.
    """

    name: str
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'
    sheet: str | None = None


def open_file(path: str) -> tuple[BinaryIO, int]:
    """Open a file of a table.

    Returns:
        The file and its size in bytes; 0 for a pipe.

    Raises:
        TableError: It is not there, or not to be read.
    """
    try:
        file = Path(path).open("rb")  # noqa: SIM115  (the caller closes it)
        state = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise TableError(f"{path}: no such file; check the name") from error
    except IsADirectoryError as error:
        raise TableError(f"{path}: is a folder; give a file in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TableError(f"{path}: cannot be read: {reason.lower()}") from error
    return file, state.st_size if stat.S_ISREG(state.st_mode) else 0


@contextmanager
def readable(stream: BinaryIO, source: Source) -> Iterator[tuple[BinaryIO, str]]:
    """Find out which kind of table a stream is, and let it be read as that kind is.

    A Parquet or Excel table that comes through a pipe is put into a temporary file first.

    Returns:
        What to read, and one of `FORMATS`; empty if it is text of an unknown kind.

    Raises:
        TableError: There is no room for the temporary file.
    """
    head = b""
    while len(head) < 4 and (piece := stream.read(4 - len(head))):
        head += piece
    found = next((kind for mark, kind in _MARKS if head.startswith(mark)), "")
    kind = source.format or found or SUFFIXES.get(Path(source.name).suffix.lower(), "")
    if stream.seekable():
        stream.seek(-len(head), os.SEEK_CUR)
        yield stream, kind
    elif kind not in BINARY:
        yield cast(BinaryIO, _Rejoined(head, stream)), kind
    else:
        with tempfile.TemporaryFile() as file:
            try:
                file.write(head)
                shutil.copyfileobj(stream, file)
                file.seek(0)
            except OSError as error:
                raise TableError(f"{source.name}: cannot be kept while it is read: {error}") from error
            yield cast(BinaryIO, file), kind


class _Rejoined:
    """A stream with the bytes before it that were read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int) -> bytes:
        head, self._head = self._head, b""
        return head or self._stream.read(size)


def open_table(stream: BinaryIO, source: Source, asked: Asked, kind: str = "") -> tuple[Table, str]:
    """Make a table of a stream.

    Args:
        stream: Its bytes.
        source: How it is to be read.
        asked: The columns wanted of it.
        kind: Which of `FORMATS` it is, as `readable` found out; found out of text if empty.

    Returns:
        The table, and what the user should know of how it is read; mostly nothing.

    Raises:
        TableError: It cannot be used.
    """
    kind = kind or source.format or SUFFIXES.get(Path(source.name).suffix.lower(), "")
    if kind == "parquet":
        return ParquetTable(stream, source.name, asked), ""
    if kind == "excel":
        return ExcelTable(stream, source.name, asked, source.sheet), ""
    text = Text(stream, source.name, source.encoding)
    remark = ""
    if text.is_guessed:
        remark = f"{source.name}: is not UTF-8; read as {text.encoding} (--encoding says otherwise)"
    sample = text.sample()
    kind = kind or ("jsonl" if sample.lstrip()[:1] == "{" else "csv")
    if kind == "jsonl":
        return JsonLinesTable(text, asked), remark
    if source.delimiter is not None:
        guess = find_dialect(sample, asked, False, source.quote)
        dialect = Dialect(source.delimiter, source.quote, guess.quotes_all)
    else:
        dialect = find_dialect(sample, asked, kind == "tsv", source.quote)
    return DelimitedTable(text, asked, dialect), remark
