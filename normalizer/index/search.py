"""The names that a name may mean: those that hold its words, or words like these, the most telling first.

A rare word leads to all its names, a common one only together with another word of the mention or an
initial, or to its shortest names. What a name holds of the mention is summed up in whole numbers, so that
one look-up and a batch of them (`batch`) come to the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from heapq import nsmallest
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.fuzz import ratio

from normalizer.index.container import Container
from normalizer.index.hash_lists import HashLists
from normalizer.index.hashing import pair_of, spelled
from normalizer.index.one_word import initials, neighbours_joined, spelled_by_initials, spelled_by_neighbours
from normalizer.index.tables import Lists, Texts
from normalizer.index.words import INITIAL, WHOLE, WordTable
from normalizer.text.script import romanized
from normalizer.text.sound import sound_key

if TYPE_CHECKING:
    from numpy import ndarray

RARE: Final = 24
"""Most names of a word that leads to all of them."""
SHORTEST_NAMES: Final = 24
"""Names of a common word that it leads to by itself, the shortest."""
ALIKE_ALONE: Final = 80
"""Likeness from which a common word leads to names by itself."""
OF_A_PAIR: Final = 64
"""Names kept for two common words, the shortest."""
PAIRED: Final = 6
"""Words kept for a word of the mention when its common words are paired."""
LEAST_PAIR: Final = 5000
"""Least product of the likenesses of two words that are looked up together."""
MOST_WORDS: Final = 16
"""Words of a mention that are looked up, the most telling."""
KEPT: Final = 48
"""Names that are kept for a mention."""
LETTER_WORTH: Final = 100
"""What an initial is worth, in the measure of words."""
MOST_LONGER: Final = 2
"""How much more a mention may say than a name before the rest counts no more: an address, a sentence."""
SHARES: Final = 1 << 16
"""The share of what both names say that both hold is counted in parts of this."""
MOST_SPLIT: Final = 40
"""Words of a mention that are looked at."""
FAR: Final = 0.7
"""Share and likeness together, 0 to 2, below which a name is not given."""
AT_LEAST: Final = 4
"""Names that are given for a mention however far they are behind the nearest."""
BEHIND: Final = 0.65
"""Part of what the nearest name reaches below which others are not given.

