"""The words of two names paired: what stands for what, and what is left over on either side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from normalizer.compare.knowledge import Role
from normalizer.compare.parts import Name, Part
from normalizer.compare.words import EQUAL, INITIAL, INITIAL_VALUE, SCRIPT, word_likeness
from normalizer.model import EntityType
from normalizer.text.sound import sound_key

Rarity = Callable[[str], float]
"""How much a word says because few names hold it: 1 for an ordinary one, more for a rare one."""

JOINED: Final = "joined"
ACRONYM: Final = "acronym"
JOINED_VALUE: Final = 0.97
"""Words that are one word in the other name: Ki moon, Kimoon."""
ACRONYM_VALUE: Final = 0.85
"""A word made of the first letters of words of the other name: UN."""
LEAST_LIKE: Final = 0.5
"""Likeness from which two words are taken for one."""
LONGEST_ACRONYM: Final = 10
_MOST_LONGER: Final = 3
"""By how many letters words and the one word that they are may differ in length."""
SHORTEST_RUN: Final = 4
"""Letters that a word has at least to be another name's words written as one."""
MOST_WORDS: Final = 40
"""Words beyond this many are left over: pairing is quadratic, and names end before."""


class Pair(NamedTuple):
    """Words of one name that stand for words of the other.

    Attributes:
        feature: What joins them.
        value: How like they are, 0 to 1.
        first: Their places in the mention.
        second: Their places in the registry's form.
        weight: What they say.
        is_telling: Whether they say which one is meant.
    """

    feature: str
    value: float
    first: tuple[int, ...]
    second: tuple[int, ...]
    weight: float
    is_telling: bool


@dataclass(slots=True, eq=False)
class Alignment:
    """Two names held against each other.

    Attributes:
        query: The mention.
        name: The registry's form.
        query_weights: What each word of the mention says.
        name_weights: What each word of the form says.
        pairs: What stands for what.
        extra: Places of the mention's words without a partner.
        missing: Places of the form's words without a partner.
    """

    query: Name
    name: Name
    query_weights: list[float]
    name_weights: list[float]
    pairs: list[Pair]
    extra: dict[int, None]
    missing: dict[int, None]

    def pair(self, feature: str, value: float, first: tuple[int, ...], second: tuple[int, ...]) -> None:
        """Take words as partners."""
        a, b = self.query.parts, self.name.parts
        if len(first) == 1 == len(second):
            i, j = first[0], second[0]
            left, right = self.query_weights[i], self.name_weights[j]
            telling = a[i].is_telling and b[j].is_telling
        else:
            left = sum([self.query_weights[i] for i in first])
            right = sum([self.name_weights[j] for j in second])
            telling = any(a[i].is_telling for i in first) and any(b[j].is_telling for j in second)
        # an initial says as little as a letter can
        weight = min(left, right) if feature == INITIAL else (left + right) / 2
        self.pairs.append(Pair(feature, value, first, second, weight, telling))
        for i in first:
            del self.extra[i]
        for j in second:
            del self.missing[j]


def weights_of(name: Name, rarity: Rarity | None) -> list[float]:
    """What each word of a name says, by its role and by how rare it is."""
    if rarity is None:
        return [part.weight for part in name.parts]
    return [part.weight * rarity(part.word) for part in name.parts]


def align(
    query: Name, name: Name, rarity: Rarity | None = None, query_weights: list[float] | None = None
) -> Alignment:
    """Pair the words of two names: equal ones first, then joined ones and acronyms, then the likest.

    Args:
        query: The mention.
        name: The registry's form.
        rarity: What is known of how rare a word is; nothing if not given.
        query_weights: What each word of the mention says, if that is known.
    """
    a, b = query.parts, name.parts
    if query_weights is None:
        query_weights = weights_of(query, rarity)
    extra, missing = dict.fromkeys(range(len(a))), dict.fromkeys(range(len(b)))
    result = Alignment(query, name, query_weights, weights_of(name, rarity), [], extra, missing)
    _pair_equal(result)
    if result.extra and result.missing:
        if len(a) != len(b):
            _pair_joined(result)
        if query.type is not EntityType.PLACE:
            _pair_acronyms(result)
        if result.extra and result.missing:
            _pair_alike(result)
    return result


