"""One draft read to the end: known forms, suspects, and the most likely account of each suspect."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from normalizer.checker.draft import Draft, Gap
from normalizer.checker.evidence import Surroundings
from normalizer.checker.known import Known, KnownForms
from normalizer.checker.suspects import Suspect, find_suspects
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import Applicability, Candidate, Document, EntityType, Evidence
from normalizer.text.folding import fold

REPORTED: Final = 0.5
"""Probability from which a suspect is a finding."""
SAFE_FROM: Final = 0.965
"""Probability from which a fix may go in by itself, if the draft itself speaks for it."""
_RIVAL: Final = 0.35
"""Probability from which a second entity makes the first doubtful, if it is no less than half as likely."""
_ROUNDS: Final = 8
_SPEAKS: Final = frozenset({"right-form", "own-title"})
"""Evidence of the draft without which no fix is safe: likeness alone puts nobody into print."""
_INTRODUCES: Final = frozenset({"full-name", "own-title"})
"""Evidence that makes a misspelled name an introduction of its entity."""
_FORBIDS: Final = frozenset(
    {"english-word", "dictionary-name", "other-person", "derived", "given-name", "first-letter", "short"}
)
"""Evidence with which no fix is safe."""


@dataclass(frozen=True, slots=True)
class Account:
    """The most likely reading of a suspect.

    Attributes:
        suspect: The words.
        candidates: Whom they may mean, the most probable first; more than one when they rival.
        probability: That they are the first candidate's name gone wrong.
        evidence: What that rests on.
        applicability: Who may write the fix.
    """

    suspect: Suspect
    candidates: tuple[Candidate, ...]
    probability: float
    evidence: tuple[Evidence, ...]
    applicability: Applicability


class Reading:
    """A draft with everything that rules look at.

    Attributes:
        draft: The words.
        known: The known forms in it.
        accounts: The suspects that are findings, in order; they overlap neither each other nor a right name.
    """

    def __init__(
        self, document: Document, matcher: Matcher, lexicon: Lexicon, without: Collection[str] = ()
    ) -> None:
        self.draft = Draft(document)
        self.lexicon = lexicon
        self.known = KnownForms(self.draft, matcher.index, lexicon)
        self._surroundings = Surroundings(self.draft, self.known, lexicon, without)
        suspects = find_suspects(self.draft, self.known, lexicon, matcher)
        self.accounts = self._account_for(suspects)

    def mentions(self) -> list[Known]:
        """The known forms, in order."""
        return self.known.mentions

    def _account_for(self, suspects: list[Suspect]) -> list[Account]:
        """Weigh the suspects until what the safe fixes put in changes nothing more.

        An entity whose name is safely mended in one place stands in the draft, and so speaks for the other
        places; the rounds make that the same before and after the fixes are written.
        """
        chosen: list[Account] = []
        for _ in range(_ROUNDS):
            chosen = self._choose(
                [account for suspect in suspects if (account := self._weigh(suspect)) is not None]
            )
            news = [
                self._surroundings.take_for_granted(
                    account.suspect,
                    account.candidates[0].entity.id,
                    bool({item.feature for item in account.evidence} & _INTRODUCES),
                    account.applicability is Applicability.SAFE,
                )
                for account in chosen
                if account.applicability is not Applicability.DISPLAY
            ]
            if not any(news):
                break
        return chosen

    def _weigh(self, suspect: Suspect) -> Account | None:
        """The account of one suspect; None when it is likelier something else."""
        weighed = sorted(
            (
                (*self._surroundings.probability(suspect, candidate), candidate)
                for candidate in suspect.candidates
            ),
            key=lambda item: (-item[0], item[2].entity.id),
        )
        probability, evidence, best = weighed[0]
        if probability < REPORTED:
            return None
        rivals = [
            (p, candidate)
            for p, _, candidate in weighed[1:]
            if p >= max(_RIVAL, probability / 2) and candidate.score >= best.score - 0.12
        ]
        features = {item.feature for item in evidence}
        differing = [candidate for _, candidate in rivals if candidate.alias.name != best.alias.name]
        if differing:
            applicability = Applicability.DISPLAY
        elif (
            probability >= SAFE_FROM
            and features & _SPEAKS
            and not features & _FORBIDS
            and not rivals
            and not self._may_be_another(suspect, best)
            and not self._stands_by_itself(suspect, best)
            and not self._runs_on(suspect)
        ):
            applicability = Applicability.SAFE
        else:
            applicability = Applicability.UNSAFE
        candidates = (best, *(candidate for _, candidate in rivals))
        return Account(suspect, candidates, probability, evidence, applicability)

    def _may_be_another(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether a full name differs so in one word that it may be another's (James Comer, James Comey)."""
        if candidate.entity.type is not EntityType.PERSON or suspect.size == 1:
            return False
        spelled = [item.value for item in candidate.evidence if item.feature == "spelling"]
        return any(value < 0.85 for value in spelled)

    def _runs_on(self, suspect: Suspect) -> bool:
        """Whether a capitalised word behind it may belong to the name (Stollenberg Castle)."""
        stop = suspect.stop
        if stop >= len(self.draft.tokens) or self.draft.gaps[stop] is not Gap.SPACE:
            return False
        after = self.draft.tokens[stop]
        return after.is_capitalised and not after.is_all_caps and not self.draft.tokens[stop - 1].suffix

    def _stands_by_itself(self, suspect: Suspect, candidate: Candidate) -> bool:
        """Whether the spelling may be a name of its own: it begins otherwise, or the draft holds on to it."""
        words = [self.draft.words[place] for place in suspect.odd]
        if words[0][0] != fold(candidate.alias.name)[0] and suspect.size == 1:
            return True
        return any(self._surroundings.count(word) > 2 for word in words)

    def _choose(self, accounts: list[Account]) -> list[Account]:
        """Of accounts that overlap the most probable, then the longest."""
        taken: set[int] = set()
        chosen = []
        for account in sorted(
            accounts, key=lambda a: (-round(a.probability, 2), -a.suspect.size, a.suspect.start)
        ):
            places = range(account.suspect.start, account.suspect.stop)
            if taken.isdisjoint(places):
                taken.update(places)
                chosen.append(account)
        return sorted(chosen, key=lambda account: account.suspect.start)
