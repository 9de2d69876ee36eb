"""Stretches of prose that are not to be judged: URLs, addresses, handles, hashtags, file names, [sic]."""

from __future__ import annotations

import re

from normalizer.model import Span

# Each alternative is linear: a fixed beginning, then one run of characters without blanks.
_NOT_PROSE = re.compile(
    r"[^\s<>]{1,60}\s?[\[(]sic[\])]|"  # words that are to stay as they are
    r"(?:https?|ftp|file|mailto|tel):[^\s<>\"“”«»]+"  # URLs
    r"|\bwww\.[^\s<>\"“”«»]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"  # e-mail
    r"|(?<![\w/])[@#][^\W_][\w.-]*"  # handles and hashtags
    r"|(?<![\w.])[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?:com|org|net|edu|gov|info|io|ru|de|uk|eu|cn|fr|html?|docx?|pdf"
    r"|xlsx?|txt|md|csv|jsonl?|ya?ml|png|jpe?g|gif|py|js|zip)\b(?:/[^\s<>\"“”«»]*)?",  # hosts and file names
    re.IGNORECASE,
)


def masked_spans(text: str, block: Span) -> list[Span]:
    """Give the stretches of a block that are not to be read as words, in order.

    Args:
        text: The document's text.
        block: The block to look through.

    >>> text = "See https://example.org/Blinkon, #Blinkon and a@b.org."
    >>> [text[s.start:s.end] for s in masked_spans(text, Span(0, len(text)))]
    ['https://example.org/Blinkon,', '#Blinkon', 'a@b.org']
    """
    return [Span(match.start(), match.end()) for match in _NOT_PROSE.finditer(text, block.start, block.end)]
