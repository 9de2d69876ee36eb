"""An index file made for a benchmark, and what making and opening it cost."""

from __future__ import annotations

import contextlib
import gc
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from normalizer.index.build import compiled
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container
from normalizer.matcher import Matcher
from normalizer.model import Entity, EntityType, Mention
from normalizer.settings import Thresholds

_OPENINGS: Final = 5


@dataclass
class IndexFile:
    """A compiled index on disk, opened.

    Attributes:
        container: The mapped file.
        build_s: Seconds that compiling and writing took, of the clock.
        build_cpu_s: The same, of the processor.
        build_peak_mb: How far the process grew over what it held before.
        file_mb: Size of the file.
        open_ms: The quickest of five openings, the file in the page cache.
    """

    container: Container
    build_s: float
    build_cpu_s: float
    build_peak_mb: float
    file_mb: float
    open_ms: float

    def matcher(self) -> Matcher:
        """A matcher that remembers nothing yet."""
        return Matcher(CompiledIndex(self.container), Thresholds())


def made(entities: Iterable[Entity], folder: Path) -> IndexFile:
    """Compile entities into a file and open it.

    Args:
        entities: All entities.
        folder: Where the file goes, as `names.index`.
    """
    gc.collect()
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here (proc(5))
    before = memory_mb("VmRSS")
    start, cpu = time.perf_counter(), time.process_time()
    path = folder / "names.index"
    path.write_bytes(compiled(entities, "benchmark", "benchmark", "benchmark"))
    build_s, build_cpu_s = time.perf_counter() - start, time.process_time() - cpu
    peak = memory_mb("VmHWM") - before
    gc.collect()
    openings = [_opened(path) for _ in range(_OPENINGS)]
    container, _ = openings[-1]
    open_ms = min(milliseconds for _, milliseconds in openings)
    return IndexFile(container, build_s, build_cpu_s, peak, path.stat().st_size / 1e6, open_ms)


def _opened(path: Path) -> tuple[Container, float]:
    start = time.perf_counter()
    container = Container.open(path)
    CompiledIndex(container)
    return container, 1e3 * (time.perf_counter() - start)


def own_entities(names: Sequence[str]) -> list[Entity]:
    """Each name as an entity by itself, of no known type, its id the name's position."""
    return [Entity(f"{row:08}", EntityType.OTHER, name) for row, name in enumerate(names)]


def first_link_ms(matcher: Matcher, name: str) -> float:
    """Milliseconds of the first match of a process that has opened an index."""
    start = time.perf_counter()
    matcher.link(Mention(name))
    return 1e3 * (time.perf_counter() - start)


def memory_mb(field: str) -> float:
    """A figure of this process as the kernel has it: `VmRSS`, what is resident, or `VmHWM`, its peak."""
    if not os.path.exists("/proc/self/status"):  # noqa: PTH110
        raise SystemExit("memory is read from /proc: run this on Linux")
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field + ":")) * 1024 / 1e6
