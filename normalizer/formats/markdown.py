r"""Markdown: its prose is checked, its code, addresses and markup are left alone.

A small, careful reader rather than a parser: of what it does not know for sure it leaves out more than it
must. Not prose are YAML front matter, fenced code (an unclosed fence runs to the end), code spans, targets
of links and images, reference definitions and their labels, autolinks, HTML tags and comments, and what
stands in `<code>`, `<pre>`, `<script>` and `<style>`. Indented text is prose, for most of it is in lists.

A block of a document counts as the beginning of a sentence. Blocks are cut only where something is left
out, so the words behind a code span, a link target or a tag are taken for a new sentence even in the middle
of one: the checker then knows a little less of the names around, and reports rather too little than too much.

>>> source = "See `Blinkon` and [_Blinkon_](https://example.org/Blinkon)."
>>> [source[block.start:block.end] for block in prose(source)]
['See ', ' and [_Blinkon']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from normalizer.formats.plain import read_plain
from normalizer.model import Document, Span

# All patterns cost no more than the text is long: their parts exclude one another, what repeats is
# possessive (`*+`), and what may fail stops at the next character that could begin the same again.
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?![ \t]*\n)(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_SAME_PARAGRAPH: Final = r"\n(?![ \t>]*+\n)"
_INDENT: Final = r"[ \t>]*+"
_LIST_MARK: Final = r"(?:[-*+]|\d{1,9}[.)])[ \t]"
_FENCE: Final = rf"{_INDENT}(?:{_LIST_MARK}{_INDENT})*+(?P<run>`{{3,}}+(?=[^`\n]*$)|~{{3,}}+)"
_TITLE: Final = r"(?:\"[^\"\n]*+\"|'[^'\n]*+'|\([^()\n]*+\))"
_DEFINITION: Final = (
    rf"{_INDENT}\[(?!\^)(?P<label>[^\[\]\n]{{1,999}}+)\]:[ \t]*+(?:\n{_INDENT})?+"
    r"(?:<[^<>\n]*+>|[^\s<]\S*+)"
    rf"(?:(?:[ \t]++|[ \t]*+\n{_INDENT}){_TITLE}[ \t]*+$|[ \t]*+$)"
)
_TAG: Final = (
    rf"<[A-Za-z/!?](?:(?:[^<>\"'\n]++|\"[^\"<\n]*+\"|'[^'<\n]*+'|{_SAME_PARAGRAPH})*+>"
    rf"|(?:[^<>\n]++|{_SAME_PARAGRAPH})*+>)"
    r"|<[^\s<>@]++@[^\s<>]++>"
)
_IN_TARGET: Final = rf"[^()\\\n]++|\\[()\\]?+|{_SAME_PARAGRAPH}"
_TARGET: Final = (
    rf"\]\((?:{_IN_TARGET}|\((?:{_IN_TARGET}|\((?:{_IN_TARGET})*+\))*+\))*+\)"
    r"|\]\([^\s()]*+"  # an unclosed one is left out as far as an address may go
    r"|\]\[[^\[\]\n]*+\]"
)
_NOT_IN_WORDS: Final = r"\s_!-/:-@\[-^`{-~\u2010-\u205e«»"
_MARKUP = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    rf"|(?P<fence>^{_FENCE})"
    rf"|(?P<definition>^{_DEFINITION})"
    r"|(?P<code>`++)"
    r"|(?P<comment><!--)"
    r"|(?P<element><(?P<name>code|pre|script|style)(?:\s[^<>]*+)?>)"
    rf"|(?P<tag>{_TAG})"
    rf"|(?P<target>{_TARGET})"
    r"|(?P<footnote>\[\^[^\[\]\s]++\]:?)"
    r"|(?P<reference>\[(?P<referred>[^\[\]]{1,999}+)\](?!\()(?:\[\])?)"
    # underscores are letters to the tokens: those that end emphasis are cut off the word
    rf"|(?P<emphasis>(?<=[^{_NOT_IN_WORDS}])_++(?!\w))",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSING: Final = r"(?P<indent>[ \t>]*+)(?P<run>`{3,}+|~{3,}+)[ \t]*+$"
_END_OF_FENCE = re.compile(rf"^{_CLOSING}", re.MULTILINE)
_END_OF_QUOTED_FENCE = re.compile(rf"^(?:(?![ \t]*+>)|{_CLOSING})", re.MULTILINE)
_END_OF_ELEMENT: Final = {
    name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("code", "pre", "script", "style")
}
_LABEL = re.compile(f"^{_DEFINITION}", re.MULTILINE)
_HEADING = re.compile(rf"{_INDENT}#{{1,6}}+[ \t]")
_EDGE = re.compile(  # the beginning of a line that no code span reaches beyond
    rf"^{_INDENT}(?:$|#{{1,6}}+[ \t]|\||{_LIST_MARK}|`{{3,}}+[^`\n]*$|~{{3}}|[-=*_]++[ \t]*+$)", re.MULTILINE
)
_TICKS = re.compile("`+")
_LETTER = re.compile(r"[^\W_]")


def read_markdown(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read Markdown; its blocks are its prose, the text is the whole source.

    Args:
        name: The file as the user named it.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8.

    Raises:
        DraftError: The file is binary, its bytes are not in the encoding, or there is no such encoding.
    """
    document = read_plain(name, data, encoding)
    return replace(document, blocks=tuple(prose(document.text)))


