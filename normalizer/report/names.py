"""Links and comparisons of names, for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from normalizer.model import Candidate, Comparison, Decision, Evidence, Link
from normalizer.report.checked import Style
from normalizer.report.reasons import reason
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


WORTH_SHOWING: Final = 0.1
"""Score from which a candidate is shown to people; programs get those below it, too."""


def comparison_text(
    first: str, second: str, comparison: Comparison, decision: Decision, style: Style, explain: bool = False
) -> str:
    """Two compared names: decision, score and a sentence why; or all evidence as a table.

    Args:
        first: The one name as it was given.
        second: The other.
        comparison: How they compare.
        decision: What is made of it.
        style: How it may look.
        explain: Whether the evidence is shown piece by piece.
    """
    names = f"{shortened(first, _NAME_COLUMNS)} ~ {shortened(second, _NAME_COLUMNS)}"
    word = style.paint(f"{decision.value:<6}", _COLORS[decision])
    head = f"{word}  {comparison.score:.4f}  {names}".rstrip() + "\n"
    if explain:
        return head + "".join(f"          {line}\n" for line in evidence_lines(comparison.evidence))
    why = reason(comparison.evidence)
    return head + (f"          {style.paint(why, 2)}\n" if why else "")


def evidence_lines(evidence: Iterable[Evidence]) -> list[str]:
    """Evidence as a small table: what was looked at, how much of it there was, what it counts for."""
    items = list(evidence)
    if not items:
        return []
    return [
        f"{'evidence':<16} {'value':>6} {'weight':>7}  parts",
        *(
            f"{item.feature:<16} {item.value:6.2f} {item.weight:+7.2f}  {_parts(item)}".rstrip()
            for item in items
        ),
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
