"""Accepted spellings in a draft: whole words, never parts of words, in the letters they were accepted in."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final

from normalizer.checker.draft import Draft
from normalizer.model import Span
from normalizer.text.gaps import LOOSE_GAPS
from normalizer.text.scope import Stretches
from normalizer.text.tokens import Token, tokenize

_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘ʼ＇", "'"))


class Accepted:
    """Finds accepted spellings among the words of a draft.

    A spelling counts in its own letters, and in capitals throughout. Possessive endings belong to none.

    Args:
        draft: The words.
        names: The spellings.
    """

    def __init__(self, draft: Draft, names: Collection[str]) -> None:
        self._draft = draft
        forms: dict[str, list[list[str]]] = {}
        for name in names:
            words = [_letters(token) for token in tokenize(name)]
            for form in ([words, [word.upper() for word in words]]) if words else ():
                forms.setdefault(form[0], []).append(form)
        runs = [
            (place, place + len(form))
            for place, token in enumerate(draft.tokens if forms else ())
            for form in forms.get(_letters(token), ())
            if self._stands(form, place)
        ]
        self._words = Stretches(runs)
        spans = [draft.span(*run) for run in runs]
        self._places = Stretches((span.start, span.end) for span in spans)

    def covers_words(self, start: int, stop: int) -> bool:
        """Whether words of the draft are of one accepted spelling."""
        return self._words.cover(start, stop)

    def covers(self, span: Span) -> bool:
        """Whether a stretch of the source is of one accepted spelling."""
        return self._places.cover(span.start, span.end)

    def _stands(self, form: list[str], place: int) -> bool:
        draft, stop = self._draft, place + len(form)
        return [_letters(token) for token in draft.tokens[place:stop]] == form and all(
            gap in LOOSE_GAPS for gap in draft.gaps[place + 1 : stop]
        )


def _letters(token: Token) -> str:
    return unicodedata.normalize("NFC", token.text).translate(_APOSTROPHES)
