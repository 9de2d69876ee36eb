"""reStructuredText: its prose is checked, its code, references, targets and comments are left alone.

The lexer is that of Pygments; what it calls text, emphasis, headings and the text of links is prose. Code,
roles, references and substitutions are left out, and part the words around them. Of directives those are
read that show their content as text; the others with all that is indented below them are not, and neither are
literal blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pygments.lexers.markup import RstLexer
from pygments.token import (
    Comment,
    Generic,
    Literal,
    Name,
    Operator,
    Punctuation,
    _TokenType,
    is_token_subtype,
)

from normalizer.formats.gathering import Gathering
from normalizer.formats.plain import read_plain
from normalizer.formats.remarks import scope_of
from normalizer.model import Document
from normalizer.text.markup import LEFT_OUT

RST_ESCAPES: Final = tuple((char, "\\" + char) for char in "\\`*|")
_READ: Final = frozenset(
    "note warning tip important caution danger error hint attention seealso admonition topic sidebar "
    "epigraph highlights pull-quote compound container rubric parsed-literal line-block list-table table "
    "figure "
    "versionadded versionchanged deprecated versionremoved centered glossary replace class rst-class only "
    "header footer hlist title".split()
)
"""Directives whose content is prose (reStructuredText Directives of Docutils; Sphinx)."""
_ARGUED: Final = frozenset({"figure", "list-table", "container", "class", "rst-class", "only", "hlist"})
"""Directives among them whose argument is none."""
_FIELDS: Final = frozenset(
    "name class target width height scale align figclass figwidth file url encoding header-rows stub-columns "
    "widths language linenos caption-name maxdepth glob hidden columns date version revision status".split()
)
"""Fields whose content is no prose."""
_DIRECTIVE: Final = re.compile(
    r"^([ \t]*)\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([\w:.+-]+?)::(?=[ \t]|$)", re.MULTILINE
)
_BLANK: Final = re.compile(r"(?<=\n)(?:[ \t]*\n){20,}")
"""The lexer looks at all of many blank lines from each of them, so it is given few at a time."""
_LONG: Final = re.compile(r"[^\n]{400,800}(?<=[.!?] )|[^\n]{400,800}(?<=[ \t])|[^\n]{800}")
"""It looks to the end of the line from every bracket, so it is given a long line by the sentence."""
_INSIDE: Final = re.compile(
    r"(?P<escape>\\.)"
    r"|(?P<out>\|(?=\S)[^|\n]{1,200}(?<=\S)\||\|"
    r"|https?:[^\s<>]+"
    r"|(?<![\w\\])\w[\w.+-]{0,200}?__?(?!\w))",
)
"""What is no text within text: escapes, substitutions, the edges of cells, addresses and references."""


def read_rst(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read reStructuredText; the text of the document is the whole source.

    Args:
        name: The file as the user named it.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8.

    Raises:
        DraftError: The file is binary, its bytes are not in the encoding, or there is no such encoding.
    """
    document = read_plain(name, data, encoding)
    gathering = Gathering(document.text)
    _Reader(document.text, gathering).read()
    return replace(
        document,
        blocks=tuple(gathering.blocks),
        markup=tuple(gathering.markup),
        escapes=RST_ESCAPES,
        scope=scope_of(document.text, gathering.comments),
    )


def _unread(source: str) -> Iterator[tuple[int, int]]:
    """The directives that are not prose, each with what is indented below it."""
    end = 0
    for found in _DIRECTIVE.finditer(source):
        if found.start() >= end and found[2].lower() not in _READ:
            end = _end_of_body(source, found.end(), len(found[1]))
            yield found.start(), end


def _end_of_body(source: str, place: int, indent: int) -> int:
    """Where the lines end that are indented deeper, from the end of the line of a place on."""
    end = _end_of_line(source, place)
    while end < len(source):
        line_end = _end_of_line(source, end)
        line = source[end:line_end]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        end = line_end
    return end


def _end_of_line(source: str, place: int) -> int:
    end = source.find("\n", place)
    return len(source) if end < 0 else end + 1


