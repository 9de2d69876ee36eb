"""`normalizer compare`: how likely two names are of one entity, without any registry."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import click

from normalizer.interfaces.cli.lines import Line, read_batches
from normalizer.interfaces.cli.terminal import argument_text, settings_for, standard_input, style_for, write
from normalizer.interfaces.requests import InvalidItemError, PairItem, compare_pair
from normalizer.model import Comparison, Decision
from normalizer.report.machine import json_document, json_text
from normalizer.report.names import comparison_text, error_text
from normalizer.report.shapes import Record, comparison_record
from normalizer.settings import Settings

EXAMPLES: Final = """\b
Examples:
  normalizer compare --type person "Tony Blinken" "Antony Blinken"
  normalizer compare --input tsv --format jsonl < pairs.tsv > scores.jsonl
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="[NAME NAME]", nargs=-1)
@click.option(
    "--type",
    "entity_type",
    default="other",
    show_default=True,
    metavar="TYPE",
    help="What the two are names of: person, organization, place or other.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="Shape of the output; json and jsonl are described in docs/machine-shapes.md.",
)
@click.option(
    "--input",
    "input_format",
    type=click.Choice(["tsv"]),
    help="Read pairs from standard input: type, name and name a line, parted by tabs; no header, no quoting.",
)
@click.option("--explain", is_flag=True, help="With text output: all evidence, as a table.")
def compare(
    names: Sequence[str], entity_type: str, output_format: str, input_format: str | None, explain: bool
) -> None:
    """Say how likely two names are of one entity, and why. Needs no registry.

    The type may be in any case; company and legalentity are organization, and a type that is not
    known is other.

    Exit code: 0 every pair was compared, whatever the decision, 2 one could not be read.
    """
    if input_format is None and len(names) != 2:
        raise click.UsageError("give two names, or pairs of them on standard input with --input tsv.")
    if input_format is not None and names:
        raise click.UsageError("--input tsv is for standard input; leave out the names or --input.")
    batches: Iterable[Sequence[Pair]] = (
        [[Pair("", PairItem(argument_text(names[0]), argument_text(names[1]), entity_type))]]
        if names
        else _pairs()
    )
    if explain and output_format != "text":
        raise click.UsageError("--explain is for text output; json and jsonl hold the evidence anyway.")
    run = Run(settings_for(None), explain)
    if output_format == "text":
        write(run.texts(batches))
    elif output_format == "jsonl":
        write("".join(json_text(record) + "\n" for record in batch) for batch in run.records(batches))
    else:
        write(json_document(None, "results", (record for batch in run.records(batches) for record in batch)))
    click.get_current_context().exit(2 if run.failed else 0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names to compare, or what is wrong with the line they should be on.

    Attributes:
        place: The line, for messages; empty for names given as arguments.
        item: The names; None if there is an error.
        error: Why there are none.
    """

    place: str
    item: PairItem | None
    error: str = ""


@dataclass(slots=True)
class Run:
    """One run over batches of pairs.

    Attributes:
        settings: Where thresholds and limits come from.
        explain: Whether readable answers show all evidence.
        failed: Whether a pair could not be compared.
    """

    settings: Settings
    explain: bool = False
    failed: bool = field(default=False, init=False)

    def records(self, batches: Iterable[Sequence[Pair]]) -> Iterator[list[Record]]:
        """Give the records of each batch."""
        for batch in batches:
            answers = map(self._answer, batch)
            yield [
                {"error": answer} if isinstance(answer, str) else comparison_record(*answer)
                for answer in answers
            ]

    def texts(self, batches: Iterable[Sequence[Pair]]) -> Iterator[str]:
        """Give the readable answers of each batch."""
        style = style_for(sys.stdout)
        for batch in batches:
            for pair in batch:
                answer = self._answer(pair)
                if isinstance(answer, str):
                    yield error_text(pair.place, answer)
                elif pair.item is not None:
                    yield comparison_text(pair.item.first, pair.item.second, *answer, style, self.explain)

    def _answer(self, pair: Pair) -> tuple[Comparison, Decision] | str:
        """How like a pair's names are, or why that cannot be said."""
        if pair.item is not None:
            try:
                return compare_pair(pair.item, self.settings)
            except InvalidItemError as error:
                self.failed = True
                return str(error)
        self.failed = True
        return pair.error


def _pairs() -> Iterator[list[Pair]]:
    """The pairs of standard input, batch by batch."""
    for batch in read_batches(standard_input()):
        yield [_pair(line) for line in batch]


def _pair(line: Line) -> Pair:
    place = f"line {line.number}"
    if line.error:
        return Pair(place, None, line.error)
    try:
        columns = line.text().split("\t")
    except UnicodeDecodeError as error:
        return Pair(place, None, f"not valid UTF-8 at byte {error.start + 1} of the line")
    if len(columns) != 3:
        found = "1 column" if len(columns) == 1 else f"{len(columns)} columns"
        return Pair(place, None, f"{found} where there must be three: type, name and name, parted by tabs")
    return Pair(place, PairItem(columns[1], columns[2], columns[0]))
