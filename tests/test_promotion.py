"""Judgements written into a registry's files: only what was judged changes, and nothing is half written."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_overlay import ENTITIES, NAMES

from normalizer.errors import JudgementError, RegistryError
from normalizer.judgements import Judgement, Verdict
from normalizer.judgements.promotion import planned, write
from normalizer.model import Alias, AliasKind, Entity, EntityType
from normalizer.registry import load_registry, write_registry
from normalizer.settings import Limits
from normalizer.text.folding import fold

LIMIT = Limits().registry_file
RunCommand = Callable[..., Result]

YAML = """\
# The desk's own people.
entities:
  # Secretaries of State
  antony-blinken:  # since 2021
    name: Antony Blinken
    # a comment that stays
    type: person
    titles: [{name: Secretary of State, from: "2021-01-26"}]   # as sworn in
    aliases:
      # short first
      - {name: Blinken, kind: short}
      - "Tony Blinken"  # as friends say

  # Presidents
  'joe-biden':
      name:   Joe Biden
      type: person
      aliases: [Biden, Scranton Joe]

  kyiv: {name: Kyiv, type: place}
# the end
"""
AFTER = """\
# The desk's own people.
entities:
  # Secretaries of State
  antony-blinken:  # since 2021
    name: Antony Blinken
    # a comment that stays
    type: person
    titles: [{name: Secretary of State, from: "2021-01-26"}]   # as sworn in
    aliases:
      # short first
      - {name: Blinken, kind: short}
      - "Tony Blinken"  # as friends say
      - {name: Toni, kind: nickname, source: wire}
    not: Blinker

  # Presidents
  'joe-biden':
      name:   Joe Biden
      type: person
      aliases:
        - Biden
      not: Scranton Joe

  kyiv: {name: Kyiv, type: place}
