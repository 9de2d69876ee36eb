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
from normalizer.interfaces.cli.jobs import linking
from normalizer.interfaces.cli.table_input import opened, table_options
from normalizer.interfaces.cli.table_progress import TableProgress, summary
from normalizer.interfaces.cli.terminal import open_engine, registry_option, say
from normalizer.tables import Cleaning, Source
from normalizer.tables.answers import Answers, Key
from normalizer.tables.beside import written_beside
from normalizer.tables.review import read_decisions, safe_cell, write_review
from normalizer.tables.rows import Answer, Asked, BadRow, Column
from normalizer.tables.source import BINARY, SUFFIXES
from normalizer.tables.writing import Table
from normalizer.version import __version__

EXAMPLES: Final = """\b
Examples:
  normalizer clean people.csv --column minister:person -o clean.csv
  normalizer clean people.csv --column minister --review doubts.csv -o clean.csv
  normalizer clean people.csv --column minister --decisions doubts.csv -o clean.csv
  normalizer clean - --column person.name --format jsonl < rows.jsonl > clean.jsonl
  normalizer clean people.parquet --column minister --engine spark --master yarn -o clean.parquet
"""
ENGINE_HELP: Final = "Where names are linked: here, or in Spark, which writes OUTPUT as a folder."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for beside the columns."""

    output: str
    review: str | None
    decisions: str | None
    rejects: str | None
    strict: bool
    resume: bool
    jobs: int


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
@table_options
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes that link names; as many as there are cores is fastest.",
)
@click.option("--engine", "runner", type=click.Choice(["plain", "spark"]), default="plain", help=ENGINE_HELP)
@click.option("--master", metavar="URL", help="With Spark: the cluster, such as spark://HOST:7077 or yarn.")
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
    sheet: str | None,
    registry: str | None,
    runner: str,
    master: str | None,
    **wanted: object,
) -> None:
    """Clean columns of names: link each distinct name once, and write the rows as they were.

    INPUT is a CSV, TSV, JSON Lines, Parquet or Excel file, or - for standard input. The output is of
    the same kind.

    Exit code: 0 done, 2 rows were set aside, or nothing was written.
    """  # fmt: skip
    chosen = Wanted(**wanted)  # type: ignore[arg-type]
    if chosen.resume and "-" in (source, chosen.output):
        raise click.UsageError("--resume is for files; give INPUT and --output as files.")
    asked = Asked(tuple(map(Column.parse, columns)), context, in_place_column)
    origin = Source(source, format_, encoding, delimiter, quote, sheet)
    if runner == "spark":
        _refuse_with_spark(chosen, asked)
        from normalizer.interfaces.cli.clean_spark import clean_in_spark

        clean_in_spark(origin, chosen.output, asked, registry, master)
        return
    if master is not None:
        raise click.UsageError("--master is for --engine spark.")
    engine = open_engine(registry)
    with ExitStack() as stack:
        table, kind, size = opened(stack, origin, asked)
        _refuse_other_kind(chosen.output, kind)
        bad = _run(stack, Job(source, size, table, asked, chosen, engine))
    click.get_current_context().exit(2 if bad else 0)


def _refuse_other_kind(output: str, kind: str) -> None:
    """See that a table is not written under the name of another kind.

    Raises:
        UsageError: It would be.
    """
    named = SUFFIXES.get(Path(output).suffix.lower(), kind)
    if named != kind and (named in BINARY or kind in BINARY):
        raise click.UsageError(
            f"--output {output}: what is written is of the kind of INPUT, here {kind or 'text'}."
        )


def _refuse_with_spark(wanted: Wanted, asked: Asked) -> None:
    """Say which options only the plain engine has."""
    given = {
        "--review": wanted.review,
        "--decisions": wanted.decisions,
        "--rejects": wanted.rejects,
        "--resume": wanted.resume,
        "--in-place-column": asked.in_place,
        "--jobs": wanted.jobs > 1,
    }
    for option, value in given.items():
        if value:
            raise click.UsageError(f"{option} is not for --engine spark, which adds columns and no more.")


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
    link_many = stack.enter_context(linking(engine, wanted.jobs))
    cleaning = Cleaning(job.source, job.table, job.asked, answers, link_many, reject, progress.tell)
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
