"""A draft's findings by entity, and by what they say, for the reports that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from normalizer.model import Applicability, Document, Entity, Finding
from normalizer.report.checked import CheckedDraft
from normalizer.report.visible import Excerpt, excerpt, visible
from normalizer.text.markup import Readable
from normalizer.text.places import LineMap

_MOST_NAMES = 3
"""Names in a heading; of more the rest is not said."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its place.

    Attributes:
        finding: The finding.
        line: Its line in the source, from 1.
        column: Its column there, from 1, in code points.
        label: Its place for people, visible: line and column, or paragraph and column.
    """

    finding: Finding
    line: int
    column: int
    label: str


@dataclass(frozen=True, slots=True)
class Change:
    """Findings that say the same: one spelling under one rule, and what would be written instead.

    Attributes:
        rule: The rule.
        surface: The spelling, visible.
        replacement: What would be written, visible; None where only a person can decide.
        applicability: Who may write it.
        places: The findings, in order.
    """

    rule: str
    surface: str
    replacement: str | None
    applicability: Applicability
    places: list[Placed]


@dataclass(frozen=True, slots=True)
class Group:
    """What is wrong about one entity, or about those of whom one is meant.

    Attributes:
        heading: Whom it is about: canonical names, and nothing that may be out of date.
        changes: What would be changed, in order of the first place.
    """

    heading: str
    changes: list[Change]


def applicability(finding: Finding) -> Applicability:
    """Who may write a fix; nobody where there is none."""
    return finding.fix.applicability if finding.fix.replacement is not None else Applicability.DISPLAY


def counted(draft: CheckedDraft) -> Counter[Applicability]:
    """How many findings there are of each kind of fix."""
    return Counter(applicability(finding) for finding in draft.findings)


def placed(draft: CheckedDraft) -> Iterator[Placed]:
    """The findings of a draft with their places, in order."""
    lines = LineMap(draft.document.text)
    for finding in draft.findings:
        offset = finding.span.start
        line, column = lines.place(offset)
        paragraph = draft.document.paragraph(offset)
        label = f"{line}:{column}"
        if paragraph is not None:
            label = f"{visible(paragraph.label)}:{offset - paragraph.start + 1}"
        yield Placed(finding, line, column, label)


def grouped(draft: CheckedDraft) -> list[Group]:
    """The findings of a draft by entity, in order of the first place."""
    groups: dict[tuple[str, ...], Group] = {}
    changes: dict[tuple[object, ...], Change] = {}
    for place in placed(draft):
        finding = place.finding
        whom = tuple(_entities(finding)) or ("", finding.surface)
        group = groups.setdefault(whom, Group(_heading(finding), []))
        fix, kind = finding.fix, applicability(finding)
        key = (whom, finding.rule, finding.surface, fix.replacement, kind)
        if key not in changes:
            shown = None if fix.replacement is None else visible(fix.replacement)
            changes[key] = Change(finding.rule, visible(finding.surface), shown, kind, [])
            group.changes.append(changes[key])
        changes[key].places.append(place)
    return list(groups.values())


class Excerpts:
    """Cuts findings out of a draft with what is read around them.

    Args:
        document: The draft.
    """

    def __init__(self, document: Document) -> None:
        self._readable: Readable = document.readable()

    def of(self, finding: Finding, columns: int) -> Excerpt:
        """A finding on one line of so many columns."""
        start, end = self._readable.in_text(finding.span.start, finding.span.end)
        return excerpt(self._readable.text, start, end, columns)


def one_line(finding: Finding) -> str:
    """A finding in one line: the spelling, what would be written, and why."""
    fix = finding.fix.replacement
    change = visible(finding.surface) + ("" if fix is None else f" → {visible(fix)}")
    return f"{change}: {visible(finding.message)}"


def count(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _heading(finding: Finding) -> str:
    names = [visible(entity.name) for entity in _entities(finding).values()]
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES:] = ["…"]
    return " or ".join(names) or visible(finding.surface)


def _entities(finding: Finding) -> dict[str, Entity]:
    """Those who may be meant by their ids, each once."""
    return {candidate.entity.id: candidate.entity for candidate in finding.candidates}
