"""What loading a registry of YAML costs, beside PyYAML's own loader of the same files.

    python -m benchmarks.registry_load [--aliases 100000] [--files 4] [--rounds 5]

The registry is made in a temporary folder, the same at each run: the entities of the starter registry again
and again, with all that they have but their names, which are put together from the words of all names there.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from benchmarks.common import quietest, ratio, table, where_it_ran
from normalizer.configuration import starter_registry
from normalizer.model import Entity
from normalizer.registry import load_registry, write_registry

TARGET_SECONDS: Final = 1.3


def entities(alias_count: int) -> Iterator[Entity]:
    """Give entities like those of the starter registry until they have so many aliases."""
    choose = random.Random(alias_count)
    models = list(load_registry(str(starter_registry())).entities.values())
    words = sorted({word for model in models for form in model.forms() for word in form.name.split()})
    given = 0
    for number, model in enumerate(itertools.cycle(models)):
        if given >= alias_count:
            return
        forms: dict[str, None] = {}
        while len(forms) <= len(model.aliases):
            parts = choose.choices(words, k=choose.choice((1, 2, 2, 3)))
            if any(char.isalnum() for part in parts for char in part):
                forms[" ".join(parts)] = None
        name, *others = forms
        aliases = tuple(replace(alias, name=form) for alias, form in zip(model.aliases, others, strict=True))
        yield replace(model, id=f"{model.id}-{number}", name=name, aliases=aliases, never=())
        given += len(aliases)


def load_with_pyyaml(folder: Path, *, collects: bool) -> None:
    """Load each file with PyYAML's C loader, which neither checks what it reads nor makes entities of it."""
    loader = getattr(yaml, "CSafeLoader", None)
    if loader is None:
        raise SystemExit("PyYAML has no C loader here; install it with libyaml")
    if not collects:
        gc.disable()
    try:
        kept = [yaml.load(path.read_bytes(), loader) for path in sorted(folder.iterdir())]
    finally:
        gc.enable()
    del kept


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--aliases", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    made = list(entities(asked.aliases))
    alias_count = sum(len(entity.aliases) for entity in made)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(asked.files):
            write_registry(made[number :: asked.files], str(folder / f"part-{number}.yaml"))
        megabytes = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        made.clear()
        loaded, ours = quietest(lambda: len(load_registry(name)), asked.rounds)
        _, held = quietest(lambda: load_with_pyyaml(folder, collects=False), 2)
        _, collected = quietest(lambda: load_with_pyyaml(folder, collects=True), 1)
    rows: list[list[object]] = [
        ["load_registry", f"target < {TARGET_SECONDS} s", ours],
        ["yaml.load with CSafeLoader, garbage collector off", ratio(ours, held), held],
        ["yaml.load with CSafeLoader", ratio(ours, collected), collected],
    ]
    print(f"{alias_count:,} aliases of {loaded:,} entities, {megabytes:.1f} MB in {asked.files} files.\n")
    print(table(["what loads it", "ours to this, CPU", "CPU s"], rows))
    print(where_it_ran())


if __name__ == "__main__":
    main()
