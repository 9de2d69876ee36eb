"""The checker: a table of drafts with what is to be found in them, and what must hold for every draft."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import normalizer
from normalizer.checker import Checker, apply_fixes
from normalizer.engine import Engine
from normalizer.model import Applicability, Document, Finding, Fix, Span
from normalizer.registry import Registry
from normalizer.rulebook import Rules
from normalizer.settings import Settings

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
MARK = re.compile(r"⟦([^→⟧]*)→([^|⟧]*)\|([a-z-]+)\|([a-z]+)⟧")
SAFE = {Applicability.SAFE}

Marked = tuple[int, int, str | None, str, str]


def unmark(marked: str) -> tuple[str, list[Marked]]:
    """The draft without its marks, and the findings they stand for."""
    text, end, expected = "", 0, []
    for match in MARK.finditer(marked):
        text += marked[end : match.start()]
        wrong, right, rule, applicability = match.groups()
        expected.append(
            (len(text), len(text) + len(wrong), None if right == "?" else right, rule, applicability)
        )
        text += wrong
        end = match.end()
    return text + marked[end:], expected


def found(findings: list[Finding]) -> list[Marked]:
    return [
        (f.span.start, f.span.end, f.fix.replacement, f.rule, f.fix.applicability.value) for f in findings
    ]


def cases() -> Iterator[object]:
    for case in tomllib.loads((CASES / "findings.toml").read_text(encoding="utf-8"))["case"]:
        yield pytest.param(case["text"], id=case["name"])


@pytest.fixture(scope="module")
def desk() -> Engine:
    return Engine.open(Settings(registry=str(CASES / "newsroom.yaml")))


@pytest.fixture(scope="module")
def starter() -> Engine:
    return normalizer.open(ROOT / "aliases")


@pytest.mark.parametrize("marked", list(cases()))
def test_findings(desk: Engine, marked: str) -> None:
    text, expected = unmark(marked)
    assert found(desk.check(text)) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_example_draft_has_its_four_errors(starter: Engine, newline: str) -> None:
    text = (ROOT / "examples" / "summit.txt").read_text(encoding="utf-8").replace("\n", newline)
    findings = starter.check(text)
    assert [(f.surface, f.fix.replacement, f.rule) for f in findings] == [
        ("Blinkon", "Blinken", "misspelled-name"),
        ("Blinking", "Blinken", "word-for-name"),
        ("Blinking", "Blinken", "word-for-name"),
        ("biden", "Biden", "wrong-case"),
    ]
    for finding in findings:
        assert text[finding.span.start : finding.span.end] == finding.surface
        assert finding.message
        assert "\n" not in finding.message


@pytest.mark.parametrize(
    "frame",
    [
        "Reporters met {} on Monday, officials said.",
        "{} was not there.",
        "They spoke of {}’s plan and of {}.",
    ],
)
def test_no_right_form_is_ever_reported(starter: Engine, frame: str) -> None:
    for entity in starter.registry.entities.values():
        text = "\n\n".join(frame.replace("{}", form.name) for form in entity.forms())
        assert found(starter.check(text, Rules().changed(["-mixed-variants"], ""))) == [], text


def false_friends() -> list[str]:
    lines = (CASES / "false_friends.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("⏎", "\n") for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("marked", false_friends())
def test_no_false_friend_is_fixed(starter: Engine, marked: str) -> None:
    text = re.sub(r"⟦([^→]*)→[^⟧]*⟧", r"\1", marked)
    expected = re.sub(r"⟦[^→]*→([^⟧]*)⟧", r"\1", marked)
    assert apply_fixes(Document.of_text(text), starter.check(text), SAFE)[0].text == expected


def test_guard_near_counts_only_beside_its_words(desk: Engine) -> None:
    assert desk.check("The album came out. mercury rises.") == []
    text = "Mercurry signed the band for one album. The label is Mercury Records."
    assert [f.fix.replacement for f in desk.check(text)] == ["Mercury"]


def test_a_form_that_two_own_is_fixed_but_its_owner_left_open(desk: Engine) -> None:
    (finding,) = desk.check("President bush spoke.")
    assert {candidate.entity.id for candidate in finding.candidates} == {"george-h-w-bush", "george-w-bush"}


def test_blocks_bound_what_is_read(desk: Engine) -> None:
    text = "Antony Blinken. Blinkon. Blinkon."
    document = Document("x", text, (Span(0, 15), Span(25, 33)))
    assert [finding.span for finding in desk.check(document)] == [Span(25, 32)]


def test_evidence_can_be_left_out(desk: Engine) -> None:
    text = "Antony Blinken flew to Oslo. In the evening Blinking told reporters little."
    without = Checker(desk.matcher, desk.lexicon, without=["word-as-subject", "capital"])
    assert len(desk.check(text)) == 1
    assert without.check(Document.of_text(text)) == []


NAMES = [
    "Antony Blinken", "Blinken", "Blinkon", "Blinking", "biden", "Joe Biden", "Bidden", "Lavrof", "bush",
    "Sergey Lavrov", "BLINKON", "President", "Secretary of State", "Ralph Blinkin", "Erdogen", "Gazporm",
]  # fmt: skip
WORDS = [
    *NAMES, "said", "told", "and", "the", "lights", "in", ",", ".", "’s", "\n", "\r\n", "\n\n", "-", "“",
    "Then", "[sic]",
]  # fmt: skip
DRAFTS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@given(DRAFTS)
@settings(max_examples=300, deadline=None)
def test_fixing_leaves_nothing_safe_and_touches_nothing_else(text: str) -> None:
    engine = _desk()
    findings = engine.check(text)
    fixed, written = apply_fixes(Document.of_text(text), findings, SAFE)
    assert all(finding.fix.applicability is Applicability.SAFE for finding in written)
    kept = text
    for finding in reversed(written):
        kept = kept[: finding.span.start] + "\0" + kept[finding.span.end :]
    assert re.fullmatch(".*".join(map(re.escape, kept.split("\0"))), fixed.text, re.DOTALL)
    at_rest, left, count = engine.fix(Document.of_text(text), SAFE)
    assert left == engine.check(at_rest)
    assert not [finding for finding in left if finding.fix.applicability is Applicability.SAFE]
    assert count >= len(written)


@given(DRAFTS | st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_findings_are_in_order_and_apart(text: str) -> None:
    end = 0
    for finding in _desk().check(text):
        assert finding.span.start >= end
        end = finding.span.end
        assert 0.0 <= finding.score <= 1.0
        assert " ".join(text[finding.span.start : finding.span.end].split()) == finding.surface
        assert (finding.fix.replacement is None) is (finding.fix.applicability is Applicability.DISPLAY)


def _desk(engines: list[Engine] = []) -> Engine:  # noqa: B006 - one engine for all examples of a property
    if not engines:
        engines.append(Engine.open(Settings(registry=str(CASES / "newsroom.yaml"))))
    return engines[0]


def test_of_fixes_that_overlap_the_first_is_written() -> None:
    def finding(start: int, end: int, replacement: str | None, applicability: Applicability) -> Finding:
        return Finding(Span(start, end), "", "rule", "", (), 1.0, (), Fix(replacement, applicability))

    findings = [
        finding(0, 2, "one", Applicability.SAFE),
        finding(1, 4, "two", Applicability.SAFE),
        finding(4, 5, "", Applicability.SAFE),
        finding(5, 6, "three", Applicability.UNSAFE),
        finding(6, 7, None, Applicability.DISPLAY),
    ]
    document = Document.of_text("abcdefg")
    fixed, written = apply_fixes(document, findings, SAFE)
    assert (fixed.text, written) == ("onecdfg", [findings[0], findings[2]])
    assert apply_fixes(document, findings, {*SAFE, Applicability.UNSAFE})[0].text == "onecdthreeg"


def test_an_empty_registry_finds_nothing() -> None:
    nobody = Engine(Registry([]))
    assert nobody.check("Blinkon and biden met.") == []
    names = " ".join(f"Xy{chr(97 + n % 26)}{chr(97 + n // 26)}qo met." for n in range(600))
    assert nobody.check(names, Rules().changed(["-inconsistent-unknown"], "")) == []


@pytest.mark.parametrize(
    ("written", "right"),
    [("Von der leyen", "Von der Leyen"), ("von der leyen", "von der Leyen"), ("nato", None)],
)
def test_of_forms_in_two_cases_the_nearest_is_meant(starter: Engine, written: str, right: str | None) -> None:
    text = f"Ursula von der Leyen met NATO and Nato. Later in Brussels {written} was there."
    fixes = {finding.surface: finding.fix.replacement for finding in starter.check(text)}
    assert fixes.get(written) == right