class _Reader:
    """Walks through the tokens of the lexer and tells what is prose."""

    def __init__(self, source: str, gathering: Gathering) -> None:
        self._source = source.replace("\r\n", " \n").replace("\r", "\n")
        self._gathering = gathering
        self._is_line_empty = True
        self._skips_line = False
        self._in_code = False

    def read(self) -> None:
        """Read the source from its beginning to its end."""
        gaps = [*_unread(self._source), *(found.span() for found in _BLANK.finditer(self._source))]
        cuts = ((found.end(), found.end()) for found in _LONG.finditer(self._source))
        position, whole = 0, len(self._source)
        for start, end in sorted([*gaps, *cuts, (whole, whole)]):
            if position < start:
                self._read_part(position, start)
            if start < end or start == whole:
                self._gathering.end_block()
            position = max(position, end)

    def _read_part(self, start: int, end: int) -> None:
        if self._source.endswith("\n", 0, start):
            self._is_line_empty, self._skips_line, self._in_code = True, False, False
        directive = ""
        for offset, kind, text in RstLexer(
            handlecodeblocks=False
        ).get_tokens_unprocessed(  # type: ignore[no-untyped-call]
            self._source[start:end]
        ):
            place = start + offset
            if is_token_subtype(kind, Operator.Word):
                directive = text.lower()
            elif is_token_subtype(kind, Punctuation) and text == "::":
                self._skips_line = directive in _ARGUED
            elif is_token_subtype(kind, Comment):
                self._gathering.end_block()
                self._gathering.comments.append((place, place + len(text.rstrip())))
            else:
                self._read_token(place, kind, text)

    def _read_token(self, place: int, kind: _TokenType, text: str) -> None:
        if is_token_subtype(kind, Generic.Heading):
            self._gathering.end_block()
            self._prose(place, text)
            self._gathering.end_block()
        elif is_token_subtype(kind, Generic.Strong) or is_token_subtype(kind, Generic.Emph):
            mark = 2 if is_token_subtype(kind, Generic.Strong) else 1
            self._out(place, mark, "")
            self._prose(place + mark, text[mark:-mark])
            self._out(place + len(text) - mark, mark, "")
        elif is_token_subtype(kind, Literal.String.Escape) or is_token_subtype(kind, Literal.Number):
            if is_token_subtype(kind, Literal.Number):
                self._gathering.end_block()
            self._is_line_empty = False
        elif is_token_subtype(kind, Literal.String):
            self._read_marked(place, kind, text)
        elif is_token_subtype(kind, Name.Class):
            self._gathering.end_block()
            self._skips_line = text.strip(": ").lower() in _FIELDS
        elif is_token_subtype(kind, Name.Tag):
            self._gathering.end_block()
            self._skips_line = text.startswith("_")
        elif is_token_subtype(kind, Name) or is_token_subtype(kind, Operator):
            self._out(place, len(text), LEFT_OUT)
        elif not is_token_subtype(kind, Punctuation):
            self._read_lines(place, text)

    def _read_marked(self, place: int, kind: _TokenType, text: str) -> None:
        """Code, references and links, whose text alone is prose."""
        if text == "``":
            self._in_code = not self._in_code
            self._out(place, len(text), LEFT_OUT)
        elif (
            self._in_code or is_token_subtype(kind, Literal.String.Interpol) or text == "`_" or text == "`__"
        ):
            self._out(place, len(text), "")
        elif text.startswith("`") and not text.endswith("_"):
            self._out(place, 1, "")
            name = text[1:].rstrip()
            self._prose(place + 1, name)
            self._out(place + 1 + len(name), len(text) - 1 - len(name), "")
        elif "\n" in text:
            self._gathering.end_block()
            self._is_line_empty = True
        else:
            self._out(place, len(text), LEFT_OUT)

    def _read_lines(self, place: int, text: str) -> None:
        """Text, perhaps of several lines; an empty one ends a block."""
        for line in text.splitlines(keepends=True):
            bare = line.rstrip("\n")
            if bare and not self._skips_line:
                self._prose(place, bare)
            if line != bare:
                if self._is_line_empty:
                    self._gathering.end_block()
                self._is_line_empty, self._skips_line, self._in_code = True, False, False
            place += len(line)

    def _prose(self, place: int, text: str) -> None:
        if text.strip():
            self._is_line_empty = False
        position = 0
        for found in _INSIDE.finditer(text):
            self._gathering.text(place + position, place + found.start())
            escape = found["escape"]
            reads = LEFT_OUT if escape is None else escape[1:].strip()
            self._gathering.piece(place + found.start(), place + found.end(), reads)
            position = found.end()
        self._gathering.text(place + position, place + len(text))

    def _out(self, place: int, length: int, reads: str) -> None:
        self._is_line_empty = False
        if length and not self._skips_line:
            self._gathering.piece(place, place + length, reads)
