"""Judgements laid over a compiled index: names accepted and vetoed since it was made, in force at once.

An overlay never changes: each judgement gives a new one, and whoever reads sees all of it or nothing. It
holds only what was judged, so that a judgement costs the same over a thousand names and over a million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Final, TypeVar

import msgspec

from normalizer.errors import JudgementError, UnknownEntityError
from normalizer.index.build import compiled
from normalizer.index.candidates import Form, Index
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container
from normalizer.model import Alias, Entity
from normalizer.registry.faults import quoted
from normalizer.registry.rules import complaint_about_form
from normalizer.text.folding import fold
from normalizer.text.script import romanized

Judgement = Alias | str
"""A form that an entity was found to have, or a name that it was found not to have."""
_Value = TypeVar("_Value")

_SMALLEST: Final = 32
"""New names that are compiled anew with each one that joins them; older ones are left alone."""


class _Portion:
    """Some new keys, compiled by themselves when the first name is looked for among them."""

    def __init__(self, named: Mapping[str, Entity]) -> None:
        self.named = named

    @cached_property
    def index(self) -> CompiledIndex:
        content = compiled(self.named.values(), "", "", "")
        return CompiledIndex(Container(memoryview(content), "the judgements"))


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies over an index.

    Attributes:
        judged: What was judged of each entity, in order.
        entities: Those entities as they are now.
        forms: The forms that were judged, by key and entity; none where the key is vetoed.
        portions: The keys that the index below does not have, in portions of falling size.
        beginnings: How many words the longest new key has that begins with some words.
        held: How many more keys hold a word in Latin letters, or fewer.
        keys: How many more keys there are, or fewer.
        words: The keys that are just words.
    """

    judged: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)
    forms: Mapping[str, Mapping[str, tuple[Alias, ...]]] = field(default_factory=dict)
    portions: tuple[_Portion, ...] = ()
    beginnings: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    keys: int = 0
    words: frozenset[str] = frozenset()

    def counting(self, gained: Mapping[str, int]) -> Laid:
        """With keys more (1), or fewer (-1)."""
        held = dict(self.held)
        for key, more in gained.items():
            for word in dict.fromkeys(romanized(key).split()):
                held[word] = held.get(word, 0) + more
        return replace(self, held=held, keys=self.keys + sum(gained.values()))

    def searching(self, owners: Mapping[str, Entity]) -> Laid:
        """With keys that are found by what is like them, too, each of an entity of its owner's type."""
        named = {
            key: Entity(key, owner.type, key)
            for key, owner in owners.items()
            if not any(key in portion.named for portion in self.portions)
        }
        if not named:
            return self
        beginnings = dict(self.beginnings)
        for words in map(str.split, named):
            for beginning in accumulate(words, "{} {}".format):
                beginnings[beginning] = max(beginnings.get(beginning, 0), len(words))
        portions = list(self.portions)
        while portions and len(portions[-1].named) < max(_SMALLEST, len(named) + 1):
            named = {**portions.pop().named, **named}
        return replace(self, beginnings=beginnings, portions=(*portions, _Portion(named)))


