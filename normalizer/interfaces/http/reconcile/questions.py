"""What both versions ask: whom a name means, told as candidates with scores from 0 to 100."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from normalizer.engine import Engine
from normalizer.errors import UnknownEntityError
from normalizer.interfaces.http.reconcile.properties import Condition, described, type_record
from normalizer.interfaces.requests import (
    MAX_CONTEXT,
    MAX_CONTEXT_LENGTH,
    MAX_LIMIT,
    MatchItem,
    Query,
    link_queries,
)
from normalizer.model import Decision, Entity, EntityType, Evidence, Link
from normalizer.report.shapes import Record, rounded

DEFAULT_LIMIT: Final = 10
"""Candidates for a question, if it says nothing else."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one thing.

    Attributes:
        names: What it may be called; more than one are asked for by themselves, and the best answer counts.
        ids: What its id may be.
        type: What it is thought to be, if anything.
        types: What it must be one of; empty for anything.
        context: What else is known of it.
        conditions: What must be true of it.
        limit: Most candidates.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...] = ()
    type: EntityType | None = None
    types: frozenset[EntityType] = frozenset()
    context: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    limit: int = DEFAULT_LIMIT


@dataclass(slots=True)
class _Found:
    """An entity that a question may mean."""

    entity: Entity
    score: float
    is_meant: bool
    features: dict[str, float] = field(default_factory=dict)


def candidates(engine: Engine, questions: Sequence[Question | None]) -> list[list[Record]]:
    """Answer questions, each distinct name once.

    Args:
        engine: Who answers.
        questions: The questions; None where one is not understood.

    Returns:
        For each question its candidates, the best first. One at most is a match, and only if it is the
        only one that is clearly meant.
    """
    asked = [
        Query(None, MatchItem(name, None, question.type, _kept(question.context)))
        for question in questions
        if question is not None
        for name in question.names
    ]
    links = iter(link_queries(engine, asked, MAX_LIMIT))
    answers: list[list[Record]] = []
    for question in questions:
        own = [next(links) for _ in question.names] if question is not None else []
        answers.append([] if question is None else _records(engine, question, own))
    return answers


def _kept(context: Iterable[str]) -> tuple[str, ...]:
    """What of a context is read: it only helps, so that too much of it is no fault."""
    return tuple(text for text in context if len(text) <= MAX_CONTEXT_LENGTH)[:MAX_CONTEXT]


def _records(engine: Engine, question: Question, links: Sequence[Link | str]) -> list[Record]:
    found: dict[str, _Found] = {}
    for link in links:
        if isinstance(link, Link):
            _gather(link, found)
    for entity_id in (*question.ids, *question.names):  # an id in place of a name is understood
        entity = known_entity(engine, entity_id)
        if entity is not None:
            found[entity_id] = _Found(entity, 1.0, True, {"id": 1.0})
    kept = [one for one in found.values() if _is_asked_for(one.entity, question)]
    kept.sort(key=lambda one: (-one.score, one.entity.id))
    meant = [one.entity.id for one in kept if one.is_meant]
    return [_record(one, meant) for one in kept[: question.limit]]


def _gather(link: Link, found: dict[str, _Found]) -> None:
    """Add a link's candidates to those that were found."""
    for place, candidate in enumerate(link.candidates):
        is_meant = place == 0 and link.decision is Decision.MATCH
        known = found.get(candidate.entity.id)
        if known is not None:
            is_meant = is_meant or known.is_meant
        if known is None or candidate.score > known.score:
            features = _features(candidate.evidence)
            found[candidate.entity.id] = _Found(candidate.entity, candidate.score, is_meant, features)
        else:
            known.is_meant = is_meant


def _features(evidence: Iterable[Evidence]) -> dict[str, float]:
    """The features of a candidate; of one that was seen several times the greatest."""
    features: dict[str, float] = {}
    for item in evidence:
        features[item.feature] = max(features.get(item.feature, 0.0), item.value)
    return features


def _is_asked_for(entity: Entity, question: Question) -> bool:
    is_typed = not question.types or entity.type in question.types
    return is_typed and all(condition.holds(entity) for condition in question.conditions)


def _record(found: _Found, meant: Collection[str]) -> Record:
    entity = found.entity
    record: Record = {"id": entity.id, "name": entity.name}
    description = described(entity)
    if description:
        record["description"] = description
    record["score"] = rounded(100 * found.score)
    record["match"] = len(meant) == 1 and found.is_meant
    record["type"] = [type_record(entity.type)]
    record["features"] = [
        {"id": name, "name": name.replace("-", " "), "value": rounded(100 * value)}
        for name, value in found.features.items()
    ]
    return record


def known_entity(engine: Engine, entity_id: str) -> Entity | None:
    """The entity of an id, if there is one."""
    try:
        return engine.entity(entity_id)
    except (UnknownEntityError, UnicodeEncodeError):
        return None
