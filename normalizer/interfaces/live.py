"""The engine of a running service, kept up to date with its files, and with what is judged elsewhere.

A small thread of each process looks once a second. Requests never wait for it: they answer from the engine
that there is, and the next one takes its place by one assignment. Whatever is wrong with the files or the
store is told once, and the old engine goes on answering.
"""

from __future__ import annotations

import os
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Event, Lock, Thread
from typing import Final

from normalizer.engine import Engine
from normalizer.errors import NormalizerError, RegistryError
from normalizer.interfaces.judging import catch_up, judge, ledger_of
from normalizer.judgements import Judgement, Recorded, in_force
from normalizer.registry import registry_stamp

INTERVAL: Final = 1.0
"""Seconds between two looks at the files and the store."""
_REST: Final = 0.2
"""Seconds for which changed files must stay as they are before they are read."""
_FIRST_LOOK: Final = 1.0
"""Seconds that the first request of a process waits for the first look."""
_STEPS: Final = 200
"""Changes that are remembered for those who ask what changed since a version."""


class Live:
    """An engine that changes while it is in use.

    Args:
        engine: The engine as it was opened.
        say: Is told what operators should know.

    Attributes:
        registry_fault: Why the registry's files cannot be used as they are now; empty if they can.
        store_fault: Why the store of judgements cannot be read; empty if it can, or there is none.
    """

    def __init__(self, engine: Engine, say: Callable[[str], None]) -> None:
        self._engine, self._say = engine, say
        self.registry_fault = self.store_fault = ""
        self._loaded: object = None
        self._changing, self._starting = Lock(), Lock()
        self._process = 0
        self._looked = Event()
        self._steps: deque[tuple[str, frozenset[str]]] = deque(maxlen=_STEPS)

    @property
    def engine(self) -> Engine:
        """The engine that answers now."""
        return self._engine

    def watch(self) -> None:
        """See that this process looks for changes; does nothing when it does already."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._looked = Event()
                Thread(target=_watch, args=(weakref.ref(self),), name="normalizer-live", daemon=True).start()
                self._process = os.getpid()
        self._looked.wait(_FIRST_LOOK)

    def look(self) -> None:
        """Take in what changed."""
        try:
            self._hear()
            self._looked.set()
            self._reload()
        except Exception as error:  # the thread must go on; the log names the place, and nobody's data
            frames = "".join(traceback.format_tb(error.__traceback__))
            self._say(f"{type(error).__name__} while looking for changes\n{frames}")
        finally:
            self._looked.set()

    def judge(self, judgement: Judgement, may: Callable[[Sequence[Recorded]], None]) -> Recorded:
        """Keep a judgement, which is in force when this returns.

        Args:
            judgement: The judgement.
            may: Is given the log, and raises if the judgement is not allowed over it.

        Raises:
            JudgementError: It contradicts what is known.
            UnknownEntityError: There is no such entity.
            SettingsError: There is no store.
            StoreError: It could not be kept.
        """
        with self._changing:
            engine = self._engine
            ledger = ledger_of(engine)
            self._take_in(engine)
            may(ledger.log)
            recorded = judge(engine, ledger, judgement)
            try:
                self._take_in(engine)
            except NormalizerError as error:  # it is kept all the same
                self._tell_of_store(str(error))
            return recorded

    def changed_since(self, version: str) -> list[str] | None:
        """The ids of the entities that changed since a version was answered from; None if it is not known.

        Args:
            version: An `index_version`.
        """
        steps = list(self._steps)
        if version == self._engine.index_version:
            return []
        for place in range(len(steps) - 1, -1, -1):
            if steps[place][0] == version:
                return sorted(set().union(*(ids for _, ids in steps[place:])))
        return None

    def _hear(self) -> None:
        """Take in what was judged elsewhere."""
        if self._engine.ledger is None:
            return
        try:
            with self._changing:
                self._take_in(self._engine)
        except NormalizerError as error:
            self._tell_of_store(str(error))
            return
        if self.store_fault:
            self._say("the judgements can be read again")
        self.store_fault = ""

    def _tell_of_store(self, fault: str) -> None:
        if not self.store_fault:
            self._say(f"{fault}; answers go on with what is known")
        self.store_fault = fault

    def _take_in(self, engine: Engine) -> None:
        ledger = ledger_of(engine)
        before, known = engine.index_version, len(ledger.log)
        refused = len(catch_up(engine, ledger))
        if refused:
            self._say(f"{refused} judgements have no effect; the registry says otherwise")
        if engine.index_version != before:
            of = {recorded.judgement.id: recorded.judgement.entity for recorded in ledger.log}
            new = [recorded.judgement for recorded in ledger.log[known:]]
            ids = {judgement.entity or of.get(judgement.of or "") for judgement in new}
            self._steps.append((before, frozenset(entity_id for entity_id in ids if entity_id)))

    def _reload(self) -> None:
        """Open the registry anew when its files have changed and come to rest."""
        old = self._engine
        if old.path is None:
            return
        stamp = _stamp(old.path)
        if stamp == self._loaded:
            return
        time.sleep(_REST)
        if stamp != _stamp(old.path):
            return
        self._loaded = stamp
        try:
            engine = Engine.unjudged(old.settings, self._say)
            engine.check("Made ready before anybody asks")
        except RegistryError as error:
            self.registry_fault = str(error)
            self._say(f"the registry changed and cannot be used; the old one goes on answering\n{error}")
            return
        self.registry_fault = ""
        if engine.registry_version != old.registry_version:
            self._replace(old, engine)

    def _replace(self, old: Engine, engine: Engine) -> None:
        """Put an engine in the place of another, with what was judged."""
        ledger = engine.ledger = old.ledger
        known = ledger.log if ledger is not None else ()
        engine.lay(in_force(known))
        changed = frozenset(_changed(old, engine))
        with self._changing:
            if ledger is not None and ledger.log != known:
                engine.lay(in_force(ledger.log))
            before = old.index_version
            self._steps.append((before, changed))
            self._engine = engine
        self._say(f"the registry changed: {engine.entity_count:,} entities, index {engine.index_version}")


def _stamp(path: str) -> object:
    """What changes with the files of a registry: their stamp, or why there is none."""
    try:
        return registry_stamp(path)
    except RegistryError as error:
        return str(error)


def _watch(reference: weakref.ref[Live]) -> None:
    """Look once a second, for as long as anybody holds the engine."""
    while (live := reference()) is not None:
        live.look()
        del live
        time.sleep(INTERVAL)


def _changed(old: Engine, new: Engine) -> Iterator[str]:
    """The ids of the entities that are new, gone, or other than they were."""
    before, after = old.in_order(), new.in_order()
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(before, None), next(after, None)
        elif right is None or (left is not None and left.id < right.id):
            yield left.id if left is not None else ""
            left = next(before, None)
        elif left is None or right.id < left.id:
            yield right.id
            right = next(after, None)
        else:
            yield left.id
            left, right = next(before, None), next(after, None)
