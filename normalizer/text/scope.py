"""What of a draft is to be judged: stretches that are left out, or asked about alone, and accepted spellings.

All places are half-open stretches of the source, in code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate
from typing import Final

Stretch = tuple[int, int]


class Quotes(StrEnum):
    """What becomes of findings inside quotations, which are somebody else's words."""

    CHECK = "check"
    INFORM = "inform"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a draft is to be judged. Everything in it is read as evidence all the same.

    Attributes:
        ignored: Stretches whose findings are left out, in any order.
        asked: The only stretches whose findings are wanted; None for the whole draft.
        accepted: Spellings that are right here, each one word or several.
        quoted: Quotations that the format marks as such (`<blockquote>`, `>`).
        quotes: What becomes of findings in quotations.
        notes: What its author should know of the remarks in it.
    """

    ignored: tuple[Stretch, ...] = ()
    asked: tuple[Stretch, ...] | None = None
    accepted: frozenset[str] = frozenset()
    quoted: tuple[Stretch, ...] = ()
    quotes: Quotes = Quotes.CHECK
    notes: tuple[str, ...] = ()

    def without(self, stretches: Iterable[Stretch]) -> Scope:
        """The same scope with more stretches left out."""
        return replace(self, ignored=(*self.ignored, *stretches))

    def accepting(self, names: Iterable[str]) -> Scope:
        """The same scope with more spellings accepted."""
        return replace(self, accepted=self.accepted | frozenset(names))

    def moved(self, move: Callable[[int], int]) -> Scope:
        """The scope of a changed source.

        Args:
            move: From a place in the old source to that in the new one.
        """
        return replace(
            self,
            ignored=_moved(self.ignored, move),
            asked=None if self.asked is None else _moved(self.asked, move),
            quoted=_moved(self.quoted, move),
        )


WHOLE: Final = Scope()
"""All of a draft, judged as it stands."""


class Stretches:
    """Many stretches, to be asked about others; each answer takes a moment, however many there are.

    Args:
        stretches: The stretches, in any order; they may overlap.
    """

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        ordered = sorted(stretches)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._starts)

    def touch(self, start: int, end: int) -> bool:
        """Whether one of them has a place in common with a stretch."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._furthest[before - 1] > start

    def cover(self, start: int, end: int) -> bool:
        """Whether a stretch lies in one of them."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._furthest[before - 1] >= end


def _moved(stretches: tuple[Stretch, ...], move: Callable[[int], int]) -> tuple[Stretch, ...]:
    return tuple((move(start), move(end)) for start, end in stretches)
