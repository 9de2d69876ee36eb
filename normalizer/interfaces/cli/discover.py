"""`normalizer discover`: the names of a column that no registry knows, put together by who they are."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click
import msgspec

from normalizer.engine import Engine
from normalizer.errors import NormalizerError
from normalizer.interfaces.cli.table_input import opened, table_options
from normalizer.interfaces.cli.table_progress import TableProgress
from normalizer.interfaces.cli.terminal import open_engine, registry_option, say, write
from normalizer.model import Entity, EntityType
from normalizer.registry.save import write_registry
from normalizer.report.visible import visible
from normalizer.tables import Cleaning, Source
from normalizer.tables.answers import Answers
from normalizer.tables.discovery import entities_of
from normalizer.tables.groups import Group, Spelling, grouped
from normalizer.tables.rows import Asked, BadRow, Column

EXAMPLES: Final = """\b
Examples:
  normalizer discover people.csv --column name:person
  normalizer discover people.csv --column name:person -o aliases/found.yaml
"""


@click.command(epilog=EXAMPLES)
@click.argument("source", metavar="INPUT")
@click.option(
    "--column",
    metavar="NAME[:TYPE]",
    required=True,
    help="The column of names, and what they are names of.",
)
@click.option("--output", "-o", metavar="FILE", help="Write the groups as entities: .yaml, or .jsonl.")
@click.option(
    "--singles",
    metavar="ROWS",
    type=click.IntRange(1),
    help="Also names with one spelling, if they stand in so many rows.",
)
@click.option(
    "--report", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print."
)
@table_options
@registry_option
def discover(
    source: str,
    column: str,
    output: str | None,
    singles: int | None,
    report: str,
    format_: str | None,
    encoding: str | None,
    delimiter: str | None,
    quote: str,
    sheet: str | None,
    registry: str | None,
) -> None:
    """Group the spellings of names that no registry knows, and propose an entity for each group.

    INPUT is a table as `clean` reads it, or - for standard input.

    Exit code: 0 done, 2 nothing could be read or written.
    """
    wanted = Column.parse(column)
    if output is not None and not output.endswith((".yaml", ".yml", ".jsonl", ".jsonl.gz")):
        raise click.UsageError("--output ends with .yaml, .yml, .jsonl or .jsonl.gz.")
    if output is not None and Path(output).exists():
        raise NormalizerError(f"{output}: is there already; name another file, or move it away")
    engine = open_engine(registry)
    with ExitStack() as stack:
        origin = Source(source, format_, encoding, delimiter, quote, sheet)
        unknown = _unknown(stack, origin, wanted, engine)
    type = wanted.type or EntityType.OTHER
    progress = _Progress()
    groups = grouped(unknown, type, engine.settings.thresholds.compare, progress.tell)
    progress.wipe()
    kept = [group for group in groups if len(group.spellings) > 1 or (singles and group.rows >= singles)]
    name = "standard input" if source == "-" else source
    entities = list(entities_of(kept, type, name, _is_in(engine), engine.lexicon.words))
    if output is not None:
        write_registry(entities, output, f"Found in {name} by normalizer discover; a person should look.")
    write(_as_json(kept, entities) if report == "json" else _as_text(kept, entities))
    spellings = sum(len(group.spellings) for group in kept)
    click.echo(
        f"unknown names: {len(unknown):,}; groups: {len(kept):,}, of {spellings:,} spellings", err=True
    )
    if output is not None:
        say(f"{output}: look at each entity before you take it into the registry")


def _unknown(stack: ExitStack, source: Source, column: Column, engine: Engine) -> list[Spelling]:
    """The distinct names of a column that are nobody's."""
    asked = Asked((column,))
    table, _, size = opened(stack, source, asked)
    answers = Answers(None, "")
    stack.callback(answers.close)
    progress = TableProgress(size)
    bad: list[BadRow] = []

    def reject(row: BadRow) -> None:
        bad[1:] = []
        bad.append(row)

    cleaning = Cleaning(source.name, table, asked, answers, engine.link_many, reject, progress.tell)
    try:
        cleaning.run(None)
    finally:
        progress.wipe()
    if bad:
        say(
            f"{source.name}: {cleaning.totals.bad:,} rows could not be read and were left out; "
            f"the first is line {bad[0].line}: {bad[0].reason}"
        )
    return [Spelling(met.key[1], met.rows_count, met.rows) for met in answers.met("nil")]


def _is_in(engine: Engine) -> Callable[[str], bool]:
    def is_taken(entity_id: str) -> bool:
        try:
            engine.entity(entity_id)
        except NormalizerError:
            return False
        return True

    return is_taken


def _as_text(groups: Sequence[Group], entities: Sequence[Entity]) -> Iterator[str]:
    for group, entity in zip(groups, entities, strict=True):
        yield f"{visible(group.name)}  ({entity.id}, {group.rows:,} {'row' if group.rows == 1 else 'rows'})\n"
        for spelling in group.spellings:
            yield f"  {spelling.rows:>7,}  {spelling.score:.4f}  {visible(spelling.name)}\n"


def _as_json(groups: Sequence[Group], entities: Sequence[Entity]) -> Iterator[str]:
    found = [
        {
            "id": entity.id,
            "name": group.name,
            "type": entity.type.value,
            "rows": group.rows,
            "spellings": [spelling._asdict() for spelling in group.spellings],
        }
        for group, entity in zip(groups, entities, strict=True)
    ]
    yield msgspec.json.format(msgspec.json.encode({"groups": found})).decode() + "\n"


class _Progress:
    """A line on a terminal that says how many names are compared."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()

    def tell(self, done: int, count: int) -> None:
        """Show how far it is."""
        if self._on_terminal:
            sys.stderr.write(f"\r{done:,} of {count:,} unknown names compared\x1b[K")
            sys.stderr.flush()

    def wipe(self) -> None:
        """Take the line away."""
        if self._on_terminal:
            sys.stderr.write("\r\x1b[K")
