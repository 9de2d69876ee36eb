"""Comparison of two names: a table of pairs, and the properties that hold for any two strings."""

from __future__ import annotations

import csv
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.compare import Model, compare_keys, compare_names
from normalizer.compare.alignment import MOST_WORDS
from normalizer.compare.features import FEATURES, measured
from normalizer.compare.score import COEFFICIENTS, _weights
from normalizer.compare.words import word_likeness
from normalizer.engine import compare
from normalizer.model import Decision, EntityType
from normalizer.settings import Settings, Thresholds
from normalizer.text.folding import MAX_NAME, fold

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
NAMES = st.lists(
    st.sampled_from(
        "Joe J. George W. H. Bush Biden Blinken Blinkon Jr. II IV van der Bank of 4 5 Kim Путин 金".split()
    ),
    max_size=6,
).map(" ".join)
TYPES = st.sampled_from(list(EntityType))
Case = tuple[str, ...]


def rows(name: str) -> list[Case]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return [
            tuple(row) for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row[0][0] != "#"
        ]


def hard_pairs() -> list[object]:
    """The hard pairs; a known failure must fail, so that it is noticed when it is mended."""
    return [
        pytest.param(
            *case, marks=pytest.mark.xfail(reason="known failure", strict=True) if case[0][0] == "!" else ()
        )
        for case in rows("hard_pairs.tsv")
    ]


@pytest.mark.parametrize(("expected", "type", "first", "second", "why"), hard_pairs())
def test_hard_pairs(expected: str, type: str, first: str, second: str, why: str) -> None:
    comparison, decided = compare(first, second, EntityType(type))
    wanted = expected.lstrip("!")
    assert decided != "match" if wanted == "apart" else decided == wanted, comparison


@pytest.mark.parametrize(("type", "name", "better", "worse", "why"), rows("rankings.tsv"))
def test_better_beats_worse(type: str, name: str, better: str, worse: str, why: str) -> None:
    likely, unlikely = (compare(name, other, EntityType(type))[0] for other in (better, worse))
    assert likely.score > unlikely.score, (likely, unlikely)


@pytest.mark.parametrize(("decision", "type", "first", "second"), rows("comparisons.tsv"))
def test_decisions(decision: str, type: str, first: str, second: str) -> None:
    comparison, decided = compare(first, second, EntityType(type))
    assert decided == decision, comparison


@given(st.text(max_size=40) | NAMES, st.text(max_size=40) | NAMES, TYPES)
def test_any_two_strings_have_a_score(first: str, second: str, type: EntityType) -> None:
    forward, backward = compare_names(first, second, type), compare_names(second, first, type)
    assert 0.0 <= forward.score <= 1.0
    assert forward.score == backward.score
    assert (forward.score == 1.0) is (fold(first) == fold(second) != "")
    assert sorted(item.value for item in forward.evidence) == sorted(item.value for item in backward.evidence)


@given(NAMES, NAMES, TYPES)
def test_every_word_is_paired_once_or_left_over(first: str, second: str, type: EntityType) -> None:
    if fold(first) and fold(second):
        found = compare_keys(fold(first), fold(second), type).alignment
        of_query = [place for pair in found.pairs for place in pair.first] + list(found.extra)
        of_name = [place for pair in found.pairs for place in pair.second] + list(found.missing)
        assert sorted(of_query) == list(range(len(found.query.parts)))
        assert sorted(of_name) == list(range(len(found.name.parts)))


@given(NAMES, NAMES, TYPES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_letters_are_written_does_not_matter(
    first: str, second: str, type: EntityType, form: str
) -> None:
    plain = compare_names(first, second, type).score
    rewritten = unicodedata.normalize(form, f"  {first.upper()}\t")
    assert compare_names(rewritten, second, type).score == plain


def test_features_and_their_table_are_in_step() -> None:
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
    assert len(measured(compare_keys("joe biden", "jo bidden").measures)) == len(FEATURES)
    for model in Model:
        for constant, weights in _weights(model).values():
            assert constant
            assert len(weights) == len(FEATURES)


def test_the_weights_are_those_of_the_run_they_name() -> None:
    shipped = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    run = json.loads((ROOT / "benchmarks" / "runs" / shipped["run"].partition(":")[0]).read_text("utf-8"))
    assert run["all"] == {"link": shipped["link"], "pair": shipped["pair"]}


def test_work_grows_no_faster_than_the_words() -> None:
    """No more pairs of words are looked at than the cap allows, whatever is sent."""
    long = " ".join(f"w{number}x" for number in range(120))[:MAX_NAME]
    other = " ".join(f"v{number}y" for number in range(120))[:MAX_NAME]
    word_likeness.cache_clear()
    compare_names(long, other)
    assert word_likeness.cache_info().misses <= MOST_WORDS**2


@given(NAMES)
def test_case_and_accents_do_not_matter(name: str) -> None:
    accented = name.replace("e", "é").upper()
    assert compare_names(name, accented).score == (1.0 if fold(name) else 0.0)


@given(NAMES, st.sampled_from(["Jr.", "II", "III"]))
def test_a_generational_suffix_parts(name: str, suffix: str) -> None:
    words = fold(name).split()
    if len(words) > 1 and not fold(f"{words[-1]}").startswith(("jr", "ii", "iv")):
        assert compare_names(name, f"{name} {suffix}").score < Settings().thresholds.compare.match


PLAIN = st.lists(
    st.sampled_from("Channel Studio Boeing Bank Joe Bush Biden Kim van of Nine Путин Saint North".split()),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(PLAIN, st.integers(0, 99), st.integers(0, 99) | st.none(), TYPES)
@settings(deadline=None)
def test_a_number_parts(name: str, first: int, second: int | None, type: EntityType) -> None:
    """Names that differ in a number, or that have one and have none, are never one."""
    if first != second:
        other = name if second is None else f"{name} {second}"
        assert compare(f"{name} {first}", other, type)[1] is not Decision.MATCH


def test_names_over_the_cap_are_like_nothing() -> None:
    assert compare_names("a" * (MAX_NAME + 1), "a" * (MAX_NAME + 1)).score == 0.0
    assert compare_names("é" * 1_000_000, "e").score == 0.0


def test_evidence_says_what_was_held_against_what() -> None:
    comparison = compare_names("Antony Blinkon", "Antony J. Blinken")
    found = {(item.feature, item.query, item.name) for item in comparison.evidence}
    assert found == {("equal", "antony", "antony"), ("sound", "blinkon", "blinken"), ("missing", "", "j")}
    assert all(0.0 <= item.value <= 1.0 for item in comparison.evidence)


def test_what_parts_is_never_a_match_at_any_threshold() -> None:
    loose = Settings(thresholds=Thresholds.uniform(match=0.1, review=0.05))
    for first, second in (("Donald Trump", "Donald Trump Jr."), ("George H. W. Bush", "George W. Bush")):
        assert compare(first, second, EntityType.PERSON, loose)[1] is Decision.REVIEW


def test_known_places_say_that_they_are_two() -> None:
    found = compare_names("Niger", "Nigeria", EntityType.PLACE)
    assert "known-apart" in {item.feature for item in found.evidence}


def test_evidence_follows_the_order_asked() -> None:
    asked = ("Joe Biden", "Joe Robinette Biden")
    for names, feature in ((asked, "missing"), (asked[::-1], "extra")):
        left = [item for item in compare_names(*names).evidence if item.feature in ("extra", "missing")]
        assert [(item.feature, item.query or item.name) for item in left] == [(feature, "robinette")]
