"""An index in one file of flat arrays: compiled once, mapped by every process that needs it.

Its answers are those of the index in memory that it is made from; `tests/test_index.py` holds the two
together. Entities lie in it too, each by itself in MessagePack, so that nothing of the registry's own files
is read to answer.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec

from normalizer.index.batch import nearest_of_all
from normalizer.index.candidates import Form, Index
from normalizer.index.container import Container
from normalizer.index.scan.prefixes import GOES_ON, Prefixes
from normalizer.index.search import NameTable
from normalizer.index.tables import Lists, TextLists, Texts
from normalizer.model import Entity
from normalizer.text.script import romanized

if TYPE_CHECKING:
    from normalizer.index.scan.scanner import Scanner

_FEW: Final = 8
"""Queries fewer than which are sooner answered one by one than in whole arrays."""
_FEW_WITHOUT: Final = 256
"""The same where numpy is not in memory: its import costs a tenth of a second."""
_REMEMBERED: Final = 50_000
"""Forms kept in memory once they were asked for."""

_decoder: Final = msgspec.msgpack.Decoder(Entity)


class CompiledIndex(Index):
    """The index of a compiled file.

    A section that turns out to be damaged when it is first read raises `ContainerError`.

    Args:
        container: The file.

    Attributes:
        container: The file.
        version: The registry's version.
        source: Digest of the files it was made from.
        code: Digest of the code that made it.
        entity_count: How many entities it holds.
        size: Its length in bytes.
    """

    def __init__(self, container: Container) -> None:
        self.container = container
        self.version: str = container.head["version"]
        self.source: str = container.head["source"]
        self.code: str = container.head["code"]
        self.size: int = container.head["size"]
        self.entity_count: int = container.head["entities"]
        self._forms: dict[str, tuple[Form, ...]] = {}
        self._entities: dict[int, Entity] = {}
        self._row_of: dict[str, int] = {}
        self._tables: dict[str, TextLists] = {}

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of an id, if there is one."""
        row = self._ids.find(entity_id)
        return self._entity(row) if row >= 0 else None

    def entities(self) -> list[Entity]:
        """All entities, in order of id."""
        return list(self.in_order())

    def in_order(self) -> Iterator[Entity]:
        """All entities, in order of id, one by one."""
        return map(self._entity, range(self.entity_count))

    def _entity(self, row: int) -> Entity:
        found = self._entities.get(row)
        if found is None:
            ends = self._entity_ends
            found = _decoder.decode(self._entity_bytes[ends[row - 1] if row else 0 : ends[row]])
            self._entities[row] = found
        return found

    def exact(self, key: str) -> tuple[Form, ...]:
        """See `Index`."""
        found = self._forms.get(key)
        if found is None:
            row = self._row_of.get(key)
            if row is None:
                row = self._row(key)
            numbers = self._owners[row].tolist() if row >= 0 else []
            owners = [(self._entity(numbers[at]), numbers[at + 1]) for at in range(0, len(numbers), 2)]
            found = tuple([Form(entity, entity.form(place), key) for entity, place in owners])
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()
            self._forms[key] = found
        return found

    def _row(self, key: str) -> int:
        """The row of a key, or -1."""
        row = (self._prefixes.value(key) & ~GOES_ON) - 1
        return row if row >= 0 and self._names.keys[row] == key else -1

    def never(self, key: str) -> frozenset[str]:
        """See `Index`."""
        return frozenset(self._ids[row] for row in self._lists("vetoes").get(key))

    def longest_from(self, word: str) -> int:
        """See `Index`."""
        value = self._prefixes.value(word)
        longest: int = self.container.head["longest_key"]
        return longest if value & GOES_ON else min(value, 1)

    def goes_on(self, key: str) -> bool:
        """See `Index`."""
        return self._prefixes.value(key) & GOES_ON != 0

    def title_bearers(self, title: str) -> frozenset[str]:
        """See `Index`."""
        return frozenset(self._ids[row] for row in self._lists("titles").get(title))

    @property
    def key_count(self) -> int:
        """See `Index`."""
        count: int = self.container.head["keys"]
        return count

    @property
    def longest_title(self) -> int:
        """See `Index`."""
        longest: int = self.container.head["longest_title"]
        return longest

    def held(self, word: str) -> int:
        """See `Index`."""
        row = self._names.words.find(word)
        return self._names.words.held[row] if row >= 0 else 0

    @property
    def keys(self) -> Sequence[str]:
        """All keys, by row."""
        return self._names.keys

    def candidates(self, keys: Sequence[str], limit: int, floor: int = 0) -> list[list[str]]:
        """See `Index`."""
        names = self._names
        if not names.keys:
            return [[] for _ in keys]
        latin = [romanized(key) for key in keys]
        if len(keys) < (_FEW if "numpy" in sys.modules else _FEW_WITHOUT):
            found = [names.nearest(one, limit, floor) for one in latin]
        else:
            found = nearest_of_all(names, latin, limit, floor)
        if len(self._row_of) >= _REMEMBERED:
            self._row_of.clear()
        return [self._keys_of(rows) for rows in found]

    def _keys_of(self, rows: Collection[int]) -> list[str]:
        """The keys of some rows, whose owners are likely asked for next."""
        keys = [self._names.keys[row] for row in rows]
        self._row_of.update(zip(keys, rows, strict=True))
        return keys

    def beginning(self, text: str) -> Iterator[str]:
        """See `OverlayIndex.beginning`."""
        keys = self._names.keys
        for row in keys.beginning(text):
            yield keys[row]
        latin = romanized(text)
        for word in self._names.words.texts.beginning(latin) if latin and " " not in text else ():
            for row in self._names.holders[word]:
                if not keys[row].startswith(text):
                    yield keys[row]

    @cached_property
    def scanner(self) -> Scanner:
        """Finds the forms in running text."""
        from normalizer.index.scan.scanner import Scanner  # not before a draft is read

        return Scanner(self.container, self.exact)

    # the tables, each checked when it is first used

    @cached_property
    def _ids(self) -> Texts:
        return Texts(self.container, "ids")

    @cached_property
    def _entity_bytes(self) -> memoryview:
        return self.container.section("entities.bytes")

    @cached_property
    def _entity_ends(self) -> Sequence[int]:
        return Lists(self.container, "entities.places")[0]

    @cached_property
    def _prefixes(self) -> Prefixes:
        return Prefixes(self.container)

    @cached_property
    def _names(self) -> NameTable:
        return NameTable(self.container)

    @cached_property
    def _owners(self) -> Lists:
        return Lists(self.container, "owners")

    def _lists(self, name: str) -> TextLists:
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = TextLists(self.container, name)
        return found
