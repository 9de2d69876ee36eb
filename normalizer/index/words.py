"""The words of all names, and for any word those that it may be a misspelling, a sound or a form of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING, Final
from zlib import crc32

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from normalizer.compare.knowledge import words_of
from normalizer.index.container import Container
from normalizer.index.hash_lists import HashLists
from normalizer.index.hashing import (
    LONGEST_CUT,
    NEVER_CUT,
    SHORTEST_CUT,
    SHORTEST_SOUND_CUT,
    SOUNDING,
    SOUNDING_NEARLY,
    SPELLED,
    distinct,
    forms_of_all,
    hashes_of_all,
    sound_forms,
    sounds,
    sounds_of_all,
    spelled,
    spelling_forms,
    trigrams,
    trigrams_of_all,
)
from normalizer.index.tables import Sections, Texts
from normalizer.model import EntityType
from normalizer.text.sound import sound_key

if TYPE_CHECKING:
    from numpy import ndarray

WHOLE: Final = 100
"""How like a word is to itself; all likenesses of words here are hundredths."""
GROUPED: Final = 93
"""How like two words of one group are (University, Universidad; Peter, Pyotr; William, Bill)."""
JOINED: Final = 85
"""How like a word is to two that sound like it together."""
INITIAL: Final = 50
"""How like a word is to its first letter."""
LEAST_LIKE: Final = 50
WELL_FOUND: Final = 80
"""Likeness below which a word's best partner leaves room for a worse spelling: its trigrams are asked."""
AS_LIKE: Final = 25
"""By how much less like than the likest a word may be."""
MOST_ALIKE: Final = 12
"""Words kept for a word."""
_SOUND_BASE: Final = 0.55
_SOUND_SHARE: Final = 0.4
_HEARD: Final = 3
"""Letters of a sound key from which one sound says something by itself."""
_MOST_OF_A_HASH: Final = 48
"""Words kept for a form, the whole word and the most frequent first."""
_GRAM_WORK: Final = 4000
"""Most places of trigrams that are counted for a word, those of the rarest first."""
_MOST_BY_GRAMS: Final = 24
_SHORTEST_BY_GRAMS: Final = 4
_LEAST_BY_GRAMS: Final = 55
_HEARD_LESS: Final = 10
"""By how much the sounds of two words must be more alike than their letters to count for more."""
_BY_GRAMS: Final = 0.9
"""Share of the likeness that is left of words that only trigrams brought together."""
_REMEMBERED: Final = 1 << 17
_FEW: Final = 8
"""Words fewer than which are sooner looked up one by one."""


