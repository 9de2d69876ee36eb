"""Registries of other systems: what is taken of each, what is left out and why, and broken entries."""

from __future__ import annotations

import bz2
import gzip
import json
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.importing import READERS, Source
from normalizer.interfaces.cli.app import app
from normalizer.model import Alias, AliasKind, Entity, EntityType
from normalizer.registry import load_registry


def read(
    tmp_path: Path, format_name: str, content: str | bytes, **wanted: object
) -> tuple[list[Entity], Counter[str], list[int]]:
    """The entities of a file, what was left out, and the lines that are broken."""
    path = tmp_path / "source"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(READERS[format_name](Source(str(path), "here 2026", **wanted)))  # type: ignore[arg-type]
    return (
        [one.entity for one in found if one.entity is not None],
        Counter(one.skipped for one in found if one.entity is None),
        [one.line for one in found if one.is_broken],
    )


def label(**texts: str) -> dict[str, dict[str, str]]:
    return {lang.replace("_", "-"): {"language": lang, "value": text} for lang, text in texts.items()}


def statement(item: str, rank: str = "normal") -> dict[str, object]:
    return {"rank": rank, "mainsnak": {"snaktype": "value", "datavalue": {"value": {"id": item}}}}


BLINKEN = {
    "type": "item",
    "id": "Q7747",
    "labels": label(en="Antony Blinken", ru="Энтони Блинкен", de="Antony Blinken"),
    "aliases": {"en": [{"language": "en", "value": "Tony Blinken"}]},
    "claims": {"P31": [statement("Q515", "deprecated"), statement("Q5")]},
    "sitelinks": {"enwiki": {}, "ruwiki": {}},
}
REDIRECT = {"type": "item", "id": "Q1", "redirects": {"from": "Q1", "to": "Q2"}}
NAMELESS = {"type": "item", "id": "Q3", "labels": label(th="กรุงเทพ"), "sitelinks": {}}
PROPERTY = {"type": "property", "id": "P31", "labels": label(en="instance of")}


def test_wikidata_lines_and_array_give_the_same(tmp_path: Path) -> None:
    items = [json.dumps(one) for one in (BLINKEN, REDIRECT, NAMELESS, PROPERTY)]
    lines = read(tmp_path, "wikidata", "\n".join(items))
    array = read(tmp_path, "wikidata", "[\n" + ",\n".join(items) + "\n]\n")
    assert lines[:2] == array[:2]
    assert lines[0] == [
        Entity(
            "Q7747",
            EntityType.PERSON,
            "Antony Blinken",
            (
                Alias("Энтони Блинкен", AliasKind.TRANSLITERATION, "ru", source="here 2026"),
                Alias("Tony Blinken", AliasKind.ALIAS, "en", source="here 2026"),
            ),
            ids=(("wikidata", "Q7747"),),
        )
    ]
    assert lines[1] == {"redirect": 1, "no label in a wanted language": 1, "no item": 1}
    assert lines[2] == []


def test_wikidata_takes_preferred_statements_alone(tmp_path: Path) -> None:
    item = BLINKEN | {"claims": {"P31": [statement("Q5"), statement("Q515", "preferred")]}}
    assert read(tmp_path, "wikidata", json.dumps(item))[0][0].type is EntityType.PLACE


def test_wikidata_unknown_values_and_empty_maps_as_lists(tmp_path: Path) -> None:
    unknown = {"rank": "normal", "mainsnak": {"snaktype": "somevalue"}}
    item = BLINKEN | {"claims": {"P31": [unknown]}, "aliases": [], "sitelinks": []}
    assert read(tmp_path, "wikidata", json.dumps(item | {"aliases": {}}))[0][0].type is EntityType.OTHER


def test_wikidata_filters(tmp_path: Path) -> None:
    content = json.dumps(BLINKEN)
    assert read(tmp_path, "wikidata", content, prominence=3)[1] == {"too few sitelinks": 1}
    russian = read(tmp_path, "wikidata", content, languages=("ru",))[0][0]
    assert (russian.name, russian.aliases) == ("Энтони Блинкен", ())
    thai = read(tmp_path, "wikidata", json.dumps(NAMELESS), languages=("en", "th"))[0][0]
    assert thai.name == "กรุงเทพ"


