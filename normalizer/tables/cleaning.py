"""A table cleaned: rows in, distinct names linked in batches, rows out in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from normalizer.errors import TableError
from normalizer.model import EntityType, Link, Mention
from normalizer.tables.answers import Answers, Key
from normalizer.tables.rows import Answer, Asked, BadRow, Row
from normalizer.tables.writing import Table, Writer

ROWS: Final = 4_000
"""Rows taken at once; the progress line moves so often (chosen)."""
CHARACTERS: Final = 1 << 23
"""Characters of rows taken at once; wide rows make smaller portions (chosen)."""
BATCH: Final = 2_000
"""Names linked, and kept, at once (chosen)."""
CANDIDATES: Final = 5
"""Most candidates that are kept of a name."""

LinkMany = Callable[[Sequence[Mention], int], Sequence[Link]]
_NOBODY: Final = Answer("nil", "", "", 0.0)


@dataclass(slots=True)
class Totals:
    """What a run came to.

    Attributes:
        rows: Rows written.
        bad: Rows that could not be read.
        empty: Names that are empty.
        decisions: How many names of rows have each decision, empty ones left out.
    """

    rows: int = 0
    bad: int = 0
    empty: int = 0
    decisions: Counter[str] = field(default_factory=Counter)


class Cleaning:
    """One run over a table.

    Args:
        name: What to call the table in messages.
        table: Where the rows come from.
        asked: The columns.
        answers: What is known, and is kept.
        link_many: Who knows the rest.
        reject: Is given each bad row; without it the first one ends the run.
        tell: Is told how far the run is, now and then.

    Attributes:
        totals: What it came to so far.
    """

    def __init__(
        self,
        name: str,
        table: Table,
        asked: Asked,
        answers: Answers,
        link_many: LinkMany,
        reject: Callable[[BadRow], None] | None = None,
        tell: Callable[[Totals, int], None] | None = None,
    ) -> None:
        self._name, self._table, self._answers, self._link_many = name, table, answers, link_many
        self._types = [column.type.value if column.type else "" for column in asked.columns]
        self._reject, self._tell = reject, tell
        self.totals = Totals()

    def run(self, out: BinaryIO | None) -> None:
        """Write the cleaned table.

        Args:
            out: Where to; without it the names are only answered and counted.

        Raises:
            TableError: The table cannot be used, or has a bad row and nobody takes it.
        """
        if out is None:
            self._clean(None)
            return
        writer = self._table.writer(out)
        try:
            self._clean(writer)
            writer.finish()
        except BaseException:
            writer.abandon()
            raise

    def _clean(self, writer: Writer | None) -> None:
        for rows in self._portions():
            keys = [self._keys(row) for row in rows]
            self._learn(dict.fromkeys(key for row_keys in keys for key in row_keys if key is not None))
            answered = [
                (row, [self._answer(key, row.line) for key in row_keys])
                for row, row_keys in zip(rows, keys, strict=True)
            ]
            self.totals.rows += sum(1 for row_keys in keys if row_keys)
            if writer is not None:
                writer.write(answered)
            if self._tell is not None:
                self._tell(self.totals, self._table.bytes_read)

    def _portions(self) -> Iterator[list[Row]]:
        portion: list[Row] = []
        start = self._table.bytes_read
        for row in self._table.rows():
            if isinstance(row, BadRow):
                self._refuse(row)
                continue
            portion.append(row)
            if len(portion) >= ROWS or self._table.bytes_read - start > CHARACTERS:
                yield portion
                portion, start = [], self._table.bytes_read
        if portion:
            yield portion

    def _refuse(self, row: BadRow) -> None:
        if self._reject is None:
            raise TableError(
                f"{self._name}:{row.line}: {row.reason}; mend the row, or set such rows aside with "
                "--rejects FILE"
            )
        self.totals.bad += 1
        self._reject(row)

    def _keys(self, row: Row) -> list[Key | None]:
        return [
            (type, name, row.context) if name.strip() else None
            for type, name in zip(self._types, row.names, strict=False)
        ]

    def _answer(self, key: Key | None, line: int) -> Answer:
        if key is None:
            self.totals.empty += 1
            return _NOBODY
        answer = self._answers.meet(key, line)
        self.totals.decisions[answer.decision] += 1
        return answer

    def _learn(self, keys: dict[Key, None]) -> None:
        """Have all keys answered."""
        missing = self._answers.missing(keys)
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            mentions = [
                Mention(name, EntityType(type) if type else None, context) for type, name, context in batch
            ]
            links = self._link_many(mentions, CANDIDATES)
            self._answers.add({key: answer_of(link) for key, link in zip(batch, links, strict=True)})


def answer_of(link: Link) -> Answer:
    """What a table keeps of a link."""
    entity = link.entity
    candidates = tuple(
        (candidate.entity.id, candidate.entity.name, round(candidate.score, 4))
        for candidate in link.candidates
    )
    return Answer(
        link.decision.value,
        entity.id if entity else "",
        entity.name if entity else "",
        round(link.score, 4),
        candidates,
    )
