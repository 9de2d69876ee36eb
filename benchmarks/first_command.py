"""What a newcomer's first command costs: whole-process CPU time and peak memory of `check DRAFT`.

    python -m benchmarks.first_command examples/summit.txt [--rounds 10] [--codespell PROGRAM]

Every command is a new process, with the registry that comes with the package; one uncounted round fills the
disk cache and compiles the modules, then the commands take turns. CPU is user and system time of the child
(`os.wait4`), its median with the least and the most; memory is the largest resident set of any round. Linux
counts the set of the process that starts a child as the child's own until it has become the other program,
so no figure can be below this script's own, which is printed: it imports as little as it can.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

TARGET_SECONDS: Final = 0.6
TARGET_MEGABYTES: Final = 150
_UNIT: Final = 1 << 10 if sys.platform != "darwin" else 1
"""Bytes in a unit of `ru_maxrss`."""


class Cost(NamedTuple):
    """What one process took."""

    seconds: float
    megabytes: float


def run(command: list[str], good: Sequence[int], environ: Mapping[str, str]) -> Cost:
    """Run a program to its end without its output; a traceback is a failure whatever the exit code.

    Args:
        command: The program, to be found on the path, and its arguments.
        good: The exit codes that say it did its work.
        environ: Its environment.
    """
    reading, writing = os.pipe()
    streams = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1)]
    actions = [*streams, (os.POSIX_SPAWN_DUP2, writing, 2)]
    child = os.posix_spawnp(command[0], command, environ, file_actions=actions)
    os.close(writing)
    with os.fdopen(reading, "rb") as errors:
        said = errors.read()
    _, status, usage = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in good or b"Traceback (most recent call last)" in said:
        raise SystemExit(f"{' '.join(command[1:])}: failed with exit code {code}; run it by hand and see why")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _UNIT / 1e6)


def middle(values: Sequence[float]) -> float:
    """The median."""
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def commands(draft: str, codespell: str | None) -> dict[str, tuple[list[str], tuple[int, ...]]]:
    """The commands by the name they have in the table, each with its good exit codes."""
    python = sys.executable
    asked = {
        f"python -m normalizer check {draft}": ([python, "-m", "normalizer", "check", draft], (0, 1)),
        "python -c pass": ([python, "-c", "pass"], (0,)),
        'python -c "import rapidfuzz, yaml, click"': ([python, "-c", "import rapidfuzz, yaml, click"], (0,)),
    }
    if codespell is not None:
        asked[f"codespell {draft}"] = ([codespell, draft], (0, 65))
    return asked


def show(costs: Mapping[str, Sequence[Cost]]) -> str:
    """The table: the ratio of the first command to each one, then the figures."""
    names = list(costs)
    seconds = {name: [cost.seconds for cost in costs[name]] for name in names}
    peaks = {name: max(cost.megabytes for cost in costs[name]) for name in names}
    ours = names[0]
    lines = [
        "| command | ours to this, CPU | ours to this, memory | CPU s, median (least to most) | peak MB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in names:
        cpu, median = seconds[name], middle(seconds[name])
        ratios = [
            f"{middle(seconds[ours]) / median:.1f}×" if median else "-",
            f"{peaks[ours] / peaks[name]:.1f}×",
        ]
        if name == ours:
            ratios = [f"target < {TARGET_SECONDS} s", f"target < {TARGET_MEGABYTES} MB"]
        figures = [f"{median:.3f} ({min(cpu):.3f} to {max(cpu):.3f})", f"{peaks[name]:.1f}"]
        lines.append("| " + " | ".join([f"`{name}`", *ratios, *figures]) + " |")
    is_met = middle(seconds[ours]) < TARGET_SECONDS and peaks[ours] < TARGET_MEGABYTES
    lines += ["", "Both targets are met." if is_met else "**A target is missed.**"]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("draft", metavar="DRAFT")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument(
        "--codespell", default=shutil.which("codespell"), help="the program, if not on the path"
    )
    asked = parser.parse_args()
    environ = {key: value for key, value in os.environ.items() if key != "NORMALIZER_REGISTRY"}
    chosen = commands(asked.draft, asked.codespell)
    costs: dict[str, list[Cost]] = {name: [] for name in chosen}
    for turn in range(asked.rounds + 1):
        for name, (command, good) in chosen.items():
            cost = run(command, good, environ)
            if turn:
                costs[name].append(cost)
    print(show(costs))
    if asked.codespell is None:
        print("codespell is not installed here: left out.")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6
    from benchmarks.common import where_it_ran  # only now: it would add to the script's own memory

    print(f"{asked.rounds} rounds. This script's own peak, below which no memory can show: {own:.1f} MB.")
    print(where_it_ran())


if __name__ == "__main__":
    main()
