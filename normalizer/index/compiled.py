"""An index in one file of flat arrays: compiled once, mapped by every process that needs it.

Its answers are those of the index in memory that it is made from; `tests/test_index.py` holds the two
together. Entities lie in it too, each by itself in MessagePack, so that nothing of the registry's own files
is read to answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import msgspec

from normalizer.index.brute_force import MemoryIndex
from normalizer.index.candidates import Form, Index
from normalizer.index.container import Container, packed
from normalizer.index.tables import Lists, Sections, TextLists, Texts
from normalizer.model import Entity

_REMEMBERED: Final = 50_000
"""Forms kept in memory once they were asked for."""

_decoder: Final = msgspec.msgpack.Decoder(Entity)
_encoder: Final = msgspec.msgpack.Encoder()


def compiled(entities: Iterable[Entity], version: str, source: str, code: str) -> bytes:
    """Compile entities into the content of an index file.

    Args:
        entities: All entities of a registry.
        version: The registry's version.
        source: Digest of the files it was read from.
        code: Digest of the code that folds names and reads this file.
    """
    ranked = sorted(entities, key=lambda entity: entity.id)
    memory = MemoryIndex(ranked)
    place = {entity.id: row for row, entity in enumerate(ranked)}
    sections: Sections = {}
    sections |= Texts.sections("ids", [entity.id for entity in ranked])
    sections |= _blobs("entities", [_encoder.encode(entity) for entity in ranked])
    sections |= Texts.sections("keys", memory.keys)
    sections |= Lists.sections(
        "owners", [[n for form in forms for n in _numbers(form, place)] for forms in memory.owners.values()]
    )
    sections |= Texts.sections("latin", memory.latin_keys)
    sections |= Texts.sections("sorted", memory.sorted_keys)
    sections |= TextLists.sections("holders", dict(memory.holders))
    word = {text: row for row, text in enumerate(memory.holders)}
    for name, groups in (("sounding", memory.sounding), ("meaning", memory.meaning)):
        sections |= TextLists.sections(
            name, {key: [word[text] for text in texts] for key, texts in groups.items()}
        )
    sections |= TextLists.sections("spelled", dict(memory.spelled))
    last: dict[str, Sequence[int]] = {key: [row] for row, key in enumerate(memory.latin_keys)}
    sections |= TextLists.sections("rows", last)
    sections |= TextLists.sections("longest", {text: [size] for text, size in memory.longest.items()})
    for name, ids in (("titles", memory.titles), ("vetoes", memory.vetoes)):
        sections |= TextLists.sections(name, {text: sorted(place[i] for i in ids[text]) for text in ids})
    head = {
        "version": version,
        "source": source,
        "code": code,
        "entities": len(ranked),
        "keys": len(memory.keys),
        "longest_title": memory.longest_title,
    }
    return packed(head, sections)


def _numbers(form: Form, place: dict[str, int]) -> tuple[int, int]:
    """A form as the numbers of its entity and of it among the entity's forms."""
    return place[form.entity.id], form.entity.forms().index(form.alias)


def _blobs(name: str, blobs: Sequence[bytes]) -> Sections:
    ends, end = [], 0
    for blob in blobs:
        end += len(blob)
        ends.append(end)
    return {f"{name}.bytes": b"".join(blobs), **Lists.sections(f"{name}.places", [ends])}


class CompiledIndex(Index):
    """The index of a compiled file.

    A section that turns out to be damaged when it is first read raises `ContainerError`.

    Args:
        container: The file.

    Attributes:
        version: The registry's version.
        source: Digest of the files it was made from.
        code: Digest of the code that made it.
        entity_count: How many entities it holds.
        key_count: How many folded forms.
        size: Its length in bytes.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self.version: str = container.head["version"]
        self.source: str = container.head["source"]
        self.code: str = container.head["code"]
        self.key_count: int = container.head["keys"]
        self.size: int = container.head["size"]
        self.entity_count: int = container.head["entities"]
        self._forms: dict[str, tuple[Form, ...]] = {}
        self._entities: dict[int, Entity] = {}
        self._tables: dict[str, TextLists] = {}

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of an id, if there is one."""
        row = self._ids.find(entity_id)
        return self._entity(row) if row >= 0 else None

    def entities(self) -> list[Entity]:
        """All entities, in order of id."""
        return [self._entity(row) for row in range(self.entity_count)]

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
            row = self._stored_keys.find(key)
            numbers = list(self._owners[row]) if row >= 0 else []
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            owners = [(self._entity(entity), form) for entity, form in pairs]
            found = tuple(Form(entity, entity.forms()[form], key) for entity, form in owners)
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()
            self._forms[key] = found
        return found

    def never(self, key: str) -> frozenset[str]:
        """See `Index`."""
        return frozenset(self._ids[row] for row in self._lists("vetoes").get(key))

    def longest_from(self, word: str) -> int:
        """See `Index`."""
        found = self._lists("longest").get(word)
        return found[0] if found else 0

    def title_bearers(self, title: str) -> frozenset[str]:
        """See `Index`."""
        return frozenset(self._ids[row] for row in self._lists("titles").get(title))

    @property
    def longest_title(self) -> int:
        """See `Index`."""
        longest: int = self._container.head["longest_title"]
        return longest

    def rows_holding(self, word: str) -> Sequence[int]:
        """See `Index`."""
        return self._lists("holders").get(word)

    def words_sounding(self, sound: str) -> Sequence[str]:
        """See `Index`."""
        return [self._lists("holders").texts[row] for row in self._lists("sounding").get(sound)]

    def words_meaning(self, head: str) -> Sequence[str]:
        """See `Index`."""
        return [self._lists("holders").texts[row] for row in self._lists("meaning").get(head)]

    def rows_spelled(self, text: str) -> Sequence[int]:
        """See `Index`."""
        return self._lists("spelled").get(text)

    def row_of(self, latin: str) -> int:
        """See `Index`."""
        found = self._lists("rows").get(latin)
        return found[0] if found else -1

    # whole lists, for the search that looks at every name: decoded at their first use

    @cached_property
    def keys(self) -> list[str]:
        """See `Index`."""
        return list(self._stored_keys)

    @cached_property
    def latin_keys(self) -> list[str]:
        """See `Index`."""
        return list(Texts(self._container, "latin"))

    @cached_property
    def sorted_keys(self) -> list[str]:
        """See `Index`."""
        return list(Texts(self._container, "sorted"))

    # the tables, each checked when it is first used

    @cached_property
    def _ids(self) -> Texts:
        return Texts(self._container, "ids")

    @cached_property
    def _entity_bytes(self) -> memoryview:
        return self._container.section("entities.bytes")

    @cached_property
    def _entity_ends(self) -> Sequence[int]:
        return Lists(self._container, "entities.places")[0]

    @cached_property
    def _stored_keys(self) -> Texts:
        return Texts(self._container, "keys")

    @cached_property
    def _owners(self) -> Lists:
        return Lists(self._container, "owners")

    def _lists(self, name: str) -> TextLists:
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = TextLists(self._container, name)
        return found
