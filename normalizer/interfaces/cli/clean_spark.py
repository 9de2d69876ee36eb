"""`normalizer clean --engine spark`: folders of rows, cleaned on a cluster."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import click

from normalizer.errors import TableError
from normalizer.interfaces.cli.terminal import open_engine, say
from normalizer.interfaces.spark import MISSING, first_line
from normalizer.interfaces.spark import clean as with_answers
from normalizer.tables.rows import Asked
from normalizer.tables.source import Source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_KINDS: Final = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
_PACKED: Final = (".gz", ".bz2", ".zst", ".zstd", ".lz4", ".snappy")
_MASTERS: Final = ("local", "spark://", "k8s://", "yarn")
_BAD_ROW: Final = ("MALFORMED_RECORD", "FAILED_READ_FILE")


def clean_in_spark(
    source: Source, output: str, asked: Asked, registry: str | None, master: str | None
) -> None:
    """Read rows, have their names linked, and write them into a folder.

    Args:
        source: What to read: a file, a folder or a URL that Spark knows.
        output: The folder, which must not be there.
        asked: The columns.
        registry: The registry of the command line.
        master: Which cluster; without it the one that Spark is set up for, or this machine.

    Raises:
        TableError: Something of it cannot be done.
    """
    if "-" in (source.name, output):
        raise click.UsageError("--engine spark reads and writes files; name INPUT and --output.")
    if master is not None and not master.startswith(_MASTERS):
        raise click.UsageError(
            f"--master {master!r} is none; write spark://HOST:7077, k8s://URL, yarn or local[*]."
        )
    kind = source.format or kind_of(source.name)
    if kind is None:
        raise TableError(
            f"{source.name}: what is it? Say --format csv, tsv or jsonl; Parquet ends in .parquet"
        )
    into = kind_of(output) or kind
    engine = open_engine(registry)
    with _session(master) as spark, _said_plainly(source.name):
        from pyspark.sql import Observation, functions

        began = time.monotonic()
        rows = _read(spark, source, kind)
        for column in asked.columns:
            rows = with_answers(rows, column.name, engine, column.type, asked.context)
        seen = Observation()
        counts = [functions.count(functions.lit(1)).alias("rows")]
        for column in asked.columns:
            decision = functions.col(f"`{column.name}_decision`")
            for word in ("match", "review", "nil"):
                counts.append(functions.count_if(decision == word).alias(f"{column.name} {word}"))
        _write(rows.observe(seen, *counts), asked, source, into, output)
        found = seen.get
        say(f"{output}: {found['rows']:,} rows in {time.monotonic() - began:.1f} s")
        for column in asked.columns:
            parts = [f"{word} {found[f'{column.name} {word}']:,}" for word in ("match", "review", "nil")]
            say(f"{column.name}: {', '.join(parts)}")


def kind_of(path: str) -> str | None:
    """What a path is called after: csv, tsv, jsonl or parquet; None if after nothing that is known."""
    name = PurePosixPath(path.rstrip("/"))
    suffix = name.suffix.lower()
    return _KINDS.get(name.with_suffix("").suffix.lower() if suffix in _PACKED else suffix)


def _read(spark: SparkSession, source: Source, kind: str) -> DataFrame:
    """Rows as Spark reads them; a bad one ends the run."""
    if kind == "parquet":
        return spark.read.parquet(source.name)
    if kind == "jsonl":
        return spark.read.json(source.name, mode="FAILFAST")
    if kind not in ("csv", "tsv"):
        raise TableError(f"{source.name}: Spark does not read {kind}; convert it to CSV or Parquet first")
    options = {**_delimited(source, kind), "mode": "FAILFAST", "enforceSchema": False, "columnPruning": False}
    return spark.read.options(**options).csv(source.name)


def _delimited(source: Source, kind: str) -> dict[str, Any]:
    """Options of Spark for tables as everybody but Spark writes them: quotes doubled, blanks kept."""
    return {
        "header": True,
        "sep": source.delimiter or ("\t" if kind == "tsv" else ","),
        "quote": source.quote,
        "escape": source.quote or "\\",
        "encoding": source.encoding or "utf-8",
        "multiLine": True,
        "ignoreLeadingWhiteSpace": False,
        "ignoreTrailingWhiteSpace": False,
        "emptyValue": "",
    }


def _write(rows: DataFrame, asked: Asked, source: Source, kind: str, output: str) -> None:
    from pyspark.sql import functions

    if kind == "parquet":
        rows.write.parquet(output)
    elif kind == "jsonl":
        rows.write.json(output, ignoreNullFields=False)
    else:
        for column in asked.columns:
            score, decision = (functions.col(f"`{column.name}_{word}`") for word in ("score", "decision"))
            shown = functions.when((decision != "nil") | (score != 0), functions.format_string("%.4f", score))
            rows = rows.withColumn(f"{column.name}_score", shown)
        rows.write.options(**_delimited(source, kind)).csv(output)


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """The session of this process, or one for this run."""
    try:
        import pyarrow  # noqa: F401
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise TableError(MISSING) from error
    known = SparkSession.getActiveSession()
    if known is not None:
        yield known
        return
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:  # noqa: PTH118
        raise TableError("Spark needs Java, 17 or later; install a JRE, or set JAVA_HOME to the one you have")
    if master is None or master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("normalizer clean")
    try:
        spark = (builder.master(master) if master else builder).getOrCreate()
    except (PySparkException, *_bridge_errors()) as error:
        raise TableError(f"Spark does not start on {master or 'its master'}: {first_line(error)}") from error
    try:
        spark.sparkContext.setLogLevel("OFF")
        yield spark
    finally:
        spark.stop()


@contextmanager
def _said_plainly(source: str) -> Iterator[None]:
    """Turn what Spark raises into a message."""
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, *_bridge_errors()) as error:
        if any(word in str(error) for word in _BAD_ROW):
            raise TableError(
                f"{source}: has a row that cannot be read; clean it without Spark to see where, or mend it"
            ) from error
        raise TableError(f"{source}: Spark cannot clean it: {first_line(error)}") from error


def _bridge_errors() -> tuple[type[Exception], ...]:
    """What the bridge to Java raises where Spark itself does not speak."""
    from py4j.protocol import Py4JError

    return (Py4JError,)