# the end
"""
JUDGED = [
    Judgement(Verdict.ALIAS, "Toni", "antony-blinken", AliasKind.NICKNAME, source="wire"),
    Judgement(Verdict.VETO, "Blinker", "antony-blinken"),
    Judgement(Verdict.VETO, "Scranton Joe", "joe-biden"),
    Judgement(Verdict.ALIAS, "Biden", "joe-biden"),
    Judgement(Verdict.WORD, "May"),
    Judgement(Verdict.ALIAS, "Nick", "nobody"),
    Judgement(Verdict.ALIAS, "Scranton Joe", "joe-biden"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_what_was_judged_is_written_anew(end: str, tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_bytes(YAML.replace("\n", end).encode())
    plan = planned(JUDGED, str(tmp_path), LIMIT)
    assert path.read_bytes() == YAML.replace("\n", end).encode()
    for change in plan.changes:
        write(change)
    assert path.read_bytes().decode() == AFTER.replace("\n", end)
    assert [judgement.name for judgement in plan.changes[0].judgements] == ["Toni", "Blinker", "Scranton Joe"]
    assert [judgement.name for judgement in plan.listed] == ["Biden"]
    assert {judgement.name for judgement, _ in plan.left} == {"May", "Nick", "Scranton Joe"}


def test_what_stands_on_one_line_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(YAML, encoding="utf-8")
    with pytest.raises(RegistryError, match=r"people\.yaml: .* by hand, or in the usual form: kyiv$"):
        planned([*JUDGED, Judgement(Verdict.ALIAS, "Kiev", "kyiv")], str(tmp_path), LIMIT)
    assert (tmp_path / "people.yaml").read_text(encoding="utf-8") == YAML


def sound(entity: Entity) -> Entity:
    """The entity without what a file may not hold: empty titles, the same form twice."""
    forms = {alias.name: alias for alias in entity.aliases if alias.name != entity.name}
    return replace(entity, titles=(), aliases=tuple(forms.values()))


@pytest.mark.parametrize("suffix", [".yaml", ".jsonl", ".jsonl.gz"])
@given(
    entities=ENTITIES,
    acts=st.lists(
        st.tuples(st.sampled_from(["alias", "veto"]), NAMES.filter(fold), st.sampled_from("abcdef"))
    ),
)
@example(  # one alias goes while others come
    entities=[Entity("a", EntityType.PERSON, "Joe", (Alias("a"),))],
    acts=[("alias", "aa", "a"), ("alias", "Joe Joe", "a"), ("veto", "a", "a")],
)
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_what_was_meant(
    suffix: str,
    entities: list[Entity],
    acts: list[tuple[str, str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("registry") / f"names{suffix}"
    write_registry(map(sound, entities), str(path))
    before = load_registry(str(path))
    judged = [Judgement(Verdict(verdict), name, entity_id) for verdict, name, entity_id in acts]
    plan = planned(judged, str(path), LIMIT)
    for change in plan.changes:
        write(change)
    after = load_registry(str(path))
    told = {judgement.entity for change in plan.changes for judgement in change.judgements}
    assert all(after.entities[key] == entity for key, entity in before.entities.items() if key not in told)
    assert planned(judged, str(path), LIMIT).changes == ()
    everything = [*plan.listed, *(judgement for judgement, _ in plan.left)]
    everything += [judgement for change in plan.changes for judgement in change.judgements]
    assert sorted(judgement.id for judgement in everything) == sorted(judgement.id for judgement in judged)


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(YAML, encoding="utf-8")
    (change,) = planned(JUDGED, str(tmp_path), LIMIT).changes
    path.write_text(YAML + "# more\n", encoding="utf-8")
    with pytest.raises(JudgementError, match="was changed meanwhile"):
        write(change)
    assert path.read_text(encoding="utf-8").endswith("# more\n")


def test_packed_lines_are_packed_again(tmp_path: Path) -> None:
    path = tmp_path / "names.jsonl.gz"
    lines = '{"id":"a","type":"person","name":"A Name"}\n\n{"id": "b", "type": "person", "name": "B Name"}\n'
    path.write_bytes(gzip.compress(lines.encode()))
    (change,) = planned([Judgement(Verdict.ALIAS, "Ay", "a")], str(path), LIMIT).changes
    write(change)
    assert gzip.decompress(path.read_bytes()).decode().splitlines()[1:] == lines.splitlines()[1:]
    assert load_registry(str(path)).entities["a"].aliases[0].name == "Ay"


# --- the commands -----------------------------------------------------------------------------------


@pytest.fixture
def desk(run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    (tmp_path / "aliases").mkdir()
    (tmp_path / "aliases" / "people.yaml").write_text(YAML, encoding="utf-8")
    monkeypatch.setenv("NORMALIZER_REGISTRY", "aliases")
    monkeypatch.setenv("NORMALIZER_JUDGEMENTS", str(tmp_path / "judged"))
    return run


def test_the_life_of_a_judgement(desk: RunCommand, tmp_path: Path) -> None:
    assert desk("judgements", "list").output == ""
    assert not (tmp_path / "judged").exists()
    done = desk("judgements", "alias", "Tonibling", "antony-blinken", "--who", "maria", "--note", "as heard")
    assert (done.exit_code, done.output[8:]) == (0, ': "Tonibling" is antony-blinken\n')
    assert "antony-blinken" in desk("match", "Tonibling").output
    (tmp_path / "draft.txt").write_text("Antony Blinken spoke. Blinking asked Russia.", encoding="utf-8")
    assert desk("check", "draft.txt").exit_code == 1
    assert desk("judgements", "word", "Blinking").exit_code == 0
    assert desk("check", "draft.txt").exit_code == 0
    listed = desk("judgements", "list").output.splitlines()
    assert [line[28:] for line in listed if "maria" in line] == [
        'maria  "Tonibling" is antony-blinken  as heard'
    ]
    assert desk("judgements", "promote", "--diff").output.count("\n+") == 2  # the file's name, and one line
    assert "1 written into 1 file" in desk("judgements", "promote").output
    assert "Tonibling" in (tmp_path / "aliases" / "people.yaml").read_text(encoding="utf-8")
    assert "[promoted]" in desk("judgements", "list").output
    assert "0 written into 0 files" in desk("judgements", "promote").output
    assert desk("judgements", "undo", listed[1][:8]).exit_code == 0
    assert desk("check", "draft.txt").exit_code == 1
    assert "[undone]" in desk("judgements", "list", "--all").output


def test_export_and_import(desk: RunCommand, tmp_path: Path) -> None:
    desk("judgements", "veto", "Blinker", "antony-blinken")
    history = desk("judgements", "export").output
    other = ("--judgements", tmp_path / "other")
    done = desk("judgements", "import", *other, stdin=history)
    assert done.output == "1 judgements kept, 0 were known\n"
    assert desk("judgements", "import", *other, stdin=history).output == "0 judgements kept, 1 were known\n"
    assert desk("judgements", "export", *other).output == history
    refused = desk("judgements", "import", *other, stdin=history + "{}\n")
    assert refused.exit_code == 2
    assert "line 2" in refused.output


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["alias", "Nick", "nobody"], "no entity with the id 'nobody'"),
        (["veto", "Joe Biden", "joe-biden"], "listed under"),
        (["alias", "...", "joe-biden"], "no letter or digit"),
        (["undo", "123456"], "no judgement has"),
        (["word", "May", "--judgements", "mysql://x"], "cannot be kept in 'mysql'"),
        (["list", "--judgements", ""], "name a place"),
    ],
)
def test_what_cannot_be_is_refused(arguments: list[str], reason: str, desk: RunCommand) -> None:
    done = desk("judgements", *arguments)
    assert done.exit_code == 2
    assert reason in done.output
    assert done.output.startswith("normalizer: ")
