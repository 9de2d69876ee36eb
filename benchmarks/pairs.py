"""The pair sets of `benchmarks.accuracy`: how well two names are told to be one, without any registry."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.calibration import calibration_error, interval
from benchmarks.common import quietest, ratio, table
from benchmarks.models import Models
from benchmarks.peer_lookup import PEERS
from benchmarks.train_data import FOLDS, LabelledPair, labelled_pairs, pair_folds
from normalizer import Settings
from normalizer.engine import compare

Figures = dict[str, Any]


def pair_tables(data: Path, scorer: ModuleType, models: Models, examples: int) -> str:
    """AUC, recall at a precision and F1 of pairs, by the same definitions (a pair is a query of one name)."""
    every = labelled_pairs(data)
    folds = pair_folds(every)
    bound = Settings().thresholds.compare.match
    over, rows, shown, intervals = [], [], [], []
    for name in dict.fromkeys(pair[4] for pair in every):
        places = [place for place, pair in enumerate(every) if pair[4] == name]
        pairs = [every[place] for place in places]
        own = [folds[place] for place in places]
        ours, seconds = quietest(lambda: _out_of_fold(pairs, own, models))  # noqa: B023
        scored = {"ours": (ours, seconds)}
        with models.used(f"without {name}"):
            scored["ours, set left out"] = quietest(lambda: [_score(pair) for pair in pairs])  # noqa: B023
        for peer in PEERS:
            scored[peer.name] = quietest(lambda: [peer.score(a, b) for a, b, *_ in pairs])  # noqa: B023
        columns: dict[str, Figures] = {}
        for column, (scores, spent) in scored.items():
            figures = scorer.lookup(_lines(pairs, scores), [0.7, bound])
            columns[column] = figures
            at = f"{figures['best_F1']:.3f} @{figures['best_F1_threshold']:.2f}"
            values = [figures["AUC"], figures["R@P95"], figures["R@P99"], at, figures["at"][0.7]["F1"]]
            default = figures["at"][bound] if column.startswith("ours") else {}
            rest = [default.get("F1"), default.get("P"), f"{1e6 * spent / len(pairs):.1f}"]
            rows.append([name, column, *values, *rest])
        keys = ("AUC", "R@P95", "best_F1")
        best = [max(columns[peer.name][key] for peer in PEERS) for key in keys]
        over.append([name, *(ratio(columns["ours"][k], b) for k, b in zip(keys, best, strict=True))])
        answers = [(score, pair[3]) for score, pair in zip(ours, pairs, strict=True)]
        lines = _lines(pairs, ours)
        cells = []
        for key in ("AUC", "R@P95"):
            low, high = interval(lines, lambda some: scorer.lookup(some, [])[key] or 0.0)  # noqa: B023
            cells.append(f"{columns['ours'][key]:.3f} [{low:.3f}, {high:.3f}]")
        intervals.append([name, *cells, calibration_error(answers)])
        worst = sorted(zip(ours, pairs, strict=True), key=lambda item: -abs(item[0] - item[1][3]))
        shown += [
            f"- {name}, {'one' if pair[3] else 'two'}: {pair[0]} | {pair[1]} ({score:.2f})"
            for score, pair in worst[:examples]
        ]
    header = [
        "pairs", "scorer", "AUC", "R@P95", "R@P99", "best F1", "F1 @0.70", f"F1 @{bound:.2f}, our default",
        "precision there", "µs CPU a pair",
    ]  # fmt: skip
    return "\n".join(
        [
            table(["pairs, ours / best peer", "AUC", "R@P95", "best F1"], over),
            table(header, rows),
            table(["pairs, ours", "AUC", "R@P95", "calibration error"], intervals),
            *shown,
        ]
    )


def _score(pair: LabelledPair) -> float:
    return compare(pair[0], pair[1], pair[2])[0].score


def _out_of_fold(pairs: list[LabelledPair], folds: list[int], models: Models) -> list[float]:
    """Score each pair with the model of its fold."""
    scores: dict[int, float] = {}
    for fold in range(FOLDS):
        with models.used(f"fold {fold}"):
            scores.update((n, _score(pair)) for n, pair in enumerate(pairs) if folds[n] == fold)
    return [scores[number] for number in range(len(pairs))]


def _lines(pairs: list[LabelledPair], scores: list[float]) -> list[tuple[set[str] | None, str, float, None]]:
    return [
        ({"same"} if pair[3] else None, "same", score, None)
        for pair, score in zip(pairs, scores, strict=True)
    ]
