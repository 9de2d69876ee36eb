"""What `aliases check` says of a registry: each remark where it is due, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from normalizer.engine import Engine
from normalizer.interfaces.cli.app import app
from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard
from normalizer.registry import Registry, load_registry
from normalizer.rulebook import Level

PERSON, PLACE = EntityType.PERSON, EntityType.PLACE

CASES = {
    "an alias that is a word": ([Entity("a", PERSON, "Ann Hope", (Alias("Hope"),))], ["word-without-guard"]),
    "a guarded word": ([Entity("a", PERSON, "Ann Hope", (Alias("Hope", guard=Guard(cased=True)),))], []),
    "dots make no other word": (
        [Entity("a", PERSON, "World Health", (Alias("W.H.O."),))],
        ["word-without-guard"],
    ),
    "the name is the word itself": ([Entity("a", PERSON, "Hope", (Alias("HOPE"),))], []),
    "a Cyrillic letter inside": ([Entity("a", PERSON, "Antony Blink\u0435n")], ["mixed-scripts"]),
    "two scripts, two words": ([Entity("a", PERSON, "Blinken Блинкен")], []),
    "a name without letters": ([Entity("a", PERSON, "Ann Lee", (Alias("—"),))], ["folds-to-nothing"]),
    "one identifier, two entities": (
        [
            Entity("a", PERSON, "Ann Lee", ids=(("wikidata", "Q1"),)),
            Entity("b", PERSON, "Olaf Berg", ids=(("wikidata", "Q1"),)),
        ],
        ["shared-id"],
    ),
    "one name, two entities": (
        [Entity("a", PERSON, "Marianne Schellenberg"), Entity("b", PERSON, "Marianne Schellenberg")],
        ["claimed-twice", "probably-same"],
    ),
    "one name, told apart by identifiers": (
        [
            Entity("a", PERSON, "Marianne Schellenberg", ids=(("wikidata", "Q1"),)),
            Entity("b", PERSON, "Marianne Schellenberg", ids=(("wikidata", "Q2"),)),
        ],
        ["claimed-twice"],
    ),
    "two spellings of a name": (
        [Entity("a", PERSON, "Marianne Schellenberg"), Entity("b", PERSON, "Marianne Schelenberg")],
        ["probably-same"],
    ),
    "two spellings, told apart by not": (
        [
            Entity("a", PERSON, "Marianne Schellenberg", never=("Marianne Schelenberg",)),
            Entity("b", PERSON, "Marianne Schelenberg"),
        ],
        [],
    ),
    "a person and a place": (
        [Entity("a", PERSON, "Saint Martin"), Entity("b", PLACE, "Saint Marten")],
        [],
    ),
    "an alias in the wrong entity": (
        [
            Entity("a", PERSON, "Marianne Schellenberg"),
            Entity("b", PERSON, "Olaf Berg", (Alias("Mariane Schellenberg"),)),
        ],
        ["nearer-to-another"],
    ),
    "an acronym is like no name": (
        [
            Entity("a", PLACE, "OPEC Hall"),
            Entity("b", PLACE, "Pacific Forum", (Alias("APEC Hall", AliasKind.ACRONYM),)),
        ],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_remarks(case: str) -> None:
    entities, expected = CASES[case]
    remarks = Engine(Registry(entities)).remarks()
    assert [remark.check for remark in remarks] == expected
    assert all(remark.entity_id in {entity.id for entity in entities} for remark in remarks)


def test_order_of_entities_decides_nothing() -> None:
    entities = [entity for items, _ in CASES.values() for entity in items]
    renamed = [Entity(f"e{n}", one.type, one.name, one.aliases) for n, one in enumerate(entities)]
    assert Engine(Registry(renamed)).remarks() == Engine(Registry(renamed[::-1])).remarks()


def test_the_starter_registry_has_no_warning() -> None:
    registry = load_registry(str(Path(__file__).parent.parent / "aliases"))
    remarks = Engine(registry).remarks()
    assert [remark for remark in remarks if remark.level is Level.WARNING] == []


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    text = "entities:\n  ann-hope:\n    name: Ann Hope\n    type: person\n    aliases: [Hope]\n"
    (tmp_path / "people,desk.yaml").write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_warnings_have_a_place_and_an_exit_code(faulty: str) -> None:
    result = CliRunner().invoke(app, ["aliases", "check", faulty])
    assert result.exit_code == 1
    assert "people,desk.yaml:2: ann-hope: 'Hope' is an English word" in result.stdout
    assert "1 warning" in result.stderr


def test_github_annotations_are_escaped(faulty: str) -> None:
    result = CliRunner().invoke(app, ["aliases", "check", "--format", "github", faulty])
    assert result.exit_code == 1
    assert result.stdout.startswith("::warning file=")
    assert "people%2Cdesk.yaml,line=2::ann-hope: " in result.stdout


def test_json_holds_remarks_or_faults(faulty: str, tmp_path: Path) -> None:
    document = json.loads(CliRunner().invoke(app, ["aliases", "check", "--format", "json", faulty]).stdout)
    assert document["faults"] == []
    assert [(one["check"], one["entity"], one["line"]) for one in document["remarks"]] == [
        ("word-without-guard", "ann-hope", 2)
    ]
    (tmp_path / "bad.yaml").write_text("entities: [\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["aliases", "check", "--format", "json", faulty])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["faults"][0]["file"].endswith("bad.yaml")
