"""Parquet: rows carried by Arrow, batch by batch, with columns of answers put behind the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final, NamedTuple

from normalizer.errors import TableError
from normalizer.tables.places import place_of, refuse_taken
from normalizer.tables.rows import ADDED, LONGEST_CONTEXT, Answer, Asked, BadRow, Row
from normalizer.tables.writing import Answered

MOST_ROWS: Final = 20_000
"""Rows read at once (chosen)."""
MOST_BYTES: Final = 1 << 25
"""About how many bytes are read at once; tables with many columns are read in fewer rows (chosen)."""
GROUP_BYTES: Final = 1 << 26
"""Largest row group that is written, in bytes of memory (chosen)."""
_NESTED: Final = ("list", "struct", "map", "union", "bool", "run_end")
"""Beginnings of Arrow's names of types that hold no names."""


class _Content(NamedTuple):
    batch: Any
    place: int


class ParquetTable:
    """A table in a Parquet file.

    Args:
        file: The file, which can be read at any place.
        name: What to call it in messages.
        asked: The columns wanted of it.

    Raises:
        TableError: It cannot be read, pyarrow is missing, or a column is not there, there twice, or there
            already.
    """

    def __init__(self, file: BinaryIO, name: str, asked: Asked) -> None:
        self._arrow = _arrow()
        self._name, self._asked = name, asked
        self.bytes_read = 0
        self._size = file.seek(0, 2)
        file.seek(0)
        try:
            self._file = self._arrow.parquet.ParquetFile(file)
            self._schema = self._file.schema_arrow
        except (self._arrow.ArrowException, OSError) as error:
            raise TableError(f"{name}: is no Parquet file that can be read: {_first(error)}") from error
        columns = self._schema.names
        self._names = [place_of(name, columns, column.name) for column in asked.columns]
        self._context = [place_of(name, columns, column) for column in asked.context]
        refuse_taken(name, columns, asked)
        for place in [*self._names, *self._context]:
            self._refuse_nested(self._schema.field(place))

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows; a place that is null holds an empty name."""
        number = 0
        total = max(1, self._file.metadata.num_rows)
        try:
            for batch in self._batches():
                names = [self._texts(batch, place) for place in self._names]
                said = [self._texts(batch, place) for place in self._context]
                for place in range(batch.num_rows):
                    number += 1
                    found = [column[place] for column in names]
                    known = [column[place] for column in said]
                    if None in found or None in known:
                        yield BadRow(number, "", "not valid UTF-8")
                        continue
                    context = tuple(text[:LONGEST_CONTEXT] for text in known if text and text.strip())
                    yield Row(number, _Content(batch, place), tuple(text or "" for text in found), context)
                self.bytes_read = self._size * number // total
        except (self._arrow.ArrowException, OSError) as error:
            raise TableError(f"{self._name}: row {number + 1:,} cannot be read: {_first(error)}") from error

    def writer(self, out: BinaryIO) -> ParquetWriter:
        """Begin a cleaned table: the same columns, types, notes and compression, and the new columns."""
        arrow, schema = self._arrow, self._schema
        for name in self._asked.added:
            kind = arrow.float64() if name.endswith(f"_{ADDED[2]}") else arrow.string()
            schema = schema.append(arrow.field(name, kind))
        meta = self._file.metadata
        codec = "SNAPPY"
        if meta.num_row_groups and meta.num_columns:
            codec = meta.row_group(0).column(0).compression
        file = arrow.parquet.ParquetWriter(
            out, schema, compression={"UNCOMPRESSED": "NONE", "LZO": "SNAPPY"}.get(codec, codec)
        )
        return ParquetWriter(arrow, file, schema, self._names if self._asked.in_place else None)

    def _batches(self) -> Iterator[Any]:
        meta = self._file.metadata
        for group in range(meta.num_row_groups):
            described = meta.row_group(group)
            width = max(1, described.total_byte_size // max(1, described.num_rows))
            rows = max(1, min(MOST_ROWS, MOST_BYTES // width))
            yield from self._file.iter_batches(rows, row_groups=[group])

    def _texts(self, batch: Any, place: int) -> list[str | None]:  # noqa: ANN401
        """A column as text; None where it is no UTF-8."""
        column = batch.column(place)
        try:
            texts = column.cast(self._arrow.string())
            texts.validate(full=True)
            return [text or "" for text in texts.to_pylist()]
        except (self._arrow.ArrowException, UnicodeDecodeError):
            return [_text_of(value) for value in column]

    def _refuse_nested(self, field: Any) -> None:  # noqa: ANN401
        kind = str(getattr(field.type, "value_type", field.type))
        is_nested = str(field.type).startswith(_NESTED) or kind.startswith(_NESTED)
        if is_nested:
            raise TableError(f"{self._name}: column {field.name!r} is of type {field.type}, which is no text")
        is_text = "string" in str(field.type)
        if self._asked.in_place and not is_text and field.name in {c.name for c in self._asked.columns}:
            raise TableError(
                f"{self._name}: column {field.name!r} is of type {field.type}; a name cannot replace its "
                "values, leave out --in-place-column"
            )


class ParquetWriter:
    """Writes a cleaned table, a row group when a batch is whole or large enough.

    Args:
        arrow: The module pyarrow.
        file: What writes Parquet.
        schema: All columns.
        replaced: The columns in which names are replaced; None if columns are added.
    """

    def __init__(self, arrow: Any, file: Any, schema: Any, replaced: list[int] | None) -> None:  # noqa: ANN401
        self._arrow, self._file, self._schema, self._replaced = arrow, file, schema, replaced
        self._places: list[int] = []
        self._answers: list[Sequence[Answer]] = []
        self._batch: Any = None
        self._group: list[Any] = []
        self._group_bytes = 0

    def write(self, rows: Iterable[Answered]) -> None:
        """Write some rows."""
        for row, answers in rows:
            content = row.content
            assert isinstance(content, _Content)
            if content.batch is not self._batch:
                self._complete_batch()
                self._batch = content.batch
            self._places.append(content.place)
            self._answers.append(answers)

    def finish(self) -> None:
        """Write the last rows and the list of row groups."""
        self._complete_batch()
        self._write_group()
        self._file.close()

    def abandon(self) -> None:
        """Write no more."""
        self._file.is_open = False

    def _complete_batch(self) -> None:
        if not self._places:
            return
        batch = self._batch
        if len(self._places) < batch.num_rows:
            batch = batch.take(self._arrow.array(self._places))
        columns = list(batch.columns)
        by_column = list(zip(*self._answers, strict=True))
        if self._replaced is None:
            for answers in by_column:
                columns += self._cells(answers)
        else:
            for place, answers in zip(self._replaced, by_column, strict=True):
                columns[place] = self._with_names(columns[place], answers)
        done = self._arrow.RecordBatch.from_arrays(columns, schema=self._schema)
        self._places, self._answers, self._batch = [], [], None
        self._group.append(done)
        self._group_bytes += done.nbytes
        if self._group_bytes >= GROUP_BYTES:
            self._write_group()

    def _cells(self, answers: Sequence[Answer]) -> list[Any]:
        arrow = self._arrow
        scores = [
            None if answer.decision == "nil" and not answer.score else answer.score for answer in answers
        ]
        return [
            arrow.array([answer.name or None for answer in answers], arrow.string()),
            arrow.array([answer.id or None for answer in answers], arrow.string()),
            arrow.array(scores, arrow.float64()),
            arrow.array([answer.decision for answer in answers], arrow.string()),
        ]

    def _with_names(self, column: Any, answers: Sequence[Answer]) -> Any:  # noqa: ANN401
        names = self._arrow.array([answer.name if answer.id else None for answer in answers], "string")
        return self._arrow.compute.coalesce(names, column.cast("string")).cast(column.type)

    def _write_group(self) -> None:
        if self._group:
            table = self._arrow.Table.from_batches(self._group)
            self._file.write_table(table, max(1, table.num_rows))
            self._group, self._group_bytes = [], 0


def _text_of(value: Any) -> str | None:  # noqa: ANN401
    try:
        said = value.as_py()
        return "" if said is None else said.decode() if isinstance(said, bytes) else str(said)
    except UnicodeDecodeError:
        return None


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _arrow() -> Any:  # noqa: ANN401  (it has no types)
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError as error:
        raise TableError("Parquet files need pyarrow: pip install 'normalizer[parquet]'") from error
    return pyarrow
