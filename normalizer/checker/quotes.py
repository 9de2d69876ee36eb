"""Which words of a draft stand in quotation marks: other people's words, and titles of works."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from normalizer.checker.draft import Draft

_CLOSING: Final = {"“": "”“", "„": "“”", "«": "»", "‹": "›", "‘": "’", '"': '"', "»": "«"}
_MARK = re.compile(r"[“”„«»‹›‘’\"]|[\r\n][^\S\r\n]*(?:\r\n|[\r\n])")
_CURLY: Final = frozenset("“„«")
"""Marks that quote to the end of the paragraph if nothing closes them: a quote of several paragraphs."""


def quoted_places(draft: Draft) -> frozenset[int]:
    """The places of the words that stand in quotation marks, or in a paragraph that a mark opens for good.

    An apostrophe closes nothing that was not opened, and never in the middle of a word.
    """
    starts = [token.start for token in draft.tokens]
    found: set[int] = set()
    mark, opened = "", 0
    for match in _MARK.finditer(draft.text):
        sign, place = match.group(), match.start()
        if sign[0] in "\r\n":
            if mark in _CURLY:
                found.update(range(bisect_left(starts, opened), bisect_left(starts, place)))
            mark = ""
        elif not mark:
            if sign in _CLOSING and not draft.text[max(0, place - 1) : place].isalnum():
                mark, opened = sign, place
        elif sign in _CLOSING[mark] and not (sign == "’" and draft.text[place + 1 : place + 2].isalnum()):
            found.update(range(bisect_left(starts, opened), bisect_left(starts, place)))
            mark = ""
    return frozenset(found)
