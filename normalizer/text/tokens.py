"""Words of running text with their exact places.

A token is a run of letters, digits and the marks and invisible characters that stand among them, with
apostrophes inside (O'Brien, N’Djamena) and acronyms with their dots (U.S.). A possessive ’s belongs to
no name: it is split off and its place is kept. Hyphens part tokens; the gap between two tokens says
how they were joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from normalizer.text.folding import MAX_NAME, fold


class Token(NamedTuple):
    """One word of a text, without its possessive ending.

    Attributes:
        start: Where it begins, in code points of the text.
        end: Where it ends, exclusive; a possessive ending is not part of it.
        text: The word as written, `text[start:end]` of its source.
        key: Its folded form; empty when it is longer than a name may be.
        suffix: The possessive ending as written ("’s", "'s", "’"), or nothing.
    """

    start: int
    end: int
    text: str
    key: str
    suffix: str = ""

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with a capital; see `is_capital`."""
        return is_capital(self.text[0])

    @property
    def is_all_caps(self) -> bool:
        """Whether it is written in capitals throughout, with two letters at least."""
        return self.text.isupper() and sum(char.isalpha() for char in self.text) > 1


@lru_cache(maxsize=4096)
def is_capital(char: str) -> bool:
    """Whether a character is a capital, or a letter that has no case at all, as Han has none."""
    return char.isupper() or char.istitle() or (char.isalpha() and char.lower() == char.upper())


_BLOCKS_WITH_MARKS: Final = (
    (0xAD, 0xAE), (0x300, 0x20FF), (0x2CEF, 0x3100), (0xA66F, 0xAC00), (0xFB1E, 0xFB1F), (0xFE00, 0xFF00),
    (0x101FD, 0x10380), (0x10A00, 0x12000), (0x13430, 0x13460), (0x16AF0, 0x17000), (0x1BC9D, 0x1BCB0),
    (0x1CF00, 0x1D300), (0x1DA00, 0x1E950), (0xE0001, 0xE01F0),
)  # fmt: skip


def _class_of_inner_characters() -> str:
    """The marks, joiners and soft hyphens that continue a word, as the inside of a regex class.

    Read from `unicodedata` rather than listed, so that it is of the Unicode version Python has; the
    blocks without any (Han, Hangul, hieroglyphs …) are passed over.
    """
    ranges: list[tuple[int, int]] = []
    for start, stop in _BLOCKS_WITH_MARKS:
        for code in range(start, stop):
            if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me", "Cf"):
                if ranges and ranges[-1][1] == code - 1:
                    ranges[-1] = (ranges[-1][0], code)
                else:
                    ranges.append((code, code))
    return "".join(f"{chr(a)}-{chr(b)}" if b > a else chr(a) for a, b in ranges)


_INNER: Final = _class_of_inner_characters()
_APOSTROPHE: Final = "'’‘ʼ＇"
_LETTER: Final = r"[^\W_]"
_WORD = re.compile(
    # U.S., J.R.R.: single letters with dots, the last dot too
    rf"(?<![^\W_])(?:[^\W\d_]\.){{2,}}(?![^\W_])"
    # letters and digits with marks after each, apostrophes between letters
    rf"|{_LETTER}[\w{_INNER}]*(?:[{_APOSTROPHE}]{_LETTER}[\w{_INNER}]*)*"
)
_POSSESSIVES: Final = tuple(apostrophe + s for apostrophe in _APOSTROPHE for s in "sS")


def tokenize(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Give the words of a text in order.

    Args:
        text: Any text.
        start: Where to begin, in code points.
        end: Where to stop, exclusive; the end of the text if not given.

    Yields:
        Tokens with offsets into `text`.

    >>> [(token.text, token.suffix) for token in tokenize("biden’s U.S. trip, the Browns’ Ki-moon")]
    [('biden', '’s'), ('U.S.', ''), ('trip', ''), ('the', ''), ('Browns', '’'), ('Ki', ''), ('moon', '')]
    """
    stop = len(text) if end is None else end
    for match in _WORD.finditer(text, start, stop):
        word, (first, last) = match.group(), match.span()
        suffix = ""
        if word[-1] in "sS":
            if word.endswith(_POSSESSIVES):
                suffix = word[-2:]
                word, last = word[:-2], last - 2
            elif last < stop and text[last] in "'’" and not text[last + 1 : last + 2].isalnum():
                suffix = text[last]
        yield Token(first, last, word, fold(word) if last - first <= MAX_NAME else "", suffix)


def key_words(text: str) -> Iterator[tuple[int, int, str, int, str]]:
    """The words of a text as keys have them.

    Yields:
        Start, end and word with the possessive ending, if there is one, and end and word without it. A
        token whose key is of several words (by an underscore) gives each of them, with its own span.
    """
    for token in tokenize(text):
        *others, last = token.key.split(" ")
        is_possessive = len(token.suffix) > 1
        end = token.end + len(token.suffix) if is_possessive else token.end
        for word in others:
            yield token.start, end, word, end, word
        yield token.start, end, last + "s" if is_possessive else last, token.end, last
