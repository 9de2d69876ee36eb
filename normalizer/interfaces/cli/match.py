"""`normalizer match`: whom names mean, a line in and a line out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import click

from normalizer.engine import Engine
from normalizer.interfaces.cli.lines import Line, read_batches
from normalizer.interfaces.cli.terminal import (
    argument_text,
    open_engine,
    registry_option,
    standard_input,
    style_for,
    write,
)
from normalizer.interfaces.requests import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MatchItem,
    Query,
    answer_query,
    decode_query,
    link_queries,
)
from normalizer.model import Link
from normalizer.report.machine import json_document, json_text
from normalizer.report.names import error_text, link_text
from normalizer.report.shapes import Record

EXAMPLES: Final = """\b
Examples:
  normalizer match "Blinkon" "Ban Kimoon"
  normalizer match --format jsonl < names.txt > links.jsonl
  normalizer match --input jsonl --format jsonl --limit 1 < items.jsonl
"""


@click.command(epilog=EXAMPLES)
@click.argument("names", metavar="[NAME…]", nargs=-1)
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
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help='Shape of standard input: a name a line, or objects {"id", "name", "type"?, "context"?}.',
)
@click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="Most candidates for a name.",
)
@registry_option
def match(
    names: Sequence[str], output_format: str, input_format: str, limit: int, registry: str | None
) -> None:
    """Say whom names mean: a match, some to review, or nobody.

    Names are the arguments, else the lines of standard input. Answers come in the order of the names,
    as soon as they are there. The id of a name without one is its position, from 1.

    Exit code: 0 every line was answered, whatever the decision, 2 one could not be read.
    """
    if names and input_format != "text":
        raise click.UsageError(
            f"--input {input_format} is for standard input; leave out the names or --input."
        )
    engine = open_engine(registry)
    batches = iter([list(_queries_of_arguments(names))]) if names else _queries_of_input(input_format)
    run = Run(engine, limit, "argument" if names else "line")
    index = engine.index_version
    if output_format == "text":
        write(run.texts(batches))
    elif output_format == "jsonl":
        write("".join(json_text(record) + "\n" for record in batch) for batch in run.records(batches))
    else:
        records = (record for batch in run.records(batches) for record in batch)
        write(json_document(index, "results", records))
    click.get_current_context().exit(2 if run.failed else 0)


@dataclass(slots=True)
class Run:
    """One run over batches of names.

    Attributes:
        engine: Who answers.
        limit: Most candidates for a name.
        unit: What the names are counted in, for messages.
        failed: Whether a line could not be answered.
    """

    engine: Engine
    limit: int
    unit: str
    failed: bool = field(default=False, init=False)

    def records(self, batches: Iterable[Sequence[Query]]) -> Iterator[list[Record]]:
        """Give the records of each batch."""
        index = self.engine.index_version
        for batch in batches:
            answers = self._answers(batch)
            yield [
                answer_query(query, answer, self.limit, index)
                for query, answer in zip(batch, answers, strict=True)
            ]

    def texts(self, batches: Iterable[Sequence[Query]]) -> Iterator[str]:
        """Give the readable answers of each batch."""
        style = style_for(sys.stdout)
        number = 0
        for batch in batches:
            pieces = []
            for answer in self._answers(batch):
                number += 1
                if isinstance(answer, str):
                    pieces.append(error_text(f"{self.unit} {number}", answer))
                else:
                    pieces.append(link_text(answer.mention.surface, answer, self.limit, style))
            yield "".join(pieces)

    def _answers(self, batch: Sequence[Query]) -> list[Link | str]:
        answers = link_queries(self.engine, batch, self.limit)
        self.failed = self.failed or any(isinstance(answer, str) for answer in answers)
        return answers


def _queries_of_arguments(names: Iterable[str]) -> Iterator[Query]:
    for number, name in enumerate(names, 1):
        yield Query(number, MatchItem(argument_text(name)))


def _queries_of_input(input_format: str) -> Iterator[list[Query]]:
    """The names of standard input, batch by batch."""
    decode: Callable[[Line], Query] = _query_of_json if input_format == "jsonl" else _query_of_text
    for batch in read_batches(standard_input()):
        yield [Query(line.number, None, line.error) if line.error else decode(line) for line in batch]


def _query_of_text(line: Line) -> Query:
    try:
        return Query(line.number, MatchItem(line.text()))
    except UnicodeDecodeError as error:
        return Query(line.number, None, f"not valid UTF-8 at byte {error.start + 1} of the line")


def _query_of_json(line: Line) -> Query:
    return decode_query(line.data, line.number)
