"""The short way to read YAML beside the parser: it says the same of every file, or nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_registry_writing import FULL_YAML, registries, yaml_ids

from normalizer.model import Entity
from normalizer.registry import write_registry, yaml_reader
from normalizer.registry.faults import FaultLog
from normalizer.registry.yaml_decode import decode_entities
from normalizer.registry.yaml_plain import read_plain
from normalizer.registry.yaml_reader import read_yaml
from normalizer.registry.yaml_text import decode_text
from normalizer.registry.yaml_writer import write_yaml

ROOT = Path(__file__).parent.parent
STARTER = sorted((ROOT / "aliases").glob("*.yaml"))
FILES = [*STARTER, *sorted((ROOT / "tests" / "cases").rglob("*.yaml"))]

# Entities as people write them: those that are plain, and those that only the parser reads.
BY_HAND = """\
# Our people.
---
entities:
  antony-blinken:
    name: Antony Blinken
    type: person
    titles: [Secretary of State, {name: Deputy, from: 2015, until: '2017'}]
    aliases:
      - Blinken
      - {name: Tony Blinken, lang: en, kind: nickname, source: "own knowledge"}
      - {name: Blinking, kind: misspelling, guard: {cased: true, near: [Antony, Secretary]}}
      - 'O''Blinken: # not "Blinker"'
    not: [Alan Blinken, Blinker]
    ids: {wikidata: Q7747, iso: 12}

  # The capital, as the house prints it.
  male:
    type: place
    name: Malé, Maldives [old?]
    country: MV
    aliases: [Male, {name: މާލެ, lang: dv}]
  'no':
    name: 1984
    type: other
    country: [NO, "DK"]
    not: B
  commented:
    name: C#  # the language
    type: other
    # a comment among the fields
    not: "B"
  flow: {name: Flow, type: other}
  plain:
    name: Plain
    type: other
  folded:
    name: >-
      Of two
      lines
    type: organization
    aliases:
    - Two, and
      a half
  nested:
    name: Nested
    type: other
    ids:
      x: y
