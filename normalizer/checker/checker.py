"""The checker: one draft in, its findings out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from normalizer.checker.reading import Reading
from normalizer.checker.rules import RULES
from normalizer.checker.scoping import Judgement
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import Document, Finding
from normalizer.rulebook import DEFAULT_RULES, Rules


class Checker:
    """Finds the wrong names of drafts.

    Args:
        matcher: Links the names; it holds the registry's forms.
        lexicon: What is known of English.
        without: Pieces of evidence to leave out, for measurements (see `checker.evidence.WEIGHTS`).
    """

    def __init__(self, matcher: Matcher, lexicon: Lexicon, without: Collection[str] = ()) -> None:
        self._matcher, self._lexicon, self._without = matcher, lexicon, frozenset(without)

    def check(self, document: Document, rules: Rules = DEFAULT_RULES) -> list[Finding]:
        """Check a draft.

        Args:
            document: The draft.
            rules: Which rules count, and at which level.

        Returns:
            Findings in order of their places, without those that the document's scope leaves out. No two
            overlap: of those that would, that of the first rule of the rulebook is kept.
        """
        reading = Reading(document, self._matcher, self._lexicon, self._without)
        judgement = Judgement(reading)
        findings: list[Finding] = []
        taken: set[int] = set()
        for rule, level in rules.levels:
            for found in RULES[rule](reading):
                places = range(found.span.start, found.span.end)
                is_right = found.fix.replacement == document.read(found.span.start, found.span.end)
                finding = None if is_right else judgement.of(replace(found, level=level))
                if finding is not None and taken.isdisjoint(places):
                    taken.update(places)
                    findings.append(finding)
        return sorted(findings, key=lambda finding: (finding.span.start, finding.span.end, finding.rule))
