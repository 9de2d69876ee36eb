"""What is measured of two aligned names: a table of small features, each a number from 0 to about 3.

The score is a weighed sum of them (`normalizer.compare.score`). A new feature is a row of `FEATURES` and a
run of `benchmarks/train.py`.
"""

from __future__ import annotations

from itertools import pairwise
from math import log, log1p
from typing import Final, NamedTuple

from rapidfuzz.fuzz import ratio

from normalizer.compare.alignment import ACRONYM, JOINED, Alignment
from normalizer.compare.knowledge import Role, known_places
from normalizer.compare.parts import Name, Part
from normalizer.compare.words import (
    ABBREVIATION,
    EQUAL,
    INITIAL,
    NICKNAME,
    SCRIPT,
    SOUND,
    SPELLING,
    VARIANT,
)
from normalizer.model import EntityType

_SHARED: Final = (SPELLING, SOUND, SCRIPT, INITIAL, NICKNAME, VARIANT, ABBREVIATION, JOINED, ACRONYM)
_LOSING: Final = (SPELLING, SOUND, JOINED)
_PLACE: Final = {feature: place for place, feature in enumerate(_SHARED)}
_NOTHING_SHARED: Final = (0.0,) * len(_SHARED)
_NOTHING_LOST: Final = (0.0,) * len(_LOSING)
_COUNTED: Final = frozenset({Role.KIND, Role.DIRECTION, Role.SIZE, Role.NUMBER, Role.INITIAL})


class Measures:
    """Sums over an alignment that the features are made of.

    Attributes:
        alignment: What was measured.
        query_total: What all words of the mention say; above 0.
        name_total: What all words of the form say; above 0.
        extra: What the mention's words without a partner say.
        missing: What the form's words without a partner say.
        extra_telling: Of these, what the words say that tell which one is meant.
        missing_telling: Likewise of the form's.
        extra_roles: Role → how many words without a partner the mention has of it.
        missing_roles: Likewise of the form.
        matched: What the pairs say, times their likeness.
        matched_telling: Of these, those that tell which one is meant.
        lost: What the pairs' unlikeness takes away.
        worst: The least likeness of a pair that tells which one is meant; 1 without any.
        equal: How many telling pairs are of equal words.
        unequal: How many are not.
        share: Feature of pairs → what these say.
        loss: Feature of pairs → what their unlikeness takes away.
        in_order: Whether the words stand in one order in both names.
        whole: Likeness of the names without spaces (Indel ratio), 0 to 1.
        places: Whether the two are known as one country or capital, and whether as two; a half where a
            name is known of several.
        generations: Generational suffixes or ordinals that part the two: of the mention, of the form; 0 for
            none.
    """

    __slots__ = (
        "alignment", "equal", "extra", "extra_roles", "extra_telling", "generations", "in_order", "loss",
        "lost", "matched", "matched_telling", "missing", "missing_roles", "missing_telling", "name_total",
        "places", "query_total", "share", "unequal", "whole", "worst",
    )  # fmt: skip

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        query, name = alignment.query, alignment.name
        self.query_total = sum(alignment.query_weights) or 1e-6
        self.name_total = sum(alignment.name_weights) or 1e-6
        self.extra, self.extra_telling, self.extra_roles = _left_over(
            query.parts, alignment.extra, alignment.query_weights
        )
        self.missing, self.missing_telling, self.missing_roles = _left_over(
            name.parts, alignment.missing, alignment.name_weights
        )
        self._sum_pairs()
        if query.by_syllable and name.by_syllable:
            self.whole = ratio(query.key, name.key) / 100
        else:
            self.whole = ratio(query.joined, name.joined) / 100
        self.generations = _generations(alignment)
        self.places = _known_places(alignment)

    def _sum_pairs(self) -> None:
        matched = matched_telling = lost = 0.0
        worst, equal, unequal = 1.0, 0, 0
        share: dict[str, float] = {}
        loss: dict[str, float] = {}
        for pair in self.alignment.pairs:
            said = pair.weight * pair.value
            matched += said
            if pair.is_telling:
                matched_telling += said
                if pair.feature == EQUAL:
                    equal += 1
                else:
                    unequal += 1
                    worst = min(worst, pair.value)
            if pair.feature != EQUAL:
                lost += pair.weight - said
                share[pair.feature] = share.get(pair.feature, 0.0) + pair.weight
                loss[pair.feature] = loss.get(pair.feature, 0.0) + pair.weight - said
        self.matched, self.matched_telling, self.lost = matched, matched_telling, lost
        self.worst, self.equal, self.unequal, self.share, self.loss = worst, equal, unequal, share, loss
        self.in_order = True
        if len(self.alignment.pairs) > 1:
            places = sorted([(pair.first[0], pair.second[0]) for pair in self.alignment.pairs])
            self.in_order = all(one[1] <= other[1] for one, other in pairwise(places))


