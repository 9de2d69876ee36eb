"""A plain likeness of two aligned names, for running text: no training moves it, no list of names is asked.

Every edit counts as one: in a draft an easy slip is as often another's name, and a name in another language
another form. What a likeness is worth there is the checker's to weigh.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.compare.alignment import Alignment
from normalizer.compare.knowledge import Role
from normalizer.compare.parts import Part, word_weight
from normalizer.compare.spelling import edit_budget
from normalizer.compare.words import (
    ABBREVIATION,
    INITIAL,
    NICKNAME,
    SCRIPT,
    SOUND,
    SOUND_BASE,
    SOUND_SHARE,
    SPELLING,
    VARIANT,
)
from normalizer.text.sound import sound_key

RESPELLED: Final = frozenset({SPELLING, SOUND, SCRIPT, VARIANT, NICKNAME, ABBREVIATION})
"""What joins two words that are not written alike."""
_PLAIN: Final = frozenset({Role.COMMON, Role.KIND, Role.DIRECTION, Role.SIZE, Role.OCCUPATION})
"""Roles of the words that say as much as a telling word for the plain likeness."""
EXTRA_COST: Final = 0.8
"""What a word of the mention that has no partner costs, against one that has (chosen on the look-up sets)."""
MISSING_COST: Final = 0.55
"""What a word of the registry's form without a partner costs: people leave middle names out."""


def likeness(alignment: Alignment) -> float:
    """Share of what both names say that the pairs hold, 0 to 1."""
    query, name = alignment.query.parts, alignment.name.parts
    query_weights = _plain_weights(query, alignment.query_weights)
    name_weights = _plain_weights(name, alignment.name_weights)
    matched = total = 0.0
    for feature, value, first, second, *_ in alignment.pairs:
        left, right = sum([query_weights[i] for i in first]), sum([name_weights[j] for j in second])
        if feature in RESPELLED:
            value = plain_likeness(query[first[0]].written, name[second[0]].written)
        weight = min(left, right) if feature == INITIAL else (left + right) / 2
        matched += weight * value
        total += weight * (1.0 if value else EXTRA_COST + MISSING_COST)
    total += EXTRA_COST * sum([query_weights[i] for i in alignment.extra])
    total += MISSING_COST * sum([name_weights[j] for j in alignment.missing])
    return matched / total if total else 0.0


def _plain_weights(parts: tuple[Part, ...], weights: list[float]) -> list[float]:
    """What words say by their lengths where their roles would make them say less (San, Bay, Kong)."""
    return [
        weight * word_weight(part.word) / part.weight if part.role in _PLAIN else weight
        for part, weight in zip(parts, weights, strict=True)
    ]


@lru_cache(maxsize=1 << 16)
def plain_likeness(first: str, second: str) -> float:
    """Likeness of two words by their letters alone, every edit counting as one, or by one sound.

    >>> plain_likeness("sunal", "sunak"), plain_likeness("peter", "pyotr")
    (0.8, 0.0)
    """
    shortest, longest = sorted((len(first), len(second)))
    edits = OSA.distance(first, second)
    value = 1.0 - edits / longest if edits <= edit_budget(longest) else 0.0
    sound = sound_key(first) if shortest > 3 else ""
    if len(sound) > 2 and sound == sound_key(second):
        value = max(value, SOUND_BASE + SOUND_SHARE * (1.0 - edits / longest))
    return value
