"""`normalizer aliases import`: somebody else's registry as one of ours, streamed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from normalizer.errors import NormalizerError
from normalizer.importing import READERS, Source
from normalizer.interfaces.cli.terminal import say
from normalizer.model import Entity, EntityType
from normalizer.registry.jsonl import write_jsonl
from normalizer.report.visible import visible

_MOST_TOLD: Final = 20
"""Most broken entries that are told one by one."""
_STEP: Final = 10_000
"""Entries between two updates of the line that tells how far it is."""

EXAMPLES: Final = """\b
Examples:
  normalizer aliases import --from csv desk.csv -o desk.jsonl
  normalizer aliases import --from wikidata --lang en,ru --min 20 dump.json.gz -o wikidata.jsonl
"""


@click.command("import", epilog=EXAMPLES)
@click.argument("path")
@click.option("--from", "format_name", type=click.Choice(list(READERS)), required=True, help="Its format.")
@click.option(
    "-o", "--output", required=True, help="The registry to write, a .jsonl file; replaced if there."
)
@click.option("--type", "types", help="Only these types of entities, parted by commas.")
@click.option("--lang", "languages", default="", help="Only names of these languages, parted by commas.")
@click.option(
    "--min", "prominence", type=click.IntRange(0), default=0, help="Least sitelinks or inhabitants."
)
@click.option("--source", "source_name", help="What aliases name as their source; the format if not given.")
@click.option("--date", help="The date of the source (2026-11-23); today if not given.")
def import_registry(
    path: str,
    format_name: str,
    output: str,
    types: str | None,
    languages: str,
    prominence: int,
    source_name: str | None,
    date: str | None,
) -> None:
    """Read a registry of another format and write it as JSON Lines.

    PATH is a file, plain, .gz or .bz2. What cannot be read is told with its place, and the rest imported.

    Exit code: 0 all was read, 1 some entries were broken, 2 nothing could be read.
    """
    if not output.endswith(".jsonl"):
        raise click.UsageError("the output must end with .jsonl")
    when = date or datetime.now(UTC).date().isoformat()
    wanted = tuple(word.strip() for word in languages.split(",") if word.strip())
    source = Source(path, f"{source_name or format_name} {when}", wanted, prominence)
    run = _Import(source, format_name, _wanted_types(types))
    unfinished = Path(f"{output}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            for entity in run.entities():
                out.write(write_jsonl([entity]))
        unfinished.replace(output)
    except ValueError as error:
        raise NormalizerError(f"{path}: {error}; nothing was written") from error
    finally:
        unfinished.unlink(missing_ok=True)
    run.tell()
    click.get_current_context().exit(1 if run.broken else 0)


def _wanted_types(types: str | None) -> frozenset[EntityType]:
    if not types:
        return frozenset(EntityType)
    try:
        return frozenset(EntityType(word.strip()) for word in types.split(","))
    except ValueError as error:
        raise click.UsageError(f"--type: {error}; known are {', '.join(EntityType)}") from error


class _Import:
    """One run through a source, counting what became of each entry.

    Attributes:
        broken: How many entries could not be read.
    """

    def __init__(self, source: Source, format_name: str, types: frozenset[EntityType]) -> None:
        self.broken = 0
        self._source, self._read, self._types = source, READERS[format_name], types
        self._taken = 0
        self._skipped: Counter[str] = Counter()
        self._ids: set[str] = set()

    def entities(self) -> Iterator[Entity]:
        """The entities that are wanted, each id once."""
        for count, read in enumerate(self._read(self._source), 1):
            if count % _STEP == 0 and sys.stderr.isatty():
                click.echo(f"\r{count:,} read, {self._taken:,} taken\x1b[K", nl=False, err=True)
            entity, reason = read.entity, read.skipped
            if entity is not None and entity.type not in self._types:
                reason = f"type {entity.type.value}"
            elif entity is not None and entity.id in self._ids:
                reason = "id met before"
            if entity is None or reason:
                self._note(read.line, reason, read.is_broken)
                continue
            self._ids.add(entity.id)
            self._taken += 1
            yield entity
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)

    def _note(self, line: int, reason: str, is_broken: bool) -> None:
        self._skipped[reason] += 1
        if is_broken:
            self.broken += 1
            if self.broken <= _MOST_TOLD:
                say(f"{self._source.path}:{line}: {reason}; left out")

    def tell(self) -> None:
        """Print what was taken, and what was left out and why."""
        click.echo(f"{self._taken:,} imported, {sum(self._skipped.values()):,} left out")
        for reason, count in self._skipped.most_common():
            click.echo(f"  {count:,} {visible(reason)}")
