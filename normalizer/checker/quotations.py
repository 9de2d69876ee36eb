"""Quotations in running text, by their marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_PARAGRAPH = re.compile(r"(?:[^\n\r]|\r\n?(?![^\S\n\r]*[\n\r])|\n(?![^\S\n\r]*[\n\r]))+")
_CLOSING: Final = {"“": "”“", "„": "“”", "«": "»", "»": "«", "‹": "›", '"': '"', "‘": "’"}
"""The marks that begin a quotation, and those that end it."""
_MARK = re.compile('[“”„«»‹›"‘’]')


def quotations(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    r"""Give the quotations of a stretch of text, their marks included, in order.

    A quotation that no mark ends goes to the end of its paragraph, as one does that the next paragraph takes
    up again. Marks inside a quotation of other marks are part of it. Of single marks only the curly ones are
    known, and one between letters is an apostrophe; a straight mark behind a digit is one of inches.

    Args:
        text: The text as it reads.
        start: Where to begin.
        end: Where to stop, exclusive.

    >>> text = "He said “No, ‘never’ at all” and left. It's 5' 10\" tall. \"Yes"
    >>> [text[first:last] for first, last in quotations(text, 0, len(text))]
    ['“No, ‘never’ at all”', '"Yes']
    """
    for paragraph in _PARAGRAPH.finditer(text, start, end):
        opened, closing = -1, ""
        for found in _MARK.finditer(text, *paragraph.span()):
            at, mark = found.start(), found.group()
            if opened < 0:
                if mark in _CLOSING and _may_open(text, at, mark):
                    opened, closing = at, _CLOSING[mark]
            elif mark in closing and not (mark == "’" and text[at + 1 : at + 2].isalnum()):
                yield opened, at + 1
                opened = -1
        if opened >= 0:
            yield opened, paragraph.end()


def _may_open(text: str, at: int, mark: str) -> bool:
    before = text[at - 1 : at]
    return not before.isdigit() if mark == '"' else mark != "‘" or not before.isalnum()
