"""The JSON Schema of registry files: made from the model, kept beside the files, agreeing with the loader."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from normalizer.model import AliasKind, EntityType
from normalizer.registry import json_schema, load_registry, yaml_decode

ROOT = Path(__file__).parent.parent
VALIDATOR = Draft7Validator(json_schema.registry_schema())


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do: numbers and booleans are no text, dates are (YAML 1.2)."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def errors_of(text: str) -> list[str]:
    content = yaml.load(text, Loader=EditorLoader)
    return ["/".join(map(str, error.absolute_path)) for error in VALIDATOR.iter_errors(content)]


def test_the_file_beside_the_registry_is_the_schema():
    stored = (ROOT / "aliases" / "schema.json").read_text(encoding="utf-8")
    assert stored == json_schema.schema_text(), (
        "run: python -m normalizer.registry.json_schema > aliases/schema.json"
    )


def test_the_schema_is_one_of_draft_7():
    Draft7Validator.check_schema(json_schema.registry_schema())
    assert json.loads(json_schema.schema_text())["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize(
    ("definition", "known"),
    [
        ("entity", yaml_decode.ENTITY_FIELDS),
        ("alias", yaml_decode.ALIAS_FIELDS),
        ("guard", yaml_decode.GUARD_FIELDS),
        ("title", yaml_decode.TITLE_FIELDS),
    ],
)
def test_schema_and_loader_know_the_same_fields(definition, known):
    properties = json_schema.registry_schema()["definitions"][definition]["properties"]
    assert set(properties) == set(known)
    for name, schema in properties.items():
        assert schema["description"].endswith("."), name


def test_every_word_of_the_enums_is_offered():
    definitions = json_schema.registry_schema()["definitions"]
    assert definitions["entity"]["properties"]["type"]["enum"] == [member.value for member in EntityType]
    kind = definitions["alias"]["properties"]["kind"]
    assert kind["enum"] == [member.value for member in AliasKind]
    assert len(kind["enumDescriptions"]) == len(AliasKind)
    never = [
        word
        for word, says in zip(kind["enum"], kind["enumDescriptions"], strict=True)
        if "never stands" in says
    ]
    assert never == ["misspelling"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("entities: {}", []),
        ("entities: {a: {name: 1984, type: other, aliases: [true, {name: 3}], titles: [7]}}", []),
        ("entities: {a: {name: A, type: person, titles: [{name: T, from: 2021-01-20, until: 2022}]}}", []),
        ("entities: {a: {name: A, type: person, country: NO, not: 1984}}", []),
        ("entities: {a: {name: A, type: person, country: [NO, SE], not: [B, true]}}", []),
        ("entities: {a: {name: A, type: person, country: {iso: NO}}}", ["entities/a/country"]),
        ("entities: {a: {name: A, type: person, not: [[B]]}}", ["entities/a/not"]),
        ("entities: []", ["entities"]),
        ("{}", [""]),
        ("entities: {}\nother: {}", [""]),
        ("entities: {a: {type: person}}", ["entities/a"]),
        ("entities: {a: {name: A}}", ["entities/a"]),
        ("entities: {a: {name: , type: person}}", ["entities/a/name"]),
        ("entities: {a: {name: '', type: person}}", ["entities/a/name"]),
        ("entities: {a: {name: A, type: robot}}", ["entities/a/type"]),
        ("entities: {a b: {name: A, type: person}}", ["entities"]),
        ("entities: {a: {name: A, type: person, alias: [B]}}", ["entities/a"]),
        ("entities: {a: {name: A, type: person, aliases: B}}", ["entities/a/aliases"]),
        ("entities: {a: {name: A, type: person, aliases: [{kind: short}]}}", ["entities/a/aliases/0"]),
        ("entities: {a: {name: A, type: person, aliases: [{name: B, kind: x}]}}", ["entities/a/aliases/0"]),
        (
            "entities: {a: {name: A, type: person, aliases: [{name: B, guard: {cased: 1}}]}}",
            ["entities/a/aliases/0"],
        ),
        ("entities: {a: {name: A, type: person, ids: {iso: [x]}}}", ["entities/a/ids/iso"]),
        ("entities: {a: {name: A, type: person, titles: [{from: 2021}]}}", ["entities/a/titles/0"]),
        (f"entities: {{a: {{name: {'x' * 501}, type: person}}}}", ["entities/a/name"]),
    ],
)
def test_what_an_editor_marks(text, where):
    assert errors_of(text) == where


def test_the_examples_of_the_page_load_and_please_editors(tmp_path):
    page = (ROOT / "docs" / "aliases.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert len(examples) == 2
    for number, example in enumerate(examples):
        (tmp_path / f"{number}.yaml").write_text(example, encoding="utf-8")
        assert errors_of(example) == []
    (tmp_path / "lines.jsonl").write_text(
        re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[0]
    )
    assert set(load_registry(str(tmp_path)).entities) == {
        "antony-blinken",
        "norway",
        "ror:00013q465",
        "Q1234",
    }


def test_the_page_names_every_field_kind_and_type():
    page = (ROOT / "docs" / "aliases.md").read_text(encoding="utf-8")
    fields = [
        *yaml_decode.ENTITY_FIELDS,
        *yaml_decode.ALIAS_FIELDS,
        *yaml_decode.GUARD_FIELDS,
        *yaml_decode.TITLE_FIELDS,
    ]
    for word in [*fields, *EntityType]:
        assert f"`{word}`" in page, word
    for kind in AliasKind:
        (row,) = re.findall(rf"^\| `{kind}` \|.*\|$", page, re.MULTILINE)
        assert row.rstrip(" |").endswith("yes" if kind.is_printable else "never"), row