Of 1,715 queries of the development sets that have an answer when every name is compared in full, these
three lose it for 22, most of them former names, for a sixth of the comparisons (2026-11-23).
"""
MOST_AHEAD: Final = 0.35
"""By how much the likeness of whole strings is ahead of the share at most (beyond it, nothing is lost)."""
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"

Word = tuple[tuple[int, int, int], ...]
"""Of one word of a mention: the words it may stand for, how like they are, and what that gains."""


class Query(NamedTuple):
    """A mention as it is looked up.

    Attributes:
        words: Its words.
        total: What they say at best.
    """

    words: tuple[Word, ...]
    total: int


class NameTable:
    """The names of an index by what they hold.

    Args:
        container: Where its tables lie.
    """

    def __init__(self, container: Container) -> None:
        self.keys = Texts(container, "keys")
        self.words = WordTable(container)
        self.holders = Lists(container, "holders")
        self.names_words = Lists(container, "names.words")
        self.pairs = HashLists(container, "pairs")
        self.spelled = HashLists(container, "spelled")
        self.worth = container.section("names.worth").cast("H")
        self._unknown: int = container.head["unknown_worth"]

    def nearest(self, latin: str, limit: int, floor: int = 0) -> list[int]:
        """The names that a mention may mean: those written in fewer or more words, then the nearest ones.

        Args:
            latin: A folded mention in Latin letters.
            limit: Most of the others.
            floor: See `Index.candidates`.
        """
        words = split(latin)
        return self.nearest_of(latin, self.rows(self.query(words)), limit, floor)

    def nearest_of(self, latin: str, shares: Iterable[tuple[int, int]], limit: int, floor: int) -> list[int]:
        """See `nearest`; the shares are those that `rows` gives."""
        spelled_alike = self.spelled_alike(latin, split(latin))
        known = set(spelled_alike)
        found = [(share / SHARES, row) for share, row in shares if row not in known]
        glance = Glance(latin)
        if floor:
            found = [(-1.0, row) for row in spelled_alike] + found
            return [row for _, row in self._above(found, glance, floor)[:limit]]
        return [*spelled_alike, *self._near(found, glance, limit)]

    def _near(self, shares: Iterable[tuple[float, int]], glance: Glance, limit: int) -> list[int]:
        """The names near a mention by share and likeness, in order.

        Args:
            shares: Negative shares, in order, with their rows.
            glance: The mention.
            limit: Most names.
        """
        ranked: list[tuple[float, int]] = []
        best, least = 0.0, FAR
        for share, row in shares:
            if len(ranked) >= AT_LEAST and min(1.0, MOST_AHEAD - share) - share < least:
                break
            score = glance.likeness(self.latin(row)) - share
            if score > best:
                best = score
            if score >= least:
                ranked.append((-score, row))
                if len(ranked) >= AT_LEAST:
                    least = max(FAR, BEHIND * best)
        ranked.sort()
        least = max(FAR, BEHIND * best)
        return [
            row for place, (score, row) in enumerate(ranked[:limit]) if place < AT_LEAST or -score >= least
        ]

    def _above(
        self, shares: Iterable[tuple[float, int]], glance: Glance, floor: int
    ) -> list[tuple[float, int]]:
        """Names that are as like as a floor, or sound alike, by share and likeness."""
        ranked: list[tuple[float, int]] = []
        least = MOST_AHEAD - floor / 100
        for share, row in shares:
            if share > least:
                break
            latin = self.latin(row)
            likeness = glance.likeness(latin)
            if likeness * 100 + 0.5 >= floor or glance.sounds_like(latin):
                ranked.append((share - likeness, row))
        ranked.sort()
        return ranked

    def latin(self, row: int) -> str:
        """A name in Latin letters."""
        key = self.keys[row]
        return key if key.isascii() else romanized(key)

    def query(self, words: Sequence[str]) -> Query:
        """Look up the words of a folded mention in Latin letters."""
        known = self.words
        found: list[Word] = []
        total = 0
        for word in dict.fromkeys(words):
            gains = self._gains(known.alike(word))
            if len(word) == 1 and word in LETTERS:
                letter = len(known.worth) + LETTERS.index(word)
                gains = (*gains, (letter, INITIAL, INITIAL * LETTER_WORTH))
            total += gains[0][2] // gains[0][1] if gains else self._unknown
            found.append(gains)
        for word in neighbours_joined(words):
            found.append(self._gains(known.joined(word)))
        found = [gains for gains in found if gains]
        if len(found) > MOST_WORDS:
            found = nsmallest(MOST_WORDS, found, key=lambda gains: -gains[0][2])
        return Query(tuple(found), total)

    def _gains(self, alike: Iterable[tuple[int, int]]) -> Word:
        worth = self.words.worth
        return tuple((row, likeness, likeness * worth[row]) for row, likeness in alike)

    def rows(self, query: Query) -> list[tuple[int, int]]:
        """The names that hold most of a mention, best first.

        Returns:
            Pairs of the share of what both say that both hold, negative, and a row.
        """
        rows = self.holding(query)
        gains: dict[int, tuple[int, int]] = {}
        for place, word in enumerate(query.words):
            bit = 1 << place
            for row, _, gain in word:
                if row not in gains or gains[row][1] < gain:
                    gains[row] = bit, gain
        shares: list[tuple[int, int]] = []
        worth, total = self.worth, query.total
        words, ends = self.names_words.tables
        for name in rows:
            places = held = 0
            for row in words[ends[name - 1] if name else 0 : ends[name]].tolist():
                if row in gains:
                    place_of, gain = gains[row]
                    if not places & place_of:
                        places |= place_of
                        held += gain
            own = worth[name]
            longest = MOST_LONGER * own
            said = own + (total if total < longest else longest)
            shares.append((-(2 * SHARES * held // (WHOLE * said)), name))
        return nsmallest(KEPT, shares) if len(shares) > KEPT else sorted(shares)

    def holding(self, query: Query) -> set[int]:
        """The names that hold a telling word of a mention, or two of its words."""
        rows: set[int] = set()
        common: list[tuple[int, int, int]] = []
        held, holders = self.words.held, self.holders
        for place, word in enumerate(query.words):
            pairable = 0
            for row, likeness, _ in word:
                if row >= len(held):
                    common.append((place, row, likeness))
                elif held[row] <= RARE:
                    rows.update(holders[row])
                else:
                    if likeness >= ALIKE_ALONE:
                        rows.update(holders[row][:SHORTEST_NAMES])
                    if pairable < PAIRED:
                        pairable += 1
                        common.append((place, row, likeness))
        for (i, a, like_a), (j, b, like_b) in combinations(common, 2):
            if i != j and like_a * like_b >= LEAST_PAIR:
                rows.update(self.pairs.get(pair_of(a, b)))
        return rows

    def spelled_alike(self, latin: str, words: Sequence[str]) -> list[int]:
        """The names that are a mention's initials or have it for theirs; those with words joined or split."""
        forms = [spelled(text) for text in neighbours_joined(words)]
        if len(words) > 1:
            forms += [spelled(text) for text in (latin.replace(" ", ""), *initials(words))]
        else:
            forms += [spelled(latin), spelled_by_initials(latin)]
        forms += [spelled_by_neighbours(word) for word in words if self.words.find(word) < 0]
        rows: dict[int, None] = {}
        for form in dict.fromkeys(forms):
            rows.update(dict.fromkeys(self.spelled.get(form)))
        return list(rows)

    @cached_property
    def arrays(self) -> Arrays:
        """The tables as arrays of numpy."""
        import numpy

        holders, holder_ends = self.holders.tables
        words, word_ends = self.names_words.tables
        return Arrays(
            held=numpy.frombuffer(self.words.held, dtype=numpy.uint32),
            holders=numpy.frombuffer(holders, dtype=numpy.uint32),
            holder_ends=numpy.frombuffer(holder_ends, dtype=numpy.uint32),
            words=numpy.frombuffer(words, dtype=numpy.uint32),
            word_ends=numpy.frombuffer(word_ends, dtype=numpy.uint32),
            worth=numpy.frombuffer(self.worth, dtype=numpy.uint16),
        )


