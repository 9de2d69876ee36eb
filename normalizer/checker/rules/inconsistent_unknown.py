"""inconsistent-unknown: two spellings of a name that no registry knows.

Ramblatt three times and Ramblat once: one of them is wrong, and the draft itself says which is likelier. No
registry is needed. What speaks of two people or things keeps the rule silent: a first name, title or age of
its own for each, both spellings in one sentence, a plural or another ending, two words of the dictionary.
Where the counts do not decide, an editor is asked. A fix is never safe: the majority may be wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.draft import Draft
from normalizer.checker.findings import finding_at, times
from normalizer.checker.grammar import is_derived, is_like_any
from normalizer.checker.reading import Reading
from normalizer.model import Applicability, Finding
from normalizer.text.sound import sound_key

ID: Final = "inconsistent-unknown"
_SHORTEST: Final = 5
"""Letters from which one letter more or less is likelier a slip than another name."""
_LONG: Final = 7
"""Letters from which two may differ if both sound alike."""
_HOLDS_ON: Final = 3
"""Times from which a spelling may well be a name of its own."""
_MEN: Final = frozenset({"mr", "sir", "king", "prince", "herr", "monsieur", "senor", "lord"})
_WOMEN: Final = frozenset(
    {"mrs", "ms", "miss", "dame", "queen", "princess", "frau", "madame", "senora", "lady"}
)


@dataclass(slots=True)
class _Spelling:
    """One spelling of an unknown name.

    Attributes:
        key: Its folded form.
        text: As it is first written.
        places: Where it stands.
        firsts: The first names before it.
        titles: The titles before it, folded.
        sentences: Where the sentences begin that it stands in.
        is_listed: Whether the dictionary knows it, or the list of given names.
        is_introduced: Whether an age or description follows it somewhere.
    """

    key: str
    text: str
    is_listed: bool
    places: list[int] = field(default_factory=list)
    firsts: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    sentences: set[int] = field(default_factory=set)
    is_introduced: bool = False


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule."""
    spellings = _spellings(reading)
    reported: set[str] = set()
    for one, other in _pairs(spellings):
        if _is_one_name(reading.draft, one, other):
            better, worse = sorted((one, other), key=_standing)
            if worse.key not in reported and better.key not in reported:
                reported.add(worse.key)
                yield from _findings(reading, better, worse)


def _spellings(reading: Reading) -> dict[str, _Spelling]:
    """The unknown names of a draft by their keys."""
    draft, presence, lexicon = reading.draft, reading.presence, reading.lexicon
    suspected = {
        place for account in reading.accounts for place in range(account.suspect.start, account.suspect.stop)
    }
    found: dict[str, _Spelling] = {}
    for place, token in enumerate(draft.tokens):
        key = token.key
        if not draft.capitalised[place] or key in lexicon.words or key in presence.lower:
            continue
        if len(key) < _SHORTEST - 1 or not key.isalpha() or token.is_all_caps:
            continue
        if place in presence.known_at or place in suspected:
            continue
        spelling = found.setdefault(key, _Spelling(key, token.text, _is_listed(reading, key)))
        spelling.places.append(place)
        spelling.sentences.add(draft.sentence(place).start)
        if first := presence.first_name_before(place):
            spelling.firsts.add(first)
        if title := reading.grammar.title_before(place, ())[0]:
            spelling.titles.add(title.casefold().replace(".", ""))
        spelling.is_introduced = spelling.is_introduced or reading.grammar.introduces(place + 1)
    return found


def _is_listed(reading: Reading, key: str) -> bool:
    return key in reading.lexicon.capitalised or key in reading.lexicon.given_names


def _pairs(spellings: dict[str, _Spelling]) -> Iterator[tuple[_Spelling, _Spelling]]:
    """Spellings that are like each other: one letter apart, or of one sound.

    Each is held against the best one that it shares a piece with, so that the cost grows with the words.
    """
    pieces: dict[str, list[_Spelling]] = defaultdict(list)
    for spelling in spellings.values():
        key = spelling.key
        for piece in {key, *(key[:place] + key[place + 1 :] for place in range(1, len(key)))}:
            pieces[piece].append(spelling)
        if len(key) >= _LONG:
            pieces[f" {sound_key(key)}"].append(spelling)
    seen: set[tuple[str, str]] = set()
    for alike in pieces.values():
        if len(alike) > 1:
            first = min(alike, key=_standing)
            for other in alike:
                pair = (first.key, other.key)
                if other is not first and pair not in seen and pair[::-1] not in seen:
                    seen.add(pair)
                    yield first, other


