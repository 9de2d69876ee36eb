"""How well names are looked up and compared, out of fold, beside rapidfuzz in the same run.

    python -m benchmarks.accuracy --data ../shared/data --eval ../shared/eval
        --models benchmarks/runs/DATE-models.json [--plot FILE.svg] [--set SET]... [--examples N]

Look-up: each `queries_SET` against `registry_SET` through `Engine.link_many`, the mention's type given, its
candidates from the brute-force index. "ours" scores every mention with coefficients that were learned
without its entity (five folds), "ours, set left out" with those learned on the other sets alone. Compare:
`pairs_real`, `names_hard.tsv` and `names_opensanctions.tsv` through `normalizer.engine.compare`, without any
registry, likewise out of fold. The figures are those of `score_lookup.py`, imported by path: best F1 counts
null queries, R@P95 is the share of queries answered rightly at the lowest threshold that keeps 95 % of the
answers right. Brackets hold the middle 95 % of 200 resamples of the queries. CPU time is that of this
process, registries and names made ready before, caches cold.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks.calibration import Answer, calibration_error, interval, reliability_svg
from benchmarks.common import Record, load_module, quietest, ratio, read_jsonl, table, where_it_ran
from benchmarks.models import Models
from benchmarks.pairs import pair_tables
from benchmarks.peer_lookup import PEERS, Peer
from benchmarks.peer_lookup import Answer as PeerAnswer
from benchmarks.train_data import FOLDS, fold_of_query, gold_of
from normalizer import Decision, EntityType, Link, Mention, Settings
from normalizer.engine import Engine
from normalizer.matcher import SHORTLIST
from normalizer.text.folding import fold

FIGURES: Final = ("acc@1", "best_F1", "R@P95", "R@P99", "AUC")
BUCKETS: Final = ("near", "mid", "far", "acronym")
LEFT_OUT: Final = "ours, set left out"
Figures = dict[str, Any]
Row = tuple[str | None, float, list[str] | None]
"""The entity answered, its score, and the candidates."""


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
        held: Share of the queries with an id whose entity is among the names compared in full.
    """

    name: str
    names: int
    queries: list[Record]
    links: list[Link]
    columns: dict[str, Figures]
    buckets: dict[str, dict[str, Figures]]
    held: float = 0.0

    def answers(self) -> list[Answer]:
        """Scores of the first candidates, out of fold, and whether they are right."""
        return [
            (link.score, link.candidates[0].entity.id in (gold_of(query) or ()))
            for query, link in zip(self.queries, self.links, strict=True)
            if link.candidates
        ]

    def over_best_peer(self, figure: str) -> str | None:
        """Our figure as so many times that of the best peer."""
        best = max(self.columns[peer.name][figure] or 0.0 for peer in PEERS)
        return ratio(self.columns["ours"][figure], best)


