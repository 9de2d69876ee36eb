"""Words of names: what is known of them, how like two are, and the lists that say so."""

from __future__ import annotations

import doctest
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.compare import knowledge, likeness, spelling
from normalizer.compare.alignment import MOST_WORDS
from normalizer.compare.knowledge import FOLDER, Role, known_places, words_of
from normalizer.compare.parts import parsed
from normalizer.compare.spelling import edit_budget, spelling_likeness
from normalizer.compare.words import word_likeness
from normalizer.model import EntityType
from normalizer.text import script
from normalizer.text.folding import fold
from scripts.build_known_places import TARGET
from scripts.build_known_places import known_places as built_places

PERSON, ORGANIZATION, PLACE, OTHER = EntityType
GROUPS = ("organization_words.txt", "place_words.txt")
WORDS = st.text(st.characters(categories=["Ll", "Lo", "Mn", "Nd"]), min_size=1, max_size=14)


@pytest.mark.parametrize(
    "module", [knowledge, likeness, spelling, script], ids=lambda module: module.__name__
)
def test_docstring_examples(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("type", "first", "second", "feature"),
    [
        (PERSON, "blinken", "blinken", "equal"),
        (PERSON, "merkle", "merkel", "spelling"),
        (PERSON, "lavrof", "lavrov", "sound"),
        (PERSON, "путин", "putin", "script"),
        (PERSON, "القذافي", "gaddafi", "script"),
        (PERSON, "القذافي", "الكذافي", "spelling"),
        (PERSON, "j", "joe", "initial"),
        (PERSON, "tony", "antony", "nickname"),
        (PERSON, "peter", "pyotr", "variant"),
        (ORGANIZATION, "univ", "universidad", "variant"),
        (ORGANIZATION, "44", "fortyfour", "spelling"),
        (ORGANIZATION, "third", "3rd", "variant"),
        (ORGANIZATION, "mng", "mining", "variant"),
        (ORGANIZATION, "hydraul", "hydraulics", "abbreviation"),
        (PLACE, "st", "santa", "variant"),
    ],
)
def test_what_joins_two_words(type: EntityType, first: str, second: str, feature: str) -> None:
    one, other = (parsed(word, type).parts[0] for word in (first, second))
    value, found = word_likeness(one, other, type)
    assert found == feature
    assert (value == 1.0) is (feature == "equal" or (feature == "script" and first == "путин"))


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (("blinken", "blinkin"), ("blinken", "blinkun")),  # vowels that are confused
        (("macron", "maccron"), ("macron", "matcron")),  # a letter doubled
        (("merkel", "merkle"), ("merkel", "mexkec")),  # a swap
        (("sunak", "sunaj"), ("sunak", "sunap")),  # the next key
        (("route44", "route45"), ("routes", "routed")),
    ],
)
def test_slips_cost_less(nearer: tuple[str, str], farther: tuple[str, str]) -> None:
    if nearer[0] == "route44":  # but a digit costs more
        nearer, farther = farther, nearer
    assert spelling_likeness(*nearer) > spelling_likeness(*farther)


@given(WORDS, WORDS)
def test_spelling_is_symmetric_and_keeps_its_budget(first: str, second: str) -> None:
    value = spelling_likeness(first, second)
    assert 0.0 <= value <= 1.0
    assert value == pytest.approx(spelling_likeness(second, first))
    if max(len(first), len(second)) < 3 and first != second:
        assert value == 0.0
    assert edit_budget(len(first)) <= edit_budget(len(first) + 1)


@given(WORDS, st.sampled_from(EntityType))
@settings(deadline=None)  # the lists are read at the first name
def test_a_name_is_parts_and_nothing_else(word: str, type: EntityType) -> None:
    name = parsed(fold(word), type)
    assert name.joined == "".join(part.word for part in name.parts)
    assert all(re.fullmatch("[a-z0-9]+", part.word) for part in name.parts)
    assert not name.parts or any(part.is_telling for part in name.parts)


def test_cap_on_words_is_above_what_names_have() -> None:
    assert max(form.count(" ") for form in known_places()) + 1 < MOST_WORDS


@pytest.mark.parametrize("file", [*GROUPS, "person_words.txt", "given_names.txt"])
def test_lists_are_of_folded_words(file: str) -> None:
    for line in knowledge._lines(file):
        for word in line.replace(":", " ").split():
            assert word[0] == "[" or (fold(word) == word and word.isascii()), f"{file}: {word}"


@pytest.mark.parametrize("file", GROUPS)
def test_a_word_is_in_one_group(file: str) -> None:
    words = Counter(
        word for line in knowledge._lines(file) if line[0] != "[" for word in line.replace(":", " ").split()
    )
    assert [word for word, count in words.items() if count > 1] == []


def test_a_form_is_of_one_given_name() -> None:
    lines = knowledge._lines("given_names.txt")
    forms = Counter(form for line in lines for form in line.partition(":")[0].split())
    assert [form for form, count in forms.items() if count > 1] == []


def test_roles_are_those_the_code_knows() -> None:
    for type in EntityType:
        assert set(words_of(type).roles.values()) <= set(Role)
    assert words_of(PERSON).roles["president"] is Role.HONORIFIC
    assert words_of(ORGANIZATION).heads["universidad"] == "university"


def test_known_places_are_those_of_the_starter_registry() -> None:
    assert TARGET.read_text(encoding="utf-8") == built_places(), "run python -m scripts.build_known_places"
    assert Path(FOLDER) == TARGET.parent