class WordTable:
    """The words of an index.

    Args:
        container: Where its tables lie.
    """

    def __init__(self, container: Container) -> None:
        self.texts = Texts(container, "words")
        self.worth = container.section("words.worth").cast("H")
        self.held = container.section("words.held").cast("I")
        self._near = HashLists(container, "words.near")
        self._groups = HashLists(container, "words.groups")
        self._grams = HashLists(container, "words.grams")
        self._text = lru_cache(maxsize=_REMEMBERED)(self.texts.__getitem__)
        self._known: dict[str, tuple[tuple[int, int], ...]] = {}

    @staticmethod
    def sections(words: Sequence[str], held: ndarray, worth: ndarray) -> Sections:
        """The sections of some words.

        Args:
            words: Distinct words in Latin letters, sorted.
            held: How many names hold each of them.
            worth: What each of them says.
        """
        import numpy

        often = numpy.argsort(-held.astype(numpy.int64), kind="stable")
        ranked = [words[row] for row in often.tolist()]  # the most frequent first: lists are cut off
        heard = sounds_of_all(ranked)
        cut = [(row, sound) for row, sound in heard if SHORTEST_SOUND_CUT <= len(sound) <= LONGEST_CUT]
        forms = [
            *forms_of_all(list(enumerate(ranked)), SPELLED, SHORTEST_CUT),
            *forms_of_all(heard, SOUNDING, NEVER_CUT),
            *forms_of_all(cut, SOUNDING_NEARLY, SHORTEST_SOUND_CUT),
        ]
        return {
            **Texts.sections("words", words),
            "words.worth": worth.astype(numpy.uint16).tobytes(),
            "words.held": held.astype(numpy.uint32).tobytes(),
            **HashLists.sections("words.near", *_ordered(forms, ranked, often), _MOST_OF_A_HASH, True),
            **HashLists.sections("words.groups", *_grouped(words)),
            **HashLists.sections("words.grams", *trigrams_of_all(words), is_ordered=True),
        }

    def find(self, word: str) -> int:
        """The number of a word, or -1."""
        for row in self._near.get(spelled(word)):
            if self._text(row) == word:
                return row
        return -1

    def alike(self, word: str) -> tuple[tuple[int, int], ...]:
        """The words that a word may stand for, likest first, with how like they are in hundredths.

        Args:
            word: A word in Latin letters.
        """
        known = self._known.get(word)
        if known is None:
            own = self.find(word)
            rows, heard = self._near_rows(word, own >= 0)
            texts = list(map(self._text, rows))
            likeness = [0.0] * len(texts)
            for _, value, place in extract(word, texts, scorer=OSA.normalized_similarity, limit=None):
                likeness[place] = value
            known = self._remember(word, own, zip(rows, likeness, strict=True), heard)
        return known

    def learn(self, words: Iterable[str]) -> None:
        """Find what `alike` will be asked, for many words at once."""
        import numpy
        from rapidfuzz.process import cpdist

        asked = [word for word in dict.fromkeys(words) if word not in self._known]
        if len(asked) < _FEW:
            return
        own = [self.find(word) for word in asked]
        places, rows, is_heard = self._near_rows_of_all(asked, own)
        texts = self.texts.many(numpy.array(rows, dtype=numpy.int64))
        likeness = cpdist(
            [asked[place] for place in places], texts, scorer=OSA.normalized_similarity, dtype=numpy.float64
        ).tolist()
        starts = numpy.searchsorted(places, range(len(asked) + 1)).tolist()
        for place, word in enumerate(asked):
            part = slice(starts[place], starts[place + 1])
            near = rows[part]
            heard = {row for row, flag in zip(near, is_heard[part], strict=True) if flag}
            self._remember(word, own[place], zip(near, likeness[part], strict=True), heard)

    def _remember(
        self, word: str, own: int, near: Iterable[tuple[int, float]], heard: Collection[int]
    ) -> tuple[tuple[int, int], ...]:
        """Put together what a word may stand for.

        Args:
            word: The word.
            own: Its number, or -1.
            near: The words that share a form with it, and how alike both are spelled, 0 to 1.
            heard: Those of them that sound like it.
        """
        found: dict[int, int] = {}
        if own >= 0:
            found[own] = WHOLE
        for group in _groups(word):
            for row in self._groups.get(spelled(group)):
                found.setdefault(row, GROUPED)
        for row, value in near:
            likeness = max(value, _SOUND_BASE + _SOUND_SHARE * value) if row in heard else value
            if likeness * 100 >= LEAST_LIKE:
                found.setdefault(row, int(likeness * 100))
        if len(word) >= _SHORTEST_BY_GRAMS and max(found.values(), default=0) < WELL_FOUND:
            self._add_by_grams(word, found)
        ranked = self.ranked(found)
        initial = self.find(word[0]) if len(word) > 1 else -1
        if initial >= 0:
            ranked = (*ranked, (initial, INITIAL))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[word] = ranked
        return ranked

    def ranked(self, found: dict[int, int]) -> tuple[tuple[int, int], ...]:
        """The likest of some words, the more frequent first among equals."""
        if len(found) < 2:
            return tuple(found.items())
        least = max(found.values()) - AS_LIKE
        ranked = sorted(
            [(-likeness, -self.held[row], row) for row, likeness in found.items() if likeness >= least]
        )
        return tuple([(row, -likeness) for likeness, _, row in ranked[:MOST_ALIKE]])

    def _near_rows(self, word: str, is_known: bool) -> tuple[dict[int, None], dict[int, None]]:
        """The words that share a form of spelling or sound with a word, and those that sound like it."""
        near = self._near.get
        heard: dict[int, None] = {}
        rows: dict[int, None] = {}
        for sound in sounds(word):
            same = dict.fromkeys(near(crc32(sound.encode(), SOUNDING)))
            rows.update(same)
            if len(sound) >= _HEARD:
                heard.update(same)
            for form in sound_forms(sound) if not is_known else ():
                rows.update(dict.fromkeys(near(form)))
        for form in spelling_forms(word):
            rows.update(dict.fromkeys(near(form)))
        return rows, heard

    def _near_rows_of_all(
        self, words: Sequence[str], own: Sequence[int]
    ) -> tuple[list[int], list[int], list[bool]]:
        """What `_near_rows` gives for many words: their places in order, rows, and which sound alike."""
        import numpy

        heard = sounds_of_all(words)
        cut = [
            (place, sound)
            for place, sound in heard
            if own[place] < 0 and SHORTEST_SOUND_CUT <= len(sound) <= LONGEST_CUT
        ]
        alike = self._rows_of(
            forms_of_all([one for one in heard if len(one[1]) >= _HEARD], SOUNDING, NEVER_CUT)
        )
        found = [
            alike,
            self._rows_of(forms_of_all([one for one in heard if len(one[1]) < _HEARD], SOUNDING, NEVER_CUT)),
            self._rows_of(forms_of_all(cut, SOUNDING_NEARLY, SHORTEST_SOUND_CUT)),
            self._rows_of(forms_of_all(list(enumerate(words)), SPELLED, SHORTEST_CUT)),
        ]
        pairs = distinct(numpy.concatenate(found))
        rows = (pairs & numpy.uint64(0xFFFFFFFF)).tolist()
        return (pairs >> numpy.uint64(32)).tolist(), rows, numpy.isin(pairs, alike).tolist()

    def _rows_of(self, forms: Iterable[tuple[ndarray, ndarray]]) -> ndarray:
        """The rows that are found by forms, each with its place in the upper half."""
        import numpy

        nothing = numpy.zeros(0, dtype=numpy.uint64)
        groups = list(forms)
        places = numpy.concatenate([nothing, *(one for one, _ in groups)])
        hashes = numpy.concatenate([nothing.astype(numpy.uint32), *(one for _, one in groups)])
        at, rows = self._near.get_all(hashes)
        found: ndarray = places[at] << numpy.uint64(32) | rows
        return found

    def _add_by_grams(self, word: str, found: dict[int, int]) -> None:
        """Add the words that share most trigrams with a word; the rarest are counted, within bounds."""
        lists = sorted([self._grams.get(code) for code in trigrams(word)], key=len)
        counts: dict[int, int] = {}
        left = _GRAM_WORK
        for rows in lists:
            left -= len(rows)
            if left < 0:
                break
            for row in rows:
                counts[row] = counts.get(row, 0) + 1
        size = len(word)
        least = nlargest(_MOST_BY_GRAMS, counts.values())[-1] if counts else 0
        ranked = [
            (-count / (size + len(self._text(row))), row)
            for row, count in counts.items()
            if count >= least and row not in found
        ]
        ranked.sort()
        heard = sound_key(word)
        for _, row in ranked[:_MOST_BY_GRAMS]:
            other = self._text(row)
            likeness = max(ratio(word, other), ratio(heard, sound_key(other)) - _HEARD_LESS)
            if likeness >= _LEAST_BY_GRAMS:
                found[row] = int(likeness * _BY_GRAMS)

    def joined(self, word: str) -> tuple[tuple[int, int], ...]:
        """The words that are, or sound, like two words of a mention written as one."""
        found: dict[int, int] = {}
        for sound in sounds(word):
            if len(sound) >= _HEARD:
                found.update(dict.fromkeys(self._near.get(crc32(sound.encode(), SOUNDING)), JOINED))
        own = self.find(word)
        if own >= 0:
            found[own] = WHOLE
        return self.ranked(found)


