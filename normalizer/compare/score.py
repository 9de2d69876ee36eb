"""From features to a probability: a weighed sum, learned by `benchmarks/train.py`, and what caps it.

Two models share the features. *Link* is a conditional logit over the candidates of a mention with "nobody"
as one more choice (McFadden 1974): the probability of a candidate falls with every rival that is as good,
so that ties and margins need no rule of their own. *Pair* is a plain logistic regression over two names
without any registry. Both weigh all types alike but for a deviation that each type may have.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from math import exp, log
from operator import mul
from pathlib import Path
from typing import Final

from normalizer.compare.alignment import Alignment
from normalizer.compare.features import FEATURES, Measures
from normalizer.compare.knowledge import Role
from normalizer.compare.parts import Name
from normalizer.compare.words import INITIAL
from normalizer.model import EntityType, Evidence

COEFFICIENTS: Final = Path(__file__).parent.parent / "data" / "names" / "coefficients.json"

HIGHEST: Final = 0.999
"""The most that names can score that are not equal."""
OTHER_NUMBER: Final = 0.4
"""What is left of the probability when one number stands for another."""
ONE_NUMBER: Final = 0.6
"""What is left when nothing but a number is in one name alone (Channel 4, Channel)."""
OTHER_GENERATION: Final = 0.3
"""What is left when both say which one of a name they are, and not the same (Henry VII, Henry VIII)."""
ONE_GENERATION: Final = 0.5
"""What is left when only one says so: Trump Jr. is not Trump, and Joseph R. Biden Jr. is Joe Biden."""
OTHER_INITIALS: Final = 0.6
"""What is left when both have initials, and not the same (George H. W., George W.)."""
OTHER_PLACE: Final = 0.1
"""What is left when the two are known as two countries or capitals (Niger, Nigeria)."""
ONE_PLACE: Final = 4.0
"""Least log-odds of two names that one country or capital is known by (Burma, Myanmar)."""
OTHER_PART: Final = 0.6
"""What is left when a compass or size word is in one place's name alone (New York, York; Korea)."""
_WHICH_ONE: Final = frozenset({Role.DIRECTION, Role.SIZE})
INITIALS_ALONE: Final = 0.5
"""What is left when a person is nothing but initials."""


CONFLICTS: Final = frozenset(
    {"number", "generation", "initials", "initials-alone", "known-apart", "which-one", "other-name"}
)
"""Evidence of what parts two names however alike they are: with any of it they are never a match."""


class Model(StrEnum):
    """What a probability is of."""

    LINK = "link"
    PAIR = "pair"


Weights = dict[EntityType, tuple[float, tuple[float, ...]]]
"""Type → the constant and the weight of each feature."""


@cache
def _weights(model: Model) -> Weights:
    """The weights that come with the package."""
    return weights_from(json.loads(COEFFICIENTS.read_text(encoding="utf-8"))[model.value])


def weights_from(stored: Mapping[str, Mapping[str, float]]) -> Weights:
    """Add up what all types share and the deviation of each.

    Args:
        stored: "all" and types → "constant" or the name of a feature → its weight.
    """
    found = {}
    for type in EntityType:
        parts = [stored["all"], stored.get(type.value, {})]
        sums = [
            sum(part.get(name, 0.0) for part in parts)
            for name in ("constant", *(feature.name for feature in FEATURES))
        ]
        found[type] = (sums[0], tuple(sums[1:]))
    return found


def log_odds(values: Sequence[float], type: EntityType, model: Model) -> float:
    """Weigh the features of two names.

    Args:
        values: The features in the order of `FEATURES`.
        type: What the names are taken for.
        model: Whether the odds are of a candidate against nobody, or of one against two.
    """
    constant, weights = _weights(model)[type]
    total: float = sum(map(mul, weights, values), constant)
    return total


def probability(odds: float) -> float:
    """Log-odds as a probability."""
    if odds < -700:
        return 0.0
    return 1.0 / (1.0 + exp(-odds))


def capped(odds: float, share: float) -> float:
    """Log-odds of which only a share of the probability is left."""
    left = share * min(HIGHEST, max(1e-12, probability(odds)))
    return log(left / (1.0 - left))


def may_conflict(measures: Measures) -> bool:
    """Whether there can be anything in `conflicts`: a quick look that spares most names the long one."""
    query = measures.alignment.query
    return (
        query.type is EntityType.PERSON
        or Role.NUMBER in measures.extra_roles
        or Role.NUMBER in measures.missing_roles
        or measures.generations[0] != measures.generations[1]
        or measures.places[1] != 0.0
        or (query.has_initials and measures.alignment.name.has_initials)
        or not _WHICH_ONE.isdisjoint(measures.extra_roles)
        or not _WHICH_ONE.isdisjoint(measures.missing_roles)
    )


