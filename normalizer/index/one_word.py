"""Names that are written in fewer words than others: joined words, initials."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from normalizer.compare.knowledge import Role, words_of
from normalizer.index.hashing import spelled
from normalizer.model import EntityType

OF_A_SPELLING: Final = 8
"""Names kept for a way to write several words as one."""
SHORTEST_JOINED: Final = 5
"""Letters that two words have at least to be found as one."""
BEHIND_INITIALS: Final = b"."
BEHIND_NEIGHBOURS: Final = b"+"
"""What is written behind a text before it is hashed, so that it is no word of other names."""


def neighbours_joined(words: Sequence[str]) -> list[str]:
    """Every two neighbouring words as one, where it makes a word of some length."""
    return [one + other for one, other in pairwise(words) if len(one) + len(other) >= SHORTEST_JOINED]


def initials(words: Sequence[str]) -> list[str]:
    """The first letters of several words: of all, and of those that are not there for form."""
    if len(words) < 2:
        return []
    all_of_them = "".join([word[0] for word in words])
    for_form = words_for_form()
    if for_form.isdisjoint(words):
        return [all_of_them]
    telling = "".join([word[0] for word in words if word not in for_form])
    return [all_of_them, telling] if 1 < len(telling) < len(all_of_them) else [all_of_them]


@cache
def words_for_form() -> frozenset[str]:
    """The words that initials leave out: articles and the like, legal forms."""
    roles = words_of(EntityType.OTHER).roles
    return frozenset(word for word, role in roles.items() if role in (Role.SMALL, Role.LEGAL))


def spelled_by_initials(text: str) -> int:
    """The hash of a text as other names' initials, which are no word of theirs."""
    return crc32(BEHIND_INITIALS, spelled(text))


def spelled_by_neighbours(text: str) -> int:
    """The hash of a text as two neighbouring words of other names."""
    return crc32(BEHIND_NEIGHBOURS, spelled(text))
