"""HTML: the text that a reader of the page sees, with its places in the source.

Tags inside a sentence read as nothing and may stand in a name, character references as their characters, runs
of blanks as one. An element that is a block of its own (p, li, td, h1 …) ends a sentence. Not prose are
comments, attributes, scripts, style sheets, templates and what the page shows as code; the last and pictures
part the words around them. The title is prose. A fix changes only the letters that differ, so that tags in a
name stay, and `&`, `<` and `>` are written as references.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import replace
from html import unescape
from typing import Final

from normalizer.formats.gathering import Gathering
from normalizer.formats.html_tokens import HtmlToken, Kind, html_tokens
from normalizer.formats.plain import read_plain
from normalizer.formats.remarks import scope_of
from normalizer.model import Document
from normalizer.text.markup import LEFT_OUT

HTML_ESCAPES: Final = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_BLOCKS: Final = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html label legend li main menu "
    "nav ol optgroup option p pre search section select summary table tbody td textarea tfoot th thead title "
    "tr ul".split()
)
_CODE: Final = frozenset("code kbd samp tt".split())
_HIDDEN: Final = frozenset("script style template rp rt".split())
_LEFT_OUT: Final = _CODE | _HIDDEN | frozenset(
    "audio canvas iframe math noembed noframes object plaintext svg video xmp".split()
)  # fmt: skip
_READS: Final = {"br": "\n", **dict.fromkeys(("img", "input", "embed", "svg", "math"), LEFT_OUT)}
"""What a tag inside a sentence reads as, if not as nothing."""
_QUOTING: Final = frozenset({"blockquote", "q"})
_FOREIGN: Final = frozenset({"svg", "math"})
"""Elements that a slash in the start tag closes in any page."""
_REFERENCE: Final = r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});?|[A-Za-z][A-Za-z0-9]{1,31};?)"
_IN_TEXT = re.compile(rf"(?P<reference>{_REFERENCE})|[ \t\n\f\r]{{2,}}|[\t\n\f\r]")
_REFERENCES = re.compile(f"(?P<reference>{_REFERENCE})")
_DECLARED = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([-\w]+)|^\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([-\w]+)",
    re.IGNORECASE,
)
_HEAD: Final = 1024
"""Bytes in which a page has to say its encoding (WHATWG HTML, 13.2.3.2)."""


def read_html(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read a page.

    Args:
        name: The file as the user named it; `.xhtml` is XML, where a slash ends any element.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8 if the bytes
            are such, else what the page says of itself.

    Raises:
        DraftError: The file is binary, its bytes are not in the encoding, or there is no such encoding.
    """
    document = read_plain(name, data, encoding or _declared_encoding(data))
    source = document.text
    gathering = Gathering(source)
    is_xml = name.lower().endswith(".xhtml") or source.startswith("<?xml")
    page = HtmlReader(source, gathering, is_xml=is_xml)
    page.read(0, len(source))
    gathering.end_block()
    return replace(
        document,
        blocks=tuple(gathering.blocks),
        markup=tuple(gathering.markup),
        escapes=HTML_ESCAPES,
        scope=replace(scope_of(source, gathering.comments), quoted=tuple(gathering.quoted)),
    )