def _pair_equal(result: Alignment) -> None:
    a, b = result.query.parts, result.name.parts
    places = result.name.places
    for i, part in enumerate(a):
        found = places.get(part.word)
        if found is None:
            continue
        free = found if len(found) == 1 else sorted(found, key=lambda j: abs(j - i))
        for j in free:
            if j in result.missing and not (
                part.by_syllable and b[j].by_syllable and part.written != b[j].written
            ):
                result.pair(EQUAL if part.written == b[j].written else SCRIPT, 1.0, (i,), (j,))
                break


def _pair_joined(result: Alignment) -> None:
    """Pair runs of two or three words with the one word they sound like together: Jin Ping, Jinping."""
    query, name = result.query, result.name
    if len(result.extra) > 1:
        for run, place in _joined_runs(query, result.extra, name, result.missing):
            joined = "".join(query.parts[i].word for i in run)
            result.pair(JOINED, _joined_value(joined, name.parts[place].word), run, (place,))
    if len(result.missing) > 1:
        for run, place in _joined_runs(name, result.missing, query, result.extra):
            joined = "".join(name.parts[j].word for j in run)
            result.pair(JOINED, _joined_value(query.parts[place].word, joined), (place,), run)


def _joined_runs(
    runs: Name, free: dict[int, None], words: Name, free_words: dict[int, None]
) -> Iterator[tuple[tuple[int, ...], int]]:
    """Find neighbouring free words of a name that sound, written as one, like a free word of another."""
    parts = runs.parts
    starts = [
        (start, parts[start].word, len(parts[start].word) + len(parts[start + 1].word))
        for start in free
        if start + 1 in free
    ]
    for place in list(free_words) if starts else ():
        word = words.parts[place]
        size = len(word.word)
        if size < SHORTEST_RUN:
            continue
        sound = ""
        for start, first, least in starts:
            if len(first) >= size or least - size > _MOST_LONGER:
                continue
            sound = sound or sound_key(word.word)
            if sound_key(first)[:1] != sound[:1]:
                continue
            for stop in (start + 2, start + 3):
                run = tuple(range(start, stop))
                if not all(i in free for i in run):
                    break
                joined = "".join([parts[i].word for i in run])
                if abs(len(joined) - size) <= _MOST_LONGER and sound_key(joined) == sound:
                    yield run, place
                    break
            if place not in free_words:
                break


def _joined_value(first: str, second: str) -> float:
    return JOINED_VALUE if first == second else 0.55 + 0.38 * OSA.normalized_similarity(first, second)


def _pair_acronyms(result: Alignment) -> None:
    """Pair a word with the words whose first letters it is: UN, United Nations."""
    query, name = result.query, result.name
    is_person = query.type is EntityType.PERSON
    feature, value = (INITIAL, INITIAL_VALUE) if is_person else (ACRONYM, ACRONYM_VALUE)
    longest = 4 if is_person else LONGEST_ACRONYM
    most = min(longest, len(name.parts))
    if len(result.missing) > 1:
        for i in list(result.extra):
            if not 2 <= len(query.parts[i].word) <= most:
                continue
            places = _spelled_by(query.parts[i], name, result.missing)
            if places:
                result.pair(feature, value, (i,), places)
    most = min(longest, len(query.parts))
    if len(result.extra) > 1:
        for j in list(result.missing):
            if not 2 <= len(name.parts[j].word) <= most:
                continue
            places = _spelled_by(name.parts[j], query, result.extra)
            if places:
                result.pair(feature, value, places, (j,))


def _spelled_by(part: Part, name: Name, free: dict[int, None]) -> tuple[int, ...]:
    """Places of the free words whose first letters are a word."""
    word = part.word
    if part.role is not Role.SMALL:
        for initials, places in name.initials:
            start = initials.find(word)
            if start >= 0:
                found = places[start : start + len(word)]
                if all(place in free for place in found):
                    return found
    return ()


def _pair_alike(result: Alignment) -> None:
    """Pair the words that are left, the likest first."""
    a, b, type = result.query.parts, result.name.parts, result.query.type
    found = []
    for i in list(result.extra)[:MOST_WORDS]:
        part = a[i]
        for j in list(result.missing)[:MOST_WORDS]:
            value, feature = word_likeness(part, b[j], type)
            if value >= LEAST_LIKE:
                found.append((-value, abs(i - j), i, j, feature))
    found.sort()
    for cost, _, i, j, feature in found:
        if i in result.extra and j in result.missing:
            result.pair(feature, -cost, (i,), (j,))
