"""The tables by which names are found: hashes, lists by hash, words like a word, names like a name."""

from __future__ import annotations

import random
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.index import MemoryIndex, index_of
from normalizer.index.build import compiled
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container, packed
from normalizer.index.hash_lists import HashLists
from normalizer.index.hashing import (
    SHORTEST_CUT,
    SPELLED,
    forms_of_all,
    hashes_of_all,
    pair_of,
    pairs_of,
    sounds,
    sounds_of_all,
    spelled,
    spelling_forms,
    trigrams,
    trigrams_of_all,
)
from normalizer.index.name_words import NameWords
from normalizer.index.one_word import initials, neighbours_joined, spelled_by_initials, spelled_by_neighbours
from normalizer.index.tables import Texts
from normalizer.matcher import Matcher
from normalizer.model import Alias, Decision, Entity, EntityType, Mention
from normalizer.registry import load_registry
from normalizer.settings import Thresholds
from normalizer.text.folding import fold

ROOT = Path(__file__).parent.parent
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORD = st.text(LETTERS, min_size=1, max_size=12)
HASH = st.integers(0, 2**32 - 1) | st.sampled_from([0, 7, 2**31, 2**32 - 1])


@given(st.lists(WORD, max_size=20))
def test_hashes_of_many_words_are_those_of_each(words: list[str]) -> None:
    forms: dict[int, list[int]] = {row: [] for row in range(len(words))}
    for rows, hashes in forms_of_all(list(enumerate(words)), SPELLED, SHORTEST_CUT):
        for row, form in zip(rows.tolist(), hashes.tolist(), strict=True):
            forms[row].append(form)
    assert [sorted(found) for found in forms.values()] == [sorted(spelling_forms(word)) for word in words]
    assert hashes_of_all(words).tolist() == [spelled(word) for word in words]
    sounding = [(row, sound) for row, word in enumerate(words) for sound in sounds(word)]
    assert sounds_of_all(words) == sounding
    grams = sorted((gram, row) for row, word in enumerate(words) for gram in trigrams(word))
    hashes, rows = trigrams_of_all(words)
    assert list(zip(hashes.tolist(), rows.tolist(), strict=True)) == grams


@given(st.lists(st.lists(WORD | st.sampled_from(["the", "of", "ltd", "a"]), max_size=5), max_size=20))
def test_words_of_many_names_are_those_of_each(names: list[list[str]]) -> None:
    found = NameWords.read([" ".join(words) for words in names])
    assert found.words == sorted({word for words in names for word in words})
    held = found.held()
    pairs = zip(held.names.tolist(), [held.words[word] for word in held.of.tolist()], strict=True)
    assert list(pairs) == [(row, word) for row, words in enumerate(names) for word in dict.fromkeys(words)]
    assert held.sizes.tolist() == [len(set(words)) for words in names]
    expected = []
    for row, words in enumerate(names):
        expected.append((spelled("".join(words)), row))
        expected += [(spelled_by_neighbours(text), row) for text in neighbours_joined(words)]
        expected += [(spelled_by_initials(text), row) for text in initials(words)]
    hashes, rows = found.spelled()
    assert list(zip(hashes.tolist(), rows.tolist(), strict=True)) == sorted(expected)


@given(st.lists(st.tuples(HASH, HASH), max_size=20))
def test_hashes_of_many_pairs_are_those_of_each_in_any_order(pairs: list[tuple[int, int]]) -> None:
    first = numpy.array([one for one, _ in pairs], dtype=numpy.uint32)
    second = numpy.array([other for _, other in pairs], dtype=numpy.uint32)
    assert pairs_of(first, second).tolist() == [pair_of(other, one) for one, other in pairs]


@given(st.lists(st.tuples(HASH, HASH), max_size=40), st.lists(HASH, max_size=10), st.integers(1, 4))
def test_lists_by_hash_one_by_one_and_at_once(
    items: list[tuple[int, int]], others: list[int], longest: int
) -> None:
    expected: dict[int, list[int]] = {}
    for form, number in items:
        expected.setdefault(form, []).append(number)
    hashes = numpy.array([form for form, _ in items], dtype=numpy.uint32)
    numbers = numpy.array([number for _, number in items], dtype=numpy.uint32)
    content = packed({}, HashLists.sections("it", hashes, numbers, longest))
    lists = HashLists(Container(memoryview(content), "here"), "it")
    asked = [*expected, *others]
    singly = [list(lists.get(form)) for form in asked]
    assert singly == [expected.get(form, [])[:longest] for form in asked]
    together: list[list[int]] = [[] for _ in asked]
    for place, number in zip(
        *(column.tolist() for column in lists.get_all(numpy.array(asked, dtype=numpy.uint32))), strict=True
    ):
        together[place].append(number)
    assert together == singly


