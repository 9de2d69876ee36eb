"""Judgements in force at once: an index with an overlay answers as one compiled from what was judged."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.errors import JudgementError, NormalizerError, UnknownEntityError
from normalizer.index import CompiledIndex, index_of
from normalizer.index.build import compiled
from normalizer.index.container import Container
from normalizer.index.overlay import OverlayIndex
from normalizer.interfaces.http.app import create_app
from normalizer.interfaces.http.state import current_engine
from normalizer.matcher import Matcher
from normalizer.model import Alias, AliasKind, Decision, Entity, EntityType, Mention, Title
from normalizer.registry import Registry, load_registry
from normalizer.settings import Settings, Thresholds
from normalizer.text.folding import MAX_NAME, fold

ROOT = Path(__file__).parent.parent
DESK = Path(__file__).parent / "cases" / "desk.yaml"

WORDS = "Joe Jo Biden Bidon Kim II the Bank of Bonn Univ Путин 习近平 Ki moon".split()
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join) | st.text("abÉ. ", max_size=5)
ENTITIES = st.lists(
    st.builds(
        Entity,
        id=st.sampled_from("abcdef"),
        type=st.sampled_from(EntityType),
        name=NAMES.filter(fold),
        aliases=st.lists(st.builds(Alias, NAMES.filter(fold)), max_size=3).map(tuple),
        titles=st.lists(st.builds(Title, NAMES), max_size=1).map(tuple),
        never=st.lists(NAMES.filter(fold), max_size=1).map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entity: entity.id,
).map(lambda entities: [without_contradictions(entity) for entity in entities])
JUDGEMENTS = st.lists(
    st.tuples(st.sampled_from(["accept", "veto", "withdraw"]), NAMES, st.sampled_from("abcdef")), max_size=12
)


def without_contradictions(entity: Entity) -> Entity:
    """No form stands in `not`, too: the registry's own files are refused otherwise."""
    own = {fold(form.name) for form in entity.forms()}
    return replace(entity, never=tuple(name for name in entity.never if fold(name) not in own))


def whole(entities: Sequence[Entity]) -> CompiledIndex:
    return CompiledIndex(Container(memoryview(compiled(entities, "v", "s", "c")), "here"))


def judge(index: OverlayIndex, act: str, name: str, entity_id: str) -> OverlayIndex:
    if act == "accept":
        return index.with_alias(Alias(name), entity_id)
    return index.with_veto(name, entity_id) if act == "veto" else index.without(name, entity_id)


