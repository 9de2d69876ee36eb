"""Word files that are none, or damaged, protected, signed, hostile: one clear message each."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from word_files import (
    MAIN,
    corrected,
    entries,
    packed,
    paragraph,
    part,
    relations,
    run,
    text_of,
    word_file,
    written,
)

from normalizer.errors import DraftError
from normalizer.formats import encode, read
from normalizer.formats.docx import archive, package
from normalizer.text.edits import Edit

GOOD = word_file(paragraph(run("Blinkon")))
AT = GOOD.index(MAIN.encode()) + 60
DAMAGED = GOOD[:AT] + bytes([GOOD[AT] ^ 0xFF]) + GOOD[AT + 1 :]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))


def with_main(content: str | bytes) -> bytes:
    return packed({**entries(GOOD), MAIN: content})


def doctyped(declarations: str, inner: str, encoding: str = "utf-8") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [{declarations}]>'
    return with_main((head + part(inner).partition("\n")[2]).encode(encoding))


def many_files(count: int) -> bytes:
    return packed({f"{number}.xml": "" for number in range(count)})


def flagged(data: bytes, flag: int) -> bytes:
    """The archive with a flag set in every entry."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        for found in re.finditer(re.escape(signature), data):
            changed[found.start() + offset] |= flag
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"Antony Blinkon", "no Word file; if it is plain text, name it .txt", id="plain text"),
        pytest.param(OLE, r"old Word file \(\.doc\); open it in Word and save it as \.docx", id="doc"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password", id="password"),
        pytest.param(flagged(GOOD, 1), "is encrypted; save it without a password", id="encrypted zip"),
        pytest.param(GOOD[: len(GOOD) // 2], "damaged or cut short", id="truncated"),
        pytest.param(GOOD[:-3], "damaged or cut short", id="truncated at its end"),
        pytest.param(DAMAGED, "is damaged", id="a wrong byte"),
        pytest.param(packed({"a.txt": "b"}), "has no Word text in it", id="another zip"),
        pytest.param(
            packed({name: content for name, content in entries(GOOD).items() if name != MAIN}),
            "has no Word text in it", id="no document.xml",
        ),
        pytest.param(with_main("<x/>"), "has no Word text in it", id="another kind of document"),
        pytest.param(with_main("hello"), "document.xml: is damaged: syntax error", id="not XML"),
        pytest.param(with_main(part("<w:p>")), "document.xml: is damaged: .*mismatch", id="XML cut short"),
        pytest.param(with_main(part("&x;")), "is damaged: Entity 'x' not defined", id="unknown entity"),
        pytest.param(with_main(part("<w:p>" * 5000)), "is damaged: Excessive depth", id="depth"),
        pytest.param(doctyped(LAUGHS, "&l12;"), r"declares a document type \(DTD\)", id="billion laughs"),
        pytest.param(doctyped(LAUGHS, '<w:p a="&l12;"/>'), "declares a document type", id="in an attribute"),
        pytest.param(
            doctyped('<!ENTITY e SYSTEM "file:///etc/passwd">', paragraph(run("&e;")), "utf-16"),
            "declares a document type", id="external entity",
        ),
        pytest.param(
            packed({**entries(GOOD), "_rels/.rels": "<!DOCTYPE x><x/>"}),
            r"_rels/\.rels: declares a document type", id="document type in another part",
        ),
        pytest.param(with_main(bytes(1 << 28)), "unpacks to more than 52,", id="zip bomb"),
        pytest.param(many_files(archive.MOST_ENTRIES + 1), "holds 10,001 files", id="too many files"),
        pytest.param(
            with_main(part("<a/>" * package.MOST_TAGS)),
            "more than 4,000,000 tags", id="too many tags",
        ),
        pytest.param(
            word_file("", **dict.fromkeys(("header1", "footer1"), "<a/>" * (package.MOST_TAGS // 2))),
            "more than 4,000,000 tags", id="too many tags together",
        ),
    ],
)  # fmt: skip
def test_one_clear_message(data: bytes, message: str) -> None:
    with pytest.raises(DraftError, match=rf"^a\.docx: .*{message}") as refused:
        read("a.docx", data)
    assert "\n" not in str(refused.value)


def test_two_files_of_one_name_are_refused() -> None:
    data = with_main(part(paragraph(run("one"))))
    double = data.replace(b"word/media/image1.png", b"word/document.xml\0\0\0\0")
    with pytest.raises(DraftError, match="two files of one name"):
        read("a.docx", double)


def test_a_signed_file_is_read_and_never_written() -> None:
    kinds = {MAIN: "officeDocument", "_xmlsignatures/origin.sigs": "origin"}
    data = packed({**entries(GOOD), "_rels/.rels": relations(kinds), "_xmlsignatures/origin.sigs": ""})
    with pytest.raises(DraftError, match=r"has a digital signature, .* nothing was written"):
        corrected(data, ("Blinkon", "Blinken"))


def test_a_file_without_content_types_is_read_and_gets_no_comments() -> None:
    data = packed({name: content for name, content in entries(GOOD).items() if not name.startswith("[")})
    assert text_of(corrected(data, ("Blinkon", "Blinken"))) == "Blinken\n"
    with pytest.raises(DraftError, match=r"lacks \[Content_Types\]\.xml, so nothing was written"):
        corrected(data, left=("Blinkon",))


def test_a_word_file_is_never_overwritten_with_its_text() -> None:
    document = read("a.docx", GOOD)
    with pytest.raises(DraftError, match="is more than its text"):
        encode(document, document.text)


def test_a_name_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(DraftError, match=r"'Blin\\x00ken' cannot be written into a Word file"):
        corrected(GOOD, ("Blinkon", "Blin\0ken"))


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4), st.booleans())
def test_damage_gives_a_document_or_one_line(at: int, wrong: bytes, is_cut: bool) -> None:
    data = GOOD[:at] if is_cut else GOOD[:at] + wrong + GOOD[at + len(wrong) :]
    message = ""
    try:
        document = read("a.docx", data)
        written(data, document, [Edit(0, 1, "P")] if document.text else [], [])
    except DraftError as error:
        message = str(error)
    assert "\n" not in message
    assert message[:6] in ("", "a.docx")


def test_ten_megabytes_in_one_paragraph() -> None:
    words = "".join(f"{number} Blinkon said that much. " for number in range(330_000))
    data = word_file(paragraph(run(words)))
    fixed = corrected(data, ("99999 Blinkon", "99999 Blinken"))
    assert text_of(fixed) == words.replace("99999 Blinkon", "99999 Blinken", 1) + "\n"
