"""Guards of forms: whether a form counts where it was met in running text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from functools import cached_property
from itertools import pairwise

from normalizer.model import Alias, Guard
from normalizer.text.case import cased_letters
from normalizer.text.folding import fold
from normalizer.text.gaps import STARTS, gap_between
from normalizer.text.tokens import Token, tokenize


def starts_alike(surface: str, name: str) -> bool:
    """Whether a surface begins with the letter of a name in the name's case."""
    return cased_letters(surface).startswith(cased_letters(name)[:1])


def is_near(guard: Guard, words: Collection[str]) -> bool:
    """Whether one of the words that a guard asks for is among those of the sentence, if it asks for any."""
    return not guard.near or any(all(word in words for word in fold(near).split()) for near in guard.near)


class Surroundings:
    """One text, read no further than guards ask."""

    def __init__(self, text: str) -> None:
        self._text = text

    def holds(self, alias: Alias, start: int, end: int) -> bool:
        """Whether a form counts at a place.

        Args:
            alias: The form.
            start: Where it stands, in code points.
            end: Where it ends, exclusive.
        """
        guard = alias.guard
        if guard is None:
            return True
        if guard.cased and not starts_alike(self._text[start:end], alias.name):
            return False
        return is_near(guard, self._sentence(start) if guard.near else ())

    def _sentence(self, place: int) -> set[str]:
        """The folded words of the sentence that a place is in."""
        at = bisect_right(self._begins, place, key=lambda first: self._tokens[first].start) - 1
        stop = self._begins[at + 1] if at + 1 < len(self._begins) else len(self._tokens)
        return {token.key for token in self._tokens[self._begins[at] : stop]}

    @cached_property
    def _tokens(self) -> list[Token]:
        return list(tokenize(self._text))

    @cached_property
    def _begins(self) -> list[int]:
        """The places among the tokens where a sentence begins."""
        gaps = (gap_between(self._text, last, token) for last, token in pairwise(self._tokens))
        return [0, *(place for place, gap in enumerate(gaps, 1) if gap in STARTS)]
