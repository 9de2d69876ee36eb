"""What the models learn from: features of mentions and candidates, and of labelled pairs, as arrays."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any, Final

import numpy

from benchmarks.common import Record, read_jsonl
from normalizer import EntityType, Settings
from normalizer.compare import compare_keys
from normalizer.compare.features import FEATURES, measured
from normalizer.engine import Engine
from normalizer.matcher import SHORTLIST
from normalizer.text.folding import fold

Array = numpy.ndarray[Any, Any]
TYPES: Final = (EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE)
"""Types that may weigh features otherwise than the rest."""
FOLDS: Final = 5


def fold_of(text: str) -> int:
    """The fold that an entity, or whatever else must not be split, falls into."""
    return int(hashlib.sha1(text.encode()).hexdigest(), 16) % FOLDS


def gold_of(query: Record) -> set[str] | None:
    """The right ids of a query; None when nobody is right."""
    gold = query["gold"]
    return None if gold is None else set(gold) if isinstance(gold, list) else {gold}


def fold_of_query(query: Record) -> int:
    """By its entity; by itself when it has none."""
    return fold_of(str(min(gold_of(query) or {query["query"]})))


@dataclass
class Candidates:
    """Mentions with their candidates, an entity and form a row.

    Attributes:
        values: Features, a row a form of a candidate.
        types: Index into `TYPES` of what a row was compared as; -1 for other.
        mention: Number of the mention a row belongs to.
        entity: Number of the candidate a row belongs to; unique over all mentions.
        right: Whether the candidate is the mention's entity.
        names: Row → the form, for look-up pairs.
        queries: The mentions.
        sets: Mention → its set.
    """

    values: Array
    types: Array
    mention: Array
    entity: Array
    right: Array
    names: list[str]
    queries: list[Record]
    sets: Array


def type_index(type: EntityType) -> int:
    return TYPES.index(type) if type in TYPES else -1


def _candidates_of(
    task: tuple[str, Path],
) -> tuple[list[Record], Array, list[tuple[int, str, bool, int, str]]]:
    """One set: its queries, the features of its rows, and mention, entity, right, type and form of each."""
    name, data = task
    queries = list(read_jsonl(data / f"queries_{name}.jsonl.gz"))
    index = Engine.open(Settings(registry=str(data / f"registry_{name}.jsonl.gz"))).matcher.index
    keys = [fold(query["query"]) for query in queries]
    values: list[list[float]] = []
    rows: list[tuple[int, str, bool, int, str]] = []
    for number, (query, key, shortlist) in enumerate(
        zip(queries, keys, index.candidates(keys, SHORTLIST), strict=True)
    ):
        asked, gold = EntityType.parse(query["type"]), gold_of(query) or set()
        for form in shortlist:
            owners = index.exact(form)
            for type in dict.fromkeys(owner.entity.type for owner in owners):
                used = type if asked is EntityType.OTHER else asked
                compared = compare_keys(key, form, used, index.rarity)
                if not compared.alignment.pairs and not compared.measures.places[0]:
                    continue
                found = measured(compared.measures)
                for owner in owners:
                    if owner.entity.type is type:
                        values.append(found)
                        rows.append(
                            (number, owner.entity.id, owner.entity.id in gold, type_index(used), form)
                        )
    return queries, numpy.array(values, dtype=numpy.float32), rows


def candidates(sets: Sequence[str], data: Path) -> Candidates:
    """Gather the candidates of all sets, two at a time."""
    with Pool(2) as pool:
        gathered = pool.map(_candidates_of, [(name, data) for name in sets], chunksize=1)
    numbers: dict[tuple[int, str], int] = {}
    mention, entity, right, types, names = [], [], [], [], []
    queries: list[Record] = []
    of_set: list[str] = []
    for name, (asked, _, rows) in zip(sets, gathered, strict=True):
        base = len(queries)
        for number, entity_id, is_right, type, form in rows:
            mention.append(base + number)
            entity.append(numbers.setdefault((base + number, entity_id), len(numbers)))
            right.append(is_right)
            types.append(type)
            names.append(form)
        queries += asked
        of_set += [name] * len(asked)
    return Candidates(
        numpy.concatenate([values for _, values, _ in gathered]),
        numpy.array(types),
        numpy.array(mention),
        numpy.array(entity),
        numpy.array(right),
        names,
        queries,
        numpy.array(of_set),
    )


@dataclass
class Pairs:
    """Labelled pairs of names.

    Attributes:
        values: Features, a row a pair; the mean of both directions.
        types: Index into `TYPES`; -1 for other.
        same: Whether both are one.
        folds: The fold of each.
        sets: The set of each.
        names: The two names.
    """

    values: Array
    types: Array
    same: Array
    folds: Array
    sets: Array
    names: list[tuple[str, str]]


LabelledPair = tuple[str, str, EntityType, bool, str]
"""Two names, their type, whether they are one, and the set they are from."""


def labelled_pairs(data: Path) -> list[LabelledPair]:
    """The pairs of the data."""
    pairs: list[LabelledPair] = [
        (pair["a"], pair["b"], EntityType.parse(pair["type"]), bool(pair["match"]), "pairs_real")
        for pair in read_jsonl(data / "pairs_real.jsonl.gz")
    ]
    for name in ("names_hard", "names_opensanctions"):
        with (data / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                type = EntityType.parse(line["schema"])
                pairs.append((line["query"], line["target"], type, line["label"] == "1", name))
    return pairs


def _pair_values(pair: LabelledPair) -> list[float]:
    first, second, type = fold(pair[0]), fold(pair[1]), pair[2]
    ways = [compare_keys(first, second, type), compare_keys(second, first, type)] if first and second else []
    if not all(way.alignment.pairs or way.measures.places[0] for way in ways) or not ways:
        return [0.0] * len(FEATURES)
    forward, backward = (measured(way.measures) for way in ways)
    return [(one + other) / 2 for one, other in zip(forward, backward, strict=True)]


def pair_folds(pairs: Iterable[LabelledPair]) -> list[int]:
    """Folds of pairs such that no name, folded, is in two."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    ends = []
    for first, second, *_ in pairs:
        a, b = root(fold(first)), root(fold(second))
        parents[max(a, b)] = min(a, b)
        ends.append(fold(first))
    return [fold_of(root(name)) for name in ends]


def measured_pairs(pairs: Sequence[LabelledPair]) -> Pairs:
    """Measure pairs in both directions."""
    with Pool(2) as pool:
        values = pool.map(_pair_values, pairs, chunksize=200)
    return Pairs(
        numpy.array(values, dtype=numpy.float32),
        numpy.array([type_index(pair[2]) for pair in pairs]),
        numpy.array([pair[3] for pair in pairs]),
        numpy.array(pair_folds(pairs)),
        numpy.array([pair[4] for pair in pairs]),
        [(pair[0], pair[1]) for pair in pairs],
    )
