"""Which fixes may go in by themselves: those that the draft speaks for, and nothing speaks against.

A wrong replacement in print is worse than a missed one. Probability is not enough: two people may differ in
one letter and stand in one draft. So a spelling that is somebody's name is mended unseen only behind the
entity's own title and first name; one that is nobody's is, where the draft shows whom it means.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from string import ascii_lowercase
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.doubts import Doubts
from normalizer.checker.draft import Draft
from normalizer.checker.grammar import WHEREABOUTS, Grammar
from normalizer.checker.known import SMALL_WORDS
from normalizer.checker.presence import Presence
from normalizer.checker.suspects import Suspect, is_respelled, words_of
from normalizer.lexicon import Lexicon
from normalizer.model import Candidate, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.sound import sound_key

SAFE_FROM: Final = 0.87
"""Probability from which a fix may be safe."""
SAFE_FROM_SHORT: Final = 0.965
"""The same for a word of fewer than `_LONG` letters: short words of other languages and brands are many."""
SAFE_FROM_SLIP: Final = 0.8
"""The same for what can only be a slip in a longer name."""
_LONG: Final = 6
_TELLING: Final = 3
"""Letters from which a right word says whose name it is in."""
_SPEAKS: Final = frozenset({"right-form", "own-title"})
"""Evidence of the draft; without it only a slip in a longer name is safe: likeness puts nobody into print."""
_FORBIDS: Final = frozenset(
    {"other-person", "derived", "given-name", "first-letter", "short", "apposition", "longer-name"}
)
"""Evidence with which no fix is safe."""
_IN_FULL: Final = frozenset({"full-name", "own-first-name"})
"""Evidence of a longer name whose other words are right."""
_IS_SOMEBODYS: Final = frozenset({"english-word", "dictionary-name", "known-name"})
"""Evidence with which only a surname behind the entity's own title and first name is safe to mend."""
_NEVER_CONFUSED: Final = frozenset({"ai", "eo", "io", "iu", "eu"})
"""Vowels that no two transcriptions write for one another (chosen from those of Arabic and Russian)."""


