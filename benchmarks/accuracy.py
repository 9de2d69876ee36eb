"""How well names are looked up and compared: every query set of the data, beside rapidfuzz in the same run.

    python -m benchmarks.accuracy --data ../shared/data --eval ../shared/eval [--set SET]...
        [--rounds N] [--examples N]

Look-up: each `queries_SET` against `registry_SET` through `Engine.link_many`, the mention's type given.
Compare: `pairs_real`, `names_hard.tsv` and `names_opensanctions.tsv` through `normalizer.engine.compare`,
without any registry. The figures are those of `score_lookup.py`, imported by path: best F1 counts null
queries, R@P95 is the share of queries answered rightly at the lowest threshold that keeps 95 % of the
answers right. CPU time is that of this process, registries and names made ready before, caches cold, in one
batch.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.common import Record, load_module, quietest, ratio, read_jsonl, table, where_it_ran
from benchmarks.pairs import pair_tables
from benchmarks.peer_lookup import PEERS, Answer, Peer
from normalizer import Decision, EntityType, Link, Mention, Settings
from normalizer.engine import Engine

FIGURES: Final = ("acc@1", "best_F1", "R@P95", "R@P99", "AUC")
BUCKETS: Final = ("near", "mid", "far", "acronym")
Figures = dict[str, Any]


@dataclass
class Measured:
    """One set as the library and the peers answered it.

    Attributes:
        name: The set.
        names: How many names its registry has.
        queries: The gold lines.
        links: The library's answers, in the same order.
        columns: Figures of "ours" and of each peer, `us` (µs CPU a query) and `n` (queries) among them.
        buckets: Bucket → figures of "ours" and "folded" there.
    """

    name: str
    names: int
    queries: list[Record]
    links: list[Link]
    columns: dict[str, Figures]
    buckets: dict[str, dict[str, Figures]]

    def over_best_peer(self, figure: str) -> str | None:
        """Our figure as so many times that of the best peer."""
        best = max(self.columns[peer.name][figure] or 0.0 for peer in PEERS)
        return ratio(self.columns["ours"][figure], best)


def gold_of(query: Record) -> set[str] | None:
    """The right ids of a query; None when nobody is right."""
    gold = query["gold"]
    return None if gold is None else set(gold) if isinstance(gold, list) else {gold}


def measure(name: str, data: Path, scorer: ModuleType, rounds: int) -> Measured:
    """Run one set through the library and all peers."""
    queries = list(read_jsonl(data / f"queries_{name}.jsonl.gz"))
    registry = data / f"registry_{name}.jsonl.gz"
    engine = Engine.open(Settings(registry=str(registry)))
    mentions = [Mention(query["query"], EntityType.parse(query["type"])) for query in queries]
    engine.link("Somebody Unheard-of")
    links, seconds = quietest(lambda: engine.link_many(mentions), rounds)
    rows = {
        query["qid"]: (
            link.candidates[0].entity.id if link.candidates else None,
            link.score,
            [candidate.entity.id for candidate in link.candidates],
        )
        for query, link in zip(queries, links, strict=True)
    }
    forms = names_of(registry)
    measured = Measured(name, len(forms), queries, links, {}, defaultdict(dict))
    _score(measured, "ours", queries, rows, seconds, scorer)
    for peer in PEERS:
        chosen = sample(queries, peer.cells // len(forms) if peer.cells else len(queries))
        names = [peer.prepare(form) for form, _ in forms]
        turns = 1 if peer.cells else rounds  # the slow one takes most of the time as it is
        answers, seconds = quietest(lambda: _look_up(peer, chosen, names), turns)  # noqa: B023 - at once
        found = {
            query["qid"]: (None if row is None else forms[row][1], score, None)
            for query, (row, score) in zip(chosen, answers, strict=True)
        }
        _score(measured, peer.name, chosen, found, seconds, scorer)
    return measured


def names_of(registry: Path) -> list[tuple[str, str]]:
    """All names of a registry with their owners' ids, in the order of the file: peers take the first."""
    return [
        (name, entity["id"])
        for entity in read_jsonl(registry)
        for name in (entity["name"], *(alias["name"] for alias in entity["aliases"]))
    ]


def _look_up(peer: Peer, queries: Sequence[Record], names: Sequence[str]) -> list[Answer]:
    return list(peer.nearest([query["query"] for query in queries], names))


def sample(queries: Sequence[Record], size: int) -> list[Record]:
    """So many queries, chosen by the hash of their ids, in their order."""
    ranked = sorted(queries, key=lambda query: hashlib.sha1(query["qid"].encode()).digest())
    chosen = {query["qid"] for query in ranked[:size]}
    return [query for query in queries if query["qid"] in chosen]


def _score(
    measured: Measured,
    column: str,
    queries: Sequence[Record],
    rows: Mapping[str, tuple[str | None, float, list[str] | None]],
    seconds: float,
    scorer: ModuleType,
) -> None:
    """Score one column over all its queries and by bucket."""
    lines = [(gold_of(query), *rows[query["qid"]]) for query in queries]
    figures: Figures = scorer.lookup(lines, [])
    measured.columns[column] = {**figures, "us": 1e6 * seconds / len(queries), "n": len(queries)}
    for bucket in BUCKETS:
        part = [line for line, query in zip(lines, queries, strict=True) if query["bucket"] == bucket]
        if part:
            measured.buckets[bucket][column] = scorer.lookup(part, [])


