"""Word files: what is text in them, and the places it has."""

from __future__ import annotations

import pytest
from word_files import (
    BOX,
    MAIN,
    STRICT,
    TYPES,
    corrected,
    packed,
    paragraph,
    part,
    relations,
    run,
    text_of,
    word_file,
)

from normalizer.formats import read
from normalizer.model import Paragraph

FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r>{code}'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
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
