"""The names that many names may mean, found at once: what `NameTable.rows` does, in whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from normalizer.garbage import uncollected
from normalizer.index.hash_lists import expanded
from normalizer.index.hashing import distinct, first_of_equal, pairs_of
from normalizer.index.search import (
    ALIKE_ALONE,
    KEPT,
    LEAST_PAIR,
    MOST_AHEAD,
    MOST_LONGER,
    PAIRED,
    RARE,
    SHARES,
    SHORTEST_NAMES,
    NameTable,
    Query,
    split,
)
from normalizer.index.words import WHOLE

if TYPE_CHECKING:
    from numpy import ndarray

_AT_ONCE: Final = 1024
"""Mentions that are looked up together: their tables stay in the processor's cache."""


class Entries(NamedTuple):
    """The words that many mentions may hold, one behind the other.

    Attributes:
        query: The mention's number, in order.
        place: The place of the mention's word.
        word: A word that it may stand for.
        likeness: How like the two are, in hundredths.
        gain: What that word says.
    """

    query: ndarray
    place: ndarray
    word: ndarray
    likeness: ndarray
    gain: ndarray


def nearest_of_all(names: NameTable, latin: Sequence[str], limit: int, floor: int) -> list[list[int]]:
    """For each mention what `NameTable.nearest` gives."""
    with uncollected():
        return _nearest_of_all(names, latin, limit, floor)


def _nearest_of_all(names: NameTable, latin: Sequence[str], limit: int, floor: int) -> list[list[int]]:
    found: list[list[int]] = []
    for start in range(0, len(latin), _AT_ONCE):
        part = latin[start : start + _AT_ONCE]
        names.words.learn(word for mention in part for word in split(mention))
        shares = rows_of_all(names, [names.query(split(mention)) for mention in part], floor)
        found += [
            names.nearest_of(mention, rows, limit, floor) for mention, rows in zip(part, shares, strict=True)
        ]
    return found


def rows_of_all(names: NameTable, queries: Sequence[Query], floor: int = 0) -> list[list[tuple[int, int]]]:
    """For each query what `NameTable.rows` gives, without the names whose share is too small for a floor."""
    import numpy

    flat = [
        (number, place, *entry)
        for number, query in enumerate(queries)
        for place, word in enumerate(query.words)
        for entry in word
    ]
    if not flat:
        return [[] for _ in queries]
    entries = Entries(*numpy.array(flat, dtype=numpy.int64).T)
    held = distinct(_holding(names, entries))
    query, name = held >> 32, held & 0xFFFFFFFF
    total = numpy.array([query.total for query in queries], dtype=numpy.int64)
    own = names.arrays.worth[name].astype(numpy.int64)
    said = own + numpy.minimum(total[query], MOST_LONGER * own)
    share = -(2 * SHARES * _gained(names, entries, query, name) // (WHOLE * said))
    if floor:
        near = numpy.flatnonzero(share / SHARES <= MOST_AHEAD - floor / 100)
        query, name, share = query[near], name[near], share[near]
    order = numpy.lexsort((name, share, query))
    query, name, share = query[order], name[order], share[order]
    starts = numpy.searchsorted(query, numpy.arange(len(queries) + 1))
    kept = numpy.flatnonzero(numpy.arange(len(query)) - starts[query] < KEPT)
    found = list(zip(share[kept].tolist(), name[kept].tolist(), strict=True))
    ends = numpy.searchsorted(kept, starts).tolist()
    return [found[start:end] for start, end in pairwise(ends)]


def _holding(names: NameTable, entries: Entries) -> ndarray:
    """The names that hold a telling word of a mention, or two of its words, with the mention above."""
    import numpy

    tables = names.arrays
    is_letter = entries.word >= len(tables.held)
    often = tables.held[numpy.where(is_letter, 0, entries.word)]
    is_rare = ~is_letter & (often <= RARE)
    is_common = ~is_letter & ~is_rare
    alone = numpy.flatnonzero(is_rare | (is_common & (entries.likeness >= ALIKE_ALONE)))
    word = entries.word[alone]
    begins = numpy.where(word > 0, tables.holder_ends[word - 1], 0).astype(numpy.int64)
    ends = numpy.minimum(tables.holder_ends[word], begins + numpy.where(is_rare[alone], RARE, SHORTEST_NAMES))
    query, name = expanded(entries.query[alone], begins, ends, tables.holders)
    pairable = is_letter | (is_common & (_rank_among(is_common, entries) < PAIRED))
    first, second = _pairs(entries, numpy.flatnonzero(pairable))
    at, paired = names.pairs.get_all(pairs_of(entries.word[first], entries.word[second]))
    found: ndarray = numpy.concatenate(
        [query << 32 | name.astype(numpy.int64), entries.query[first][at] << 32 | paired.astype(numpy.int64)]
    )
    return found


def _rank_among(is_counted: ndarray, entries: Entries) -> ndarray:
    """How many entries of the same word of a mention that count stand before each."""
    import numpy

    counted = numpy.cumsum(is_counted) - is_counted
    place = entries.query << 8 | entries.place
    begins = numpy.maximum.accumulate(numpy.where(first_of_equal(place), numpy.arange(len(place)), 0))
    before: ndarray = counted - counted[begins]
    return before


def _pairs(entries: Entries, chosen: ndarray) -> tuple[ndarray, ndarray]:
    """Every two chosen entries of a mention that stand for two of its words and are like enough together."""
    import numpy

    first, second = [numpy.zeros(0, dtype=numpy.int64)], [numpy.zeros(0, dtype=numpy.int64)]
    query, place, likeness = entries.query[chosen], entries.place[chosen], entries.likeness[chosen]
    for step in range(1, len(chosen)):
        is_same = query[:-step] == query[step:]
        if not is_same.any():
            break
        is_pair = (
            is_same & (place[:-step] != place[step:]) & (likeness[:-step] * likeness[step:] >= LEAST_PAIR)
        )
        at = numpy.flatnonzero(is_pair)
        first.append(chosen[at])
        second.append(chosen[at + step])
    return numpy.concatenate(first), numpy.concatenate(second)


def _gained(names: NameTable, entries: Entries, query: ndarray, name: ndarray) -> ndarray:
    """What each name holds of its mention; of the name's words that stand for one word the first counts."""
    import numpy

    tables = names.arrays
    order = numpy.lexsort((entries.place, -entries.gain, entries.word, entries.query))
    keys = entries.query[order] << 32 | entries.word[order]
    is_first = first_of_equal(keys)
    best, keys = order[is_first], keys[is_first]
    begins = numpy.where(name > 0, tables.word_ends[name - 1], 0).astype(numpy.int64)
    pair, word = expanded(numpy.arange(len(name)), begins, tables.word_ends[name], tables.words)
    asked = query[pair] << 32 | word.astype(numpy.int64)
    at = numpy.minimum(numpy.searchsorted(keys, asked), len(keys) - 1)
    is_held = keys[at] == asked
    pair, entry = pair[is_held], best[at[is_held]]
    place = pair << 8 | entries.place[entry]
    order = numpy.argsort(place, kind="stable")
    once = order[first_of_equal(place[order])]
    gained: ndarray = numpy.bincount(pair[once], weights=entries.gain[entry[once]], minlength=len(name))
    return gained.astype(numpy.int64)