class OverlayIndex(Index):
    """An index and what was judged since it was compiled.

    Args:
        base: The compiled index.
        laid: What lies over it; nothing if not given.
    """

    def __init__(self, base: CompiledIndex, laid: Laid | None = None) -> None:
        self.base = base
        self.laid = laid if laid is not None else Laid()

    def with_alias(self, alias: Alias, entity_id: str) -> OverlayIndex:
        """The index with a form more; the same one if the entity has a form that is written so.

        Raises:
            UnknownEntityError: There is no entity of that id.
            JudgementError: The form can be nobody's name, or is known not to be this entity's.
        """
        key = self.key_for(alias.name, entity_id)
        _ensure_text(alias.source or "")
        if entity_id in self.never(key):
            what = f"{quoted(alias.name)} is known not to be {entity_id!r}"
            raise JudgementError(f"{what}; take that back first, or out of its not list")
        if any(form.alias.name == alias.name for form in self.exact(key) if form.entity.id == entity_id):
            return self
        return self._with(entity_id, key, (*self._judged(entity_id), alias))

    def with_veto(self, name: str, entity_id: str) -> OverlayIndex:
        """The index in which a name is known not to be an entity, whatever else says that it is.

        The forms of the entity that fold alike, listed or accepted, are its forms no longer.

        Raises:
            UnknownEntityError: There is no entity of that id.
            JudgementError: The name can be nobody's, or is the one that the entity is listed under.
        """
        key = self.key_for(name, entity_id)
        if fold(self.listed(entity_id).name) == key:
            what = f"{quoted(name)} is the name that {entity_id!r} is listed under"
            raise JudgementError(f"{what}; give the entity another name in the registry")
        if entity_id in self.never(key):
            return self
        others = [judgement for judgement in self._judged(entity_id) if key_of(judgement) != key]
        return self._with(entity_id, key, (*others, name))

    def without(self, name: str, entity_id: str) -> OverlayIndex:
        """The index as if a name had not been judged: a form written so, or a veto on all that fold alike.

        Raises:
            UnknownEntityError: There is no entity of that id.
            JudgementError: It was not judged.
        """
        key = self.key_for(name, entity_id)
        judged = self._judged(entity_id)
        left = tuple(
            judgement
            for judgement in judged
            if (judgement.name != name if isinstance(judgement, Alias) else fold(judgement) != key)
        )
        if left == judged:
            what = f"{quoted(name)} was neither accepted nor vetoed for {entity_id!r}"
            raise JudgementError(f"{what}; only what was judged can be taken back")
        return self._with(entity_id, key, left)

    def listed(self, entity_id: str) -> Entity:
        """An entity as it is without judgements.

        Raises:
            UnknownEntityError: There is none of that id.
        """
        entity = self.base.entity(entity_id)
        if entity is None:
            raise UnknownEntityError.of(entity_id)
        return entity

    def key_for(self, name: str, entity_id: str) -> str:
        """What a name folds to that is judged of an entity.

        Raises:
            UnknownEntityError: There is no entity of that id.
            JudgementError: It can be nobody's name.
        """
        self.listed(entity_id)
        _ensure_text(name)
        complaint = complaint_about_form(name)
        if complaint is not None:
            raise JudgementError("; ".join(complaint))
        return fold(name)

    def _judged(self, entity_id: str) -> tuple[Judgement, ...]:
        return self.laid.judged.get(entity_id, ())

    def _with(self, entity_id: str, key: str, judged: tuple[Judgement, ...]) -> OverlayIndex:
        """The index with other judgements of an entity, of which those of one key are new or gone."""
        entity = as_judged(self.listed(entity_id), judged)
        here = [judgement for judgement in judged if key_of(judgement) == key]
        accepted = tuple(judgement for judgement in here if isinstance(judgement, Alias))
        of_key = _set(self.laid.forms.get(key, {}), entity_id, accepted if here else None)
        laid = replace(
            self.laid,
            judged=_set(self.laid.judged, entity_id, judged or None),
            entities=_set(self.laid.entities, entity_id, entity if judged else None),
            forms=_set(self.laid.forms, key, of_key or None),
        )
        gained = bool(OverlayIndex(self.base, laid).exact(key)) - bool(self.exact(key))
        if gained:
            laid = laid.counting({key: gained})
        if gained > 0 and not self.base.exact(key):
            laid = laid.searching({key: entity})
        return OverlayIndex(self.base, laid)

    def with_words(self, words: frozenset[str]) -> OverlayIndex:
        """The index with other keys that are just words, however like names."""
        return OverlayIndex(self.base, replace(self.laid, words=words))

    @cached_property
    def version(self) -> str:
        """16 hex digits of SHA-256 over the base's version, and the entities and words that were judged."""
        if not self.laid.entities and not self.laid.words:
            return self.base.version
        digest = hashlib.sha256(self.base.version.encode())
        for _, entity in sorted(self.laid.entities.items()):
            digest.update(msgspec.msgpack.encode(entity))
        digest.update(msgspec.msgpack.encode(sorted(self.laid.words)) if self.laid.words else b"")
        return digest.hexdigest()[:16]

    @property
    def entity_count(self) -> int:
        """How many entities there are."""
        return self.base.entity_count

    def entity(self, entity_id: str) -> Entity | None:
        """The entity of an id as it was judged, if there is one."""
        return self.laid.entities.get(entity_id) or self.base.entity(entity_id)

    def entities(self) -> list[Entity]:
        """All entities as they were judged, in order of id."""
        return list(self.in_order())

    def in_order(self) -> Iterator[Entity]:
        """All entities as they were judged, in order of id, one by one."""
        return (self.laid.entities.get(entity.id, entity) for entity in self.base.in_order())

    def exact(self, key: str) -> tuple[Form, ...]:
        """See `Index`."""
        forms, entities = self.base.exact(key), self.laid.entities
        judged = self.laid.forms.get(key, {})
        if not judged and not any(form.entity.id in entities for form in forms):
            return forms
        found = [
            Form(entities.get(form.entity.id, form.entity), form.alias, key)
            for form in forms
            if judged.get(form.entity.id) != ()
        ]
        for entity_id, aliases in judged.items():
            found += [Form(entities[entity_id], alias, key) for alias in aliases]
        return tuple(sorted(found, key=lambda form: form.entity.id))

    def never(self, key: str) -> frozenset[str]:
        """See `Index`."""
        judged = self.laid.forms.get(key, {})
        return self.base.never(key).union(entity_id for entity_id, aliases in judged.items() if not aliases)

    def is_word(self, key: str) -> bool:
        """See `Index`."""
        return key in self.laid.words

    def longest_from(self, word: str) -> int:
        """See `Index`; the longest of a word may be gone."""
        return max(self.base.longest_from(word), self.laid.beginnings.get(word, 0))

    def goes_on(self, key: str) -> bool:
        """See `Index`."""
        return self.base.goes_on(key) or self.laid.beginnings.get(key, 0) > key.count(" ") + 1

    def title_bearers(self, title: str) -> frozenset[str]:
        """See `Index`."""
        return self.base.title_bearers(title)

    @property
    def longest_title(self) -> int:
        """See `Index`."""
        return self.base.longest_title

    @property
    def key_count(self) -> int:
        """See `Index`."""
        return self.base.key_count + self.laid.keys

    def held(self, word: str) -> int:
        """See `Index`."""
        return self.base.held(word) + self.laid.held.get(word, 0)

    def candidates(self, keys: Sequence[str], limit: int, floor: int = 0) -> list[list[str]]:
        """See `Index`; those of the index below come first, then those of each portion of new keys."""
        found = self.base.candidates(keys, limit, floor)
        for portion in self.laid.portions:
            more = portion.index.candidates(keys, limit, floor)
            found = [known + new for known, new in zip(found, more, strict=True)]
        return found

    def beginning(self, text: str) -> Iterator[str]:
        """The keys that begin with a folded text, then those of which another word begins with one word.

        Keys that were judged come first; a key may come twice, and may by now be nobody's.
        """
        for key in sorted(self.laid.forms):
            if f" {text}" in f" {key}":
                yield key
        yield from self.base.beginning(text)


def _ensure_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise JudgementError(f"{quoted(text)} holds half a surrogate pair; write it anew") from error


def key_of(judgement: Judgement) -> str:
    """What the name folds to that was judged."""
    return fold(judgement.name if isinstance(judgement, Alias) else judgement)


def as_judged(entity: Entity, judged: Sequence[Judgement]) -> Entity:
    """An entity with the forms that were accepted, and without those that were vetoed."""
    accepted = tuple(judgement for judgement in judged if isinstance(judgement, Alias))
    vetoed = tuple(judgement for judgement in judged if isinstance(judgement, str))
    aliases, keys = entity.aliases, frozenset(map(fold, vetoed))
    if keys:
        aliases = tuple(alias for alias in aliases if fold(alias.name) not in keys)
    return replace(entity, aliases=aliases + accepted, never=entity.never + vetoed)


def _set(table: Mapping[str, _Value], key: str, value: _Value | None) -> Mapping[str, _Value]:
    """A copy of a table with another value; without one if it is None."""
    copy = dict(table)
    if value is None:
        copy.pop(key, None)
    else:
        copy[key] = value
    return copy
