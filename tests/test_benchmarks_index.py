"""The benchmarks of the index run end to end on tiny registries; what they measure there is nothing."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import index
from benchmarks.hostile_names import ORDINARY, REGISTRIES
from benchmarks.index_adapters import Adapter, IndexAlone, WholeMatch
from benchmarks.index_cold import cold, write_registry
from benchmarks.index_differences import compared, sampled
from benchmarks.index_growth import FIGURES, growth_svg, growth_table
from benchmarks.index_hostile import Cost, hostile_table, measure
from benchmarks.index_lookup import COSTS, TIMINGS, merged, size_report
from benchmarks.index_sets import candidate_recall
from normalizer import Settings
from normalizer.engine import Engine
from normalizer.model import Decision, Link, Mention
from normalizer.registry import load_registry
from normalizer.text.folding import MAX_NAME, fold

NAMES = ["Antony Blinken", "Olaf Scholz", "Ban Ki-moon", "Ursula von der Leyen", "Scholz", "Ada Lovelace"]
QUERIES = [
    {"qid": "1", "query": "Antony Blinkon", "gold": "a", "type": "person", "bucket": "near"},
    {"qid": "2", "query": "Olaf Sholz", "gold": ["b", "x"], "type": "person", "bucket": "near"},
    {"qid": "3", "query": "Somebody Else", "gold": None, "type": "person", "bucket": "nil-easy"},
]
ROW = {
    "n": 10_000, "build_s": 1.0, "build_cpu_s": 1.0, "p50_us": 50.0, "p99_us": 90.0, "single_cpu_us": 60.0,
    "batch_cpu_us": 40.0, "index_mb": 4.0, "peak_mb": 20.0, "recall1": 0.99, "r_fa5": 0.9, "scored_on": 5000,
}  # fmt: skip
OWN = {
    "compile_s": 0.5, "compile_cpu_s": 0.5, "build_peak_mb": 9.0, "open_ms": 1.0, "first_ms": 2.0,
    "cpu_p50_us": 45.0,
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A set "few" as the look-up sets lie in their folder."""
    entities = [
        {"id": letter, "type": "person", "name": name, "aliases": []}
        for letter, name in zip("abcdef", NAMES, strict=True)
    ]
    for name, records in (("registry_few", entities), ("queries_few", QUERIES)):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    return tmp_path


@pytest.mark.parametrize("kind", [WholeMatch, IndexAlone])
def test_an_adapter_answers_as_the_harness_asks(kind: type[Adapter]):
    adapter = kind()
    adapter.build(NAMES)
    try:
        queries = ["Antony Blinkon", "Olaf Scholz", "Ban Kimoon"]
        answers = adapter.query(queries)
        assert [answer and answer[0] for answer in answers] == [0, 1, 2]
        assert [adapter.query_one(query) for query in queries] == answers
        assert set(json.loads(adapter.note)) == set(COSTS)
        assert adapter.index_bytes() > 0
    finally:
        adapter.close()


def test_of_several_rounds_the_least_timings_count():
    ours = {"peer": "normalizer", **ROW, **OWN}
    quick = {**ours, "batch_cpu_us": 30.0, "open_ms": 0.5, "p50_us": 70.0}
    failed = {"peer": "normalizer", "n": 10_000, "error": "not finished"}
    best = merged([failed, ours, quick, failed])
    assert len(best) == 1
    assert [best[0][name] for name in (*TIMINGS, "open_ms")] == [1.0, 1.0, 50.0, 90.0, 60.0, 30.0, 0.5]
    assert merged([failed]) == [failed]


def test_the_report_of_a_size_has_ratios_figures_targets_and_failures():
    rows = [
        {"peer": "normalizer", **ROW, **OWN},
        {"peer": "normalizer, index alone", **ROW, **OWN},
        {"peer": "slow", **ROW, "batch_cpu_us": 400.0},
        {"peer": "broken", "n": 10_000, "error": "failed: no module"},
        {"peer": "slow", **ROW, "n": 7},
    ]
    text = size_report(rows, 10_000)
    assert "| slow | 1.00× | 1.00× | 0.10× | 1.00× | 1.00× | 1.00× | 1.00× |" in text
    assert "- broken: failed: no module" in text
    assert "| r_fa5 | ≥ 0.94 | 0.900 | **no** |" in text
    assert "| batch_cpu_us | ≤ 75 | 40 | yes |" in text