def figures_table(sets: Sequence[Measured]) -> str:
    """Ratios to the best peer, then all figures of all columns."""
    over = [[one.name, *(one.over_best_peer(figure) for figure in FIGURES)] for one in sets]
    rows: list[list[object]] = []
    for one in sets:
        for column, figures in one.columns.items():
            sampled = f" ({figures['n']})" if figures["n"] < len(one.queries) else ""
            at = f"{figures['best_F1']:.3f} @{figures['best_F1_threshold'] or 0:.2f}"
            values = [at if figure == "best_F1" else figures[figure] for figure in FIGURES]
            rows.append([one.name, column + sampled, *values, round(figures["us"])])
    shown = ["acc@1", "best F1", "R@P95", "R@P99", "AUC"]
    first = table(["set, ours / best peer", *shown], over)
    return f"{first}\n{table(['set', 'scorer (sample)', *shown, 'µs CPU a query'], rows)}"


def bucket_table(sets: Sequence[Measured]) -> str:
    """acc@1 by how like the query is to the nearest name of its entity."""
    header = ["set", *(f"{bucket}: {what}" for bucket in BUCKETS for what in ("n", "ours", "folded"))]
    rows: list[list[object]] = []
    for one in sets:
        row: list[object] = [one.name]
        for bucket in BUCKETS:
            columns = one.buckets.get(bucket)
            parts = (columns["ours"], columns["folded"]) if columns else ()
            row += [parts[0]["with_id"], *(part["acc@1"] for part in parts)] if parts else [None] * 3
        rows.append(row)
    return table(header, rows)


def decision_table(sets: Sequence[Measured]) -> str:
    """What the three-way decision is worth as it stands, by the default thresholds."""
    header = [
        "set", "match", "of these right", "right of all with an id", "nulls matched",
        "review", "of these first right", "right in first five", "nil", "of these null",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for one in sets:
        count: Counter[tuple[Decision, str]] = Counter()
        for query, link in zip(one.queries, one.links, strict=True):
            gold = gold_of(query)
            ids = [candidate.entity.id for candidate in link.candidates]
            count[link.decision, "all"] += 1
            count[link.decision, "nobody"] += gold is None
            count[link.decision, "first"] += bool(gold and ids and ids[0] in gold)
            count[link.decision, "five"] += bool(gold and gold & set(ids[:5]))
        total = len(one.queries)
        nobody = sum(gold_of(query) is None for query in one.queries)
        match, review, nil = (count[decision, "all"] for decision in Decision)
        right = count[Decision.MATCH, "first"]
        nulls = count[Decision.MATCH, "nobody"] / nobody if nobody else None
        row: list[object] = [one.name, match / total, right / match if match else None]
        row += [right / (total - nobody), nulls]
        reviewed = [count[Decision.REVIEW, what] / review if review else None for what in ("first", "five")]
        row += [review / total, *reviewed, nil / total]
        rows.append([*row, count[Decision.NIL, "nobody"] / nil if nil else None])
    return table(header, rows)


def wrong_matches(one: Measured, most: int) -> str:
    """The surest wrong matches of a set, readable."""
    wrong = [
        (link.score, query["query"], link.candidates[0].alias.name, query["bucket"])
        for query, link in zip(one.queries, one.links, strict=True)
        if link.decision is Decision.MATCH and link.candidates[0].entity.id not in (gold_of(query) or ())
    ]
    wrong.sort(key=lambda item: -item[0])
    lines = [f"- {query} → {name} ({score:.2f}, {bucket})" for score, query, name, bucket in wrong[:most]]
    return "\n".join([f"Wrong matches in {one.name}: {len(wrong)}", "", *lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of the query sets")
    parser.add_argument("--eval", type=Path, required=True, help="the folder of the scoring scripts")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be repeated")
    parser.add_argument("--examples", type=int, default=0, metavar="N", help="list the N surest errors")
    parser.add_argument("--rounds", type=int, default=1, help="timed rounds, the quietest counts")
    asked = parser.parse_args()
    scorer = load_module(asked.eval / "score_lookup.py")
    present = sorted(path.name[8:-9] for path in asked.data.glob("queries_*.jsonl.gz"))
    place = where_it_ran()
    sets = [measure(name, asked.data, scorer, asked.rounds) for name in asked.set or present]
    print(f"{place}; the quietest of {asked.rounds} rounds\n\n## Look-up\n\n{figures_table(sets)}")
    print(f"## Look-up, acc@1 by likeness\n\n{bucket_table(sets)}")
    print(f"## Decisions\n\nShares of the queries, and how many of them are right.\n\n{decision_table(sets)}")
    if asked.examples:
        print("\n".join(wrong_matches(one, asked.examples) for one in sets))
    print(f"## Compare\n\n{pair_tables(asked.data, scorer, asked.examples, asked.rounds)}")


if __name__ == "__main__":
    main()
