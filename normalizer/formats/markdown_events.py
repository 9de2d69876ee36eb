"""Markdown as a parser sees it: what stands where, in code points."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple, cast

import pyromark
from pyromark import Options
from pyromark.event import BrokenLink

from normalizer.model import Span

_OPTIONS: Final = Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH
_INLINE: Final = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})
_LONE_RETURN = re.compile(r"\r(?!\n)")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?![ \t]*\r?\n)(?:.*\n)*?(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)"
    r"|\+\+\+[ \t]*\r?\n(?:.*\n)*?\+\+\+[ \t]*\r?(?:\n|\Z)"
)
_ELEMENT = re.compile(r"<(code|pre|script|style)(?=[\s>])", re.IGNORECASE)
_MAY_HIDE = re.compile(f"<!--|{_ELEMENT.pattern}", re.IGNORECASE)
_END_OF_ELEMENT: Final = {
    name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("code", "pre", "script", "style")
}
_ROUNDS: Final = 4
"""How often a source is parsed again for what came to light when something was hidden."""
_FIRST_BYTES: Final = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))


class MarkdownEvent(NamedTuple):
    """What the parser says of a stretch.

    Attributes:
        name: Text, Code …; "Link", "Image" and the code and HTML blocks at their beginning; "End" of
            something inside a sentence; "Block" for the beginning or end of any other block.
        text: The text, or the kind of a link; of a code block whether it is fenced; of a block
            whether it begins, and is a quotation.
        start: Where it begins, in code points.
        end: Where it ends, exclusive.
    """

    name: str
    text: str
    start: int
    end: int


def parsed(source: str) -> tuple[Iterator[MarkdownEvent], list[Span]]:
    """Parse a source.

    CommonMark shows some things that their authors did not mean to show: comments and `<code>`, `<pre>`,
    `<script>` and `<style>` with blank lines or backticks in them. They are taken out beforehand.

    Returns:
        What the parser says, in order, and the stretches that are hidden from it, in order: it takes them
        for letters of the text around them.
    """
    text = _LONE_RETURN.sub("\n", source)
    front = _FRONT_MATTER.match(text)
    if front is not None:
        text = " " * (front.end() - 1) + "\n" + text[front.end() :]
    hidden: list[Span] = []
    for _ in range(_ROUNDS):
        found = list(_meant_to_be_hidden(text)) if _MAY_HIDE.search(text) else []
        if not found:
            break
        hidden += found
        text = _without(text, found)
    return _events(text), sorted(hidden, key=lambda span: span.start)


def front_matter(source: str) -> str:
    """What stands before the text of a source, with its fences; often nothing."""
    found = _FRONT_MATTER.match(_LONE_RETURN.sub("\n", source))
    return found.group() if found is not None else ""


def _meant_to_be_hidden(source: str) -> Iterator[Span]:
    """Comments over several paragraphs, and elements with their content, that the parser takes apart."""
    passed = 0
    unclosed: set[str] = set()
    for event in _events(source):
        if event.start < passed:
            continue
        if event.name == "Text" and event.text == "<" and source.startswith("<!--", event.start):
            end = source.find("-->", event.start)
            passed = len(source) if end < 0 else end + 3
        elif event.name == "InlineHtml" and (tag := _ELEMENT.match(source, event.start)) is not None:
            name = tag[1].lower()
            closing = None if name in unclosed else _END_OF_ELEMENT[name].search(source, event.end)
            if closing is None:
                unclosed.add(name)
                continue
            passed = closing.end()
        else:
            continue
        yield Span(event.start, passed)


def _without(source: str, hidden: Iterable[Span]) -> str:
    """A source as long as before, with letters in the place of what is hidden."""
    pieces, position = [], 0
    for span in hidden:
        pieces += [source[position : span.start], "x" * (span.end - span.start)]
        position = span.end
    return "".join([*pieces, source[position:]])


def _events(source: str) -> Iterator[MarkdownEvent]:
    """What the parser says of a source, in order, places in code points."""
    place = _places(source)
    for event, stretch in pyromark.events_with_range(
        source, options=_OPTIONS, broken_link_callback=_undefined
    ):
        start, end = place[stretch["start"]], place[stretch["end"]]
        if isinstance(event, str):
            yield MarkdownEvent("Block" if event == "Rule" else event, "", start, end)
            continue
        ((name, value),) = cast("dict[str, Any]", event).items()
        if name == "Start":
            yield _beginning(value, start, end)
        elif name == "End":
            inner = value if isinstance(value, str) else next(iter(value))
            yield (
                MarkdownEvent("End", inner, start, end)
                if inner in _INLINE
                else MarkdownEvent("Block", "", start, end)
            )
        else:
            yield MarkdownEvent(name, str(value), start, end)


def _undefined(link: BrokenLink) -> tuple[str, str] | None:
    """Take `[text][label]` for a link wherever its label is defined; `[sic]` alone stays text."""
    return ("", "") if link["link_type"] == "Reference" else None


def _beginning(value: str | dict[str, Any], start: int, end: int) -> MarkdownEvent:
    """The beginning of an element."""
    name, details = (value, {}) if isinstance(value, str) else next(iter(value.items()))
    if name in ("Link", "Image"):
        return MarkdownEvent(name, details["link_type"], start, end)
    if name == "CodeBlock":
        return MarkdownEvent(name, "" if details == "Indented" else "fenced", start, end)
    if name == "HtmlBlock":
        return MarkdownEvent(name, "", start, end)
    return MarkdownEvent(
        "" if name in _INLINE else "Block", "quotes" if name == "BlockQuote" else "begins", start, end
    )


def _places(source: str) -> Sequence[int]:
    """The place in code points of each place in bytes."""
    if source.isascii():
        return range(len(source) + 1)
    counts = array("I", [0])
    counts.extend(accumulate(source.encode().translate(_FIRST_BYTES)))
    return counts
