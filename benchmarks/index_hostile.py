"""Registries made to hurt: what building and the worst query cost where every name is like every other.

Each registry is compiled and asked in a process of its own, beside an ordinary generated one of as many
names. The queries are its own names with one letter changed (`edit` of `gen_names.py`), as they stand, and
names that it does not hold. The time of a query is CPU time of its thread; *worst* is the dearest of all,
*over ordinary* how many times the ordinary registry's. *most candidates* is what `Index.candidates` gave at
most: it must be bounded. A registry that does not finish in time is said to.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from benchmarks.common import load_module, ratio, table
from benchmarks.hostile_names import ORDINARY, REGISTRIES
from benchmarks.index_file import first_link_ms, made
from normalizer.matcher import SHORTLIST
from normalizer.model import Entity, Mention
from normalizer.text.folding import fold

SIZE: Final = 1_000_000
_SEED: Final = 20261123


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bench", type=Path, required=True, help="the folder of gen_names.py")
    parser.add_argument("--size", type=int, default=SIZE, help="names of the largest registries")
    parser.add_argument("--queries", type=int, default=300, help="of each registry")
    parser.add_argument("--case", action="append", default=[], choices=list(REGISTRIES))
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one registry")


@dataclass
class Cost:
    """What one registry cost.

    Attributes:
        names: How many names it has.
        build_s: CPU seconds to compile and write it.
        build_peak_mb: Memory that took.
        file_mb: Size of the file.
        open_ms: To open it.
        first_ms: The first match.
        median_us: CPU time of the median query.
        worst_us: Of the dearest.
        worst: The dearest query.
        most: Most candidates of a query.
        found: Share of the changed names for which their entity, or another of that very name, came first.
    """

    names: int
    build_s: float
    build_peak_mb: float
    file_mb: float
    open_ms: float
    first_ms: float
    median_us: float
    worst_us: float
    worst: str
    most: int
    found: float


def report(asked: argparse.Namespace) -> str:
    cases = dict.fromkeys([ORDINARY, *(asked.case or REGISTRIES)])
    costs = {case: _measured_apart(case, asked) for case in cases}
    return hostile_table(costs)


def hostile_table(costs: dict[str, Cost | str]) -> str:
    """A row a registry: what is over the ordinary one first."""
    header = ["registry", "names", "build over ordinary", "median over", "worst over", "build CPU s",
              "µs/name", "peak MB", "MB", "open ms", "first match ms", "median µs", "worst µs",
              "most candidates", "found", "worst query"]  # fmt: skip
    plain = costs.get(ORDINARY)
    rows: list[list[object]] = []
    for case, cost in costs.items():
        if isinstance(cost, str):
            rows.append([case, cost, *[None] * (len(header) - 2)])
            continue
        over: list[object] = [None, None, None]
        if isinstance(plain, Cost):
            pace = ratio(cost.build_s / cost.names, plain.build_s / plain.names)
            over = [pace, ratio(cost.median_us, plain.median_us), ratio(cost.worst_us, plain.worst_us)]
        memory = [f"{cost.build_peak_mb:.0f}", f"{cost.file_mb:.1f}"]
        build = [f"{cost.build_s:.2f}", f"{1e6 * cost.build_s / cost.names:.1f}", *memory]
        times = [f"{cost.open_ms:.1f}", f"{cost.first_ms:.1f}", round(cost.median_us), round(cost.worst_us)]
        shown = cost.worst if len(cost.worst) <= 40 else f"{cost.worst[:37]}…"
        rows.append([case, f"{cost.names:,}", *over, *build, *times, cost.most, cost.found, shown])
    return table(header, rows)


def _measured_apart(case: str, asked: argparse.Namespace) -> Cost | str:
    """Measure in a fresh process; what went wrong, in words, if it gives no answer."""
    ours, its = multiprocessing.Pipe(duplex=False)
    wanted = (case, asked.size, asked.queries, asked.bench.resolve())
    process = multiprocessing.get_context("spawn").Process(target=_child, args=(its, *wanted))
    process.start()
    its.close()
    try:
        if ours.poll(asked.timeout):
            answer: Cost = ours.recv()
            return answer
        return f"not finished in {asked.timeout:.0f} s"
    except EOFError:
        return "failed"
    finally:
        process.kill()
        process.join()


def _child(pipe: Connection, case: str, size: int, queries: int, bench: Path) -> None:
    edit: Callable[[random.Random, str], str] = load_module(bench / "gen_names.py").edit
    pipe.send(measure(REGISTRIES[case](size), queries, edit))


def measure(entities: Sequence[Entity], count: int, edit: Callable[[random.Random, str], str]) -> Cost:
    """Compile a registry and ask it.

    Args:
        entities: The registry.
        count: How many queries; a third of them are its own names, a sixth nobody's, the others changed.
        edit: Changes one letter of a name.
    """
    chance = random.Random(_SEED)
    names = [(alias.name, entity.id) for entity in entities for alias in entity.forms()]
    own = [chance.choice(names) for _ in range(count)]
    changed = [edit(chance, name) for name, _ in own[: count // 2]]
    absent = ["".join(chance.choices("abcdefghijklmnoprstuvyz ", k=14)) for _ in range(count // 6)]
    queries = [*changed, *(name for name, _ in own[: count // 3]), *absent]
    with tempfile.TemporaryDirectory() as folder:
        file = made(entities, Path(folder))
        matcher = file.matcher()
        first = first_link_ms(matcher, "Somebody Unheard-of")
        times: list[tuple[float, str]] = []
        firsts: list[tuple[str, str]] = []
        for query in queries:
            start = time.thread_time_ns()
            link = matcher.link(Mention(query))
            times.append(((time.thread_time_ns() - start) / 1e3, query))
            firsts += [(one.alias.name, one.entity.id) for one in link.candidates[:1]] or [("", "")]
        most = max(len(matcher.index.candidates([fold(query)], SHORTLIST)[0]) for query in queries)
        found = [
            entity == owner or name == wanted
            for (name, entity), (wanted, owner) in zip(firsts[: len(changed)], own, strict=False)
        ]
        return Cost(
            names=len(names),
            build_s=file.build_cpu_s,
            build_peak_mb=file.build_peak_mb,
            file_mb=file.file_mb,
            open_ms=file.open_ms,
            first_ms=first,
            median_us=sorted(times)[len(times) // 2][0],
            worst_us=max(times)[0],
            worst=max(times)[1],
            most=most,
            found=sum(found) / max(1, len(found)),
        )
