"""HTML: what is prose in a page, where it stands, and what a fix leaves as it is."""

from __future__ import annotations

import html
import html.parser
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.errors import DraftError
from normalizer.formats import encode, ensure_faithful, read
from normalizer.model import Applicability, Document, Finding, Fix, Span
from normalizer.settings import Settings
from normalizer.text.markup import LEFT_OUT

SAFE = {Applicability.SAFE}
EXAMPLES = Path(__file__).parents[1] / "examples"


def page(source: str, name: str = "a.html") -> Document:
    return read(name, source.encode())


def shown(document: Document) -> list[str]:
    return [document.read(block.start, block.end).replace(LEFT_OUT, "*") for block in document.blocks]


READS = {
    "tags in a name": ("<p>Antony <b>Blin</b>k<i></i>on</p>", ["Antony Blinkon"]),
    "comment in a name": ("Blink<!-- c > -- d -->on", ["Blinkon"]),
    "references": ("AT&amp;T &#66;&#x6c;inkon caf&eacute; a&nbsp;b", ["AT&T Blinkon café a\u00a0b"]),
    "references without semicolon": ("AT&ampT &copy2 &notit;", ["AT&T ©2 ¬it;"]),
    "no references": ("R&D &; &#; &#x; &unknown; a&b &Blinkon;", ["R&D &; &#; &#x; &unknown; a&b &Blinkon;"]),
    "reference to nothing": ("a&#0;b&#xD800;c", ["a\ufffdb\ufffdc"]),
    "runs of blanks": ("<p>\n  Antony\r\n\tBlinken  met </p>", ["Antony Blinken met"]),
    "blocks": ("<h1>A</h1>b<p>c<p>d<li>e<td>f<div>g</div>h", ["A", *"bcdefgh"]),
    "line break": ("a<br>b<br/>c", ["a\nb\nc"]),
    "word break": ("Blin<wbr>kon", ["Blinkon"]),
    "title": ("<head><title>A &amp; <b></title><meta content='x'></head>b", ["A & <b>", "b"]),
    "script and style": ("<p>a<script>if (x<y) '</p>'</script> b<style>x{}</style></p>", ["a b"]),
    "script unclosed": ("a<script>x </p>", ["a"]),
    "code": ("<p>a <code>x<b>y</b></code>, <kbd>x</kbd> <samp>x</samp> b</p>", ["a *, * * b"]),
    "code unclosed": ("<p>a <code>x<code> y</p><p>b</p>", ["a *", "b"]),
    "code with blocks": ("<p>a <code>x<div>x</div></code> b</p>", ["a * b"]),
    "pre": ("<pre>a\n  b &lt; c<code>x\n</code></pre>", ["a\n  b < c*"]),
    "picture": ("Antony <img alt='x'> Blinken", ["Antony * Blinken"]),
    "template": ("a<template>x<template>x</template>x</template>b", ["ab"]),
    "vector graphics": ("a<svg><title>x</title><svg/><svg></svg></svg>b<svg/>c", ["a*b*c"]),
    "ruby": ("<ruby>a<rp>(</rp><rt>x</rt><rp>)</rp></ruby>", ["a"]),
    "note": ("Blinkon<sup>1</sup> Blinkon<sup><a>2</a></sup> 1<sup>er</sup>", ["Blinkon*1 Blinkon*2 1er"]),
    "attributes": ("<a b='x>' c=\"x>\" d=x e = 'x>' f=/x/ =g>A</a>", ["A"]),
    "quote unclosed": ("<a b=\"x>a</a> b", ["a b"]),
    "tag unclosed": ("a <b x", ["a"]),
    "comments": ("a<!-->b<!--->c<!--x--!>d<!x>e<?x?>f</ x>g<![CDATA[x > x]]>h<!--x", ["abcdefgh"]),
    "no tags": ("a < b <3 <- c <", ["a < b <3 <- c <"]),
    "names of tags": ("a<B>b</B><my-tag>c</my-tag><p/>d</p >e", ["abc", "d", "e"]),
    "textarea unclosed": ("<textarea>a<p>b", ["a", "b"]),
    "nothing": ("<p> <b></b> \n</p>…", []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "wanted"), READS.values(), ids=READS)
def test_what_a_reader_sees(source: str, wanted: list[str]) -> None:
    assert shown(page(source)) == wanted


def test_a_slash_closes_any_element_in_xml() -> None:
    source = "<p>a<script src='x'/>b</p>"
    assert (shown(page(source)), shown(page(source, "a.XHTML"))) == (["a"], ["ab"])
    assert shown(page("<?xml version='1.0'?>" + source)) == ["ab"]


