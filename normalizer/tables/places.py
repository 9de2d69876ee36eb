"""Columns found by their names, with a hint where one is not there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from normalizer.errors import TableError
from normalizer.tables.rows import Asked


def place_of(table: str, columns: Sequence[str], wanted: str) -> int:
    """Find a column.

    Args:
        table: What to call the table in messages.
        columns: The names of its columns.
        wanted: The name, or `#3` for the third column.

    Raises:
        TableError: It is not there, or not alone.
    """
    count = columns.count(wanted)
    if count == 1:
        return columns.index(wanted)
    if count:
        places = " or ".join(f"#{at + 1}" for at, name in enumerate(columns) if name == wanted)
        raise TableError(f"{table}: has {count} columns {wanted!r}; say which by its place: {places}")
    if wanted[:1] == "#" and wanted[1:].isdecimal() and 1 <= int(wanted[1:]) <= len(columns):
        return int(wanted[1:]) - 1
    raise TableError(f"{table}: has no column {wanted!r}; {nearest(columns, wanted)}")


def nearest(columns: Sequence[str], wanted: str) -> str:
    """Say which columns come near a name."""
    folded = {name.strip().casefold(): name for name in reversed(columns)}
    near = [folded[name] for name in get_close_matches(wanted.strip().casefold(), folded, 3, 0.5)]
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    shown = ", ".join(map(repr, columns[:8]))
    return f"it has {shown}{' …' if len(columns) > 8 else ''}"


def refuse_taken(table: str, columns: Sequence[str], asked: Asked) -> None:
    """See that what is added is not there already.

    Raises:
        TableError: It is; or the same column is asked for twice.
    """
    names = [column.name for column in asked.columns]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise TableError(f"{table}: column {twice!r} is asked for twice; name it once")
    taken = set(columns).intersection(asked.added)
    if taken:
        raise TableError(
            f"{table}: has a column {min(taken)!r} already; remove it, or clean the table it was made from"
        )