def test_followthemoney(tmp_path: Path) -> None:
    properties = {
        "name": ["Acme Holding", "Акме Холдинг"],
        "alias": ["Acme", "Acme", ""],
        "previousName": ["Acme Brothers"],
        "country": ["us"],
        "wikidataId": ["Q9"],
    }
    rows = [
        {"id": "NK-1", "caption": "Acme Holding", "schema": "Company", "properties": properties},
        {"id": "own-1", "schema": "Ownership", "properties": {"owner": ["NK-1"]}},
        {"id": "a-1", "schema": "Address", "properties": {"name": ["1 High Street"]}},
        {"id": "x", "schema": "Person"},
    ]
    entities, skipped, broken = read(tmp_path, "followthemoney", "\n".join(map(json.dumps, rows)))
    assert [(one.id, one.type, one.countries, one.ids) for one in entities] == [
        ("NK-1", EntityType.ORGANIZATION, ("us",), (("wikidata", "Q9"),))
    ]
    assert [(form.name, form.kind) for form in entities[0].aliases] == [
        ("Акме Холдинг", AliasKind.TRANSLITERATION),
        ("Acme", AliasKind.ALIAS),
        ("Acme Brothers", AliasKind.FORMER),
    ]
    assert skipped == {"no name": 1, "schema Address": 1, "not a FollowTheMoney entity": 1}
    assert broken == [4]


def place(
    geoname_id: str, name: str, others: str = "", kind: str = "P", code: str = "PPL", people: str = "9"
) -> str:
    cells = [geoname_id, name, name, others, "0", "0", kind, code, "NO", "", "", "", "", "", people]
    return "\t".join([*cells, "", "", "Europe/Oslo", "2026-01-01"])


def test_geonames(tmp_path: Path) -> None:
    rows = [
        place("1", "Oslo", "Christiania,Осло", people="700000"),
        place("2", "Old Town", code="PPLH"),
        place("3", "Sea", kind="H"),
        place("4", "Farm", people="3"),
        "5\tcut off",
        place("6", "Bergen", people="many"),
    ]
    entities, skipped, broken = read(tmp_path, "geonames", "\n".join(rows), prominence=5)
    assert [(one.id, one.name, one.countries) for one in entities] == [("geonames-1", "Oslo", ("NO",))]
    assert [form.name for form in entities[0].aliases] == ["Christiania", "Осло"]
    assert skipped["no city, region or country of today"] == 2
    assert skipped["too few inhabitants"] == 1
    assert broken == [5, 6]


def test_ror(tmp_path: Path) -> None:
    names = [
        {"value": "Universität Wien", "types": ["ror_display", "label"], "lang": "de"},
        {"value": "University of Vienna", "types": ["label"], "lang": "en"},
        {"value": "UW", "types": ["acronym"], "lang": None},
    ]
    external = [{"type": "wikidata", "all": ["Q165980"], "preferred": None}]
    located = [{"geonames_details": {"country_code": "AT", "name": "Vienna"}}]
    rows = [
        {"id": "https://ror.org/03prydq77", "names": names, "status": "active"}
        | {"external_ids": external, "locations": located},
        {"id": "https://ror.org/gone", "names": names, "status": "withdrawn"},
        {"id": 5},
    ]
    entities, skipped, broken = read(tmp_path, "ror", json.dumps(rows))
    assert [(one.id, one.name, one.ids, one.countries) for one in entities] == [
        ("ror-03prydq77", "Universität Wien", (("ror", "03prydq77"), ("wikidata", "Q165980")), ("AT",))
    ]
    assert [(form.name, form.kind) for form in entities[0].aliases] == [
        ("University of Vienna", AliasKind.ALIAS),
        ("UW", AliasKind.ACRONYM),
    ]
    assert skipped == {"status withdrawn": 1, "not an organization of ROR 2": 1}
    assert broken == [3]


TABLES = {
    "wide": "id,name,type,aliases\nblinken,Antony Blinken,person,Tony Blinken|Blinken\n",
    "long": "id,name,type,alias\nblinken,Antony Blinken,person,Tony Blinken\n"
    "blinken,Antony Blinken,person,Blinken\n",
    "semicolons and a mark": "\ufeffid;name;type;aliases\n"
    "blinken;Antony Blinken;person;Tony Blinken|Blinken\n",
    "tabs": "id\tname\ttype\taliases\nblinken\tAntony Blinken\tperson\tTony Blinken|Blinken\n",
    "capitals, quotes and CRLF": "ID,Name,TYPE,Aliases\r\n"
    'blinken,"Antony Blinken",person,Tony Blinken|Blinken\r\n',
}


