"""Groups of unknown names as entities of a registry, for a person to accept."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from typing import Final

from normalizer.model import Alias, Entity, EntityType, Guard
from normalizer.tables.groups import Group, Spelling
from normalizer.text.folding import fold
from normalizer.text.script import romanized

_LONGEST_ID: Final = 80
"""Longest id that is made of a name (chosen)."""


def entities_of(
    groups: Iterable[Group],
    type: EntityType,
    source: str,
    is_taken: Callable[[str], bool],
    words: Container[str],
) -> Iterator[Entity]:
    """Make an entity of each group.

    Its name is the most frequent spelling. The others are its aliases, one of those that fold alike, each
    with the number of its rows; one that is an English word counts in capitals only.

    Args:
        groups: The groups.
        type: What they are.
        source: Where the names were met.
        is_taken: Whether an id is somebody's already.
        words: Folded words of English.
    """
    used: set[str] = set()
    for group in groups:
        entity_id = base = _id_of(group.name)
        number = 1
        while entity_id in used or is_taken(entity_id):
            number += 1
            entity_id = f"{base}-{number}"
        used.add(entity_id)
        keys = {fold(group.name)}
        aliases = []
        for spelling in group.spellings[1:]:
            key = fold(spelling.name)
            if key not in keys:
                keys.add(key)
                guard = Guard(cased=True) if key in words else None
                aliases.append(Alias(_plain(spelling.name), guard=guard, source=_source(source, spelling)))
        yield Entity(entity_id, type, _plain(group.name), tuple(aliases))


def _source(source: str, spelling: Spelling) -> str:
    return f"{source}, {spelling.rows:,} {'row' if spelling.rows == 1 else 'rows'}"


def _plain(name: str) -> str:
    return " ".join(name.split())


def _id_of(name: str) -> str:
    words = re.findall("[a-z0-9]+", romanized(fold(name)).lower())
    return "-".join(words)[:_LONGEST_ID].strip("-") or "name"
