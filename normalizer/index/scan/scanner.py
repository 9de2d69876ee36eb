"""The scan of running text: every place where a form of the registry stands, the longest from the left.

A word is what `tokenize` gives; the forms are found under the key of their words, joined as names may be
(`gap_between`), with or without a possessive ending behind and over one inside, and count where their guards
hold. Few or short texts are read in plain Python, many or long ones with numpy; what either of them brings
is held against the key itself by one and the same function here, so that they cannot differ.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from normalizer.garbage import uncollected
from normalizer.index.candidates import Form
from normalizer.index.container import Container
from normalizer.index.scan.build import FLAGS, HAS_COMMA, IS_GUARDED
from normalizer.index.scan.capitals import plain_stretches_of
from normalizer.index.scan.guards import Surroundings
from normalizer.index.scan.hits import Hit, Place, Window
from normalizer.index.scan.prefixes import GOES_ON, Prefixes, joined
from normalizer.index.tables import Texts
from normalizer.text.gaps import LOOSE_GAPS, Gap, gap_between
from normalizer.text.tokens import key_words, tokenize

if TYPE_CHECKING:
    from normalizer.index.scan.arrays import BatchScanner

SHORT: Final = 150_000
"""Characters up to which the import of numpy costs more than it saves."""
SHORTEST: Final = 500
"""Characters up to which numpy costs more than it saves even where it is imported."""


class Scanner:
    """Finds the forms of a compiled file in running text.

    Args:
        container: The file.
        forms: Gives the forms of a key.
    """

    def __init__(self, container: Container, forms: Callable[[str], Sequence[Form]]) -> None:
        self._container, self._forms = container, forms
        self.prefixes = Prefixes(container)
        self._keys = Texts(container, "keys")
        self._flags = container.section(FLAGS)

    def scan(self, texts: Sequence[str]) -> list[list[Hit]]:
        """For each text the places of known forms, in order; they do not overlap.

        Args:
            texts: Any texts; each is read by itself.
        """
        if _is_worth_numpy(texts):
            windows: Iterable[list[Window]] = self.batch.windows(texts)
        else:
            windows = map(self.windows, texts)
        return [self.chosen(text, found) for text, found in zip(texts, windows, strict=True)]

    def capitalised(self, texts: Sequence[str], hits: Sequence[Sequence[Hit]]) -> dict[str, list[Place]]:
        """The distinct capitalised stretches of texts that are no known form, each with its places in order.

        Args:
            texts: The texts.
            hits: The hits in each text, as `scan` gives them.

        Returns:
            The folded words of each stretch, with its places; see `capitals`.
        """
        if _is_worth_numpy(texts):
            from normalizer.index.scan.capital_arrays import stretches_of  # numpy

            found = stretches_of(self.batch, texts, hits)
        else:
            found = plain_stretches_of(texts, hits)
        places: dict[str, list[Place]] = {}
        with uncollected():
            for key, place in found:
                places.setdefault(key, []).append(place)
        return places

    @cached_property
    def batch(self) -> BatchScanner:
        """The reader of many or long texts."""
        from normalizer.index.scan.arrays import BatchScanner  # numpy

        return BatchScanner(self._container, self.prefixes)

    def windows(self, text: str) -> list[Window]:
        """The windows of a text whose words probably are a key, by their start, the longest first."""
        words = list(key_words(text))
        find, state_of = self.prefixes.find, self.prefixes.word
        found: list[Window] = []
        for place, (start, *_) in enumerate(words):
            before = -1
            for at in range(place, len(words)):
                _, end, word, bare_end, bare = words[at]
                own = state_of(word)
                state = own if before < 0 else joined(before, own)
                value = find(state)
                if row := value & ~GOES_ON:
                    found.append((start, end, row - 1, False))
                if bare_end != end:
                    own = state_of(bare)
                    if row := find(own if before < 0 else joined(before, own)) & ~GOES_ON:
                        found.append((start, bare_end, row - 1, False))
                if not value & GOES_ON:
                    break
                before = state
        return sorted(found, key=lambda window: (window[0], -window[1]))

    def chosen(self, text: str, windows: Iterable[Window]) -> list[Hit]:
        """The windows that are what they seem to be and count, those that begin inside another left out."""
        hits: list[Hit] = []
        flags, free, around = self._flags, 0, None
        for start, end, row, is_key in windows:
            if start < free:
                continue
            if not is_key or flags[row] & IS_GUARDED:
                around = around or Surroundings(text)
                if not self._counts(text, start, end, row, around):
                    continue
            hits.append(Hit(start, end, row))
            free = end
        return hits

    def _counts(self, text: str, start: int, end: int, row: int, around: Surroundings) -> bool:
        """Whether a window is the key of a row, and counts for one of its forms."""
        key, flags = self._keys[row], self._flags[row]
        gaps = _gaps(text, start, end, key)
        if gaps is None or not gaps <= LOOSE_GAPS:
            return False
        has_comma = Gap.COMMA in gaps
        if not has_comma and not flags & IS_GUARDED:
            return True
        return not (has_comma and not flags & HAS_COMMA) and any(
            around.holds(form.alias, start, end)
            for form in self._forms(key)
            if not has_comma or "," in form.alias.name
        )


def _is_worth_numpy(texts: Sequence[str]) -> bool:
    """Whether reading texts with numpy saves more than it costs."""
    return sum(map(len, texts)) > (SHORTEST if "numpy" in sys.modules else SHORT)


def _gaps(text: str, start: int, end: int, key: str) -> set[Gap] | None:
    """How the words of a stretch are joined; None if they are not those of a key."""
    surface = text[start:end]
    if surface.isascii() and surface.lower() == key:
        return set()
    tokens = list(tokenize(text, start, end))
    words = [token.key + "s" if len(token.suffix) > 1 else token.key for token in tokens]
    if " ".join(words) != key:
        return None
    return {gap_between(text, last, token) for last, token in pairwise(tokens)}
