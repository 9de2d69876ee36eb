"""Stretches of prose that are not to be judged: URLs, addresses, handles, hashtags, file names, [sic]."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from normalizer.model import Span

_CHUNK = re.compile(r"\S+")
_TELLING = re.compile(r"[@#:/]|\.\w|[\[(]sic")
"""What a chunk of text must hold to be looked at more closely."""
_SIC = re.compile(r"[\[(]sic[\])]", re.IGNORECASE)
_URL: Final = r"(?:https?|ftp|file|mailto|tel):[^\s<>\"“”«»]+|\bwww\.[^\s<>\"“”«»]+"
_ADDRESS = re.compile(_URL, re.IGNORECASE)
_NOT_PROSE = re.compile(
    _URL + r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"  # e-mail
    r"|(?<![\w/])[@#][^\W_][\w.-]*|(?<![\w/])[ur]/\w[\w-]*"  # handles and hashtags
    r"|(?<![\w.])[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:com|org|net|edu|gov|info|io|ru|de|uk|eu|cn|fr"
    r"|html?|docx?|pdf|xlsx?|txt|md|csv|jsonl?|ya?ml|png|jpe?g|gif|py|js|zip)\b"
    r"(?:/[^\s<>\"“”«»]*)?",  # hosts and file names
    re.IGNORECASE,
)
_LONGEST_CHUNK: Final = 2000
"""In a longer chunk without blanks (Chinese text, a dump) only URLs are looked for, which costs least."""


def masked_spans(text: str, block: Span) -> list[Span]:
    """Give the stretches of a block that are not to be read as words, in order.

    Args:
        text: The document's text.
        block: The block to look through.

    >>> text = "See https://example.org/Blinkon, #Blinkon and a@b.org, Mr. Blinkon [sic]."
    >>> [text[s.start:s.end] for s in masked_spans(text, Span(0, len(text)))]
    ['https://example.org/Blinkon,', '#Blinkon', 'a@b.org', 'Blinkon [sic]']
    """
    return list(_masks(text, block))


def _masks(text: str, block: Span) -> Iterator[Span]:
    previous = end = block.start
    for chunk in _CHUNK.finditer(text, block.start, block.end):
        start, stop = chunk.span()
        if _TELLING.search(text, start, stop) is not None:
            sic = _SIC.search(text, start, stop)
            if sic is not None:
                begin = max(end, start if sic.start() > start else previous)
                yield Span(begin, sic.end())
                end = sic.end()
            else:
                pattern = _NOT_PROSE if stop - start <= _LONGEST_CHUNK else _ADDRESS
                for match in pattern.finditer(text, start, stop):
                    yield Span(match.start(), match.end())
                    end = match.end()
        previous = start
