"""The checker: one draft in, its findings out."""

from __future__ import annotations

from collections.abc import Collection

from normalizer.checker.reading import Reading
from normalizer.checker.rules import RULES
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import Document, Finding


class Checker:
    """Finds the wrong names of drafts.

    Args:
        matcher: Links the names; it holds the registry's forms.
        lexicon: What is known of English.
        without: Pieces of evidence to leave out, for measurements (see `checker.evidence.WEIGHTS`).
    """

    def __init__(self, matcher: Matcher, lexicon: Lexicon, without: Collection[str] = ()) -> None:
        self._matcher, self._lexicon, self._without = matcher, lexicon, frozenset(without)

    def check(self, document: Document) -> list[Finding]:
        """Check a draft.

        Returns:
            Findings in order of their places; a right known form is never among them, and no two overlap.
        """
        reading = Reading(document, self._matcher, self._lexicon, self._without)
        findings = [
            finding
            for rule in RULES.values()
            for finding in rule(reading)
            if finding.fix.replacement != document.read(finding.span.start, finding.span.end)
        ]
        return sorted(findings, key=lambda finding: (finding.span.start, finding.span.end, finding.rule))
