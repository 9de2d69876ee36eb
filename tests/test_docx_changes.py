"""Word files: tracked changes and comments, and everything that must stay."""

from __future__ import annotations

import io
import re
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from word_files import (
    BOX,
    MAIN,
    W,
    corrected,
    entries,
    formatted,
    paragraph,
    question,
    run,
    settled,
    text_of,
    word_file,
    written,
)

from normalizer.formats import read
from normalizer.model import Span
from normalizer.text.edits import Edit, edited

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
