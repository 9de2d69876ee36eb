"""Findings out: for people (text) and for programs (json, jsonl).

`REPORTERS` is the table of output formats; a new one is one row. The machine shapes are in
`normalizer.report.shapes`, which HTTP answers with as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.machine import report_json, report_jsonl
from normalizer.report.people import report_text

__all__ = ["REPORTERS", "CheckedDraft", "Reporter", "Style"]

Reporter = Callable[[Iterable[CheckedDraft], str, Style], Iterator[str]]
"""From checked drafts, the index version and the style to pieces of output, as soon as they are there."""

REPORTERS: Final[Mapping[str, Reporter]] = {
    "text": report_text,
    "json": report_json,
    "jsonl": report_jsonl,
}
"""Output formats of `normalizer check` by name."""
