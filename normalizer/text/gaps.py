"""How two neighbouring words of running text are joined: whether they may be of one name."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from normalizer.text.tokens import Token


class Gap(Enum):
    """How a word is joined to the one before it."""

    SPACE = "space"
    HYPHEN = "hyphen"
    LINE_HYPHEN = "line-hyphen"
    DOT = "dot"
    AMPERSAND = "ampersand"
    COMMA = "comma"
    OTHER = "other"
    LINE = "line"
    SENTENCE = "sentence"

    __hash__ = object.__hash__  # a member is one object; Enum would hash its name in Python


IN_ONE_NAME: Final = frozenset({Gap.SPACE, Gap.LINE, Gap.HYPHEN, Gap.LINE_HYPHEN, Gap.DOT, Gap.AMPERSAND})
"""The gaps that may stand inside a name."""
BETWEEN_WORDS: Final = frozenset({Gap.SPACE, Gap.LINE, Gap.DOT})
"""The gaps between a title or first name and the name behind it."""
LOOSE_GAPS: Final = IN_ONE_NAME | {Gap.COMMA}
"""Gaps that a known form may have; a comma only where the form has one (Diana, Princess of Wales)."""
STARTS: Final = frozenset({Gap.SENTENCE, Gap.LINE})
"""The gaps behind which a sentence begins, or may."""

_ABBREVIATIONS: Final = frozenset(
    "mr mrs ms dr prof rev hon sen rep gov gen col capt lt sgt st jr sr vs etc no jan feb mar apr jun jul "
    "aug sep sept oct nov dec inc ltd co corp mt ft".split()
)
_SPACE = re.compile(r"[^\S\n\r]*(?:\r\n|[\r\n])?[^\S\n\r]*")
_HYPHEN = re.compile(r"[-‐‑–]")
_LINE_HYPHEN = re.compile(r"[-‐\u00ad][^\S\n\r]*(?:\r\n|[\r\n])[^\S\n\r]*")
_DOT = re.compile(r"\.[^\S\n\r]*(?:\r\n|[\r\n])?[^\S\n\r]*")
_AMPERSAND = re.compile(r"\s{0,3}&\s{0,3}")
_COMMA = re.compile(r",\s+")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？]|:\s|[\r\n]\s*[\r\n]|^\s*[-*#•–—]\s|\n\s*[-*#•>|]|[“\"«]")
_LINE_BREAK = re.compile(r"\r\n|[\r\n]")
_SHORT_LINE: Final = 45
"""A line shorter than this may not have been wrapped by an editor: the next one may begin a sentence."""
_LONGEST_GAP: Final = 200
"""Characters between two words from which they are of two sentences, whatever stands there."""


def gap_between(text: str, last: Token, token: Token) -> Gap:
    """Judge what stands between a word and the next one.

    Args:
        text: The text they are of.
        last: The word before.
        token: The word behind.
    """
    between = text[last.end + len(last.suffix) : token.start]
    if between == " " and last.text[-1] != ".":
        return Gap.SPACE
    if len(between) > _LONGEST_GAP:
        return Gap.SENTENCE
    if _SPACE.fullmatch(between):
        return _blank(text, last, token, between)
    if _HYPHEN.fullmatch(between):
        return Gap.HYPHEN
    if _LINE_HYPHEN.fullmatch(between):
        return Gap.LINE_HYPHEN
    if _DOT.fullmatch(between) and (last.key in _ABBREVIATIONS or len(last.text) == 1):
        return Gap.DOT
    if _AMPERSAND.fullmatch(between):
        return Gap.AMPERSAND
    if _COMMA.fullmatch(between):
        return Gap.COMMA
    return Gap.SENTENCE if _ENDS_SENTENCE.search(between) else Gap.OTHER


def _blank(text: str, last: Token, token: Token, between: str) -> Gap:
    """Blank space: a line end behind a short line, or behind a dotted acronym, may end a sentence."""
    if not between.strip(" ") and _ends_in_acronym(last, token):
        return Gap.OTHER
    found = _LINE_BREAK.search(between)
    if found is not None:
        line = text[max(0, last.end - _SHORT_LINE) : last.start]
        if last.end < _SHORT_LINE or "\n" in line or "\r" in line:
            return Gap.LINE
    return Gap.SPACE


def _ends_in_acronym(last: Token, token: Token) -> bool:
    return last.text.endswith(".") and len(last.text) > 4 and token.is_capitalised
