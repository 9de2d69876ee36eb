"""Two names held against each other, by their keys or as written."""

from __future__ import annotations

from functools import cached_property
from typing import Final

from normalizer.compare.alignment import Alignment, Rarity, align, weights_of
from normalizer.compare.features import Measures, measured
from normalizer.compare.likeness import likeness
from normalizer.compare.parts import Name, parsed
from normalizer.compare.score import (
    HIGHEST,
    ONE_PLACE,
    Model,
    capped,
    conflicts,
    log_odds,
    may_conflict,
    probability,
)
from normalizer.model import Comparison, EntityType, Evidence
from normalizer.text.folding import MAX_NAME, fold

NOBODY: Final = -50.0
"""Log-odds of names that have nothing in common."""
CEILINGS: Final = {"number": 0.6, "generation": 0.6, "initials": 0.8}
"""Conflict → the most that names with it can be alike."""
_LEAST_CEILING: Final = min(CEILINGS.values())


class KeyComparison:
    """What there is to say of two folded names; each thing is worked out when it is asked for.

    Args:
        query: What was met.
        name: What the registry holds.
        rarity: What is known of how rare a word is.
        query_weights: What each word of the mention says, if that is known.
    """

    __slots__ = ("__dict__", "_conflicts", "alignment", "measures")

    def __init__(
        self,
        query: Name,
        name: Name,
        rarity: Rarity | None = None,
        query_weights: list[float] | None = None,
    ) -> None:
        self.alignment: Alignment = align(query, name, rarity, query_weights)
        self.measures = Measures(self.alignment)
        self._conflicts: list[tuple[float, Evidence]] | None = None

    @property
    def conflicts(self) -> list[tuple[float, Evidence]]:
        """What parts the two however alike they are, with what it leaves of the probability."""
        if self._conflicts is None:
            self._conflicts = list(conflicts(self.measures)) if may_conflict(self.measures) else []
        return self._conflicts

    @cached_property
    def likeness(self) -> float:
        """How much of what both say agrees, 0 to 1: a plain figure that no training changes."""
        value = likeness(self.alignment)
        if value > _LEAST_CEILING:
            for _, conflict in self.conflicts:
                value = min(value, CEILINGS.get(conflict.feature, HIGHEST))
        return min(value, HIGHEST)

    def log_odds(self, model: Model) -> float:
        """The log-odds that both are of one entity, conflicts counted."""
        is_known = bool(self.measures.places[0])
        if not self.alignment.pairs and not is_known:
            return NOBODY
        odds = log_odds(measured(self.measures), self.alignment.query.type, model)
        if is_known:
            return max(odds, ONE_PLACE)
        found = self.conflicts
        share = min([share for share, _ in found]) if found else 1.0
        return capped(odds, share) if share < 1.0 else odds

    def evidence(self) -> tuple[Evidence, ...]:
        """What stands for what, what is left over, and what parts the two."""
        query, name = self.alignment.query.parts, self.alignment.name.parts
        found: list[tuple[int, Evidence]] = []
        for pair in self.alignment.pairs:
            first = " ".join(dict.fromkeys(query[i].written for i in pair.first))
            second = " ".join(dict.fromkeys(name[j].written for j in pair.second))
            found.append((pair.first[0], Evidence(pair.feature, pair.value, pair.weight, first, second)))
        for i in self.alignment.extra:
            weight = self.alignment.query_weights[i]
            found.append((i, Evidence("extra", 1.0, -weight, query[i].written)))
        for j in self.alignment.missing:
            weight = self.alignment.name_weights[j]
            found.append((len(query) + j, Evidence("missing", 1.0, -weight, "", name[j].written)))
        found.sort(key=lambda item: item[0])
        if self.measures.places[0]:
            known = Evidence("known-as-one", 1.0, 1.0, self.alignment.query.key, self.alignment.name.key)
            return (known,)
        return (*(evidence for _, evidence in found), *(evidence for _, evidence in self.conflicts))


class Asked:
    """A folded mention that is held against many names: what depends on it alone is worked out once.

    Args:
        key: What was met.
        type: What it is taken for.
        rarity: What is known of how rare a word is.
    """

    __slots__ = ("_rarity", "_weights", "name")

    def __init__(self, key: str, type: EntityType, rarity: Rarity) -> None:
        self.name = parsed(key, type)
        self._rarity = rarity
        self._weights = weights_of(self.name, rarity)

    def compared(self, key: str) -> KeyComparison:
        """What `compare_keys` gives of the mention and a folded name of the registry."""
        return KeyComparison(self.name, parsed(key, self.name.type), self._rarity, self._weights)


def compare_keys(
    query: str, name: str, type: EntityType = EntityType.OTHER, rarity: Rarity | None = None
) -> KeyComparison:
    """Compare two folded names; the first is what was met, the second what the registry holds."""
    return KeyComparison(parsed(query, type), parsed(name, type), rarity)


def compare_names(first: str, second: str, type: EntityType = EntityType.OTHER) -> Comparison:
    """Say how likely two names as written are of one entity, without any registry.

    Args:
        first: A name.
        second: Another name; the order does not matter to the score.
        type: What both are names of.

    Returns:
        A comparison; 0 without evidence when either is longer than a name may be or folds to nothing, 1
        only when both fold to the same.
    """
    if max(len(first), len(second)) > MAX_NAME:
        return Comparison(0.0)
    a, b = fold(first), fold(second)
    if not a or not b:
        return Comparison(0.0)
    if a == b:
        return Comparison(1.0, (Evidence("equal", 1.0, 1.0, a, b),))
    is_turned = (len(b), b) < (len(a), a)
    comparison = compare_keys(b, a, type) if is_turned else compare_keys(a, b, type)
    score = min(HIGHEST, probability(comparison.log_odds(Model.PAIR)))
    evidence = comparison.evidence()
    return Comparison(score, _turned(evidence) if is_turned else evidence)


_TURNED: Final = {"extra": "missing", "missing": "extra"}


def _turned(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The same evidence with both names changed about."""
    return tuple(
        Evidence(_TURNED.get(item.feature, item.feature), item.value, item.weight, item.name, item.query)
        for item in evidence
    )
