"""The folded forms of entities, in order, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, NamedTuple

from normalizer.index.scan.build import HAS_COMMA, IS_GUARDED
from normalizer.index.tables import Sections
from normalizer.model import Entity
from normalizer.text.folding import MAX_NAME, fold_all

if TYPE_CHECKING:
    from numpy import ndarray


class Forms(NamedTuple):
    """All folded forms of some entities.

    Attributes:
        keys: The forms in order of code points, none twice.
        entities: The numbers of the entities that have them, those of one form behind those of another.
        places: For each the number of the form among those of its entity.
        begins: Where the entities of each key begin.
        flags: What a scan of running text has to know of each key, see `scan.build`.
    """

    keys: list[str]
    entities: ndarray
    places: ndarray
    begins: ndarray
    flags: bytes

    @classmethod
    def of(cls, entities: Sequence[Entity]) -> Forms:
        """The forms of some entities; those that are too long for a name, or have no letter, are left out."""
        import numpy

        names = [name for entity in entities for name in _names(entity)]
        folded = fold_all([name if len(name) <= MAX_NAME else "" for name in names])
        rows = sorted([row for row, key in enumerate(folded) if key], key=folded.__getitem__)
        ordered = [folded[row] for row in rows]
        is_first = [True, *map(ne, ordered[1:], ordered)] if ordered else []
        order = numpy.array(rows, dtype=numpy.int64)
        begins = numpy.flatnonzero(numpy.array(is_first, dtype=bool))
        flags = _flags(names, entities)[order]
        is_guarded = numpy.bitwise_and.reduceat(flags, begins) & IS_GUARDED
        counts = numpy.array([1 + len(entity.aliases) for entity in entities], dtype=numpy.int64)
        numbers = numpy.repeat(numpy.arange(len(entities)), counts)
        places = numpy.arange(len(names)) - numpy.repeat(numpy.cumsum(counts) - counts, counts)
        return cls(
            keys=list(compress(ordered, is_first)),
            entities=numbers[order].astype(numpy.uint32),
            places=places[order].astype(numpy.uint32),
            begins=begins,
            flags=(numpy.bitwise_or.reduceat(flags, begins) & HAS_COMMA | is_guarded).tobytes(),
        )

    def owners(self) -> Sections:
        """The sections of the owners: for each key pairs of an entity and a place among its forms."""
        import numpy

        pairs = numpy.stack([self.entities, self.places], axis=1)
        ends = 2 * numpy.append(self.begins, len(self.entities))[1:]
        return {"owners.numbers": pairs.tobytes(), "owners.ends": ends.astype(numpy.uint32).tobytes()}


def _names(entity: Entity) -> tuple[str, ...]:
    """The names in the order of `Entity.forms`."""
    return (entity.name, *[alias.name for alias in entity.aliases]) if entity.aliases else (entity.name,)


def _flags(names: Sequence[str], entities: Sequence[Entity]) -> ndarray:
    """The flags of each form by itself."""
    import numpy

    flags = numpy.zeros(len(names), dtype=numpy.uint8)
    with_comma = [row for row, name in enumerate(names) if "," in name]
    flags[numpy.array(with_comma, dtype=numpy.int64)] = HAS_COMMA
    guarded: list[int] = []
    begin = 0
    for entity in entities:
        for row, alias in enumerate(entity.aliases, begin + 1):
            if alias.guard is not None and (alias.guard.cased or alias.guard.near):
                guarded.append(row)
        begin += 1 + len(entity.aliases)
    flags[numpy.array(guarded, dtype=numpy.int64)] |= IS_GUARDED
    return flags