class Desk:
    """What the judgements come to, said plainly: the entities written anew after each of them."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self.listed = {entity.id: entity for entity in entities}
        self.accepted: dict[str, list[str]] = {entity.id: [] for entity in entities}
        self.vetoed: dict[str, list[str]] = {entity.id: [] for entity in entities}

    def judge(self, act: str, name: str, entity_id: str) -> bool:
        """Judge; False if the judgement is refused."""
        if entity_id not in self.listed or not fold(name):
            return False
        entity, key = self.entity(entity_id), fold(name)
        accepted, vetoed = self.accepted[entity_id], self.vetoed[entity_id]
        is_vetoed = key in map(fold, entity.never)
        if act == "accept":
            if not is_vetoed and name not in [form.name for form in entity.forms()]:
                accepted.append(name)
            return not is_vetoed
        if act == "veto":
            if key == fold(entity.name):
                return False
            if not is_vetoed:
                accepted[:] = [other for other in accepted if fold(other) != key]
                vetoed.append(name)
            return True
        left = [other for other in vetoed if fold(other) != key]
        if name not in accepted and left == vetoed:
            return False
        accepted[:] = [other for other in accepted if other != name]
        vetoed[:] = left
        return True

    def entity(self, entity_id: str) -> Entity:
        entity = self.listed[entity_id]
        gone = set(map(fold, self.vetoed[entity_id]))
        aliases = [alias for alias in entity.aliases if fold(alias.name) not in gone]
        aliases += map(Alias, self.accepted[entity_id])
        return replace(entity, aliases=tuple(aliases), never=(*entity.never, *self.vetoed[entity_id]))

    def entities(self) -> list[Entity]:
        return [self.entity(entity_id) for entity_id in sorted(self.listed)]


def judged(entities: Sequence[Entity], acts: Sequence[tuple[str, str, str]]) -> tuple[OverlayIndex, Desk]:
    index, desk = OverlayIndex(whole(entities)), Desk(entities)
    for act in acts:
        try:
            index = judge(index, *act)
            is_taken = True
        except (JudgementError, UnknownEntityError):
            is_taken = False
        assert is_taken is desk.judge(*act), act
    return index, desk


@given(ENTITIES, JUDGEMENTS, st.lists(NAMES, max_size=4))
@settings(deadline=None, max_examples=120)
def test_what_is_known_is_as_if_it_had_been_compiled(
    entities: list[Entity], acts: list[tuple[str, str, str]], asked: list[str]
) -> None:
    index, desk = judged(entities, acts)
    expected = whole(desk.entities())
    assert index.entities() == expected.entities()
    assert index.key_count == expected.key_count
    names = [name for _, name, _ in acts] + [form.name for entity in entities for form in entity.forms()]
    for key in {fold(name) for name in (*asked, *names)}:
        assert index.exact(key) == expected.exact(key)
        assert index.by_type(key) == expected.by_type(key)
        assert index.never(key) == expected.never(key)
        assert index.title_of(key) == expected.title_of(key)
        words = key.split() if expected.exact(key) else []
        assert all(index.goes_on(" ".join(words[:size])) for size in range(1, len(words)))
        for word in key.split():
            sizes = [known.count(" ") + 1 for known in expected.keys if known.split()[0] == word]
            assert index.longest_from(word) >= max(sizes, default=0)
            assert index.held(word) == expected.held(word)
            assert index.rarity(word) == expected.rarity(word)
    assert (index.version == "v") is (expected.entities() == sorted(entities, key=lambda entity: entity.id))


@given(ENTITIES, JUDGEMENTS, st.lists(NAMES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=120)
def test_decisions_are_as_if_it_had_been_compiled(
    entities: list[Entity], acts: list[tuple[str, str, str]], asked: list[str]
) -> None:
    index, desk = judged(entities, acts)
    mentions = [Mention(name) for name in (*asked, *(name + "x" for _, name, _ in acts))]
    expected = Matcher(whole(desk.entities()), Thresholds()).link_many(mentions)
    for link, right in zip(Matcher(index, Thresholds()).link_many(mentions), expected, strict=True):
        assert (link.decision, link.entity) == (right.decision, right.entity), link.mention


@pytest.fixture(params=["in memory", "kept"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    cache = str(tmp_path / "kept") if request.param == "kept" else None
    return Engine.open(Settings(registry=str(DESK), cache=cache))


DRAFT = "Antony Blinken met the press. Tonibling spoke of Ukraine; Mr. Tonibling was tired."


def test_an_accepted_name_counts_at_once(engine: Engine) -> None:
    before = engine.index_version
    assert engine.link("Tonibling").decision is Decision.NIL
    entity = engine.accept("Tonibling", "antony-blinken", AliasKind.NICKNAME, "the desk")
    assert entity.aliases[-1] == Alias("Tonibling", AliasKind.NICKNAME, source="the desk")
    assert engine.entity("antony-blinken") == entity == engine.registry.entities["antony-blinken"]
    assert engine.link("TONIBLING").entity == entity
    assert engine.link("Tonniblink").entity == entity  # misspelled in its turn
    assert engine.index_version != before
    response = create_app(engine).test_client().get("/v1/entities/antony-blinken")
    assert "Tonibling" in response.get_data(as_text=True)
    assert response.headers["X-Normalizer-Index"] == engine.index_version
    assert engine.accept("Tonibling", "antony-blinken") == entity  # as it is listed
    engine.withdraw("Tonibling", "antony-blinken")
    assert (engine.link("Tonibling").decision, engine.index_version) == (Decision.NIL, before)


def test_a_draft_is_read_with_what_was_judged(engine: Engine) -> None:
    assert [finding.surface for finding in engine.check(DRAFT)] == []
    engine.accept("Tonibling", "antony-blinken", AliasKind.MISSPELLING)
    assert {finding.surface for finding in engine.check(DRAFT)} == {"Tonibling"}
    assert [finding.surface for finding in engine.check("Antony Blinken met Blinkon.")] == ["Blinkon"]
    engine.veto("Blinkon", "antony-blinken")
    assert engine.check("Antony Blinken met Blinkon.") == []


def test_a_veto_beats_what_is_listed_and_what_was_accepted(engine: Engine) -> None:
    before, listed = engine.index_version, engine.entity("antony-blinken")
    engine.accept("Tonibling", "antony-blinken")
    for name in ("Blinken", "Tonibling"):
        assert engine.link(name).decision is Decision.MATCH
        entity = engine.veto(name.upper(), "antony-blinken")
        assert name.upper() in entity.never
        assert name not in [form.name for form in entity.forms()]
        assert engine.link(name).candidates == ()
        with pytest.raises(JudgementError, match="known not to be"):
            engine.accept(name, "antony-blinken")
        assert engine.veto(name, "antony-blinken") == entity
    assert engine.link("Antony Blinken").decision is Decision.MATCH
    for name in ("Blinken", "Tonibling"):
        engine.withdraw(name, "antony-blinken")
    assert (engine.entity("antony-blinken"), engine.index_version) == (listed, before)
    assert engine.link("Blinken").decision is Decision.MATCH


def test_of_a_name_that_several_have_a_veto_takes_one() -> None:
    people = [
        Entity(f"bush-{row}", EntityType.PERSON, f"George {row} Bush", (Alias("Bush"),)) for row in "hw"
    ]
    engine = Engine(Registry(people))
    assert engine.link("Bush").decision is Decision.REVIEW
    engine.veto("Bush", "bush-h")
    assert engine.link("Bush").entity == people[1]
    engine.accept("Dubya", "bush-h")
    engine.accept("Dubya", "bush-w")
    assert [candidate.entity.id for candidate in engine.link("Dubya").candidates] == ["bush-h", "bush-w"]


@pytest.mark.parametrize("act", ["accept", "veto", "withdraw"])
@pytest.mark.parametrize(
    ("name", "entity_id", "error", "words"),
    [
        ("Blinkonski", "nobody", UnknownEntityError, "no entity with the id 'nobody'"),
        ("", "antony-blinken", JudgementError, "the name is empty"),
        ("***", "antony-blinken", JudgementError, "could never match"),
        ("x" * (MAX_NAME + 1), "antony-blinken", JudgementError, "501 characters long"),
        ("Bli\ud83d", "antony-blinken", JudgementError, r"'Bli\\ud83d' holds half a surrogate pair"),
    ],
)
def test_what_cannot_be_judged(
    engine: Engine, act: str, name: str, entity_id: str, error: type[NormalizerError], words: str
) -> None:
    before = engine.index_version
    with pytest.raises(error, match=words):
        getattr(engine, act)(name, entity_id)
    assert engine.index_version == before


def test_a_source_is_text_too(engine: Engine) -> None:
    with pytest.raises(JudgementError, match="half a surrogate pair"):
        engine.accept("Tonibling", "antony-blinken", source="\udc80")


def test_what_contradicts_the_registry_is_refused() -> None:
    engine = Engine(Registry([Entity("boris", EntityType.PERSON, "Boris Johnson", never=("Boris Jonson",))]))
    with pytest.raises(
        JudgementError, match="known not to be 'boris'; take that back first, or out of its not"
    ):
        engine.accept("BORIS JONSON", "boris")
    with pytest.raises(JudgementError, match="the name that 'boris' is listed under"):
        engine.veto("boris johnson", "boris")
    for name in ("Boris Jonson", "Boris Johnson", "Bojo"):
        with pytest.raises(JudgementError, match="neither accepted nor vetoed"):
            engine.withdraw(name, "boris")


def test_a_snapshot_and_a_request_see_one_registry(engine: Engine) -> None:
    earlier, version = engine.snapshot(), engine.index_version
    with create_app(engine).test_request_context():
        assert current_engine().index_version == version
        engine.accept("Tonibling", "antony-blinken")
        assert current_engine().link("Tonibling") == earlier.link("Tonibling")
    assert (earlier.index_version, earlier.link("Tonibling").decision) == (version, Decision.NIL)
    assert (engine.index_version != version, engine.link("Tonibling").decision) == (True, Decision.MATCH)


def test_a_kept_file_is_left_as_it_is(tmp_path: Path) -> None:
    settings = Settings(registry=str(DESK), cache=str(tmp_path))
    engine = Engine.open(settings)
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    engine.accept("Tonibling", "antony-blinken")
    engine.veto("Blinken", "antony-blinken")
    assert engine.link("Tonibling").decision is Decision.MATCH
    assert [left.read_bytes() for left in tmp_path.iterdir()] == [content]
    assert Engine.open(settings).link("Blinken").decision is Decision.MATCH


def test_readers_see_the_index_before_a_judgement_or_after_it() -> None:
    engine = Engine.open(Settings(registry=str(DESK)))
    answers: dict[str, set[tuple[Decision, ...]]] = {}
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen = engine.snapshot()
            links = seen.link_many(["Tonibling", "Blinken", "Toniblinge"])
            answers.setdefault(seen.index_version, set()).add(tuple(link.decision for link in links))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(40):
        engine.accept("Tonibling", "antony-blinken")
        engine.veto("Blinken", "antony-blinken")
        engine.withdraw("Tonibling", "antony-blinken")
        engine.withdraw("Blinken", "antony-blinken")
    done.set()
    for reader in readers:
        reader.join()
    assert 1 <= len(answers) <= 4
    assert all(len(seen) == 1 for seen in answers.values())


def test_of_judgements_made_at_once_none_is_lost() -> None:
    engine = Engine.open(Settings(registry=str(DESK)))
    ids = list(engine.registry.entities)

    def accept(own: int) -> None:
        for row, entity_id in enumerate(ids):
            engine.accept(f"Somebody{own} Else{row}", entity_id)

    writers = [threading.Thread(target=accept, args=(own,)) for own in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for row, entity_id in enumerate(ids):
        assert all(
            engine.link(f"Somebody{own} Else{row}").entity == engine.entity(entity_id) for own in range(4)
        )


def test_many_accepted_names_are_found_misspelled() -> None:
    chance = random.Random(8)
    registry = load_registry(str(ROOT / "aliases" / "countries.yaml"))
    index, ids = OverlayIndex(index_of(registry)), list(registry.entities)
    owners: dict[str, str] = {}
    for row in range(200):
        name = "".join(chance.choices("bcdfghklmnprstvz", k=9)) + " " + "".join(chance.choices("aeiou", k=4))
        owners[name] = ids[row % len(ids)]
        index = index.with_alias(Alias(name), owners[name])
        index.candidates([fold(name)], 5)
    matcher = Matcher(index, Thresholds())
    asked = [Mention(name[:4] + name[5:]) for name in owners]
    for link, owner in zip(matcher.link_many(asked), owners.values(), strict=True):
        assert link.candidates[0].entity.id == owner
    assert index.key_count == index_of(registry).key_count + 200