def test_growth_is_drawn_and_told():
    rows = [{"peer": "normalizer", **ROW, **OWN}, {"peer": "normalizer", **ROW, **OWN, "n": 30_000}]
    picture = ElementTree.fromstring(growth_svg(rows))
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    for title, unit, _ in FIGURES.values():
        assert f"{title}, {unit}" in words
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) == 2 * len(FIGURES)
    assert "| 30,000 (3.0×) |" in growth_table(rows)


@pytest.mark.parametrize("case", REGISTRIES)
def test_a_hostile_registry_is_built_and_asked(case: str):
    entities = REGISTRIES[case](200)
    names = [alias.name for entity in entities for alias in entity.forms()]
    assert entities == REGISTRIES[case](200)
    assert max(map(len, names)) <= MAX_NAME
    assert len(set(map(fold, names))) == (1 if case == "namesakes" else len(names))
    cost = measure(entities, 12, lambda chance, name: name[:-1])
    assert cost.names == len(names)
    assert cost.most > 0
    assert cost.worst_us >= cost.median_us


def test_the_hostile_table_tells_of_those_that_do_not_finish():
    cost = Cost(10, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, "x" * 99, 8, 1.0)
    text = hostile_table({ORDINARY: cost, "one entity": "not finished in 900 s"})
    assert "| ordinary | 10 | 1.00× | 1.00× | 1.00× |" in text
    assert "| one entity | not finished in 900 s | - |" in text


def test_differences_are_listed_with_both_answers(data: Path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["index", "differences", "--data", str(data)])
    index.main()
    said = capsys.readouterr().out
    assert "| few | 3 | 3 | 0 | 0 | 0 | 0 | 0 | 0 |" in said
    assert "No answer differs." in said

    registry = load_registry(str(data / "registry_few.jsonl.gz"))
    engine = Engine(registry)
    answer, nobody = engine.link("Antony Blinkon"), Link(Mention("Antony Blinkon"), Decision.NIL)
    found = compared("few", QUERIES[:1], [answer], [nobody], registry)
    assert found.row() == ["few", 1, 0, 1, 1, 0, 1, 0, 0]
    assert "oracle match a 'Antony Blinken'" in found.lines[0]
    assert found.lines[0].endswith("; index nil; right: Antony Blinken")


def test_a_sample_is_always_the_same_and_in_order():
    queries = [{"qid": number} for number in range(50)]
    assert sampled(queries, 0, 1) == sampled(queries, 50, 1) == queries
    some = sampled(queries, 10, 1)
    assert some == sampled(queries, 10, 1) == [query for query in queries if query in some]
    assert some != sampled(queries, 10, 2)


def test_what_the_candidates_do_not_hold_is_told(tmp_path: Path):
    others = [entity.name for entity in REGISTRIES[ORDINARY](300)]
    names = [*NAMES, *others]
    registry = write_registry(names, range(len(names)), tmp_path / "names.jsonl")
    engine = Engine.open(Settings(registry=str(registry), cache=str(tmp_path / "cache")))
    queries = [{**query, "gold": "00000001"} for query in QUERIES[:2]]
    held, missed, size, _ = candidate_recall(engine, queries, 1)
    assert (held, missed) == (0.5, ["Antony Blinkon → Olaf Scholz (near)"])
    assert size > 0


def test_a_cold_command_is_measured(tmp_path: Path):
    registry = write_registry(NAMES, [0, 1, 2, 3, 1, 4], tmp_path / "names.jsonl")
    assert len(load_registry(str(registry))) == 5
    text = cold(registry, {"misspelled": "Antony Blinkon"}, rounds=1)
    row = next(line for line in text.splitlines() if line.startswith("| misspelled, second"))
    assert float(row.split("|")[5]) > 1, row
