"""What comparing names costs, beside rapidfuzz's WRatio in the same run.

    python -m benchmarks.comparisons --data ../shared/data [--rounds 5]

Cold start: whole processes that compare one pair, `normalizer compare` and a line of Python with WRatio; CPU
(user and system) and peak memory, the median of the rounds. Throughput: full comparisons a second on one
core, each with alignment, all features, conflicts and probability, over mentions of `queries_politicians`
and `queries_orgs` held against the nearest names of their registries, in batches as the matcher makes them.
*first meeting* has every cache empty, so that each word is taken apart anew; *steady* is the same batch once
more, which is what a service sees all day.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from benchmarks.common import clear_caches, ratio, read_jsonl, table, where_it_ran
from benchmarks.first_command import middle, run
from normalizer import EntityType, Settings
from normalizer.compare import Model, compare_keys
from normalizer.engine import Engine
from normalizer.matcher import SHORTLIST
from normalizer.text.folding import fold

QUERIES: Final = 400
"""Mentions of each set."""
TARGET_SECONDS: Final = 0.5
TARGET_MEGABYTES: Final = 120
TARGET_RATE: Final = 20_000


def cold_start(rounds: int) -> str:
    """CPU and memory of the first comparison."""
    one = 'from rapidfuzz import fuzz; fuzz.WRatio("Tony Blinken", "Antony Blinken")'
    asked = {
        "normalizer compare": [
            sys.executable,
            "-m",
            "normalizer",
            "compare",
            "Tony Blinken",
            "Antony Blinken",
        ],
        "the same, in two scripts": [sys.executable, "-m", "normalizer", "compare", "习近平", "Xi Jinping"],
        "rapidfuzz WRatio": [sys.executable, "-c", one],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    costs = {name: [run(command, (0,), os.environ) for _ in range(rounds)] for name, command in asked.items()}
    peer = middle([cost.seconds for cost in costs["rapidfuzz WRatio"]])
    rows = []
    for name, found in costs.items():
        seconds = middle([cost.seconds for cost in found])
        memory = max(cost.megabytes for cost in found)
        rows.append([name, ratio(seconds, peer), f"{seconds:.2f}", f"{memory:.0f}"])
    return table(["first comparison", "× WRatio", "s CPU", "MB"], rows)


def throughput(data: Path, rounds: int) -> str:
    """Comparisons a second."""
    rows: list[list[object]] = []
    for name in ("politicians", "orgs"):
        queries = list(read_jsonl(data / f"queries_{name}.jsonl.gz"))[:QUERIES]
        settings = Settings(registry=str(data / f"registry_{name}.jsonl.gz"))
        index = Engine.open(settings).matcher.index
        keys = [fold(query["query"]) for query in queries]
        type = EntityType.parse(queries[0]["type"])
        pairs = [
            (key, other)
            for key, found in zip(keys, index.candidates(keys, SHORTLIST), strict=True)
            for other in found
        ]
        index.rarity("warm")

        def ours(pairs: list[tuple[str, str]] = pairs, type: EntityType = type) -> None:
            for key, other in pairs:
                compare_keys(key, other, type, index.rarity).log_odds(Model.LINK)  # noqa: B023

        def peer(pairs: list[tuple[str, str]] = pairs) -> None:
            for key, other in pairs:
                fuzz.WRatio(key, other)

        first = min(_seconds(ours, cold=True) for _ in range(rounds))
        steady = min(_seconds(ours) for _ in range(rounds))
        of_peer = min(_seconds(peer) for _ in range(rounds))
        rows += [
            [f"{name}, first meeting", ratio(of_peer, first), len(pairs), round(len(pairs) / first)],
            [f"{name}, steady", ratio(of_peer, steady), len(pairs), round(len(pairs) / steady)],
            [f"{name}, WRatio", "1.00×", len(pairs), round(len(pairs) / of_peer)],
        ]
    return table(["batch", "speed of WRatio", "comparisons", "a second"], rows)


def _seconds(work: Callable[[], None], cold: bool = False) -> float:
    if cold:
        clear_caches()
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of the query sets")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(f"{where_it_ran()}\n\n{cold_start(asked.rounds)}")
    print(f"Targets: {TARGET_SECONDS} s, {TARGET_MEGABYTES} MB, {TARGET_RATE:,} comparisons a second.\n")
    print(throughput(asked.data, asked.rounds))


if __name__ == "__main__":
    main()
