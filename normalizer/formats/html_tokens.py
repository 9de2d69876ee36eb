"""HTML cut into tags and text as browsers cut it (WHATWG HTML, 13.2.5), with exact places.

The standard library's `html.parser` is not used: in Python 3.11 its time grows with the square of the length
on unclosed tags, quotes and comments (40 kB of "<a " take 17 seconds), and "<![<" ends it with an error.
Here every character is passed once: what is not closed goes on to the end, as in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    START = "start"
    END = "end"
    COMMENT = "comment"


class HtmlToken(NamedTuple):
    """A piece of a page.

    Attributes:
        kind: What it is; declarations and processing instructions are comments.
        start: Where it begins, in code points.
        end: Where it ends, exclusive.
        name: The element of a tag, in lower case.
        is_empty: Whether a start tag ends with a slash.
    """

    kind: Kind
    start: int
    end: int
    name: str = ""
    is_empty: bool = False


_OPENING = re.compile(r"<(?:(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)|(?P<comment>!--)|(?P<other>[!?/]))")
_ATTRIBUTES = re.compile(
    r"(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|(?=>)))?+)*+"
)
_END_OF_COMMENT = re.compile(r"--!?>")
_RAW: Final = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title")
}
"""Elements whose content holds no tags, each with its end."""


def html_tokens(source: str, start: int, end: int, *, is_xml: bool = False) -> Iterator[HtmlToken]:
    """Cut a page, or a part of one, into its tokens.

    Args:
        source: The source.
        start: Where to begin.
        end: Where to stop, exclusive.
        is_xml: Whether a slash at the end of a start tag closes any element.

    Yields:
        Tokens that cover the part from `start` to `end`, in order.

    >>> [(token.kind.value, token.name) for token in html_tokens("<P CLASS='>'>Hi<!-- x -->", 0, 25)]
    [('start', 'p'), ('text', ''), ('comment', '')]
    """
    text_from = position = start
    unclosed: set[str] = set()
    while (found := _OPENING.search(source, position, end)) is not None:
        token = _token(source, found, end)
        if text_from < token.start:
            yield HtmlToken(Kind.TEXT, text_from, token.start)
        yield token
        text_from = position = token.end
        if token.kind is Kind.START and token.name in _RAW and not (is_xml and token.is_empty):
            closing = None
            if token.name not in unclosed:
                closing = _RAW[token.name].search(source, token.end, end)
            if closing is not None:
                position = closing.start()
            elif token.name in ("textarea", "title"):
                unclosed.add(token.name)  # and its content is read as if it were any element's
            else:
                position = end
    if text_from < end:
        yield HtmlToken(Kind.TEXT, text_from, end)


def _token(source: str, found: re.Match[str], end: int) -> HtmlToken:
    """The tag or comment that an opening begins."""
    start = found.start()
    if found["comment"]:
        closing = _END_OF_COMMENT.search(source, start + 2, end)
        return HtmlToken(Kind.COMMENT, start, end if closing is None else closing.end())
    if found["other"]:
        mark = "]]>" if source.startswith("<![CDATA[", start) else ">"
        place = source.find(mark, found.end(), end)
        return HtmlToken(Kind.COMMENT, start, end if place < 0 else place + len(mark))
    attributes = _ATTRIBUTES.match(source, found.end(), end)
    stop = found.end() if attributes is None else attributes.end()
    kind = Kind.END if found["slash"] else Kind.START
    is_empty = kind is Kind.START and source.endswith("/", found.end(), stop)
    return HtmlToken(kind, start, min(stop + 1, end), found["name"].lower(), is_empty)
