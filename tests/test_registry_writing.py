"""Writing registries: what is written loads as the same registry, and reads well."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from normalizer.errors import RegistryError
from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard, Title
from normalizer.registry import Registry, load_registry, write_registry
from normalizer.registry.jsonl import write_jsonl
from normalizer.registry.yaml_writer import SCHEMA_LINE, write_yaml
from normalizer.text.folding import fold

# Names as they may come: any Unicode but halves of surrogate pairs and NUL, with what YAML minds made likely.
_ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
_AWKWARD = st.text(
    st.sampled_from(
        "-:#'\"[]{},&*!|>%@`?=<~\\ \n\r\t\x01\x7f\x85\xa0\xad\u2028\u2029\u202e\u2067\ufeff\uffff😀שلNo1.e_"
    ),
    min_size=1,
    max_size=12,
)
_LIKE_OTHER_TYPES = st.sampled_from(
    [
        "No",
        "y",
        "ON",
        "null",
        "Null",
        "True",
        "1984",
        "12:30",
        "1e3",
        "0x1F",
        "1_000",
        "2001-01-01",
        "NaN",
        "- a",
        "a: b",
    ]
)
_NUMBERLIKE = st.from_regex(r"[-+0-9.:_eExXoOTZ ]{0,8}[0-9]", fullmatch=True)
texts = st.one_of(_ANY, _AWKWARD, _LIKE_OTHER_TYPES, _NUMBERLIKE).filter(lambda text: text.strip() != "")
names = texts.filter(fold)
maybe_text = st.none() | texts
guards = st.builds(Guard, st.booleans(), st.lists(names, max_size=2).map(tuple))
aliases = st.builds(Alias, names, st.sampled_from(AliasKind), maybe_text, st.none() | guards, maybe_text)
titles = st.builds(Title, texts, maybe_text, maybe_text)


@st.composite
def entities(draw, ids):
    """An entity whose forms are all different."""
    name = draw(names)
    others = draw(st.lists(aliases, max_size=4, unique_by=lambda alias: alias.name))
    own_keys = {fold(form) for form in [name, *(alias.name for alias in others)]}
    return Entity(
        draw(ids),
        draw(st.sampled_from(EntityType)),
        name,
        tuple(alias for alias in others if alias.name != name),
        tuple(draw(st.lists(titles, max_size=2))),
        tuple(draw(st.dictionaries(texts, texts, max_size=2)).items()),
        tuple(draw(st.lists(texts, max_size=2))),
        tuple(form for form in draw(st.lists(names, max_size=2, unique=True)) if fold(form) not in own_keys),
        tuple(draw(st.lists(names, max_size=2, unique=True))),
    )


def registries(ids):
    return st.lists(entities(ids), max_size=4, unique_by=lambda entity: entity.id).map(Registry)


yaml_ids = st.from_regex(r"[A-Za-z0-9._~-]{1,12}", fullmatch=True)


def load_text(text: str, suffix: str) -> Registry:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"registry{suffix}"
        path.write_bytes(text.encode())
        return load_registry(str(path))


@settings(deadline=None)
@given(registry=registries(yaml_ids))
@example(registry=Registry([Entity("No", EntityType.OTHER, "12:30", (Alias("No"), Alias("- \x85a\u2028")))]))
def test_yaml_loads_as_it_was_written(registry):
    loaded = load_text(write_yaml(registry.entities.values()), ".yaml")
    assert loaded == registry
    assert loaded.version == registry.version


@settings(deadline=None)
@given(registry=registries(texts))
def test_jsonl_loads_as_it_was_written(registry):
    loaded = load_text(write_jsonl(registry.entities.values()), ".jsonl")
    assert loaded == registry
    assert loaded.version == registry.version


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@settings(deadline=None)
@given(registry=registries(yaml_ids))
def test_other_readers_of_yaml_see_text_too(loader, registry):
    content = yaml.load(write_yaml(registry.entities.values()), Loader=loader)["entities"]
    assert list(content) == list(registry.entities)
    for entity_id, entity in registry.entities.items():
        fields = content[entity_id]
        forms = [alias if isinstance(alias, str) else alias["name"] for alias in fields.get("aliases", [])]
        assert [fields["name"], *forms] == [form.name for form in entity.forms()]
        assert fields.get("ids", {}) == dict(entity.ids)
        for key, written in (("country", entity.countries), ("not", entity.never), ("keep", entity.keep)):
            assert fields.get(key, []) == (written[0] if len(written) == 1 else list(written))


FULL = [
    Entity(
        "sergey-lavrov",
        EntityType.PERSON,
        "Sergey Lavrov",
        (Alias("Lavrov"), Alias("Лавров", lang="ru")),
        never=("Pavlov",),
        keep=("Lavrov Street", "the other: Lavroff"),
    ),
    Entity(
        "antony-blinken",
        EntityType.PERSON,
        "Antony Blinken",
        (
            Alias("Blinken", AliasKind.SHORT, guard=Guard(True, ("Secretary", "State"))),
            Alias('O\'Blinken: the "Rock"', source="a list, [1]"),
        ),
        (Title("Secretary of State"), Title("Deputy", "2015", "2017-01-20")),
        (("wikidata", "Q7747"),),
        ("US", "France"),
        ("Alan Blinken", "12:30"),
    ),
    Entity(
        "norway", EntityType.PLACE, "Norway", (Alias("No"),), (), (("iso", "NO"), ("number", "578")), ("NO",)
    ),
]

FULL_YAML = """\
# yaml-language-server: $schema=schema.json
# First line.
#
# Third line.
entities:
  antony-blinken:
    name: Antony Blinken
    type: person
    country: [US, France]
    titles: [Secretary of State, {name: Deputy, from: '2015', until: '2017-01-20'}]
    aliases:
      - {name: Blinken, kind: short, guard: {cased: true, near: [Secretary, State]}}
      - {name: 'O''Blinken: the "Rock"', source: 'a list, [1]'}
    not: [Alan Blinken, '12:30']
    ids: {wikidata: Q7747}
  norway:
    name: Norway
    type: place
    country: 'NO'
    aliases:
      - 'No'
    ids: {iso: 'NO', number: '578'}
  sergey-lavrov:
    name: Sergey Lavrov
    type: person
    aliases:
      - Lavrov
      - {name: Лавров, lang: ru}
    not: Pavlov
    keep: [Lavrov Street, 'the other: Lavroff']
