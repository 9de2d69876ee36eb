"""Judgements laid over an index at once come to what they come to one after the other."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from test_overlay import ENTITIES, NAMES, judged, whole

from normalizer.engine import Engine
from normalizer.index.overlay import OverlayIndex
from normalizer.index.relay import relaid
from normalizer.matcher import Matcher
from normalizer.model import Alias, Decision, Entity, Mention
from normalizer.settings import Settings, Thresholds
from normalizer.text.folding import fold

DESK = Path(__file__).parent / "cases" / "desk.yaml"
ACTS = st.lists(
    st.tuples(st.sampled_from(["accept", "veto"]), NAMES, st.sampled_from("abcdefg")), max_size=12
)


@given(ENTITIES, ACTS, ACTS, st.lists(NAMES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=150)
def test_at_once_is_one_after_the_other(
    entities: list[Entity],
    before: list[tuple[str, str, str]],
    acts: list[tuple[str, str, str]],
    asked: list[str],
) -> None:
    over, _ = judged(entities, before)
    one_by_one, _ = judged(entities, acts)
    items = [(entity_id, Alias(name) if act == "accept" else name) for act, name, entity_id in acts]
    for at_once, _ in (relaid(OverlayIndex(whole(entities)), items), relaid(over, items)):
        assert at_once.version == one_by_one.version
        assert at_once.entities() == one_by_one.entities()
        assert at_once.key_count == one_by_one.key_count
        for name in (*asked, *(name for _, name, _ in acts)):
            assert at_once.exact(fold(name)) == one_by_one.exact(fold(name))
            assert at_once.never(fold(name)) == one_by_one.never(fold(name))
            for word in fold(name).split():
                assert at_once.held(word) == one_by_one.held(word)
        mentions = [Mention(name) for name in (*asked, *(name + "x" for _, name, _ in acts))]
        links = Matcher(at_once, Thresholds()).link_many(mentions)
        expected = Matcher(one_by_one, Thresholds()).link_many(mentions)
        assert [(link.decision, link.entity) for link in links] == [
            (link.decision, link.entity) for link in expected
        ]


def test_what_has_no_effect_is_given_back_with_the_reason() -> None:
    base = OverlayIndex(Engine.open(Settings(registry=str(DESK))).matcher.index)  # type: ignore[arg-type]
    items = [("nobody", Alias("Nick")), ("kyiv", "Kyiv"), ("joe-biden", "Joey"), ("joe-biden", Alias("Joey"))]
    index, refused = relaid(base, items)
    assert [entity_id for entity_id, _, _ in refused] == ["nobody", "kyiv", "joe-biden"]
    assert "listed under" in refused[1][2]
    assert index.never("joey") == {"joe-biden"}


def test_many_are_laid_over_in_one_go() -> None:
    index = OverlayIndex(Engine.open(Settings(registry=str(DESK))).matcher.index)  # type: ignore[arg-type]
    items = [("joe-biden", Alias(f"Joeyson {number}")) for number in range(20_000)]
    laid, refused = relaid(index, items)
    assert not refused
    assert Matcher(laid, Thresholds()).link_many([Mention("Joeyson 19999")])[0].decision is Decision.MATCH
    again, _ = relaid(laid, items[:-1])
    assert again.laid.portions is laid.laid.portions  # what was compiled is not compiled again
    assert again.exact("joeyson 19999") == ()