def _groups(word: str) -> Iterator[str]:
    """What the groups are called that a word is in: variants of a word, forms of a given name."""
    known = words_of(EntityType.OTHER)
    if word in known.heads:
        yield f"={known.heads[word]}"
    for form in sorted(known.forms.get(word, frozenset()) | known.nicknames.get(word, frozenset())):
        yield f"+{form}"


def _grouped(words: Sequence[str]) -> tuple[ndarray, ndarray]:
    import numpy

    known = words_of(EntityType.OTHER)
    in_groups = {*known.heads, *known.forms, *known.nicknames}
    grouped = [(row, word) for row, word in enumerate(words) if word in in_groups]
    found = [(spelled(group), row) for row, word in grouped for group in _groups(word)]
    hashes = numpy.array([known for known, _ in found], dtype=numpy.uint32)
    return hashes, numpy.array([row for _, row in found], dtype=numpy.uint32)


def _ordered(
    forms: Sequence[tuple[ndarray, ndarray]], ranked: Sequence[str], often: ndarray
) -> tuple[ndarray, ndarray]:
    """Hashes with their words, each pair once: the whole word first, then in order of falling frequency.

    Args:
        forms: Places of words in order of frequency, and a hash of each.
        ranked: The words in order of frequency.
        often: Their numbers.
    """
    import numpy

    whole = hashes_of_all(ranked)
    rows = numpy.concatenate([numpy.zeros(0, dtype=numpy.uint64), *(places for places, _ in forms)])
    hashes = numpy.concatenate([whole[:0], *(group for _, group in forms)])
    is_part = (hashes != whole[rows.astype(numpy.int64)]).astype(numpy.uint64)
    keys = hashes.astype(numpy.uint64) << numpy.uint64(32) | is_part << numpy.uint64(31) | rows
    pairs = distinct(keys)
    found = (pairs & numpy.uint64(0x7FFFFFFF)).astype(numpy.int64)
    return (pairs >> numpy.uint64(32)).astype(numpy.uint32), often[found].astype(numpy.uint32)
