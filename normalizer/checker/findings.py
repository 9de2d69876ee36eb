"""Findings of the rules that look at the draft as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from normalizer.checker.draft import Draft
from normalizer.model import Applicability, Candidate, Finding, Fix
from normalizer.text.case import transfer_case


def finding_at(
    rule: str,
    draft: Draft,
    words: range,
    message: str,
    *,
    replacement: str | None = None,
    applicability: Applicability = Applicability.DISPLAY,
    candidates: Sequence[Candidate] = (),
    score: float = 1.0,
) -> Finding:
    """Make the finding of a stretch of words.

    Args:
        rule: The rule.
        draft: The draft.
        words: The places of the words.
        message: One line for the editor.
        replacement: What is to stand there, in its own capitals; None for a person to decide.
        applicability: Who may write it.
        candidates: Whom the words may mean.
        score: How sure it is.
    """
    surface = draft.surface(words.start, words.stop)
    fix = Fix(None if replacement is None else transfer_case(surface, replacement), applicability)
    span = draft.span(words.start, words.stop)
    return Finding(span, surface, rule, message, tuple(candidates), score, (), fix)


def times(number: int) -> str:
    """How often something stands in the draft, in words."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")