def conflicts(measures: Measures) -> Iterator[tuple[float, Evidence]]:
    """What parts two names however alike they are, each with the share of the probability that it leaves.

    Names that differ only in an ordinal, a generational suffix or a number are never of one entity.
    """
    alignment = measures.alignment
    query, name = alignment.query, alignment.name
    is_numbered = [Role.NUMBER in roles for roles in (measures.extra_roles, measures.missing_roles)]
    if all(is_numbered) or (any(is_numbered) and _differ_in_a_number(alignment)):
        numbers = [
            " ".join(part.word for part in side.parts if part.role is Role.NUMBER) for side in (query, name)
        ]
        share = OTHER_NUMBER if all(is_numbered) else ONE_NUMBER
        yield share, Evidence("number", 1.0, log(share), *numbers)
    if measures.generations[0] != measures.generations[1]:
        words = [
            side.parts[-1].word if generation else ""
            for side, generation in zip((query, name), measures.generations, strict=True)
        ]
        share = OTHER_GENERATION if all(measures.generations) else ONE_GENERATION
        yield share, Evidence("generation", 1.0, log(share), *words)
    if measures.places[1]:
        share = OTHER_PLACE if measures.places[1] == 1.0 else OTHER_PART
        yield share, Evidence("known-apart", measures.places[1], log(share), query.key, name.key)
    left_over = measures.extra_roles.keys() | measures.missing_roles.keys()
    if query.type in (EntityType.PLACE, EntityType.OTHER) and left_over & _WHICH_ONE:
        words = [
            " ".join(side.parts[place].word for place in left if side.parts[place].role in _WHICH_ONE)
            for side, left in ((query, alignment.extra), (name, alignment.missing))
        ]
        yield OTHER_PART, Evidence("which-one", 1.0, log(OTHER_PART), *words)
    initials = _bare_initials(alignment) if query.has_initials and name.has_initials else ([], [])
    if initials[0] and initials[1] and sorted(initials[0]) != sorted(initials[1]):
        yield (
            OTHER_INITIALS,
            Evidence("initials", 1.0, log(OTHER_INITIALS), " ".join(initials[0]), " ".join(initials[1])),
        )
    if query.type is EntityType.PERSON and not measures.equal:
        yield from _initials_alone(alignment)


def _initials_alone(alignment: Alignment) -> Iterator[tuple[float, Evidence]]:
    """Whether one of two persons is nothing but initials."""
    query, name = alignment.query, alignment.name
    for side, pairs in (
        (query, [pair.first for pair in alignment.pairs if pair.feature == INITIAL]),
        (name, [pair.second for pair in alignment.pairs if pair.feature == INITIAL]),
    ):
        shared = {place for places in pairs for place in places if len(places) == 1}
        if _is_all_initials(side, shared):
            yield INITIALS_ALONE, Evidence("initials-alone", 1.0, log(INITIALS_ALONE), side.key)
            return


def _differ_in_a_number(alignment: Alignment) -> bool:
    """Whether all telling words but numbers agree; a listing's noise (EO 12,50) is no number of the name."""
    for name, left in ((alignment.query, alignment.extra), (alignment.name, alignment.missing)):
        for place in left:
            part = name.parts[place]
            if part.role is Role.LISTING or (part.is_telling and part.role is not Role.NUMBER):
                return False
    return all(pair.value > 0.9 for pair in alignment.pairs if pair.is_telling)


def _bare_initials(alignment: Alignment) -> tuple[list[str], list[str]]:
    """The initials of both names that stand for no name of the other."""
    spent = [pair for pair in alignment.pairs if pair.feature == INITIAL]
    first = {place for pair in spent for place in pair.first}
    second = {place for pair in spent for place in pair.second}
    return (
        [p.word for i, p in enumerate(alignment.query.parts) if p.role is Role.INITIAL and i not in first],
        [p.word for j, p in enumerate(alignment.name.parts) if p.role is Role.INITIAL and j not in second],
    )


def _is_all_initials(name: Name, paired: set[int]) -> bool:
    """Whether a person's name says nothing beyond initials: N. N., JFK."""
    for place, part in enumerate(name.parts):
        is_short = part.role is Role.INITIAL or (place in paired and len(part.word) < 5)
        if not is_short and part.role is not Role.HONORIFIC:
            return False
    return True
