"""Where the matcher answers otherwise over the compiled index than over an oracle that looks at every name.

A fixed sample of each set's queries, of all buckets, goes through `Matcher.link_many` twice: over
`CompiledIndex`, from a file, and over `MemoryIndex`. An answer is the decision and the first entity; each
that differs is listed with both answers and their scores, the oracle's first, and with the entity that is
right. Where both say that it is nobody, another first candidate is only a guess: counted, and listed with
`--guesses`. *oracle right* and *index right* are of all that differ. A difference of the score alone, where
it is above a hundredth, is counted.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy import mentions_of
from benchmarks.common import Record, read_jsonl, table
from benchmarks.index_file import made
from benchmarks.index_sets import add_data, sets_asked
from benchmarks.train_data import gold_of
from normalizer import Decision, Link, Mention
from normalizer.index import MemoryIndex
from normalizer.matcher import Matcher
from normalizer.registry import Registry, load_registry
from normalizer.settings import Thresholds


def arguments(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--size", type=int, default=200, help="queries of each set; 0 for all")
    parser.add_argument("--seed", type=int, default=20261123, help="which queries")
    parser.add_argument("--guesses", action="store_true", help="list the differences between two nils, too")
    parser.add_argument("--untyped", action="store_true", help="do not tell the type of a mention")


def report(asked: argparse.Namespace) -> str:
    header = ["set", "queries", "same", "decision differs", "entity differs", "guess of a nil differs",
              "oracle right", "index right",
              "same, score differs"]  # fmt: skip
    found = [differences(name, asked) for name in sets_asked(asked)]
    rows = [one.row() for one in found]
    lines = [f"- {one.name}: {line}" for one in found for line in one.lines + one.guesses * asked.guesses]
    return "\n".join([table(header, rows), *(lines or ["No answer differs."])])


@dataclass
class Differences:
    """How the answers of one set differ.

    Attributes:
        name: The set.
        count: What was counted, by name.
        lines: Each difference, readable.
        guesses: Those where both say that it is nobody, and have another first candidate.
    """

    name: str
    count: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)

    def row(self) -> list[object]:
        """The counts in the order of the table."""
        names = ("queries", "same", "decision", "entity", "guess", "oracle right", "index right", "score")
        return [self.name, *(self.count[name] for name in names)]


def differences(name: str, asked: argparse.Namespace) -> Differences:
    """Ask both about one set."""
    queries = sampled(list(read_jsonl(asked.data / f"queries_{name}.jsonl.gz")), asked.size, asked.seed)
    registry = load_registry(str(asked.data / f"registry_{name}.jsonl.gz"))
    mentions = [Mention(query["query"]) for query in queries] if asked.untyped else mentions_of(queries)
    oracle = Matcher(MemoryIndex(registry.entities.values()), Thresholds()).link_many(mentions)
    with tempfile.TemporaryDirectory() as folder:
        file = made(registry.entities.values(), Path(folder))
        ours = file.matcher().link_many(mentions)
    return compared(name, queries, oracle, ours, registry)


def sampled(queries: Sequence[Record], size: int, seed: int) -> list[Record]:
    """So many queries, always the same ones, in their order."""
    if not size or size >= len(queries):
        return list(queries)
    chosen = sorted(random.Random(seed).sample(range(len(queries)), size))
    return [queries[place] for place in chosen]


def compared(
    name: str, queries: Sequence[Record], oracle: Sequence[Link], ours: Sequence[Link], registry: Registry
) -> Differences:
    """Hold the answers to each query against each other."""
    found = Differences(name)
    for query, first, second in zip(queries, oracle, ours, strict=True):
        right = gold_of(query) or set()
        ids = [link.candidates[0].entity.id if link.candidates else None for link in (first, second)]
        found.count["queries"] += 1
        if first.decision is second.decision and ids[0] == ids[1]:
            found.count["same"] += 1
            found.count["score"] += abs(first.score - second.score) > 0.01
            continue
        are_nil = first.decision is second.decision is Decision.NIL
        found.count["guess"] += are_nil
        found.count["decision"] += first.decision is not second.decision
        found.count["entity"] += ids[0] != ids[1] and not are_nil
        found.count["oracle right"] += ids[0] in right
        found.count["index right"] += ids[1] in right
        names = ", ".join(registry.entities[one].name for one in sorted(right)) or "nobody"
        answers = f"oracle {_shown(first)}; index {_shown(second)}"
        lines = found.guesses if are_nil else found.lines
        lines.append(f"{query['query']!r} ({query['bucket']}): {answers}; right: {names}")
    return found


def _shown(link: Link) -> str:
    """An answer in a line."""
    if not link.candidates:
        return str(link.decision)
    best = link.candidates[0]
    return f"{link.decision} {best.entity.id} {best.alias.name!r} {best.score:.3f}"
