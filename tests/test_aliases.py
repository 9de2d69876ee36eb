"""The starter registry in `aliases/`: valid, sorted, as large as promised, every form able to match."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from test_registry_schema import EditorLoader

from normalizer.model import AliasKind, EntityType
from normalizer.registry import Registry, load_registry
from normalizer.registry.json_schema import registry_schema
from normalizer.registry.yaml_writer import SCHEMA_LINE
from normalizer.text.folding import fold

FOLDER = Path(__file__).parent.parent / "aliases"
FILES = sorted(FOLDER.glob("*.yaml"))

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry(str(FOLDER))


def test_the_files_are_those_we_know():
    assert [path.stem for path in FILES] == [
        "capitals",
        "countries",
        "organizations",
        "people-politics",
        "people-public",
    ]


@each_file
def test_file_loads_by_itself(path):
    assert len(load_registry(str(path))) > 100


@each_file
def test_file_begins_with_the_schema_line_and_says_what_it_is(path):
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first == SCHEMA_LINE
    assert second.startswith("# ")


@each_file
def test_entities_of_a_file_are_sorted_by_id(path):
    ids = list(yaml.load(path.read_bytes(), Loader=yaml.CBaseLoader)["entities"])
    assert ids == sorted(ids)


@each_file
def test_file_agrees_with_the_schema(path):
    validator = Draft7Validator(registry_schema())
    errors = list(validator.iter_errors(yaml.load(path.read_bytes(), Loader=EditorLoader)))
    assert [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in errors] == []


def test_people_and_organizations_are_as_many_as_promised(registry):
    entities = registry.entities.values()
    people = [entity for entity in entities if entity.type is EntityType.PERSON]
    with_acronym = [
        entity
        for entity in entities
        if entity.type is EntityType.ORGANIZATION
        and any(form.kind is AliasKind.ACRONYM for form in entity.aliases)
    ]
    assert len(people) >= 120
    assert len(with_acronym) >= 80


def test_every_country_of_iso_3166_is_there_once(registry):
    countries = load_registry(str(FOLDER / "countries.yaml")).entities.values()
    codes = [code for entity in countries for scheme, code in entity.ids if scheme == "iso"]
    assert len(set(codes)) == len(codes) == 249
    assert {entity.type for entity in countries} == {EntityType.PLACE}
    assert {"US", "GB", "UA", "NO", "TW", "ZW"} <= set(codes)


def test_every_form_can_match(registry):
    forms = [form.name for entity in registry.entities.values() for form in entity.forms()]
    assert [form for form in forms if not fold(form)] == []


def test_no_misspellings_are_listed(registry):
    kinds = [form.kind for entity in registry.entities.values() for form in entity.forms()]
    assert AliasKind.MISSPELLING not in kinds


def test_forms_of_two_entities_are_known_as_ambiguous(registry):
    ambiguous = registry.ambiguous()
    assert "bush" in ambiguous
    for key, claimants in ambiguous.items():
        assert len({entity.id for entity in claimants}) > 1
        for entity in claimants:
            assert key in {fold(form.name) for form in entity.forms()}


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_the_counts_in_print_are_true(registry, page):
    text = (FOLDER.parent / page).read_text(encoding="utf-8")
    for entity_type, word in ((EntityType.PERSON, "people"), (EntityType.ORGANIZATION, "organizations")):
        count = sum(entity.type is entity_type for entity in registry.entities.values())
        assert f"{count:,} {word}" in text
