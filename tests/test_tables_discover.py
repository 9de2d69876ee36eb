"""Unknown names grouped: alike together, different apart, in any order of rows; entities that load."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

from conftest import RunCommand
from hypothesis import given
from hypothesis import strategies as st

from normalizer.compare import compare_names
from normalizer.model import EntityType
from normalizer.registry.load import load_registry
from normalizer.settings import Bounds
from normalizer.tables.groups import MOST, Spelling, grouped

BOUNDS = Bounds(0.7, 0.4)
ROWS = [
    "Jane Nobody", "Jane Nobody", "jane nobody", "JANE NOBODY", "Jane Nobodi", "Nobody, Jane", "Adam Quilter",
    "Adam Quilter", "Anna Quilter", "A. Quilter", "Blinkon", "Zorblax 12", "Zorblax 13", "...", "",
]  # fmt: skip
WORDS = st.sampled_from("Jane Jayne Janet Adam Anna A. Quilter Quiltar Nobody Nobodi Smith Smyth".split())
NAMES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), unique=True, max_size=14)


def table(path: Path, rows: list[str]) -> None:
    path.write_text("id,who\n" + "".join(f'{place},"{name}"\n' for place, name in enumerate(rows)))


def test_groups_and_entities(run: RunCommand, tmp_path: Path) -> None:
    table(tmp_path / "t.csv", ROWS)
    result = run("discover", "t.csv", "--column", "who:person", "-o", "found.yaml", "--report", "json")
    assert result.exit_code == 0, result.stderr
    groups = json.loads(result.stdout)["groups"]
    assert [[spelling["name"] for spelling in group["spellings"]] for group in groups] == [
        ["Jane Nobody", "Nobody, Jane", "Jane Nobodi", "JANE NOBODY", "jane nobody"],
        ["Adam Quilter", "A. Quilter"],
    ]
    assert (groups[0]["id"], groups[0]["rows"], groups[0]["spellings"][0]["lines"]) == (
        "jane-nobody",
        6,
        [2, 3],
    )
    registry = load_registry(str(tmp_path / "found.yaml"))
    aliases = [alias.name for alias in registry.entities["jane-nobody"].aliases]
    assert aliases == ["Nobody, Jane", "Jane Nobodi"]
    assert run("aliases", "check", "found.yaml").exit_code == 0
    found = run("match", "--registry", "found.yaml", "Jane Nobodi", "A. Quilter")
    assert "Jane Nobody" in found.stdout
    assert "Adam Quilter" in found.stdout
    again = run("discover", "t.csv", "--column", "who:person", "-o", "found.yaml")
    assert (again.exit_code, "found.yaml: is there already" in again.stderr) == (2, True)


def test_the_order_of_rows_does_not_matter(run: RunCommand, tmp_path: Path) -> None:
    answers = []
    for seed in range(3):
        rows = list(ROWS)
        random.Random(seed).shuffle(rows)
        table(tmp_path / "t.csv", rows)
        answers.append(run("discover", "t.csv", "--column", "who:person", "--singles", "1").stdout)
    assert len(set(answers)) == 1
    assert "Anna Quilter" in answers[0]


def test_a_bad_row_is_left_out_and_ids_are_new(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,who\n1,Zora Nobody\n2\n3,Zora Nobodi\n4,Ioe 周\n")
    result = run("discover", "t.csv", "--column", "who", "--singles", "1", "-o", "f.jsonl")
    assert result.exit_code == 0, result.stderr
    assert "1 rows could not be read and were left out; the first is line 3" in result.stderr
    ids = [json.loads(line)["id"] for line in (tmp_path / "f.jsonl").read_text().splitlines()]
    assert len(set(ids)) == len(ids) == 2


@given(NAMES, st.randoms(use_true_random=False))
def test_no_two_of_a_group_are_clearly_different(names: list[str], chance: random.Random) -> None:
    spellings = [Spelling(name, 1 + place % 3) for place, name in enumerate(names)]
    groups = grouped(spellings, EntityType.PERSON, BOUNDS)
    assert sorted(spelling.name for group in groups for spelling in group.spellings) == sorted(names)
    for group in groups:
        for first, second in combinations(group.spellings, 2):
            assert compare_names(first.name, second.name, EntityType.PERSON).score >= BOUNDS.review
    shuffled = chance.sample(spellings, len(spellings))
    assert grouped(shuffled, EntityType.PERSON, BOUNDS) == groups


def test_groups_have_an_end() -> None:
    names = [f"Jonathan{letter}{other} Blatherwick" for letter in "aeiouy" for other in "bcdfghjklmnp"]
    groups = grouped([Spelling(name, 1) for name in names], EntityType.PERSON, BOUNDS)
    assert max(len(group.spellings) for group in groups) <= MOST
