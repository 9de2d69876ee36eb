"""Letter case: carrying the case of a surface form over to its replacement."""

from __future__ import annotations

import re
import unicodedata

_NOT_LETTERS = re.compile(r"[\W_]+")


def cased_letters(text: str) -> str:
    """The letters and digits of a text without accents, with their case.

    >>> cased_letters("Erdoğan’s U.N. al-Qaida")
    'ErdogansUNalQaida'
    """
    if not text.isascii():
        text = "".join(
            char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)
        )
    return _NOT_LETTERS.sub("", text)


def is_all_caps(text: str) -> bool:
    """Whether a text is in capitals throughout, with two letters at least."""
    return text.isupper() and sum(char.isalpha() for char in text) > 1


def transfer_case(surface: str, replacement: str) -> str:
    """Write a replacement in the case pattern of what it replaces.

    A name keeps its own capitals (`biden` → `Biden`, `Macdonald` → `McDonald`) unless the surface is
    in capitals throughout, as in a headline.

    >>> transfer_case("BLINKON", "Blinken"), transfer_case("biden", "Biden")
    ('BLINKEN', 'Biden')
    """
    return replacement.upper() if is_all_caps(surface) else replacement
