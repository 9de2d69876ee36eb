r"""Text of a draft made fit for a screen: nothing invisible, nothing that steers the terminal, known width.

Control characters, direction marks and lone surrogates are shown as escapes (`\u202e`), so that they can
neither hide a spelling nor shift the carets; wide East Asian characters count two columns, combining
marks and joiners none.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from normalizer.text.markup import LEFT_OUT

_JOINERS: Final = "\u200c\u200d"
_ESCAPED: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MARKS: Final = frozenset({"Mn", "Me"})
_MAX_MARKS: Final = 8
"""Combining marks shown on one letter; more are a prank."""
TAB: Final = "  "


def visible(text: str) -> str:
    """A text with its control and direction characters escaped and its tabs made spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def width(text: str) -> int:
    """Columns that a visible text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def shortened(text: str, columns: int) -> str:
    """A visible text cut to so many columns, with an ellipsis where something is gone."""
    whole = _Run.of(text, columns + 1)
    if whole.length == len(text) and whole.columns <= columns:
        return whole.text
    return _Run.of(text, columns - 1).text + "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A place of a text with what stands around it, on one line of the screen.

    Attributes:
        before: What stands before the place, visible, perhaps with an ellipsis.
        marked: The place itself.
        after: What follows.
    """

    before: str
    marked: str
    after: str

    @property
    def carets(self) -> str:
        """The line that goes under it: blanks, then a caret under each column of the place."""
        return " " * width(self.before) + "^" * max(1, width(self.marked))


def excerpt(text: str, start: int, end: int, columns: int) -> Excerpt:
    """Cut out a place with its surroundings, no further than its line goes.

    Args:
        text: The whole text; only what is near the place is looked at, however long its line.
        start: Where the place begins, in code points.
        end: Where it ends, exclusive; of a place over several lines the first is shown.
        columns: Columns of the screen to fill.
    """
    reach = columns * (_MAX_MARKS + 1)
    marked_text = _first_line(text[start : min(end, start + reach)])
    marked = shortened(marked_text, max(8, columns - 2))
    before_text = _last_line(text[max(0, start - reach) : start])
    rest = start + len(marked_text)
    after_text = _first_line(text[rest : rest + reach]) if marked_text == text[start:end] else ""
    room = max(0, columns - width(marked))
    wanted_after = _Run.of(after_text, room).columns
    before = _tail(before_text, max(room * 2 // 5, room - wanted_after))
    after = _head(after_text, room - width(before))
    return Excerpt(before, marked, after)


@dataclass(frozen=True, slots=True)
class _Run:
    """The beginning of a text that fits into some columns: shown text, its columns, characters taken."""

    text: str
    columns: int
    length: int

    @classmethod
    def of(cls, text: str, columns: int, backwards: bool = False) -> _Run:
        shown: list[str] = []
        used = marks = taken = 0
        for char in reversed(text) if backwards else text:
            piece = _shown(char)
            cost = sum(map(_columns, piece))
            marks = marks + 1 if cost == 0 else 0
            if used + cost > columns:
                break
            taken += 1
            if marks <= _MAX_MARKS:
                shown.append(piece)
                used += cost
        return cls("".join(reversed(shown) if backwards else shown), used, taken)


def _head(text: str, columns: int) -> str:
    """As much of the beginning of a text as fits, ending with a word if one ends near."""
    if columns <= 0:
        return ""
    shown = shortened(text, columns)
    if not shown.endswith("…") or shown == text:
        return shown
    word = shown.rfind(" ", max(1, len(shown) - 16))
    return shown[:word].rstrip(" ") + "…" if word > 0 else shown


def _tail(text: str, columns: int) -> str:
    """As much of the end of a text as fits, beginning with a word if one begins soon."""
    run = _Run.of(text, columns, backwards=True)
    if run.length == len(text):
        return run.text
    shorter = _Run.of(text, max(0, columns - 1), backwards=True).text
    word = shorter.find(" ", 0, 16) + 1
    return "…" + shorter[word:].lstrip(" ") if word < len(shorter) else "…" + shorter


def _first_line(text: str) -> str:
    ends = [place for place in (text.find("\n"), text.find("\r")) if place >= 0]
    return text[: min(ends)] if ends else text


def _last_line(text: str) -> str:
    return text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]


def _shown(char: str) -> str:
    """A character as it is shown."""
    if " " <= char <= "~":
        return char
    if char == "\t":
        return TAB
    if char == LEFT_OUT:
        return "…"
    if unicodedata.category(char) not in _ESCAPED or char in _JOINERS:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _columns(char: str) -> int:
    """Columns that a shown character takes."""
    if " " <= char <= "~":
        return 1
    if unicodedata.category(char) in _MARKS or char in _JOINERS or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
