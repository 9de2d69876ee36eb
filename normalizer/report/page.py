"""The report as one HTML page that can be mailed: no scripts, nothing from elsewhere, dark and light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from normalizer.model import Applicability
from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.grouping import Change, Excerpts, Group, Placed, count, counted, grouped
from normalizer.report.page_style import PAGE_STYLE
from normalizer.report.visible import visible
from normalizer.version import __version__

_COLUMNS: Final = 170
"""Characters of a draft that are shown around a finding."""
_KINDS: Final = {
    Applicability.SAFE: ("safe", "sure: --fix writes it"),
    Applicability.UNSAFE: ("unsafe", "likely: look, then --unsafe-fixes writes it"),
    Applicability.DISPLAY: ("decide", "for a person to decide"),
}


def report_html(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """A page with the sums and a section for each draft with findings."""
    clean: list[str] = []
    sections: list[str] = []
    fixed = 0
    sums: Counter[Applicability] = Counter()
    for draft in drafts:
        fixed += draft.fixed
        if draft.findings:
            sums.update(counted(draft))
            sections.append("".join(_section(draft)))
        else:
            clean.append(draft.document.name)
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>Names to check</title>\n'
        f"<style>\n{PAGE_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Names to check</h1>\n"
    )
    yield _summary(sums, len(sections) + len(clean), fixed)
    yield from sections
    if clean:
        names = "".join(f"<li>{_safe(name)}</li>" for name in clean)
        yield f'<details class="clean"><summary>{count(len(clean), "file")} without findings</summary>'
        yield f"<ul>{names}</ul></details>\n"
    yield f"<footer>normalizer {__version__}, registry {_safe(index)}</footer>\n</main>\n</body>\n</html>\n"


def _summary(sums: Counter[Applicability], files: int, fixed: int) -> str:
    total = sum(sums.values())
    found = count(total, "finding") if total else "No findings"
    head = f"{found} in {count(files, 'file')}" if files else "Nothing was checked"
    done = f"<p>{count(fixed, 'name')} fixed before.</p>" if fixed else ""
    rows = "".join(
        f'<li><b class="tag {word}">{word}</b> {sums[kind]} <span>{said}</span></li>'
        for kind, (word, said) in _KINDS.items()
        if sums[kind]
    )
    return f'<section class="sums"><h2>{head}</h2>{done}<ul>{rows}</ul></section>\n'


def _section(draft: CheckedDraft) -> Iterator[str]:
    excerpts = Excerpts(draft.document)
    name, total = _safe(draft.document.name), count(len(draft.findings), "finding")
    yield f'<section class="draft">\n<h2>{name} <small>{total}</small></h2>\n'
    for group in grouped(draft):
        yield from _card(group, excerpts)
    yield "</section>\n"


def _card(group: Group, excerpts: Excerpts) -> Iterator[str]:
    yield f"<article>\n<h3>{escape(group.heading)}</h3>\n"
    for change in group.changes:
        word, said = _KINDS[change.applicability]
        times = f" <small>{len(change.places)}×</small>" if len(change.places) > 1 else ""
        yield (
            f'<div class="change"><p class="what">{_change(change)}{times}'
            f' <b class="tag {word}" title="{said}">{word}</b> <code>{_safe(change.rule)}</code></p>\n<ol>\n'
        )
        message = ""
        for place in change.places:
            yield _place(place, excerpts, change, is_said=place.finding.message == message)
            message = place.finding.message
        yield "</ol></div>\n"
    yield "</article>\n"


def _change(change: Change) -> str:
    wrong = f"<del>{escape(change.surface)}</del>"
    if change.replacement is None:
        return f"<mark>{escape(change.surface)}</mark>"
    return f'{wrong} <span class="arrow">→</span> <ins>{escape(change.replacement)}</ins>'


def _place(place: Placed, excerpts: Excerpts, change: Change, *, is_said: bool) -> str:
    cut = excerpts.of(place.finding, _COLUMNS)
    why = "" if is_said else f'<p class="why">{_safe(place.finding.message)}</p>'
    return (
        f'<li><span class="place">{escape(place.label)}</span>'
        f'<blockquote dir="auto">{escape(cut.before)}<mark>{escape(cut.marked)}</mark>{escape(cut.after)}'
        f"</blockquote>{why}</li>\n"
    )


def _safe(text: str) -> str:
    """A text as it may stand in a page, with what cannot be seen made visible."""
    return escape(visible(text))
