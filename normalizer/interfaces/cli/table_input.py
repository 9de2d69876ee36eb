"""What the commands that read tables share: the options that say how, and what is opened."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

import click

from normalizer.interfaces.cli.terminal import say, standard_input
from normalizer.tables import Source, open_table
from normalizer.tables.rows import Asked
from normalizer.tables.source import FORMATS, open_file, readable
from normalizer.tables.writing import Table

F = TypeVar("F", bound=Callable[..., object])


def table_options(command: F) -> F:
    """Give a command the options that say how a table is to be read."""
    options = (
        click.option(
            "--format", "format_", type=click.Choice(FORMATS), help="What INPUT is; found out if not given."
        ),
        click.option("--encoding", metavar="NAME", help="How INPUT is encoded; found out if not given."),
        click.option(
            "--delimiter", metavar="CHAR", help="What stands between fields; found out if not given."
        ),
        click.option(
            "--quote",
            metavar="CHAR",
            default='"',
            show_default=True,
            help="What quotes fields; empty if nothing does.",
        ),
        click.option("--sheet", metavar="NAME", help="The sheet of an Excel file; the first if not given."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def opened(stack: ExitStack, source: Source, asked: Asked) -> tuple[Table, str, int]:
    """Open a table, standard input for `-`, and say what there is to say of it.

    Args:
        stack: What closes it.
        source: Where it is and how it is to be read.
        asked: The columns wanted of it.

    Returns:
        The table, its kind, empty for text of an unknown one, and its size in bytes, 0 if not known.

    Raises:
        UsageError: The options contradict themselves.
        TableError: The table cannot be used.
    """
    if len(source.quote) > 1 or (source.delimiter is not None and len(source.delimiter) != 1):
        raise click.UsageError("--delimiter is one character, --quote one or none.")
    stream, size = (standard_input(), 0) if source.name == "-" else open_file(source.name)
    if source.name != "-":
        stack.enter_context(stream)
    stream, kind = stack.enter_context(readable(stream, source))
    table, remark = open_table(stream, source, asked, kind)
    if remark:
        say(remark)
    return table, kind, size
