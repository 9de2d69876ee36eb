"""A column of names in Spark: each distinct name linked once, on whatever cluster the session is of.

The registry is opened where the session is. Its compiled index goes to the workers as a file
(`SparkContext.addFile`), which each Python worker maps once; they need normalizer, and no registry.
Linking runs in `mapInArrow`, and answers are joined to the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from os import PathLike, environ, fspath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from normalizer.configuration import cache_folder, data_folder
from normalizer.engine import Engine
from normalizer.errors import TableError
from normalizer.judgements import Force
from normalizer.model import EntityType, Mention
from normalizer.settings import Settings, Thresholds
from normalizer.tables.cleaning import BATCH, CANDIDATES, answer_of
from normalizer.tables.places import place_of, refuse_taken
from normalizer.tables.rows import ADDED, LONGEST_CONTEXT, Answer, Asked, Column

if TYPE_CHECKING:
    import pyspark.sql
    from pyarrow import RecordBatch
    from pyspark import SparkContext
    from pyspark.sql import DataFrame

MISSING: Final = "Spark needs pyspark and pyarrow; pip install 'normalizer[spark]'"
_TASKS_A_CORE: Final = 4
"""Tasks that the distinct names are dealt to, for each core: what a lost executor did is little (chosen)."""
_OWN: Final = "_normalizer_"
"""What the names of our columns begin with while rows and answers are joined."""
_NOBODY: Final = Answer("nil", "", "", 0.0)

_sent: dict[tuple[str, str], TemporaryDirectory[str]] = {}
"""The index files that Spark applications have, by application and name; they last as long as the process."""


class Parcel(NamedTuple):
    """What a worker opens: the name of the file it was sent, what is laid over it, and the thresholds."""

    name: str
    judgements: Force
    thresholds: Thresholds


def clean(
    df: DataFrame,
    column: str,
    registry: str | PathLike[str] | Engine | None = None,
    type: EntityType | str | None = None,
    context: Sequence[str] = (),
    tasks: int | None = None,
) -> DataFrame:
    """Link a column of names, and give the rows with four columns more.

    They are `COLUMN_canonical` and `COLUMN_id` (null unless it is a match), `COLUMN_score` and
    `COLUMN_decision` (match, review or nil; nil for a name that is null or blank). Rows come in no
    particular order, as ever after a join. Nothing is computed before the result is asked for; the data
    frame is then read twice, so persist one that is costly, or not the same each time.

    Args:
        df: The rows.
        column: The column of names; `a.b` is a field of a struct where no column is called so.
        registry: A registry's path, or an opened engine; without it that of `normalizer.open()`.
        type: What all names are known to be, if anything: person, organization, place or other.
        context: Columns that settle doubts: a country, a title, another name.
        tasks: How many tasks link; four for each core of the cluster if not given.

    Raises:
        TableError: A column is not there, there already, or holds no text, or the session cannot send files.
        RegistryError: The registry cannot be used.
    """
    try:
        from pyspark.sql import functions
    except ImportError as error:
        raise TableError(MISSING) from error
    refuse_taken("the data frame", df.columns, Asked((Column(column),)))
    wanted = [_column(df, name) for name in (column, *context)]
    kind = _type_of(type)
    spark = _context_of(df)
    parcel = _parcelled(_engine(registry), spark)
    keys = [f"{_OWN}{place}" for place in range(len(wanted))]
    keyed = df.select("*", *(one.cast("string").alias(key) for one, key in zip(wanted, keys, strict=True)))
    names = keyed.select(*keys).where(functions.col(keys[0]).isNotNull()).distinct()
    names = names.repartition(tasks or _TASKS_A_CORE * spark.defaultParallelism, *keys)
    theirs = [f"{key}_of" for key in keys]
    fields = [f"{one} string" for one in (*theirs, *(f"{_OWN}{word}" for word in ADDED))]
    schema = ", ".join(fields).replace(f"{_OWN}score string", f"{_OWN}score double")
    answers = _mapped(names, partial(_answered, parcel, kind), schema)
    pairs = [functions.col(key).eqNullSafe(functions.col(of)) for key, of in zip(keys, theirs, strict=True)]
    rows = keyed.join(answers, pairs, "left")
    found = {word: functions.col(f"{_OWN}{word}") for word in ADDED}
    found["score"] = functions.coalesce(found["score"], functions.lit(0.0))
    found["decision"] = functions.coalesce(found["decision"], functions.lit("nil"))
    added = {f"{column}_{word}": value for word, value in found.items()}
    return rows.withColumns(added).drop(*keys, *theirs, *(f"{_OWN}{word}" for word in ADDED))


def _column(df: DataFrame, wanted: str) -> pyspark.sql.Column:
    """A column of text, or what can be read as one."""
    from pyspark.errors import PySparkException
    from pyspark.sql import functions
    from pyspark.sql.types import ArrayType, BinaryType, BooleanType, MapType, StructType

    parts = wanted.split(".")
    if wanted in df.columns or parts[0] not in df.columns:
        parts = [df.columns[place_of("the data frame", df.columns, wanted)]]
    column = functions.col(".".join("`{}`".format(part.replace("`", "``")) for part in parts))
    try:
        found = df.select(column).schema[0].dataType
    except PySparkException as error:
        raise TableError(f"the data frame: has no column {wanted!r}: {first_line(error)}") from error
    if isinstance(found, ArrayType | BinaryType | BooleanType | MapType | StructType):
        raise TableError(f"the data frame: column {wanted!r} holds no text, but {found.simpleString()}")
    return column


def first_line(error: Exception) -> str:
    """What Spark says of an error, without the traces of its own code."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _type_of(type: EntityType | str | None) -> EntityType | None:
    if type is None or isinstance(type, EntityType):
        return type
    found = EntityType.parse(type)
    if found is EntityType.OTHER and type.casefold() != "other":
        raise TableError(f"no type {type!r}; say person, organization, place or other")
    return found


