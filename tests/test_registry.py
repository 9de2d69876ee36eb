"""What registry files say, and what a registry of entities answers."""

from __future__ import annotations

import contextlib
import gc
import gzip
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from normalizer.errors import Fault, RegistryError
from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard, Title
from normalizer.registry import Registry, load_registry
from normalizer.registry.rules import complaint_about_form
from normalizer.text.folding import fold

CASES = Path(__file__).parent / "cases" / "registry"

BLINKEN = """\
entities:
  antony-blinken:
    name: Antony Blinken
    type: person
    country: US
    titles: [Secretary of State, {name: Deputy Secretary of State, from: 2015, until: 2017-01-20}]
    aliases:
      - Blinken
      - {name: Tony Blinken, kind: nickname, lang: en, source: own knowledge}
      - {name: Blinking, kind: misspelling, guard: {cased: true, near: [Antony, Secretary]}}
    not: [Alan Blinken, Blinker]
    ids: {wikidata: Q7747, iso: 12}
"""

BLINKEN_ENTITY = Entity(
    "antony-blinken",
    EntityType.PERSON,
    "Antony Blinken",
    (
        Alias("Blinken"),
        Alias("Tony Blinken", AliasKind.NICKNAME, "en", None, "own knowledge"),
        Alias("Blinking", AliasKind.MISSPELLING, guard=Guard(True, ("Antony", "Secretary"))),
    ),
    (Title("Secretary of State"), Title("Deputy Secretary of State", "2015", "2017-01-20")),
    (("wikidata", "Q7747"), ("iso", "12")),
    ("US",),
    ("Alan Blinken", "Blinker"),
)


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


# --- the form ---------------------------------------------------------------------------------------


def test_yaml_gives_every_field_of_the_model(tmp_path):
    registry = load_registry(write(tmp_path / "a.yaml", BLINKEN))
    assert list(registry.entities.values()) == [BLINKEN_ENTITY]


def test_byte_order_mark_and_windows_line_ends_are_no_content(tmp_path):
    windows = b"\xef\xbb\xbf" + BLINKEN.replace("\n", "\r\n").encode()
    assert load_registry(write(tmp_path / "a.yaml", windows)).entities["antony-blinken"] == BLINKEN_ENTITY


@pytest.mark.parametrize(
    "word", ["No", "on", "1984", "12:30", "=", "null", "Null", "1e3", "0x1F", "2001-01-01"]
)
def test_every_scalar_is_text_as_written(tmp_path, word):
    text = f"entities: {{some-id: {{name: Name, type: other, titles: [{word}], ids: {{x: {word}}}}}}}"
    entity = load_registry(write(tmp_path / "a.yaml", text)).entities["some-id"]
    assert entity.titles == (Title(word),)
    assert entity.ids == (("x", word),)


def test_names_that_yaml_takes_for_something_else(tmp_path):
    text = "entities:\n  1984:\n    name: 1984\n    type: other\n    aliases: [No, 12:30, null, true]\n"
    entity = load_registry(write(tmp_path / "a.yaml", text)).entities["1984"]
    assert [form.name for form in entity.forms()] == ["1984", "No", "12:30", "null", "true"]


def test_forms_that_only_fold_alike_are_two_forms(tmp_path):
    text = "entities: {r: {name: Reykjavík, type: place, aliases: [Reykjavik, REYKJAVIK]}}"
    assert len(load_registry(write(tmp_path / "a.yaml", text)).entities["r"].forms()) == 3


def test_a_letter_or_digit_can_match_unless_folding_leaves_nothing_of_it():
    letters = [char for char in map(chr, range(sys.maxunicode + 1)) if char.isalnum()]
    assert [char for char in letters if (fold(char) == "") == (complaint_about_form(char) is None)] == []


def test_country_and_not_are_one_text_or_a_list(tmp_path):
    text = """\
entities:
  a: {name: A, type: other, country: NO, not: B}
  b: {name: B, type: other, country: [NO, Iran], not: [A, C, c]}
  c: {name: C, type: other, country: [], not: []}
"""
    lines = """\
{"id": "a", "name": "A", "country": "NO", "not": "B"}
{"id": "b", "name": "B", "country": ["NO", "", "Iran"], "not": ["A", "C", " ", "c", "A"]}
{"id": "c", "name": "C", "country": "", "not": null}
"""
    registry = load_registry(write(tmp_path / "a.yaml", text))
    assert [(entity.countries, entity.never) for entity in registry.entities.values()] == [
        (("NO",), ("B",)),
        (("NO", "Iran"), ("A", "C", "c")),
        ((), ()),
    ]
    assert load_registry(write(tmp_path / "a.jsonl", lines)) == registry


