"""Tokens of LaTeX: what of a source is text, a command, a comment, a mark.

TeX has no grammar that holds for every source, for commands may change it; what stands here is how the marks
of LaTeX are read where nothing was changed (Lamport, LaTeX: A Document Preparation System, 2nd ed., C.1).
Every pattern is one that is done with a place once it has passed it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

_ACCENTS: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_SYMBOLS: Final = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”",
    "textendash": "–", "textemdash": "—", "dots": "…", "ldots": "…", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_",
}  # fmt: skip
_SIGNS: Final = {
    "\\-": "", "\\/": "", "\\!": "", "\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\\n": " ", "~": " ",
    "``": "“", "''": "”", "---": "—", "--": "–",
}  # fmt: skip
"""What reads as something else; a backslash before any other sign stands for the sign."""

_TOKEN: Final = re.compile(
    r"""
      (?P<paragraph>\n[ \t]*\n\s*)
    | (?P<comment>%[^\n]*)(?:\n[ \t]*(?=[^\s]))?
    | (?P<verbatim>\\(?:verb|lstinline)\*?(?P<edge>[^\sA-Za-z*{\\])[^\n]{0,1000}?(?P=edge))
    | \\(?:(?P<mark>[`'^~"=.])[ \t]*|(?P<letter>[uvHcdbkr])(?:[ \t]+|(?=\{)))
        (?:\{[ \t]*(?P<inner>\\[ij]|[^\W\d_])[ \t]*\}|(?P<bare>\\[ij](?![A-Za-z])|[^\W\d_]))
    | \\(?P<symbol>SYMBOL)(?:\{\}|[ \t]+|(?![A-Za-z]))
    | (?P<math>\$\$?|\\[()\[\]])
    | (?P<line>\\\\\*?(?:[ \t]*\[[^\]\n]*\])?)
    | \\(?P<command>[A-Za-z@]+\*?)[ \t]*
    | (?P<sign>\\[^A-Za-z@]|~|``|''|---?)
    | (?P<brace>[{}])
    | (?P<cell>&)
    """.replace("SYMBOL", "|".join(sorted(_SYMBOLS, key=len, reverse=True))),
    re.VERBOSE,
)
_STEP: Final = re.compile(r"\n[ \t]*\n|\\.|%[^\n]*|[{}\[\]]", re.DOTALL)


class LatexToken(NamedTuple):
    """A mark in a source.

    Attributes:
        kind: The group of the pattern: `paragraph`, `comment`, `verbatim`, `character`, `math`, `line`,
            `command`, `brace` or `cell`.
        start: Where it begins.
        end: Where it ends, exclusive; blanks that TeX swallows are in it.
        text: The name of a command, what a character reads as, or the mark itself.
    """

    kind: str
    start: int
    end: int
    text: str


def latex_token(source: str, position: int) -> LatexToken | None:
    r"""Find the next mark.

    >>> latex_token(r'Recep Tayyip Erdo\u{g}an', 0)
    LatexToken(kind='character', start=17, end=22, text='ğ')
    """
    found = _TOKEN.search(source, position)
    if found is None:
        return None
    start, end = found.span()
    accent = found["mark"] or found["letter"]
    if accent:
        base = (found["inner"] or found["bare"]).lstrip("\\")
        text = unicodedata.normalize("NFC", base + _ACCENTS[accent])
        return LatexToken("character", start, end, text)
    if found["symbol"]:
        return LatexToken("character", start, end, _SYMBOLS[found["symbol"]])
    if found["sign"]:
        sign = found["sign"]
        return LatexToken("character", start, end, _SIGNS.get(sign, sign[-1]))
    kind = str(found.lastgroup if found.lastgroup != "edge" else "verbatim")
    return LatexToken(kind, start, end, found[kind])


def end_of_argument(source: str, position: int) -> int:
    """Where an argument ends that begins at a place: at its brace, at the latest with its paragraph."""
    closer = "}" if source[position] == "{" else "]"
    depth = 0
    for found in _STEP.finditer(source, position):
        mark = found[0]
        if mark[0] == "\n":
            return found.start()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        if mark == closer and depth <= 0:
            return found.end()
    return len(source)
