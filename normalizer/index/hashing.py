"""Stable hashes of words, and of what a misspelled or misheard word may share with them.

CRC-32 all through: the standard library gives one word's in a tenth of a microsecond, and a table gives
those of a whole vocabulary at once. Two words of one hash cost a comparison more, never an answer.

That two words are at most one edit apart shows in a form of one that equals a form of the other, when the
forms of a word are itself and itself without one of its letters (Mor and Fraenkel 1982; the symmetric
deletions of SymSpell). The same over sound keys forgives vowels, doubled letters and the usual
transcriptions on top.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final
from zlib import crc32

from normalizer.text.sound import other_sound, sound_key, sound_keys

if TYPE_CHECKING:
    from numpy import ndarray

SPELLED: Final = 0
"""Start value of the hashes of spellings."""
SOUNDING: Final = 0x5EED
"""Start value of the hashes of sound keys."""
SOUNDING_NEARLY: Final = 0x5EED2
"""Start value of the hashes of sound keys, whole or less one letter."""
SHORTEST_CUT: Final = 3
"""Letters from which a word is also known by what is left without one of them."""
LONGEST_CUT: Final = 32
"""Letters up to which; longer words are found by their trigrams."""
NEVER_CUT: Final = LONGEST_CUT + 1
"""A least number of letters that leaves every text whole."""
SHORTEST_SOUND: Final = 2
SHORTEST_SOUND_CUT: Final = 5
"""Letters of a sound key from which it is also known by what is left without one (four: ten times the
candidates, measured on a million names)."""

_FIRST: Final = 0x9E3779B1
_SECOND: Final = 0x85EBCA77
_MASK: Final = 0xFFFFFFFF


def spelled(text: str) -> int:
    """The hash of a text as it is spelled."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def pair_of(first: int, second: int) -> int:
    """The hash of two numbers, in any order."""
    if second < first:
        first, second = second, first
    return (first * _FIRST ^ second * _SECOND) & _MASK


def pairs_of(first: ndarray, second: ndarray) -> ndarray:
    """The hashes of pairs of numbers, as `pair_of` gives them."""
    import numpy

    low = numpy.minimum(first, second).astype(numpy.uint64)
    high = numpy.maximum(first, second).astype(numpy.uint64)
    mixed = low * numpy.uint64(_FIRST) ^ high * numpy.uint64(_SECOND)
    hashes: ndarray = (mixed & numpy.uint64(_MASK)).astype(numpy.uint32)
    return hashes


def sounds(word: str) -> list[str]:
    """The sound keys of a word under its readings, those that say something."""
    first, second = sound_key(word), other_sound(word)
    readings = [first] if first == second else [first, second]
    return [reading for reading in readings if len(reading) >= SHORTEST_SOUND]


def sounds_of_all(words: Sequence[str]) -> list[tuple[int, str]]:
    """The sound keys of many words (see `sounds`), each with the place of its word."""
    first, second = sound_keys(words)
    found = []
    for place, (one, other) in enumerate(zip(first, second, strict=True)):
        if len(one) >= SHORTEST_SOUND:
            found.append((place, one))
        if other != one and len(other) >= SHORTEST_SOUND:
            found.append((place, other))
    return found


def spelling_forms(word: str) -> list[int]:
    """The hashes of a word and of it less one letter."""
    data = word.encode()
    hashes = [crc32(data)]
    if SHORTEST_CUT <= len(data) <= LONGEST_CUT:
        hashes += [crc32(data[:i] + data[i + 1 :]) for i in range(len(data))]
    return hashes


def sound_forms(sound: str) -> list[int]:
    """The hashes of a sound key and of it less one letter; nothing for a short one."""
    data = sound.encode()
    if not SHORTEST_SOUND_CUT <= len(data) <= LONGEST_CUT:
        return []
    cuts = [crc32(data[:i] + data[i + 1 :], SOUNDING_NEARLY) for i in range(len(data))]
    return [crc32(data, SOUNDING_NEARLY), *cuts]


