"""The tables of an index in memory, straight from the entities.

It is what a compiled file is made from, what serves where none is kept, and the oracle that the tests hold
the compiled one against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from normalizer.compare.knowledge import words_of
from normalizer.index.candidates import Form, Index, spellings
from normalizer.model import Entity, EntityType
from normalizer.text.folding import MAX_NAME, fold
from normalizer.text.script import romanized
from normalizer.text.sound import sound_key


class MemoryIndex(Index):
    """All surface forms of some entities, in dictionaries.

    Args:
        entities: The entities; their order decides nothing.
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

    @cached_property
    def keys(self) -> list[str]:
        """See `Index`."""
        return list(self.owners)

    @cached_property
    def latin_keys(self) -> list[str]:
        """See `Index`."""
        return [romanized(key) for key in self.keys]

    @cached_property
    def sorted_keys(self) -> list[str]:
        """See `Index`."""
        return [" ".join(sorted(key.split())) for key in self.latin_keys]

    def rows_holding(self, word: str) -> Sequence[int]:
        """See `Index`."""
        return self.holders.get(word, ())

    def words_sounding(self, sound: str) -> Sequence[str]:
        """See `Index`."""
        return self.sounding.get(sound, ())

    def words_meaning(self, head: str) -> Sequence[str]:
        """See `Index`."""
        return self.meaning.get(head, ())

    def rows_spelled(self, text: str) -> Sequence[int]:
        """See `Index`."""
        return self.spelled.get(text, ())

    def row_of(self, latin: str) -> int:
        """See `Index`."""
        return self._rows.get(latin, -1)

    @cached_property
    def holders(self) -> dict[str, list[int]]:
        """Word → rows of the keys that hold it, in order of words."""
        holders: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self.latin_keys):
            for word in dict.fromkeys(key.split()):
                holders[word].append(row)
        return dict(sorted(holders.items()))

    @cached_property
    def sounding(self) -> dict[str, list[str]]:
        """Sound key → words of the registry that sound so."""
        sounding: dict[str, list[str]] = defaultdict(list)
        for word in self.holders:
            sounding[sound_key(word)].append(word)
        return dict(sounding)

    @cached_property
    def meaning(self) -> dict[str, list[str]]:
        """Head of a group of words → the registry's words of that group."""
        heads = words_of(EntityType.OTHER).heads
        meaning: dict[str, list[str]] = defaultdict(list)
        for word in self.holders:
            if word in heads:
                meaning[heads[word]].append(word)
        return dict(meaning)

    @cached_property
    def spelled(self) -> dict[str, list[int]]:
        """What a key of several words may be written as in one word → rows: IMF, Kimoon."""
        spelled: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(self.latin_keys):
            for text in spellings(key):
                spelled[text].append(row)
        return dict(spelled)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for row, key in enumerate(self.latin_keys)}
