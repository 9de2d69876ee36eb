"""Which fixes may go in by themselves: those that the draft speaks for, and nothing speaks against.

A wrong replacement in print is worse than a missed one. Probability is not enough: two people may differ in
one letter and stand in one draft. So a spelling that is somebody's name is never mended unseen; one that is
nobody's is, where the draft shows whom it means.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.checker.draft import Draft
from normalizer.checker.known import SMALL_WORDS
from normalizer.checker.presence import Presence
from normalizer.checker.suspects import Suspect, is_respelled
from normalizer.compare.likeness import RESPELLED, plain_likeness
from normalizer.lexicon import Lexicon
from normalizer.model import Candidate, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.gaps import STARTS, Gap
from normalizer.text.sound import sound_key

SAFE_FROM: Final = 0.87
"""Probability from which a fix may be safe."""
SAFE_FROM_SHORT: Final = 0.965
"""The same for a word of fewer than `_LONG` letters: short words of other languages and brands are many."""
_LONG: Final = 6
_SPEAKS: Final = frozenset({"right-form", "own-title"})
"""Evidence of the draft; without it only a slip in a longer name is safe: likeness puts nobody into print."""
_FORBIDS: Final = frozenset(
    {
        "english-word", "other-person", "derived", "given-name", "first-letter", "short", "apposition",
        "longer-name",
    }
)  # fmt: skip
"""Evidence with which no fix is safe."""
_IS_SOMEBODYS: Final = frozenset({"dictionary-name", "known-name"})
"""Evidence with which only a surname behind the entity's own title and first name is safe to mend."""
_NEVER_CONFUSED: Final = frozenset({"ai", "eo", "io", "iu", "eu"})
"""Vowels that no two transcriptions write for one another (chosen from those of Arabic and Russian)."""
_JOINING: Final = frozenset({"or", "and", "not", "nor", "but"})
"""Words between two spellings that a text holds against each other."""
_RECURS: Final = 3
"""How often a spelling stands in a draft that seems to hold on to it."""


