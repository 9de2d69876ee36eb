"""The compiled index: it answers as the one in memory, and nothing that befalls its file is in the way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalizer.configuration import cache_folder
from normalizer.engine import Engine
from normalizer.index import MemoryIndex, cache, kept_path, opened_index, read_index
from normalizer.index.build import compiled
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container, ContainerError, packed, write_whole
from normalizer.model import Alias, AliasKind, Decision, Entity, EntityType, Guard, Title
from normalizer.registry import load_registry
from normalizer.settings import Settings

ROOT = Path(__file__).parent.parent
DESK = Path(__file__).parent / "cases" / "desk.yaml"
LIMIT = 1 << 20

WORDS = "Joe Jo Biden Kim II the Bank of Bonn Univ 4 Путин 习近平 Ki moon".split()
NAMES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.text(min_size=1, max_size=12),
)
ENTITIES = st.lists(
    st.builds(
        Entity,
        id=st.text("abc0", min_size=1, max_size=3),
        type=st.sampled_from(EntityType),
        name=NAMES,
        aliases=st.lists(
            st.builds(
                Alias, NAMES, st.sampled_from(AliasKind), guard=st.none() | st.just(Guard(True, ("Bonn",)))
            ),
            max_size=3,
        ).map(tuple),
        titles=st.lists(st.builds(Title, NAMES), max_size=2).map(tuple),
        countries=st.lists(NAMES, max_size=1).map(tuple),
        keep=st.lists(NAMES, max_size=1).map(tuple),
        never=st.lists(NAMES, max_size=1).map(tuple),
    ),
    max_size=8,
    unique_by=lambda entity: entity.id,
)


def both(entities: list[Entity]) -> tuple[MemoryIndex, CompiledIndex]:
    ranked = sorted(entities, key=lambda entity: entity.id)
    content = compiled(entities, "v", "s", "c")
    return MemoryIndex(ranked), CompiledIndex(Container(memoryview(content), "here"))


@given(ENTITIES, st.lists(NAMES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=150)
def test_file_and_memory_give_the_same_answers(entities: list[Entity], asked: list[str]) -> None:
    memory, mapped = both(entities)
    assert mapped.entities() == sorted(entities, key=lambda entity: entity.id)
    keys = [*memory.keys, *asked]
    for key in keys:
        assert mapped.exact(key) == memory.exact(key)
        assert mapped.by_type(key) == memory.by_type(key)
        assert mapped.never(key) == memory.never(key)
        assert mapped.title_of(key) == memory.title_of(key)
        for word in key.split():
            assert mapped.longest_from(word) >= memory.longest_from(word)
            assert bool(mapped.longest_from(word)) is bool(memory.longest_from(word))
            assert mapped.rarity(word) == memory.rarity(word)


def test_an_entity_may_have_very_many_forms_and_many_that_fold_alike() -> None:
    shouted = [Alias("JOE BIDEN" if row % 2 else "joe biden", source=str(row)) for row in range(30_000)]
    others = [Alias(f"Joe Biden {row}") for row in range(3_000)]
    entity = Entity("joe-biden", EntityType.PERSON, "Joe Biden", (*shouted, *others))
    _, mapped = both([entity])
    assert [form.alias for form in mapped.exact("joe biden")] == [Alias("Joe Biden"), *shouted]
    assert [form.alias for form in mapped.exact("joe biden 2999")] == [others[2999]]
    assert [entity.form(place) for place in (0, 1, 33_000)] == [entity.forms()[n] for n in (0, 1, 33_000)]


def test_links_of_the_starter_registry_are_the_same(tmp_path: Path) -> None:
    plain = Engine.open(Settings(registry=str(ROOT / "aliases")))
    kept = Engine.open(Settings(registry=str(ROOT / "aliases"), cache=str(tmp_path)))
    names = [alias.name for entity in plain.registry.entities.values() for alias in entity.forms()]
    chance = random.Random(4)
    asked = [_misspelled(name, chance) for name in chance.sample(names, 150)]
    assert kept.link_many(asked) == plain.link_many(asked)
    assert kept.index_version == plain.index_version
    assert kept.registry == plain.registry
    assert kept.entity_count == len(plain.registry)
    assert kept.entity("antony-blinken") == plain.entity("antony-blinken")
    text = (ROOT / "examples" / "summit.txt").read_text(encoding="utf-8")
    assert kept.check(text) == plain.check(text)


def _misspelled(name: str, chance: random.Random) -> str:
    place = chance.randrange(len(name))
    return name[:place] + chance.choice("aeiounrst") + name[place + 1 :]


def test_the_second_start_reads_no_yaml(tmp_path: Path) -> None:
    code = (
        "import sys, normalizer; engine = normalizer.open(); "
        "print(engine.link('Blinken').entity.id, 'normalizer.registry.yaml_text' in sys.modules)"
    )
    environ = {**os.environ, "NORMALIZER_CACHE": str(tmp_path)}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code], env=environ, cwd=ROOT, capture_output=True, text=True
        ).stdout
        for _ in range(2)
    ]
    assert outputs == ["antony-blinken True\n", "antony-blinken False\n"]


def opened(folder: Path, registry: Path = DESK) -> tuple[CompiledIndex, list[str]]:
    said: list[str] = []
    return opened_index(str(registry), str(folder), LIMIT, said.append), said


def test_an_index_is_kept_and_made_anew_when_files_or_code_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = tmp_path / "own.yaml"
    shutil.copy(DESK, registry)
    first, _ = opened(tmp_path / "kept", registry)
    path = kept_path(str(tmp_path / "kept"), str(registry))
    written = path.stat().st_ino
    assert opened(tmp_path / "kept", registry)[0].version == first.version
    assert path.stat().st_ino == written
    with registry.open("a", encoding="utf-8") as file:
        file.write("  zz-new:\n    name: Somebody New\n    type: person\n")
    second, said = opened(tmp_path / "kept", registry)
    assert (second.entity("zz-new") is not None, said) == (True, [])
    assert first.entity("zz-new") is None  # who mapped the old file still has it
    monkeypatch.setattr(cache, "code_digest", lambda: "another program")
    assert opened(tmp_path / "kept", registry)[0].code == "another program"
    assert [left.name for left in (tmp_path / "kept").iterdir()] == [path.name]


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damage_is_found_and_mended(tmp_path: Path, data: st.DataObject) -> None:
    index, _ = opened(tmp_path)
    path = kept_path(str(tmp_path), str(DESK))
    whole = path.read_bytes()
    damaged = bytearray(whole)
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        place = data.draw(st.integers(0, len(whole) - 1))
        damaged[place] ^= 1 << data.draw(st.integers(0, 7))
    path.unlink()  # a mapped file must not be cut under those who read it
    path.write_bytes(damaged)
    again, said = opened(tmp_path)
    assert again.entities() == index.entities()
    if said:  # a flipped bit between two sections is nobody's
        assert str(path) in said[0]
        assert "built anew" in said[0]
    read_index(path)


def test_a_folder_that_is_none_is_said_once(tmp_path: Path) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    index, said = opened(nowhere)
    assert index.entity_count
    assert len(said) == 1


def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path = tmp_path / "x.index"
    (tmp_path / f".x.index.{gone.pid}.aaaa").write_bytes(b"half")
    (tmp_path / f".x.index.{os.getpid()}.bbbb").write_bytes(b"under way")
    write_whole(path, b"whole")
    assert sorted(left.name for left in tmp_path.iterdir()) == [f".x.index.{os.getpid()}.bbbb", "x.index"]


def test_many_processes_open_at_once_and_some_are_killed(tmp_path: Path) -> None:
    environ = {**os.environ, "NORMALIZER_CACHE": str(tmp_path), "NORMALIZER_REGISTRY": str(DESK)}
    command = [sys.executable, "-m", "normalizer", "match", "Blinken"]
    started = [
        subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(8)
    ]
    for process, wait in zip(started[:3], (0.05, 0.1, 0.1), strict=True):
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
    outputs = [process.communicate() for process in started]
    assert all(out.startswith(b"match") and not err for out, err in outputs[3:])
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".index"]) == 1
    said: list[str] = []
    assert opened_index(str(DESK), str(tmp_path), Settings().limits.registry_file, said.append).entity_count
    assert said == []


@given(st.dictionaries(st.text("abc.", min_size=1, max_size=5), st.binary(max_size=40), max_size=5))
def test_a_container_gives_back_what_was_put_in(sections: dict[str, bytes]) -> None:
    container = Container(memoryview(packed({"x": 1}, sections)), "here")
    container.check()
    assert {name: bytes(container.section(name)) for name in sections} == sections
    assert container.head["x"] == 1
    with pytest.raises(ContainerError, match="no section"):
        container.section("missing")


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"NORMALIZER_CACHE": "/a/b", "HOME": "/home/x"}, "/a/b"),
        ({"NORMALIZER_CACHE": "", "HOME": "/home/x"}, None),
        ({"XDG_CACHE_HOME": "/cache", "HOME": "/home/x"}, "/cache/normalizer"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/home/x"}, "/home/x/.cache/normalizer"),
        ({}, None),
    ],
)
def test_where_indexes_are_kept(environ: dict[str, str], folder: str | None) -> None:
    assert cache_folder(environ) == folder


def test_a_faulty_registry_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    registry = tmp_path / "bad.yaml"
    registry.write_text("entities: {a: {name: }}\n")
    engine_settings = Settings(registry=str(registry), cache=str(tmp_path / "kept"))
    with pytest.raises(Exception, match=r"bad\.yaml"):
        Engine.open(engine_settings)
    assert not (tmp_path / "kept").exists()
    good = load_registry(str(DESK))
    assert Engine(good).link("Blinken").decision is Decision.MATCH