@pytest.mark.parametrize(
    ("name", "content"), [("a.yaml", "entities: {}\n"), ("a.jsonl", ""), ("a.jsonl", "\n \n")]
)
def test_registries_of_nobody_are_valid(tmp_path, name, content):
    assert len(load_registry(write(tmp_path / name, content))) == 0


def test_jsonl_is_read_as_other_systems_write_it(tmp_path):
    first = {
        "id": "ror:1",
        "type": "Company",
        "name": "Gazprom",
        "country": "RU",
        "source": "somewhere",
        "aliases": [
            {"name": "Газпром", "lang": "ru", "kind": "label"},
            {"name": "GP", "kind": "acronym"},
            "Gazprom",
            {"name": "GP", "kind": "short"},
            " ",
        ],
    }
    titles = ["Dr", {"name": "Chair", "from": "2001"}, ""]
    second = {"id": "x/y z", "name": "***", "titles": titles, "aliases": None}
    lines = f"{json.dumps(first, ensure_ascii=False)}\n\n{json.dumps(second)}"
    registry = load_registry(write(tmp_path / "a.jsonl", b"\xef\xbb\xbf" + lines.encode()))
    aliases = (Alias("Газпром", lang="ru"), Alias("GP", AliasKind.ACRONYM))
    assert registry.entities == {
        "ror:1": Entity("ror:1", EntityType.ORGANIZATION, "Gazprom", aliases, countries=("RU",)),
        "x/y z": Entity("x/y z", EntityType.OTHER, "***", (), (Title("Dr"), Title("Chair", "2001"))),
    }


def test_gzip_holds_what_the_plain_file_holds(tmp_path):
    line = '{"id":"a","type":"person","name":"A B","aliases":["C"]}\n'
    plain = load_registry(write(tmp_path / "a.jsonl", line))
    assert load_registry(write(tmp_path / "a.jsonl.gz", gzip.compress(line.encode()))) == plain


def test_a_folder_is_all_registry_files_directly_in_it(tmp_path):
    for number, name in enumerate(["b.yml", "a.yaml", ".hidden.yaml", "notes.txt", "schema.json"]):
        write(tmp_path / name, f"entities: {{e{number}: {{name: Name {number}, type: other}}}}")
    write(tmp_path / "c.jsonl", '{"id":"line","name":"Line"}')
    write(tmp_path / "d.jsonl.gz", gzip.compress(b'{"id":"zipped","name":"Zipped"}'))
    (tmp_path / "inside").mkdir()
    write(tmp_path / "inside" / "e.yaml", "entities: {e9: {name: Nine, type: other}}")
    assert list(load_registry(str(tmp_path)).entities) == ["e0", "e1", "line", "zipped"]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("content", [BLINKEN, "entities: ["])
def test_garbage_collection_is_left_as_it_was(tmp_path, enabled, content):
    path = write(tmp_path / "a.yaml", content)
    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with contextlib.suppress(RegistryError):
            load_registry(path)
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


# --- Registry ---------------------------------------------------------------------------------------


def named(entity_id: str, *names: str) -> Entity:
    return Entity(entity_id, EntityType.PERSON, names[0], tuple(Alias(name) for name in names[1:]))


def test_entities_are_in_order_of_id_and_cannot_be_changed():
    registry = Registry([named("b", "B"), named("a", "A"), named("B", "X")])
    assert list(registry.entities) == ["B", "a", "b"]
    assert len(registry) == 3
    with pytest.raises(TypeError):
        registry.entities["c"] = named("c", "C")  # type: ignore[index]


def test_two_entities_of_one_id_are_refused():
    with pytest.raises(RegistryError, match="two entities have the id 'a'"):
        Registry([named("a", "A"), named("a", "B")])


