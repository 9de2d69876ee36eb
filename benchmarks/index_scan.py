"""Exact forms found in running text, beside the peers of `tagging_peers.py` in one run.

The harness puts mentions of generated names into the real drafts (each written out several times, with other
mentions) and runs our adapter (`scan_adapter`) and each peer in a process of its own. A round is one run of
the harness at one size; of the speeds the best of all rounds counts, over CPU time. The peers read Latin-1
much faster than other text: `--latin` takes the drafts alone that are in Latin-1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.common import Record, ratio, read_jsonl, table

OURS: Final = "benchmarks.scan_adapter:ExactTagger"
OURS_FUZZY: Final = "benchmarks.scan_adapter:FuzzyTagger"
PEERS: Final = ("daachorse", "ahocorasick_rs_nfa", "flashtext")
FUZZY_PEERS: Final = ("simstring_windows",)
TARGETS: Final = {10_000: 25, 100_000: 25, 1_000_000: 15}
"""Size → MB/s to be reached."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bench", type=Path, required=True, help="the folder of tagging_peers.py")
    parser.add_argument("--data", type=Path, required=True, help="the folder of drafts.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="where generated registries are kept")
    parser.add_argument("--n", type=int, action="append", default=[], help="a size; may be repeated")
    parser.add_argument(
        "--peer", action="append", default=[], help="a peer of the harness; may be repeated; - for none"
    )
    parser.add_argument("--copies", type=int, default=32, help="how often each draft is written out")
    parser.add_argument("--latin", action="store_true", help="only drafts that are in Latin-1")
    parser.add_argument("--rounds", type=int, default=3, help="runs of the harness; the best speed counts")
    parser.add_argument("--json", type=Path, help="where all figures go")


def report(asked: argparse.Namespace) -> str:
    peers = [] if asked.peer == ["-"] else asked.peer or list(PEERS)
    rows: list[Record] = []
    with tempfile.TemporaryDirectory() as folder:
        count = write_texts(asked.data, Path(folder), asked.copies, asked.latin)
        for size in asked.n or list(TARGETS):
            found = [run_harness(asked, Path(folder), size, peers) for _ in range(asked.rounds)]
            rows += best(found)
            if asked.json:
                asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    caption = f"{count} drafts, {asked.copies} times; best of {asked.rounds} rounds.\n"
    return "\n".join([caption, figures(rows), *(f"- {row['peer']}: {row['error']}" for row in failed(rows))])


def write_texts(data: Path, folder: Path, copies: int, latin: bool) -> int:
    """Write the drafts out, each in several files, and say how many drafts there are."""
    count = 0
    for record in read_jsonl(data / "drafts.jsonl.gz"):
        text = record["text"]
        if latin and max(text) > "\xff":
            continue
        for copy in range(copies):
            (folder / f"{count:04}-{copy:03}.txt").write_text(text, encoding="utf-8")
        count += 1
    return count


def run_harness(asked: argparse.Namespace, texts: Path, size: int, peers: Sequence[str]) -> list[Record]:
    """One run of the harness at one size; what fails is a row with an `error`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        command = [sys.executable, str((asked.bench / "tagging_peers.py").resolve()), "--n", str(size)]
        command += ["--text", str(texts), "--cache", str(asked.cache.resolve()), "--json", str(path)]
        command += ["--adapter", OURS, "--peers", *peers]
        checkout = Path(__file__).parent.parent
        done = subprocess.run(
            command, cwd=checkout, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        if done.returncode or not path.exists():
            said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise SystemExit(f"tagging_peers.py gave no results for {size:,} names: {said}")
        rows: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def best(rounds: Sequence[Sequence[Record]]) -> list[Record]:
    """Each row of one round with the best speed and the least build time of all rounds."""
    chosen: dict[str, Record] = {}
    for row in (row for rows in rounds for row in rows):
        known = chosen.get(row["peer"])
        if known is None or known.get("error"):
            chosen[row["peer"]] = dict(row)
        elif not row.get("error"):
            for name, better in (("mb_cpu_s", max), ("mb_s", max), ("build_s", min)):
                known[name] = better(known[name], row[name])
    return list(chosen.values())


def figures(rows: Sequence[Record]) -> str:
    """One line for each size and peer, ours first."""
    header = [
        "names", "", "ours / it", "MB/s CPU", "MB/s", "target", "exact recall", "hits/1,000 words",
        "build s", "index MB",
    ]  # fmt: skip
    lines: list[list[object]] = []
    ours = {row["n"]: row for row in rows if row["peer"] == "normalizer"}
    for row in sorted(rows, key=lambda row: (row["n"], row["peer"] != "normalizer")):
        if row.get("error"):
            continue
        is_ours = row["peer"] == "normalizer"
        over = None if is_ours or row["n"] not in ours else ratio(ours[row["n"]]["mb_cpu_s"], row["mb_cpu_s"])
        target = TARGETS.get(row["n"]) if is_ours else None
        speeds = [f"{row[name]:.1f}" for name in ("mb_cpu_s", "mb_s")]
        sizes = [f"{row['hits_per_kword']:.2f}", f"{row['build_s']:.2f}", f"{row['index_mb']:.0f}"]
        lines.append([f"{row['n']:,}", row["peer"], over, *speeds, target, row["exact_recall"], *sizes])
    return table(header, lines)


def failed(rows: Sequence[Record]) -> list[Record]:
    """The rows of peers that did not run."""
    return [row for row in rows if row.get("error")]
