"""One draft read to the end: known forms, suspects, and the most likely account of each suspect."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from normalizer.checker.accepted import Accepted
from normalizer.checker.draft import Draft
from normalizer.checker.evidence import Surroundings
from normalizer.checker.fixed_phrases import FixedPhrases
from normalizer.checker.grammar import Grammar
from normalizer.checker.known import KnownForms
from normalizer.checker.presence import Presence
from normalizer.checker.quotations import quotations
from normalizer.checker.safety import Safety
from normalizer.checker.suspects import Suspect, find_suspects
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import Applicability, Candidate, Document, Evidence
from normalizer.text.scope import Stretches

REPORTED: Final = 0.5
"""Probability from which a suspect is a finding."""
_RIVAL: Final = 0.35
"""Probability from which a second entity makes the first doubtful, if it is no less than half as likely."""
_ROUNDS: Final = 8
_NEAR: Final = 8
"""Words between a name and what it may be joined to."""
_INTRODUCES: Final = frozenset({"full-name", "own-title"})
"""Evidence that makes a misspelled name an introduction of its entity."""


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
        accepted: The spellings in it that are not to be judged.
        known: The known forms in it.
        grammar: The words read as English.
        presence: Who and what is spoken of in it.
        accounts: The suspects that are findings, in order; they overlap neither each other nor a right name.
    """

    def __init__(
        self, document: Document, matcher: Matcher, lexicon: Lexicon, without: Collection[str] = ()
    ) -> None:
        self.draft = Draft(document)
        self.lexicon = lexicon
        self.known = KnownForms(self.draft, matcher.index, lexicon)
        self.grammar = Grammar(self.draft, lexicon)
        self.presence = Presence(self.draft, self.known, self.grammar)
        self.accepted = Accepted(self.draft, document.scope.accepted)
        suspects = [
            suspect
            for suspect in find_suspects(self.draft, self.known, lexicon, matcher)
            if not self.accepted.covers_words(suspect.start, suspect.stop)
        ]
        self._surroundings = Surroundings(self.draft, self.presence, self.grammar, without)
        self._safety = Safety(self.draft, self.presence, self.grammar, suspects, matcher.index.held)
        self.accounts = self._account_for(suspects)

    @cached_property
    def quotations(self) -> Stretches:
        """The quotations in the source: those by their marks, and those that its format marks."""
        draft = self.draft
        marked = (
            (span.start, span.end)
            for block in draft.blocks
            for start, end in quotations(draft.text, block.start, block.end)
            for span in [draft.in_source(start, end)]
        )
        return Stretches([*marked, *draft.document.scope.quoted])

    @cached_property
    def quoted(self) -> frozenset[int]:
        """The places of the words in quotations."""
        if not self.quotations:
            return frozenset()
        spans = ((place, self.draft.span(place, place + 1)) for place in range(len(self.draft.tokens)))
        return frozenset(place for place, span in spans if self.quotations.touch(span.start, span.end))

    @cached_property
    def fixed_phrases(self) -> FixedPhrases:
        """Where a name stays as it is."""
        return FixedPhrases(self.draft, self.presence, self.lexicon, self.quoted)

    def _account_for(self, suspects: list[Suspect]) -> list[Account]:
        """Weigh the suspects until what the safe fixes put in changes nothing more.

        An entity whose name is safely mended in one place stands in the draft, and so speaks for the other
        places; the rounds make that the same before and after the fixes are written.
        """
        weighed = [self._weigh(suspect) for suspect in suspects]
        chosen: list[Account] = []
        for _ in range(_ROUNDS):
            chosen = self._choose([account for account in weighed if account is not None])
            news = [
                account
                for account in chosen
                if account.applicability is not Applicability.DISPLAY
                and self.presence.take_for_granted(
                    account.suspect,
                    account.candidates[0].entity.id,
                    bool({item.feature for item in account.evidence} & _INTRODUCES),
                    account.applicability is Applicability.SAFE,
                )
            ]
            if not news:
                break
            for at in self._touched(suspects, news):
                weighed[at] = self._weigh(suspects[at])
        return chosen

    def _touched(self, suspects: Sequence[Suspect], news: Sequence[Account]) -> list[int]:
        """The suspects that accounts may speak for or against: of the same entity, or near by."""
        entities = {account.candidates[0].entity.id for account in news}
        near = {
            place
            for account in news
            for place in range(account.suspect.start - _NEAR, account.suspect.stop + _NEAR)
        }
        return [
            at
            for at, suspect in enumerate(suspects)
            if suspect.start in near or any(c.entity.id in entities for c in suspect.candidates)
        ]

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
        if any(candidate.alias.name != best.alias.name for _, candidate in rivals):
            applicability = Applicability.DISPLAY
        elif self._safety.is_safe(suspect, best, probability, evidence):
            applicability = Applicability.SAFE
        else:
            applicability = Applicability.UNSAFE
        candidates = (best, *(candidate for _, candidate in rivals))
        return Account(suspect, candidates, probability, evidence, applicability)

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
