"""The service under load on loopback, beside a Flask endpoint that does nothing, in the same run.

    python -m benchmarks.service --bench ../shared/bench --data ../shared/data --cache FOLDER

wrk (Debian's package) asks `/v1/match` with batches of 1 and 100 names, and `/v1/check` with drafts of 500
words. *known* are names as the registry has them, 5,000 of them over and over, as pipelines ask; *in new
letters* match exactly too, but in capitals that were never met, so that no answer is remembered; *misspelled*
have one letter wrong, each asked once. The endpoint beside it decodes the same body and encodes an answer of
the same size (`service_no_op.py`), under the same gunicorn settings. Both are asked by turns; the rate is
that of the best round, for both.

*share* is our rate over the other's: 1 is a service that costs nothing. CPU is user and system time of all
processes of the server. wrk takes a part of the same cores.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.common import load_module, read_jsonl, table, where_it_ran
from benchmarks.index_cold import write_registry
from benchmarks.service_load import Load, Server, loaded, no_op, ours

SIZES: Final = (10_000, 1_000_000)
OFTEN: Final = 5_000
"""Names that are asked for over and over."""
SELDOM: Final = 100_000
"""Names that are each asked for once: more than the service remembers, and more than a run comes to ask."""
DRAFTS: Final = 200
WORDS: Final = 500
LEAST: Final = 0.5
"""Share of the other's rate that batches of 100 known names must keep."""
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Case(NamedTuple):
    """Something that is asked.

    Attributes:
        title: What it is called.
        batch: Names in a request, or "500 words".
        path: Where it is asked.
        bodies: The bodies of the requests.
    """

    title: str
    batch: str
    path: str
    bodies: Sequence[str]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, required=True, help="the folder of gen_names.py")
    parser.add_argument("--data", type=Path, required=True, help="the folder of drafts.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="where generated registries are kept")
    parser.add_argument("--n", type=int, action="append", help="a size of the registry; may be repeated")
    parser.add_argument("--seconds", type=float, default=5, help="of each round")
    parser.add_argument("--rounds", type=int, default=2, help="of each case and server")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args(arguments)
    print(f"# The service under load\n\n{where_it_ran()}\n")
    lines = [line for size in asked.n or SIZES for line in measured(asked, size)]
    header = ["names", "asked", "batch", "share", "CPU, ours / it", "req/s", "it", "p50 ms", "it", "p99 ms",
              "it", "µs CPU", "it", "failed"]  # fmt: skip
    print(table(header, lines))


def measured(asked: argparse.Namespace, size: int) -> Iterator[list[object]]:
    """The lines of one size of the registry."""
    generated = load_module(asked.bench / "gen_names.py").load(size, 7, 5000, str(asked.cache))
    registry = asked.cache / f"service_{size}.jsonl"
    if not registry.exists():
        write_registry(generated.names, generated.entity, registry)
    with ours(registry, asked.cache / "service-index", asked.workers) as server:
        for case in cases(generated.names, asked.data):
            own, other = beside(asked, server, case)
            share, cost = own.rate / other.rate, own.cpu / other.cpu
            pairs = [(own.rate, other.rate), (own.p50, other.p50), (own.p99, other.p99), (own.cpu, other.cpu)]
            figures = [
                f"{figure:,.1f}" if figure < 100 else f"{figure:,.0f}" for pair in pairs for figure in pair
            ]
            is_short = case.title == "known" and case.batch == "100" and share < LEAST
            shown = f"**{share:.2f}**" if is_short else f"{share:.2f}"
            yield [f"{size:,}", case.title, case.batch, shown, f"{cost:.2f}×", *figures, own.bad + other.bad]


def beside(asked: argparse.Namespace, server: Server, case: Case) -> tuple[Load, Load]:
    """The best rounds of the service and of the endpoint that does nothing, asked by turns."""
    with (
        tempfile.NamedTemporaryFile("w", suffix=".bodies") as file,
        no_op(server.ask(case.path, case.bodies[0]), asked.workers) as other,
    ):
        file.write("\n".join(case.bodies))
        file.flush()
        rounds: dict[Server, list[Load]] = {server: [], other: []}
        part = len(case.bodies) // (asked.rounds + 1)
        for number in range(asked.rounds + 1):
            for one, loads in rounds.items():
                seconds = asked.seconds if number else 1.0
                start = number * part
                loads.append(loaded(one, case.path, Path(file.name), start, seconds, asked.connections))
    own, others = (max(loads[1:], key=lambda load: load.rate) for loads in rounds.values())
    return own, others


def cases(names: Sequence[str], data: Path) -> Iterator[Case]:
    """All that is asked of a registry of some names."""
    drawn = random.Random(7)
    often = drawn.sample(names, OFTEN)
    for title, make in (("known", None), ("in new letters", in_new_letters), ("misspelled", misspelled)):
        asked = often if make is None else list(_distinct(make, names, drawn))
        for batch in (1, 100):
            yield Case(title, str(batch), "/v1/match", bodies_of(asked, batch))
    yield Case("drafts", f"{WORDS} words", "/v1/check", drafts(names, data, drawn))


def bodies_of(names: Sequence[str], batch: int) -> list[str]:
    """Requests for some names."""
    return [
        json.dumps({"queries": [{"name": name} for name in names[start : start + batch]]})
        for start in range(0, len(names) - batch + 1, batch)
    ]


def _distinct(
    make: Callable[[str, random.Random], str], names: Sequence[str], drawn: random.Random
) -> Iterator[str]:
    seen: set[str] = set()
    while len(seen) < SELDOM:
        name = make(drawn.choice(names), drawn)
        if name not in seen:
            seen.add(name)
            yield name


def in_new_letters(name: str, drawn: random.Random) -> str:
    """A name with some of its letters in the other case."""
    return "".join(char.upper() if drawn.random() < 0.3 else char for char in name)


def misspelled(name: str, drawn: random.Random) -> str:
    """A name with one letter in place of another, behind the first."""
    place = drawn.randrange(1, len(name)) if len(name) > 1 else 0
    return name[:place] + drawn.choice(_LETTERS) + name[place + 1 :]


def drafts(names: Sequence[str], data: Path, drawn: random.Random) -> list[str]:
    """Drafts of real prose with ten names in each, three of them misspelled."""
    words = " ".join(record["text"] for record in read_jsonl(data / "drafts.jsonl.gz")).split()
    bodies = []
    for number in range(DRAFTS):
        start = number * WORDS % (len(words) - WORDS)
        chosen = drawn.sample(names, 10)
        chosen[:3] = [misspelled(name, drawn) for name in chosen[:3]]
        text = words[start : start + WORDS - sum(len(name.split()) for name in chosen)]
        for name in chosen:
            text.insert(drawn.randrange(len(text)), name)
        bodies.append(json.dumps({"text": " ".join(text)}))
    return bodies


if __name__ == "__main__":
    main()
