"""The report for people: a draft's findings by entity, each with its line, carets and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from normalizer.model import Applicability, Entity, Finding
from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.visible import excerpt, visible
from normalizer.text.markup import Readable
from normalizer.text.places import LineMap

BOLD: Final = 1
DIM: Final = 2
RED: Final = 31
GREEN: Final = 32
YELLOW: Final = 33
CYAN: Final = 36
_MOST_NAMES: Final = 3
"""Names in a heading; of more the rest is not said."""

_TAGS: Final = {
    Applicability.SAFE: ("[safe]", GREEN),
    Applicability.UNSAFE: ("[unsafe]", YELLOW),
    Applicability.DISPLAY: ("[decide]", CYAN),
}


def report_text(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """A block for each draft with findings, and a closing line on what can be fixed and how."""
    files = files_with_findings = fixed = 0
    open_fixes: Counter[Applicability] = Counter()
    for draft in drafts:
        files += 1
        fixed += draft.fixed
        if draft.findings:
            files_with_findings += 1
            open_fixes.update(_applicability(finding) for finding in draft.findings)
            yield "".join(f"{line}\n" for line in _draft_lines(draft, style)) + "\n"
    yield _summary(files, files_with_findings, fixed, open_fixes, style) + "\n"


def _applicability(finding: Finding) -> Applicability:
    """Who may write the fix; nobody where there is none."""
    return finding.fix.applicability if finding.fix.replacement is not None else Applicability.DISPLAY


def _draft_lines(draft: CheckedDraft, style: Style) -> Iterator[str]:
    counts = Counter(_applicability(finding) for finding in draft.findings)
    parts = [f"{counts[kind]} {_TAGS[kind][0].strip('[]')}" for kind in _TAGS if counts[kind]]
    yield (
        style.paint(visible(draft.document.name), BOLD)
        + f": {_count(len(draft.findings), 'finding')} ({', '.join(parts)})"
    )
    lines, readable = LineMap(draft.document.text), draft.document.readable()
    places = [lines.place(finding.span.start) for finding in draft.findings]
    margin = max(len(f"{line}:{column}") for line, column in places) + 6
    groups: dict[tuple[str, ...], list[tuple[Finding, tuple[int, int]]]] = {}
    for finding, place in zip(draft.findings, places, strict=True):
        groups.setdefault(_entity_key(finding), []).append((finding, place))
    for members in groups.values():
        yield ""
        yield style.paint(_entity_heading(members[0][0]), BOLD, CYAN)
        yield from _group_lines(readable, members, margin, style)


def _entity_key(finding: Finding) -> tuple[str, ...]:
    """What the findings of a group have in common: the ids of those who may be meant."""
    return tuple(_entities(finding)) or ("", finding.surface)


def _entity_heading(finding: Finding) -> str:
    """Whom the findings of a group are about: canonical names, and nothing that may be out of date."""
    names = [visible(entity.name) for entity in _entities(finding).values()]
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES:] = ["…"]
    return " or ".join(names) or visible(finding.surface)


def _entities(finding: Finding) -> dict[str, Entity]:
    """Those who may be meant by their ids, each once."""
    return {candidate.entity.id: candidate.entity for candidate in finding.candidates}


def _group_lines(
    readable: Readable, members: Sequence[tuple[Finding, tuple[int, int]]], margin: int, style: Style
) -> Iterator[str]:
    """The findings of one entity, those that say the same under one heading."""
    alike: dict[tuple[str, str, str | None, Applicability], list[tuple[Finding, tuple[int, int]]]] = {}
    for finding, place in members:
        key = (finding.rule, finding.surface, finding.fix.replacement, _applicability(finding))
        alike.setdefault(key, []).append((finding, place))
    for (rule, surface, replacement, applicability), found in alike.items():
        tag, color = _TAGS[applicability]
        change = style.paint(visible(surface), RED)
        if replacement is not None:
            change += " → " + style.paint(visible(replacement), GREEN)
        times = f"  {len(found)}×" if len(found) > 1 else ""
        yield f"  {rule}  {change}  {style.paint(tag, color)}{times}"
        said = ""
        for finding, place in found:
            yield from _place_lines(readable, finding, place, margin, style)
            if finding.message != said:
                said = finding.message
                for line in wrap(
                    f"why: {visible(said)}", max(40, style.width - margin), subsequent_indent="     "
                ):
                    yield " " * margin + style.paint(line, DIM)


def _place_lines(
    readable: Readable, finding: Finding, place: tuple[int, int], margin: int, style: Style
) -> Iterator[str]:
    """The line around a finding as it reads, and the carets under it."""
    label = f"{place[0]}:{place[1]}"
    start, end = readable.in_text(finding.span.start, finding.span.end)
    cut = excerpt(readable.text, start, end, max(20, style.width - margin))
    yield f"    {label.ljust(margin - 4)}{cut.before}{style.paint(cut.marked, BOLD)}{cut.after}"
    yield " " * margin + style.paint(cut.carets, RED)


def _summary(files: int, dirty: int, fixed: int, fixes: Counter[Applicability], style: Style) -> str:
    """The closing line: how much there is, and which option fixes how much of it."""
    total = sum(fixes.values())
    done = f"Fixed {fixed}. " if fixed else ""
    checked = _count(files, "file")
    if not files:
        return "Nothing was checked."
    if not total:
        return style.paint(f"{done}No findings in {checked}.", GREEN)
    safe, unsafe, open_ = (fixes[kind] for kind in _TAGS)
    ways = []
    if style.unsafe and safe + unsafe:
        ways.append(f"{safe + unsafe} fixable with --fix --unsafe-fixes")
    elif safe:
        ways.append(f"{safe} fixable with --fix")
    if unsafe and not style.unsafe:
        ways.append(f"{unsafe} {'more ' if safe else 'fixable '}with --fix --unsafe-fixes")
    if open_:
        ways.append(f"{open_} for you to decide")
    where = f"in {dirty} of {checked}" if files > 1 else ""
    left = "left " if fixed else ""
    return f"{done}{_count(total, 'finding')} {left}{where}".rstrip() + f": {', '.join(ways)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
