"""The store of judgements: one table that only grows, in SQLite or PostgreSQL, through SQLAlchemy Core.

What `add` gives back is committed and on the disk. Numbers rise in the order of commits, on any number of
hosts: whoever has read up to a number has missed nothing below it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool, QueuePool

from normalizer.errors import JudgementError, SettingsError, StoreError
from normalizer.judgements.values import FIELDS, Judgement, Recorded, Verdict, same_decision
from normalizer.model import AliasKind

if TYPE_CHECKING:
    import sqlite3

PATIENCE: Final = 5
"""Seconds that a write waits for another to end, and a connection for its answer."""
_LOOK: Final = 2
"""Milliseconds after which a write looks again whether the SQLite file is free."""
_LOOKS: Final = 10_000
"""How often it looks: those before it may be many, on a slow disk."""
_TRIALS: Final = 100
"""How often a connection tries to set up a file that others set up at once."""
_PORTION: Final = 500
"""Judgements of one statement: SQLite takes 32,766 parameters at most."""
_LOCK: Final = 0x6A756467656D656E
"""The PostgreSQL advisory lock under which judgements are written, so that they are committed in order."""

_table: Final = sql.Table(
    "normalizer_judgements",
    sql.MetaData(),
    sql.Column(
        "number", sql.BigInteger().with_variant(sql.Integer, "sqlite"), primary_key=True, autoincrement=True
    ),
    *(
        sql.Column(name, sql.Text, nullable=name not in ("id", "verdict"), unique=name == "id" or None)
        for name in FIELDS
    ),
    sqlite_autoincrement=True,
)


class Store:
    """A store, opened at its first use; it may be used by several threads, and on both sides of a fork.

    Args:
        url: An SQLAlchemy URL of SQLite or PostgreSQL, or the path of an SQLite file, which is made at the
            first write.

    Raises:
        SettingsError: It names no store, or one of a kind that is not known.
    """

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        self._is_sqlite = self._url.get_backend_name() == "sqlite"
        self._made: tuple[int, sql.Engine] | None = None
        self._has_table = False

    @property
    def place(self) -> str:
        """Where it is, for messages: a path, or a URL without its password."""
        if self._is_sqlite:
            return str(self._url.database)
        return self._url.render_as_string(hide_password=True)

    def add(self, judgements: Sequence[Judgement]) -> list[Recorded]:
        """Keep judgements, all of them or none; they are on the disk when this returns.

        One whose id is there already is not kept again.

        Returns:
            The judgements with their numbers, as they are kept.

        Raises:
            StoreError: They could not be kept, and none of them was; or it is not known whether they were.
                The same judgements may be sent again.
            JudgementError: Another judgement has the id of one of them.
        """
        if not judgements:
            return []
        insert = sqlite.insert if self._is_sqlite else postgresql.insert
        with self._session(writing=True) as session:
            for portion in _portions(judgements):
                rows = [asdict(judgement) for judgement in portion]
                session.execute(insert(_table).on_conflict_do_nothing(index_elements=["id"]), rows)
            kept = {
                recorded.judgement.id: recorded
                for portion in _portions(judgements)
                for recorded in _read(session, _table.c.id.in_([judgement.id for judgement in portion]))
            }
            for judgement in judgements:
                if not same_decision(judgement, kept[judgement.id].judgement):
                    raise JudgementError(
                        f"another judgement has the id {judgement.id!r}; send a new one without an id"
                    )
        return [kept[judgement.id] for judgement in judgements]

    def since(self, number: int = 0) -> list[Recorded]:
        """All judgements with a higher number, in order.

        Raises:
            StoreError: The store cannot be read.
        """
        if self._is_sqlite and not Path(str(self._url.database)).exists():
            return []
        with self._session() as session:
            if not self._has_table:
                self._has_table = sql.inspect(session).has_table(_table.name)
            return _read(session, _table.c.number > number) if self._has_table else []

    def close(self) -> None:
        """Give back the connections; the store may be used again."""
        if self._made is not None:
            self._made[1].dispose(close=self._made[0] == os.getpid())
            self._made = None

    @contextmanager
    def _session(self, writing: bool = False) -> Iterator[sql.Connection]:
        """A connection; what is written through it is committed at the end, or nothing of it."""
        try:
            with self._engine().connect() as session:
                if writing:
                    self._begin(session)
                yield session
                if writing:
                    session.commit()
        except (sql.exc.SQLAlchemyError, OSError) as error:
            raise StoreError(self._explained(error, writing)) from error

    def _begin(self, session: sql.Connection) -> None:
        if not self._is_sqlite:
            session.execute(sql.text("SET LOCAL synchronous_commit TO on"))
            session.execute(sql.select(sql.func.pg_advisory_xact_lock(_LOCK)))
        else:
            _take_turn(session)
        if not self._has_table or self._is_sqlite:
            session.execute(sql.schema.CreateTable(_table, if_not_exists=True))

    def _engine(self) -> sql.Engine:
        """The engine of this process; connections of the process before the fork are left alone."""
        if self._made is None or self._made[0] != os.getpid():
            self.close()
            self._made = (os.getpid(), self._sqlite() if self._is_sqlite else self._postgresql())
        return self._made[1]

    def _sqlite(self) -> sql.Engine:
        """SQLite with a connection for each use: a file moved or restored meanwhile is noticed at once."""
        path = Path(str(self._url.database))
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(0o600)
        options = {"timeout": PATIENCE, "isolation_level": None}
        engine = sql.create_engine(self._url, poolclass=NullPool, connect_args=options)
        sql.event.listen(engine, "connect", _make_durable)
        return engine

    def _postgresql(self) -> sql.Engine:
        options = {"connect_timeout": PATIENCE, "options": f"-c statement_timeout={1000 * PATIENCE}"}
        try:
            return sql.create_engine(
                self._url,
                poolclass=QueuePool,
                pool_size=1,
                max_overflow=4,
                pool_timeout=PATIENCE,
                pool_pre_ping=True,
                connect_args=options,
            )
        except ImportError as error:
            raise SettingsError(
                f"{self.place}: PostgreSQL needs a driver; pip install 'normalizer[postgresql]'"
            ) from error

    def _explained(self, error: Exception, writing: bool) -> str:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        what = "the judgements could not be kept" if writing else "the judgements cannot be read"
        remedy = "try again" if "locked" in reason else "see to it, and try again"
        return f"{self.place}: {what} ({reason}); {remedy}"


def _make_durable(connection: sqlite3.Connection, _: object) -> None:
    """Set up a connection.

    Of several that make a new file at once, SQLite refuses all but one, without waiting.
    """
    cursor = connection.cursor()
    for trial in range(_TRIALS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            break
        except connection.OperationalError as error:
            if "locked" not in str(error) or trial == _TRIALS - 1:
                raise
        with suppress(connection.OperationalError):
            cursor.execute("BEGIN IMMEDIATE")  # waits until the other one is done
            cursor.execute("ROLLBACK")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _take_turn(session: sql.Connection) -> None:
    """Begin to write an SQLite file, as soon as nobody else writes it.

    SQLite itself looks every 100 ms whether a lock is free. Who writes without a pause, on a slow disk, frees
    it for a few milliseconds at a time, and would keep all others waiting; so this looks every other one.
    """
    begin = sql.text("BEGIN IMMEDIATE")
    session.execute(sql.text(f"PRAGMA busy_timeout = {_LOOK}"))
    for look in range(_LOOKS):
        try:
            session.execute(begin)
            break
        except sql.exc.OperationalError as error:
            if "locked" not in str(error.orig) or look == _LOOKS - 1:
                raise
    session.execute(sql.text(f"PRAGMA busy_timeout = {1000 * PATIENCE}"))


def _read(session: sql.Connection, condition: sql.ColumnElement[bool]) -> list[Recorded]:
    rows = session.execute(sql.select(_table).where(condition).order_by(_table.c.number)).mappings()
    return [Recorded(row["number"], _judgement(row)) for row in rows]


def _judgement(row: sql.RowMapping) -> Judgement:
    fields = {name: row[name] for name in FIELDS}
    fields["verdict"] = Verdict(row["verdict"])
    fields["kind"] = AliasKind(row["kind"]) if row["kind"] else None
    return Judgement(**fields)


def _portions(judgements: Sequence[Judgement]) -> Iterator[Sequence[Judgement]]:
    for start in range(0, len(judgements), _PORTION):
        yield judgements[start : start + _PORTION]


def _parsed(url: str) -> sql.URL:
    """The URL of a store; that of a path is SQLite's.

    Raises:
        SettingsError: It is no URL, or not of SQLite or PostgreSQL.
    """
    if "://" not in url:
        return sql.URL.create("sqlite", database=url)
    try:
        parsed = sql.make_url(url)
    except (sql.exc.SQLAlchemyError, ValueError) as error:
        raise SettingsError("the URL of the judgements is not understood; write postgresql://…") from error
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return parsed
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    raise SettingsError(
        f"judgements cannot be kept in {parsed.drivername!r}; name a path, sqlite:///PATH or postgresql://…"
    )
