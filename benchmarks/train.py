"""Learns what the features of two names are worth, and writes the coefficients into the package.

    python -m benchmarks.train --data ../shared/data --write benchmarks/runs/DATE-models.json

The coefficients of the package are learned on all mentions and pairs of the data. What they are worth is
measured with others: for each of five folds those learned on the rest, no entity (for pairs, no name) in
two folds; and for each set those learned on all other sets. All of them go into the file given with
`--write`, which `benchmarks.accuracy` reads; the thresholds chosen here are those of
`normalizer.settings`. Needs scipy, which the package does not.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import numpy

from benchmarks.common import table, where_it_ran
from benchmarks.train_data import (
    FOLDS,
    TYPES,
    Array,
    Candidates,
    Pairs,
    candidates,
    fold_of_query,
    labelled_pairs,
    measured_pairs,
)
from benchmarks.train_fit import MOST_CANDIDATES, best_rows, first_guess, fit_links, fit_pairs, scores
from normalizer import EntityType
from normalizer.compare.features import FEATURES
from normalizer.compare.score import COEFFICIENTS

PAIR_COUNTS: Final = {"pairs_real": 1.0, "names_opensanctions": 3.0, "names_hard": 2.0}
"""How much a pair of each set counts: the small sets hold what the large one does not."""
LOOKUP_COUNTS: Final = (0.12, 0.03)
"""How much a right and a wrong candidate of a look-up counts as a pair: there are some forty thousand."""
LOOKUP_RIVALS: Final = 3
"""Wrong candidates of a mention that are taken as pairs."""

Coefficients = dict[str, dict[str, float]]


def named(weights: Array) -> Coefficients:
    """Weights by the names of their features: for all types, then each type's deviation."""
    names = ["constant", *(feature.name for feature in FEATURES)]
    blocks = weights.reshape(len(TYPES) + 1, len(names))
    return {
        part: {name: round(float(weight), 4) for name, weight in zip(names, block, strict=True)}
        for part, block in zip(("all", *(type.value for type in TYPES)), blocks, strict=True)
    }


def symmetric(weights: Array) -> Array:
    """Pair weights that do not mind which name is the first."""
    names = [feature.name for feature in FEATURES]
    turned = list(range(len(names)))
    for one, other in (
        ("extra", "missing"), ("extra telling", "missing telling"), ("any extra", "any missing"),
        ("holds name", "held by name"), ("longer", "shorter"), ("one word", "of one word"),
        ("kind extra", "kind missing"),
    ):  # fmt: skip
        a, b = names.index(one), names.index(other)
        turned[a], turned[b] = b, a
    blocks = weights.reshape(len(TYPES) + 1, len(names) + 1)
    mean: Array = (blocks + blocks[:, [0, *(place + 1 for place in turned)]]) / 2
    return mean.reshape(-1)


def lookup_pairs(data: Candidates, weights: Array) -> tuple[list[Any], Array]:
    """Mentions with the best form of their entity and of its nearest rivals, as labelled pairs."""
    rows = best_rows(data, scores(data.values, data.types, weights), MOST_CANDIDATES)
    pairs, kept = [], []
    seen: dict[int, int] = {}
    for row in rows:
        mention = int(data.mention[row])
        if not data.right[row]:
            seen[mention] = seen.get(mention, 0) + 1
            if seen[mention] > LOOKUP_RIVALS:
                continue
        type = TYPES[data.types[row]] if data.types[row] >= 0 else EntityType.OTHER
        query = data.queries[mention]["query"]
        pairs.append((query, data.names[row], type, bool(data.right[row]), "lookup"))
        kept.append(mention)
    return pairs, numpy.array(kept)


def pair_counts(pairs: Pairs) -> Array:
    """How much each pair counts."""
    right, wrong = LOOKUP_COUNTS
    return numpy.array(
        [
            PAIR_COUNTS.get(name, right if same else wrong)
            for name, same in zip(pairs.sets, pairs.same, strict=True)
        ]
    )


def learn(data: Path, sets: list[str]) -> dict[str, dict[str, Coefficients]]:
    """Learn all models: "all", "fold N" and "without SET", each with its link and its pair part."""
    links = candidates(sets, data)
    folds = numpy.array([fold_of_query(query) for query in links.queries])
    every = numpy.ones(len(links.queries), dtype=bool)
    start = first_guess([feature.name for feature in FEATURES])
    whole = fit_links(links, every, start)
    of_lookup, _ = lookup_pairs(links, whole)
    pairs = measured_pairs([*labelled_pairs(data), *of_lookup])
    counts = pair_counts(pairs)
    models = {"all": {"link": named(whole), "pair": named(symmetric(fit_pairs(pairs, counts)))}}
    print("learned on all", flush=True)
    for fold in range(FOLDS):
        link = fit_links(links, folds != fold, whole * 0.5, rounds=2)
        pair = fit_pairs(pairs, numpy.where(pairs.folds != fold, counts, 0))
        models[f"fold {fold}"] = {"link": named(link), "pair": named(symmetric(pair))}
        print(f"learned without fold {fold}", flush=True)
    for name in sets:
        link = fit_links(links, links.sets != name, whole * 0.5, rounds=2)
        models[f"without {name}"] = {"link": named(link)}
        print(f"learned without {name}", flush=True)
    for name in PAIR_COUNTS:
        pair = fit_pairs(pairs, numpy.where(pairs.sets != name, counts, 0))
        models[f"without {name}"] = {"pair": named(symmetric(pair))}
    return models


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of the query sets")
    parser.add_argument("--write", type=Path, required=True, help="where the models of folds and sets go")
    asked = parser.parse_args()
    sets = sorted(path.name[8:-9] for path in asked.data.glob("queries_*.jsonl.gz"))
    models = learn(asked.data, sets)
    asked.write.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")
    shipped = {"run": f"{asked.write.name}: {where_it_ran()}", **models["all"]}
    COEFFICIENTS.write_text(json.dumps(shipped, indent=1) + "\n", encoding="utf-8")
    rows = [
        [feature.name, feature.what, *(models["all"][kind]["all"][feature.name] for kind in ("link", "pair"))]
        for feature in FEATURES
    ]
    print(table(["feature", "what it is", "link", "pair"], rows))


if __name__ == "__main__":
    main()
