"""The library as two peers of the look-up harness: the whole match, and the index alone.

The harness (`lookup_peers.py`) gives names, not entities and no types; so each name is an entity by itself,
of type other, and no mention has a type. Two names of one entity are rivals here, and share the probability
that belongs to both: the score handed out is the sum over the candidates, how likely it is anybody at all.

A batch starts with an index that remembers nothing and with the bounded caches of the library empty,
because the harness asks the same queries again and again. The single queries follow each other as in a
service.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from benchmarks.common import caches
from benchmarks.index_file import first_link_ms, made, own_entities
from normalizer.matcher import SHORTLIST, Matcher
from normalizer.model import Link, Mention
from normalizer.text.folding import fold

Answer = tuple[int, float] | None
"""The position of a name in the registry, and its score."""
CANDIDATES: Final = 5
"""Candidates in an answer, of which the first counts."""


class Adapter(ABC):
    """What both have: the index file, and what it cost."""

    name = ""
    threads = 1

    def build(self, names: Sequence[str]) -> None:
        """Compile the names and open the file."""
        self._folder = tempfile.TemporaryDirectory(prefix="normalizer-benchmark-")
        self.file = made(own_entities(names), Path(self._folder.name))
        self.matcher = self.file.matcher()
        self._first_ms = first_link_ms(self.matcher, "Somebody Unheard-of")
        self._spent: list[int] = []
        self._caches = caches(only_bounded=True)  # now: the harness hides them from the collector later

    @property
    def note(self) -> str:
        """The costs that the harness does not measure, as JSON."""
        costs = {
            "compile_s": self.file.build_s,
            "compile_cpu_s": self.file.build_cpu_s,
            "build_peak_mb": self.file.build_peak_mb,
            "open_ms": self.file.open_ms,
            "first_ms": self._first_ms,
            "cpu_p50_us": statistics.median(self._spent) / 1e3 if self._spent else None,
        }
        return json.dumps(costs)

    def index_bytes(self) -> int:
        """Size of the file."""
        return round(self.file.file_mb * 1e6)

    def query_one(self, query: str) -> Answer:
        """Answer one query, and note its CPU time: the harness has only the clock for a single one."""
        start = time.thread_time_ns()
        answer = self.answers(self.matcher, [query])[0]
        self._spent.append(time.thread_time_ns() - start)
        return answer

    def query(self, queries: Sequence[str]) -> list[Answer]:
        """Answer a batch."""
        for cache in self._caches:
            cache.cache_clear()
        return self.answers(self.file.matcher(), queries)

    def close(self) -> None:
        """Remove the file."""
        self._folder.cleanup()

    @abstractmethod
    def answers(self, matcher: Matcher, queries: Sequence[str]) -> list[Answer]:
        """The name that each query means, if any."""


class WholeMatch(Adapter):
    """What `normalizer match` does with a name, evidence and all."""

    name = "normalizer"

    def answers(self, matcher: Matcher, queries: Sequence[str]) -> list[Answer]:
        """See `Adapter`."""
        return [_first(link) for link in matcher.link_many([Mention(query) for query in queries], CANDIDATES)]


class IndexAlone(Adapter):
    """The candidates of the index, reranked by plain likeness of the sorted words as the peers' are."""

    name = "normalizer, index alone"

    def build(self, names: Sequence[str]) -> None:
        """See `Adapter`."""
        super().build(names)
        keys = ((row, fold(name)) for row, name in enumerate(names))
        self._names = {key: (row, " ".join(sorted(key.split()))) for row, key in keys}

    def answers(self, matcher: Matcher, queries: Sequence[str]) -> list[Answer]:
        """See `Adapter`."""
        keys = [fold(query) for query in queries]
        shortlists = matcher.index.candidates(keys, SHORTLIST)
        return [self._likest(key, found) for key, found in zip(keys, shortlists, strict=True)]

    def _likest(self, key: str, shortlist: Sequence[str]) -> Answer:
        names = [self._names[name] for name in shortlist]
        query = " ".join(sorted(key.split()))
        best = process.extractOne(query, [text for _, text in names], scorer=fuzz.ratio)
        return None if best is None else (names[best[2]][0], best[1])


def _first(link: Link) -> Answer:
    if not link.candidates:
        return None
    return int(link.candidates[0].entity.id), sum(candidate.score for candidate in link.candidates)
