"""A candidate while it is weighed."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp

from normalizer.compare import KeyComparison
from normalizer.model import Alias, Candidate, Entity, Evidence


@dataclass(slots=True)
class Choice:
    """An entity that a mention may mean, by one of its forms.

    Attributes:
        entity: The entity.
        alias: Its form.
        evidence: What is known beside the comparison.
        is_held_back: Whether something is known for which it is never a match.
        odds: Log-odds against nobody, for a form that is only like the mention.
        is_latin: Whether its form folds to Latin letters.
        comparison: How the form and the mention compare, if they are not equal.
        gained: Log-odds that the context adds.
        score: The probability, when all choices have been weighed.
    """

    entity: Entity
    alias: Alias
    evidence: list[Evidence] = field(default_factory=list)
    is_held_back: bool = False
    odds: float = 0.0
    is_latin: bool = True
    comparison: KeyComparison | None = None
    gained: float = 0.0
    score: float = 0.0

    @property
    def gain(self) -> float:
        """What the context multiplies the odds by."""
        return exp(self.gained)

    def candidate(self) -> Candidate:
        """The choice as it is handed out, with its evidence in words of the comparison."""
        compared = self.comparison.evidence() if self.comparison is not None else ()
        return Candidate(self.entity, self.alias, self.score, (*compared, *self.evidence))