def forms_of_all(
    texts: Sequence[tuple[int, str]], start: int, shortest: int
) -> Iterator[tuple[ndarray, ndarray]]:
    """The hashes of many texts and of them less one letter, a group for each length and letter left out.

    Args:
        texts: Numbers with ASCII texts.
        start: The hashes' start value.
        shortest: Letters from which letters are left out, up to `LONGEST_CUT`.

    Yields:
        Numbers of texts, and a hash for each of them.
    """
    import numpy

    numbers = numpy.array([number for number, _ in texts], dtype=numpy.uint64)
    lengths = numpy.array([len(text) for _, text in texts], dtype=numpy.int64)
    for size in numpy.unique(lengths).tolist():
        places = numpy.flatnonzero(lengths == size)
        joined = "".join([texts[place][1] for place in places.tolist()]).encode("ascii")
        letters = numpy.frombuffer(joined, dtype=numpy.uint8).reshape(len(places), size)
        yield numbers[places], _crc32(letters, start)
        if shortest <= size <= LONGEST_CUT:
            for left_out in range(size):
                yield numbers[places], _crc32(numpy.delete(letters, left_out, axis=1), start)


def hashes_of_all(texts: Iterable[str]) -> ndarray:
    """The hash of each of many texts as it is spelled."""
    import numpy

    return numpy.fromiter(map(spelled, texts), dtype=numpy.uint32)


def hashes_within(letters: ndarray, starts: ndarray, lengths: ndarray, behind: bytes = b"") -> ndarray:
    """The hashes of parts of a row of letters, each as `spelled` gives it.

    Args:
        letters: The row, as bytes.
        starts: Where each part begins.
        lengths: How long each is.
        behind: What is hashed behind each of them.
    """
    import numpy

    hashes = numpy.zeros(len(starts), dtype=numpy.uint32)
    for length in distinct(lengths).tolist():
        parts = numpy.flatnonzero(lengths == length)
        if length:
            windows = numpy.lib.stride_tricks.sliding_window_view(letters, length)
            hashes[parts] = _crc32(windows[starts[parts]], SPELLED)
    if behind:
        hashes = _crc32(numpy.tile(numpy.frombuffer(behind, dtype=numpy.uint8), (len(hashes), 1)), hashes)
    return hashes


def trigrams(word: str) -> list[int]:
    """The hashes of the distinct trigrams of a word with its ends marked."""
    data = f"^{word}$".encode()
    return list(dict.fromkeys([crc32(data[i : i + 3]) for i in range(len(data) - 2)]))


def trigrams_of_all(words: Sequence[str]) -> tuple[ndarray, ndarray]:
    """The trigrams of many words of two letters and more: hashes in order, with the places of the words."""
    import numpy

    text = numpy.frombuffer("".join([f"^{word}$" for word in words]).encode("ascii"), dtype=numpy.uint8)
    sizes = numpy.array([len(word) + 2 for word in words], dtype=numpy.int64)
    places = numpy.repeat(numpy.arange(len(words), dtype=numpy.uint64), sizes)
    if len(text) < 3:
        return numpy.zeros(0, dtype=numpy.uint32), numpy.zeros(0, dtype=numpy.uint32)
    is_inside = places[2:] == places[:-2]
    hashes = _crc32(numpy.lib.stride_tricks.sliding_window_view(text, 3)[is_inside], SPELLED)
    pairs = distinct(hashes.astype(numpy.uint64) << numpy.uint64(32) | places[2:][is_inside])
    return (pairs >> numpy.uint64(32)).astype(numpy.uint32), pairs.astype(numpy.uint32)


def first_of_equal(ordered: ndarray) -> ndarray:
    """Which items of an ordered array are the first of their kind."""
    import numpy

    is_first = numpy.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return is_first


def distinct(numbers: ndarray) -> ndarray:
    """The distinct numbers of an array, in order; several times as fast as `numpy.unique`, which hashes."""
    import numpy

    ordered: ndarray = numpy.sort(numbers)
    kept: ndarray = ordered[first_of_equal(ordered)]
    return kept


def _crc32(letters: ndarray, start: int | ndarray) -> ndarray:
    """CRC-32 of each row of a matrix of bytes, behind a start value: ISO 3309, as `zlib.crc32` has it."""
    import numpy

    table = _crc_table()
    state = numpy.full(len(letters), start, dtype=numpy.uint32) ^ numpy.uint32(_MASK)
    for column in letters.T:
        state = table[(state ^ column) & 0xFF] ^ (state >> 8)
    return state ^ numpy.uint32(_MASK)


@cache
def _crc_table() -> ndarray:
    import numpy

    table = numpy.arange(256, dtype=numpy.uint32)
    for _ in range(8):
        table = numpy.where(table & 1, (table >> 1) ^ numpy.uint32(0xEDB88320), table >> 1)
    return table.astype(numpy.uint32)
