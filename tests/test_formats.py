"""Bytes to documents and back."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.errors import DraftError
from normalizer.formats import FORMATS, encode, ensure_faithful, read
from normalizer.formats.files import find_drafts, read_file, replace_file
from normalizer.model import Document, Span

AWKWARD = "Łódź\r\nold\rMac\n\u00a0nbsp\u2009thin\u200bzero\ttab \u2028sep\x0b\x0c end without newline"


@pytest.mark.parametrize(
    ("encoding", "bom"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
def test_every_byte_survives_and_marks_are_not_counted(encoding: str, bom: bytes) -> None:
    data = bom + AWKWARD.encode(encoding)
    document = read("a.txt", data)
    assert document == Document("a.txt", AWKWARD, (Span(0, len(AWKWARD)),), encoding, bom)
    assert encode(document, document.text) == data
    ensure_faithful(document, data)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
def test_utf8_round_trip(text: str) -> None:
    data = text.encode()
    document = read("a.md", data)
    assert encode(document, document.text) == data


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "latin-1", "utf-16", "cp1252", "shift_jis", "utf-7"]),
)
def test_any_bytes_give_a_document_or_one_line(data: bytes, encoding: str | None) -> None:
    message = ""
    try:
        document = read("a.txt", data, encoding=encoding)
        ensure_faithful(document, data)
        assert encode(document, document.text) == data
    except DraftError as error:
        message = str(error)
    assert "\n" not in message
    assert message[:5] in ("", "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16", "UTF16", "utf-16-le", "utf_16"])
def test_named_encoding_finds_its_mark(encoding: str) -> None:
    document = read("a.txt", codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), encoding=encoding)
    assert (document.text, document.encoding, document.bom) == ("é", "utf-16-le", codecs.BOM_UTF16_LE)


@pytest.mark.parametrize(
    ("name", "data", "encoding", "message"),
    [
        (
            "a.txt",
            b"one\r\ntw\xc3\xb6 \xff",
            None,
            "a.txt:2:5: not valid UTF-8: byte 0xFF at offset 10; .*--encoding",
        ),
        ("a.txt", b"\xef\xbb\xbfab\xff", None, "a.txt:1:3: .*at offset 5"),
        ("a.txt", b"a\0b", None, "binary file"),
        ("a.txt", bytes(range(1, 256)), None, "binary file"),
        ("a.txt", b"\x01\x02\x03abc", None, "binary file"),
        ("a.txt", "Blinken".encode("utf-16-le"), None, "--encoding utf-16-le"),
        ("a.txt", "Blinken".encode("utf-16-be"), None, "--encoding utf-16-be"),
        ("a.txt", b"%PDF-1.7 text", None, "PDF"),
        ("a.txt", b"PK\x03\x04...", None, "zip archive"),
        ("a.doc", b"", None, r"old Word files are not read yet; open it in Word and save it as \.docx"),
        ("A.PDF", b"", None, "PDF files are not read yet"),
        ("a.txt", b"x", "hex", "no text encoding 'hex'"),
        ("a.txt", b"x", "klingon", "no text encoding 'klingon'"),
        ("a.txt", b"x", "a\0b", "no text encoding"),
        ("a.txt", b"odd", "utf-16", "not valid UTF-16-LE"),
    ],
)
def test_refusals_say_what_where_and_what_to_do(
    name: str, data: bytes, encoding: str | None, message: str
) -> None:
    with pytest.raises(DraftError, match=message):
        read(name, data, encoding=encoding)


def test_empty_file_is_an_empty_document() -> None:
    assert read("a.txt", b"").blocks == ()
    assert read("a.txt", codecs.BOM_UTF8).text == ""


def test_a_character_the_encoding_lacks_is_refused() -> None:
    document = read("a.txt", b"caf\xe9", encoding="latin-1")
    with pytest.raises(DraftError, match=r"'ł' \(U\+0142\) cannot be written in iso8859-1"):
        encode(document, "Wałęsa")


def test_encodings_with_several_ways_to_write_a_text_are_not_rewritten() -> None:
    data = b"\x1b$B\x1b(B plain"
    document = read("a.txt", data, encoding="iso-2022-jp")
    with pytest.raises(DraftError, match="nothing was written"):
        ensure_faithful(document, data)


def test_every_format_has_a_lower_case_suffix() -> None:
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in FORMATS)


# --- files -------------------------------------------------------------------------------------------


def test_drafts_of_a_folder(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.MD",
        "c.docx",
        "~$c.docx",
        ".hidden.txt",
        "sub/d.text",
        ".git/e.txt",
        "sub-2/f.markdown",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "g.txt").mkdir()
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    found, errors = find_drafts(f"{tmp_path}/")
    assert [name.removeprefix(f"{tmp_path}/") for name in found] == [
        "a.MD", "b.txt", "c.docx", "sub/d.text", "sub-2/f.markdown",
    ]  # fmt: skip
    assert errors == []


def test_files_found_keep_the_folder_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    assert find_drafts(".") == (["./a.txt"], [])


@pytest.mark.parametrize("kind", ["missing", "folder", "fifo", "nul"])
def test_what_is_no_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    name = "a\0b" if kind == "nul" else str(path)
    with pytest.raises(DraftError):
        read_file(name, 100)


def test_size_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    assert len(read_file(str(path), 100)) == 100
    with pytest.raises(DraftError, match=r"larger than 99 bytes; .*limits\.draft"):
        read_file(str(path), 99)


def test_replacing_keeps_mode_and_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to("a.txt")
    replace_file(str(link), b"new", unchanged_from=b"old")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.txt", "link.txt"]


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"newer")
    with pytest.raises(DraftError, match="changed meanwhile"):
        replace_file(str(path), b"mine", unchanged_from=b"old")
    assert path.read_bytes() == b"newer"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_a_failing_write_leaves_no_trace(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(DraftError, match="cannot be written: no space left on device; it is as it was"):
        replace_file(str(path), b"new")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


def test_a_codec_that_cannot_replace_is_refused_clearly() -> None:
    with pytest.raises(DraftError, match=r"^x\.txt"):
        read("x.txt", b"x\222", encoding="idna")