def _left_over(
    parts: tuple[Part, ...], places: dict[int, None], weights: list[float]
) -> tuple[float, float, dict[Role, int]]:
    """What the words without a partner say, of these the telling ones, and how many there are of a role."""
    total = telling = 0.0
    roles: dict[Role, int] = {}
    for place in places:
        part, weight = parts[place], weights[place]
        total += weight
        if part.is_telling:
            telling += weight
        if part.role in _COUNTED:
            roles[part.role] = roles.get(part.role, 0) + 1
    return total, telling, roles


def _generations(alignment: Alignment) -> tuple[int, int]:
    """The generations of both; a word that both hold as often is a name in another order (Jinping Xi)."""
    return _generation(alignment.query, alignment.name), _generation(alignment.name, alignment.query)


def _generation(name: Name, other: Name) -> int:
    for part in name.parts:
        if part.generation and len(name.places[part.word]) > len(other.places.get(part.word, ())):
            return part.generation
    return 0


def _known_places(alignment: Alignment) -> tuple[float, float]:
    """Whether the two are known as one country or capital, and whether as two."""
    if alignment.query.type in (EntityType.PERSON, EntityType.ORGANIZATION):
        return 0.0, 0.0
    places = known_places()
    first = places.get(alignment.query.key)
    second = places.get(alignment.name.key) if first else None
    if not first or not second:
        return 0.0, 0.0
    if first == second:
        return 1.0, 0.0
    return 0.0, 0.5 if first & second else 1.0  # Korea may be North Korea


class Feature(NamedTuple):
    """One row of the table.

    Attributes:
        name: Its name in the coefficients.
        what: What it is, in words.
    """

    name: str
    what: str


FEATURES: Final[tuple[Feature, ...]] = (
    # what is left over
    Feature("extra", "share of the mention without a partner"),
    Feature("missing", "share of the form without a partner"),
    Feature("extra telling", "what is left of the mention"),
    Feature("missing telling", "what is left of the form"),
    Feature("any extra", "whether much is left of the mention"),
    Feature("any missing", "whether much is left of the form"),
    Feature("conflict", "one telling word for another"),
    Feature("any conflict", "the same, its first half"),
    Feature("one for another", "telling words are left on both sides"),
    # what agrees
    Feature("matched", "what the pairs say (log)"),
    Feature("matched telling", "what the telling pairs say (log)"),
    Feature("much matched", "the same, up to 4"),
    Feature("none equal", "no telling word is in both"),
    Feature("two equal", "two telling words are in both"),
    Feature("three equal", "three telling words are in both"),
    Feature("two unequal", "two telling pairs are of unequal words"),
    # how well it agrees
    Feature("worst", "unlikeness of the least like telling pair"),
    Feature("near", "how far the least like pair is above .85"),
    Feature("lost", "share lost in unlike pairs"),
    *(Feature(f"{feature} share", f"share of pairs by {feature}") for feature in _SHARED),
    *(Feature(f"{feature} loss", f"what pairs by {feature} lose") for feature in _LOSING),
    # the whole strings
    Feature("whole", "unlikeness of the names without spaces"),
    Feature("whole near", "how far their likeness is above .8"),
    Feature("disorder", "the words stand in another order"),
    Feature("holds name", "the form stands whole in the mention"),
    Feature("held by name", "the mention stands whole in the form"),
    Feature("longer", "how many times longer the mention is (log)"),
    Feature("shorter", "how many times shorter the mention is (log)"),
    Feature("words", "how many words the mention has (log)"),
    # names of one word
    Feature("one word", "the mention is one word"),
    Feature("of one word", "the form is one word"),
    Feature("one each", "both are"),
    Feature("one each worst", "unlikeness of the two"),
    Feature("one each long", "length of the longer one, up to 12, in tens"),
    Feature("one each first", "they begin with different letters"),
    # words that part
    Feature("kind for kind", "one kind word for another"),
    Feature("kind extra", "a kind word is left of the mention"),
    Feature("kind missing", "a kind word is left of the form"),
    Feature("direction", "a compass word is left over"),
    Feature("directions", "one compass word for another"),
    Feature("size", "a size word is left over"),
    Feature("number", "a number is left over"),
    Feature("numbers", "one number for another"),
    Feature("initial", "an initial is left over"),
    Feature("initials", "one initial for another"),
    Feature("generation", "the generations differ"),
    Feature("long holds", "the form stands whole in a mention of so many words (log)"),
    Feature("known place", "the form is a country or capital"),
    Feature("known as one", "one country or capital"),
    Feature("known apart", "two countries or capitals"),
)


