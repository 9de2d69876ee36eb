"""Markdown: what is prose in it, and what is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.formats import encode, ensure_faithful, read
from normalizer.model import Applicability, Document, Span
from normalizer.text.markup import LEFT_OUT, stretches


def page(source: str) -> Document:
    return read("a.md", source.encode())


def shown(source: str) -> list[str]:
    document = page(source)
    return [document.read(block.start, block.end).replace(LEFT_OUT, "*") for block in document.blocks]


def prose(source: str) -> list[Span]:
    """The stretches of a source that are read as they stand."""
    document = page(source)
    return [
        Span(piece.start, piece.end)
        for block in document.blocks
        for piece in stretches(source, block.start, block.end, document.markup)
        if piece.reads == source[piece.start : piece.end]
    ]


FENCES = {
    "```": "P\n```py\nx\n```\nQ",
    "~~~ in backticks and shorter runs": "P\n~~~~\n```\nx\n~~~\nx\n~~~~~  \nQ",
    "unclosed": "P\n```\nx\n\nx\n",
    "closed with words behind": "P\n```\nx\n``` x\nx",
    "in a list": "P\n- ```\n  x\n  ```\nQ",
    "far in a list": "P\n1. - Q\n\n        ```\n        x\n        ```\nR",
    "closing fence too far in": "P\n```\n     ```\nx\n```\nQ",
    "in a quotation that ends": "P\n> ```\n> x\nQ\n```\nx\n```\nR",
    "quotation inside": "P\n```\n> ```\nx\n```\nQ",
    "line ends of Windows": "P\r\n```\r\nx\r\n```\r\nQ",
    "line ends of old Macs": "P\r```\rx\r```\rQ",
    "not a fence but a span": "P\n``` x ``` Q\nR",
}
SPANS = {
    "one": "P `x` Q",
    "with shorter and longer runs inside": "P ``x ` x ``` x`` Q",
    "over a line end": "P `x\nx` Q",
    "not over a blank line": "P ` Q\n\nR ` S",
    "not over list items": "P ` Q\n- `x` R\n1. ` S\n2. `x` T",
    "not out of a heading": "# P ` Q\nR `x` S",
    "not over table rows": "| P ` Q | |\n|---|---|\n| `x` | R |",
    "not into a fence": "P ` Q\n```\nx ` x\n```\nR",
    "unclosed": "P ` Q",
    "escaped": r"P \` Q \`` R",
    "escaped backslash before it": r"P \\`x` Q",
    "backslash inside": r"P `x\` Q",
    "before a link": "P [Q `x](x) x` R",
}
LINKS = {
    "target": "[P](x) Q",
    "image": "![P](x/x.png) Q",
    "title": '[P](<x x> "x (x)") Q',
    "parentheses": "[P](https://x.org/x_(x)) Q",
    "escaped parenthesis": r"[P](x\)x) Q",
    "over a line end": "[P](x\n'x') Q",
    "unclosed": "[P](x\n\nQ",
    "no target": "[P] (Q) R",
    "escaped bracket": r"[P\](Q)",
    "label": "[P][x] Q",
    "collapsed and shortcut": "P [X][] Q [x  x] R\n\n[x]: x\n[x x]: x",
    "brackets in prose": "[P] [Q `x` R]",
    "definition": "P\n\n[x]: x\n[x]: <x x> 'x'\n [x]:\n  x\n[x]: x\n  (x x)\n> [x]: x\n\nQ",
    "footnote": "P[^x] Q\n\n[^x]: R",
    "autolink": "P <https://x.org/x> Q <x.x@x.org> R",
}
HTML = {
    "tags": "<x>P</x> Q <x/> R",
    "attributes": "P <x x='x' x=\"> x\"\nx> Q",
    "comment": "P <!-- x\n\n```\nx --> Q",
    "short comments": "P <!--> Q <!---> R",
    "unclosed comment": "P <!-- x\n\nx",
    "code": "P <code>x</code> Q <CODE class='x'>x\n\nx</Code > R",
    "script": "P <script>x < x; x('`')</script> Q `x`",
    "style": "P <style>x > x {}</style> Q",
    "pre holds code": "P <pre><code>x</code>x</pre> Q",
    "unclosed pre": "P <pre>x\n\nx",
}
FRONT = {
    "front matter": "---\nx: x\n\nx: x\n---\nP",
    "ended by dots": "---\r\nx: x\r\n...\r\nP",
    "a rule": "---\n\nP\n\n---\nQ",
    "not at the top": "P\n\n---\nQ\n---\n",
    "unclosed": "---\nP",
}
INDENTED = {"behind a blank line": "P\n\n    Q", "in a list": "- P\n\n    Q\n\n\tR"}
CASES = {
    f"{group}: {name}": source
    for group, sources in (
        ("fence", FENCES), ("span", SPANS), ("link", LINKS), ("html", HTML), ("front", FRONT),
        ("indented", INDENTED),
    )
    for name, source in sources.items()
}  # fmt: skip


@pytest.mark.parametrize("source", CASES.values(), ids=CASES)
def test_letters_from_p_on_are_prose_and_no_others(source: str) -> None:
    blocks = "".join(source[block.start : block.end] for block in prose(source))
    wanted = "".join(char for char in source if char in "PQRSTUVW")
    assert "".join(char for char in blocks if char.isalpha()) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (r"P \<b> Q", ["P <b> Q"]),
        ("P <b\n\nQ>", ["P <b", "Q>"]),
        ("P < b, c <3 d > e", ["P < b, c <3 d > e"]),
        ("P [speaker]: he said so [sic]", ["P [speaker]: he said so [sic]"]),
        ("P `` q ` r", ["P `` q ` r"]),
        (r"P \<!-- q --> r &lt;!-- s --&gt;", ["P <!-- q --> r <!-- s -->"]),
    ],
)
def test_what_only_looks_like_markup_is_prose(source: str, wanted: list[str]) -> None:
    assert shown(source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("_Blinkon_ said", "Blinkon said"),
        ("__Blinkon__’s", "Blinkon’s"),
        ("**_Blinkon_** and *Blinkon*", "Blinkon and Blinkon"),
        ("**Blinkon** and _“So.”_ he said", "Blinkon and “So.” he said"),
        ("snake_case_word", "snake_case_word"),
        ("_Nin\u0303o_ said", "Nin\u0303o said"),
        (r"\_Blinkon\_ said", "_Blinkon_ said"),
        ("Antony **Blin**kon ~~said~~", "Antony Blinkon said"),
        ("2 * 3 * 4 * 5", "2 * 3 * 4 * 5"),
        (r"Biden\'s Johnson \& Johnson", "Biden's Johnson & Johnson"),
        ("AT&amp;T &copy; &nothing;", "AT&T © &nothing;"),
        ("> Antony\n> Blinkon  \n> said", "Antony Blinkon\nsaid"),
        ("Antony\r\nBlinkon\rsaid", "Antony Blinkon said"),
        ("[Antony](x) [Blinkon][y] <https://x.org> asked", "Antony Blinkon * asked"),
        ("asked[^1] ![x *y*](z) so\n\n[^1]: note", "asked* *x y* so|note"),
        ("`x` Blinkon `y`", "* Blinkon *"),
        ("Blin<b>k</b>on<!-- x --> &#111; <code>x</code> y<br>z", "Blinkon o * y\nz"),
        ("a <code>x\n\nb", "a *|b"),
        ("Title\n=====\n\n1. one\n2. two\n   more\n\n***\n- [ ] done", "Title|one|two more|[ ] done"),
        ("| a | b\\|c |\n|---|:-:|\n| `x` d | |", "a|b|c|* d"),
        ("a\n\n[^1]: note\n\n[x]: https://x.org 'title'", "a|note"),
        ("<div class='x'\nid='y'>\n<p>one *two*</p>\n</div>\n\n<td>three</td>", "one *two*|three"),
        ("+++\ntitle = 'x'\n+++\na", "a"),
    ],
)  # fmt: skip
def test_marks_in_a_sentence_are_read_over(source: str, wanted: str) -> None:
    assert "|".join(shown(source)) == wanted


@given(
    st.text(
        st.sampled_from("ab `~<>[]()_*#-:\"'\\!/.|\n\r\t1^@")
        | st.characters(exclude_categories=("Cc", "Cs")),
        max_size=80,
    )
)
def test_any_source_gives_blocks_in_order_and_comes_back(source: str) -> None:
    blocks = list(prose(source))
    assert all(block.start < block.end for block in blocks)
    assert all(one.end < other.start for one, other in pairwise(blocks))
    assert not blocks or blocks[-1].end <= len(source)


@given(st.lists(st.sampled_from([
    "a", "`", "``", "\n", "\n\n", "```\n", "~~~\n", "> ", "- ", "<!--", "-->", "<pre>", "</pre>", "<a ", ">",
    "](", ")", "[a]", "[a]: b\n", "\\", "_", "# ", "\"",
])))  # fmt: skip
def test_what_is_behind_a_closed_piece_does_not_depend_on_it(pieces: list[str]) -> None:
    """Two paragraphs in front of a source change nothing in it."""
    source = "".join(pieces)
    if not source.startswith("---"):
        before = "P `q` R\n\n"
        moved = [(block.start - len(before), block.end - len(before)) for block in prose(before + source)]
        alone = [(block.start, block.end) for block in prose(source)]
        assert [end for _, end in moved if end > 0][-len(alone) :] == [end for _, end in alone] or not alone


HOSTILE = (
    "`", "` ", "`\n\n", "# `\n", "- `\n", "\\`", "<", "<a ", '<a "', "<a '\"<a' ", "</", "<a\n", "<a@",
    "<!--", "<!-->", "<code>", "<code></code>", "<pre ", "](", "](((", "](()", "](a ", "][", "[", "[a]", "[^",
    "[a", "[a]:\n", "[a]: b\n", '[a]: b "\n', "[a]: b (\n", "_", "a_", "a_ ", "\n", " ", "\t", ">", "> ",
    "- ", "1. ", "|", "=\n", "-", "---\n", "```\n", "> ```\n", "````\n```\n", "> ```\nx\n", "~", "#",
    "\\", "\r", "x",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_cost_grows_with_the_length_and_no_faster(piece: str) -> None:
    """The square of these sizes would be felt."""
    for start, size in (("", 300_000), ("[a](", 50_000), ("<a ", 50_000), ("> `", 50_000)):
        source = start + piece * (size // len(piece))
        assert all(block.end <= len(source) for block in prose(source))


def test_runs_of_every_length() -> None:
    runs = " ".join("`" * length for length in range(1, 1400))
    assert list(prose(runs)) == []
    assert list(prose(runs[::-1])) == []


def test_names_beside_emphasis_are_found_and_fixed(desk_engine: Engine) -> None:
    source = (
        "Antony Blinken met Lavrov. Lavrov and **Blinkon** spoke. Lavrov and _Blinkon_ spoke, Lavrov and\r\n"
        "[Blinkon](Blinkon.html) too; `Lavrov and Blinkon`.\r\n"
    )
    data = b"\xef\xbb\xbf" + source.encode()
    document = read("a.markdown", data)
    ensure_faithful(document, data)
    spans = [finding.span for finding in desk_engine.check(document)]
    assert [source[span.start : span.end] for span in spans] == ["Blinkon"] * 3
    fixed, left, count = desk_engine.fix(document, {Applicability.SAFE, Applicability.UNSAFE})
    wanted = (
        source.replace("*Blinkon*", "*Blinken*")
        .replace("_Blinkon_", "_Blinken_")
        .replace("[Blinkon]", "[Blinken]")
    )
    assert (fixed.text, left, count) == (wanted, [], 3)
    assert encode(fixed, fixed.text) == b"\xef\xbb\xbf" + wanted.encode()
    assert fixed.blocks == read("a.markdown", encode(fixed, fixed.text)).blocks