class Safety:
    """Judges the fixes of one draft.

    Args:
        draft: The draft.
        presence: What it holds.
        grammar: Its words read as English.
        suspects: All suspects of it.
        held: How many names of the registry hold a word.
    """

    def __init__(
        self,
        draft: Draft,
        presence: Presence,
        grammar: Grammar,
        suspects: Sequence[Suspect],
        held: Callable[[str], int],
    ) -> None:
        self._draft, self._presence, self._held = draft, presence, held
        self._lexicon: Lexicon = grammar.lexicon
        self._doubts = Doubts(draft, presence, grammar, suspects)

    def is_safe(
        self, suspect: Suspect, candidate: Candidate, probability: float, evidence: Sequence[Evidence]
    ) -> bool:
        """Whether the fix of a suspect, taken for a candidate who has no rival, may go in by itself."""
        features = {item.feature for item in evidence}
        if features & _FORBIDS:
            return False
        is_titled, is_in_full = "own-title" in features, bool(features & _IN_FULL)
        is_certain = is_titled and is_in_full and self._is_surname_alone(suspect, candidate)
        is_slip = (is_in_full or self._is_long_of_things(suspect, candidate)) and self._is_slip(
            suspect, candidate, features
        )
        is_carried = suspect.size == 1 and self._is_mended_in_full(suspect, candidate)
        is_plain = suspect.size == 1 and self._is_plain_slip(suspect, candidate, features)
        if probability < self._least(suspect, is_slip) and not is_plain:
            return False
        if features & _IS_SOMEBODYS and not (is_certain or (is_carried and "english-word" not in features)):
            return False
        is_sure = is_certain or is_slip or is_carried or self._is_long_slip(suspect, candidate)
        if self._doubts.any(suspect, candidate, is_sure, is_certain):
            return False
        if is_certain or is_slip or is_carried or is_plain:
            return True
        return bool(features & _SPEAKS) and self._is_one_word(suspect) and self._is_near(candidate)

    def _least(self, suspect: Suspect, is_slip: bool) -> float:
        """The probability that a fix needs."""
        if is_slip:
            return SAFE_FROM_SLIP
        is_short = any(len(self._draft.words[place]) < _LONG for place in suspect.odd)
        return SAFE_FROM_SHORT if is_short else SAFE_FROM

    def _is_long_of_things(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the wrong words in the name of a place or organization are all long."""
        return candidate.entity.type is not EntityType.PERSON and all(
            len(self._draft.words[place]) > _LONG for place in suspect.odd
        )

    def _is_one_word(self, suspect: Suspect) -> bool:
        """Whether a name has one word but for particles (von der Leyen)."""
        words = self._draft.words[suspect.start : suspect.stop]
        return sum(word not in SMALL_WORDS for word in words) == 1

    def _is_surname_alone(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether all is right of a person's name but the surname."""
        is_person = candidate.entity.type is EntityType.PERSON
        return is_person and (suspect.size == 1 or not self._differs_in_given_name(suspect))

    def _is_mended_in_full(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the same spelling is mended in the entity's full name elsewhere in the draft."""
        mended = self._presence.mended.get(candidate.entity.id, ())
        return all(self._draft.words[place] in mended for place in suspect.odd)

    def _is_near(self, candidate: Candidate) -> bool:
        """Whether each wrong word is one slip from the right one, or two in a long word of one sound."""
        return all(
            (distance := OSA.distance(item.query, item.name)) == 1
            or (distance == 2 and len(item.name) > _LONG and sound_key(item.query) == sound_key(item.name))
            for item in candidate.evidence
            if is_respelled(item)
        )

    def _is_long_slip(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a long word that is nobody's stands alone, and the right name in full elsewhere."""
        word = self._draft.words[suspect.start]
        return (
            suspect.size == 1
            and len(word) >= _LONG + 2
            and self._presence.is_named_in_full(candidate.entity.id, suspect)
            and self._is_nobodys(word)
        )

    def _is_plain_slip(self, suspect: Suspect, candidate: Candidate, features: Collection[str]) -> bool:
        """Whether a long word alone can only be a slip for a word that the dictionary knows.

        It is nobody's name, no other word is as near, and it has two letters changed about (Congerss), or
        stands where places stand and is no other way to write the place (in Europpe, in Vitginia).
        """
        if candidate.entity.type is EntityType.PERSON or len(fold(candidate.alias.name)) < _LONG:
            return False
        query, name = self._draft.words[suspect.start], fold(candidate.alias.name)
        lexicon = self._lexicon
        if len(query) < _LONG or not (name in lexicon.words or name in lexicon.capitalised):
            return False
        if OSA.distance(query, name) != 1 or not self._is_nobodys(query):
            return False
        if any(
            other != name and (other in lexicon.words or other in lexicon.capitalised)
            for other in _slips(query)
        ):
            return False
        is_swapped = len(query) == len(name) and sorted(query) == sorted(name)
        if is_swapped and len(query) > _LONG:
            return True
        before = self._draft.words[suspect.start - 1] if suspect.start else ""
        is_there = before in WHEREABOUTS or "joined" in features
        is_place = candidate.entity.type is EntityType.PLACE and is_there
        if not is_place or len(query) == _LONG:
            return is_place and is_swapped
        return _is_doubled(query, name) or not _may_be_respelled(query, name)

    def _is_slip(self, suspect: Suspect, candidate: Candidate, features: Collection[str]) -> bool:
        """Whether the wrong words of a longer name can only be slips: the rest says whose name it is.

        They are nobody's name, one letter off, and are what is right in a word that the dictionary knows
        (Univursity of Leeds), or of a person.
        """
        own = words_of(candidate.entity)
        pairs = [item for item in candidate.evidence if is_respelled(item) and item.query not in own]
        if not pairs or not all(
            OSA.distance(item.query, item.name) == 1 and self._is_nobodys(item.query) for item in pairs
        ):
            return False
        words = self._draft.words
        first = suspect.start - (suspect.size == 1)
        rest = [words[p] for p in range(first, suspect.stop) if p not in suspect.odd]
        longest = max((len(word) for word in rest if word not in SMALL_WORDS), default=0)
        if candidate.entity.type is not EntityType.PERSON:
            is_seen = "right-form" in features
            return longest >= _TELLING and all(self._is_slip_of_a_word(item, rest, is_seen) for item in pairs)
        is_named = self._presence.is_named_in_full(candidate.entity.id, suspect)
        if self._differs_in_given_name(suspect):
            return longest >= _TELLING and all(
                self._is_word(item.name) or self._is_slip_of_given_name(item, features, is_named)
                for item in pairs
            )
        return all(self._is_slip_of_surname(item, longest, is_named) for item in pairs)

    def _is_slip_of_surname(self, item: Evidence, longest: int, is_named: bool) -> bool:
        """Whether a word can only be a slip for a surname behind the right first name.

        So is one whose letter no other way to write the name would change (Alexander Lukashenka may be
        right), one letter written double (Courtoiss), or any slip where the right full name stands in the
        draft, too. What is right must tell: of Xi Jinping and Xi Jinpeng one is not the other's slip.
        """
        if longest < _TELLING or (longest == _TELLING and len(item.query) < _LONG):
            return False
        is_respelling = _may_be_respelled(item.query, item.name)
        if _is_doubled(item.query, item.name) or (is_named and not is_respelling):
            return len(item.query) >= _LONG - 1
        return len(item.query) >= _LONG and (is_named or (longest > _TELLING and not is_respelling))

    def _is_slip_of_given_name(self, item: Evidence, features: Collection[str], is_named: bool) -> bool:
        """Whether a word that is nobody's given name can only be a slip for the one before a surname."""
        is_doubled = _is_doubled(item.query, item.name)
        if _may_be_respelled(item.query, item.name) and not is_doubled:
            return False
        is_backed = is_named or "own-title" in features
        return len(item.query) >= (_TELLING + 1 if is_backed else _LONG if is_doubled else _LONG + 2)

    def _is_slip_of_a_word(self, item: Evidence, rest: Sequence[str], is_seen: bool) -> bool:
        """Whether a word in the name of a place or organization can only be a slip.

        It is one for a word of the dictionary, or the other words tell what is named (Westchester Knickz).
        """
        length = len(item.query)
        if self._is_word(item.name):
            return length > _TELLING
        if item.name in self._lexicon.capitalised:
            return length > _TELLING + (not is_seen)
        tells = any(len(word) > _TELLING and word.isalpha() and not self._is_word(word) for word in rest)
        return tells and length >= _LONG

    def _is_word(self, word: str) -> bool:
        return word in self._lexicon.words

    def _is_nobodys(self, word: str) -> bool:
        """Whether a word is none of English, and no name that the lists or the registry know."""
        return not (
            word in self._lexicon.words
            or word in self._presence.lower
            or self._lexicon.is_somebodys(word)
            or self._held(word)
        )

    def _differs_in_given_name(self, suspect: Suspect) -> bool:
        """Whether the last word of a name is right and another is not: a namesake has another first name."""
        return suspect.size > 1 and suspect.stop - 1 not in suspect.odd


def _slips(word: str) -> Iterator[str]:
    """All words that are one letter, or two changed about, from a word."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        yield head + tail[1:]
        yield head + tail[1:2] + tail[:1] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail
            yield head + letter + tail[1:]


def _is_doubled(query: str, name: str) -> bool:
    """Whether a word is another with one letter written twice, or once for twice."""
    short, long = sorted((query, name), key=len)
    return len(long) - len(short) == 1 and any(
        long[at] == long[at + 1] and long[:at] + long[at + 1 :] == short for at in range(len(short))
    )


def _may_be_respelled(first: str, second: str) -> bool:
    """Whether two words one letter apart may be two ways to write one name.

    They sound alike, and do not differ in vowels that no transliteration confuses.

    >>> _may_be_respelled("lukashenka", "lukashenko"), _may_be_respelled("archabald", "archibald")
    (True, False)
    """
    if sound_key(first) != sound_key(second):
        return False
    differing = {pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]}
    if len(first) != len(second) or len(differing) != 1:
        return True
    return "".join(sorted(differing.pop())) not in _NEVER_CONFUSED
