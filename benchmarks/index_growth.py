"""How building, size, opening and asking grow with the number of names, from ten thousand to three million.

Each size is one run of the look-up harness with the whole match alone, on its own generated registry.
`--plot` draws the figures, a small diagram each, both axes logarithmic; `--json` keeps them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.common import Record, table
from benchmarks.growth_chart import Diagram, chart
from benchmarks.index_lookup import TARGETS, WHOLE, add_harness, merged, run_harness

SIZES: Final = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
FIGURES: Final = {
    "compile_cpu_s": ("build, CPU", "s", "compile_cpu_s"),
    "build_peak_mb": ("memory to build", "MB", "build_peak_mb"),
    "index_mb": ("file", "MB", "index_mb"),
    "open_ms": ("open", "ms", "open_ms"),
    "first_ms": ("first match", "ms", ""),
    "cpu_p50_us": ("one query, median CPU", "µs", "cpu_p50_us"),
    "single_cpu_us": ("one query, mean CPU", "µs", ""),
    "batch_cpu_us": ("a query in a batch, CPU", "µs", "batch_cpu_us"),
}
"""Figure of the harness → what it is called, its unit, and the target that it is held against, if any."""


def arguments(parser: argparse.ArgumentParser) -> None:
    add_harness(parser)
    parser.add_argument("--n", type=int, action="append", default=[], help="a size; may be repeated")
    parser.add_argument("--rounds", type=int, default=1, help="of which the least timings count")
    parser.add_argument("--plot", type=Path, help="where the diagrams go (SVG)")
    parser.add_argument("--json", type=Path, help="where the figures go")


def report(asked: argparse.Namespace) -> str:
    rows: list[Record] = []
    for size in asked.n or SIZES:
        rows += merged([row for _ in range(asked.rounds) for row in run_harness(asked, size, [], [WHOLE])])
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    done = [row for row in rows if not row.get("error")]
    if asked.plot and done:
        asked.plot.write_text(growth_svg(done), encoding="utf-8")
    failed = [f"- {row['n']:,} names: {row['error']}" for row in rows if row.get("error")]
    return "\n".join([growth_table(done), *failed])


def growth_table(rows: Sequence[Record]) -> str:
    """The figures of each size; in brackets how many times those of the size before."""
    header = ["names", *(f"{title}, {unit}" for title, unit, _ in FIGURES.values()), "R@1", "R@FA5"]
    lines: list[list[object]] = []
    for place, row in enumerate(rows):
        before = rows[place - 1] if place else row
        cells = [
            f"{row[name]:.3g}" + (f" ({row[name] / before[name]:.1f}×)" if place and before[name] else "")
            for name in FIGURES
        ]
        grown = f" ({row['n'] / before['n']:.1f}×)" if place else ""
        lines.append([f"{row['n']:,}{grown}", *cells, row["recall1"], row["r_fa5"]])
    return table(header, lines)


def growth_svg(rows: Sequence[Record]) -> str:
    """The figures as diagrams, with the targets as marks."""
    diagrams = []
    for name, (title, unit, target) in FIGURES.items():
        points = [(row["n"], row[name]) for row in rows if row[name] > 0]
        marks = [(size, float(bounds[target])) for size, bounds in TARGETS.items() if target in bounds]
        diagrams.append(Diagram(title, unit, points, marks))
    return chart(diagrams, "names in the registry", "measured", "at most")
