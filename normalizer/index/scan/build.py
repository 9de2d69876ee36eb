"""Building of the sections that a scan of running text reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from normalizer.index.scan.prefixes import NAME, SIXTY_FOUR, TURN
from normalizer.index.tables import Sections
from normalizer.model import Entity, Guard

FLAGS: Final = "scan.flags"
HAS_COMMA: Final = 1
"""Flag of a row: a form of it is written with a comma, so that its words may have one between them."""
IS_GUARDED: Final = 2
"""Flag of a row: each of its forms counts only where its guard holds."""


def scan_sections(
    keys: Sequence[str], owners: Sequence[Sequence[int]], entities: Sequence[Entity]
) -> Sections:
    """The sections of a scanner.

    Args:
        keys: All folded forms, none twice, by row.
        owners: For each the numbers of its entities, each with the number of the form among the entity's.
        entities: The entities.
    """
    return {NAME: prefix_table(keys), FLAGS: bytes(_flags(owner, entities) for owner in owners)}


def prefix_table(keys: Sequence[str]) -> bytes:
    """The table of all beginnings of some keys, none of which stands twice; rows are their places."""
    from normalizer.index.scan.states import laid_out  # numpy

    seed = TURN
    while (table := laid_out(keys, seed)) is None:
        seed = (seed + TURN) & SIXTY_FOUR
    return table


def _flags(owner: Sequence[int], entities: Sequence[Entity]) -> int:
    flags = IS_GUARDED
    for name, guard in _forms(owner, entities):
        if "," in name:
            flags |= HAS_COMMA
        if guard is None or not (guard.cased or guard.near):
            flags &= ~IS_GUARDED
    return flags


def _forms(owner: Sequence[int], entities: Sequence[Entity]) -> Iterator[tuple[str, Guard | None]]:
    for at in range(0, len(owner), 2):
        entity, form = entities[owner[at]], owner[at + 1]
        if form:
            alias = entity.aliases[form - 1]
            yield alias.name, alias.guard
        else:
            yield entity.name, None
