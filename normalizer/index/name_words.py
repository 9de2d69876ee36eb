"""The words of all names while an index is built, in flat arrays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple

from normalizer.index.hashing import first_of_equal, hashes_within
from normalizer.index.one_word import BEHIND_INITIALS, BEHIND_NEIGHBOURS, SHORTEST_JOINED, words_for_form

if TYPE_CHECKING:
    from numpy import ndarray

_AT_ONCE: Final = 1 << 16
"""Names whose words are in memory at once."""


class Held(NamedTuple):
    """Which names hold which words, each pair once, in order of names.

    Attributes:
        words: The words, sorted.
        names: A name of each pair.
        of: Its word.
        sizes: How many words each name has.
    """

    words: list[str]
    names: ndarray
    of: ndarray
    sizes: ndarray


class NameWords(NamedTuple):
    """The words of names one behind the other, as often as they stand there.

    Attributes:
        words: The distinct words, sorted.
        of: The number of each word.
        lengths: How many letters it has.
        sizes: How many words each name has.
        letters: All letters, without what is between words and names.
    """

    words: list[str]
    of: ndarray
    lengths: ndarray
    sizes: ndarray
    letters: ndarray

    @classmethod
    def read(cls, latin: Sequence[str]) -> NameWords:
        """The words of names in Latin letters that are joined by single spaces."""
        import numpy

        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        nothing = numpy.zeros(0, dtype=numpy.uint32)
        of, lengths, sizes, letters = [nothing], [nothing], [nothing], [b""]
        for start in range(0, len(latin), _AT_ONCE):
            names = latin[start : start + _AT_ONCE]
            words = " ".join(names).split()
            of.append(numpy.fromiter(map(numbers.__getitem__, words), numpy.uint32, len(words)))
            lengths.append(numpy.fromiter(map(len, words), numpy.uint32, len(words)))
            spaces = numpy.fromiter(map(str.count, names, repeat(" ")), numpy.uint32, len(names))
            sizes.append(spaces + numpy.fromiter(map(bool, names), numpy.uint32, len(names)))
            letters.append("".join(words).encode("ascii"))
        ranked = sorted(numbers)
        place = numpy.empty(len(ranked), dtype=numpy.uint32)
        place[[numbers[word] for word in ranked]] = numpy.arange(len(ranked))
        return cls(
            words=ranked,
            of=place[numpy.concatenate(of)],
            lengths=numpy.concatenate(lengths),
            sizes=numpy.concatenate(sizes),
            letters=numpy.frombuffer(b"".join(letters), dtype=numpy.uint8),
        )

    def held(self) -> Held:
        """Which names hold which words."""
        import numpy

        names = numpy.repeat(numpy.arange(len(self.sizes), dtype=numpy.uint32), self.sizes)
        pairs = names.astype(numpy.uint64) << numpy.uint64(32) | self.of
        order = numpy.argsort(pairs, kind="stable")
        kept = numpy.ones(len(pairs), dtype=bool)
        kept[order] = first_of_equal(pairs[order])
        if kept.all():
            return Held(self.words, names, self.of, self.sizes)
        sizes = numpy.bincount(names[kept], minlength=len(self.sizes)).astype(numpy.uint32)
        return Held(self.words, names[kept], self.of[kept], sizes)

    def spelled(self) -> tuple[ndarray, ndarray]:
        """Hashes of what names may be written as in fewer words, in order, with the names; see `one_word`."""
        import numpy

        starts = numpy.cumsum(self.lengths, dtype=numpy.int64) - self.lengths
        firsts = numpy.cumsum(self.sizes, dtype=numpy.int64) - self.sizes
        begins = numpy.append(starts, len(self.letters))[numpy.append(firsts, len(starts))]
        rows = numpy.arange(len(self.sizes), dtype=numpy.uint64)
        many = numpy.flatnonzero(self.sizes > 1)
        inner = numpy.ones(len(starts), dtype=bool)
        inner[firsts[self.sizes > 0]] = False
        second = numpy.flatnonzero(inner)
        joined = self.lengths[second - 1] + self.lengths[second]
        second, joined = second[joined >= SHORTEST_JOINED], joined[joined >= SHORTEST_JOINED]
        names = numpy.repeat(rows, self.sizes)
        initials = self.letters[starts]
        found = [
            (rows, hashes_within(self.letters, begins[:-1], numpy.diff(begins))),
            (names[second], hashes_within(self.letters, starts[second - 1], joined, BEHIND_NEIGHBOURS)),
            (rows[many], hashes_within(initials, firsts[many], self.sizes[many], BEHIND_INITIALS)),
        ]
        for_form = words_for_form()
        is_telling = numpy.array([word not in for_form for word in self.words], dtype=bool)[self.of]
        counts = numpy.bincount(names[is_telling].astype(numpy.int64), minlength=len(rows))
        some = numpy.flatnonzero((counts > 1) & (counts < self.sizes))
        at = (numpy.cumsum(counts) - counts)[some]
        found.append((rows[some], hashes_within(initials[is_telling], at, counts[some], BEHIND_INITIALS)))
        pairs = numpy.concatenate(
            [hashes.astype(numpy.uint64) << numpy.uint64(32) | name for name, hashes in found]
        )
        pairs.sort()
        return (pairs >> numpy.uint64(32)).astype(numpy.uint32), pairs.astype(numpy.uint32)
