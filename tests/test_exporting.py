"""Registries written for other systems, and read back where we read them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.exporting import WRITERS
from normalizer.importing import READERS, Source
from normalizer.interfaces.cli.app import app
from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard

ENTITY = Entity(
    "kyiv",
    EntityType.PLACE,
    "Kyiv",
    (
        Alias("Kiev", AliasKind.ACCEPTED, "en", source="desk"),
        Alias("Київ", AliasKind.TRANSLITERATION, "uk"),
        Alias("Kyyiv, city", AliasKind.MISSPELLING),
        Alias("Capital", guard=Guard(cased=True)),
    ),
    ids=(("wikidata", "Q1899"),),
    countries=("UA",),
)


def test_search_engines_get_no_guarded_forms_and_escaped_commas() -> None:
    assert "".join(WRITERS["solr"]([ENTITY])) == "Kyiv, Kiev, Київ, Kyyiv\\, city\n"


def test_dictionaries_hold_no_misspellings() -> None:
    assert "".join(WRITERS["hunspell"]([ENTITY])) == "Capital\nKiev\nKyiv\nКиїв\n"


def test_spacy_patterns() -> None:
    rows = [json.loads(line) for line in WRITERS["spacy"]([ENTITY])]
    assert rows[1] == {"label": "GPE", "pattern": "Kiev", "id": "kyiv"}
    assert len(rows) == 5


NAMES = st.text("abcÅß Юу,;\"|'=#-", min_size=1, max_size=12).map(lambda text: f"N{text.strip()}")
ALIASES = st.builds(
    Alias,
    NAMES,
    st.sampled_from(AliasKind),
    st.sampled_from([None, "en", "uk"]),
    source=st.sampled_from(["desk", "a, b"]),
)


@given(name=NAMES, aliases=st.lists(ALIASES, max_size=4, unique_by=lambda alias: alias.name))
@settings(max_examples=150, deadline=None)
def test_tables_come_back_as_they_went(
    tmp_path_factory: pytest.TempPathFactory, name: str, aliases: list[Alias]
) -> None:
    entity = Entity(
        "e",
        EntityType.PERSON,
        name,
        tuple(alias for alias in aliases if alias.name != name),
        countries=("NO",),
    )
    text = "".join(WRITERS["csv"]([entity]))
    assert all(len(row) == 8 for row in csv.reader(io.StringIO(text)))
    path = tmp_path_factory.getbasetemp() / "table.csv"
    path.write_text(text, encoding="utf-8")
    forms = [read.entity for read in READERS["csv"](Source(str(path), "test"))]
    assert [one.aliases if one else None for one in forms] == [entity.aliases]
    assert forms == [entity]


def test_followthemoney_comes_back_with_its_names(tmp_path: Path) -> None:
    path = tmp_path / "ftm.jsonl"
    path.write_text("".join(WRITERS["followthemoney"]([ENTITY])), encoding="utf-8")
    (read,) = READERS["followthemoney"](Source(str(path), "test"))
    assert read.entity is not None
    assert (read.entity.id, read.entity.name, read.entity.ids, read.entity.countries) == (
        "kyiv",
        "Kyiv",
        ENTITY.ids,
        ("UA",),
    )
    assert [form.name for form in read.entity.aliases] == ["Kiev", "Київ", "Capital"]


@pytest.mark.parametrize("format_name", WRITERS)
def test_the_starter_registry_is_written(format_name: str) -> None:
    result = CliRunner().invoke(app, ["aliases", "export", "--to", format_name])
    assert result.exit_code == 0
    assert "Blinken" in result.stdout
