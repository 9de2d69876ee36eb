"""Which fixes may go in by themselves: those that the draft speaks for, and nothing speaks against.

A wrong replacement in print is worse than a missed one. Probability is not enough: two people may differ in
one letter and stand in one draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.checker.presence import Presence
from normalizer.checker.suspects import Suspect
from normalizer.compare.likeness import RESPELLED, plain_likeness
from normalizer.model import Candidate, EntityType, Evidence
from normalizer.text.folding import fold
from normalizer.text.gaps import Gap

SAFE_FROM: Final = 0.965
"""Probability from which a fix may be safe."""
_SPEAKS: Final = frozenset({"right-form", "own-title"})
"""Evidence of the draft without which no fix is safe: likeness alone puts nobody into print."""
_FORBIDS: Final = frozenset(
    {
        "english-word", "dictionary-name", "other-person", "derived", "given-name", "first-letter", "short",
        "apposition", "longer-name",
    }
)  # fmt: skip
"""Evidence with which no fix is safe."""


class Safety:
    """Judges the fixes of one draft.

    Args:
        draft: The draft.
        presence: What it holds.
        suspects: All suspects of it: a surname that is wrong beside a right first name, while the right
            full name stands there too, may be a second person's wherever it stands.
    """

    def __init__(self, draft: Draft, presence: Presence, suspects: Iterable[Suspect]) -> None:
        self._draft, self._presence = draft, presence
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
        return bool(
            probability >= SAFE_FROM
            and features & _SPEAKS
            and not features & _FORBIDS
            and ("own-title" in features or not self._is_far(suspect, candidate))
            and not self._differs_in_given_name(suspect, candidate)
            and not self._stands_by_itself(suspect, candidate)
            and not self._runs_on(suspect)
        )

    def _is_second_full_name(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a person's right full name stands in the draft beside this one: maybe two people."""
        is_person = candidate.entity.type is EntityType.PERSON
        return (
            is_person and suspect.size > 1 and self._presence.is_named_in_full(candidate.entity.id, suspect)
        )

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

    def _stands_by_itself(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the spelling may be a name of its own.

        It begins otherwise, the draft holds on to it, or it is the surname of a second full name.
        """
        words = [self._draft.words[place] for place in suspect.odd]
        if suspect.size == 1 and words[0][0] != fold(candidate.alias.name)[0]:
            return True
        return any(self._presence.count(word) > 2 or word in self._second_persons for word in words)

    def _runs_on(self, suspect: Suspect) -> bool:
        """Whether a capitalised word behind it may belong to the name (Stollenberg Castle)."""
        stop = suspect.stop
        if stop >= len(self._draft.tokens) or self._draft.gaps[stop] is not Gap.SPACE:
            return False
        after = self._draft.tokens[stop]
        return after.is_capitalised and not after.is_all_caps and not self._draft.tokens[stop - 1].suffix
