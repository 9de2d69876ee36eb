"""A list of numbers for each of many hashes, in flat arrays: one at a time without numpy, or many at once.

The top bits of a hash give the place where hashes like it begin, so that a look-up touches three places of
the file however large it is.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from normalizer.index.container import Container
from normalizer.index.hashing import first_of_equal
from normalizer.index.tables import NUMBER, Sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy import ndarray

_FEWEST_BITS: Final = 4
_BITS_OF_HALF: Final = 16
"""Top bits from which on the place says the upper half of a hash, and only the lower one is stored."""


class HashLists:
    """Lists of numbers by 32-bit hashes.

    Args:
        container: Where they lie.
        name: The sections' name.
    """

    def __init__(self, container: Container, name: str) -> None:
        self._starts = container.section(f"{name}.starts").cast(NUMBER)
        bits = len(self._starts).bit_length() - 1
        self._shift, is_half = 32 - bits, bits >= _BITS_OF_HALF
        self._mask = 0xFFFF if is_half else 0xFFFFFFFF
        self._hashes = container.section(f"{name}.hashes").cast("H" if is_half else NUMBER)
        self._ends = container.section(f"{name}.ends").cast(NUMBER)
        self._numbers = container.section(f"{name}.numbers").cast(NUMBER)

    @staticmethod
    def sections(
        name: str, hashes: ndarray, numbers: ndarray, longest: int | None = None, is_ordered: bool = False
    ) -> Sections:
        """The sections of some lists.

        Args:
            name: The sections' name.
            hashes: A hash for each number; the numbers of one hash keep their order.
            numbers: The numbers.
            longest: Most numbers kept for a hash, the first ones; all if not given.
            is_ordered: Whether the hashes are in order.
        """
        import numpy

        if not is_ordered:
            pairs = hashes.astype(numpy.uint64) << numpy.uint64(32) | numpy.arange(len(hashes)).view(
                numpy.uint64
            )
            pairs.sort()
            hashes, numbers = (
                (pairs >> numpy.uint64(32)).astype(numpy.uint32),
                numbers[pairs.astype(numpy.uint32)],
            )
        begins = numpy.flatnonzero(first_of_equal(hashes))
        if longest is not None and len(hashes):
            lengths = numpy.diff(numpy.append(begins, len(hashes)))
            kept = numpy.arange(len(hashes)) - numpy.repeat(begins, lengths) < longest
            hashes, numbers = hashes[kept], numbers[kept]
            begins = numpy.flatnonzero(first_of_equal(hashes))
        distinct = hashes[begins]
        bits = max(_FEWEST_BITS, len(distinct).bit_length() - 1)
        edges = numpy.arange((1 << bits) + 1, dtype=numpy.uint64) << numpy.uint64(32 - bits)
        stored = numpy.uint16 if bits >= _BITS_OF_HALF else numpy.uint32
        return {
            f"{name}.starts": numpy.searchsorted(distinct, edges).astype(numpy.uint32).tobytes(),
            f"{name}.hashes": distinct.astype(stored).tobytes(),
            f"{name}.ends": numpy.append(begins, len(hashes)).astype(numpy.uint32).tobytes(),
            f"{name}.numbers": numbers.astype(numpy.uint32).tobytes(),
        }

    def get(self, of: int) -> Sequence[int]:
        """The list of a hash; empty if there is none."""
        bucket, stored = of >> self._shift, of & self._mask
        for place in range(self._starts[bucket], self._starts[bucket + 1]):
            if self._hashes[place] == stored:
                return self._numbers[self._ends[place] : self._ends[place + 1]]
        return ()

    def get_all(self, hashes: ndarray) -> tuple[ndarray, ndarray]:
        """The lists of many hashes.

        Returns:
            The places of the hashes that have a list, once for each of its numbers, and the numbers.
        """
        import numpy

        arrays = self._arrays
        buckets = hashes >> numpy.uint32(self._shift)
        hashes = hashes.astype(arrays.hashes.dtype)
        at = arrays.starts[buckets]
        room = arrays.starts[buckets + 1] - at
        open_places = numpy.flatnonzero(room)
        found_places, found_at = [], []
        step = 0
        while len(open_places):
            here = at[open_places] + numpy.uint32(step)
            is_equal = arrays.hashes[here] == hashes[open_places]
            found_places.append(open_places[is_equal])
            found_at.append(here[is_equal])
            step += 1
            open_places = open_places[~is_equal & (room[open_places] > step)]
        if not found_places:
            nothing = numpy.zeros(0, dtype=numpy.int64)
            return nothing, nothing.astype(numpy.uint32)
        places, found = numpy.concatenate(found_places), numpy.concatenate(found_at)
        return expanded(places, arrays.ends[found], arrays.ends[found + 1], arrays.numbers)

    @cached_property
    def _arrays(self) -> _Arrays:
        import numpy

        tables = (self._starts, self._hashes, self._ends, self._numbers)
        return _Arrays(*(numpy.frombuffer(table, dtype=table.format) for table in tables))


class _Arrays(NamedTuple):
    starts: ndarray
    hashes: ndarray
    ends: ndarray
    numbers: ndarray


def expanded(places: ndarray, begins: ndarray, ends: ndarray, numbers: ndarray) -> tuple[ndarray, ndarray]:
    """The stretches of a flat array, one behind the other, each with the place it belongs to.

    Args:
        places: What each stretch belongs to.
        begins: Where each begins.
        ends: Where each ends.
        numbers: The flat array.

    Returns:
        A place for each number, and the numbers.
    """
    import numpy

    lengths = ends.astype(numpy.int64) - begins
    total = int(lengths.sum())
    offsets = numpy.cumsum(lengths) - lengths
    inside = numpy.arange(total) - numpy.repeat(offsets - begins, lengths)
    return numpy.repeat(places, lengths), numbers[inside]