def _shares(share: dict[str, float], totals: float) -> list[float]:
    """The share of pairs by each of the features that two words may share."""
    values = [0.0] * len(_SHARED)
    for feature, said in share.items():
        values[_PLACE[feature]] = min(1.5, said / totals)
    return values


def measured(m: Measures) -> list[float]:
    """The values of all features, in the order of the table."""
    query, name = m.alignment.query, m.alignment.name
    first, second = m.extra_roles, m.missing_roles
    conflict = min(m.extra_telling, m.missing_telling)
    totals = (m.query_total + m.name_total) / 2
    loss = m.loss.get
    words, form_words = len(query.parts), len(name.parts)
    length = log(len(query.key) / len(name.key))
    one_each = words == 1 == form_words
    holds_name, is_held = name.padded in query.padded, query.padded in name.padded
    log_words = log(words)
    return [
        m.extra / m.query_total,
        m.missing / m.name_total,
        min(2.5, m.extra_telling),
        min(2.5, m.missing_telling),
        min(0.6, m.extra_telling),
        min(0.6, m.missing_telling),
        min(2.0, conflict),
        min(0.5, conflict),
        conflict > 0.0,
        log1p(m.matched),
        log1p(m.matched_telling),
        min(4.0, m.matched_telling),
        m.equal == 0,
        m.equal > 1,
        m.equal > 2,
        m.unequal > 1,
        1.0 - m.worst,
        max(0.0, m.worst - 0.85),
        m.lost / totals,
        *(_shares(m.share, totals) if m.share else _NOTHING_SHARED),
        *([min(1.0, loss(kind, 0.0)) for kind in _LOSING] if m.loss else _NOTHING_LOST),
        1.0 - m.whole,
        max(0.0, m.whole - 0.8),
        not m.in_order,
        holds_name,
        is_held,
        max(0.0, length),
        max(0.0, -length),
        log_words,
        words == 1,
        form_words == 1,
        one_each,
        1.0 - m.worst if one_each else 0.0,
        min(12, max(len(query.joined), len(name.joined))) / 10 if one_each else 0.0,
        one_each and query.joined[0] != name.joined[0],
        Role.KIND in first and Role.KIND in second,
        Role.KIND in first,
        Role.KIND in second,
        Role.DIRECTION in first or Role.DIRECTION in second,
        Role.DIRECTION in first and Role.DIRECTION in second,
        Role.SIZE in first or Role.SIZE in second,
        Role.NUMBER in first or Role.NUMBER in second,
        Role.NUMBER in first and Role.NUMBER in second,
        Role.INITIAL in first or Role.INITIAL in second,
        Role.INITIAL in first and Role.INITIAL in second,
        m.generations[0] != m.generations[1],
        log_words if holds_name else 0.0,
        query.type is EntityType.PLACE and name.key in known_places(),
        *m.places,
    ]
