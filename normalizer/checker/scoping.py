"""Findings held against what of a draft is to be judged."""

from __future__ import annotations

from dataclasses import replace

from normalizer.checker.reading import Reading
from normalizer.model import Applicability, Finding, Fix
from normalizer.rulebook import Level
from normalizer.text.scope import Quotes, Stretches


class Judgement:
    """Holds the findings of a draft against its scope.

    Args:
        reading: The draft.
    """

    def __init__(self, reading: Reading) -> None:
        scope = reading.draft.document.scope
        self._accepted, self._quotes = reading.accepted, scope.quotes
        self._ignored = Stretches(scope.ignored)
        self._asked = None if scope.asked is None else Stretches(scope.asked)
        self._quoted = Stretches(()) if scope.quotes is Quotes.CHECK else reading.quotations

    def of(self, finding: Finding) -> Finding | None:
        """A finding as it is to be reported; None if it is not.

        One in a quotation that is only to be told of is of the lowest level, and its fix is never written by
        itself.
        """
        start, end = finding.span.start, finding.span.end
        is_asked = self._asked is None or self._asked.touch(start, end)
        if not is_asked or self._ignored.touch(start, end) or self._accepted.covers(finding.span):
            return None
        if not self._quoted.touch(start, end):
            return finding
        if self._quotes is Quotes.SKIP:
            return None
        return replace(finding, level=Level.INFO, fix=Fix(finding.fix.replacement, Applicability.DISPLAY))
