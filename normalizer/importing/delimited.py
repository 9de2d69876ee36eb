"""Spreadsheets saved as CSV or TSV: a header, then a row an entity (wide) or a row an alias (long).

Columns: `name` is required; `id`, `type`, `country`, `alias` (one a row), `aliases` (several, parted by |),
`kind`, `lang` and `source` may be there. Without `id` the name makes one. Rows of one id must stand together.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from normalizer.importing.source import Read, Source, complaint_about_name
from normalizer.model import Alias, AliasKind, Entity, EntityType
from normalizer.registry.rules import KINDS
from normalizer.text.folding import fold
from normalizer.text.script import romanized

_SEPARATORS: Final = "\t;,"
_Row = tuple[int, dict[str, str]]


def read(source: Source) -> Iterator[Read]:
    """Give the entities of a table in UTF-8 or, failing that, Windows-1252.

    Raises:
        ValueError: The first line names no column `name`.
    """
    for entity_id, rows in groupby(_rows(source), key=lambda row: _id_of(row[1])):
        yield from _read_rows(entity_id, list(rows), source)


def _rows(source: Source) -> Iterator[_Row]:
    texts = (_decoded(line) + "\n" for _, line in source.lines())
    header = next(texts, "")
    separator = max(_SEPARATORS, key=header.count)
    try:
        columns = [cell.strip().casefold() for cell in next(csv.reader([header], delimiter=separator), [])]
    except csv.Error as error:
        raise ValueError(f"line 1: {error}; save the table with a line a row") from error
    if "name" not in columns:
        raise ValueError("line 1: no column is called name; write a header such as id,name,type,aliases")
    reader = csv.reader(texts, delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
                if len(cells) > len(columns):
                    row["excess"] = "yes"
                yield reader.line_num + 1, row
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num + 1}: {error}; is a quote not closed?") from error


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _id_of(row: dict[str, str]) -> str:
    """The id of a row, or one made of its name."""
    return row.get("id") or re.sub(r"[^a-z0-9]+", "-", romanized(fold(row.get("name", "")))).strip("-")


def _read_rows(entity_id: str, rows: list[_Row], source: Source) -> Iterator[Read]:
    whole = []
    for number, row in rows:
        if "excess" in row:
            yield Read(number, skipped="more cells than columns", is_broken=True)
        else:
            whole.append((number, row))
    if not whole:
        return
    number, first = whole[0]
    name = first.get("name", "")
    complaint = complaint_about_name(name) or ("" if entity_id else "no id")
    if complaint:
        yield Read(number, skipped=complaint)
        return
    forms = [form for _, row in whole for form in _forms(row) if not form.lang or source.wants(form.lang)]
    yield Read(
        number,
        Entity(
            entity_id,
            EntityType.parse(first.get("type", "")),
            name,
            source.aliases(name, forms),
            countries=(first["country"],) if first.get("country") else (),
        ),
    )


def _forms(row: dict[str, str]) -> Iterator[Alias]:
    """The aliases of a row; a row of another name than the first gives that name too."""
    kind = KINDS.get(row.get("kind", ""), AliasKind.ALIAS)
    lang, seen = row.get("lang") or None, row.get("source") or None
    yield Alias(row.get("name", ""))
    for text in (row.get("alias", ""), *row.get("aliases", "").split("|")):
        yield Alias(text, kind, lang, None, seen)
