"""Look-up of generated names, whole match and index alone, beside the peers of `lookup_peers.py` in one run.

The harness runs each peer and each of our adapters (`index_adapters`) in a process of its own and scores
all of them. A round is one run of the harness over what still has rounds to go, ours and peers by turns; of
the timings the least of all rounds counts. `--kept FILE` shows peers measured earlier (a JSON file of the
harness) where they are not asked for; those are marked, and were measured in another hour.

Single p50 is of the clock, ours of the CPU too; batch is CPU time of all threads; R@FA5 is the share of
right answers kept when 5 % of the absent names are accepted. Ratios are ours to the peer's: below 1 is
better for all but recall.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.common import Record, ratio, table

WHOLE: Final = "benchmarks.index_adapters:WholeMatch"
ALONE: Final = "benchmarks.index_adapters:IndexAlone"
OURS: Final = {"normalizer": WHOLE, "normalizer, index alone": ALONE}
"""The names of our adapters in the results, and what the harness imports."""
PEERS: Final = (
    "rf_sorted80", "rf_cdist_sorted", "sdtn_tfidf3", "sdtn_tfidf3_top20_rf", "simstring_cpp_rf",
    "simstring_rust", "tantivy_trigram_rf", "symspellpy_ed2",
)  # fmt: skip
TIMINGS: Final = ("build_s", "build_cpu_s", "p50_us", "p99_us", "single_cpu_us", "batch_cpu_us")
COSTS: Final = ("compile_s", "compile_cpu_s", "build_peak_mb", "open_ms", "first_ms", "cpu_p50_us")
"""What our adapters measure themselves and hand over in their note."""
QUALITY: Final = ("recall1", "r_fa5")
TARGETS: Final[dict[int, dict[str, float]]] = {
    10_000: {
        "recall1": 0.987, "r_fa5": 0.94, "cpu_p50_us": 100, "batch_cpu_us": 75, "alone_batch_cpu_us": 25,
        "compile_cpu_s": 0.3, "index_mb": 5, "open_ms": 5,
    },
    100_000: {
        "recall1": 0.96, "r_fa5": 0.87, "cpu_p50_us": 160, "batch_cpu_us": 115, "alone_batch_cpu_us": 45,
        "compile_cpu_s": 1.5, "index_mb": 30, "open_ms": 5,
    },
    1_000_000: {
        "recall1": 0.93, "r_fa5": 0.72, "cpu_p50_us": 300, "batch_cpu_us": 230, "alone_batch_cpu_us": 85,
        "compile_cpu_s": 12, "index_mb": 250, "open_ms": 10, "build_peak_mb": 1000,
    },
}  # fmt: skip
"""Size → what is to be reached: at least for recall, at most for the rest."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_harness(parser)
    parser.add_argument("--n", type=int, action="append", default=[], help="a size; may be repeated")
    parser.add_argument(
        "--peer", action="append", default=[], help="a peer of the harness; may be repeated; - for none"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of our adapters")
    parser.add_argument("--peer-rounds", type=int, default=1, help="rounds of the peers")
    parser.add_argument("--kept", type=Path, help="peers measured earlier")
    parser.add_argument("--json", type=Path, help="where all figures go")


def add_harness(parser: argparse.ArgumentParser) -> None:
    """Add what a part needs that runs the harness."""
    parser.add_argument("--bench", type=Path, required=True, help="the folder of lookup_peers.py")
    parser.add_argument("--cache", type=Path, required=True, help="where generated registries are kept")
    parser.add_argument("--budget", type=float, default=15, help="seconds of each phase of the harness")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one adapter at one size")


def report(asked: argparse.Namespace) -> str:
    peers = [] if asked.peer == ["-"] else asked.peer or list(PEERS)
    sizes = asked.n or list(TARGETS)
    rows: list[Record] = []
    for size in sizes:
        for number in range(max(asked.rounds, asked.peer_rounds)):
            adapters = list(OURS.values()) if number < asked.rounds else []
            fresh = run_harness(asked, size, peers if number < asked.peer_rounds else [], adapters)
            others = [row for row in rows if row["n"] != size]
            rows = others + merged([row for row in rows if row["n"] == size] + fresh)
            if asked.json:
                asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if asked.kept:
        rows += kept(asked.kept, rows, sizes)
    rounds = f"Least of {asked.rounds} rounds for ours, of {asked.peer_rounds} for the peers"
    return "\n".join([f"{rounds}; * measured earlier.\n", *(size_report(rows, size) for size in sizes)])


def run_harness(
    asked: argparse.Namespace, size: int, peers: Sequence[str], adapters: Sequence[str]
) -> list[Record]:
    """One run of the harness at one size; what fails is a row with an `error`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.json"
        command = [sys.executable, str((asked.bench / "lookup_peers.py").resolve()), "--n", str(size)]
        command += ["--budget", str(asked.budget), "--timeout", str(asked.timeout)]
        command += ["--cache", str(asked.cache.resolve()), "--json", str(path), "--peers", *peers]
        for adapter in adapters:
            command += ["--adapter", adapter]
        checkout = Path(__file__).parent.parent
        done = subprocess.run(command, cwd=checkout, stdout=subprocess.DEVNULL, check=False)
        if done.returncode or not path.exists():
            raise SystemExit(f"lookup_peers.py gave no results for {size:,} names; its own words are above")
        rows: list[Record] = json.loads(path.read_text(encoding="utf-8"))
    for row in rows:
        row["peer"] = next((name for name, spec in OURS.items() if spec == row["peer"]), row["peer"])
        if row.get("note", "").startswith("{"):
            row.update(json.loads(row.pop("note")))
    return rows


def merged(rows: Sequence[Record]) -> list[Record]:
    """One row for each that ran, its timings the least of its rounds; a failed round counts for nothing."""
    best: dict[str, Record] = {}
    for row in rows:
        known = best.get(row["peer"])
        if known is None or known.get("error"):
            best[row["peer"]] = dict(row)
        elif not row.get("error"):
            known.update({name: min(known[name], row[name]) for name in (*TIMINGS, *COSTS) if name in row})
    return list(best.values())


def kept(path: Path, rows: Sequence[Record], sizes: Sequence[int]) -> list[Record]:
    """The peers of an earlier run that are not in this one, their names marked."""
    fresh = {(row["peer"], row["n"]) for row in rows}
    earlier = json.loads(path.read_text(encoding="utf-8"))
    return [
        {**row, "peer": f"{row['peer']}*"}
        for row in earlier
        if row["n"] in sizes and (row["peer"], row["n"]) not in fresh
    ]


def size_report(rows: Sequence[Record], size: int) -> str:
    """All tables of one size: ratios first, then the figures, then the targets."""
    here = [row for row in rows if row["n"] == size]
    done = [row for row in here if not row.get("error")]
    ours = [row for row in done if row["peer"] in OURS]
    peers = [row for row in done if row["peer"] not in OURS]
    parts = [f"## {size:,} names\n"]
    parts += [_ratios(row, peers) for row in ours if peers]
    parts.append(_figures([*ours, *peers]))
    parts += [f"- {row['peer']}: {row['error']}" for row in here if row.get("error")]
    whole = next((row for row in ours if row["peer"] == "normalizer"), None)
    if whole and size in TARGETS:
        alone = next((row for row in ours if row is not whole), {})
        parts.append(_targets({**whole, "alone_batch_cpu_us": alone.get("batch_cpu_us")}, size))
    return "\n".join(parts)


def _ratios(ours: Record, peers: Sequence[Record]) -> str:
    names = ("p50_us", "single_cpu_us", "batch_cpu_us", *QUALITY, "build_cpu_s", "index_mb")
    header = [
        f"{ours['peer']} to",
        "single p50",
        "single CPU",
        "batch CPU",
        "R@1",
        "R@FA5",
        "build CPU",
        "size",
    ]
    rows = [[peer["peer"], *(ratio(ours[name], peer[name]) for name in names)] for peer in peers]
    return table(header, rows)


def _figures(rows: Sequence[Record]) -> str:
    header = [
        "", "µs single p50", "µs single p99", "µs CPU single, mean", "µs CPU batch", "µs CPU single p50",
        "R@1", "R@FA5", "of queries", "build s", "of it compiling", "CPU s of that", "MB", "open ms",
        "first match ms", "peak MB", "build peak MB",
    ]  # fmt: skip
    lines: list[list[object]] = []
    for row in rows:
        values: list[object] = [
            row["peer"],
            *(_short(row.get(name)) for name in (*TIMINGS[2:], "cpu_p50_us")),
        ]
        values += [*(row[name] for name in QUALITY), row["scored_on"]]
        names = ("build_s", "compile_s", "compile_cpu_s", "index_mb", "open_ms", "first_ms", "peak_mb")
        lines.append([*values, *(_short(row.get(name)) for name in (*names, "build_peak_mb"))])
    return table(header, lines)


def _targets(row: dict[str, Any], size: int) -> str:
    """Which targets of the size are met."""
    lines: list[list[object]] = []
    for name, target in TARGETS[size].items():
        value = row.get(name)
        if value is None:
            continue
        is_met = round(value, 3) >= target if name in QUALITY else value <= target
        bound = f"{'≥' if name in QUALITY else '≤'} {target:g}"
        shown = value if name in QUALITY else _short(value)
        lines.append([name, bound, shown, "yes" if is_met else "**no**"])
    return table(["target", "bound", "measured", "met"], lines)


def _short(value: float | None) -> str | None:
    """A figure of three digits."""
    if value is None:
        return None
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