@pytest.mark.parametrize("table", TABLES)
def test_tables(tmp_path: Path, table: str) -> None:
    (entity,), skipped, _ = read(tmp_path, "csv", TABLES[table])
    assert (entity.id, entity.type, entity.name) == ("blinken", EntityType.PERSON, "Antony Blinken")
    assert [form.name for form in entity.aliases] == ["Tony Blinken", "Blinken"]
    assert {form.source for form in entity.aliases} == {"here 2026"}
    assert not skipped


def test_table_in_windows_1252_without_ids(tmp_path: Path) -> None:
    (entity,), _, _ = read(tmp_path, "csv", "name;type\nFrançois Müller;person\n".encode("cp1252"))
    assert (entity.id, entity.name) == ("francois-muller", "François Müller")


def test_broken_rows_of_a_table_are_told_and_the_rest_taken(tmp_path: Path) -> None:
    content = "id,name\na,Ann Lee\nb,Bo, Berg\nc,\nd,Dag Dahl\n"
    entities, skipped, broken = read(tmp_path, "csv", content)
    assert [one.id for one in entities] == ["a", "d"]
    assert skipped == {"more cells than columns": 1, "no name": 1}
    assert broken == [3]


def test_one_label_of_two_ids_stays_two_entities(tmp_path: Path) -> None:
    entities, skipped, _ = read(tmp_path, "geonames", f"{place('1', 'Bergen')}\n{place('2', 'Bergen')}\n")
    assert [one.id for one in entities] == ["geonames-1", "geonames-2"]
    assert not skipped


def test_a_quote_that_is_not_closed_is_told(tmp_path: Path) -> None:
    content = 'id,name\na,"Ann\n' + "b,Bo Berg\n" * 20_000
    with pytest.raises(ValueError, match=r"line \d+: .*quote"):
        read(tmp_path, "csv", content)


def test_a_table_of_bare_carriage_returns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1: "):
        read(tmp_path, "csv", "id,name\ra,Ann\r")


def test_table_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1: no column is called name"):
        read(tmp_path, "csv", "who,what\na,b\n")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_the_command_writes_a_registry_and_counts(tmp_path: Path, pack: object) -> None:
    suffix = ".gz" if pack is gzip.compress else ".bz2"
    source, output = tmp_path / f"dump.json{suffix}", tmp_path / "out.jsonl"
    items = [json.dumps(BLINKEN), "{broken", json.dumps(REDIRECT), json.dumps(BLINKEN)]
    source.write_bytes(pack("\n".join(items).encode()))  # type: ignore[operator]
    arguments = ["aliases", "import", "--from", "wikidata", "--date", "2026-11-23", str(source)]
    result = CliRunner().invoke(app, [*arguments, "-o", str(output)])
    assert result.exit_code == 1
    assert "1 imported, 3 left out" in result.stdout
    assert "1 redirect" in result.stdout
    assert "1 id met before" in result.stdout
    assert f"{source}:2: not a JSON object; left out" in result.stderr
    entity = load_registry(str(output)).entities["Q7747"]
    assert {form.source for form in entity.aliases} == {"wikidata 2026-11-23"}


def test_a_damaged_archive_leaves_the_old_registry(tmp_path: Path) -> None:
    source, output = tmp_path / "dump.json.gz", tmp_path / "out.jsonl"
    source.write_bytes(gzip.compress((json.dumps(BLINKEN) + "\n").encode() * 200)[:-20])
    output.write_text("", encoding="utf-8")
    result = CliRunner().invoke(
        app, ["aliases", "import", "--from", "wikidata", str(source), "-o", str(output)]
    )
    assert result.exit_code == 2
    assert "nothing was written" in result.stderr
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["dump.json.gz", "out.jsonl"]


@pytest.mark.parametrize("format_name", READERS)
@given(content=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, format_name: str, content: bytes
) -> None:
    with suppress(ValueError):
        read(tmp_path_factory.getbasetemp(), format_name, content)


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "labels", "aliases", "claims", "P31", "en", "value", "names"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(item=JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, item: object) -> None:
    for format_name in ("wikidata", "followthemoney"):
        read(tmp_path_factory.getbasetemp(), format_name, json.dumps(item))