"""


def test_yaml_is_in_the_house_form():
    assert write_yaml(FULL, "First line.\n\nThird line.") == FULL_YAML
    assert write_yaml([], schema_line=False) == "entities: {}\n"


@pytest.mark.parametrize(
    "text",
    ["Johnson & Johnson", "Côte d’Ivoire", "O'Brien", "3M", "20th Century Fox", "Erdoğan", "AT&T", "Yahoo!",
     "王毅", 'Dwayne "The Rock" Johnson', "Guinea-Bissau", "e.on", "(RED)", "C#", "a  b",
     "أنطوني بلينكن"],
)  # fmt: skip
def test_ordinary_names_stand_without_quotes(text):
    line = write_yaml([Entity("x", EntityType.OTHER, text)]).splitlines()[-2]
    assert line == f"    name: {text}"


@pytest.mark.parametrize(
    "text",
    ["y", "N", "yes", "No", "ON", "off", "True", "FALSE", "null", "NaN", "inf", "~", "1984", "12:30", "1e3"],
)
def test_words_that_some_reader_takes_for_no_text_stand_in_quotes(text):
    line = write_yaml([Entity("x", EntityType.OTHER, "X", titles=(Title(text),))]).splitlines()[-1]
    assert line == f"    titles: ['{text}']"


def test_direction_overrides_are_written_visibly():
    line = write_yaml([Entity("x", EntityType.OTHER, "A\u202eB\u2066")]).splitlines()[-2]
    assert line == '    name: "A\\u202eB\\u2066"'


def test_jsonl_leaves_out_what_is_empty():
    assert write_jsonl(FULL[:1]) == (
        '{"id":"sergey-lavrov","type":"person","name":"Sergey Lavrov","aliases":['
        '{"name":"Lavrov","kind":"alias"},{"name":"Лавров","kind":"alias","lang":"ru"}],"not":"Pavlov",'
        '"keep":["Lavrov Street","the other: Lavroff"]}\n'
    )


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (Entity("ror:1", EntityType.OTHER, "A"), "the id 'ror:1' cannot stand in a URL"),
        (Entity("a", EntityType.OTHER, "***"), "entity a: '\\*\\*\\*' holds no letter or digit"),
        (Entity("a", EntityType.OTHER, "A", (Alias("x" * 501),)), "is 501 characters long"),
        (Entity("a", EntityType.OTHER, "A", never=("--",)), "entity a: '--' holds no letter or digit"),
        (
            Entity("a", EntityType.OTHER, "A", never=("Á",)),
            "entity a: 'Á' stands in not, but counts as the same",
        ),
    ],
)
def test_yaml_that_could_not_be_loaded_is_not_written(entity, message):
    with pytest.raises(RegistryError, match=message):
        write_yaml([entity])


@pytest.mark.parametrize("name", ["r.yaml", "r.yml", "r.jsonl", "r.jsonl.gz"])
def test_write_registry_writes_by_suffix_the_same_bytes_each_time(tmp_path, name):
    path = tmp_path / name
    write_registry(FULL, str(path))
    first = path.read_bytes()
    write_registry(reversed(FULL), str(path))
    assert path.read_bytes() == first
    assert load_registry(str(path)) == Registry(FULL)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    if name.endswith(".gz"):
        assert first[4:8] == bytes(4), "the time of writing must not be in the file"
    expected = write_yaml(FULL) if name.startswith("r.y") else write_jsonl(FULL)
    assert (gzip.decompress(first) if name.endswith(".gz") else first) == expected.encode()


def test_write_registry_puts_the_header_under_the_schema_line(tmp_path):
    write_registry(FULL, str(tmp_path / "r.yaml"), "Why.")
    assert (tmp_path / "r.yaml").read_text(encoding="utf-8").startswith(f"{SCHEMA_LINE}\n# Why.\nentities:\n")


def test_write_registry_says_why_it_cannot(tmp_path):
    with pytest.raises(RegistryError, match=r"r\.csv: not the name of a registry file; end it with \.yaml"):
        write_registry(FULL, str(tmp_path / "r.csv"))
    with pytest.raises(
        RegistryError, match=r"r\.yaml: cannot be written: No such file or directory; check the folder"
    ):
        write_registry(FULL, str(tmp_path / "missing" / "r.yaml"))


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "r.yaml"
    write_registry(FULL, str(path))

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RegistryError, match="No space left on device"):
        write_registry([], str(path))
    assert load_registry(str(path)) == Registry(FULL)
    assert [file.name for file in tmp_path.iterdir()] == ["r.yaml"]
