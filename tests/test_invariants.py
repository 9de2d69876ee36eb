"""What holds of every draft, whatever is in it: findings and fixes keep to their places, reports agree."""

from __future__ import annotations

import json
from itertools import pairwise

from conftest import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.formats import read
from normalizer.model import Applicability, Document
from normalizer.report import REPORTERS, CheckedDraft, Style
from normalizer.rulebook import RULEBOOK, Rules
from normalizer.settings import Settings

ENGINE = Engine.open(
    Settings(registry=str(CASES / "rules.yaml"), rules=Rules().changed([f"+{rule}" for rule in RULEBOOK], ""))
)
PIECES = (
    "Antony Blinken", "Blinkon", "Blinking", "blinken’s", "BLINKON", "Bl inken", "Sergey Lavrov", "Lavrof",
    "lavrov", "Kyiv", "Kiev", "Ramblatt", "Ramblat", "Secretary of State", "Mr.", "said", "and", "the", "in",
    "1914", "[sic]", ".", ",", "“", "”", '"', "\n", "\n\n", "\r\n", "- ", "> ", "# ", "*", "`", "<b>", "</b>",
    "<q>", "<p>", "&amp;", "<!-- x -->", "https://example.org/Blinkon", "é", "\u00ad", "Борис", "|",
)  # fmt: skip
DRAFTS = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
NAMES = st.sampled_from(["a.txt", "a.md", "a.html"])
ALLOWED = ({Applicability.SAFE}, {Applicability.SAFE, Applicability.UNSAFE})


def _read(name: str, text: str) -> Document:
    return read(name, text.encode())


@settings(max_examples=150, deadline=None)
@given(NAMES, DRAFTS)
def test_findings_stand_in_order_at_their_places(name: str, text: str) -> None:
    document = _read(name, text)
    findings = ENGINE.check(document)
    assert all(0 <= found.span.start < found.span.end <= len(document.text) for found in findings)
    assert all(one.span.end <= other.span.start for one, other in pairwise(findings))


@settings(max_examples=150, deadline=None)
@given(NAMES, DRAFTS, st.sampled_from(ALLOWED))
def test_a_second_fix_finds_nothing_more(name: str, text: str, allowed: set[Applicability]) -> None:
    fixed, left, _ = ENGINE.fix(_read(name, text), allowed)
    again = ENGINE.check(_read(name, fixed.text))
    safe = [
        found for found in again if found.fix.replacement and found.fix.applicability is Applicability.SAFE
    ]
    assert safe == []
    assert [found.span for found in left] == [found.span for found in again]


@settings(max_examples=60, deadline=None)
@given(NAMES, DRAFTS)
def test_reports_agree_on_what_was_found(name: str, text: str) -> None:
    document = _read(name, text)
    findings = ENGINE.check(document)

    def report(kind: str) -> str:
        return "".join(REPORTERS[kind](iter([CheckedDraft(document, findings)]), "", Style()))

    runs = json.loads(report("sarif"))["runs"]
    assert len(json.loads(report("json"))["findings"]) == len(findings)
    assert len(report("jsonl").splitlines()) == len(findings)
    assert sum(len(run["results"]) for run in runs) == len(findings)
    assert len(report("unix").splitlines()) == len(findings)
    assert len(report("github").splitlines()) == len(findings)
