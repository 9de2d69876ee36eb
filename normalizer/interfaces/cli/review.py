"""What is decided about the findings of some drafts, one after the other; any decision can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum

from normalizer.model import Document, Finding


class Outcome(Enum):
    """What becomes of a finding."""

    WRITE = "write"
    LEAVE = "leave"
    ACCEPT = "accept"
    ACCEPT_EVERYWHERE = "accept everywhere"


@dataclass(slots=True)
class ReviewedDraft:
    """A draft whose findings are decided about.

    Attributes:
        document: The draft as read.
        data: The bytes it was read from.
        findings: What was found in it, in order of place.
        outcomes: What was decided about each; None as long as nothing was.
    """

    document: Document
    data: bytes
    findings: list[Finding]
    outcomes: list[Outcome | None] = field(init=False)

    def __post_init__(self) -> None:
        self.outcomes = [None] * len(self.findings)

    @property
    def chosen(self) -> list[Finding]:
        """The findings whose fixes are to be written."""
        return [
            finding
            for finding, outcome in zip(self.findings, self.outcomes, strict=True)
            if outcome is Outcome.WRITE
        ]

    @property
    def left(self) -> list[Finding]:
        """The findings that are neither to be fixed nor accepted."""
        return [
            finding
            for finding, outcome in zip(self.findings, self.outcomes, strict=True)
            if outcome in (None, Outcome.LEAVE)
        ]

    def corrected(self) -> Document:
        """The draft with what was chosen written into it."""
        return self.document.with_fixes(self.chosen)


class Review:
    """Walks through the findings of drafts that come one by one.

    Args:
        drafts: The drafts; the next one is taken when all of the last are decided.

    Attributes:
        drafts: Those that were taken.
    """

    def __init__(self, drafts: Iterable[ReviewedDraft]) -> None:
        self.drafts: list[ReviewedDraft] = []
        self._coming = iter(drafts)
        self._done: list[list[tuple[ReviewedDraft, int]]] = []

    def current(self) -> tuple[ReviewedDraft, int] | None:
        """The first finding that is not decided, as its draft and number; None at the end."""
        for draft in self.drafts:
            if None in draft.outcomes:
                return draft, draft.outcomes.index(None)
        for draft in self._coming:
            self.drafts.append(draft)
            self._accept_again(draft)
            if None in draft.outcomes:
                return draft, draft.outcomes.index(None)
        return None

    def accepted_everywhere(self) -> list[str]:
        """The spellings that were accepted for all drafts, in the order they were met."""
        return list(
            dict.fromkeys(
                finding.surface
                for draft in self.drafts
                for finding, outcome in zip(draft.findings, draft.outcomes, strict=True)
                if outcome is Outcome.ACCEPT_EVERYWHERE
            )
        )

    def _accept_again(self, draft: ReviewedDraft) -> None:
        """Decide in a new draft what was accepted for all; that is taken back with the first decision."""
        for group in self._done:
            first, at = group[0]
            if first.outcomes[at] is Outcome.ACCEPT_EVERYWHERE:
                surface = first.findings[at].surface
                for number, finding in enumerate(draft.findings):
                    if finding.surface == surface:
                        draft.outcomes[number] = Outcome.ACCEPT_EVERYWHERE
                        group.append((draft, number))

    def decide(self, outcome: Outcome, among: Callable[[Finding], bool] | None = None) -> int:
        """Decide about the current finding, or about all of its draft that are like it and open.

        Args:
            outcome: What becomes of them.
            among: Which findings are like it; only the current one if not given.

        Returns:
            How many were decided.
        """
        current = self.current()
        if current is None:
            return 0
        draft, at = current
        numbers = [at] if among is None else self.open_like(draft, among)
        for number in numbers:
            draft.outcomes[number] = outcome
        self._done.append([(draft, number) for number in numbers])
        return len(numbers)

    def undo(self) -> bool:
        """Take the last decision back; False if there is none."""
        if not self._done:
            return False
        for draft, number in self._done.pop():
            draft.outcomes[number] = None
        return True

    @staticmethod
    def open_like(draft: ReviewedDraft, among: Callable[[Finding], bool]) -> list[int]:
        """The numbers of a draft's findings that are not decided and of a kind."""
        return [
            number
            for number, (finding, outcome) in enumerate(zip(draft.findings, draft.outcomes, strict=True))
            if outcome is None and among(finding)
        ]
