"""Names linked in several processes, each of which maps the same index."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, repeat
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Final

from normalizer.engine import Engine
from normalizer.errors import TableError
from normalizer.model import Link, Mention
from normalizer.tables.cleaning import LinkMany

_FEW: Final = 64
"""Names fewer than which are linked here: to send them costs more than it saves (chosen)."""
_PARTS: Final = 2
"""Parts of a batch for each process, so that none waits long for another (chosen)."""

_engines: list[Engine] = []
"""The engine of a process that links."""


@contextmanager
def linking(engine: Engine, jobs: int) -> Iterator[LinkMany]:
    """Give who links, in so many processes.

    Raises:
        TableError: A process was killed.
    """
    if jobs == 1:
        yield engine.link_many
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (engine,)) as pool:

        def link_many(mentions: Sequence[Mention], limit: int) -> Sequence[Link]:
            if len(mentions) < _FEW:
                return engine.link_many(mentions, limit)
            size = -(-len(mentions) // (jobs * _PARTS))
            parts = [mentions[start : start + size] for start in range(0, len(mentions), size)]
            try:
                return list(chain.from_iterable(pool.map(_link, parts, repeat(limit))))
            except BrokenProcessPool as error:
                raise TableError(
                    "a process that links was killed; see whether memory is enough, or take fewer --jobs"
                ) from error

        yield link_many


def _begin(engine: Engine) -> None:
    """Take the engine; end when the process that asked does, even if that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _engines.append(engine)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _link(mentions: Sequence[Mention], limit: int) -> list[Link]:
    return _engines[0].link_many(mentions, limit)
