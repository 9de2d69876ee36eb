"""A million rows cleaned, beside the obvious script.

    pip install names names-dataset nicknames pandas                  # what generated names and the peer need
    python -m benchmarks.tables --bench ../shared/bench --cache ../generated [--n 100000]... [--tenfold]

The table has 1,000,000 rows of 47,000 distinct names, a fifth of them of nobody; the registry is generated
(`gen_names.py`). *normalizer* is the whole process `normalizer clean`, from a kept index: CPU seconds (user
and system) and peak memory. The script is pandas' `map` over rapidfuzz's `extractOne`: CPU
seconds of reading and writing the whole table, and of a sample of distinct names, scaled to all of them. *Of
all rows* is what it costs as it is mostly written, a look-up a row. *Right* are those of the sample that are
linked to their entity, or to nobody where they are nobody's; the script has the best threshold for that
sample, chosen with the answers known. `--tenfold` cleans ten times the rows of the same names, too.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.common import load_module, table, where_it_ran

ROWS: Final = 1_000_000
DISTINCT: Final = 47_000
SAMPLE: Final = 1_000
_QUERIES: Final = 60_000
_COLUMN: Final = "minister"


class Made(NamedTuple):
    """A registry, a table, and what is true of its names: the entity, or None for nobody."""

    registry: Path
    table: Path
    truth: dict[str, str | None]


class Cost(NamedTuple):
    """CPU seconds and peak memory, in MB, of a process."""

    seconds: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, required=True, help="the folder of gen_names.py")
    parser.add_argument("--cache", type=Path, required=True, help="where all that is made is kept")
    parser.add_argument("--n", type=int, action="append", default=[], help="names; may be repeated")
    parser.add_argument("--tenfold", action="store_true", help="also ten times the rows")
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    rows: list[list[object]] = []
    for size in asked.n or [10_000, 100_000]:
        rows += measured(asked.bench, asked.cache.resolve(), size, asked.tenfold)
    header = ["names", "rows", "", "CPU s", "peak MB", "right", "wrong", "script ÷ ours, CPU"]
    print(f"{where_it_ran()}\n\n{table(header, rows)}")


def measured(bench: Path, cache: Path, size: int, is_tenfold: bool) -> list[list[object]]:
    """The rows of the report for one size of the registry."""
    made = make(bench, cache, size, ROWS)
    sample = random.Random(5).sample(sorted(made.truth), SAMPLE)
    output = cache / f"cleaned_{size}.csv"
    clean(made, output, 10)  # the index is compiled
    ours = clean(made, output)
    right, wrong = judged(answers_of(output, sample), made.truth, sample)
    rows: list[list[object]] = [[size, ROWS, "normalizer", *shown(ours), right, wrong, None]]
    script, looking, found = peer(made, sample, cache)
    right, wrong = best(found, made.truth, sample)
    for name, times in (("script, distinct names", DISTINCT), ("script, of all rows", ROWS)):
        whole = script.seconds - looking + looking / SAMPLE * times
        figures = [round(whole), round(script.peak), right, wrong, f"{whole / ours.seconds:.1f}×"]
        rows.append([size, ROWS, name, *figures])
    if is_tenfold:
        more = make(bench, cache, size, 10 * ROWS)
        cost = clean(more, output)
        rows.append([size, 10 * ROWS, "normalizer", *shown(cost), None, None, None])
        more.table.unlink()
    return rows


def shown(cost: Cost) -> list[object]:
    return [f"{cost.seconds:.1f}", round(cost.peak)]


def make(bench: Path, cache: Path, size: int, count: int) -> Made:
    """Write a registry and a table, the same each time."""
    data = load_module(bench / "gen_names.py").load(size, 7, _QUERIES, str(cache))
    registry, path = cache / f"tables_{size}.jsonl", cache / f"tables_{size}_{count}.csv"
    forms: dict[int, list[str]] = {}
    for name, entity in zip(data.names, data.entity, strict=True):
        forms.setdefault(entity, []).append(name)
    with registry.open("w", encoding="utf-8") as file:
        for entity, (name, *aliases) in forms.items():
            item = {"id": f"e{entity}", "name": name, "aliases": aliases}
            file.write(json.dumps(item, ensure_ascii=False) + "\n")
    named = {name: entity for name, entity, _ in data.queries}
    truth = {name: None if named[name] < 0 else f"e{named[name]}" for name in list(named)[:DISTINCT]}
    names, chance = list(truth), random.Random(1)
    weights = list(accumulate(1 / (rank + 20) ** 0.6 for rank in range(len(names))))
    if not path.exists():
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", _COLUMN, "country", "note"])
            drawn = chance.choices(names, cum_weights=weights, k=count - len(names))
            everything = names + drawn
            chance.shuffle(everything)
            writer.writerows(
                (at, name, "US", "text, quoted" if at % 10 == 0 else "text")
                for at, name in enumerate(everything)
            )
    return Made(registry, path, truth)


def clean(made: Made, output: Path, most: int = 0) -> Cost:
    """What `normalizer clean` costs, of all rows or of the first few."""
    source = made.table
    if most:
        source = made.table.with_suffix(".few.csv")
        with made.table.open(encoding="utf-8") as whole, source.open("w", encoding="utf-8") as few:
            few.writelines(line for line, _ in zip(whole, range(most), strict=False))
    words = [str(source), "--column", _COLUMN, "--registry", str(made.registry), "-o", str(output)]
    return cost_of(["-m", "normalizer", "clean", *words], made.registry.parent)


def cost_of(command: Sequence[str], cache: Path) -> Cost:
    """Run Python and wait for it."""
    environment = {
        **os.environ,
        "NORMALIZER_CACHE": str(cache / "index"),
        "XDG_DATA_HOME": str(cache / "data"),
    }
    with subprocess.Popen(
        [sys.executable, *command], env=environment, cwd=Path(__file__).parent.parent, stderr=subprocess.PIPE
    ) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {said.decode()}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def answers_of(output: Path, sample: Sequence[str]) -> dict[str, str | None]:
    """The entities that names were linked to."""
    wanted = set(sample)
    with output.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row[_COLUMN]: row[f"{_COLUMN}_id"] or None for row in rows if row[_COLUMN] in wanted}


def judged(
    answers: dict[str, str | None], truth: dict[str, str | None], sample: Sequence[str]
) -> tuple[int, int]:
    """How many names are answered rightly, and how many are linked to somebody else."""
    right = sum(answers[name] == truth[name] for name in sample)
    wrong = sum(answers[name] is not None and answers[name] != truth[name] for name in sample)
    return right, wrong


Found = dict[str, tuple[str, float]]
"""The entity that came nearest to a name, and how near."""


def best(found: Found, truth: dict[str, str | None], sample: Sequence[str]) -> tuple[int, int]:
    """Right and wrong answers at the threshold that gives most right ones."""
    results = []
    for bound in range(50, 101):
        answers = {name: found[name][0] if found[name][1] >= bound else None for name in sample}
        results.append(judged(answers, truth, sample))
    return max(results, key=lambda result: (result[0], -result[1]))


def peer(made: Made, sample: Sequence[str], cache: Path) -> tuple[Cost, float, Found]:
    """Run the obvious script: what it costs, its CPU seconds in looking up, and what it found."""
    place = cache / "sample.json"
    place.write_text(json.dumps(list(sample)), encoding="utf-8")
    words = [str(made.table), str(made.registry), str(place), str(cache / "script.csv")]
    cost = cost_of(["-m", "benchmarks.tables", "--script", *words], cache)
    answer = json.loads(place.read_text(encoding="utf-8"))
    return cost, answer["seconds"], {name: (entity, score) for name, entity, score in answer["found"]}


def script(source: str, registry: str, place: str, output: str) -> None:
    """The obvious script, whose look-ups are of a sample only."""
    import pandas
    from rapidfuzz import process

    rows = pandas.read_csv(source, dtype=str, keep_default_na=False)
    owner: dict[str, str] = {}
    with Path(registry).open(encoding="utf-8") as file:
        for item in map(json.loads, file):
            owner.update(dict.fromkeys([item["name"], *item["aliases"]], item["id"]))
    names = list(owner)
    sample = pandas.Series(json.loads(Path(place).read_text(encoding="utf-8")))
    began = time.process_time()
    found = sample.map(lambda name: process.extractOne(name, names))
    seconds = time.process_time() - began
    entity = {name: owner[best[0]] for name, best in zip(sample, found, strict=True)}
    rows["canonical"] = rows[_COLUMN].map(entity)
    rows.to_csv(output, index=False)
    answers = [(name, owner[best[0]], best[1]) for name, best in zip(sample, found, strict=True)]
    Path(place).write_text(json.dumps({"seconds": seconds, "found": answers}), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--script"]:
        script(*sys.argv[2:])
    else:
        main()
