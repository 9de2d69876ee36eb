"""The capitalised stretches of many texts, with numpy; see `capitals`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy
from numpy.typing import NDArray

from normalizer.index.scan.arrays import JOINT, SPECIAL, BatchScanner, Words, batches
from normalizer.index.scan.capitals import LONGEST
from normalizer.index.scan.hits import Hit, Place
from normalizer.index.scan.states import Places
from normalizer.text.folding import MAX_NAME
from normalizer.text.gaps import IN_ONE_NAME, gap_between
from normalizer.text.tokens import is_capital, tokenize

Marks = NDArray[numpy.bool_]

_SPECIAL: Final = bytes([SPECIAL])


def stretches_of(
    scanner: BatchScanner, texts: Sequence[str], hits: Sequence[Sequence[Hit]]
) -> Iterator[tuple[str, Place]]:
    """What `plain_stretches_of` gives."""
    number = 0
    keys: dict[bytes, str] = {}
    for batch in batches(texts):
        own = hits[number : number + len(batch)]
        yield from _stretches(scanner.words(batch), number, own, keys)
        number += len(batch)


def _stretches(
    words: Words, number: int, hits: Sequence[Sequence[Hit]], keys: dict[bytes, str]
) -> Iterator[tuple[str, Place]]:
    """The stretches of a row of texts, of which the first has a number; `keys` remembers those met."""
    tokens = numpy.flatnonzero(
        numpy.diff(words.starts, append=len(words.text))
    )  # one of each with underscores
    starts, ends = words.starts[tokens], words.bare_ends[tokens]
    of_text = numpy.searchsorted(words.offsets, starts, side="right") - 1
    are_capital = _are_capital(words.text, starts) & (ends - starts <= MAX_NAME)
    goes_on = are_capital[1:] & are_capital[:-1] & (of_text[1:] == of_text[:-1])
    goes_on &= words.ends[tokens[:-1]] == ends[:-1]  # no possessive ending
    _judge(words, starts, ends, goes_on)
    unknown = numpy.cumsum(numpy.concatenate([[0], ~_known(words.offsets, starts, hits)]))
    firsts, lasts = _runs(are_capital, goes_on)
    kept = unknown[lasts + 1] > unknown[firsts]
    firsts, lasts = firsts[kept], lasts[kept]
    shifts, numbers = words.offsets[of_text[firsts]], of_text[firsts] + number
    begins, stops = starts[firsts], ends[lasts]
    folded = words.folded.tobytes()
    columns = (numbers, begins - shifts, stops - shifts)
    places = map(Place._make, zip(*(column.tolist() for column in columns), strict=True))
    for start, end, place in zip(begins.tolist(), stops.tolist(), places, strict=True):
        surface = folded[start:end]
        key = keys.get(surface)
        if key is None:
            key = _key(words.text, surface, start, end)
            if _SPECIAL not in surface:
                keys[surface] = key
        if key:
            yield key, place


def _are_capital(text: str, starts: Places) -> Marks:
    """Whether each word begins with a capital."""
    codes = numpy.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")[starts]
    met = numpy.bincount(codes)
    met[met > 0] = [is_capital(chr(code)) for code in numpy.flatnonzero(met)]
    are_capital: Marks = met[codes] > 0
    return are_capital


def _judge(words: Words, starts: Places, ends: Places, goes_on: Marks) -> None:
    """Unmark the words whose gap to the next is not one of a name; that of one plain joint is."""
    gaps, last = ends[:-1], words.folded[ends[:-1] - 1]
    is_plain = (starts[1:] - gaps == 1) & (words.folded[gaps] == JOINT)
    is_plain &= (last >= ord("0")) & (last != SPECIAL)
    for place in numpy.flatnonzero(goes_on & ~is_plain).tolist():
        before, behind = tokenize(words.text, int(starts[place]), int(ends[place + 1]))
        goes_on[place] = gap_between(words.text, before, behind) in IN_ONE_NAME


def _known(offsets: Places, starts: Places, hits: Sequence[Sequence[Hit]]) -> Marks:
    """Whether each word is in a hit."""
    spans = [
        (offset + hit.start, offset + hit.end)
        for offset, own in zip(offsets.tolist(), hits, strict=True)
        for hit in own
    ]
    edges = numpy.searchsorted(starts, numpy.array(spans, dtype=numpy.int64).reshape(-1, 2))
    changes = numpy.bincount(edges[:, 0], minlength=len(starts) + 1)
    changes -= numpy.bincount(edges[:, 1], minlength=len(starts) + 1)
    return numpy.cumsum(changes[:-1]) > 0


def _runs(are_capital: Marks, goes_on: Marks) -> tuple[Places, Places]:
    """First and last words of the stretches, in order of the first, the shortest first."""
    firsts = numpy.flatnonzero(are_capital)
    found = [(firsts, firsts)]
    for _ in range(LONGEST - 1):
        firsts, lasts = found[-1]
        more = numpy.flatnonzero(lasts < len(goes_on))
        more = more[goes_on[lasts[more]]]
        found.append((firsts[more], lasts[more] + 1))
    firsts, lasts = (numpy.concatenate(column) for column in zip(*found, strict=True))
    order = numpy.lexsort((lasts, firsts))
    return firsts[order], lasts[order]


def _key(text: str, surface: bytes, start: int, end: int) -> str:
    """The folded words of a stretch, which the table reads so; empty if one of them has no key."""
    words = surface.split()
    if b"".join(words).isalnum():
        return b" ".join(words).decode("ascii")
    keys = [token.key for token in tokenize(text, start, end)]
    return " ".join(keys) if all(keys) else ""