def test_lists_of_very_many_hashes_keep_half_of_each() -> None:
    chance = random.Random(1)
    hashes = numpy.array([chance.getrandbits(32) for _ in range(150_000)], dtype=numpy.uint32)
    sections = HashLists.sections("it", hashes, numpy.arange(len(hashes)))
    assert len(sections["it.hashes"]) == 2 * len(set(hashes.tolist()))
    lists = HashLists(Container(memoryview(packed({}, sections)), "here"), "it")
    assert all(row in lists.get(form) for row, form in enumerate(hashes[:2000].tolist()))
    others = [form for form in range(0, 1 << 32, 1 << 21) if form not in set(hashes.tolist())]
    assert not any(map(lists.get, others))
    places, rows = lists.get_all(numpy.concatenate([hashes, numpy.array(others, dtype=numpy.uint32)]))
    assert set(zip(places.tolist(), rows.tolist(), strict=True)) >= {(row, row) for row in range(len(hashes))}
    assert (hashes[rows] == hashes[places]).all()


def index(*names: str) -> CompiledIndex:
    entities = [Entity(str(row), EntityType.PERSON, name) for row, name in enumerate(names)]
    return CompiledIndex(Container(memoryview(compiled(entities, "v", "s", "c")), "here"))


@given(
    st.lists(st.text(LETTERS, min_size=4, max_size=12), min_size=1, max_size=8, unique=True),
    st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=100)
def test_a_word_leads_to_every_word_one_edit_away(words: list[str], chance: random.Random) -> None:
    known = index(*words)._names.words
    for word in words:
        place = chance.randrange(len(word))
        for edited in (
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place:],
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
            word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
        ):
            assert word in [known.texts[row] for row, _ in known.alike(edited)]


def test_a_rare_short_word_is_found_beside_many_that_hold_it() -> None:
    longer = [word for letter in LETTERS for word in (f"x{letter}i", f"xi{letter}", f"{letter}xi")]
    known = index("xi", *longer, *(f"{word} again" for word in longer))
    assert known.held("xi") == 1
    assert known.candidates(["xi"], 20)[0][0] == "xi"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Blinkon", "Antony Blinken"),
        ("A. Blinken", "Antony Blinken"),
        ("Blinken, Tony", "Antony Blinken"),
        ("Xi Jin Ping", "Xi Jinping"),
        ("Ban Kimoon", "Ban Ki-moon"),
        ("Netan Yahu", "Netanyahu"),
        ("UNHCR", "United Nations High Commissioner for Refugees"),
        ("United Nations High Commissioner for Refugees", "UNHCR"),
        ("Khungjen", "Hung Yen"),
        ("Premonasterians", "Premonstratensians"),
        ("Путин", "Vladimir Putin"),
        ("Bill Clinton", "William Clinton"),
    ],
)
def test_ways_to_a_name(query: str, name: str) -> None:
    others = [f"Somebody{LETTERS[row % 26]} Elsewhere{row}" for row in range(300)]
    found = index(name, *others)
    assert fold(name) in found.candidates([fold(query)], 20)[0]


@pytest.mark.parametrize("of", ["people-politics", "organizations", "countries"])
def test_what_brute_force_matches_the_index_matches(of: str) -> None:
    registry = load_registry(str(ROOT / "aliases" / f"{of}.yaml"))
    entities = list(registry.entities.values())
    slow = Matcher(MemoryIndex(entities), Thresholds())
    fast = Matcher(index_of(registry), Thresholds())
    chance = random.Random(11)
    names = [alias.name for entity in entities for alias in entity.forms()]
    asked = [Mention(misspelled(name, chance)) for name in chance.sample(names, 120)]
    for right, link in zip(slow.link_many(asked), fast.link_many(asked), strict=True):
        if right.decision is Decision.MATCH:
            assert link.entity == right.entity, link.mention.surface


@given(
    st.lists(
        st.lists(
            st.sampled_from("anna bob li lee kim min o j smith smyth smithers sun".split()), min_size=1
        ).map(" ".join)
        | st.text("aeinrst ", min_size=1),
        min_size=9,
        max_size=40,
    ),
    st.sampled_from([0, 60]),
    st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=60)
def test_a_batch_is_answered_as_each_by_itself(names: list[str], floor: int, chance: random.Random) -> None:
    keys = [key for name in names if (key := fold(name))]
    asked = [key for name in names if (key := fold(misspelled(name, chance)))]
    one_by_one, at_once = index(*keys), index(*keys)
    asked += keys
    assert at_once.candidates(asked, 5, floor) == [one_by_one.candidates([key], 5, floor)[0] for key in asked]


def misspelled(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    return name[:place] + chance.choice("aeiounrst") + name[place + 1 :]


def test_an_index_of_nothing_knows_nobody() -> None:
    nothing = index()
    assert nothing.candidates(["anybody"], 5) == [[]]
    assert nothing.held("anybody") == 0


def test_names_without_a_word_in_latin_letters_do_no_harm() -> None:
    entity = Entity("odd", EntityType.OTHER, "☃", (Alias("!"), Alias("x")))
    odd = CompiledIndex(Container(memoryview(compiled([entity], "v", "s", "c")), "here"))
    assert odd.candidates(["x", "y y"], 5)[0] == ["x"]


@given(st.lists(st.text(st.characters(exclude_characters="\n")), max_size=10), st.data())
def test_many_texts_are_those_of_each_row(texts: list[str], data: st.DataObject) -> None:
    stored = Texts(Container(memoryview(packed({}, Texts.sections("it", texts))), "here"), "it")
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1))) if texts else []
    assert stored.many(numpy.array(rows, dtype=numpy.int64)) == [texts[row] for row in rows]
