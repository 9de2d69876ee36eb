"""The peers of the look-up: rapidfuzz scorers over every name of a registry, the nearest one wins.

`ratio` and `WRatio` see casefolded names; `folded` drops accents and punctuation too and takes the better of
ratio and token-sort ratio. None knows types, aliases by word, or when to say that it is nobody.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy
from rapidfuzz import fuzz, process

_BLOCK: Final = 64
"""Queries scored at a time."""
Answer = tuple[int | None, float]
"""Row of the nearest name, if any was like at all, and its score from 0 to 1."""


def casefolded(name: str) -> str:
    """A name without its case."""
    return name.casefold()


def folded(name: str) -> str:
    """A name without case, accents and punctuation."""
    plain = (c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


@dataclass(frozen=True)
class Peer:
    """One simple way to look names up.

    Attributes:
        name: What it is called in the tables.
        prepare: What is done to each name and query before.
        scorers: rapidfuzz scorers of which the best counts.
        cells: Most pairs of query and name it is run on; queries beyond are sampled. 0 for no limit.
    """

    name: str
    prepare: Callable[[str], str]
    scorers: tuple[Callable[..., float], ...]
    cells: int = 0

    def nearest(self, queries: Sequence[str], names: Sequence[str]) -> Iterator[Answer]:
        """The nearest of the prepared names to each query as written."""
        for start in range(0, len(queries), _BLOCK):
            keys = [self.prepare(query) for query in queries[start : start + _BLOCK]]
            blocks = [process.cdist(keys, names, scorer=s, dtype=numpy.float32) for s in self.scorers]
            scores: Any = blocks[0]
            for other in blocks[1:]:
                numpy.maximum(scores, other, out=scores)
            for row in scores:
                best = int(row.argmax())
                yield (best if row[best] > 0 else None), float(row[best]) / 100

    def score(self, first: str, second: str) -> float:
        """How like two names are, from 0 to 1."""
        a, b = self.prepare(first), self.prepare(second)
        return max(float(scorer(a, b)) for scorer in self.scorers) / 100


PEERS: Final = (
    Peer("ratio", casefolded, (fuzz.ratio,)),
    Peer("WRatio", casefolded, (fuzz.WRatio,), cells=22_000_000),
    Peer("folded", folded, (fuzz.ratio, fuzz.token_sort_ratio)),
)
