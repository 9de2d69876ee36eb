"""An index that looks at every name: slow, plain, and right by construction. The tests' oracle."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from normalizer.compare.knowledge import words_of
from normalizer.index.candidates import Form, Index
from normalizer.index.one_word import initials
from normalizer.model import Entity, EntityType
from normalizer.text.folding import MAX_NAME, fold
from normalizer.text.script import romanized
from normalizer.text.sound import sound_key

if TYPE_CHECKING:
    import numpy

_BLOCK_CELLS: Final = 1 << 26
"""Most cells (bytes) of a query × name block of scores held at once."""
_COMMON_WORD: Final = 2000
"""A word that more names than this hold says too little to walk its list."""


class MemoryIndex(Index):
    """All surface forms of some entities, in dictionaries. Rows are the places of the keys in their order.

    Args:
        entities: The entities; their order decides nothing.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        owners: dict[str, list[Form]] = defaultdict(list)
        titles: dict[str, set[str]] = defaultdict(set)
        never: dict[str, set[str]] = defaultdict(set)
        for entity in sorted(entities, key=lambda entity: entity.id):
            for name in entity.never:
                never[fold(name)].add(entity.id)
            for title in entity.titles:
                titles[fold(title.name)].add(entity.id)
            for alias in entity.forms():
                key = fold(alias.name) if len(alias.name) <= MAX_NAME else ""
                if key:
                    owners[key].append(Form(entity, alias, key))
        self.owners = {key: tuple(forms) for key, forms in sorted(owners.items())}
        self.titles = {title: frozenset(ids) for title, ids in titles.items() if title}
        self.vetoes = {key: frozenset(ids) for key, ids in never.items()}
        longest: dict[str, int] = {}
        for key in self.owners:
            first, _, rest = key.partition(" ")
            longest[first] = max(longest.get(first, 0), 1 + (rest.count(" ") + 1 if rest else 0))
        self.longest = longest

    def exact(self, key: str) -> tuple[Form, ...]:
        """See `Index`."""
        return self.owners.get(key, ())

    def never(self, key: str) -> frozenset[str]:
        """See `Index`."""
        return self.vetoes.get(key, frozenset())

    def longest_from(self, word: str) -> int:
        """See `Index`."""
        return self.longest.get(word, 0)

    def title_bearers(self, title: str) -> frozenset[str]:
        """See `Index`."""
        return self.titles.get(title, frozenset())

    @cached_property
    def longest_title(self) -> int:
        """See `Index`."""
        return max((title.count(" ") + 1 for title in self.titles), default=0)

    @property
    def key_count(self) -> int:
        """See `Index`."""
        return len(self.owners)

    def held(self, word: str) -> int:
        """See `Index`."""
        return len(self._holders.get(word, ()))

    def candidates(self, keys: Sequence[str], limit: int, floor: int = 0) -> list[list[str]]:
        """See `Index`; in no order.

        By likeness of the whole string `limit` keys are found, twice as many by words, and as many by
        initials and joined words; above a floor, words bring in candidates only for queries of one word, by
        sound.
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

    def _nearest(self, keys: Sequence[str], limit: int, floor: int) -> Iterator[list[int]]:
        """Rows of the keys nearest to each query by the better ratio of the words in order and sorted.

        A query of one word has one order: the words in order are enough.
        """
        import numpy
        from rapidfuzz import fuzz, process

        queries = [" ".join(sorted(key.split())) for key in keys]
        scores = process.cdist(queries, self._sorted_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        scores[[" " not in key for key in keys]] = 0
        in_order = process.cdist(keys, self._latin_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        numpy.maximum(scores, in_order, out=scores)
        for row in scores:
            yield _best(row, limit, floor)

    def _sharing_words(self, key: str, limit: int) -> list[str]:
        """The keys that share the most telling words, or words of the same sound, with a query."""
        gains: dict[int, float] = defaultdict(float)
        total = len(self.keys)
        heads = words_of(EntityType.OTHER).heads
        for word in dict.fromkeys(key.split()):
            alike = dict.fromkeys([word, *self._meaning.get(heads.get(word, word), ())])
            alike.update(dict.fromkeys(self._sounding.get(sound_key(word), ())[:20]))
            seen: set[int] = set()
            for other in alike:
                rows = self._holders.get(other, ())
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
        own = _spellings(key)
        rows = dict.fromkeys(row for text in [key, *own] for row in self._spelled.get(text, ()))
        rows.update((self._rows[text], None) for text in own if text in self._rows)
        return [self.keys[row] for row in list(rows)[:limit]]

    def _sounding_keys(self, word: str) -> list[str]:
        """The keys of one word that sound like a word."""
        rows = [row for other in self._sounding.get(sound_key(word), ()) for row in self._holders[other]]
        return [self.keys[row] for row in sorted(rows) if " " not in self._latin_keys[row]]

    @cached_property
    def keys(self) -> list[str]:
        """All keys, in their order."""
        return list(self.owners)

    @cached_property
    def _latin_keys(self) -> list[str]:
        return [romanized(key) for key in self.keys]

    @cached_property
    def _sorted_keys(self) -> list[str]:
        return [" ".join(sorted(key.split())) for key in self._latin_keys]

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        """Word → rows of the keys that hold it, in order of words."""
        holders: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._latin_keys):
            for word in dict.fromkeys(key.split()):
                holders[word].append(row)
        return dict(sorted(holders.items()))

    @cached_property
    def _sounding(self) -> dict[str, list[str]]:
        """Sound key → words that sound so."""
        sounding: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            sounding[sound_key(word)].append(word)
        return dict(sounding)

    @cached_property
    def _meaning(self) -> dict[str, list[str]]:
        """Head of a group of words → the words of that group."""
        heads = words_of(EntityType.OTHER).heads
        meaning: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            if word in heads:
                meaning[heads[word]].append(word)
        return dict(meaning)

    @cached_property
    def _spelled(self) -> dict[str, list[int]]:
        """What a key of several words may be written as in one word → rows: IMF, Kimoon."""
        spelled: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._latin_keys):
            for text in _spellings(key):
                spelled[text].append(row)
        return dict(spelled)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self._latin_keys)}


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


def _spellings(key: str) -> list[str]:
    """What a key of several words may be written as in one: itself without spaces, its initials."""
    words = key.split()
    return [key.replace(" ", ""), *initials(words)] if len(words) > 1 else []
