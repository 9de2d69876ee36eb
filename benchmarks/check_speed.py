"""What checking a long draft costs, and whether the cost grows with its length alone.

Generated names are planted into real texts by the harness of `tagging_peers.py`, a quarter of them
misspelled; every name is a person of its own, which is the dear case: whoever is named in full makes a
surname that the rest of the draft is held against. Lengths of one text are checked one after the other
in one process. Beside it, over the same text: ahocorasick_rs, which finds exact names only, and spaczz,
which finds misspelled ones but is given a few hundred letters, since it takes minutes for a page.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Final

from benchmarks.common import load_module, quietest, ratio, read_jsonl, table, where_it_ran
from normalizer.engine import Engine
from normalizer.model import Entity, EntityType
from normalizer.registry import Registry

SIZES: Final = (10_000, 100_000)
MEGABYTES: Final = (0.5, 1.0, 2.5, 5.0)
FOR_SPACZZ: Final = 300
"""Letters that spaczz is given."""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, required=True, help="the folder of tagging_peers.py")
    parser.add_argument("--data", type=Path, required=True, help="the folder of drafts.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="where generated registries are kept")
    parser.add_argument("--names", type=int, action="append", help="a size of the registry; may be repeated")
    parser.add_argument("--mb", type=float, action="append", help="a length of the draft; may be repeated")
    parser.add_argument("--spaczz", action="store_true", help="run spaczz, too (minutes)")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, str(asked.bench))
    harness = load_module(asked.bench / "tagging_peers.py")
    print(f"# Checking long drafts\n\n{where_it_ran()}\n")
    lines = [
        line
        for size in asked.names or SIZES
        for line in measured(asked, harness, size, asked.mb or MEGABYTES)
    ]
    print(table(["names", "", "MB", "MB/s CPU", "ours / it", "findings or hits"], lines))


def measured(
    asked: argparse.Namespace, harness: ModuleType, size: int, lengths: Iterable[float]
) -> list[list[object]]:
    """The lines of one size of the registry: ours and the exact peer at each length, spaczz last."""
    generated = sys.modules["gen_names"].load(size, 7, 5000, str(asked.cache))
    names = [
        name if len(name.lower()) == len(name) else harness.gen_names.fold(name) for name in generated.names
    ]
    engine = Engine(Registry([Entity(str(at), EntityType.PERSON, name) for at, name in enumerate(names)]))
    engine.check("Nobody is named here.")
    peer = harness.AcRsNfa()
    peer.build(names)
    lines: list[list[object]] = []
    for length in lengths:
        text = planted(harness, asked.data, names, generated.entity, length)
        megabytes = len(text.encode()) / 1e6
        findings, ours = quietest(partial(engine.check, text))
        hits, theirs = quietest(partial(peer.tag_one, text))
        speed, exact = megabytes / ours, megabytes / theirs
        lines.append([f"{size:,}", "check", f"{megabytes:.1f}", speed, None, len(findings)])
        row = [
            f"{size:,}",
            "ahocorasick_rs, exact",
            f"{megabytes:.1f}",
            exact,
            ratio(speed, exact),
            len(hits),
        ]
        lines.append(row)
    if asked.spaczz:
        lines.append(spaczz(harness, names, size, text[:FOR_SPACZZ], speed))
    return lines


def spaczz(harness: ModuleType, names: Sequence[str], size: int, text: str, ours: float) -> list[object]:
    """The line of spaczz over a few sentences."""
    peer = harness.Spaczz()
    peer.build(names)
    start = time.process_time()
    hits = peer.tag_one(text)
    speed = len(text.encode()) / 1e6 / (time.process_time() - start)
    return [
        f"{size:,}",
        "spaczz, fuzzy",
        f"{len(text) / 1e6:.4f}",
        f"{speed:.6f}",
        ratio(ours, speed),
        len(hits),
    ]


def planted(
    harness: ModuleType, data: Path, names: Sequence[str], entity: Sequence[int], megabytes: float
) -> str:
    """Real texts, one after the other up to a length, with names put into them."""
    texts = cycle([record["text"] for record in read_jsonl(data / "drafts.jsonl.gz")])
    chosen: list[str] = []
    size = 0.0
    while size < megabytes * 1e6:
        chosen.append(next(texts))
        size += len(chosen[-1].encode()) + 2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.txt"
        path.write_text("\n\n".join(chosen), encoding="utf-8")
        harness.ARGS = SimpleNamespace(text=str(path), seed=7)  # type: ignore[attr-defined]
        documents, _ = harness.documents(names, entity, len(names))
    text: str = documents[0]
    return text


if __name__ == "__main__":
    main()