"""


def by_the_parser(text: str) -> tuple[list[tuple[Entity, int, int]], list[str]]:
    """The entities of a text with their places, and its faults, as the full reader gives them."""
    log = FaultLog("file")
    found = list(decode_entities(read_yaml(text, log), log))
    return found, [str(fault) for fault in log.faults()]


def assert_that_both_agree(content: str) -> None:
    text = decode_text(content.encode(), FaultLog("file"))
    found = None if text is None else read_plain(text)
    if text is not None and found is not None:
        assert (found, []) == by_the_parser(text)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_both_ways_agree_on_every_file(file):
    assert_that_both_agree(file.read_bytes().decode("utf-8", "replace"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_both_ways_agree_on_what_people_write(line_end):
    found = read_plain(BY_HAND.replace("\n", line_end))
    assert (found, []) == by_the_parser(BY_HAND)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # what ends the text, the entities or one of them
        ("type: person\n", "type: person\n...\n"),
        ("type: person\n", "type: person\n---\n"),
        ("type: other}\n", "type: other}\n...\n"),
        ("type: other}\n", "type: other}\n---\n"),
        ("  male:\n", "---\nentities:\n  male:\n"),
        ("  male:\n", "other:\n  male:\n"),
        ("  male:\n", "    country: MV\n  male:\n"),
        ("  male:\n", "    x: {name: X, type: other}\n  male:\n"),
        ("  male:\n", "      MV\n  male:\n"),
        ("  male:\n", "  male\n"),
        ("  male:\n", "  - male\n"),
        ("  male:\n", '  "male":\n'),
        ("  plain:\n", "  'plain:\n"),
        ("flow: {name", 'flow: {name: "'),
        ("type: other}", "type: other"),
        ("The capital", "The\rcapital"),
        # ids
        ("  male:", "  antony-blinken:"),
        ("  flow:", "  male:"),
        ("  male:", "  Ma le:"),
        ("  male:", f"  {'x' * 201}:"),
        ("  male:", f"  {'x' * 500}:"),
        ("  male:", f"  {'x' * 501}:"),
        # fields
        ("name: 1984", "name:1984"),
        ("name: 1984", "name:"),
        ("name: 1984", "name: <<"),
        ("name: 1984", "name: &a 1984"),
        ("name: 1984", "name: ''"),
        ("name: 1984", "name: '1984' x"),
        ("name: 1984", "name: 1984  # a comment"),
        ("name: 1984", "name: 1984 "),
        ("name: 1984", "name: 1984\n    name: 1984"),
        ("name: 1984", "name:\n      - 1984"),
        ("name: 1984", "name: [1984]"),
        ("name: 1984", f"name: {'x' * 501}"),
        ("    name: 1984\n", ""),
        ("country: MV", "country: ' '"),
        ("country: MV", "country: {iso: MV}"),
        ("country: MV", "county: MV"),
        ("type: place", "type: planet"),
        # lists and mappings
        ("Male, {", "Male, , {"),
        ("Male, {", "Male,Male, {"),
        ("Male, {name: މާލެ, lang: dv}]", "Male, x"),
        ("Male, {", "Male, #{"),
        ("- Blinken\n", "- Blinken\n      - Blinken\n"),
        ("- Blinken\n", "- Blinken\n        - Blink\n"),
        ("- Blinken\n", "- Blinken: x\n"),
        ("- Blinken\n", "- '***'\n"),
        ("- Blinken\n", "- [Blinken]\n"),
        ("{name: Tony Blinken, ", "{"),
        ("cased: true", "cased: yes"),
        ("cased: true, near", "cased: truenear"),
        ("near: [Antony", "near: [[Antony]"),
        ("lang: en", "lang: [en]"),
        ("lang: en", "lang: en, lang: en"),
        ("kind: nickname", "kind: nick"),
        ("not: [Alan", "not: [BLINKEN, Alan"),
        ("not: [Alan", "not: [Blinker, Alan"),
        ("[Secretary of State", f"[{'x' * 501}"),
        ("[Secretary of State", "[{until: 2015}"),
        ("from: 2015", "since: 2015"),
        ("iso: 12", "wikidata: 12"),
        ("iso: 12", "'': 12"),
        ("iso: 12", f"{'x' * 1100}: 12"),
        ("iso: 12}", "iso: 12x"),
    ],
)
def test_what_is_nearly_plain_is_read_by_the_parser_or_as_by_it(before, after):
    text = BY_HAND.replace(before, after, 1)
    assert text != BY_HAND
    assert_that_both_agree(text)


@pytest.mark.parametrize("loader", [yaml.CSafeLoader, yaml.SafeLoader])
@settings(deadline=None)
@given(registry=registries(yaml_ids))
def test_both_ways_agree_on_all_that_is_written(loader, registry):
    previous, yaml_reader._LOADER = yaml_reader._LOADER, loader
    try:
        text = write_yaml(registry.entities.values())
        found, faults = by_the_parser(text)
        assert [entity for entity, _, _ in found] == list(registry.entities.values())
        assert faults == []
        assert_that_both_agree(text)
    finally:
        yaml_reader._LOADER = previous


_PIECES = [
    *"-:#'\"[]{},?|>&*!%@`~=<.ax0é\t\r\n ",
    "\n  ",
    "\n    ",
    "\n      - ",
    ": ",
    " #",
    "''",
    ", ",
    "\r\n",
]
_PIECES += [
    "...\n",
    "\n---\n",
    "\n\n",
    "\n# c\n",
    "\n    # c\n",
    "|-\n",
    "<<: ",
    "\u3000",
    "\xa0",
    "name: ",
    "x" * 501,
]
_PIECES += [
    "\n  x:\n    name: X\n    type: person\n",
    "  y: {name: Y, type: place}\n",
    "entities:\n",
    "kind: short",
]
_edits = st.lists(
    st.tuples(st.integers(0, 1200), st.integers(0, 12), st.sampled_from(["", *_PIECES])), max_size=4
)


@settings(deadline=None, max_examples=500)
@given(text=st.sampled_from([BY_HAND, FULL_YAML]), edits=_edits)
@example(text="entities:\n  a:\n    name: A\n    type: person\n  b:\n    name: B\n    type: person", edits=[])
def test_both_ways_agree_after_any_edit(text, edits):
    for place, length, piece in edits:
        text = text[:place] + piece + text[place + length :]
    assert_that_both_agree(text)


@pytest.mark.parametrize("is_starter", [True, False])
def test_neither_the_starter_registry_nor_what_is_written_needs_a_parser(tmp_path, is_starter):
    path = ROOT / "aliases"
    if not is_starter:
        path = tmp_path / "written.yaml"
        found, _ = by_the_parser(BY_HAND)
        write_registry([entity for entity, _, _ in found], str(path))
    program = "import sys; from normalizer.registry import load_registry; load_registry(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", program + "; print('yaml' in sys.modules)", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n", "an entity is not in plain form; see yaml_plain"
