"""The answers of a run, by distinct name: in memory up to a limit, all of them in a SQLite file.

What was linked lasts through a crash, so that a run can go on where it was. How often and where a name was
met is known to one run only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from normalizer.errors import TableError
from normalizer.tables.rows import Answer

MOST_IN_MEMORY: Final = 250_000
"""Distinct names held in memory, about 600 bytes each (chosen)."""
SAMPLE_ROWS: Final = 3
"""Rows that a review file names for each name (chosen)."""

Key = tuple[str, str, tuple[str, ...]]
"""Type (empty if none), name and context: what an answer depends on."""

_encode = msgspec.json.Encoder().encode
_decode_answer = msgspec.json.Decoder(Answer).decode
_decode_key = msgspec.json.Decoder(Key).decode


class Met(NamedTuple):
    """A distinct name at the end of a run: its answer, how often it was met, and the first rows."""

    key: Key
    answer: Answer
    rows_count: int
    rows: tuple[int, ...]


class _Seen:
    """A name in memory."""

    __slots__ = ("answer", "count", "rows")

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.count = 0
        self.rows: list[int] = []


class Answers:
    """What is known of the names of one run.

    Args:
        path: The file that lasts; a file that goes with the run if not given.
        identity: What the answers depend on beside the names; answers of another identity are thrown away.
        keep: Whether answers that are there already count.
        decided: What a person decided; it beats what was linked.
        most: Distinct names held in memory.

    Attributes:
        found: How many answers were there already.

    Raises:
        TableError: The file cannot be used.
    """

    def __init__(
        self,
        path: str | None,
        identity: str,
        keep: bool = False,
        decided: Mapping[Key, Answer] | None = None,
        most: int = MOST_IN_MEMORY,
    ) -> None:
        self._memory: dict[Key, _Seen] = {}
        self._decided = decided or {}
        self._most = most
        self._has_spilled = False
        self._name = path or "the temporary file"
        try:
            self._file = self._opened(path, identity, keep)
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def _opened(self, path: str | None, identity: str, keep: bool) -> sqlite3.Connection:
        file = sqlite3.connect(path or "", isolation_level=None, timeout=1)
        file.execute("PRAGMA locking_mode = EXCLUSIVE")
        file.execute("PRAGMA synchronous = OFF")
        file.execute("PRAGMA temp_store = FILE")
        file.execute("BEGIN IMMEDIATE")
        file.execute("CREATE TABLE IF NOT EXISTS run (identity TEXT)")
        file.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, answer BLOB) WITHOUT ROWID")
        if not keep or file.execute("SELECT identity FROM run").fetchone() != (identity,):
            file.execute("DELETE FROM answers")
            file.execute("DELETE FROM run")
            file.execute("INSERT INTO run VALUES (?)", (identity,))
        self.found: int = file.execute("SELECT count(*) FROM answers").fetchone()[0]
        file.execute("COMMIT")
        file.execute(
            "CREATE TEMP TABLE met (key BLOB PRIMARY KEY, decision TEXT, count INT, row INT, rows BLOB)"
            " WITHOUT ROWID"
        )
        return file

    def missing(self, keys: Iterable[Key]) -> list[Key]:
        """Of some distinct keys those that have to be linked; the others are in memory then."""
        if len(self._memory) > self._most:
            self._guarded(self._spill)
        wanted = []
        for key in keys:
            if key in self._memory:
                continue
            answer = self._decided.get(key) or self._saved(key)
            if answer is None:
                wanted.append(key)
            else:
                self._memory[key] = _Seen(answer)
        return wanted

    def add(self, answers: Mapping[Key, Answer]) -> None:
        """Keep what was linked, for good."""
        rows = [(_encode(key), _encode(answer)) for key, answer in answers.items()]

        def insert() -> None:
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?)", rows)
            self._file.execute("COMMIT")

        self._guarded(insert)
        self.found += len(rows)
        for key, answer in answers.items():
            self._memory[key] = _Seen(answer._replace(candidates=()))

    def meet(self, key: Key, row: int) -> Answer:
        """Give the answer for a name of a row, and count it."""
        seen = self._memory[key]
        seen.count += 1
        if len(seen.rows) < SAMPLE_ROWS:
            seen.rows.append(row)
        return seen.answer

    def distinct(self) -> dict[str, int]:
        """How many distinct names were met, by decision."""
        self._guarded(self._spill)
        return dict(self._file.execute("SELECT decision, count(*) FROM met GROUP BY decision"))

    def met(self, decision: str, most: int = -1) -> Iterator[Met]:
        """Give the names of a decision, the most frequent first, then by their first row.

        Args:
            decision: match, review or nil.
            most: How many at most; all if below 0.
        """
        self._guarded(self._spill)
        rows = self._file.execute(
            "SELECT met.key, answer, count, rows FROM met LEFT JOIN answers USING (key)"
            " WHERE decision = ? ORDER BY count DESC, row, met.key LIMIT ?",
            (decision, most),
        )
        for data, answer, count, places in rows:
            key = _decode_key(data)
            known = self._decided.get(key) or _decode_answer(answer)
            yield Met(key, known, count, tuple(msgspec.json.decode(places)))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _saved(self, key: Key) -> Answer | None:
        if not self.found:
            return None
        row = self._file.execute("SELECT answer FROM answers WHERE key = ?", (_encode(key),)).fetchone()
        return _decode_answer(row[0])._replace(candidates=()) if row else None

    def _spill(self) -> None:
        """Put what was counted into the file, and forget what is in memory."""
        rows = [
            (_encode(key), seen.answer.decision, seen.count, seen.rows[0], seen.rows)
            for key, seen in self._memory.items()
            if seen.count
        ]
        self._file.execute("BEGIN")
        for key, decision, count, first, places in rows:
            old = self._file.execute("SELECT count, row, rows FROM met WHERE key = ?", (key,)).fetchone()
            if old:
                count, first = old[0] + count, old[1]
                places = [*msgspec.json.decode(old[2]), *places][:SAMPLE_ROWS]
            self._file.execute(
                "INSERT OR REPLACE INTO met VALUES (?, ?, ?, ?, ?)",
                (key, decision, count, first, _encode(places)),
            )
        self._file.execute("COMMIT")
        self._memory.clear()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> TableError:
        if "locked" in str(error):
            return TableError(
                f"{self._name}: is in use by another run; wait for it, or choose another output"
            )
        remedy = "see whether its folder is there, may be written and has room; or remove the file"
        return TableError(f"{self._name}: the answers cannot be kept: {error}; {remedy}")
