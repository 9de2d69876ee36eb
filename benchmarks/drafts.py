"""How well and how fast drafts are checked: real ones with made errors, written ones with hard negatives.

    python -m benchmarks.drafts --data ../shared/data --eval ../shared/eval
        [--without FEATURE]... [--ablate] [--examples N] [--rounds N]

The checker runs in the library's own process beside a simple peer (`benchmarks.peer_checker`) in the same
run, both with the same registry and dictionary, over `drafts.jsonl.gz` and `drafts_written.jsonl`. Every
figure is the scorers' own (`score_drafts.py`, `check_drafts.py`, imported by path). A finding that proposes
no replacement is a note and left out of all figures; the notes are counted apart. SAFE alone is what `--fix`
would write in its first round; each of those that is wrong is listed. `--ablate` leaves out each piece of the
checker's evidence in turn. Speed is of UTF-8 text over CPU time, registries loaded before, caches cold.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.common import cell, load_module, quietest, ratio, table, where_it_ran
from benchmarks.draft_sets import (
    DraftSet,
    Edits,
    Scorers,
    load,
    missed,
    ours,
    safe_only,
    theirs,
    wrong_edits,
)
from normalizer.checker.weights import WEIGHTS

PEER_THRESHOLD: Final = {"drafts": 83.0, "written": 75.0}
"""The best threshold of the peer on each set, by the baselines that come with the data."""
REAL: Final = (
    "F1", "fixP", "fixR", "fixF1", "fixF1 by text alone", "P", "R", "edits",
    "bad/1000w", "good_names_hit", "clean_docs_alarmed",
)  # fmt: skip
"""Figures of the real drafts, the headline ones first; of the last three less is better."""
WRITTEN: Final = ("right fixes", "found", "false alarms", "hard negatives", "clean drafts")
SHOWN: Final = {
    "F1": "F1 found",
    "P": "precision of edits",
    "R": "share of errors found",
    "bad/1000w": "bad edits per 1,000 words",
    "good_names_hit": "right names hit",
    "clean_docs_alarmed": "clean documents alarmed",
    "hard negatives": "hard negatives hit",
    "clean drafts": "clean drafts flagged",
}


def compare(drafts: DraftSet, scorers: Scorers, without: Collection[str], rounds: int) -> tuple[str, Edits]:
    """Check one set with both and set the figures side by side."""
    edits, seconds = quietest(lambda: drafts.run(ours(without)), rounds)
    peer_edits, peer_seconds = quietest(lambda: drafts.run(theirs(PEER_THRESHOLD[drafts.name])), rounds)
    columns = [scorers.score(drafts, each) for each in (edits, peer_edits, safe_only(edits))]
    names = REAL if drafts.name == "drafts" else WRITTEN
    rows: list[list[object]] = []
    for name in names:
        values = [column[name] for column in columns]
        over = ratio(*map(_number, values[:2]))
        rows.append([SHOWN.get(name, name), over, *values])
    speeds = [drafts.megabytes / spent for spent in (seconds, peer_seconds)]
    rows.append(["MB/s", ratio(*speeds), *speeds, None])
    if drafts.name == "drafts":
        size = [len(drafts.documents), columns[0]["words"], columns[0]["corrupted"], columns[0]["clean_docs"]]
        caption = "{} documents, {} words, {} errors, {} clean documents.".format(*size)
    else:
        caption = f"{len(drafts.documents)} drafts, {columns[0]['expected']} errors."
    peer = f"peer: ratio ≥ {PEER_THRESHOLD[drafts.name]:.0f}"
    text = table(["figure", "ours / peer", "ours", peer, "ours, SAFE alone"], rows)
    return f"{caption}\n\n{text}\n{_by_kind(drafts, columns)}", edits


def _number(value: object) -> float:
    """A figure as a number; the first of "3/40"."""
    return float(str(value).partition("/")[0])


def _by_kind(drafts: DraftSet, columns: Sequence[dict[str, Any]]) -> str:
    """Found and fixed by kind of error."""
    header = ["kind of error", "errors", "found", "peer found", "fixed", "peer fixed", "fixed SAFE"]
    if drafts.name == "drafts":
        us, peer, safe = (column["by_op"] for column in columns)
        rows = [
            [op, v["n"], v["found"], peer[op]["found"], v["fixed"], peer[op]["fixed"], safe[op]["fixed"]]
            for op, v in us.items()
        ]
    else:
        rows = [
            [rule, total, found, peer[1], fixed, peer[3], safe[3]]
            for (rule, found, total, fixed), peer, safe in zip(
                *(column["by rule"] for column in columns), strict=True
            )
        ]
    return table(header, rows)


def ablate(sets: Sequence[DraftSet], scorers: Scorers, without: Collection[str]) -> str:
    """Leave out each piece of evidence in turn; the most useful one comes first.

    The first row is the figures as they are, the others what changes.
    """
    header = [
        "left out", "fixF1", "F1 found", "bad edits", "right names hit", "clean docs", "wrong SAFE",
        "written: right fixes", "false alarms", "hard negatives", "wrong SAFE",
    ]  # fmt: skip
    base = _headline(sets, scorers, without)
    changes: dict[str, list[float]] = {}
    for feature in WEIGHTS:
        if feature not in without:
            figures = _headline(sets, scorers, {*without, feature})
            changes[feature] = [new - old for new, old in zip(figures, base, strict=True)]
    ranked = sorted(changes.items(), key=lambda item: (round(item[1][0], 3), item[1][6], -item[1][7]))
    shown = [[feature, *map(_change, by)] for feature, by in ranked]
    return table(header, [["nothing", *(cell(_short(value)) for value in base)], *shown])


def _headline(sets: Sequence[DraftSet], scorers: Scorers, without: Collection[str]) -> list[float]:
    figures: list[float] = []
    for drafts in sets:
        edits = drafts.run(ours(without))
        score = scorers.score(drafts, edits)
        if drafts.name == "drafts":
            figures += [score["fixF1"], score["F1"], score["bad/1000w"] * score["words"] / 1000]
            figures += [score["good_names_hit"], score["clean_docs_alarmed"]]
        else:
            figures += [score["right fixes"], score["false alarms"], _number(score["hard negatives"])]
        figures.append(len(wrong_edits(drafts, safe_only(edits), scorers)))
    return figures


def _short(value: float) -> object:
    return round(value) if abs(value - round(value)) < 1e-9 else value


def _change(number: float) -> str:
    if abs(number) < 5e-4:
        return ""
    return f"{round(number):+d}" if abs(number - round(number)) < 1e-9 else f"{number:+.3f}"


def listing(title: str, lines: Sequence[str], most: int | None = None) -> str:
    """A list under a line that counts it."""
    return "\n".join([f"{title}: {len(lines)}", "", *(f"- {line}" for line in lines[:most])]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of the draft sets")
    parser.add_argument("--eval", type=Path, required=True, help="the folder of the scoring scripts")
    parser.add_argument("--without", action="append", default=[], choices=list(WEIGHTS), metavar="FEATURE")
    parser.add_argument("--ablate", action="store_true", help="leave out each piece of evidence in turn")
    parser.add_argument("--examples", type=int, default=0, metavar="N", help="list N bad edits and N misses")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds, the quietest counts")
    asked = parser.parse_args()
    scorers = Scorers(
        load_module(asked.eval / "score_drafts.py"), load_module(asked.eval / "check_drafts.py")
    )
    sets = load(asked.data)
    print(f"{where_it_ran()}; the quietest of {asked.rounds} rounds\n")
    if asked.without:
        print(f"Without the evidence {', '.join(asked.without)}.\n")
    for drafts in sets:
        text, edits = compare(drafts, scorers, asked.without, asked.rounds)
        notes = drafts.run(ours(asked.without, notes=True))
        silent = len(missed(drafts, edits))
        helped = silent - len(missed(drafts, {key: [*edits[key], *notes[key]] for key in edits}))
        print(f"## {drafts.name}\n\n{text}")
        count = sum(map(len, notes.values()))
        print(f"Notes without a fix: {count}; they touch {helped} of {silent} errors that no edit touches.\n")
        print(listing("Wrong SAFE fixes", wrong_edits(drafts, safe_only(edits), scorers)))
        if asked.examples:
            print(listing("Edits that mend nothing", wrong_edits(drafts, edits, scorers), asked.examples))
            print(listing("Errors without an edit", missed(drafts, edits), asked.examples))
    if asked.ablate:
        print(f"## Evidence left out\n\n{ablate(sets, scorers, asked.without)}")


if __name__ == "__main__":
    main()