class Arrays(NamedTuple):
    """Tables of names as arrays.

    Attributes:
        held: How many names hold each word.
        holders: The names of each word.
        holder_ends: Where these end.
        words: The words of each name.
        word_ends: Where these end.
        worth: What each name says.
    """

    held: ndarray
    holders: ndarray
    holder_ends: ndarray
    words: ndarray
    word_ends: ndarray
    worth: ndarray


def split(latin: str) -> list[str]:
    """The words of a mention that are looked at."""
    return latin.split()[:MOST_SPLIT]


class Glance:
    """A mention as it looks at a glance, to tell near names from far ones.

    Args:
        latin: The folded mention in Latin letters.
    """

    def __init__(self, latin: str) -> None:
        self._latin = latin
        self._sorted = " ".join(sorted(latin.split())) if " " in latin else ""

    def likeness(self, name: str) -> float:
        """The better Indel ratio, 0 to 1, of the words in order and sorted."""
        value = ratio(self._latin, name)
        if self._sorted:
            other = ratio(self._sorted, " ".join(sorted(name.split())), score_cutoff=value)
            if other > value:
                value = other
        return value / 100

    def sounds_like(self, name: str) -> bool:
        """Whether both are one word, and sound alike."""
        return not self._sorted and " " not in name and sound_key(self._latin) == sound_key(name)
