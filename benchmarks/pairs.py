"""The pair sets of `benchmarks.accuracy`: how well two names are told to be one, without any registry."""

from __future__ import annotations

import csv
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.common import quietest, ratio, read_jsonl, table
from benchmarks.peer_lookup import PEERS
from normalizer import EntityType
from normalizer.engine import compare

Pair = tuple[str, str, EntityType, bool]
"""Two names, their type, and whether they are of one entity."""
Figures = dict[str, Any]


def pair_sets(data: Path) -> dict[str, list[Pair]]:
    """The labelled pairs: two names, their type, whether they are one."""
    pairs = {
        "pairs_real": [
            (pair["a"], pair["b"], EntityType.parse(pair["type"]), bool(pair["match"]))
            for pair in read_jsonl(data / "pairs_real.jsonl.gz")
        ]
    }
    for name in ("names_hard", "names_opensanctions"):
        with (data / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            pairs[name] = [
                (line["query"], line["target"], EntityType.parse(line["schema"]), line["label"] == "1")
                for line in lines
            ]
    return pairs


def pair_tables(data: Path, scorer: ModuleType, examples: int, rounds: int) -> str:
    """AUC, recall at a precision and F1 of pairs, by the same definitions (a pair is a query of one name)."""
    over, rows, shown = [], [], []
    for name, pairs in pair_sets(data).items():
        columns: dict[str, tuple[Figures, float]] = {}
        ours, seconds = quietest(lambda: [compare(a, b, t)[0].score for a, b, t, _ in pairs], rounds)  # noqa: B023
        scored = {"ours": (ours, seconds)}
        for peer in PEERS:
            scored[peer.name] = quietest(lambda: [peer.score(a, b) for a, b, _, _ in pairs], rounds)  # noqa: B023
        for column, (scores, spent) in scored.items():
            lines = [
                ({"same"} if is_one else None, "same", score, None)
                for (*_, is_one), score in zip(pairs, scores, strict=True)
            ]
            columns[column] = scorer.lookup(lines, [0.7]), 1e6 * spent / len(pairs)
        for column, (figures, spent) in columns.items():
            at = f"{figures['best_F1']:.3f} @{figures['best_F1_threshold']:.2f}"
            values = [figures["AUC"], figures["R@P95"], figures["R@P99"], at, figures["at"][0.7]["F1"]]
            rows.append([name, column, *values, f"{spent:.1f}"])
        keys = ("AUC", "R@P95", "best_F1")
        best = [max(columns[peer.name][0][key] for peer in PEERS) for key in keys]
        over.append([name, *(ratio(columns["ours"][0][k], b) for k, b in zip(keys, best, strict=True))])
        worst = sorted(zip(ours, pairs, strict=True), key=lambda item: abs(item[0] - (not item[1][3])))
        shown += [
            f"- {name}, {'one' if is_one else 'two'}: {a} | {b} ({score:.2f})"
            for score, (a, b, _, is_one) in worst[:examples]
        ]
    first = table(["pairs, ours / best peer", "AUC", "R@P95", "best F1"], over)
    header = ["pairs", "scorer", "AUC", "R@P95", "R@P99", "best F1", "F1 @0.70", "µs CPU a pair"]
    return "\n".join([first, table(header, rows), *shown])
