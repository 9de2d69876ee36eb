"""Spark: two workers on loopback, the answers of the plain path, an executor killed in mid-run."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import DESK, RunCommand

from normalizer.engine import Engine
from normalizer.errors import TableError
from normalizer.model import Mention
from normalizer.settings import Settings

pytest.importorskip("pyspark", reason="needs the extra 'spark'")
pytest.importorskip("pyarrow", reason="needs the extra 'spark'")
if shutil.which("java") is None:
    pytest.skip("needs Java", allow_module_level=True)

from pyspark.sql import SparkSession

from normalizer.interfaces import spark as spark_door

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
ROOT = Path(__file__).parents[1]
ADDED = ("who_canonical", "who_id", "who_score", "who_decision")
NAMES = [
    "Blinkon", "Bush", "Nobody Here", " ", None, "Tony  Blinken", "Kiev", "Lavrof", "Biden, Joe", "Muscat",
    "Ántony Blinken", "x" * 600, "=Biden", 'a "quoted", name', "two\nlines", "b\u200elinken",
]  # fmt: skip
OFFICES = [None, "President", "", "Secretary of State"]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A master and two workers with an executor each, all of them processes of this machine."""
    kept = {name: os.environ.get(name) for name in ("PYSPARK_PYTHON", "SPARK_LOCAL_IP")}
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.executorEnv.PYTHONPATH": str(ROOT),
        "spark.local.dir": str(tmp_path_factory.mktemp("spark")),
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    session = SparkSession.builder.master("local-cluster[2,1,1024]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    for name, value in kept.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def rows_of(frame: Any) -> dict[str, tuple[Any, ...]]:
    return {row["id"]: tuple(row[name] for name in ADDED) for row in frame.collect()}


def table_of(names: list[str | None]) -> list[dict[str, str | None]]:
    return [
        {"id": str(number), "who": name, "office": OFFICES[number // len(names) % len(OFFICES)]}
        for number, name in enumerate(names * len(OFFICES))
    ]


def test_rows_are_those_of_the_plain_path(spark: SparkSession, run: RunCommand, tmp_path: Path) -> None:
    rows = table_of(NAMES)
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ["--column", "who:person", "--context", "office"]
    assert run("clean", "t.jsonl", *options, "-o", "plain.jsonl").exit_code == 0
    plain = [json.loads(line) for line in (tmp_path / "plain.jsonl").read_text().splitlines()]

    frame = spark.createDataFrame(
        [tuple(row.values()) for row in rows], "id string, who string, office string"
    )
    found = spark_door.clean(frame, "who", DESK, "person", ["office"])
    assert found.columns == ["id", "who", "office", *ADDED]
    assert rows_of(found) == {row["id"]: tuple(row[name] for name in ADDED) for row in plain}

    result = run("clean", tmp_path / "t.jsonl", *options, "--engine", "spark", "-o", tmp_path / "out")
    assert result.exit_code == 0, result.stderr
    written = [json.loads(line) for part in (tmp_path / "out").glob("part-*") for line in part.open()]
    assert sorted(written, key=lambda row: int(row["id"])) == plain


def test_csv_cells_are_those_of_the_plain_path(spark: SparkSession, run: RunCommand, tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "who"], *([row["id"], row["who"]] for row in table_of(NAMES))])
    assert run("clean", "t.csv", "--column", "who", "-o", "plain.csv").exit_code == 0
    inside, spark_options = tmp_path / "out.csv", ("--engine", "spark", "-o")
    result = run("clean", tmp_path / "t.csv", "--column", "who", *spark_options, inside)
    assert (result.exit_code, "out.csv: 64 rows in" in result.stderr) == (0, True), result.stderr

    def cells(paths: list[Path]) -> list[list[str]]:
        return sorted(
            row
            for path in paths
            for row in csv.reader(path.open(newline="", encoding="utf-8"))
            if row[0] != "id"
        )

    assert cells(list((tmp_path / "out.csv").glob("part-*"))) == cells([tmp_path / "plain.csv"])
    once, twice = tmp_path / "o.parquet", tmp_path / "twice.parquet"
    assert run("clean", tmp_path / "t.csv", "--column", "who", *spark_options, once).exit_code == 0
    again = run("clean", once, "--column", "id", *spark_options, twice)
    assert again.exit_code == 0, again.stderr
    assert spark.read.parquet(str(twice)).count() == len(NAMES) * len(OFFICES)


def test_workers_need_no_registry_and_hear_what_was_judged(spark: SparkSession, tmp_path: Path) -> None:
    place = tmp_path / "desk.yaml"
    place.write_bytes(DESK.read_bytes())
    engine = Engine.open(Settings(registry=str(place), cache=str(tmp_path / "cache")))
    engine.accept("Muscat", "joe-biden")
    engine.veto("Biden", "joe-biden")
    frame = spark.createDataFrame(
        [(name, name) for name in ("Muscat", "Biden", "Blinkon")], "id string, who string"
    )
    found = spark_door.clean(frame, "who", engine)
    place.unlink()
    shutil.rmtree(tmp_path / "cache")
    expected = {
        str(link.mention.surface): (link.entity.id if link.entity else None, link.decision.value)
        for link in engine.link_many(["Muscat", "Biden", "Blinkon"])
    }
    assert {name: (row[1], row[3]) for name, row in rows_of(found).items()} == expected


def executors(spark: SparkSession) -> set[int]:
    """The processes of the executors: children of the one that holds master and workers."""
    parent = spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state = (folder / "stat").read_text().rpartition(") ")[2].split()
            if (
                int(state[1]) == parent
                and b"CoarseGrainedExecutorBackend" in (folder / "cmdline").read_bytes()
            ):
                found.add(int(folder.name))
    return found


def test_an_executor_that_is_killed_changes_nothing(spark: SparkSession) -> None:
    engine = Engine.open(Settings())
    firsts, lasts = (
        "Antony Sergei Emanuel".split(),
        "Blinkon Lavrof Macorn Sholz Merkl Trudo Putn Orbn".split(),
    )
    names = [f"{first} {last}{number}" for number in range(40) for first in firsts for last in lasts]
    frame = spark.createDataFrame([(name, name) for name in names * 3], "id string, who string")
    found = spark_door.clean(frame, "who", engine, tasks=60)
    answers: list[Any] = []
    reading = threading.Thread(target=lambda: answers.append(rows_of(found)))
    tracker = spark.sparkContext.statusTracker()
    before = executors(spark)
    reading.start()
    is_killed = False
    while reading.is_alive() and not is_killed:
        for stage in map(tracker.getStageInfo, tracker.getActiveStageIds()):
            if stage and stage.numTasks == 60 and 0 < stage.numCompletedTasks < 50 and not is_killed:
                os.kill(min(before), signal.SIGKILL)
                is_killed = True
        time.sleep(0.01)
    reading.join()
    assert is_killed, "the run was over before"
    assert min(before) not in executors(spark)
    expected = {
        name: (link.entity.name if link.entity else None, link.entity.id if link.entity else None,
               round(link.score, 4), link.decision.value)
        for name, link in zip(names, engine.link_many(list(map(Mention, names))), strict=True)
    }  # fmt: skip
    assert answers == [expected]


BAD = [
    ("whom", "person", "no column 'whom'; did you mean 'who'?"),
    ("list", "person", "column 'list' holds no text, but array<string>"),
    ("s.b", "person", "no column 's.b'"),
    ("id", "person", "has a column 'id_score' already"),
    ("who", "persn", "no type 'persn'"),
]


@pytest.mark.parametrize(("column", "type", "message"), BAD)
def test_what_cannot_be_cleaned_is_said(column: str, type: str, message: str, spark: SparkSession) -> None:
    schema = "id string, id_score double, who string, list array<string>, s struct<a: string>"
    frame = spark.createDataFrame([("1", 1.0, "a", ["b"], ("c",))], schema)
    with pytest.raises(TableError, match=message.replace("?", r"\?").replace("<", r"\<")):
        spark_door.clean(frame, column, DESK, type)


def test_names_within_structs(spark: SparkSession) -> None:
    frame = spark.createDataFrame([(("Blinkon",), 7)], "person struct<name: string>, `a.b` long")
    row = spark_door.clean(spark_door.clean(frame, "person.name", DESK), "a.b", DESK).collect()[0]
    assert (row["person.name_id"], row["a.b_decision"]) == ("antony-blinken", "nil")


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (b"id,who\n1\n", [], "t.csv: has a row that cannot be read"),
        (b"id,who\n1,a\n", ["--review", "r.csv"], "--review is not for --engine spark"),
        (b"id,who\n1,a\n", ["--master", "nonsense"], "--master 'nonsense' is none"),
        (b"id,who\n1,a\n", ["-o", "-"], "name INPUT and --output"),
        (b"id,who\n1,a\n", ["-o", "."], "PATH_ALREADY_EXISTS"),
        (b"id,whom\n1,a\n", [], "did you mean 'whom'?"),
    ],
)
def test_the_command_says_what_is_wrong(
    data: bytes, options: list[str], message: str, spark: SparkSession, run: RunCommand, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    options = [str(tmp_path) if option == "." else option for option in options]
    places = [tmp_path / "t.csv", "-o", tmp_path / "out"]
    result = run("clean", *places, "--column", "who", "--engine", "spark", *options)
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert not list(tmp_path.glob("out/part-*"))


def test_without_java_or_pyspark_the_command_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("who\nBiden\n")
    words = ["clean", "t.csv", "--column", "who", "--engine", "spark", "-o", "out"]
    hidden = "import sys; sys.modules['pyspark'] = None; from normalizer.interfaces.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": str(tmp_path)}
    environment.pop("JAVA_HOME", None)
    for start, message in (
        (["-m", "normalizer"], "needs Java"),
        (["-c", hidden], "needs pyspark and pyarrow"),
    ):
        done = subprocess.run(
            [sys.executable, *start, *words], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (2, True, False)
