"""Candidates for a folded name, by looking at every name: slow, plain, and right by construction.

The same search runs over tables in memory (`brute_force`) and over those of a compiled file (`compiled`);
these say how a table is read, nothing else.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from normalizer.compare.knowledge import Role, words_of
from normalizer.model import Alias, Entity, EntityType
from normalizer.text.script import romanized
from normalizer.text.sound import sound_key

if TYPE_CHECKING:
    import numpy

_BLOCK_CELLS: Final = 1 << 26
"""Most cells (bytes) of a query × name block of scores held at once."""
_FEW_CELLS: Final = 500_000
"""Query × name cells up to which the import of numpy (0.1 s of CPU) costs more than it saves."""
_COMMON_WORD: Final = 2000
"""A word that more names than this hold says too little to walk its list."""


@dataclass(frozen=True, slots=True)
class Form:
    """A surface form with its owner and key."""

    entity: Entity
    alias: Alias
    key: str


class Index(ABC):
    """All surface forms of a registry, by key. Rows are the places of the keys in their order."""

    # --- what a kind of table must say ---------------------------------------------------------------

    @abstractmethod
    def exact(self, key: str) -> tuple[Form, ...]:
        """The forms that fold to a key, in order of their entities; empty if there are none."""

    @abstractmethod
    def never(self, key: str) -> frozenset[str]:
        """Ids of the entities that a key is known not to mean."""

    @abstractmethod
    def longest_from(self, word: str) -> int:
        """How many words the longest key has that begins with a word; 0 if none does."""

    @abstractmethod
    def title_bearers(self, title: str) -> frozenset[str]:
        """Ids of the entities that carry a folded title; empty if it is none."""

    @property
    @abstractmethod
    def longest_title(self) -> int:
        """How many words the longest title has."""

    @property
    @abstractmethod
    def keys(self) -> Sequence[str]:
        """All keys, in their order."""

    @property
    @abstractmethod
    def latin_keys(self) -> Sequence[str]:
        """The keys in Latin letters, by row."""

    @property
    @abstractmethod
    def sorted_keys(self) -> Sequence[str]:
        """The keys in Latin letters with their words sorted, by row."""

    @abstractmethod
    def rows_holding(self, word: str) -> Sequence[int]:
        """Rows of the keys that hold a word in Latin letters."""

    @abstractmethod
    def words_sounding(self, sound: str) -> Sequence[str]:
        """The words of the keys that have a sound key."""

    @abstractmethod
    def words_meaning(self, head: str) -> Sequence[str]:
        """The words of the keys that are of one group with a head."""

    @abstractmethod
    def rows_spelled(self, text: str) -> Sequence[int]:
        """Rows of the keys of several words that may be written as a text in one (`spellings`)."""

    @abstractmethod
    def row_of(self, latin: str) -> int:
        """The last row whose key is a text in Latin letters; -1 if none is."""

    # --- what follows from it ------------------------------------------------------------------------

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

    def candidates(self, keys: Sequence[str], limit: int, floor: int = 0) -> list[list[str]]:
        """For each folded query the keys that may be meant.

        Args:
            keys: Folded queries.
            limit: Most candidates by likeness of the whole string; twice as many may come by words, and as
                many by initials and joined words.
            floor: Least likeness of the whole string, in hundredths. Above 0, words bring in candidates
                only for queries of one word, by sound.

        Returns:
            For each query its candidate keys, without order.
        """
        if not self.keys or not keys:
            return [[] for _ in keys]
        found: list[list[str]] = []
        step = max(1, _BLOCK_CELLS // len(self.keys))
        latin_keys = [romanized(key) for key in keys]
        for start in range(0, len(keys), step):
            block = latin_keys[start : start + step]
            for key, nearest in zip(block, self._nearest(block, limit, floor), strict=True):
                chosen = dict.fromkeys(self.keys[row] for row in nearest)
                if not floor:
                    chosen.update(dict.fromkeys(self._sharing_words(key, 2 * limit)))
                    chosen.update(dict.fromkeys(self._spelled_alike(key, limit)))
                elif " " not in key:
                    chosen.update((word, None) for word in self._sounding_keys(key)[:limit])
                found.append(list(chosen))
        return found

    def rarity(self, word: str) -> float:
        """How much a word says because few names hold it: 1 in the middle, 0.5 to 1.5 at the ends.

        The logarithm of the number of names over the number that hold it, scaled so that a word of one
        name in a hundred counts 1; in a registry of fewer than 200 names every word counts 1.
        """
        known = self._rarities.get(word)
        if known is None:
            held = max(1, len(self.rows_holding(word)))
            known = self._rarities[word] = self._rarity_of(held)
        return known

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {}

    def _rarity_of(self, held: int) -> float:
        total = len(self.keys)
        if total < 200:
            return 1.0
        return min(1.5, max(0.5, 0.5 + 0.5 * math.log(total / held) / math.log(100)))

    def _nearest(self, keys: Sequence[str], limit: int, floor: int) -> Iterator[list[int]]:
        """Rows of the keys nearest to each query by the better ratio of the words in order and sorted.

        A query of one word has one order: the words in order are enough.
        """
        queries = [" ".join(sorted(key.split())) for key in keys]
        if floor and len(keys) * len(self.keys) <= _FEW_CELLS:
            for key, query in zip(keys, queries, strict=True):
                yield _best_of(self._near_scores(key, query, floor), limit)
            return
        import numpy
        from rapidfuzz import fuzz, process

        scores = process.cdist(queries, self.sorted_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        scores[[" " not in key for key in keys]] = 0
        in_order = process.cdist(keys, self.latin_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        numpy.maximum(scores, in_order, out=scores)
        for row in scores:
            yield _best(row, limit, floor)

    def _near_scores(self, key: str, sorted_key: str, floor: int) -> dict[int, int]:
        """Row → score of the keys near one query, without numpy: for a short draft its import costs more."""
        from rapidfuzz import fuzz, process

        scores: dict[int, int] = {}
        ways = [(key, self.latin_keys)]
        if " " in key:
            ways.append((sorted_key, self.sorted_keys))
        for query, names in ways:
            near = process.extract(query, names, scorer=fuzz.ratio, score_cutoff=floor - 0.5, limit=None)
            for _, score, row in near:
                scores[row] = max(scores.get(row, 0), int(score + 0.5))  # rounded as cdist does
        return scores

    def _sharing_words(self, key: str, limit: int) -> list[str]:
        """The keys that share the most telling words, or words of the same sound, with a query."""
        gains: dict[int, float] = defaultdict(float)
        total = len(self.keys)
        heads = words_of(EntityType.OTHER).heads
        for word in dict.fromkeys(key.split()):
            alike = dict.fromkeys([word, *self.words_meaning(heads.get(word, word))])
            alike.update(dict.fromkeys(self.words_sounding(sound_key(word))[:20]))
            seen: set[int] = set()
            for other in alike:
                rows = self.rows_holding(other)
                if len(rows) > _COMMON_WORD:
                    continue
                worth = math.log(1 + total / len(rows)) * (1.0 if other == word else 0.8) if rows else 0.0
                for row in rows:
                    if row not in seen:
                        seen.add(row)
                        gains[row] += worth / (1 + 0.1 * len(self.keys[row].split()))
        best = sorted(gains, key=lambda row: (-gains[row], row))[:limit]
        return [self.keys[row] for row in best]

    def _spelled_alike(self, key: str, limit: int) -> list[str]:
        """The keys that are a query's initials, or joined words, or have it for theirs."""
        own = spellings(key)
        rows = dict.fromkeys(row for text in [key, *own] for row in self.rows_spelled(text))
        rows.update((row, None) for text in own if (row := self.row_of(text)) >= 0)
        return [self.keys[row] for row in list(rows)[:limit]]

    def _sounding_keys(self, word: str) -> list[str]:
        """The keys of one word that sound like a word."""
        rows = [row for other in self.words_sounding(sound_key(word)) for row in self.rows_holding(other)]
        return [self.keys[row] for row in sorted(rows) if " " not in self.latin_keys[row]]


