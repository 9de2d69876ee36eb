"""The registry: an immutable set of entities, with a version of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final

from normalizer.errors import Fault, RegistryError
from normalizer.model import Alias, AliasKind, Entity, Title
from normalizer.registry.faults import quoted
from normalizer.text.folding import fold

_PORTION: Final = 100
"""Entities encoded at a time for the version: half the time of all at once, and no second copy of all."""


class Registry:
    """All entities that are known, by id.

    Two registries are equal when their entities are, wherever they were loaded from.
    """

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        """Take entities in any order.

        Raises:
            RegistryError: Two entities have the same id.
        """
        by_id: dict[str, Entity] = {}
        for entity in sorted(entities, key=lambda entity: entity.id):
            if by_id.setdefault(entity.id, entity) is not entity:
                what = f"two entities have the id {quoted(entity.id)}"
                raise RegistryError([Fault("registry", 0, 0, what, "give one of them another id")])
        self._entities: Mapping[str, Entity] = MappingProxyType(by_id)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Entities by id, in order of id."""
        return self._entities

    @cached_property
    def version(self) -> str:
        """16 hex digits of SHA-256 over the content of all entities.

        It is the same wherever the same entities came from and in whatever order, and another as soon
        as any field of any entity differs.
        """
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
        digest = hashlib.sha256()
        entities = list(self._entities.values())
        for start in range(0, len(entities), _PORTION):
            content = encode([_content(entity) for entity in entities[start : start + _PORTION]])
            digest.update(content.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]

    @cached_property
    def _ambiguous(self) -> Mapping[str, tuple[Entity, ...]]:
        first: dict[str, Entity] = {}
        shared: dict[str, list[Entity]] = {}
        for entity in self._entities.values():
            for key in {fold(entity.name), *(fold(alias.name) for alias in entity.aliases)} - {""}:
                if key in first:
                    shared.setdefault(key, [first[key]]).append(entity)
                else:
                    first[key] = entity
        return MappingProxyType({key: tuple(shared[key]) for key in sorted(shared)})

    def ambiguous(self) -> Mapping[str, tuple[Entity, ...]]:
        """The folded forms that more than one entity claims, each with its claimants in order of id."""
        return self._ambiguous

    def __len__(self) -> int:
        return len(self._entities)

    def __eq__(self, other: object) -> bool:
        return self._entities == other._entities if isinstance(other, Registry) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        return f"<Registry of {len(self)} entities>"

    def __reduce__(self) -> tuple[type[Registry], tuple[tuple[Entity, ...]]]:
        return Registry, (tuple(self._entities.values()),)


def _content(entity: Entity) -> list[object]:
    """All fields of an entity as plain lists, defaults written short, no two entities alike."""
    content: list[object] = [
        entity.id,
        entity.type,
        entity.name,
        [_alias_content(alias) for alias in entity.aliases],
        [_title_content(title) for title in entity.titles],
        entity.ids,
    ]
    if entity.countries or entity.never or entity.keep:
        content += [entity.countries, entity.never]
    if entity.keep:
        content.append(entity.keep)
    return content


def _alias_content(alias: Alias) -> object:
    if alias.kind is AliasKind.ALIAS and alias.lang is None and alias.guard is None and alias.source is None:
        return alias.name
    guard = None if alias.guard is None else [alias.guard.cased, alias.guard.near]
    return [alias.name, alias.kind, alias.lang, guard, alias.source]


def _title_content(title: Title) -> object:
    return [title.name, title.since, title.until]
