"""Folding, tokens, sound keys, case, places: tables of cases and the properties that hold for any text."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from normalizer.text import case, folding, markup, sound, tokens
from normalizer.text.case import transfer_case
from normalizer.text.folding import MAX_NAME, fold, fold_all, is_ignorable
from normalizer.text.places import LineMap
from normalizer.text.sound import sound_key
from normalizer.text.tokens import tokenize

CASES = Path(__file__).parent / "cases"
ANY_TEXT = st.text(max_size=80)
NAME_LIKE = st.text(
    st.sampled_from("aAzZéÉłØđßæÞıİ'’-. \u00ad\u200b\u0301\u0323гÉ漢ガ김हि’sS\n"), max_size=40
)


def rows(name: str) -> list[list[str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file, delimiter="\t") if row and not row[0].startswith("#")]


@pytest.mark.parametrize(("text", "key"), rows("folding.tsv"))
def test_fold(text: str, key: str) -> None:
    assert (
        fold(text.encode().decode("unicode_escape").encode("latin-1").decode() if "\\" in text else text)
        == key
    )


@given(ANY_TEXT | NAME_LIKE)
@example("ϒ")
@example("ﷺ" * 40)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT | NAME_LIKE)
def test_fold_is_the_same_for_every_normalization_form(text: str) -> None:
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold(unicodedata.normalize(form, text)[:MAX_NAME]) == fold(text)


@given(NAME_LIKE)
def test_fold_takes_no_notice_of_invisible_characters(text: str) -> None:
    shown = "".join(char for char in text if not is_ignorable(char))
    assert fold(text) == fold(shown)


@given(ANY_TEXT | NAME_LIKE)
def test_a_key_is_words_joined_by_single_spaces(text: str) -> None:
    key = fold(text)
    assert key == " ".join(key.split())
    assert key == key.casefold()


@given(st.lists(ANY_TEXT | NAME_LIKE, max_size=12))
def test_names_fold_at_once_as_they_fold_by_themselves(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


def test_fold_looks_at_no_more_than_a_name_may_have() -> None:
    assert fold("a" * 10_000_000) == "a" * MAX_NAME
    assert fold("a" + "\u0301\u0323" * 1_000_000) == "a"


@given(ANY_TEXT | NAME_LIKE)
def test_token_offsets_map_back_to_the_text(text: str) -> None:
    end = 0
    for token in tokenize(text):
        assert text[token.start : token.end] == token.text
        assert text[token.end :].startswith(token.suffix)
        assert token.start >= end
        end = token.end + len(token.suffix)


@given(NAME_LIKE)
def test_tokens_hold_every_letter_of_the_text(text: str) -> None:
    covered = {place for t in tokenize(text) for place in range(t.start, t.end + len(t.suffix))}
    assert {place for place, char in enumerate(text) if char.isalnum()} <= covered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("biden’s", [("biden", "’s")]),
        ("Biden's", [("Biden", "'s")]),
        ("the Bidens’ dog", [("the", ""), ("Bidens", "’"), ("dog", "")]),
        ("O'Brien’s", [("O'Brien", "’s")]),
        ("U.S.-Russian", [("U.S.", ""), ("Russian", "")]),
        ("J.R.R. Tolkien", [("J.R.R.", ""), ("Tolkien", "")]),
        ("Erdog\u0306an", [("Erdog\u0306an", "")]),
        ("Blin\u00adken", [("Blin\u00adken", "")]),
        ("BIDEN’S", [("BIDEN", "’S")]),
        ("it's", [("it", "'s")]),
        ("'quoted'", [("quoted", "")]),
    ],
)
def test_words_and_possessives(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(token.text, token.suffix) for token in tokenize(text)] == expected


@pytest.mark.parametrize("row", rows("sounds.tsv"), ids=lambda row: "/".join(row))
def test_spellings_of_one_sound(row: list[str]) -> None:
    same, *words = row
    keys = {sound_key(fold(word)) for word in words}
    assert (len(keys) == 1) is (same == "same"), keys


@pytest.mark.parametrize(
    ("surface", "replacement", "expected"),
    [
        ("BLINKON", "Blinken", "BLINKEN"),
        ("biden", "Biden", "Biden"),
        ("Blinkon", "Blinken", "Blinken"),
        ("VON DER LAYEN", "von der Leyen", "VON DER LEYEN"),
        ("B", "Biden", "Biden"),
        ("Mcconnell", "McConnell", "McConnell"),
    ],
)
def test_transfer_case(surface: str, replacement: str, expected: str) -> None:
    assert transfer_case(surface, replacement) == expected


@given(st.text(st.sampled_from("ab\r\n"), max_size=40), st.integers(0, 40))
def test_places_agree_with_splitting_lines(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    assume(not (offset and text[offset - 1 : offset + 1] == "\r\n"))  # inside a line end
    lines = text[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert LineMap(text).place(offset) == (len(lines), len(lines[-1]) + 1)


@pytest.mark.parametrize("module", [folding, tokens, sound, case, markup], ids=lambda module: module.__name__)
def test_docstring_examples(module: object) -> None:
    import doctest

    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted
    assert not result.failed
