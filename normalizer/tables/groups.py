"""Spellings of one name put together, where no registry knows any of them.

The index says which names may be one, the comparison of two names how probable that is. Groups are then
joined from the most probable pair on, as long as no two of their members are clearly different (complete
linkage): Adam Smith and Anna Smith stay apart though A. Smith may be either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from normalizer.compare import CONFLICTS, compare_names
from normalizer.index import index_of
from normalizer.model import Entity, EntityType
from normalizer.registry import Registry
from normalizer.settings import Bounds
from normalizer.text.folding import MAX_NAME, fold

NEAREST: Final = 8
"""How many names are looked for in each of the ways that the index has (chosen)."""
MOST: Final = 50
"""Most members of a group, spellings that fold alike counted once; bounds what is compared (chosen)."""
_BATCH: Final = 2_000
_KEPT: Final = 1 << 17
"""Comparisons that are remembered."""


class Spelling(NamedTuple):
    """A spelling of a name.

    Attributes:
        name: The name as written.
        rows: How many rows have it.
        lines: The first of these rows.
        score: How probable it is that the group's first name is meant; 1 for that name itself.
    """

    name: str
    rows: int
    lines: tuple[int, ...] = ()
    score: float = 1.0


class Group(NamedTuple):
    """The spellings of one name, the most frequent first."""

    spellings: tuple[Spelling, ...]

    @property
    def name(self) -> str:
        """The proposed canonical form."""
        return self.spellings[0].name

    @property
    def rows(self) -> int:
        """How many rows have one of the spellings."""
        return sum(spelling.rows for spelling in self.spellings)


def grouped(
    spellings: Sequence[Spelling],
    type: EntityType,
    bounds: Bounds,
    tell: Callable[[int, int], None] = lambda done, count: None,
) -> list[Group]:
    """Put the spellings of each name together.

    Args:
        spellings: Distinct names; those without letters and digits, and longer ones than `MAX_NAME` code
            points, are left out.
        type: What they are names of.
        bounds: From `match` on two names are taken for one; below `review` they are clearly different.
        tell: Is told how many of the names are compared.

    Returns:
        The groups, those of one spelling too: the one with the most rows first, then by name.
    """
    by_key: dict[str, list[Spelling]] = {}
    for spelling in sorted(spellings, key=_standing):
        key = fold(spelling.name) if len(spelling.name) <= MAX_NAME else ""
        if key:
            by_key.setdefault(key, []).append(spelling)
    pairs = _Pairs([found[0].name for found in by_key.values()], list(by_key), type)
    clusters = _Clusters(len(by_key), lambda a, b: pairs.score(a, b) >= bounds.review)
    for _, first, second in sorted(pairs.probable(bounds.match, tell)):
        clusters.join(first, second)
    names = list(by_key.values())
    groups = []
    for members in clusters.members():
        lead = min(members, key=lambda member: _standing(names[member][0]))
        scored = [
            spelling._replace(score=1.0 if member == lead else round(pairs.score(lead, member), 4))
            for member in members
            for spelling in names[member]
        ]
        groups.append(Group(tuple(sorted(scored, key=_standing))))
    return sorted(groups, key=lambda group: (-group.rows, group.name))


def _standing(spelling: Spelling) -> tuple[int, bool, int, str]:
    """Who speaks for a group: the most frequent, one with capitals and small letters, the longest."""
    name = spelling.name
    return -spelling.rows, name in (name.upper(), name.lower()), -len(name), name


class _Pairs:
    """Names held against those that may be the same.

    Args:
        names: A spelling for each key.
        keys: The keys, distinct.
        type: What they are names of.
    """

    def __init__(self, names: Sequence[str], keys: Sequence[str], type: EntityType) -> None:
        self._names, self._keys, self._type = names, keys, type
        self.compared = 0
        self.score = lru_cache(_KEPT)(self._score)

    def probable(self, least: float, tell: Callable[[int, int], None]) -> list[tuple[float, int, int]]:
        """The pairs that are probably one: likelihood below zero, so that the best sort first."""
        if len(self._keys) < 2:
            return []
        places = {key: place for place, key in enumerate(self._keys)}
        named = (Entity(f"{place:09}", self._type, name) for place, name in enumerate(self._names))
        index = index_of(Registry(named))
        found: list[tuple[float, int, int]] = []
        compared: set[tuple[int, int]] = set()
        for start in range(0, len(self._keys), _BATCH):
            batch = self._keys[start : start + _BATCH]
            near = index.candidates(batch, NEAREST)
            pairs = {
                (min(place, other), max(place, other))
                for place, candidates in enumerate(near, start)
                for other in map(places.__getitem__, candidates)
                if other != place
            }
            pairs -= compared
            compared |= pairs
            for first, second in sorted(pairs):
                score = self._score(first, second)
                if score >= least:
                    found.append((-score, first, second))
            tell(min(start + _BATCH, len(self._keys)), len(self._keys))
        self.compared = len(compared)
        return found

    def _score(self, first: int, second: int) -> float:
        """How probable it is that two are one; 0 where something parts them for good."""
        comparison = compare_names(self._names[first], self._names[second], self._type)
        is_parted = any(item.feature in CONFLICTS for item in comparison.evidence)
        return 0.0 if is_parted else comparison.score


class _Clusters:
    """Numbers joined to groups in which all get along.

    Args:
        count: How many numbers.
        gets_along: Whether two may be in one group.
    """

    def __init__(self, count: int, gets_along: Callable[[int, int], bool]) -> None:
        self._gets_along = gets_along
        self._of = list(range(count))
        self._groups = {number: [number] for number in range(count)}
        self._refused: dict[int, set[int]] = {}

    def join(self, first: int, second: int) -> None:
        """Join the groups of two if all their members get along; what was refused once stays refused."""
        kept, gone = sorted((self._of[first], self._of[second]))
        if kept == gone or gone in self._refused.get(kept, ()):
            return
        ours, theirs = self._groups[kept], self._groups[gone]
        if len(ours) + len(theirs) > MOST or not all(
            self._gets_along(min(a, b), max(a, b)) for a in ours for b in theirs
        ):
            self._refused.setdefault(kept, set()).add(gone)
            self._refused.setdefault(gone, set()).add(kept)
            return
        ours += self._groups.pop(gone)
        for number in theirs:
            self._of[number] = kept
        for other in self._refused.pop(gone, ()):
            self._refused[other].discard(gone)
            self._refused[other].add(kept)
            self._refused.setdefault(kept, set()).add(other)

    def members(self) -> list[list[int]]:
        """The groups."""
        return [sorted(group) for group in self._groups.values()]