def _engine(registry: str | PathLike[str] | Engine | None) -> Engine:
    if isinstance(registry, Engine):
        return registry
    settings = Settings(
        cache=cache_folder(environ),
        judgements=environ.get("NORMALIZER_JUDGEMENTS"),
        data=data_folder(environ),
    )
    return Engine.open(settings.with_registry(None if registry is None else fspath(registry)))


def _context_of(df: DataFrame) -> SparkContext:
    from pyspark.errors import PySparkException

    try:
        return df.sparkSession.sparkContext
    except (AttributeError, PySparkException) as error:
        raise TableError(
            "Spark Connect cannot send the index to the workers; use a classic session, with a master"
        ) from error


def _parcelled(engine: Engine, spark: SparkContext) -> Parcel:
    """Send the index to the workers, once for each application."""
    content, judgements = engine.parcel
    name = f"normalizer-{engine.registry_version}-{len(content)}.index"
    place = str(spark.applicationId), name
    if place not in _sent:
        folder = TemporaryDirectory(prefix="normalizer-")
        path = Path(folder.name, name)
        path.write_bytes(content)
        spark.addFile(str(path))
        _sent[place] = folder
    return Parcel(name, judgements, engine.settings.thresholds)


def _mapped(
    names: DataFrame, function: Callable[[Iterable[RecordBatch]], Iterator[RecordBatch]], schema: str
) -> DataFrame:
    """Call `mapInArrow`, which asks for pandas and uses nothing of it; without pandas what it would do."""
    try:
        import pandas  # noqa: F401
    except ImportError:
        from pyspark.sql import DataFrame
        from pyspark.sql.udf import UserDefinedFunction
        from pyspark.util import PythonEvalType

        mapping = UserDefinedFunction(function, schema, evalType=PythonEvalType.SQL_MAP_ARROW_ITER_UDF)
        plan = mapping(*(names[column] for column in names.columns))._jc
        return DataFrame(names._jdf.mapInArrow(plan, False, None), names.sparkSession)
    return names.mapInArrow(function, schema)


# what runs on the workers


@lru_cache(maxsize=2)
def _opened(parcel: Parcel) -> Engine:
    from pyspark import SparkFiles

    settings = Settings(thresholds=parcel.thresholds)
    return Engine.unparcelled(SparkFiles.get(parcel.name), parcel.judgements, settings)


def _answered(
    parcel: Parcel, type: EntityType | None, batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Answer batches of names with their context, each row for itself."""
    import pyarrow

    engine = _opened(parcel)
    for whole in batches:
        for start in range(0, whole.num_rows, BATCH):
            batch = whole.slice(start, BATCH)
            asked: list[list[str | None]] = [column.to_pylist() for column in batch.columns]
            answers = _linked(engine, type, asked)
            values = (
                pyarrow.array([answer.name or None for answer in answers], pyarrow.string()),
                pyarrow.array([answer.id or None for answer in answers], pyarrow.string()),
                pyarrow.array([answer.score for answer in answers], pyarrow.float64()),
                pyarrow.array([answer.decision for answer in answers], pyarrow.string()),
            )
            names = [f"{name}_of" for name in batch.schema.names] + [f"{_OWN}{word}" for word in ADDED]
            yield pyarrow.RecordBatch.from_arrays([*batch.columns, *values], names)


def _linked(engine: Engine, type: EntityType | None, asked: Sequence[Sequence[str | None]]) -> list[Answer]:
    mentions = [
        Mention(name or "", type, tuple(text[:LONGEST_CONTEXT] for text in said if text and text.strip()))
        for name, *said in zip(*asked, strict=True)
    ]
    links = iter(engine.link_many([one for one in mentions if one.surface.strip()], CANDIDATES))
    return [answer_of(next(links)) if one.surface.strip() else _NOBODY for one in mentions]
