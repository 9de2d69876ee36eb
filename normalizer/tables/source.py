"""Where a table comes from, and which kind of table it is."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from normalizer.errors import TableError
from normalizer.tables.delimited import DelimitedTable, Dialect, find_dialect
from normalizer.tables.jsonl import JsonLinesTable
from normalizer.tables.lines import Text
from normalizer.tables.rows import Asked, Table

FORMATS: Final = ("csv", "tsv", "jsonl")
_SUFFIXES: Final = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Source(NamedTuple):
    """How a table is to be read.

    Attributes:
        name: What to call it in messages.
        format: One of `FORMATS`; found out if not given.
        encoding: How it is encoded; found out if not given.
        delimiter: What stands between fields; found out if not given.
        quote: What quotes fields; empty if nothing does.
    """

    name: str
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'


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


def open_table(stream: BinaryIO, source: Source, asked: Asked) -> tuple[Table, str]:
    """Make a table of a stream.

    Args:
        stream: Its bytes.
        source: How it is to be read.
        asked: The columns wanted of it.

    Returns:
        The table, and what the user should know of how it is read; mostly nothing.

    Raises:
        TableError: It cannot be used.
    """
    suffix = Path(source.name).suffix.lower()
    text = Text(stream, source.name, source.encoding)
    remark = ""
    if text.is_guessed:
        remark = f"{source.name}: is not UTF-8; read as {text.encoding} (--encoding says otherwise)"
    sample = text.sample()
    kind = source.format or _SUFFIXES.get(suffix) or ("jsonl" if sample.lstrip()[:1] == "{" else "csv")
    if kind == "jsonl":
        return JsonLinesTable(text, asked), remark
    if source.delimiter is not None:
        guess = find_dialect(sample, asked, False, source.quote)
        dialect = Dialect(source.delimiter, source.quote, guess.quotes_all)
    else:
        dialect = find_dialect(sample, asked, kind == "tsv", source.quote)
    return DelimitedTable(text, asked, dialect), remark
