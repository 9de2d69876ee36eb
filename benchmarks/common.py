"""What the benchmarks share: scorers imported by path, cold caches, CPU time, tables, and where they ran."""

from __future__ import annotations

import functools
import gc
import gzip
import importlib.util
import json
import platform
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")
Record = dict[str, Any]
"""One line of the data, or one prediction, in the form that the scorers take."""


def load_module(path: Path) -> ModuleType:
    """Import a scoring script from where it lies, so that its definitions are used and not copied."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path}: is no Python script; name the folder of the scorers with --eval")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError as error:
        raise SystemExit(f"{path}: there is no such script; name its folder with --eval") from error
    return module


def read_jsonl(path: Path) -> Iterator[Record]:
    """Give the objects of a `.jsonl` or `.jsonl.gz` file."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        for line in file:
            if line.strip():
                yield json.loads(line)


def caches(only_bounded: bool = False) -> list[functools._lru_cache_wrapper[Any]]:
    """Every `lru_cache` of the library, as far as it is imported.

    Args:
        only_bounded: Leave out those without a limit, which hold word lists and coefficients.
    """
    found = [thing for thing in gc.get_objects() if type(thing) is functools._lru_cache_wrapper]
    ours = [thing for thing in found if thing.__module__.startswith("normalizer")]
    return [thing for thing in ours if not only_bounded or thing.cache_parameters()["maxsize"] is not None]


def clear_caches() -> None:
    """Empty every cache of the library, so that each timed round does all of its work."""
    for thing in caches():
        thing.cache_clear()


def quietest(work: Callable[[], T], rounds: int = 1) -> tuple[T, float]:
    """Do something several times from cold caches.

    Args:
        work: What to do; its answer should be the same each time.
        rounds: How often.

    Returns:
        The last answer, and the CPU seconds (user and system) of the cheapest round.
    """
    best = float("inf")
    for _ in range(rounds):
        clear_caches()
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return answer, best


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; fractions get three digits, None a dash."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"


def cell(value: object) -> str:
    """A value as it stands in a table."""
    if value is None:
        return "-"
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|")


def ratio(ours: float | None, theirs: float | None) -> str | None:
    """How many times the peer's figure ours is; None where either is missing or nothing."""
    return f"{ours / theirs:.2f}×" if ours and theirs else None


def where_it_ran() -> str:
    """Python, libraries and commit, without the name of the machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("rapidfuzz", "numpy", "pyyaml", "click"))
    python = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    return f"{python}; {packages}; commit {_commit()}"


def _commit() -> str:
    folder = Path(__file__).parent
    asked = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    changed = ["git", "-C", str(folder.parent), "status", "--porcelain", "--", "normalizer", "aliases"]
    is_changed = subprocess.run(changed, capture_output=True, text=True, check=False).stdout.strip()
    return (found or "unknown") + (" with uncommitted changes" if is_changed else "")
