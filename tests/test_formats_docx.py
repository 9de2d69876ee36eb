"""Word files: what is text in them, tracked changes and comments, what must stay, what is refused."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from word_files import (
    MAIN,
    STRICT,
    TYPES,
    W,
    corrected,
    entries,
    formatted,
    packed,
    paragraph,
    part,
    question,
    relations,
    run,
    settled,
    text_of,
    word_file,
    written,
)

from normalizer.errors import DraftError
from normalizer.formats import encode, read
from normalizer.formats.docx import archive, markup
from normalizer.model import Paragraph, Span
from normalizer.text.edits import Edit, edited

# --- what is text -------------------------------------------------------------------------------------

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>{code}'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent>{new}</w:txbxContent>"
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{old}</w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(paragraph(run("Blin"), run("k", "b"), run("on", "i")), "Blinkon\n", id="split runs"),
        pytest.param("<w:p/><w:p><w:r/></w:p>", "", id="no text"),
        pytest.param(
            "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t>"
            "<w:softHyphen/><w:sym w:char='F0A7'/><w:cr/></w:r></w:p>",
            "a\tb\nc\u2011d\u00ad\ufffc\n\n",
            id="characters",
        ),
        pytest.param(
            "<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>",
            "a\n",
            id="tab stops are no tabs",
        ),
        pytest.param(
            f"<w:p><w:r><w:t> a </w:t></w:r>{run(' b ')}<w:r><w:t>c\nd</w:t></w:r></w:p>",
            "a b c d\n",
            id="blanks are dropped unless kept",
        ),
        pytest.param(
            paragraph("<w:r><w:t>Bli<!-- x -->nk<?y z?>on</w:t></w:r>"), "Blinkon\n", id="comments in XML"
        ),
        pytest.param(
            paragraph(
                run("A"), '<w:ins w:author="x">', run("B"), '</w:ins><w:del w:author="x"><w:r><w:delText>C'
                '</w:delText></w:r></w:del><w:moveTo w:author="x">', run("D"), "</w:moveTo><w:moveFrom>",
                run("E"), "</w:moveFrom>",
            ),
            "ABD\n",
            id="changes of others",
        ),
        pytest.param(
            paragraph(FIELD.format(code="", result=run("link")), run("!")), "link!\n", id="field"
        ),
        pytest.param(
            paragraph(FIELD.format(code=FIELD.format(code="", result=run("inner")), result=run("outer"))),
            "outer\n",
            id="field in the code of a field",
        ),
        pytest.param(
            paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', run("lost")) + paragraph(run("not")),
            "not\n",
            id="a field that is never closed costs one paragraph",
        ),
        pytest.param(
            paragraph("<w:hyperlink>", run("a"), "</w:hyperlink><w:smartTag>", run("b"), "</w:smartTag>",
                      "<w:fldSimple>", run("c"), "</w:fldSimple><w:bdo>", run("d"), "</w:bdo>"),
            "abcd\n",
            id="what runs stand in",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr><w:rPr/><w:text/></w:sdtPr><w:sdtContent>{paragraph(run('a'))}</w:sdtContent>"
            f"</w:sdt><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph(run('Click'))}"
            "</w:sdtContent></w:sdt>",
            "a\n",
            id="content controls, one of them empty",
        ),
        pytest.param(
            f"<w:tbl><w:tr><w:tc>{paragraph(run('a'))}</w:tc><w:tc>{paragraph(run('b'))}<w:tbl><w:tr><w:tc>"
            f"{paragraph(run('c'))}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
            "a\nb\nc\n",
            id="tables",
        ),
        pytest.param(
            paragraph(
                run("out"), BOX.format(new=paragraph(run("in")), old=paragraph(run("in"))), run("side")
            ),
            "outside\nin\n",
            id="text box",
        ),
        pytest.param(
            paragraph("<w:r><w:ruby><w:rt>", run("over"), "</w:rt><w:rubyBase>", run("base"),
                      "</w:rubyBase></w:ruby></w:r>"),
            "base\n",
            id="ruby",
        ),
        pytest.param(paragraph("<w:t>bare</w:t>", run("a")), "a\n", id="text outside of a run"),
    ],
)  # fmt: skip
def test_what_is_text(content: str, text: str) -> None:
    assert text_of(word_file(content)) == text


def test_every_story_is_read_and_every_place_is_told() -> None:
    data = word_file(
        "<w:p/>" + paragraph(run("Body")) + paragraph(run("…")) + paragraph(run("more")),
        header1=paragraph(run("Head")),
        footnotes="<w:footnote w:id='-1'><w:p/></w:footnote><w:footnote w:id='1'>"
        + paragraph(run("Foot")) + "</w:footnote>",
        endnotes="<w:endnote w:id='1'>" + paragraph(run("End")) + "</w:endnote>",
        footer1=paragraph(run("Low")),
        comments="<w:comment w:id='1'>" + paragraph(run("not text")) + "</w:comment>",
    )  # fmt: skip
    document = read("a.docx", data)
    assert document.text == "Body\n…\nmore\nFoot\nEnd\nHead\nLow\n"
    assert [document.text[block.start : block.end] for block in document.blocks] == [
        "Body", "more", "Foot", "End", "Head", "Low",
    ]  # fmt: skip
    assert document.paragraphs[:2] == (Paragraph(0, MAIN, 2), Paragraph(5, MAIN, 3))
    assert document.paragraph(15) == Paragraph(12, "word/footnotes.xml", 2)
    assert [item.label for item in document.paragraphs] == [
        "¶2", "¶3", "¶4", "footnotes ¶2", "endnotes ¶1", "header1 ¶1", "footer1 ¶1",
    ]  # fmt: skip


def test_strict_files_and_odd_names_of_parts() -> None:
    strict = word_file(paragraph(run("Blinkon")), STRICT)
    assert text_of(strict) == "Blinkon\n"
    assert text_of(corrected(strict, ("Blinkon", "Blinken"), left=("Blinkon",))) == "Blinken\n"
    odd = packed({
        "[Content_Types].xml": TYPES,
        "_RELS/.rels": relations({"/Word/Document2.xml": "officeDocument"}),
        "word/document2.xml": part(paragraph(run("Blinkon"))),
    })  # fmt: skip
    assert read("a.docx", odd).paragraphs == (Paragraph(0, "word/document2.xml", 1),)


# --- tracked changes ----------------------------------------------------------------------------------


def changes(data: bytes, name: str = MAIN) -> str:
    """The body of a part without what is the same in all tests."""
    content = entries(data)[name].decode()
    content = re.sub(r' w:(id="\d+"|author="normalizer"|date="[^"]*")', "", content)
    content = content.replace(' xml:space="preserve"', "")
    found = re.search(r"<w:(?:body|hdr|footnotes)\b[^>]*>(.*)</w:", content, re.DOTALL)
    assert found is not None
    return found[1].removesuffix("</w:body>")


def test_a_name_in_three_formats_is_one_revision_in_the_format_of_most_of_it() -> None:
    data = word_file(paragraph(run("and Bl", "b"), run("inko", "i"), run("n’s view")))
    assert changes(corrected(data, ("Blinkon", "Blinken"))) == (
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>and </w:t></w:r>"
        "<w:del><w:r><w:rPr><w:b/></w:rPr><w:delText>Bl</w:delText></w:r>"
        "<w:r><w:rPr><w:i/></w:rPr><w:delText>inko</w:delText></w:r><w:r><w:delText>n</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:rPr><w:i/></w:rPr><w:t>Blinken</w:t></w:r></w:ins>"
        "<w:r><w:t>’s view</w:t></w:r></w:p>"
    )


def test_each_word_is_a_revision_of_its_own() -> None:
    data = word_file(paragraph(run("met Anthony J. Blinkon twice")))
    assert changes(corrected(data, ("Anthony J. Blinkon", "Antony J. Blinken"))) == (
        "<w:p><w:r><w:t>met </w:t></w:r><w:del><w:r><w:delText>Anthony</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Antony</w:t></w:r></w:ins><w:r><w:t> J. </w:t></w:r>"
        "<w:del><w:r><w:delText>Blinkon</w:delText></w:r></w:del><w:ins><w:r><w:t>Blinken</w:t></w:r></w:ins>"
        "<w:r><w:t> twice</w:t></w:r></w:p>"
    )


def test_what_is_no_text_stays_where_it_is() -> None:
    data = word_file(
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:lastRenderedPageBreak/><w:t>Blin</w:t>"
        "<w:footnoteReference w:id='7'/><w:t>kon</w:t><w:tab/><w:t>said</w:t></w:r></w:p>"
    )
    fixed = corrected(data, ("Blinkon", "Blinken"))
    bold = "<w:rPr><w:b/></w:rPr>"
    assert changes(fixed) == (
        f"<w:p><w:r>{bold}<w:lastRenderedPageBreak/></w:r><w:del><w:r>{bold}<w:delText>Blin</w:delText></w:r>"
        f"</w:del><w:ins><w:r>{bold}<w:t>Blinken</w:t></w:r></w:ins><w:r>{bold}<w:footnoteReference/></w:r>"
        f"<w:del><w:r>{bold}<w:delText>kon</w:delText></w:r></w:del><w:r>{bold}<w:tab/><w:t>said</w:t></w:r></w:p>"
    )
    assert text_of(settled(fixed, accept=True)) == "Blinken\tsaid\n"


def test_an_insertion_of_others_is_parted_around_ours() -> None:
    others = '<w:ins w:id="3" w:author="Ann" w:date="2026-01-01T00:00:00Z">'
    data = word_file(paragraph(run("met "), others, run("Blinkon today"), "</w:ins>"))
    fixed = corrected(data, ("Blinkon", "Blinken"))
    assert changes(fixed) == (
        '<w:p><w:r><w:t>met </w:t></w:r><w:ins w:author="Ann">'
        '<w:del><w:r><w:delText>Blinkon</w:delText></w:r></w:del></w:ins><w:ins><w:r><w:t>Blinken</w:t></w:r>'
        '</w:ins><w:ins w:author="Ann"><w:r><w:t> today</w:t></w:r></w:ins></w:p>'
    )  # fmt: skip
    ids = re.findall(r'<w:(?:ins|del) w:id="(\d+)"', entries(fixed)[MAIN].decode())
    assert len(set(ids)) == len(ids) == 4
    assert text_of(settled(fixed, accept=False, everybody=True)) == "met \n"
    assert text_of(settled(fixed, accept=True, everybody=True)) == "met Blinken today\n"


def test_inserted_text_does_not_take_over_formatting_changes() -> None:
    changed = 'rPrChange w:id="1" w:author="Ann"><w:rPr><w:i/></w:rPr></w:rPrChange'
    data = word_file(paragraph(f"<w:r><w:rPr><w:b/><w:{changed}></w:rPr><w:t>Blinkon</w:t></w:r>"))
    (inserted,) = etree.fromstring(entries(corrected(data, ("Blinkon", "Blinken")))[MAIN]).iter(f"{{{W}}}ins")
    assert not list(inserted.iter(f"{{{W}}}rPrChange"))
    assert list(inserted.iter(f"{{{W}}}b"))


def test_all_stories_are_corrected_and_the_old_copy_of_a_text_box_too() -> None:
    box = BOX.format(new=paragraph(run("Box Blinkon")), old=paragraph(run("Box Bli"), run("nkon", "b")))
    data = word_file(
        paragraph(run("Body Blinkon"), box),
        header1=paragraph(run("Head Blinkon")),
        footnotes=f"<w:footnote w:id='1'>{paragraph(run('Foot Blinkon'))}</w:footnote>",
    )
    document = read("a.docx", data)
    edits = [Edit(found.start(), found.end(), "Blinken") for found in re.finditer("Blinkon", document.text)]
    fixed = written(data, document, edits, [])
    assert text_of(fixed) == "Body Blinken\nBox Blinken\nFoot Blinken\nHead Blinken\n"
    assert changes(fixed).count("<w:delText>") == 4
    assert text_of(settled(fixed, accept=False)) == document.text


def test_a_word_may_be_only_put_in_or_only_taken_out() -> None:
    data = word_file(paragraph(run("Kim spoke. Ki Moon did not.", "b")))
    fixed = corrected(data, ("Kim", "Kim Jong"), ("Ki Moon", "Ki-moon"))
    assert text_of(fixed) == "Kim Jong spoke. Ki-moon did not.\n"
    assert text_of(settled(fixed, accept=False)) == "Kim spoke. Ki Moon did not.\n"
    assert formatted(settled(fixed, accept=False)) == formatted(data)


def test_everything_else_stays_byte_for_byte() -> None:
    data = word_file(paragraph(run("Blinkon")), header1=paragraph(run("Head")))
    before, after = (zipfile.ZipFile(io.BytesIO(file)) for file in (data, corrected(data, ("kon", "ken"))))
    assert before.namelist() == after.namelist()
    for old, new in zip(before.infolist(), after.infolist(), strict=True):
        assert (old.date_time, old.external_attr) == (new.date_time, new.external_attr)
        is_same = before.read(old) == after.read(new) and old.compress_size == new.compress_size
        assert is_same == (old.filename != MAIN), old.filename
    root = after.read(MAIN).decode()
    assert root.startswith("<?xml version='1.0' encoding='UTF-8' standalone='yes'?>")
    assert 'mc:Ignorable="w14"' in root
    assert 'xmlns:w14="urn:new"' in root


def test_nothing_to_write_gives_the_same_bytes() -> None:
    data = word_file(paragraph(run("Blinkon")))
    assert corrected(data) == data


# --- comments -----------------------------------------------------------------------------------------


def comments_of(data: bytes) -> list[tuple[str, ...]]:
    """The comments: whose, of when, and the paragraphs they have."""
    root = etree.fromstring(entries(data)["word/comments.xml"])
    return [
        (
            comment.get(f"{{{W}}}author", ""),
            comment.get(f"{{{W}}}date", ""),
            *("".join(text.itertext()) for text in comment),
        )
        for comment in root
    ]


def test_questions_become_comments_with_the_parts_they_need() -> None:
    data = word_file(paragraph(run("and "), run("Bli", "b"), run("nking said")))
    asked = corrected(data, left=("Blinking",))
    assert changes(asked) == (
        "<w:p><w:r><w:t>and </w:t></w:r><w:commentRangeStart/><w:r><w:rPr><w:b/></w:rPr><w:t>Bli</w:t></w:r>"
        "<w:r><w:t>nking</w:t></w:r><w:commentRangeEnd/><w:r><w:commentReference/></w:r>"
        "<w:r><w:t> said</w:t></w:r></w:p>"
    )
    assert comments_of(asked) == [("normalizer", "2026-11-23T17:05:00Z", "Blinking:", "why Blinking")]
    parts = entries(asked)
    assert b'PartName="/word/comments.xml"' in parts["[Content_Types].xml"]
    assert b'Target="comments.xml"' in parts["word/_rels/document.xml.rels"]
    assert set(parts) - set(entries(data)) == {"word/comments.xml", "word/_rels/document.xml.rels"}
    assert corrected(asked, left=("Blinking",)) == asked  # it is asked once


def test_comments_join_those_that_are_there() -> None:
    mark = (
        '<w:commentRangeStart w:id="{0}"/>{1}<w:commentRangeEnd w:id="{0}"/>'
        '<w:r><w:commentReference w:id="{0}"/></w:r>'
    )
    data = word_file(
        paragraph(mark.format(0, run("Blinkon")), run(" and Lavrof")),
        comments=f'<w:comment w:id="0" w:author="Ann">{paragraph(run("Who?"))}</w:comment>',
    )
    asked = corrected(data, ("Blinkon", "Blinken"), left=("Lavrof",))
    assert [comment[2] for comment in comments_of(asked)] == ["Who?", "Lavrof:"]
    ids = re.findall(r'commentReference w:id="(\d+)"', entries(asked)[MAIN].decode())
    assert ids == ["0", "1"]
    assert list(entries(asked)) == list(entries(data))


def test_questions_about_boxes_and_notes_are_asked_in_the_body_and_those_about_headers_nowhere() -> None:
    box = BOX.format(new=paragraph(run("Boxx")), old=paragraph(run("Boxx")))
    data = word_file(
        paragraph(run("Body"), "<w:r><w:footnoteReference w:id='4'/></w:r>", box),
        header1=paragraph(run("Headd")),
        footnotes=f"<w:footnote w:id='4'>{paragraph(run('Foott'))}</w:footnote>",
    )
    asked = corrected(data, left=("Boxx", "Foott", "Headd"))
    assert [comment[2] for comment in comments_of(asked)] == ["¶2: Boxx:", "footnotes ¶1: Foott:"]
    assert "<w:commentRangeStart/><w:r><w:footnoteReference/></w:r><w:commentRangeEnd/>" in changes(asked)
    for name in ("word/footnotes.xml", "word/header1.xml"):
        assert entries(asked)[name] == entries(data)[name]
    assert corrected(asked, left=("Boxx", "Foott", "Headd")) == asked


def test_a_question_about_a_corrected_stretch_is_about_all_of_it() -> None:
    data = word_file(paragraph(run("Anthony Blinkon said")))
    document = read("a.docx", data)
    edits = [Edit(0, 7, "Antony"), Edit(8, 15, "Blinken")]
    asked = written(data, document, edits, [question("Antony Blinken said", "Blinken", "Blinkin")])
    assert "<w:t> </w:t></w:r><w:commentRangeStart/><w:del>" in changes(asked)
    assert "</w:ins><w:commentRangeEnd/>" in changes(asked)
    assert comments_of(asked)[0][2] == "Blinken → Blinkin?"


# --- whatever a file is made of -------------------------------------------------------------------------

LETTERS = st.text("ab é\u00a0", min_size=1, max_size=6)
TEXTS = st.one_of(
    LETTERS.map(lambda text: f'<w:t xml:space="preserve">{text}</w:t>'),
    LETTERS.map(lambda text: f"<w:t>{text}</w:t>"),
    st.sampled_from([
        "<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>", "<w:footnoteReference w:id='1'/>", "<w:drawing/>",
        "<w:lastRenderedPageBreak/>", "<w:fldChar w:fldCharType='begin'/>",
        "<w:fldChar w:fldCharType='separate'/>", "<w:fldChar w:fldCharType='end'/>",
        "<w:instrText>PAGE</w:instrText>",
    ]),
)  # fmt: skip
LOOKS = st.sampled_from(["", "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:i/><w:sz w:val="28"/></w:rPr>'])
RUNS = st.builds("<w:r>{}{}</w:r>".format, LOOKS, st.lists(TEXTS, max_size=4).map("".join))
WRAPS = st.sampled_from([
    "{}", "<w:hyperlink>{}</w:hyperlink>", '<w:ins w:id="9" w:author="Ann">{}</w:ins>',
    "<w:smartTag>{}</w:smartTag>", "<w:proofErr/>{}", "\n  {}\n",
    "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    '<w:moveTo w:id="8" w:author="Ann">{}</w:moveTo>',
    '<w:del w:id="7" w:author="Ann"><w:r><w:delText>gone</w:delText></w:r></w:del>{}',
])  # fmt: skip
INLINES = st.builds(str.format, WRAPS, st.lists(RUNS, max_size=3).map("".join))
PARAGRAPHS = st.lists(INLINES, max_size=4).map(lambda inlines: paragraph(*inlines))
BODIES = st.lists(PARAGRAPHS, min_size=1, max_size=3).map("".join)


@st.composite
def edits_in(draw: st.DrawFn, paragraphs: list[Span]) -> list[Edit]:
    edits = []
    for span in paragraphs:
        places = st.integers(span.start, span.end)
        cuts = sorted(draw(st.lists(places, max_size=6, unique=True)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            edits.append(Edit(start, end, draw(st.text("xy ", max_size=5))))
    return edits


@given(BODIES, st.data())
def test_accepting_gives_the_corrected_text_and_rejecting_the_original(
    body: str, data: st.DataObject
) -> None:
    file = word_file(body)
    document = read("a.docx", file)
    ends = [item.start - 1 for item in document.paragraphs[1:]] + [len(document.text) - 1]
    spans = [Span(item.start, end) for item, end in zip(document.paragraphs, ends, strict=False)]
    edits = data.draw(edits_in(spans))
    after = edited(document.text, edits)
    words = re.findall(r"[ab]+", after)
    left = [question(after, word) for word in data.draw(st.lists(st.sampled_from(words)))] if words else []
    fixed = written(file, document, edits, left)
    shown = "".join(line for line in after.split("\n") if line)
    assert "".join(text_of(fixed).split("\n")) == shown
    accepted, rejected = settled(fixed, accept=True), settled(fixed, accept=False)
    assert "".join(text_of(accepted).split("\n")) == shown
    assert text_of(rejected) == document.text
    assert without_marks(formatted(rejected)) == formatted(file)


def without_marks(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [item for item in found if "commentReference" not in item[0]]


# --- what is refused --------------------------------------------------------------------------------------

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
            with_main(part("<a/>" * markup.MOST_TAGS)),
            "more than 4,000,000 tags", id="too many tags",
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
