"""The report for people: a draft's findings by entity, each with its line, carets and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from normalizer.model import Applicability, Document, Finding
from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.grouping import Change, Excerpts, Placed, count, counted, grouped
from normalizer.report.visible import visible, width

BOLD: Final = 1
DIM: Final = 2
RED: Final = 31
GREEN: Final = 32
YELLOW: Final = 33
CYAN: Final = 36
TAGS: Final = {
    Applicability.SAFE: ("safe", GREEN),
    Applicability.UNSAFE: ("unsafe", YELLOW),
    Applicability.DISPLAY: ("decide", CYAN),
}
"""What stands behind a finding for who may write its fix, and in which colour."""


def report_text(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """A block for each draft with findings, and a closing line on what can be fixed and how."""
    files = files_with_findings = fixed = 0
    open_fixes: Counter[Applicability] = Counter()
    for draft in drafts:
        files += 1
        fixed += draft.fixed
        if draft.findings:
            files_with_findings += 1
            open_fixes.update(counted(draft))
            yield "".join(f"{line}\n" for line in _draft_lines(draft, style)) + "\n"
    yield _summary(files, files_with_findings, fixed, open_fixes, style) + "\n"


def finding_text(document: Document, finding: Finding, style: Style) -> str:
    """One finding by itself: whom it is about, what would be changed, its line, carets and reason."""
    (group,) = grouped(CheckedDraft(document, [finding]))
    (change,) = group.changes
    (place,) = change.places
    margin = width(place.label) + 6
    lines = [
        style.paint(group.heading, BOLD, CYAN),
        *_change_lines(change, Excerpts(document), margin, style),
    ]
    return "".join(f"{line}\n" for line in lines)


def _draft_lines(draft: CheckedDraft, style: Style) -> Iterator[str]:
    counts = counted(draft)
    parts = [f"{counts[kind]} {word}" for kind, (word, _) in TAGS.items() if counts[kind]]
    yield (
        style.paint(visible(draft.document.name), BOLD)
        + f": {count(len(draft.findings), 'finding')} ({', '.join(parts)})"
    )
    groups, excerpts = grouped(draft), Excerpts(draft.document)
    places = (place for group in groups for change in group.changes for place in change.places)
    margin = max(width(place.label) for place in places) + 6
    for group in groups:
        yield ""
        yield style.paint(group.heading, BOLD, CYAN)
        for change in group.changes:
            yield from _change_lines(change, excerpts, margin, style)


def _change_lines(change: Change, excerpts: Excerpts, margin: int, style: Style) -> Iterator[str]:
    """The findings that say the same, under one heading."""
    tag, color = TAGS[change.applicability]
    text = style.paint(change.surface, RED)
    if change.replacement is not None:
        text += " → " + style.paint(change.replacement, GREEN)
    times = f"  {len(change.places)}×" if len(change.places) > 1 else ""
    yield f"  {change.rule}  {text}  {style.paint(f'[{tag}]', color)}{times}"
    said = ""
    for place in change.places:
        yield from _place_lines(place, excerpts, margin, style)
        if place.finding.message != said:
            said = place.finding.message
            for line in wrap(
                f"why: {visible(said)}", max(40, style.width - margin), subsequent_indent="     "
            ):
                yield " " * margin + style.paint(line, DIM)


def _place_lines(place: Placed, excerpts: Excerpts, margin: int, style: Style) -> Iterator[str]:
    """The line around a finding as it reads, and the carets under it."""
    cut = excerpts.of(place.finding, max(20, style.width - margin))
    yield f"    {place.label.ljust(margin - 4)}{cut.before}{style.paint(cut.marked, BOLD)}{cut.after}"
    yield " " * margin + style.paint(cut.carets, RED)


def _summary(files: int, dirty: int, fixed: int, fixes: Counter[Applicability], style: Style) -> str:
    """The closing line: how much there is, and which option fixes how much of it."""
    total = sum(fixes.values())
    done = f"Fixed {fixed}. " if fixed else ""
    checked = count(files, "file")
    if not files:
        return "Nothing was checked."
    if not total:
        return style.paint(f"{done}No findings in {checked}.", GREEN)
    safe, unsafe, open_ = (fixes[kind] for kind in TAGS)
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
    return f"{done}{count(total, 'finding')} {left}{where}".rstrip() + f": {', '.join(ways)}."
