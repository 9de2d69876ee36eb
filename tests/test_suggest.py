"""Suggestions while a name is typed, against a walk through all forms of all entities."""

from __future__ import annotations

from pathlib import Path

import pytest

from normalizer import EntityType, Settings
from normalizer.engine import Engine
from normalizer.text.folding import fold
from normalizer.text.script import romanized

PREFIXES = [
    "a", "mer", "angela m", "united", "united n", "São", "Мос", "kim", "x", "de", "o'b", "u.n", "bank of",
    "Q", "the", "zel", "saint-", "中", "new york", "q1",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.open(Settings(registry=str(Path(__file__).parents[1] / "aliases")))


def begins(form: str, key: str) -> bool:
    own = fold(form)
    return own.startswith(key) or (" " not in key and f" {romanized(key)}" in f" {romanized(own)}")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_all_who_begin_so_and_nobody_else(prefix: str, engine: Engine) -> None:
    key = fold(prefix)
    wanted = {
        entity.id
        for entity in engine.registry.entities.values()
        if any(begins(form.name, key) for form in entity.forms())
    }
    found = engine.suggest(prefix, 10_000)
    assert {form.entity.id for form in found} == wanted
    assert len(found) == len(wanted)
    assert [form.entity.id for form in engine.suggest(prefix, 3)] == [form.entity.id for form in found[:3]]
    places = engine.suggest(prefix, 10_000, EntityType.PLACE)
    assert [form.entity.id for form in places] == [
        form.entity.id for form in found if form.entity.type is EntityType.PLACE
    ]
