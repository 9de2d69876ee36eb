"""Answers to plain names, kept as they are sent: pipelines ask for the same names all day.

An answer depends on the name, the limit and the version of the index, and on nothing else; so what was
answered from a version is the answer for as long as that version answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from normalizer.engine import Engine
from normalizer.interfaces.http import shapes
from normalizer.interfaces.requests import Query, answer_query, link_queries
from normalizer.model import Decision, Link
from normalizer.report.shapes import ItemId, json_bytes

MOST: Final = 20_000
"""Answers that are kept: some ten megabytes."""
LARGEST: Final = 2_000
"""Bytes of an answer that is kept; one with many candidates is longer."""
_HEAD: Final = b'{"id":'
_BEHIND_NOBODY: Final = len(b'{"id":null')


_Key = tuple[str, int]
"""A name, and the most candidates for it."""


class _Version(NamedTuple):
    name: str
    answers: dict[_Key, bytes]


class Remembered:
    """What was answered, of the last version of the index that was asked."""

    def __init__(self) -> None:
        self._last = _Version("", {})

    def answers(self, engine: Engine, queries: Sequence[Query], limit: int) -> list[bytes]:
        """Answer queries, each as the JSON object that stands in its place.

        Args:
            engine: Who answers what is not remembered.
            queries: The names.
            limit: Most candidates for each.
        """
        known, index = self._of(engine.index_version), engine.index_version
        keys = [_key(query, limit) for query in queries]
        answers: list[bytes | None] = []
        for query, key in zip(queries, keys, strict=True):
            tail = known.get(key) if key is not None else None
            if tail is None and key is not None:
                tail = _sole_tail(engine, key[0], index)
                if tail is not None:
                    _keep(known, key, tail)
            answers.append(_HEAD + _id_bytes(query.id) + tail if tail is not None else None)
        left = [query for query, answer in zip(queries, answers, strict=True) if answer is None]
        weighed = iter(_weighed(engine, left, limit, known) if left else ())
        return [next(weighed) if answer is None else answer for answer in answers]

    def _of(self, index: str) -> dict[_Key, bytes]:
        """The answers of a version; those of another are forgotten, by who still answers from it too."""
        last = self._last
        if last.name != index:
            last = self._last = _Version(index, {})
        return last.answers


def _sole_tail(engine: Engine, name: str, index: str) -> bytes | None:
    """The answer to a name that is one entity's alone, behind its id; it is what `link_record` says of it."""
    form = engine.sole(name)
    if form is None:
        return None
    entity, alias = form.entity, form.alias.name
    evidence = [shapes.Evidence("alias", 1.0, 1.0, name, alias)]
    candidates = [shapes.Candidate(entity.id, entity.name, alias, 1.0, evidence)]
    link = shapes.Link(None, name, Decision.MATCH, entity.id, 1.0, None, candidates, index)
    return json_bytes(link)[_BEHIND_NOBODY:]


def _weighed(engine: Engine, queries: Sequence[Query], limit: int, known: dict[_Key, bytes]) -> list[bytes]:
    """Answer queries for which there is something to weigh, and keep the answers to plain names."""
    answers, index = [], engine.index_version
    for query, link in zip(queries, link_queries(engine, queries, limit), strict=True):
        answer = json_bytes(answer_query(query, link, limit, index))
        answers.append(answer)
        key = _key(query, limit)
        if key is not None and isinstance(link, Link):
            _keep(known, key, answer[len(_HEAD) + len(_id_bytes(query.id)) :])
    return answers


def _keep(known: dict[_Key, bytes], key: _Key, tail: bytes) -> None:
    if len(tail) <= LARGEST:
        if len(known) >= MOST:
            known.clear()
        known[key] = tail


def _key(query: Query, limit: int) -> _Key | None:
    """What an answer is remembered by; nothing if more is asked than a name."""
    item = query.item
    return (item.name, limit) if item is not None and item.type is None and not item.context else None


def _id_bytes(item_id: ItemId) -> bytes:
    return b"%d" % item_id if type(item_id) is int else json_bytes(item_id)