def spellings(key: str) -> list[str]:
    """What a key of several words may be written as in one: its initials, or itself without spaces."""
    words = key.split()
    if len(words) < 2:
        return []
    roles = words_of(EntityType.OTHER).roles
    telling = [word for word in words if roles.get(word) not in (Role.SMALL, Role.LEGAL)]
    found = [key.replace(" ", ""), "".join(word[0] for word in words), "".join(word[0] for word in telling)]
    return [text for text in dict.fromkeys(found) if len(text) > 1]


def _best_of(scores: dict[int, int], limit: int) -> list[int]:
    """What `_best` gives, for scores by row of which none is below the least."""
    if len(scores) <= limit:
        return sorted(scores)
    floor = sorted(scores.values(), reverse=True)[limit - 1]
    above = sorted(row for row, score in scores.items() if score > floor)
    ties = sorted(row for row, score in scores.items() if score == floor)
    return [*above, *ties[: max(0, 2 * limit - len(above))]]


def _best(scores: numpy.ndarray, limit: int, least: int) -> list[int]:
    """Rows of the highest scores, all of those that tie with the last one up to twice the limit."""
    import numpy

    if least:
        rows = numpy.flatnonzero(scores >= least)
        if len(rows) <= limit:
            return [int(row) for row in rows]
    if len(scores) <= limit:
        return list(range(len(scores)))
    floor = numpy.partition(scores, len(scores) - limit)[len(scores) - limit]
    above = numpy.flatnonzero(scores > floor)
    ties = numpy.flatnonzero(scores == floor)[: max(0, 2 * limit - len(above))]
    return [*above.tolist(), *ties.tolist()]
