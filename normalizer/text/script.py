"""Any script in Latin letters, so that names of different scripts can be held against each other."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from normalizer.text.folding import MAX_NAME, fold

_WITHOUT_VOWELS: Final = (
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff"  # Hebrew, Arabic and their relations
    "\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]"  # India's, Thai, Lao, Tibetan, Burmese, Khmer
)
"""Letters of scripts that leave vowels out, wholly or where they can be guessed."""

_BY_SYLLABLE: Final = "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f]"

_compiled = cache(re.compile)  # not before the first word that needs it: it takes 2 ms


@lru_cache(maxsize=1 << 16)
def romanized(key: str) -> str:
    """Give a folded name in Latin letters, letter by letter as `anyascii` has it.

    Han comes out in pinyin, kana and Hangul by syllable, Arabic and Hebrew without their short vowels.

    Args:
        key: A folded name, of any script.

    Returns:
        Words of a–z and 0–9; the key itself when it is made of these already.

    >>> romanized("владимир путин"), romanized("习近平"), romanized("joe biden")
    ('vladimir putin', 'xijinping', 'joe biden')
    """
    if key.isascii():
        return key
    from anyascii import anyascii  # not before the first name that needs it

    return " ".join(fold(anyascii(word)[:MAX_NAME]) for word in key.split()).strip()[:MAX_NAME]


def lacks_vowels(word: str) -> bool:
    """Whether a word is of a script that leaves out vowels, so that only its consonants tell.

    >>> lacks_vowels("القذافي"), lacks_vowels("путин")
    (True, False)
    """
    return not word.isascii() and _compiled(_WITHOUT_VOWELS).search(word) is not None


def by_syllable(word: str) -> bool:
    """Whether a word is written in Han, kana or Hangul, where a character is a syllable.

    >>> by_syllable("김정은"), by_syllable("kim")
    (True, False)
    """
    return not word.isascii() and _compiled(_BY_SYLLABLE).search(word) is not None