def measure(name: str, data: Path, scorer: ModuleType, models: Models) -> Measured:
    """Run one set through the library and all peers."""
    queries = list(read_jsonl(data / f"queries_{name}.jsonl.gz"))
    registry = data / f"registry_{name}.jsonl.gz"
    engine = Engine.open(Settings(registry=str(registry)))
    engine.link("Somebody Unheard-of")
    links, seconds = quietest(lambda: links_out_of_fold(engine, queries, mentions_of(queries), models))
    forms = names_of(registry)
    held = _shortlist_recall(engine, queries)
    measured = Measured(name, len(forms), queries, links, {}, defaultdict(dict), held)
    _score(measured, "ours", queries, _rows(queries, links), seconds, scorer)
    with models.used(f"without {name}"):
        links, seconds = quietest(lambda: engine.link_many(mentions_of(queries)))
    _score(measured, LEFT_OUT, queries, _rows(queries, links), seconds, scorer)
    for peer in PEERS:
        chosen = sample(queries, peer.cells // len(forms) if peer.cells else len(queries))
        names = [peer.prepare(form) for form, _ in forms]
        answers, seconds = quietest(lambda: _look_up(peer, chosen, names))  # noqa: B023 - at once
        found = {
            query["qid"]: (None if row is None else forms[row][1], score, None)
            for query, (row, score) in zip(chosen, answers, strict=True)
        }
        _score(measured, peer.name, chosen, found, seconds, scorer)
    return measured


def _shortlist_recall(engine: Engine, queries: Sequence[Record]) -> float:
    """Share of the queries with an id whose entity the shortlist holds."""
    index = engine.matcher.index
    known = [(fold(query["query"]), gold) for query in queries if (gold := gold_of(query))]
    shortlists = index.candidates([key for key, _ in known], SHORTLIST)
    held = [
        any(form.entity.id in gold for name in shortlist for form in index.exact(name))
        for (_, gold), shortlist in zip(known, shortlists, strict=True)
    ]
    return sum(held) / len(held)


def mentions_of(queries: Sequence[Record]) -> list[Mention]:
    """The queries with their types."""
    return [Mention(query["query"], EntityType.parse(query["type"])) for query in queries]


def links_out_of_fold(
    engine: Engine, queries: Sequence[Record], mentions: Sequence[Mention], models: Models
) -> list[Link]:
    """Link the mention of each query with the model of its fold."""
    links: dict[int, Link] = {}
    for number in range(FOLDS):
        places = [place for place, query in enumerate(queries) if fold_of_query(query) == number]
        with models.used(f"fold {number}"):
            found = engine.link_many([mentions[place] for place in places])
        links.update(zip(places, found, strict=True))
    return [links[place] for place in range(len(queries))]


def _rows(queries: Sequence[Record], links: Sequence[Link]) -> dict[str, Row]:
    return {
        query["qid"]: (
            link.candidates[0].entity.id if link.candidates else None,
            link.score,
            [candidate.entity.id for candidate in link.candidates],
        )
        for query, link in zip(queries, links, strict=True)
    }


def names_of(registry: Path) -> list[tuple[str, str]]:
    """All names of a registry with their owners' ids, in the order of the file: peers take the first."""
    return [
        (name, entity["id"])
        for entity in read_jsonl(registry)
        for name in (entity["name"], *(alias["name"] for alias in entity["aliases"]))
    ]


def _look_up(peer: Peer, queries: Sequence[Record], names: Sequence[str]) -> list[PeerAnswer]:
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
    rows: Mapping[str, Row],
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


def interval_table(sets: Sequence[Measured], scorer: ModuleType) -> str:
    """Our figures with their intervals, and the calibration error."""
    rows: list[list[object]] = []
    every: list[Answer] = []
    for one in sets:
        found = _rows(one.queries, one.links)
        lines = [(gold_of(query), *found[query["qid"]]) for query in one.queries]
        row: list[object] = [one.name, one.held]
        for figure in ("acc@1", "best_F1", "R@P95"):
            low, high = interval(lines, lambda some: scorer.lookup(some, [])[figure] or 0.0)  # noqa: B023
            row.append(f"{one.columns['ours'][figure]:.3f} [{low:.3f}, {high:.3f}]")
        rows.append([*row, _calibration_cell(one.answers())])
        every += one.answers()
    rows.append(["all", None, None, None, None, _calibration_cell(every)])
    return table(["set", "in the shortlist", "acc@1", "best F1", "R@P95", "calibration error"], rows)


def _calibration_cell(answers: Sequence[Answer]) -> str:
    low, high = interval(answers, calibration_error)
    return f"{calibration_error(answers):.3f} [{low:.3f}, {high:.3f}]"


def threshold_table(sets: Sequence[Measured]) -> str:
    """By type: the precision and the share of links from a threshold on; the bounds are chosen from it."""
    by_type: dict[str, list[Answer]] = defaultdict(list)
    for one in sets:
        for query, link in zip(one.queries, one.links, strict=True):
            if link.candidates:
                is_right = link.candidates[0].entity.id in (gold_of(query) or ())
                by_type[query["type"]].append((link.score, is_right))
    rows: list[list[object]] = []
    for type, answers in sorted(by_type.items()):
        for bound in (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
            above = [right for score, right in answers if score >= bound]
            precision = sum(above) / len(above) if above else None
            rows.append([type, f"{bound:.2f}", len(above) / len(answers), precision])
    return table(["type", "from", "share of the links", "of these right"], rows)


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
    parser.add_argument("--models", type=Path, required=True, help="what benchmarks.train wrote")
    parser.add_argument("--plot", type=Path, help="where the reliability diagram goes (SVG)")
    asked = parser.parse_args()
    scorer = load_module(asked.eval / "score_lookup.py")
    models = Models(asked.models)
    present = sorted(path.name[8:-9] for path in asked.data.glob("queries_*.jsonl.gz"))
    place = where_it_ran()
    sets = []
    for name in asked.set or present:
        sets.append(measure(name, asked.data, scorer, models))
        print(f"measured {name}", file=sys.stderr, flush=True)
    print(f"{place}; coefficients of {asked.models.name}\n\n## Look-up\n\n{figures_table(sets)}")
    print(f"## Our figures with their intervals\n\n{interval_table(sets, scorer)}")
    print(f"## Look-up, acc@1 by likeness\n\n{bucket_table(sets)}")
    print(f"## Decisions\n\nShares of the queries, and how many of them are right.\n\n{decision_table(sets)}")
    print(f"## Thresholds, all sets together\n\n{threshold_table(sets)}")
    if asked.examples:
        print("\n".join(wrong_matches(one, asked.examples) for one in sets))
    print(f"## Compare\n\n{pair_tables(asked.data, scorer, models, asked.examples)}")
    if asked.plot:
        curves = [(one.name, one.answers()) for one in sets]
        every = [answer for _, answers in curves for answer in answers]
        asked.plot.write_text(reliability_svg([("all", every), *curves]), encoding="utf-8")


if __name__ == "__main__":
    main()
