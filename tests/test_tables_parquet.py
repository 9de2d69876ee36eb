"""Parquet: types, order, notes and compression stay; answers are those of the same rows as CSV."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from conftest import RunCommand

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NAMES = ["Blinkon", "Bush", "Jane Nobody", "", "Emmanuel Macon", "Biden", "=Zzz", "Müller, “Q”", None]


def rows_of(count: int) -> list[str | None]:
    chance = random.Random(5)
    return [chance.choice(NAMES) for _ in range(count)]


def write(path: Path, **columns: object) -> None:
    table = pa.table(columns).replace_schema_metadata({"note": "kept"})
    pq.write_table(table, path, compression="zstd", row_group_size=70)


def test_plain_and_arrow_answer_alike_row_for_row(run: RunCommand, tmp_path: Path) -> None:
    names = rows_of(500)
    write(tmp_path / "t.parquet", id=list(range(500)), who=names, x=[[1], None] * 250)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("id", "who"), *((place, name or "") for place, name in enumerate(names))])
    (tmp_path / "t.csv").write_text(text.getvalue())
    for name in ("t.parquet", "t.csv"):
        for output in ("o.", "again."):
            result = run("clean", name, "--column", "who:person", "-o", output + name.split(".")[1])
            assert result.exit_code == 0, result.stderr
    for kind in ("parquet", "csv"):
        assert (tmp_path / f"o.{kind}").read_bytes() == (tmp_path / f"again.{kind}").read_bytes()
    out = pq.read_table(tmp_path / "o.parquet")
    carried = [
        ["" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value) for value in row]
        for row in zip(*(out[name].to_pylist() for name in out.column_names if name != "x"), strict=True)
    ]
    with (tmp_path / "o.csv").open(newline="") as file:
        header, *plain = csv.reader(file)
    assert carried == plain
    assert header == [name for name in out.column_names if name != "x"]
    assert out["x"].to_pylist() == [[1], None] * 250
    assert out.schema.metadata == {b"note": b"kept"}
    assert pq.ParquetFile(tmp_path / "o.parquet").metadata.row_group(0).column(5).compression == "ZSTD"


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())],
    ids=str,
)
def test_names_are_replaced_in_their_type(kind: object, run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", who=pa.array(["Blinkon", None, "Bush"]).cast(kind))
    result = run("clean", "t.parquet", "--column", "who:person", "--in-place-column", "-o", "o.parquet")
    assert result.exit_code == 0, result.stderr
    out = pq.read_table(tmp_path / "o.parquet")
    assert out["who"].to_pylist() == ["Antony Blinken", None, "Bush"]
    assert out.schema.field("who").type == kind


def test_numbers_are_names_of_nobody_and_a_pipe_will_do(run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", who=[1.5, None])
    result = run(
        "clean", "-", "--column", "who", "-o", "o.parquet", stdin=(tmp_path / "t.parquet").read_bytes()
    )
    assert result.exit_code == 0, result.stderr
    assert pq.read_table(tmp_path / "o.parquet")["who_decision"].to_pylist() == ["nil", "nil"]
    refused = run("clean", "t.parquet", "--column", "who", "--in-place-column", "-o", "o.parquet")
    assert "a name cannot replace its values" in refused.stderr


def test_bytes_that_are_no_text_are_a_bad_row(run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", who=[b"Biden", b"\xff", b"Bush"], x=[1, 2, 3])
    result = run("clean", "t.parquet", "--column", "who", "-o", "o.parquet")
    assert (result.exit_code, "t.parquet:2: not valid UTF-8" in result.stderr) == (2, True)
    result = run("clean", "t.parquet", "--column", "who", "-o", "o.parquet", "--rejects", "bad.csv")
    assert result.exit_code == 2
    assert pq.read_table(tmp_path / "o.parquet")["x"].to_pylist() == [1, 3]


def test_header_only_and_wide_tables(run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", who=pa.array([], pa.string()))
    assert run("clean", "t.parquet", "--column", "who", "-o", "o.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "o.parquet").num_columns == 5
    write(tmp_path / "t.parquet", who=["Biden"], **{f"c{place}": [place] for place in range(9_999)})
    assert run("clean", "t.parquet", "--column", "who", "-o", "o.parquet").exit_code == 0
    assert pq.read_table(tmp_path / "o.parquet").num_columns == 10_004


def test_what_cannot_be_used_is_said(run: RunCommand, tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", who=["Biden"] * 200, many=[["x"]] * 200)
    data = (tmp_path / "t.parquet").read_bytes()
    (tmp_path / "short.parquet").write_bytes(data[:-20])
    (tmp_path / "hurt.parquet").write_bytes(data[:30] + bytes(200) + data[230:])
    (tmp_path / "text.parquet").write_text("who\nBiden\n")
    for arguments, message in [
        (("short.parquet", "--column", "who", "-o", "o.parquet"), "is no Parquet file that can be read"),
        (("text.parquet", "--column", "who", "-o", "o.parquet"), "is no Parquet file that can be read"),
        (("hurt.parquet", "--column", "who", "-o", "o.parquet"), "cannot be read"),
        (("t.parquet", "--column", "whom", "-o", "o.parquet"), "did you mean 'who'?"),
        (("t.parquet", "--column", "many", "-o", "o.parquet"), "which is no text"),
        (("t.parquet", "--column", "who", "-o", "o.csv"), "of the kind of INPUT, here parquet"),
    ]:
        result = run("clean", *arguments)
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert len(list(tmp_path.iterdir())) == 4
