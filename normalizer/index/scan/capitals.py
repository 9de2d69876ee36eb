"""Capitalised stretches of running text that are no known form: what a search for misspelled names looks at.

A stretch is one to three words, each with a capital, joined as names may be, with no possessive ending
inside and at least one word that is in no hit. This is how short texts are read; `capital_arrays` gives the
same for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from normalizer.index.scan.hits import Hit, Place
from normalizer.text.gaps import IN_ONE_NAME, gap_between
from normalizer.text.tokens import tokenize

LONGEST: Final = 3
"""Words of the longest stretch."""


def plain_stretches_of(texts: Sequence[str], hits: Sequence[Sequence[Hit]]) -> Iterator[tuple[str, Place]]:
    """The stretches of texts with their folded words, in order of their starts, the shortest first."""
    for number, (text, own) in enumerate(zip(texts, hits, strict=True)):
        tokens = list(tokenize(text))
        known = _known([token.start for token in tokens], own)
        for first, token in enumerate(tokens):
            for last in range(first, min(first + LONGEST, len(tokens))):
                word = tokens[last]
                if not word.is_capitalised or not word.key:
                    break
                if last > first:
                    before = tokens[last - 1]
                    if len(before.suffix) > 1 or gap_between(text, before, word) not in IN_ONE_NAME:
                        break
                if not all(known[first : last + 1]):
                    key = " ".join(each.key for each in tokens[first : last + 1])
                    yield key, Place(number, token.start, word.end)


def _known(starts: Sequence[int], hits: Sequence[Hit]) -> list[bool]:
    """For each word whether it is in a hit."""
    known, rest = [], iter(hits)
    hit = next(rest, None)
    for start in starts:
        while hit is not None and hit.end <= start:
            hit = next(rest, None)
        known.append(hit is not None and hit.start <= start)
    return known