def _standing(spelling: _Spelling) -> tuple[int, bool, bool, int]:
    """What makes a spelling the better one: its count, the dictionary, an introduction, its place."""
    is_named = bool(spelling.firsts or spelling.titles)
    return -len(spelling.places), not spelling.is_listed, not is_named, spelling.places[0]


def _is_one_name(draft: Draft, one: _Spelling, other: _Spelling) -> bool:
    """Whether two spellings may be of one name, and nothing speaks of two."""
    return (
        max(len(one.key), len(other.key)) >= _SHORTEST
        and _is_slip(one.key, other.key)
        and not (one.is_listed and other.is_listed)
        and one.sentences.isdisjoint(other.sentences)
        and not (one.is_introduced and other.is_introduced)
        and not _is_another_person(one, other)
        and not _are_first_names(draft, one, other)
    )


def _is_slip(one: str, other: str) -> bool:
    """Whether two words differ as a slip of one name does, and not as two words of one root do."""
    short, long = sorted((one, other), key=len)
    if short[0] != long[0] or (is_derived(long, short) and long[-1] != long[-2]):
        return False
    distance = OSA.distance(one, other)
    if distance > 1 and (distance > 2 or sound_key(one) != sound_key(other) or len(short) < _LONG):
        return False
    if distance > 1 and short[-1] != long[-1] and not {short[-1], long[-1]} <= {"i", "y"}:
        return False  # Rutoceratidae and Rutoceratoidea: two words of one root
    if len(short) == len(long) and distance == 1 and short[:-1] == long[:-1]:
        return False  # Rosario and Rosaria, Peloso and Pelosi: another gender, number or name
    is_longer_by_ending = long[:-1] == short and long[-1] != short[-1]
    return not is_longer_by_ending


def _is_another_person(one: _Spelling, other: _Spelling) -> bool:
    """Whether first names or titles tell two people apart."""
    if one.firsts and other.firsts and not any(is_like_any(first, other.firsts) for first in one.firsts):
        return True
    if (one.titles & _MEN and other.titles & _WOMEN) or (one.titles & _WOMEN and other.titles & _MEN):
        return True
    neutral = _MEN | _WOMEN
    own, others = one.titles - neutral, other.titles - neutral
    return bool(own and others and own.isdisjoint(others))


def _are_first_names(draft: Draft, one: _Spelling, other: _Spelling) -> bool:
    """Whether both stand before capitalised words, and before different ones: two first names."""
    after = [
        {draft.words[place + 1] for place in spelling.places if _has_name_behind(draft, place)}
        for spelling in (one, other)
    ]
    return bool(after[0] and after[1] and after[0].isdisjoint(after[1]))


def _has_name_behind(draft: Draft, place: int) -> bool:
    behind = place + 1
    return (
        behind < len(draft.tokens)
        and not draft.begins_sentence(behind)
        and draft.tokens[behind].is_capitalised
        and draft.text[draft.tokens[place].end : draft.tokens[behind].start].isspace()
    )


def _findings(reading: Reading, better: _Spelling, worse: _Spelling) -> Iterator[Finding]:
    """A finding at each place of the worse spelling; an editor is asked where nothing settles it."""
    counts = len(better.places), len(worse.places)
    asks = (
        _standing(better)[:3] == _standing(worse)[:3]
        or _HOLDS_ON <= counts[1] > counts[0] / _HOLDS_ON
        or (worse.is_listed and not better.is_listed)
        or bool(worse.firsts and not better.firsts)
    )
    said = f"{better.text} stands in the draft {times(counts[0])}, {worse.text} {times(counts[1])}"
    for place in worse.places:
        if place not in reading.quoted:
            yield finding_at(
                ID,
                reading.draft,
                range(place, place + 1),
                f"two spellings of a name that is in no registry: {said}",
                replacement=None if asks else better.text,
                applicability=Applicability.DISPLAY if asks else Applicability.UNSAFE,
                score=0.5 if asks else 0.6 + 0.3 * (counts[0] - counts[1]) / (counts[0] + counts[1]),
            )
