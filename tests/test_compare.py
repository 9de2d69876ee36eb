"""Comparison of two names: a table of pairs, and the properties that hold for any two strings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.compare import compare_names
from normalizer.engine import compare
from normalizer.model import EntityType
from normalizer.settings import Settings
from normalizer.text.folding import MAX_NAME, fold

CASES = Path(__file__).parent / "cases"
NAMES = st.lists(
    st.sampled_from(
        "Joe J. George W. H. Bush Biden Blinken Blinkon Jr. II IV van der Bank of 4 5 Kim Jong".split()
    ),
    max_size=6,
).map(" ".join)


def pairs() -> list[list[str]]:
    with (CASES / "comparisons.tsv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]


@pytest.mark.parametrize(("decision", "type", "first", "second"), pairs())
def test_decisions(decision: str, type: str, first: str, second: str) -> None:
    comparison, decided = compare(first, second, EntityType(type))
    assert decided == decision, comparison


@given(st.text(max_size=40) | NAMES, st.text(max_size=40) | NAMES)
def test_any_two_strings_have_a_score(first: str, second: str) -> None:
    forward, backward = compare_names(first, second), compare_names(second, first)
    assert 0.0 <= forward.score <= 1.0
    assert forward.score == pytest.approx(backward.score)
    assert (forward.score == 1.0) is (fold(first) == fold(second) != "")


@given(NAMES)
def test_case_and_accents_do_not_matter(name: str) -> None:
    accented = name.replace("e", "é").upper()
    assert compare_names(name, accented).score == (1.0 if fold(name) else 0.0)


@given(NAMES, st.sampled_from(["Jr.", "II", "III"]))
def test_a_generational_suffix_parts(name: str, suffix: str) -> None:
    words = fold(name).split()
    if len(words) > 1 and not fold(f"{words[-1]}").startswith(("jr", "ii", "iv")):
        assert compare_names(name, f"{name} {suffix}").score < Settings().thresholds.match


@given(NAMES, st.integers(0, 99), st.integers(0, 99))
def test_numbers_part(name: str, first: int, second: int) -> None:
    if first != second and "4" not in name and "5" not in name:
        score = compare_names(f"{name} {first}", f"{name} {second}").score
        assert score < Settings().thresholds.match


def test_names_over_the_cap_are_like_nothing() -> None:
    assert compare_names("a" * (MAX_NAME + 1), "a" * (MAX_NAME + 1)).score == 0.0
    assert compare_names("é" * 1_000_000, "e").score == 0.0


def test_evidence_says_what_was_held_against_what() -> None:
    comparison = compare_names("Antony Blinkon", "Antony J. Blinken")
    found = {(item.feature, item.query, item.name) for item in comparison.evidence}
    assert found == {("equal", "antony", "antony"), ("sound", "blinkon", "blinken"), ("missing", "", "j")}
    assert all(0.0 <= item.value <= 1.0 for item in comparison.evidence)
