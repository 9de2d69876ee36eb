"""Real names: is the right entity among the candidates of the index, and does the matcher put it first?

Each `registry_SET` is compiled into a file, then asked. *held* is the share of the near and mid queries
whose entity is among the candidates (`Index.candidates`), exact forms counting too; *candidates* how many
names those are. R@1 is over the near and mid queries that have an entity, and R@FA5 adds the absent ones,
as in the table "Real names" of the peers' measurements, whose best cells (at most what any measured peer or
prototype reached, CPU time aside) are in `BEST`; *met* holds ours against them to the third digit. Mentions
have no type, as the peers know none. With `--models` every mention is scored with coefficients that were
learned without its entity; without, with the ones of the package, which have seen these queries.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from benchmarks.accuracy import links_out_of_fold
from benchmarks.common import Record, load_module, quietest, read_jsonl, table
from benchmarks.models import Models
from benchmarks.train_data import gold_of
from normalizer import Link, Mention, Settings
from normalizer.engine import Engine
from normalizer.matcher import SHORTLIST
from normalizer.text.folding import fold

BEST: Final = {
    "politicians": (0.931, 0.75),
    "sanctions": (0.838, 0.58),
    "legislators": (0.968, 0.95),
    "misspellings": (0.937, 0.88),
    "orgs": (0.760, 0.53),
    "clubs": (0.935, 0.72),
    "tennis": (0.979, 0.94),
}
"""Set → best R@1 and best R@FA5 of all measured, seldom of one and the same peer."""
HELD: Final = 0.98
HELD_OF: Final = {"orgs": 0.95}
"""Least share of the queries whose entity is to be among the candidates, and where less will do."""
REACHABLE: Final = ("near", "mid")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bench", type=Path, required=True, help="the folder of lookup_peers.py")
    add_data(parser)
    parser.add_argument("--models", type=Path, help="what benchmarks.train wrote")
    parser.add_argument("--rounds", type=int, default=1, help="timed rounds, the quietest counts")
    parser.add_argument("--missed", type=int, default=0, metavar="N", help="list N entities not held, a set")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add what a part needs that reads the query sets."""
    parser.add_argument("--data", type=Path, required=True, help="the folder of the query sets")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be repeated")


def sets_asked(asked: argparse.Namespace) -> list[str]:
    """The sets asked for, else all that are there."""
    present = sorted(path.name[8:-9] for path in asked.data.glob("queries_*.jsonl.gz"))
    return asked.set or present


def report(asked: argparse.Namespace) -> str:
    harness = load_module(asked.bench / "lookup_peers.py")
    models = Models(asked.models) if asked.models else None
    rows, missed = [], []
    for name in sets_asked(asked):
        row, lost = measure(name, asked.data, harness, models, asked.rounds)
        rows.append(row)
        missed += [f"- {name}: {line}" for line in lost[: asked.missed]]
    header = [
        "set", "queries", "held", "target", "met", "candidates", "µs CPU, candidates",
        "R@1", "best peer", "met", "R@FA5", "best peer", "met", "µs CPU, match",
    ]  # fmt: skip
    source = f"coefficients out of fold, {asked.models.name}" if models else "the package's coefficients"
    return "\n".join([f"{source}\n", table(header, rows), *missed])


def measure(
    name: str, data: Path, harness: ModuleType, models: Models | None, rounds: int
) -> tuple[list[object], list[str]]:
    """One set: its row of the table, and the queries whose entity is not held."""
    everything = list(read_jsonl(data / f"queries_{name}.jsonl.gz"))
    queries = [query for query in everything if query["bucket"] in REACHABLE or not query["gold"]]
    with tempfile.TemporaryDirectory() as cache:
        settings = Settings(registry=str(data / f"registry_{name}.jsonl.gz"), cache=cache)
        engine = Engine.open(settings)
        engine.link("Somebody Unheard-of")
        known = [query for query in queries if query["gold"]]
        held, missed, size, search = candidate_recall(engine, known, rounds)
        links, seconds = quietest(lambda: _links(engine, queries, models), rounds)
    row: list[object] = [name, len(queries), *_held_to(held, HELD_OF.get(name, HELD))]
    row += [f"{size:.1f}", round(1e6 * search)]
    for figure, bound in zip(_score(harness, queries, links), BEST.get(name, (None, None)), strict=True):
        row += _held_to(figure, bound)
    return [*row, round(1e6 * seconds / len(queries))], missed


def _held_to(figure: float, bound: float | None) -> list[object]:
    """A figure, what it is to reach, and whether it does."""
    return [figure, bound, None if bound is None else "yes" if round(figure, 3) >= bound else "**no**"]


def candidate_recall(
    engine: Engine, queries: Sequence[Record], rounds: int
) -> tuple[float, list[str], float, float]:
    """Whether the candidates hold the entity of each query.

    Returns:
        The share that is held, the queries that are not, the mean number of candidates, and the CPU
        seconds a query that the search took.
    """
    index = engine.matcher.index
    keys = [fold(query["query"]) for query in queries]
    shortlists, seconds = quietest(lambda: index.candidates(keys, SHORTLIST), rounds)
    missed = []
    for query, key, shortlist in zip(queries, keys, shortlists, strict=True):
        owners = {form.entity.id for name in (key, *shortlist) for form in index.exact(name)}
        right = gold_of(query) or set()
        if not owners & right:
            names = [entity.name for entity in map(engine.entity, sorted(right))]
            missed.append(f"{query['query']} → {', '.join(names)} ({query['bucket']})")
    size = sum(map(len, shortlists)) / len(queries)
    return 1 - len(missed) / len(queries), missed, size, seconds / len(queries)


def _links(engine: Engine, queries: Sequence[Record], models: Models | None) -> list[Link]:
    mentions = [Mention(query["query"]) for query in queries]
    return links_out_of_fold(engine, queries, mentions, models) if models else engine.link_many(mentions)


def _score(harness: ModuleType, queries: Sequence[Record], links: Sequence[Link]) -> tuple[float, float]:
    """R@1 and R@FA5 by the harness's own scorer, which knows one right answer a query."""
    answers = []
    for query, link in zip(queries, links, strict=True):
        right = gold_of(query) or set()
        somebody = sum(candidate.score for candidate in link.candidates)
        answers.append((int(link.candidates[0].entity.id in right), somebody) if link.candidates else None)
    golds = [(query["query"], 1 if query["gold"] else -1, query["bucket"]) for query in queries]
    figures = harness.score(answers, golds, (0, 1))
    return figures["recall1"], figures["r_fa5"]
