"""`normalizer clean`: a column of names, cleaned."""

from __future__ import annotations

import contextlib
import csv
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import click

from normalizer.engine import Engine
from normalizer.interfaces.cli.table_progress import TableProgress, summary
from normalizer.interfaces.cli.terminal import open_engine, registry_option, say, standard_input
from normalizer.tables import Cleaning, Source, open_table
from normalizer.tables.answers import Answers, Key
from normalizer.tables.beside import written_beside
from normalizer.tables.review import read_decisions, safe_cell, write_review
from normalizer.tables.rows import Answer, Asked, BadRow, Column, Table
from normalizer.tables.source import FORMATS, open_file
from normalizer.version import __version__

EXAMPLES: Final = """\b
Examples:
  normalizer clean people.csv --column minister:person -o clean.csv
  normalizer clean people.csv --column minister --review doubts.csv -o clean.csv
  normalizer clean people.csv --column minister --decisions doubts.csv -o clean.csv
  normalizer clean - --column person.name --format jsonl < rows.jsonl > clean.jsonl
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for beside the columns."""

    output: str
    review: str | None
    decisions: str | None
    rejects: str | None
    strict: bool
    resume: bool


@click.command(epilog=EXAMPLES)
@click.argument("source", metavar="INPUT")
@click.option(
    "--column",
    "columns",
    metavar="NAME[:TYPE]",
    multiple=True,
    required=True,
    help="A column of names, and what they are names of; may be given more than once.",
)
@click.option(
    "--context",
    metavar="NAME",
    multiple=True,
    help="A column that settles doubts: a country, a title, another name.",
)
@click.option(
    "--output", "-o", metavar="FILE", default="-", help="Where to write; standard output if not given."
)
@click.option("--in-place-column", is_flag=True, help="Replace the names that are found, and add no columns.")
@click.option("--review", metavar="FILE", help="Write the doubtful names here, as .csv or .xlsx.")
@click.option("--decisions", metavar="FILE", help="Apply a review file that a person has filled in.")
@click.option("--rejects", metavar="FILE", help="Set rows that cannot be read aside here, with the reason.")
@click.option("--strict", is_flag=True, help="End at the first row that cannot be read, even with --rejects.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="What INPUT is; found out if not given."
)
@click.option("--encoding", metavar="NAME", help="How INPUT is encoded; found out if not given.")
@click.option("--delimiter", metavar="CHAR", help="What stands between fields; found out if not given.")
@click.option(
    "--quote",
    metavar="CHAR",
    default='"',
    show_default=True,
    help="What quotes fields; empty if nothing does.",
)
@registry_option
def clean(
    source: str,
    columns: tuple[str, ...],
    context: tuple[str, ...],
    in_place_column: bool,
    format_: str | None,
    encoding: str | None,
    delimiter: str | None,
    quote: str,
    registry: str | None,
    **wanted: object,
) -> None:
    """Clean columns of names: link each distinct name once, and write the rows as they were.

    INPUT is a CSV, TSV or JSON Lines file, or - for standard input.

    Exit code: 0 done, 2 rows were set aside, or nothing was written.
    """  # fmt: skip
    chosen = Wanted(**wanted)  # type: ignore[arg-type]
    if len(quote) > 1 or (delimiter is not None and len(delimiter) != 1):
        raise click.UsageError("--delimiter is one character, --quote one or none.")
    if chosen.resume and "-" in (source, chosen.output):
        raise click.UsageError("--resume is for files; give INPUT and --output as files.")
    asked = Asked(tuple(map(Column.parse, columns)), context, in_place_column)
    origin = Source(source, format_, encoding, delimiter, quote)
    engine = open_engine(registry)
    with ExitStack() as stack:
        stream, size = (standard_input(), 0) if source == "-" else open_file(source)
        if source != "-":
            stack.enter_context(stream)
        table, remark = open_table(stream, origin, asked)
        if remark:
            say(remark)
        bad = _run(stack, Job(source, size, table, asked, chosen, engine))
    click.get_current_context().exit(2 if bad else 0)


@dataclass(frozen=True, slots=True)
class Job:
    """A run about to begin."""

    source: str
    size: int
    table: Table
    asked: Asked
    wanted: Wanted
    engine: Engine


def _run(stack: ExitStack, job: Job) -> int:
    """Clean a table, and give the number of rows set aside."""
    wanted, engine = job.wanted, job.engine
    began = time.monotonic()
    decided = (
        read_decisions(wanted.decisions, lambda entity_id: engine.entity(entity_id).name)
        if wanted.decisions
        else {}
    )
    answers = stack.enter_context(_answers(job, decided))
    reject = None
    if wanted.rejects and not wanted.strict:
        reject = _rejecting(stack.enter_context(written_beside(wanted.rejects)))
    out = sys.stdout.buffer if wanted.output == "-" else stack.enter_context(written_beside(wanted.output))
    progress = TableProgress(job.size)
    cleaning = Cleaning(job.source, job.table, job.asked, answers, engine.link_many, reject, progress.tell)
    try:
        cleaning.run(out)
    finally:
        progress.wipe()
    out.flush()
    doubts = write_review(wanted.review, answers.met("review")) if wanted.review else None
    for line in summary(cleaning.totals, answers, time.monotonic() - began):
        click.echo(line, err=True)
    if doubts is not None:
        say(f"{wanted.review}: {doubts:,} doubtful names to look at")
    if cleaning.totals.bad:
        say(f"{wanted.rejects}: {cleaning.totals.bad:,} rows that could not be read")
    return cleaning.totals.bad


@contextmanager
def _answers(job: Job, decided: dict[Key, Answer]) -> Iterator[Answers]:
    """The answers of a run; they last beside the output until it is whole."""
    wanted, engine = job.wanted, job.engine
    kept = None if wanted.output == "-" else Path(os.path.realpath(wanted.output) + ".resume")
    identity = repr((__version__, engine.index_version, engine.settings.thresholds))
    answers = Answers(str(kept) if kept else None, identity, wanted.resume, decided)
    if wanted.resume:
        say(f"{answers.found:,} names are known from the run before" if answers.found else
            "there is nothing to go on with, or the registry has changed since; beginning anew")  # fmt: skip
    is_whole = False
    try:
        yield answers
        is_whole = True
    finally:
        worth_keeping = not is_whole and answers.found > 0
        answers.close()
        if kept is not None and not worth_keeping:
            for path in (kept, kept.with_name(kept.name + "-journal")):
                with contextlib.suppress(OSError):
                    path.unlink()
        elif kept is not None:
            say(f"{wanted.output}: not finished; the same command with --resume goes on")


def _rejecting(file: BinaryIO) -> Callable[[BadRow], None]:
    """Write bad rows into a file."""

    class Encoded:
        def write(self, text: str) -> int:
            return file.write(text.encode("utf-8", "backslashreplace"))

    writer = csv.writer(Encoded())
    writer.writerow(["line", "reason", "row"])
    return lambda row: writer.writerow([row.line, row.reason, safe_cell(row.text.rstrip("\r\n"))])
