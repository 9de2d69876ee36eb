"""Excel: formulas, dates, styles, merged cells and other sheets stay; cells are put behind the rows."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path

import pytest
from conftest import RunCommand
from hypothesis import given
from hypothesis import strategies as st

from normalizer.tables.sheet import column_of, letters_of
from normalizer.tables.workbook import text_said, text_written

openpyxl = pytest.importorskip("openpyxl")
SHEET = "xl/worksheets/sheet1.xml"
DAY = datetime.datetime(2026, 11, 24)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with two sheets and most of what people put into them."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "People"
    sheet["B2"], sheet["C2"], sheet["D2"], sheet["E2"] = "who", "since", "sum", "note"
    for place, name in enumerate(["Blinkon", "Bush", '=CONCATENATE("Bi","den")', 12.5, None, "Biden"], 3):
        sheet[f"B{place}"], sheet[f"C{place}"] = name, DAY
        sheet[f"D{place}"], sheet[f"E{place}"] = f"=SUM(1,{place})", "=1+1" if place == 3 else '  <ä> & "q" '
    sheet["B3"].font = openpyxl.styles.Font(bold=True)
    sheet.merge_cells("B8:B10")
    sheet["C9"], sheet["C10"] = 1, 2
    sheet["Z3"].font = openpyxl.styles.Font(bold=True)
    sheet.row_dimensions[20].height = 40
    sheet.auto_filter.ref = "B2:E8"
    other = made.create_sheet("Other")
    other["A1"], other["A2"] = "who", "Blinkon"
    made.save(tmp_path / "t.xlsx")
    share_texts(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def share_texts(path: Path) -> None:
    """Put the texts of the first sheet where Excel itself puts them, one of them in runs."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[SHEET] = re.sub(rb't="inlineStr"><is>(.*?)</is>', shared, parts[SHEET])
    texts = [
        b"<r><t>Bli</t></r><r><rPr><b/></rPr><t>nkon</t></r><rPh sb='0' eb='1'><t>bu</t></rPh>"
        if text == b"<t>Blinkon</t>"
        else text
        for text in texts
    ]
    items = b"".join(b"<si>%s</si>" % text for text in texts)
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%s">%s</sst>' % (space, items)
    relations = "xl/_rels/workbook.xml.rels"
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    parts[relations] = parts[relations].replace(b"</Relationships>", relation)
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override)
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)


def values(path: Path, sheet: str = "People") -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_all_else_stays(book: Path, run: RunCommand, tmp_path: Path) -> None:
    result = run("clean", "t.xlsx", "--column", "who:person", "-o", "o.xlsx", "--review", "r.csv")
    assert result.exit_code == 0, result.stderr
    before, after = values(book), values(tmp_path / "o.xlsx")
    width = 5
    assert [row[:width] for row in after] == [row[:width] for row in before]
    assert [row[width : width + 4] for row in after[1:5]] == [
        ["who_canonical", "who_id", "who_score", "who_decision"],
        ["Antony Blinken", "antony-blinken", after[2][width + 2], "match"],
        [None, None, 0.5, "review"],
        [None, None, None, "nil"],
    ]
    assert [row[width + 1] for row in after[7:10]] == ["joe-biden"] * 3
    assert "Bush" in (tmp_path / "r.csv").read_text("utf-8-sig")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(tmp_path / "o.xlsx") as new:
        assert [info.filename for info in old.infolist() if not info.filename.endswith("sheet1.xml")] == [
            info.filename for info in new.infolist()
        ][:-1]
        for name in old.namelist():
            if not name.endswith("sheet1.xml"):
                assert old.read(name) == new.read(name)
        added = re.compile(rb'<c r="(?:F|G|H|I)\d+"(?: s="\d+" ?/>|.*?</c>)|<c r="Z3"[^>]*></c>')
        ends = re.compile(rb' spans="[^"]*"|<dimension [^>]*/>')
        sheets = [ends.sub(b"", data.read("xl/worksheets/sheet1.xml")) for data in (old, new)]
        assert added.sub(b"", sheets[1]) == added.sub(b"", sheets[0])
    again = run("clean", "t.xlsx", "--column", "who:person", "-o", "again.xlsx")
    assert again.exit_code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "o.xlsx").read_bytes()


