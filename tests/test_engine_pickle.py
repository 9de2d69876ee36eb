"""Engines go to other processes: pickled, in pools, with what was judged."""

from __future__ import annotations

import multiprocessing
import pickle
from pathlib import Path

import pytest
from conftest import DESK

from normalizer.engine import Engine
from normalizer.settings import Settings

NAMES = ["Blinkon", "Bush", "Nobody Here", "Tony Blinken", "Kiev", "Lavrof", "Biden", "J. Biden", "Muscat"]


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_pickled_engine_answers_the_same(is_kept: bool, tmp_path: Path) -> None:
    engine = Engine.open(Settings(registry=str(DESK), cache=str(tmp_path) if is_kept else None))
    again = pickle.loads(pickle.dumps(engine))
    assert again.link_many(NAMES) == engine.link_many(NAMES)
    engine.accept("Muscat", "joe-biden")
    engine.veto("Biden", "joe-biden")
    taught = pickle.loads(pickle.dumps(engine))
    assert taught.link_many(NAMES) == engine.link_many(NAMES)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pools_answer_the_same(method: str, desk_engine: Engine) -> None:
    expected = desk_engine.link_many(NAMES)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(desk_engine.link_many, [NAMES, NAMES]) == [expected, expected]
