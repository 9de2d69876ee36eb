"""Findings out: for people (text, html) and for programs (json, jsonl, sarif, github, unix).

`REPORTERS` is the table of output formats; a new one is one row. The machine shapes are in
`normalizer.report.shapes`, which HTTP answers with as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.lines import report_github, report_unix
from normalizer.report.machine import report_json, report_jsonl
from normalizer.report.page import report_html
from normalizer.report.people import report_text
from normalizer.report.sarif import report_sarif

__all__ = ["REPORTERS", "CheckedDraft", "Reporter", "Style"]

Reporter = Callable[[Iterable[CheckedDraft], str, Style], Iterator[str]]
"""From checked drafts, the index version and the style to pieces of output, as soon as they are there."""

REPORTERS: Final[Mapping[str, Reporter]] = {
    "text": report_text,
    "html": report_html,
    "json": report_json,
    "jsonl": report_jsonl,
    "sarif": report_sarif,
    "github": report_github,
    "unix": report_unix,
}
"""Output formats of `normalizer check` by name."""
