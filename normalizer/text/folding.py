"""From a name as written to its key: the form under which equal names are equal.

The steps, and why they stand in this order:

1. **Cap.** No more than `MAX_NAME` code points are looked at, before anything else: Unicode
   normalization takes seconds on 100,000 combining marks (CPython issue 149079). A key is capped too,
   since one ligature can decompose into eighteen letters.
2. **NFKD, casefold, NFKD.** Casefolding can produce composed letters, so it stands between two
   decompositions; with one alone 636 code points fold differently the second time.
3. **Letters that do not decompose** (ł ø đ ß æ þ ı …) are spelled out from a table.
4. **Marks** that are accents are dropped, marks that are vowels or voicing (Devanagari, Thai, kana)
   stay: the canonical combining class tells them apart. Soft hyphens, zero-width and direction
   characters go (categories Cf and Cc, variation selectors), and with them apostrophes: O'Brien, OBrien.
5. **Dots** inside letters-and-dots acronyms close up (U.N. = UN); everything else that is not a letter
   or a digit parts words.
6. **NFC**, so that Hangul and kana end up whole. Words are joined by one space.

`fold` is idempotent, and equal for every normalization form of the same text (tests/test_text.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MAX_NAME: Final = 500
"""Longest name in code points. Longer ones are refused by callers, never matched by their beginning."""

_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŧ": "t", "ŋ": "ng", "ĸ": "k", "ə": "a", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k",
        "ƴ": "y", "ǝ": "a", "ƒ": "f", "ʒ": "z", "ⱥ": "a", "ɨ": "i", "ʉ": "u", "ⱡ": "l", "ƶ": "z",
    }
)  # fmt: skip

# Apostrophes and modifier letters that stand inside words and are written or left out at will.
_INSIDE_WORD: Final = frozenset("'’‘‛ʼʻʹʺ`´ʾʿ＇״׳")
# Blank letters and joiners that are category Mn or Lo and so not caught as Cf.
_IGNORABLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")

_ASCII_TABLE: Final = {
    code: (
        None if chr(code) in _INSIDE_WORD or (code < 32 and not chr(code).isspace()) or code == 127 else " "
    )
    for code in range(128)
    if not chr(code).isalnum() and chr(code) != "."
}
_ASCII_LINES: Final = {**_ASCII_TABLE, ord("\n"): "\n"}
_MOST_AT_ONCE: Final = MAX_NAME // 20
"""Code points of a name that surely come out as no more than `MAX_NAME`: one becomes eighteen at most."""
_DOTTED = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?!\w)|(?<!\w)[^\W\d_](?:\.[^\W\d_])+(?!\w)")


def is_ignorable(char: str) -> bool:
    """Whether a character has no bearing on which name is meant (soft hyphen, zero-width, direction).

    Such characters are dropped from keys and never from the text.
    """
    if char < "\x7f":
        return char < " " and not char.isspace()
    category = unicodedata.category(char)
    return (
        category == "Cf"
        or (category == "Cc" and not char.isspace())
        or char in _IGNORABLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


def _drops(char: str) -> bool:
    """Whether step 4 drops a character of decomposed, casefolded text."""
    if char in _INSIDE_WORD or is_ignorable(char):
        return True
    rank = unicodedata.combining(char)
    return rank == 1 or 10 <= rank <= 36 or rank >= 200 or unicodedata.category(char) == "Me"


def _join_dotted(match: re.Match[str]) -> str:
    return match.group().replace(".", "")


def _fold_ascii(text: str) -> str:
    text = text.lower().translate(_ASCII_TABLE)
    if "." in text:
        text = _DOTTED.sub(_join_dotted, text).replace(".", " ")
    return " ".join(text.split())


def _keep(char: str) -> str:
    """What a character of the decomposed text becomes in the key: itself, nothing or a space."""
    if char == ".":
        return char
    if _drops(char):
        return ""
    if char.isalnum() or unicodedata.category(char).startswith("M"):
        return char
    return " "


_kept = lru_cache(maxsize=4096)(_keep)


@lru_cache(maxsize=1 << 15)
def fold(text: str) -> str:
    """Fold a name to its key.

    Args:
        text: A name as written. Only its first `MAX_NAME` code points count.

    Returns:
        Lower-case words without accents, joined by single spaces; empty when nothing of the text
        is a letter or a digit.

    >>> fold("Recep Tayyip Erdoğan’s"), fold("U.N."), fold("Łódź"), fold("BAN Ki-moon")
    ('recep tayyip erdogans', 'un', 'lodz', 'ban ki moon')
    """
    text = text[:MAX_NAME]
    if text.isascii():
        return _fold_ascii(text)
    previous = None
    while text != previous:  # one pass is nearly always enough; a second proves it
        previous = text
        text = unicodedata.normalize("NFKD", text).casefold()
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)[: 20 * MAX_NAME]
        text = "".join(map(_kept, text))
        text = _DOTTED.sub(_join_dotted, text).replace(".", " ")
        text = unicodedata.normalize("NFC", " ".join(text.split()))[:MAX_NAME].rstrip()
    return text


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold many names, as `fold` does, in a fifth of the time: each step is taken over all of them."""
    keys = [""] * len(texts)
    plain_places: list[int] = []
    other_places: list[int] = []
    for place, text in enumerate(texts):
        is_ascii = text.isascii()
        if len(text) > (MAX_NAME if is_ascii else _MOST_AT_ONCE) or "\n" in text:
            keys[place] = fold(text)
        elif is_ascii and "." not in text:
            plain_places.append(place)
        else:
            other_places.append(place)
    for places, fold_lines in ((plain_places, _fold_plain_lines), (other_places, _fold_lines)):
        if places:
            lines = fold_lines("\n".join([texts[place] for place in places]))
            for place, key in zip(places, lines.split("\n"), strict=True):
                keys[place] = key
    return keys


def _fold_plain_lines(text: str) -> str:
    return _spaced(text.lower().translate(_ASCII_LINES))


def _fold_lines(text: str) -> str:
    previous = None
    while text != previous:
        previous = text
        text = unicodedata.normalize("NFKD", text).casefold()
        text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
        text = text.translate({ord(char): _kept(char) for char in set(text) if char != "\n"})
        text = _DOTTED.sub(_join_dotted, text).replace(".", " ")
        text = unicodedata.normalize("NFC", _spaced(text))
    return text


def _spaced(text: str) -> str:
    """Lines whose words are joined by single spaces."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace("\n ", "\n").replace(" \n", "\n").strip(" ")