class HtmlReader:
    """Walks through HTML and tells what of it is prose.

    Args:
        source: The source.
        gathering: Who is told.
        left_out: Elements to leave out besides those that always are.
        is_xml: Whether a slash at the end of a start tag closes any element.

    Attributes:
        skips: The element that is being left out; empty outside of one.
    """

    def __init__(
        self, source: str, gathering: Gathering, *, left_out: Collection[str] = (), is_xml: bool = False
    ) -> None:
        self._source, self._gathering, self._is_xml = source, gathering, is_xml
        self._left_out = _LEFT_OUT | frozenset(left_out)
        self.skips = ""
        self._skips_from = 0
        self._depth = 0
        self._blocks_inside = 0
        self._in_pre = 0
        self._quotes: list[int] = []

    def read(self, start: int, end: int) -> None:
        """Read a part of the source, which begins where the last one ended."""
        for token in html_tokens(self._source, start, end, is_xml=self._is_xml):
            if self.skips:
                self._pass_over(token)
            elif token.kind is Kind.TEXT:
                self.read_text(token.start, token.end)
            elif token.kind is Kind.COMMENT:
                self._gathering.comments.append((token.start, token.end))
                self._gathering.piece(token.start, token.end, "")
            else:
                self._read_tag(token)

    def read_text(self, start: int, end: int) -> None:
        """Read text, with references to characters in it."""
        pattern = _REFERENCES if self._in_pre else _IN_TEXT
        position = start
        for found in pattern.finditer(self._source, start, end):
            reads, stop = _reading(found)
            if stop > found.start():
                self._gathering.text(position, found.start())
                self._gathering.piece(found.start(), stop, reads)
                position = stop
        self._gathering.text(position, end)

    def end_block(self, place: int) -> None:
        """End a block from without: what is left out as code ends with it."""
        if self.skips in _CODE:
            self._end_skipping(place)
        if not self.skips:
            self._gathering.end_block()

    def _read_tag(self, token: HtmlToken) -> None:
        name, is_start = token.name, token.kind is Kind.START
        if name in _QUOTING:
            self._quote(token, is_start=is_start)
        if is_start and name in self._left_out and not self._is_closed(token):
            self.skips, self._skips_from, self._depth, self._blocks_inside = name, token.start, 1, 0
        elif name in _BLOCKS:
            self._gathering.end_block()
            if name == "pre":
                self._in_pre = max(0, self._in_pre + (1 if is_start else -1))
        else:
            reads = _READS.get(name, "") if is_start else ""
            if is_start and name == "sup" and not self._source[token.end : token.end + 1].isalpha():
                reads = LEFT_OUT  # the mark of a note, not letters of the name before it
            self._gathering.piece(token.start, token.end, reads)

    def _quote(self, token: HtmlToken, *, is_start: bool) -> None:
        """Note where a quotation begins, and where it ends; one that is never closed is none."""
        if is_start:
            self._quotes.append(token.start)
        elif self._quotes:
            self._gathering.quoted.append((self._quotes.pop(), token.end))

    def _pass_over(self, token: HtmlToken) -> None:
        """Look for the end of what is left out; code ends with the block it stands in, closed or not."""
        is_start = token.kind is Kind.START
        if token.name == self.skips:
            if not self._is_closed(token):
                self._depth += 1 if is_start else -1
            if not self._depth:
                self._end_skipping(token.end)
        elif self.skips in _CODE and token.name in _BLOCKS:
            if not is_start and not self._blocks_inside:
                self._end_skipping(token.start)
                self._read_tag(token)
            else:
                self._blocks_inside += 1 if is_start else -1

    def _is_closed(self, token: HtmlToken) -> bool:
        """Whether a start tag is its element's end as well."""
        return token.is_empty and (self._is_xml or token.name in _FOREIGN)

    def _end_skipping(self, end: int) -> None:
        if self.skips == "pre":
            self._gathering.end_block()
        else:
            self._gathering.piece(self._skips_from, end, "" if self.skips in _HIDDEN else LEFT_OUT)
        self.skips = ""


def _reading(found: re.Match[str]) -> tuple[str, int]:
    """What a reference or a run of blanks reads as, and where it ends: at its beginning if it is none."""
    raw = found["reference"]
    if raw is None:
        return " ", found.end()
    reads = unescape(raw)
    if raw.endswith(";"):
        return reads, found.end() if reads != raw else found.start()
    same = 0  # letters that only follow a name without semicolon: "&ampersand" is "&ersand"
    while same < min(len(raw), len(reads)) and raw[-same - 1] == reads[-same - 1]:
        same += 1
    return reads[: len(reads) - same], found.end() - same


def _declared_encoding(data: bytes) -> str | None:
    """The encoding that a page says it has, if it is not in UTF-8 and has no byte order mark."""
    found = _DECLARED.search(data, 0, _HEAD)
    if found is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return {"iso-8859-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252"}.get(
            name, None if name.startswith("utf-16") else name
        )
    return None
