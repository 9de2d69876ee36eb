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
            if draft.findings:
                return draft, 0
        return None

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
