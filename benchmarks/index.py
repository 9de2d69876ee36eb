"""The compiled index held against its peers and its targets, a part at a time.

    python -m benchmarks.index lookup --bench ../shared/bench --cache FOLDER [--n N]... [--peer PEER]...
    python -m benchmarks.index sets --bench ../shared/bench --data ../shared/data [--models FILE]
    python -m benchmarks.index growth --bench ../shared/bench --cache FOLDER [--plot FILE.svg] [--json FILE]
    python -m benchmarks.index hostile --bench ../shared/bench [--size N]
    python -m benchmarks.index cold --bench ../shared/bench --cache FOLDER [--n N]
    python -m benchmarks.index differences --data ../shared/data
    python -m benchmarks.index scan --bench ../shared/bench --data ../shared/data --cache FOLDER [--latin]

`PART --help` says what each measures. The peers need an interpreter in which they are installed: run this
script with that one.
"""

from __future__ import annotations

import argparse
from types import ModuleType
from typing import Final

from benchmarks import (
    index_cold,
    index_differences,
    index_growth,
    index_hostile,
    index_lookup,
    index_scan,
    index_sets,
)
from benchmarks.common import where_it_ran

PARTS: Final[dict[str, ModuleType]] = {
    "lookup": index_lookup,
    "sets": index_sets,
    "growth": index_growth,
    "hostile": index_hostile,
    "cold": index_cold,
    "differences": index_differences,
    "scan": index_scan,
}
"""Each has `arguments`, which takes a parser, and `report`, which takes what was asked for."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    chosen = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name, part in PARTS.items():
        summary = (part.__doc__ or "").partition("\n")[0]
        own = chosen.add_parser(
            name,
            help=summary,
            description=part.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        part.arguments(own)
    asked = parser.parse_args()
    print(f"{where_it_ran()}\n\n{PARTS[asked.part].report(asked)}")


if __name__ == "__main__":
    main()