def test_ambiguous_forms_by_folded_key_with_their_claimants():
    registry = Registry(
        [
            named("george-w", "George W. Bush", "Bush", "BUSH"),
            named("george", "George Bush", "bush", "Bush"),
            named("jose", "José", "***"),
            named("jose-b", "Jose", "!!!"),
            named("alone", "Alone", "ALONE", "Álone"),
        ]
    )
    ids = {key: [entity.id for entity in claimants] for key, claimants in registry.ambiguous().items()}
    assert ids == {"bush": ["george", "george-w"], "jose": ["jose", "jose-b"]}


def test_version_is_of_the_content_only(tmp_path):
    write(tmp_path / "one.yaml", "entities:\n  b: {name: B, type: person}\n  a: {type: person, name: A}\n")
    (tmp_path / "parts").mkdir()
    write(
        tmp_path / "parts" / "1.yaml",
        "# comment\nentities:\n  a:\n    name: 'A'\n    type: person\n    aliases: []\n",
    )
    write(tmp_path / "parts" / "2.jsonl", '{"id":"b","name":"B","type":"person","aliases":[],"unknown":1}')
    one, parts = load_registry(str(tmp_path / "one.yaml")), load_registry(str(tmp_path / "parts"))
    assert one == parts
    assert one.version == parts.version == Registry([named("b", "B"), named("a", "A")]).version
    assert len(one.version) == 16
    assert int(one.version, 16) >= 0


def test_version_stays_over_releases():
    assert Registry([replace(BLINKEN_ENTITY, countries=(), never=())]).version == "9561342da91bb7b4"
    assert Registry([BLINKEN_ENTITY]).version == "37af96ff9f04812e"
    assert Registry().version == "e3b0c44298fc1c14"


def test_version_tells_every_field_apart():
    full = replace(BLINKEN_ENTITY, countries=(), never=())
    variants = [
        full,
        Entity("other-id", full.type, full.name, full.aliases, full.titles, full.ids),
        Entity(full.id, EntityType.OTHER, full.name, full.aliases, full.titles, full.ids),
        Entity(full.id, full.type, "Other", full.aliases, full.titles, full.ids),
        Entity(full.id, full.type, full.name, full.aliases[1:], full.titles, full.ids),
        Entity(full.id, full.type, full.name, full.aliases, full.titles[1:], full.ids),
        Entity(full.id, full.type, full.name, full.aliases, full.titles, full.ids[1:]),
        Entity(full.id, full.type, full.name, full.aliases, (Title("Secretary"),), full.ids),
        Entity(full.id, full.type, full.name, full.aliases, (Title("Secretary", since="2001"),), full.ids),
        Entity(full.id, full.type, full.name, full.aliases, (Title("Secretary", until="2001"),), full.ids),
        replace(full, countries=("X",)),
        replace(full, never=("X",)),
        replace(full, keep=("X",)),
        replace(full, countries=("X",), never=("X",)),
        replace(full, countries=("X", "Y")),
    ]
    for alias in [
        Alias("X"),
        Alias("X", AliasKind.SHORT),
        Alias("X", lang="de"),
        Alias("X", source="de"),
        Alias("X", guard=Guard()),
        Alias("X", guard=Guard(cased=True)),
        Alias("X", guard=Guard(near=("Y",))),
    ]:
        variants.append(Entity(full.id, full.type, full.name, (alias,), full.titles, full.ids))
    assert len({Registry([variant]).version for variant in variants}) == len(variants)


def test_version_counts_every_entity_of_a_large_registry():
    entities = [named(f"e{number:04}", f"Name {number}") for number in range(250)]
    versions = {Registry(entities[:count]).version for count in range(251)}
    assert len(versions) == 251


def test_equality_hash_and_pickle():
    registry = Registry([BLINKEN_ENTITY])
    assert registry == Registry([BLINKEN_ENTITY]) != Registry([])
    assert hash(registry) == hash(Registry([BLINKEN_ENTITY]))
    assert registry != "registry"
    assert pickle.loads(pickle.dumps(registry)) == registry


def test_fault_without_place_names_the_file_alone():
    assert str(Fault("a.yaml", 0, 0, "what", "do")) == "a.yaml: what; do"


def test_what_reads_a_kind_of_file_is_imported_when_one_is_met():
    program = "import sys, normalizer.registry; print(sorted({'yaml', 'msgspec', 'gzip'} & set(sys.modules)))"
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