@pytest.mark.parametrize(
    ("source", "wrong", "right", "wanted"),
    [
        ("<p>Blinkon</p>", "Blinkon", "Blinken", "<p>Blinken</p>"),
        ("Blin<b>ko</b>n", "Blinkon", "Blinken", "Blin<b>ke</b>n"),
        ("Blink&#111;n", "Blinkon", "Blinken", "Blinken"),
        ("&#66;link<!-- c -->on", "Blinkon", "Blinken", "&#66;link<!-- c -->en"),
        ("Bl<i>in</i>ng", "Blinng", "Blinken", "Bl<i>inke</i>n"),
        ("<i>B</i>lnken", "Blnken", "Blinken", "<i>B</i>linken"),
        ("B<i>x</i>linken", "Bxlinken", "Blinken", "B<i></i>linken"),
        ("Net <b>anyahu</b>", "Net anyahu", "Netanyahu", "Net<b>anyahu</b>"),
        ("Ban\n  Kimoon", "Ban Kimoon", "Ban Ki-moon", "Ban\n  Ki-moon"),
        ("ATT", "ATT", "AT&T", "AT&amp;T"),
        ("AT&amp;<b>Y</b>", "AT&Y", "AT&T", "AT&amp;<b>T</b>"),
        ("AT<b>+</b>T", "AT+T", "AT&T", "AT<b>&amp;</b>T"),
        ("a &acE; x", "∾̳", "~", "a ~ x"),
    ],
)
def test_only_the_letters_that_differ_are_changed(source: str, wrong: str, right: str, wanted: str) -> None:
    document = page(source)
    readable = document.readable()
    start = readable.text.index(wrong)
    span = Span(*readable.in_source(start, start + len(wrong)))
    assert readable.in_text(span.start, span.end) == (start, start + len(wrong))
    fix = Finding(span, wrong, "rule", "", (), 1.0, (), Fix(right, Applicability.SAFE))
    fixed = document.with_fixes([fix])
    assert fixed.text == wanted
    again = page(wanted)
    assert (shown(fixed), fixed.blocks, fixed.escapes) == (shown(again), again.blocks, again.escapes)


def marked_up(text: str) -> str:
    """A text as a page whose names are cut by tags and written with references."""
    written = (
        html.escape(text, quote=False)
        .replace("Blinkon", "Bl<b class='x'>in</b>k&#111;n")
        .replace("Blinking", "<i>Blink</i>ing")
        .replace("biden’s", "<a href='/biden'>bi<!-- biden -->den&rsquo;s</a>")
        .replace(" and ", " and\n      ")
    )
    paragraphs = "".join(f"<p>{paragraph}</p>\n" for paragraph in written.split("\n\n"))
    return f"<!DOCTYPE html>\n<title>T</title><style>Blinkon</style>\n{paragraphs}<code>Blinkon</code>\n"


def test_a_page_has_the_findings_of_its_text() -> None:
    engine = Engine.open(Settings())
    text = (EXAMPLES / "summit.txt").read_text(encoding="utf-8")
    source = marked_up(text)
    document = page(source)
    plain, found = engine.check(text), engine.check(document)
    assert [(f.surface, f.rule, f.fix, f.score) for f in found] == [
        (f.surface, f.rule, f.fix, f.score) for f in plain
    ]
    assert len(found) == 4
    fixed, left, count = engine.fix(document, set(Applicability))
    assert (left, count) == ([], 4)
    assert fixed.text == source.replace("Bl<b class='x'>in</b>k&#111;n", "Bl<b class='x'>in</b>ken").replace(
        "<i>Blink</i>ing", "<i>Blink</i>en", 2
    ).replace(">bi<!--", ">Bi<!--")
    again = read("a.html", encode(fixed, fixed.text))
    assert (again.blocks, again.markup) == (fixed.blocks, fixed.markup)


# --- encodings ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (b"<meta charset=windows-1252>", "windows-1252"),
        (b'<META http-equiv=x content="text/html; charset=ISO-8859-1">', "windows-1252"),
        (b"<?xml version='1.0' encoding='iso-8859-2'?>", "iso-8859-2"),
    ],
)
def test_a_page_may_say_its_encoding(head: bytes, codec: str) -> None:
    data = head + "<p>Müller</p>".encode(codec)
    document = read("a.html", data)
    assert shown(document) == ["Müller"]
    ensure_faithful(document, data)
    assert shown(read("a.html", head + "Müller".encode())) == ["Müller"]  # and be wrong


def test_an_encoding_that_is_none_is_said_so() -> None:
    with pytest.raises(DraftError, match="no text encoding 'klingon'"):
        read("a.html", b"<meta charset=klingon>\xff")


# --- any source --------------------------------------------------------------------------------------

PIECES = (
    "a", "B", " ", "\n", "&amp;", "&#111;", "&eacute", "<b>", "</b>", "<p>", "</p>", "<code>", "</code>",
    "<!--", "-->", "<", ">", "<a href='x", "'", '"', "<script>", "</script>", "<pre>", "</pre>", "<br>",
    "<img>", "<svg/>", "<title>", "</title>", "]]>", "<![CDATA[", "</", "&", "é", "𝒳",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join))