class Safety:
    """Judges the fixes of one draft.

    Args:
        draft: The draft.
        presence: What it holds.
        lexicon: What is known of English.
        suspects: All suspects of it: a surname that is wrong beside a right first name, while the right
            full name stands there too, may be a second person's wherever it stands.
    """

    def __init__(
        self, draft: Draft, presence: Presence, lexicon: Lexicon, suspects: Sequence[Suspect]
    ) -> None:
        self._draft, self._presence, self._words = draft, presence, lexicon.words
        self._suspected = {
            place: suspect.candidates[0].entity.id
            for suspect in suspects
            for place in range(suspect.start, suspect.stop)
        }
        self._second_persons = {
            draft.words[place]
            for suspect in suspects
            if any(self._is_second_full_name(suspect, candidate) for candidate in suspect.candidates)
            for place in suspect.odd
        }

    def is_safe(
        self, suspect: Suspect, candidate: Candidate, probability: float, evidence: Sequence[Evidence]
    ) -> bool:
        """Whether the fix of a suspect, taken for a candidate who has no rival, may go in by itself."""
        features = {item.feature for item in evidence}
        is_titled = "own-title" in features
        is_slip = "full-name" in features and self._is_slip(suspect, candidate)
        is_short = any(len(self._draft.words[place]) < _LONG for place in suspect.odd) and not is_slip
        if probability < (SAFE_FROM_SHORT if is_short else SAFE_FROM) or features & _FORBIDS:
            return False
        if features & _IS_SOMEBODYS and not (is_titled and "full-name" in features):
            return False
        if (
            self._differs_in_given_name(suspect, candidate)
            or self._stands_by_itself(suspect, candidate, is_titled or is_slip)
            or self._runs_on(suspect)
            or self._is_held_against_another(suspect, candidate)
        ):
            return False
        if not features & _SPEAKS:
            return is_slip
        return is_titled or not self._is_far(suspect, candidate)

    def _is_slip(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the wrong words of a longer name can only be slips: the rest says whose name it is.

        They stand for English words (Univursity of Leeds), or are one letter off that no other way to write
        the name would change: Alexander Lukashenka may be right. What is right must tell: of Xi Jinping and
        Xi Jinpeng one is not the other's slip.
        """
        rest = [self._draft.words[p] for p in range(suspect.start, suspect.stop) if p not in suspect.odd]
        return max(map(len, rest), default=0) >= 4 and all(
            item.name in self._words
            or (
                OSA.distance(item.query, item.name) == 1
                and len(item.query) >= _LONG
                and not _may_be_respelled(item.query, item.name)
            )
            for item in candidate.evidence
            if is_respelled(item)
        )

    def _is_second_full_name(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a person's right full name stands in the draft beside this one: maybe two people."""
        if candidate.entity.type is not EntityType.PERSON:
            return False
        size = sum(self._draft.words[p] not in SMALL_WORDS for p in range(suspect.start, suspect.stop))
        return size > 1 and self._presence.is_named_in_full(candidate.entity.id, suspect)

    def _differs_in_given_name(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a person's surname is right and the rest is not: a namesake has another first name."""
        if candidate.entity.type is not EntityType.PERSON or suspect.size == 1:
            return False
        return suspect.stop - 1 not in suspect.odd

    def _is_far(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a full name differs so in one word that it may be another's (James Comer, James Comey)."""
        if candidate.entity.type is not EntityType.PERSON or suspect.size == 1:
            return False
        return any(
            plain_likeness(item.query, item.name) < 0.85
            for item in candidate.evidence
            if item.feature in RESPELLED
        )

    def _stands_by_itself(self, suspect: Suspect, candidate: Candidate, is_sure: bool) -> bool:
        """Whether the spelling may be a name of its own.

        It begins otherwise, the draft holds on to it and writes the right form less often, or it is the
        surname of a second full name that neither bears the entity's title nor can only be a slip.

        Args:
            suspect: The words.
            candidate: Whose name they are taken for.
            is_sure: Whether a title or the rest of the name says that nobody else is meant.
        """
        words = [self._draft.words[place] for place in suspect.odd]
        if suspect.size == 1 and words[0][0] != fold(candidate.alias.name)[0]:
            return True
        right = self._presence.sightings(candidate.entity.id)
        return any(
            ((count := self._presence.count(word)) >= _RECURS and right < count)
            or (word in self._second_persons and not is_sure)
            for word in words
        )

    def _is_held_against_another(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the same name stands beside it in another spelling: then the text is about spellings.

        As in "Lukaschenko, Lukashenka, Lukashenko" and "Blinken, not Blinkon".
        """
        own = {self._draft.words[place] for place in suspect.odd}
        sides = ((suspect.start, -1), (suspect.stop, 1))
        return any(self._is_named_beside(place, step, candidate, own) for place, step in sides)

    def _is_named_beside(self, place: int, step: int, candidate: Candidate, own: Collection[str]) -> bool:
        """Whether the neighbour before (-1) or behind (1) a place is the same name, parted and not alike."""
        words, gaps = self._draft.words, self._draft.gaps
        beside = place - 1 if step < 0 else place
        is_parted = 0 <= beside < len(words) and gaps[place] in (Gap.COMMA, Gap.OTHER)
        if 0 <= beside < len(words) and words[beside] in _JOINING and gaps[place] not in STARTS:
            place, beside, is_parted = place + step, beside + step, True
        if not (is_parted and 0 <= beside < len(words)) or gaps[place] in STARTS or words[beside] in own:
            return False
        here = self._presence.known_at.get(beside, frozenset())
        return candidate.entity.id in here or self._suspected.get(beside) == candidate.entity.id

    def _runs_on(self, suspect: Suspect) -> bool:
        """Whether a capitalised word behind it may belong to the name (Stollenberg Castle)."""
        stop = suspect.stop
        if suspect.size > 1 and stop - 1 not in suspect.odd:
            return False
        if stop >= len(self._draft.tokens) or self._draft.gaps[stop] is not Gap.SPACE:
            return False
        after = self._draft.tokens[stop]
        return after.is_capitalised and not after.is_all_caps and not self._draft.tokens[stop - 1].suffix


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
