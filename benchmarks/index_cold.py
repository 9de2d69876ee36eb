"""The first command of a day: `normalizer match NAME` in a new process, on an index of a million names.

The registry is generated, written as JSON Lines with an entity for each that the generator has, and
compiled by `normalizer index build`. *first run* has the files of registry and index pushed out of the page
cache, *second* finds them there. CPU is user and system time of the whole process. Memory is what is
resident when the answer stands, from the kernel's own account of the process (`smaps`): of it *the index*
is the mapped file, *other files* code and libraries, both shared by all processes that have them open, and
*its own* the rest. The peak counts pages of mapped files, too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.common import load_module, table
from benchmarks.first_command import Cost, middle, run

TARGET_SECONDS: Final = 0.4
TARGET_MEGABYTES: Final = 250
_SHOWN: Final = """
import sys
from normalizer.engine import Engine
from normalizer.interfaces.cli import main
opened, kept = Engine.open, []
Engine.open = lambda *given: kept.append(opened(*given)) or kept[-1]
try:
    main()
except SystemExit:
    for account in ("smaps", "status"):
        sys.stderr.write(open(f"/proc/self/{account}").read())
    raise
"""
"""The command, and what memory its process has when it is done, its engine still open."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bench", type=Path, required=True, help="the folder of gen_names.py")
    parser.add_argument("--cache", type=Path, required=True, help="where generated registries are kept")
    parser.add_argument("--n", type=int, default=1_000_000, help="how many names")
    parser.add_argument("--rounds", type=int, default=5, help="second runs, of which the median counts")


def report(asked: argparse.Namespace) -> str:
    generator = load_module(asked.bench / "gen_names.py")
    try:
        data = generator.load(asked.n, cache=str(asked.cache))
    except ModuleNotFoundError as error:
        raise SystemExit(f"{error}: generated registries are made from it; install it") from error
    queries = [text for text, entity, kind in data.queries if entity >= 0 and kind == "edit1"]
    with tempfile.TemporaryDirectory() as folder:
        registry = write_registry(data.names, data.entity, Path(folder) / "names.jsonl")
        return cold(registry, {"known": data.names[0], "misspelled": queries[0]}, asked.rounds)


def write_registry(names: Iterable[str], owners: Iterable[int], path: Path) -> Path:
    """Write names as a registry: an entity has all names of its number, the first as its canonical name."""
    forms: dict[int, list[str]] = defaultdict(list)
    for name, owner in zip(names, owners, strict=True):
        forms[owner].append(name)
    with path.open("w", encoding="utf-8") as file:
        for owner, (name, *aliases) in forms.items():
            entity = {"id": f"{owner:08}", "type": "other", "name": name, "aliases": aliases}
            file.write(json.dumps(entity, ensure_ascii=False) + "\n")
    return path


def cold(registry: Path, names: Mapping[str, str], rounds: int) -> str:
    """Build the index of a registry and match names with it, each in a new process.

    Args:
        registry: The registry's file; the index is kept beside it.
        names: Names to match, by what they are called in the table.
        rounds: Runs with everything in the page cache.
    """
    kept = registry.parent / "cache"
    environ = {**os.environ, "NORMALIZER_CACHE": str(kept), "NORMALIZER_REGISTRY": str(registry)}
    program = [sys.executable, "-m", "normalizer"]
    before = os.times()
    peak = memory_of(["index", "build"], environ, kept)["peak"]
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    index = next(kept.glob("*.index"))
    rows: list[list[object]] = []
    for kind, name in names.items():
        command = [*program, "match", name]
        push_out([registry, index])
        first = run(command, (0,), environ)
        second = [run(command, (0,), environ) for _ in range(rounds)]
        memory = memory_of(["match", name], environ, kept)
        rows += [_row(f"{kind}, first run", [first], None), _row(f"{kind}, second", second, memory)]
    header = ["normalizer match", "CPU s", "target", "met", "resident MB", "target", "met", "the index",
              "other files", "its own", "peak MB"]  # fmt: skip
    size = index.stat().st_size / 1e6
    head = f"{size:.0f} MB of index, built in {seconds:.1f} s CPU with a peak of {peak:.0f} MB"
    floor = run([sys.executable, "-c", "import numpy, rapidfuzz, click, msgspec"], (0,), environ)
    rows.append(["only the imports", f"{floor.seconds:.2f}", *[None] * 9])
    return f"{head}.\n\n{table(header, rows)}"


def _row(title: str, costs: Sequence[Cost], memory: Mapping[str, float] | None) -> list[object]:
    seconds = middle([cost.seconds for cost in costs])
    row: list[object] = [title, f"{seconds:.2f}", f"< {TARGET_SECONDS}", _met(seconds < TARGET_SECONDS)]
    if memory is None:
        return [*row, *[None] * 7]
    resident = memory["index"] + memory["files"] + memory["own"]
    row += [f"{resident:.0f}", f"< {TARGET_MEGABYTES}", _met(resident < TARGET_MEGABYTES)]
    return [*row, *(f"{memory[part]:.0f}" for part in ("index", "files", "own", "peak"))]


def _met(is_met: bool) -> str:
    return "yes" if is_met else "**no**"


def push_out(paths: Iterable[Path]) -> None:
    """Push files out of the page cache."""
    for path in paths:
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def memory_of(arguments: Sequence[str], environ: Mapping[str, str], kept: Path) -> dict[str, float]:
    """Run a command and read what the kernel says of its memory.

    Args:
        arguments: What follows `normalizer`.
        environ: Its environment.
        kept: The folder of index files.

    Returns:
        Megabytes resident: of the index file, of other files, and its own; and its peak.
    """
    command = [sys.executable, "-c", _SHOWN, *arguments]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"normalizer {' '.join(arguments)}: failed; run it by hand and see why")
    memory = dict.fromkeys(("index", "files", "own", "peak"), 0.0)
    part = "files"
    for line in done.stderr.splitlines():
        field, *words = line.split()
        if "-" in field and not field.endswith(":"):  # the range of a mapping, before what is said of it
            part = "index" if str(kept) in line else "files"
        elif field in ("Rss:", "Anonymous:", "VmHWM:"):
            size = int(words[0]) * 1024 / 1e6
            memory["peak"] = size  # said last
            if field == "Rss:":
                memory[part] += size
            elif field == "Anonymous:":
                memory[part] -= size
                memory["own"] += size
    return memory