def test_any_source_is_read_in_order_and_comes_back(source: str) -> None:
    source = source.encode("utf-8", "replace").decode()
    if "\0" in source:
        return
    document = Document("a.html", source, ())
    try:
        data = source.encode()
        document = read("a.html", data)
    except DraftError:
        return
    source = document.text
    assert encode(document, source) == data
    assert all(one.end <= other.start for one, other in pairwise(document.blocks))
    assert all(one.end <= other.start for one, other in pairwise(document.markup))
    assert all(piece.start < piece.end for piece in document.markup)
    readable = document.readable()
    for block, (start, end) in zip(document.blocks, readable.blocks, strict=True):
        assert readable.text[start:end] == document.read(block.start, block.end)
        assert readable.in_source(start, end) == (block.start, block.end)
    for place, char in enumerate(readable.text):
        if any(start <= place < end for start, end in readable.blocks) and char.isalpha():
            first, last = readable.in_source(place, place + 1)
            assert char in (source[first:last], html.unescape(source[first:last])[:1], *source[first:last])


INLINE = ("b", "i", "span", "a")
TEXTS = st.sampled_from(["Blinkon", " met ", "AT&amp;T", "caf&eacute;", "a &lt; b", "\n", "x"])
TREES = st.recursive(
    TEXTS | st.just("<!-- c -->"),
    lambda inner: st.tuples(st.sampled_from(INLINE), st.lists(inner, max_size=4)).map(
        lambda node: f"<{node[0]} title='x>'>{''.join(node[1])}</{node[0]}>"
    ),
    max_leaves=20,
)


class Oracle(html.parser.HTMLParser):
    """The text of a sound page, as the standard library has it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs = [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "p":
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        self.paragraphs[-1] += data


@given(st.lists(TREES, max_size=5))
def test_sound_pages_read_as_the_standard_library_reads_them(trees: list[str]) -> None:
    source = "".join(f"<p>{tree}" for tree in trees)
    oracle = Oracle()
    oracle.feed(source)
    oracle.close()
    wanted = [" ".join(text.split()) for text in oracle.paragraphs if any(map(str.isalnum, text))]
    assert [" ".join(text.split()) for text in shown(page(source))] == wanted


@given(st.lists(TREES, min_size=1, max_size=4), st.data(), st.sampled_from(["", "Blinken", "R&D <x>", "é"]))
def test_a_fix_anywhere_reads_as_wanted_and_keeps_all_markup(
    trees: list[str], data: st.DataObject, new: str
) -> None:
    document = page("".join(f"<p>{tree}" for tree in trees))
    readable = document.readable()
    places = [
        place
        for start, end in readable.blocks
        for place in range(start, end)
        if not readable.text[place].isspace()
    ]
    if not places:
        return
    start = data.draw(st.sampled_from(places))
    block_end = next(end for _, end in readable.blocks if end > start)
    end = data.draw(st.integers(start + 1, block_end))
    span = Span(*readable.in_source(start, end))
    assert document.read(span.start, span.end) == readable.text[start:end]
    fixed = document.with_fixes([Finding(span, "", "", "", (), 1.0, (), Fix(new, Applicability.SAFE))])
    wanted = readable.text[:start] + new + readable.text[end:]
    for reread in (fixed, page(fixed.text)):
        if any(map(str.isalnum, new)):
            assert " ".join(reread.readable().text.split()) == " ".join(wanted.split())
    assert re.findall("<[^>]*>", fixed.text) == re.findall("<[^>]*>", document.text)


HOSTILE = (
    "<!--", "<!-->", "<a ", "<a b='", '<a b="<a ', "<a b=", "<a =", "</", "</a ", "<!", "<?", "<![",
    "<![CDATA[", "<a", "&#", "&a", "&amp;", "&", "<p>", "</p>", "<p/", "<div><b>x", "<b>x", "<script>",
    "<script></", "<code>", "<code><p>", "<svg>", "<svg/>", "<title>", "<textarea></", "<pre>", "<br>", " ",
    "\n", "<b> ", "<",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_cost_grows_with_the_length_and_no_faster(piece: str) -> None:
    """The square of this size would be felt."""
    document = page(piece * (400_000 // len(piece)))
    assert len(document.markup) <= 400_000


def test_names_are_fixed_in_a_page_and_nowhere_else(desk_engine: Engine) -> None:
    source = (
        "<p title='Blinkon'>Antony Blinken met Lavrov.</p>\r\n<p>Both Lavrov and <em>Bl</em>inkon &amp; Co. "
        "spoke: <a href=/Blinkon>Blinkon</a>, <code>Blinkon</code>, <script>Blinkon</script>.</p>\r\n"
    )
    data = b"\xef\xbb\xbf" + source.encode()
    fixed, left, count = desk_engine.fix(read("a.htm", data), set(Applicability))
    wanted = source.replace("</em>inkon", "</em>inken").replace(">Blinkon</a>", ">Blinken</a>")
    assert (encode(fixed, fixed.text), left, count) == (b"\xef\xbb\xbf" + wanted.encode(), [], 2)
