"""Exact and fuzzy look-up by looking at every name: slow, plain, and right by construction.

The matcher and the checker see the public methods of `Index` only, so that a compiled index can stand in
its place; this one then stays as the oracle that the tests hold it against.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from normalizer.compare.knowledge import Role, words_of
from normalizer.model import Alias, Entity, EntityType
from normalizer.text.folding import MAX_NAME, fold
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


class Index:
    """All surface forms of a registry, by key.

    Args:
        entities: The registry's entities; their order decides nothing.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        owners: dict[str, list[Form]] = defaultdict(list)
        titles: dict[str, set[str]] = defaultdict(set)
        never: dict[str, set[str]] = defaultdict(set)
        for entity in entities:
            for name in entity.never:
                never[fold(name)].add(entity.id)
            for title in entity.titles:
                titles[fold(title.name)].add(entity.id)
            for alias in entity.forms():
                key = fold(alias.name) if len(alias.name) <= MAX_NAME else ""
                if key:
                    owners[key].append(Form(entity, alias, key))
        self._owners = {key: tuple(forms) for key, forms in sorted(owners.items())}
        self._keys = list(self._owners)
        self._titles = {title: frozenset(ids) for title, ids in titles.items() if title}
        self._never = {key: frozenset(ids) for key, ids in never.items()}
        self._longest_title = max((title.count(" ") + 1 for title in self._titles), default=0)
        longest: dict[str, int] = {}
        for key in self._keys:
            first, _, rest = key.partition(" ")
            longest[first] = max(longest.get(first, 0), 1 + (rest.count(" ") + 1 if rest else 0))
        self._longest = longest

    def exact(self, key: str) -> tuple[Form, ...]:
        """The forms that fold to a key, in order of their entities; empty if there are none."""
        return self._owners.get(key, ())

    def by_type(self, key: str) -> dict[EntityType, list[Form]]:
        """The forms that fold to a key by the type of their entities."""
        found: dict[EntityType, list[Form]] = {}
        for form in self._owners.get(key, ()):
            found.setdefault(form.entity.type, []).append(form)
        return found

    def never(self, key: str) -> frozenset[str]:
        """Ids of the entities that a key is known not to mean."""
        return self._never.get(key, frozenset())

    def title_of(self, key: str) -> tuple[str, str, frozenset[str]]:
        """Split a known title off the front of a folded name.

        Returns:
            The title, the rest of the name, and the ids of those who carry the title; empty where the name
            begins with no title, or is nothing else.
        """
        words = key.split()
        for size in range(min(self._longest_title, len(words) - 1), 0, -1):
            title = " ".join(words[:size])
            if title in self._titles:
                return title, " ".join(words[size:]), self._titles[title]
        return "", "", frozenset()

    def longest_from(self, word: str) -> int:
        """How many words the longest key has that begins with a word; 0 if none does."""
        return self._longest.get(word, 0)

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
        if not self._keys or not keys:
            return [[] for _ in keys]
        found: list[list[str]] = []
        step = max(1, _BLOCK_CELLS // len(self._keys))
        latin_keys = [romanized(key) for key in keys]
        for start in range(0, len(keys), step):
            block = latin_keys[start : start + step]
            for key, nearest in zip(block, self._nearest(block, limit, floor), strict=True):
                chosen = dict.fromkeys(self._keys[row] for row in nearest)
                if not floor:
                    chosen.update(dict.fromkeys(self._sharing_words(key, 2 * limit)))
                    chosen.update(dict.fromkeys(self._spelled_alike(key, limit)))
                elif " " not in key:
                    chosen.update(
                        (word, None) for word in self._sounding_keys.get(sound_key(key), ())[:limit]
                    )
                found.append(list(chosen))
        return found

    def rarity(self, word: str) -> float:
        """How much a word says because few names hold it: 1 in the middle, 0.5 to 1.5 at the ends.

        The logarithm of the number of names over the number that hold it, scaled so that a word of one
        name in a hundred counts 1; in a registry of fewer than 200 names every word counts 1.
        """
        known = self._rarities.get(word)
        return self._unknown_rarity if known is None else known

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {word: self._rarity_of(held) for word, held in self._counts.items()}

    @cached_property
    def _unknown_rarity(self) -> float:
        return self._rarity_of(1)

    def _rarity_of(self, held: int) -> float:
        total = len(self._keys)
        if total < 200:
            return 1.0
        return min(1.5, max(0.5, 0.5 + 0.5 * math.log(total / held) / math.log(100)))

    @cached_property
    def _latin_keys(self) -> list[str]:
        """The keys in Latin letters, by row."""
        return [romanized(key) for key in self._keys]

    @cached_property
    def _sorted_keys(self) -> list[str]:
        return [" ".join(sorted(key.split())) for key in self._latin_keys]

    @cached_property
    def _counts(self) -> Counter[str]:
        """Word → how many keys hold it."""
        return Counter(word for key in self._latin_keys for word in dict.fromkeys(key.split()))

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        """Word → rows of the keys that hold it."""
        holders: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._latin_keys):
            for word in dict.fromkeys(key.split()):
                holders[word].append(row)
        return dict(holders)

    @cached_property
    def _spelled(self) -> dict[str, list[int]]:
        """What a key of several words may be written as in one word → rows: IMF, Kimoon."""
        spelled: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self._latin_keys):
            for text in _spellings(key):
                spelled[text].append(row)
        return dict(spelled)

    @cached_property
    def _sounding(self) -> dict[str, list[str]]:
        """Sound key → words of the registry that sound so."""
        sounding: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            sounding[sound_key(word)].append(word)
        return dict(sounding)

    @cached_property
    def _meaning(self) -> dict[str, list[str]]:
        """Head of a group of words → the registry's words of that group."""
        heads = words_of(EntityType.OTHER).heads
        meaning: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            if word in heads:
                meaning[heads[word]].append(word)
        return dict(meaning)

    def _spelled_alike(self, key: str, limit: int) -> list[str]:
        """The keys that are a query's initials, or joined words, or have it for theirs."""
        rows = dict.fromkeys(row for text in [key, *_spellings(key)] for row in self._spelled.get(text, ()))
        rows.update((self._row[text], None) for text in _spellings(key) if text in self._row)
        return [self._keys[row] for row in list(rows)[:limit]]

    @cached_property
    def _row(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self._latin_keys)}

    @cached_property
    def _sounding_keys(self) -> dict[str, list[str]]:
        """Sound key → keys of one word that sound so."""
        sounding: dict[str, list[str]] = defaultdict(list)
        for key, latin in zip(self._keys, self._latin_keys, strict=True):
            if " " not in latin:
                sounding[sound_key(latin)].append(key)
        return dict(sounding)

    def _nearest(self, keys: Sequence[str], limit: int, floor: int) -> Iterator[list[int]]:
        """Rows of the keys nearest to each query by the better ratio of the words in order and sorted.

        A query of one word has one order: the words in order are enough.
        """
        queries = [" ".join(sorted(key.split())) for key in keys]
        if floor and len(keys) * len(self._keys) <= _FEW_CELLS:
            for key, query in zip(keys, queries, strict=True):
                yield _best_of(self._near_scores(key, query, floor), limit)
            return
        import numpy
        from rapidfuzz import fuzz, process

        scores = process.cdist(queries, self._sorted_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        scores[[" " not in key for key in keys]] = 0
        in_order = process.cdist(keys, self._latin_keys, scorer=fuzz.ratio, dtype=numpy.uint8)
        numpy.maximum(scores, in_order, out=scores)
        for row in scores:
            yield _best(row, limit, floor)

    def _near_scores(self, key: str, sorted_key: str, floor: int) -> dict[int, int]:
        """Row → score of the keys near one query, without numpy: for a short draft its import costs more."""
        from rapidfuzz import fuzz, process

        scores: dict[int, int] = {}
        ways = [(key, self._latin_keys)]
        if " " in key:
            ways.append((sorted_key, self._sorted_keys))
        for query, names in ways:
            near = process.extract(query, names, scorer=fuzz.ratio, score_cutoff=floor - 0.5, limit=None)
            for _, score, row in near:
                scores[row] = max(scores.get(row, 0), int(score + 0.5))  # rounded as cdist does
        return scores

    def _sharing_words(self, key: str, limit: int) -> list[str]:
        """The keys that share the most telling words, or words of the same sound, with a query."""
        gains: dict[int, float] = defaultdict(float)
        total = len(self._keys)
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
                        gains[row] += worth / (1 + 0.1 * len(self._keys[row].split()))
        best = sorted(gains, key=lambda row: (-gains[row], row))[:limit]
        return [self._keys[row] for row in best]


def _spellings(key: str) -> list[str]:
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
