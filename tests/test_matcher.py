"""Links: the three decisions, ties, types, context, and what must not change them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import normalizer
from normalizer.engine import Engine
from normalizer.index import MemoryIndex
from normalizer.matcher import Matcher
from normalizer.model import Alias, Decision, Entity, EntityType, Guard, Mention, Title
from normalizer.registry import Registry
from normalizer.settings import Thresholds
from normalizer.text.folding import MAX_NAME, fold

ROOT = Path(__file__).parent.parent


def person(entity_id: str, name: str, *aliases: str, title: str = "") -> Entity:
    titles = (Title(title),) if title else ()
    return Entity(entity_id, EntityType.PERSON, name, tuple(map(Alias, aliases)), titles)


PEOPLE = [
    person("antony-blinken", "Antony Blinken", "Blinken", title="Secretary of State"),
    person("bill-clinton", "Bill Clinton", "Clinton"),
    person("george-h-w-bush", "George H. W. Bush", "Bush"),
    person("george-w-bush", "George W. Bush", "Bush", title="Governor of Texas"),
    person("hillary-clinton", "Hillary Clinton", "Clinton", title="Secretary of State"),
    person("joe-biden", "Joe Biden", "Biden"),
    person("xi-jinping", "Xi Jinping", "Xi"),
    Entity("georgia-country", EntityType.PLACE, "Georgia"),
    Entity("georgia-company", EntityType.ORGANIZATION, "Georgia"),
    Entity(
        "mercury",
        EntityType.ORGANIZATION,
        "Mercury Records",
        (
            Alias("Mercury", guard=Guard(cased=True)),
            Alias("The Label", guard=Guard(near=("Mercury Records",))),
        ),
    ),
]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Registry(PEOPLE))


@pytest.fixture(scope="module")
def starter() -> Engine:
    return normalizer.open(ROOT / "aliases")


@pytest.mark.parametrize(
    ("surface", "decision", "entities"),
    [
        ("Secretary of State Blinken", "match", ["antony-blinken"]),
        ("Secretary of State Clinton", "match", ["hillary-clinton"]),
        ("Governor of Texas Clinton", "review", ["bill-clinton", "hillary-clinton"]),
        ("Governor of Texas Biden", "review", ["joe-biden"]),
        ("Governor of Texas Georgia", "review", ["georgia-country", "georgia-company"]),
        ("George Bush", "review", ["george-w-bush", "george-h-w-bush"]),
        ("mercury", "review", ["mercury"]),
        ("Mercury", "match", ["mercury"]),
        ("Jinping Xi", "match", ["xi-jinping"]),
        ("Antony Blinken", "match", ["antony-blinken"]),
        ("ANTONY  BLINKEN", "match", ["antony-blinken"]),
        ("Blinkon", "match", ["antony-blinken"]),
        ("Biden, Joe", "match", ["joe-biden"]),
        ("J. Biden", "match", ["joe-biden"]),
        ("Bush", "review", ["george-h-w-bush", "george-w-bush"]),
        ("Clinton", "review", ["bill-clinton", "hillary-clinton"]),
        ("Georgia", "review", ["georgia-company", "georgia-country"]),
        ("Ottoline Vandeperre", "nil", []),
        ("", "nil", []),
        ("***", "nil", []),
        ("x" * (MAX_NAME + 1), "nil", []),
    ],
)
def test_decisions(engine: Engine, surface: str, decision: str, entities: list[str]) -> None:
    link = engine.link(surface)
    assert link.decision == decision
    near = [candidate.entity.id for candidate in link.candidates if candidate.score > 0.2]
    assert near == entities
    assert (link.entity is not None) is (decision == "match")


def test_margin_is_the_lead_over_the_next_entity(engine: Engine) -> None:
    assert engine.link("Antony Blinken").margin is None
    assert engine.link("Bush").margin == 0.0
    link = engine.link("Blinkton")
    assert link.margin == pytest.approx(link.candidates[0].score - link.candidates[1].score)


def test_type_settles_a_tie_between_types_and_context_one_between_people(engine: Engine) -> None:
    assert engine.link(Mention("Georgia", EntityType.PLACE)).entity == PEOPLE[7]
    asked = Mention("Clinton", context=("Secretary of State",))
    link = engine.link(asked)
    assert link.entity is not None
    assert link.entity.id == "hillary-clinton"
    assert any(item.feature == "context" for item in link.candidates[0].evidence)
    unhelpful = Mention("Clinton", context=("Bill Clinton", "Hillary Clinton"))
    assert engine.link(unhelpful).decision is Decision.REVIEW


@pytest.mark.parametrize("surface", ["Antony Blinkon", "Antony Blinken", "Blinken"])
def test_a_name_of_another_type_is_no_match(engine: Engine, surface: str) -> None:
    assert engine.link(Mention(surface, EntityType.PLACE)).decision is Decision.REVIEW
    assert engine.link(Mention(surface, EntityType.OTHER)).decision is Decision.MATCH


def test_guard_near_asks_for_its_words_in_the_context(engine: Engine) -> None:
    assert engine.link("The Label").decision is Decision.MATCH
    assert engine.link(Mention("The Label", context=("a book",))).decision is Decision.REVIEW
    context = ("a very long text " * 200 + "about Mercury Records",)
    assert engine.link(Mention("The Label", context=context)).decision is Decision.MATCH


def test_a_type_may_be_text(engine: Engine) -> None:
    assert engine.link(Mention("Blinken", "person")) == engine.link(Mention("Blinken", EntityType.PERSON))  # type: ignore[arg-type]


def test_binary_fractions_decide_nothing(engine: Engine) -> None:
    for margin in (0.04, 0.1, 0.3):
        matcher = Matcher(engine.matcher.index, Thresholds(margin=margin))
        assert matcher.link(Mention("Clinton", context=("Secretary of State",))).decision is Decision.MATCH


def test_every_distinct_mention_gets_its_answer_in_its_place(engine: Engine) -> None:
    surfaces = ["Biden", "nobody at all", "Biden", "", "Blinkon"]
    assert engine.link_many(surfaces) == [engine.link(surface) for surface in surfaces]


def test_limit(engine: Engine) -> None:
    assert len(engine.link("Bush", limit=1).candidates) == 1
    assert engine.link("Bush", limit=1).margin == 0.0


@given(
    st.randoms(use_true_random=False), st.text(max_size=20) | st.sampled_from(["Bush", "Blinkon", "Clintom"])
)
@settings(max_examples=30)
def test_order_of_loading_decides_nothing(rng: random.Random, surface: str) -> None:
    shuffled = PEOPLE[:]
    rng.shuffle(shuffled)
    matcher = Matcher(MemoryIndex(shuffled), Thresholds())
    expected = Matcher(MemoryIndex(PEOPLE), Thresholds()).link(Mention(surface))
    assert matcher.link(Mention(surface)) == expected


def test_every_form_of_the_starter_registry_links_home_or_is_ambiguous(starter: Engine) -> None:
    ambiguous = starter.registry.ambiguous()
    forms = [(entity, alias) for entity in starter.registry.entities.values() for alias in entity.forms()]
    links = starter.link_many([alias.name for _, alias in forms], limit=10)
    for (entity, alias), link in zip(forms, links, strict=True):
        if fold(alias.name) in ambiguous:
            assert link.decision is Decision.REVIEW, alias.name
            assert entity in [candidate.entity for candidate in link.candidates], alias.name
        else:
            assert link.entity == entity, alias.name


def test_a_registry_of_nobody_answers_nil() -> None:
    engine = Engine(Registry([]))
    assert engine.link("Antony Blinken").decision is Decision.NIL
    assert engine.check("Antony Blinken spoke.") == []


RULERS = [
    Entity("muhammad-ali", EntityType.PERSON, "Muhammad Ali", countries=("Egypt",)),
    Entity("muhammad-ali-boxer", EntityType.PERSON, "Muhammad Ali", countries=("US",)),
    Entity("antony-blinken", EntityType.PERSON, "Antony Blinken", never=("Anthony Blinkin",)),
]


@pytest.mark.parametrize(
    ("surface", "context", "entity"),
    [
        ("Muhammad Ali", "Egypt", "muhammad-ali"),
        ("Muhammad Ali", "EG", "muhammad-ali"),
        ("Muhammad Ali", "Arab Republic of Egypt", "muhammad-ali"),
        ("Muhammad Ali", "a boxer from the United States", "muhammad-ali-boxer"),
        ("Muhammad Ali", "France", None),
        ("Muhammad Ali", "Egypt and the United States", None),
    ],
)
def test_a_country_in_the_context_settles_a_tie(surface: str, context: str, entity: str | None) -> None:
    link = Engine(Registry(RULERS)).link(Mention(surface, context=(context,)))
    assert (link.entity.id if link.entity is not None else None) == entity
    if entity is not None:
        assert any(item.feature == "context" for item in link.candidates[0].evidence)
    else:
        assert link.decision is Decision.REVIEW


def test_not_the_same_vetoes_a_match() -> None:
    engine = Engine(Registry(RULERS))
    assert engine.link("Anthony Blinken").decision is Decision.MATCH
    assert engine.link("anthony blinkin").candidates == ()


def test_probabilities_share_one_and_all_owners_are_listed(starter: Engine) -> None:
    for surface in ("Bush", "Zelinski", "J. Biden", "Georgie Bush", "Georgia"):
        link = starter.link(surface, limit=50)
        assert sum(candidate.score for candidate in link.candidates) <= 1.0 + 1e-9
    owners = [candidate.entity.name for candidate in starter.link("Bush").candidates]
    assert owners[:2] == ["George H. W. Bush", "George W. Bush"]


@given(st.text(max_size=30), st.sampled_from([None, *EntityType]))
@settings(max_examples=100, deadline=None)
def test_any_text_has_an_answer(surface: str, type: EntityType | None) -> None:
    engine = Engine(Registry(PEOPLE))
    link = engine.link(Mention(surface, type))
    assert all(0.0 <= candidate.score <= 1.0 for candidate in link.candidates)
    assert (link.entity is not None) is (link.decision is Decision.MATCH)


DOUBTFUL = [
    person("al-zapatero", "Al Zapatero"),
    person("christopher-zapatero", "Christopher Zapatero"),
    person("olaf-scholz", "Olaf Scholz", "Scholz"),
    person("charles-iii", "King Charles III", "King Charles", "Charles III"),
    Entity("donald-trump", EntityType.PERSON, "Donald Trump", (Alias("Trump"),), countries=("US",)),
    Entity("boris-johnson", EntityType.PERSON, "Boris Johnson", never=("Boris Johnston", "Boris Jonson")),
    Entity("channel", EntityType.ORGANIZATION, "Channel"),
    Entity("johns-hopkins", EntityType.ORGANIZATION, "Johns Hopkins University"),
    Entity("ireland", EntityType.PLACE, "Ireland"),
    Entity("chad", EntityType.PLACE, "Chad"),
]


@pytest.mark.parametrize(
    ("surface", "context"),
    [
        ("Zapatero", ()),
        ("Q. Scholz", ()),
        ("X Y Z Scholz", ()),
        ("King Charles I", ()),
        ("King Charles 2", ()),
        ("Eric Trump", ("Donald Trump",)),
        ("Ivana Trump", ("US",)),
        ("Mr Boris Johnston", ()),
        ("Dr Boris Jonson", ()),
        ("Boris Johnston's", ()),
        ("Channel 5", ()),
        ("Johns Hopkins Hospital", ()),
        ("Bank of Ireland", ()),
        ("Lake Chad", ()),
    ],
)
def test_somebody_near_is_no_match(surface: str, context: tuple[str, ...]) -> None:
    link = Engine(Registry(DOUBTFUL)).link(Mention(surface, context=context))
    assert link.decision is not Decision.MATCH, link


@pytest.mark.parametrize("surface", ["Chancellor Olaf Scholz", "Olaf Scholtz", "Boris Johnsen", "O. Scholz"])
def test_the_same_person_still_is(surface: str) -> None:
    assert Engine(Registry(DOUBTFUL)).link(surface).decision is Decision.MATCH


def test_the_form_shown_is_in_the_script_of_the_mention(starter: Engine) -> None:
    assert starter.link("Zelinski").candidates[0].alias.name.isascii()
    assert not starter.link("Зеленский").candidates[0].alias.name.isascii()


@pytest.mark.parametrize("count", [150, 200, 201, 3000])
@pytest.mark.parametrize("surface", ["Kim Jongsu", "Kim Jongsoo", "Kim Yongsu"])
def test_a_name_that_many_share_is_for_review_however_small_each_share(count: int, surface: str) -> None:
    link = Engine(Registry([person(f"kim-{row:04}", "Kim Jongsu") for row in range(count)])).link(surface)
    assert link.decision is Decision.REVIEW
    assert [candidate.entity.id for candidate in link.candidates] == [f"kim-{row:04}" for row in range(5)]
    assert link.margin == 0.0


def test_of_many_who_are_hardly_meant_nobody_is_a_candidate() -> None:
    engine = Engine(Registry([person(f"kim-{row:04}", "Kim Jongsu") for row in range(200)]))
    assert engine.link("Ottoline Vandeperre").candidates == ()
