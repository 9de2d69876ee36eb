"""A store and what has been read of it: the log that one process knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from normalizer.judgements.values import Judgement, Recorded

if TYPE_CHECKING:
    from normalizer.judgements.store import Store


class Ledger:
    """The judgements of a store, in order; a process reads each of them once.

    Nothing is imported, opened or made for an SQLite file that is not there, until a judgement is kept.

    Args:
        place: The store, as `Store` takes it.

    Attributes:
        log: What has been read, in order of the numbers.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.log: tuple[Recorded, ...] = ()
        self._store: Store | None = None

    def catch_up(self) -> Sequence[Recorded]:
        """Read what has been kept since the last time.

        Returns:
            The judgements that are new.

        Raises:
            StoreError: The store cannot be read.
            SettingsError: There is no such store.
        """
        if "://" not in self.place and not Path(self.place).exists():
            return ()
        new = self.store.since(self.log[-1].number if self.log else 0)
        self.log += tuple(new)
        return new

    def add(self, judgements: Sequence[Judgement]) -> list[Recorded]:
        """Keep judgements for good; see `Store.add`. The log holds them after the next `catch_up`."""
        return self.store.add(judgements)

    @property
    def store(self) -> Store:
        """The store, made ready at its first use."""
        if self._store is None:
            from normalizer.judgements.store import Store

            self._store = Store(self.place)
        return self._store

    def close(self) -> None:
        """Give back the store's connections, as before a fork."""
        if self._store is not None:
            self._store.close()
