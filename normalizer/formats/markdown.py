"""Markdown: its prose is checked, its code, addresses and markup are left alone.

Parsed by pulldown-cmark (CommonMark with tables, footnotes and strikethrough), in time that grows with the
length. Emphasis, escapes, references and links inside a sentence read as their text; code, pictures,
autolinks, footnote marks and links whose text is their label are left out, and part the words around them.
Not prose are front matter, fenced code, link targets and definitions, and what `formats.html` leaves out of
HTML, `<pre>` too. Indented text is prose, for most of it is in lists.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from normalizer.formats.gathering import Gathering
from normalizer.formats.html import HtmlReader
from normalizer.formats.markdown_events import MarkdownEvent, front_matter, parsed
from normalizer.formats.plain import read_plain
from normalizer.formats.remarks import scope_of
from normalizer.model import Document
from normalizer.text.markup import LEFT_OUT

MARKDOWN_ESCAPES: Final = tuple((char, "\\" + char) for char in "\\`*_[]<")
_LABELLED: Final = frozenset({"Autolink", "Email", "Shortcut", "Collapsed"})
"""Kinds of links whose text is their address or label."""
_TARGET = re.compile(r"\([^\s()]*+")


def read_markdown(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read Markdown; the text of the document is the whole source.

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
        escapes=MARKDOWN_ESCAPES,
        scope=replace(
            scope_of(document.text, gathering.comments, front_matter(document.text)),
            quoted=tuple(gathering.quoted),
        ),
    )


class _Reader:
    """Walks through the events of the parser and tells what is prose."""

    def __init__(self, source: str, gathering: Gathering) -> None:
        self._source, self._gathering = source, gathering
        self._html = HtmlReader(source, gathering, left_out={"pre"})
        self._events, hidden = parsed(source)
        self._hidden = hidden[::-1]  # the next one last
        self._position = 0
        self._passed = 0

    def read(self) -> None:
        """Read the source from its beginning to its end."""
        for event in self._events:
            if event.end > self._passed:
                self._read_event(event)
        self._gathering.end_block()

    def _read_event(self, event: MarkdownEvent) -> None:
        match event.name:
            case "Text":
                self._read_text(event)
            case "SoftBreak":
                self._stand_for(event, " ")
            case "HardBreak":
                self._stand_for(event, "\n")
            case "Code" | "FootnoteReference":
                self._stand_for(event, LEFT_OUT)
            case "InlineHtml":
                self._reach(event.start)
                self._html.read(event.start, event.end)
                self._position = event.end
            case "Link" if event.text in _LABELLED:
                self._stand_for(event, LEFT_OUT)
                self._passed = event.end
            case "Image":
                self._part(event)
            case "End":
                self._tell(self._position, event.end, LEFT_OUT if event.text == "Image" else "")
                self._position = event.end
            case "CodeBlock" if event.text:
                self._end_block(event.start)
                self._passed = event.end
            case "HtmlBlock":
                self._end_block(event.start)
                self._html.read(event.start, event.end)
                self._gathering.end_block()
                self._passed = self._position = event.end
            case "Block":
                if event.text == "quotes":
                    self._gathering.quoted.append((event.start, event.end))
                self._end_block(event.start if event.text else event.end)

    def _read_text(self, event: MarkdownEvent) -> None:
        start, end = event.start, event.end
        self._reach(start)
        while self._hidden and self._hidden[-1].start < end:
            hidden = self._hidden.pop()
            if hidden.start >= start:
                self._tell(start, hidden.start)
                self._tell(hidden.start, hidden.end, LEFT_OUT)
                start = hidden.end
        is_behind_bracket = self._source.endswith("]", 0, start)
        target = _TARGET.match(self._source, start, end) if is_behind_bracket else None
        if target is not None:
            self._tell(start, target.end(), "")
            start = target.end()
        as_it_stands = event.text == self._source[event.start : end] or start > event.start
        self._tell(start, end, None if as_it_stands else event.text)
        self._position = end

    def _part(self, event: MarkdownEvent) -> None:
        """The beginning of a picture: its text is read, and parts the words around it."""
        self._reach(event.start)
        self._tell(event.start, event.start + 2, LEFT_OUT)
        self._position = event.start + 2

    def _stand_for(self, event: MarkdownEvent, reads: str) -> None:
        self._reach(event.start)
        self._tell(event.start, event.end, reads)
        self._position = event.end

    def _reach(self, place: int) -> None:
        """Pass over marks: of emphasis, of links, of the lines of a quotation."""
        if self._position < place:
            self._tell(self._position, place, "")
            self._position = place

    def _tell(self, start: int, end: int, reads: str | None = None) -> None:
        """Tell of a stretch, where HTML does not leave it out."""
        if self._html.skips or start >= end:
            return
        if reads is None:
            self._gathering.text(start, end)
        else:
            self._gathering.piece(start, end, reads)

    def _end_block(self, place: int) -> None:
        self._html.end_block(place)
        self._position = place
