"""Links and comparisons of names, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from normalizer.model import Candidate, Comparison, Decision, Evidence, Link
from normalizer.report.checked import Style
from normalizer.report.visible import shortened, visible

_COLORS: Final = {Decision.MATCH: 32, Decision.REVIEW: 33, Decision.NIL: 2}
_NAME_COLUMNS: Final = 60


def link_text(name: str, link: Link, limit: int, style: Style) -> str:
    """A linked name: the decision, then the candidates that matter for it, a line each.

    Args:
        name: The name as it was given.
        link: The answer.
        limit: Most candidates to show; only the first of a match is shown.
        style: How it may look.
    """
    decision = style.paint(f"{link.decision.value:<6}", _COLORS[link.decision])
    asked = shortened(name, _NAME_COLUMNS)
    if link.entity is not None:
        return f"{decision}  {asked} → {_candidate_text(link.candidates[0], style)}\n"
    near = [candidate for candidate in link.candidates[:limit] if candidate.score >= WORTH_SHOWING]
    remark = (
        {True: "  nobody we know", False: "  near, but too far:"} if link.decision is Decision.NIL else {}
    )
    head = f"{decision}  {asked}{remark.get(not near, '')}\n"
    return head + "".join(f"          {_candidate_text(candidate, style)}\n" for candidate in near)


WORTH_SHOWING: Final = 0.5
"""Score from which a candidate is shown to people; programs get those below it, too."""


def comparison_text(first: str, second: str, comparison: Comparison, decision: Decision, style: Style) -> str:
    """Two compared names: decision and score, then the evidence, a line each."""
    names = f"{shortened(first, _NAME_COLUMNS)} ~ {shortened(second, _NAME_COLUMNS)}"
    word = style.paint(f"{decision.value:<6}", _COLORS[decision])
    head = f"{word}  {comparison.score:.4f}  {names}".rstrip() + "\n"
    return head + "".join(f"          {line}\n" for line in evidence_lines(comparison.evidence))


def evidence_lines(evidence: Iterable[Evidence]) -> list[str]:
    """Evidence as aligned lines: what was looked at, how much of it there was, what it counts for."""
    return [
        f"{item.feature:<16} {item.value:6.2f}  weight {item.weight:+.2f}  {_parts(item)}".rstrip()
        for item in evidence
    ]


def error_text(place: str, message: str) -> str:
    """What could not be answered, and why.

    Args:
        place: Where it stands ("line 8"); may be empty.
        message: What is wrong with it.
    """
    return f"error   {f'{place}: ' if place else ''}{visible(message)}\n"


def _candidate_text(candidate: Candidate, style: Style) -> str:
    entity, alias = candidate.entity, candidate.alias
    through = f', by "{visible(alias.name)}"' if alias.name != entity.name else ""
    remark = f"({visible(entity.id)}, {candidate.score:.4f}{through})"
    return f"{visible(entity.name)}  {style.paint(remark, 2)}"


def _parts(item: Evidence) -> str:
    query, name = shortened(item.query, 40), shortened(item.name, 40)
    return f"{query} ~ {name}" if query and name else query or name
