"""Reports of a line a finding: for terminals and editors (unix), and for GitHub's workflow logs (github)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.grouping import one_line, placed
from normalizer.report.visible import visible
from normalizer.rulebook import Level
from normalizer.text.places import LineMap

_IN_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""How GitHub's workflow commands write what has a meaning in them (actions/toolkit, command.ts)."""


def report_unix(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """`file:line:column: message [rule]`, as compilers say it; nothing for a clean draft."""
    for draft in drafts:
        name = visible(draft.document.name)
        yield "".join(
            f"{name}:{place.line}:{place.column}: {one_line(place.finding)} [{place.finding.rule}]\n"
            for place in placed(draft)
        )


def report_github(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """A workflow command a finding: GitHub shows it beside the line of a pull request.

    It is called what its level is; info is a notice there.
    """
    for draft in drafts:
        lines = LineMap(draft.document.text)
        name = visible(draft.document.name)
        for place in placed(draft):
            finding = place.finding
            end_line, end_column = lines.place(finding.span.end)
            properties = {
                "title": f"normalizer ({finding.rule})",
                "file": posixpath.normpath(name),
                "line": str(place.line),
                "col": str(place.column),
                "endLine": str(end_line),
                "endColumn": str(end_column),
            }
            command = "notice" if finding.level is Level.INFO else finding.level.value
            listed = ",".join(f"{key}={value.translate(_IN_PROPERTY)}" for key, value in properties.items())
            said = f"{name}:{place.line}:{place.column}: {one_line(finding)}".translate(_IN_MESSAGE)
            yield f"::{command} {listed}::{said}\n"
