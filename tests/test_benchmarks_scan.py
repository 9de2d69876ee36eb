"""The benchmark of the scan on tiny texts; what it measures there is nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from benchmarks.index_scan import best, figures, write_texts
from benchmarks.scan_adapter import ExactTagger

ROW = {
    "peer": "daachorse", "n": 10_000, "mb_s": 20.0, "mb_cpu_s": 25.0, "build_s": 0.5, "index_mb": 7.0,
    "exact_recall": 1.0, "hits_per_kword": 3.5,
}  # fmt: skip


def test_the_adapter_answers_as_the_harness_asks() -> None:
    tagger = ExactTagger()
    tagger.build(["Joe Biden", "Diana, Princess of Wales", "joe biden", "?"])
    text = "JOE BIDEN’s met Diana, Princess of Wales; Diana Princess of Wales."
    assert tagger.tag([text, ""]) == [[(0, 9, 2), (16, 40, 1), (42, 65, 1)], []]


def test_drafts_are_written_out_and_those_beyond_latin_may_be_left(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "drafts.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text}) + "\n" for text in ("Zoë", "Путин"))
    assert write_texts(tmp_path, tmp_path, 2, latin=True) == 1
    assert sorted(path.name for path in tmp_path.glob("*.txt")) == ["0000-000.txt", "0000-001.txt"]
    assert write_texts(tmp_path, tmp_path, 1, latin=False) == 2


def test_the_best_of_all_rounds_counts_and_what_fails_has_no_line() -> None:
    ours = {**ROW, "peer": "normalizer", "mb_cpu_s": 50.0}
    missing = {"peer": "cyac", "n": 10_000, "error": "not there"}
    rows = best([[ROW, ours, missing], [{**ROW, "mb_cpu_s": 40.0}]])
    assert [row.get("mb_cpu_s") for row in rows] == [40.0, 50.0, None]
    lines = figures(rows).splitlines()
    assert [line.split(" | ")[1] for line in lines[2:]] == ["normalizer", "daachorse"]
    assert "1.25×" in lines[3]