def test_names_are_replaced_but_no_formulas(book: Path, run: RunCommand, tmp_path: Path) -> None:
    stdin = book.read_bytes()
    result = run("clean", "-", "--column", "who:person", "--in-place-column", "-o", "o.xlsx", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    after = openpyxl.load_workbook(tmp_path / "o.xlsx")["People"]
    assert [after[f"B{row}"].value for row in range(3, 9)] == [
        "Antony Blinken", "Bush", '=CONCATENATE("Bi","den")', 12.5, None, "Joe Biden",
    ]  # fmt: skip
    assert after["B3"].font.bold
    assert after["C3"].value == DAY


def test_another_sheet(book: Path, run: RunCommand, tmp_path: Path) -> None:
    result = run("clean", "t.xlsx", "--sheet", "Other", "--column", "who", "-o", "o.xlsx")
    assert result.exit_code == 0, result.stderr
    assert values(tmp_path / "o.xlsx", "Other")[1][:3] == [
        "Blinkon",
        "Antony Blinken",
        "antony-blinken",
    ]
    assert values(tmp_path / "o.xlsx") == values(book)


def test_rows_answer_as_those_of_a_csv(run: RunCommand, tmp_path: Path) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("s")
    rows = [["id", "who"], *([n, ["Blinkon", "Bush", "Nobody", "Biden"][n * n % 4]] for n in range(3000))]
    for row in rows:
        sheet.append(row)
    made.save(tmp_path / "t.xlsx")
    (tmp_path / "t.csv").write_text("".join(f"{a},{b}\n" for a, b in rows))
    for kind in ("xlsx", "csv"):
        assert run("clean", f"t.{kind}", "--column", "who", "-o", f"o.{kind}").exit_code == 0
    plain = [line.split(",") for line in (tmp_path / "o.csv").read_text().splitlines()]
    carried = [
        [
            "" if cell is None else f"{cell:.4f}" if place == 4 and cell != "who_score" else str(cell)
            for place, cell in enumerate(row)
        ]
        for row in values(tmp_path / "o.xlsx", "s")
    ]
    assert carried == plain


def changed(path: Path, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == part else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        (SHEET, b"<sheetData>", b'<!DOCTYPE x [<!ENTITY a "b">]><sheetData>', "document type"),
        (SHEET, b"</row>", b"", "cannot be read|can be read|ends within"),
        (SHEET, b"sheetData", b"sheetDate", "no rows"),
        ("xl/sharedStrings.xml", b"</si>", b"", "can be read"),
        ("xl/workbook.xml", b"<sheet ", b"<shoot ", "has no sheet"),
        (SHEET, b"<v>0</v>", b"<v>99999</v>", "can be read"),
    ],
)
def test_damage_is_said(
    part: str, old: bytes, new: bytes, message: str, book: Path, run: RunCommand, tmp_path: Path
) -> None:
    book.write_bytes(changed(book, part, old, new))
    result = run("clean", "t.xlsx", "--column", "who", "-o", "o.xlsx")
    assert result.exit_code == 2
    assert re.search(message, result.stderr), result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


def test_what_cannot_be_used_is_said(book: Path, run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (tmp_path / "cut.xlsx").write_bytes(book.read_bytes()[:-200])
    (tmp_path / "text.xlsx").write_bytes(b"who\nBiden\n")
    empty = openpyxl.Workbook()
    empty.save(tmp_path / "empty.xlsx")
    for arguments, message in [
        (("t.xlsx", "--column", "whom"), "did you mean 'who'?"),
        (
            ("t.xlsx", "--column", "who", "--sheet", "Third"),
            "no sheet 'Third'; its sheets are 'People', 'Other'",
        ),
        (("old.xlsx", "--column", "who"), "protected by a password, or an old .xls"),
        (("cut.xlsx", "--column", "who"), "is no Excel file"),
        (("text.xlsx", "--column", "who"), "is no Excel file"),
        (("empty.xlsx", "--column", "who"), "its sheet is empty"),
    ]:
        result = run("clean", *arguments, "-o", "o.xlsx")
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "o.xlsx").exists()


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    assert text_said(text_written(text)) == text


@given(st.integers(0, 16_383))
def test_columns_have_letters(column: int) -> None:
    assert column_of(letters_of(column)) == column