def prose(source: str) -> Iterator[Span]:
    """Give the stretches of a Markdown source that are prose, in order; none is without a letter or digit."""
    start = 0
    for hole in [*_Holes(source), Span(len(source), len(source))]:
        if _LETTER.search(source, start, hole.start) is not None:
            yield Span(start, hole.start)
        start = hole.end


class _Holes:
    """The stretches of a source that are no prose, in order, found in one walk through it."""

    def __init__(self, source: str) -> None:
        self._text = source.replace("\r\n", " \n").replace("\r", "\n")  # as long as the source
        self._labels = {_plain(found["label"]) for found in _LABEL.finditer(self._text)}
        self._ticks: dict[int, list[int]] = {}
        for run in _TICKS.finditer(self._text):
            self._ticks.setdefault(run.end() - run.start(), []).append(run.start())
        self._paragraph_end = -1

    def __iter__(self) -> Iterator[Span]:
        position = 0
        front = _FRONT_MATTER.match(self._text)
        if front is not None:
            position = front.end()
            yield Span(0, position)
        while (found := _MARKUP.search(self._text, position)) is not None:
            end = self._end(found)
            if end is not None:
                yield Span(found.start(), end)
                position = end
            elif found.lastgroup == "reference":  # plain brackets: read what is inside
                position = found.start() + 1
            else:
                position = found.end()

    def _end(self, found: re.Match[str]) -> int | None:
        """Where the hole ends that begins with a piece of markup; None if it is no hole."""
        match found.lastgroup:
            case "escape":
                return None
            case "fence":
                return self._end_of_fence(found)
            case "code":
                return self._end_of_code(found.start(), found.end())
            case "comment":
                end = self._text.find("-->", found.start() + 2)
                return len(self._text) if end < 0 else end + 3
            case "element":
                closing = _END_OF_ELEMENT[found["name"].lower()].search(self._text, found.end())
                return len(self._text) if closing is None else closing.end()
            case "reference":
                return found.end() if _plain(found["referred"]) in self._labels else None
            case _:
                return found.end()

    def _end_of_fence(self, opening: re.Match[str]) -> int:
        """Where fenced code ends: behind its closing fence, or where the quotation around it ends."""
        run, column = opening["run"], opening.start("run") - opening.start()
        is_quoted = ">" in self._text[opening.start() : opening.start("run")]
        pattern = _END_OF_QUOTED_FENCE if is_quoted else _END_OF_FENCE
        for closing in pattern.finditer(self._text, opening.end()):
            if closing["run"] is None:
                return closing.start()
            if (
                closing["run"].startswith(run)
                and len(closing["indent"]) <= column + 3
                and (">" in closing["indent"]) is is_quoted
            ):
                return closing.end()
        return len(self._text)

    def _end_of_code(self, start: int, end: int) -> int | None:
        """Where a code span ends: behind the next run of as many backticks in the same paragraph."""
        runs = self._ticks.get(end - start, [])
        at = bisect_left(runs, end)
        if at == len(runs) or runs[at] >= self._end_of_paragraph(start):
            return None
        return runs[at] + end - start

    def _end_of_paragraph(self, place: int) -> int:
        """Where the paragraph, heading, list item or table row that holds a place ends."""
        if place >= self._paragraph_end:
            line = self._text.rfind("\n", 0, place) + 1
            edge = _EDGE.search(self._text, place + 1)
            end = len(self._text) if edge is None else edge.start()
            if _HEADING.match(self._text, line) is not None:
                line_end = self._text.find("\n", place)
                end = end if line_end < 0 else min(end, line_end)
            self._paragraph_end = end
        return self._paragraph_end


def _plain(label: str) -> str:
    """A label as labels are compared."""
    return " ".join(label.split()).casefold()
