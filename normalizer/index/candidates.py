"""What every index answers: who owns a folded form, and which folded forms a name may mean."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from normalizer.model import Alias, Entity, EntityType


@dataclass(frozen=True, slots=True)
class Form:
    """A surface form with its owner and key."""

    entity: Entity
    alias: Alias
    key: str


class Index(ABC):
    """All surface forms of a registry, by key: the folded form."""

    @abstractmethod
    def exact(self, key: str) -> tuple[Form, ...]:
        """The forms that fold to a key, in order of their entities; empty if there are none."""

    @abstractmethod
    def never(self, key: str) -> frozenset[str]:
        """Ids of the entities that a key is known not to mean."""

    def is_word(self, key: str) -> bool:
        """Whether somebody decided that a key is just a word, however like a name."""
        return False

    @abstractmethod
    def longest_from(self, word: str) -> int:
        """How many words the longest key may have that begins with a word; 0 if none does."""

    def goes_on(self, key: str) -> bool:
        """Whether a longer key may begin with some folded words; sure only where it says no."""
        return True

    @abstractmethod
    def title_bearers(self, title: str) -> frozenset[str]:
        """Ids of the entities that carry a folded title; empty if it is none."""

    @property
    @abstractmethod
    def longest_title(self) -> int:
        """How many words the longest title has."""

    @property
    @abstractmethod
    def key_count(self) -> int:
        """How many keys there are."""

    @abstractmethod
    def held(self, word: str) -> int:
        """How many keys hold a word in Latin letters."""

    @abstractmethod
    def candidates(self, keys: Sequence[str], limit: int, floor: int = 0) -> list[list[str]]:
        """For each folded query the keys that may be meant.

        Args:
            keys: Folded queries.
            limit: How many are looked for in each of the ways there are.
            floor: Least likeness of the whole string, in hundredths, but for keys of one word that sound
                like a query of one word.

        Returns:
            For each query its candidate keys, the likeliest first.
        """

    def by_type(self, key: str) -> dict[EntityType, list[Form]]:
        """The forms that fold to a key by the type of their entities."""
        found: dict[EntityType, list[Form]] = {}
        for form in self.exact(key):
            found.setdefault(form.entity.type, []).append(form)
        return found

    def title_of(self, key: str) -> tuple[str, str, frozenset[str]]:
        """Split a known title off the front of a folded name.

        Returns:
            The title, the rest of the name, and the ids of those who carry the title; empty where the name
            begins with no title, or is nothing else.
        """
        words = key.split()
        for size in range(min(self.longest_title, len(words) - 1), 0, -1):
            title = " ".join(words[:size])
            bearers = self.title_bearers(title)
            if bearers:
                return title, " ".join(words[size:]), bearers
        return "", "", frozenset()

    def rarity(self, word: str) -> float:
        """How much a word says because few names hold it: 1 in the middle, 0.5 to 1.5 at the ends.

        The logarithm of the number of names over the number that hold it, scaled so that a word of one
        name in a hundred counts 1; in a registry of fewer than 200 names every word counts 1.
        """
        known = self._rarities.get(word)
        if known is None:
            known = self._rarities[word] = self._rarity_of(max(1, self.held(word)))
        return known

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {}

    def _rarity_of(self, held: int) -> float:
        total = self.key_count
        if total < 200:
            return 1.0
        return min(1.5, max(0.5, 0.5 + 0.5 * math.log(total / held) / math.log(100)))
