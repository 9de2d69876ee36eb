"""The peer of the draft checker: capitalised runs held against every name with rapidfuzz's `ratio`.

What a newsroom's developer would write in an afternoon (the simple checker with dictionary of the baselines
that come with the data): every part of up to four words of a capitalised run that touches no known form of
several words, is no known form itself and, being one word, not in the English dictionary, is held to be the
nearest name if that is near enough. Where parts overlap the nearest stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from benchmarks.common import Record

_WORD: Final = re.compile(r"[^\W\d_][\w'’.-]*\w|[^\W\d_]")
_LONGEST: Final = 4
Place = tuple[int, int]
"""A stretch of text, half-open."""


class PeerChecker:
    """A registry's names and a dictionary.

    Args:
        names: Pairs of name and entity id.
        words: English words, casefolded.
        threshold: Least `ratio`, in hundredths.
    """

    def __init__(self, names: Sequence[tuple[str, str]], words: Collection[str], threshold: float) -> None:
        self._names = [name for name, _ in names]
        self._owners = [owner for _, owner in names]
        self._known = {name.casefold() for name in self._names}
        self._words, self._threshold = words, threshold

    def check(self, text: str) -> list[Record]:
        """The edits it proposes, in the form of the scorers; they may overlap, the surest is meant."""
        edits = []
        for run in _runs(text):
            for start, end in self._doubtful(text, run):
                found = process.extractOne(
                    text[start:end], self._names, scorer=fuzz.ratio, score_cutoff=self._threshold
                )
                if found is not None:
                    _, score, row = found
                    edits.append(
                        {
                            "start": start,
                            "end": end,
                            "replacement": self._names[row],
                            "entity": self._owners[row],
                            "score": score / 100,
                        }
                    )
        return edits

    def _doubtful(self, text: str, run: Sequence[Place]) -> Iterator[Place]:
        """The parts of a run to look up: no dictionary word, no known form, nothing of a longer one."""
        covers = self._covers(text, run)
        for size in range(1, _LONGEST + 1):
            for first in range(len(run) - size + 1):
                places = set(range(first, first + size))
                if any(places <= cover or (len(cover) > 1 and places & cover) for cover in covers):
                    continue
                start, end = run[first][0], run[first + size - 1][1]
                key = text[start:end].casefold()
                if key not in self._known and not (size == 1 and key in self._words):
                    yield start, end

    def _covers(self, text: str, run: Sequence[Place]) -> list[set[int]]:
        """The known forms in a run, the longest first, none touching another."""
        covers: list[set[int]] = []
        for size in range(min(_LONGEST, len(run)), 0, -1):
            for first in range(len(run) - size + 1):
                places = set(range(first, first + size))
                is_known = text[run[first][0] : run[first + size - 1][1]].casefold() in self._known
                if is_known and all(places.isdisjoint(cover) for cover in covers):
                    covers.append(places)
        return covers


def _runs(text: str) -> Iterator[list[Place]]:
    """The runs of capitalised words with one space between; a possessive ending ends one."""
    run: list[Place] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        is_possessive = match.group().endswith(("'s", "’s"))
        if is_possessive:
            end -= 2
        if run and (not text[start].isupper() or text[run[-1][1] : start] != " "):
            yield run
            run = []
        if text[start].isupper():
            run.append((start, end))
            if is_possessive:
                yield run
                run = []
    if run:
        yield run
