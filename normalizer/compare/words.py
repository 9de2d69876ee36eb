"""How like two words of names are, and by what."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.compare.parts import Part

EQUAL: Final = "equal"
SPELLING: Final = "spelling"
SOUND: Final = "sound"
INITIAL: Final = "initial"

INITIAL_VALUE: Final = 0.9
"""An initial for a whole name (performance.md's alignment scorer: .9)."""

SOUND_BASE: Final = 0.55
"""What one sound is worth alone, from four letters on; the spelling makes up the rest (chosen)."""
SOUND_SHARE: Final = 0.4


MOST_EDITS: Final = 3
"""The largest edit budget."""


def edit_budget(length: int) -> int:
    """How many edits a word of a length may have and still be taken for another.

    Short names must not match by luck: none under three letters, one under seven, two under eleven.
    """
    return 0 if length < 3 else 1 if length < 6 else 2 if length < 10 else MOST_EDITS


@lru_cache(maxsize=1 << 16)
def _spelling(a: str, b: str) -> float:
    """1 less the share of letters edited (optimal string alignment); 0 beyond the budget."""
    longest = max(len(a), len(b))
    budget = edit_budget(longest)
    edits = OSA.distance(a, b, score_cutoff=budget)
    if edits > budget:
        return 0.0
    return 1.0 - edits / longest


def word_likeness(a: Part, b: Part) -> tuple[float, str]:
    """Compare two words of names.

    Args:
        a: A word of the mention.
        b: A word of the registry's form.

    Returns:
        Likeness from 0 to 1, and the feature that gave it.
    """
    if a.word == b.word:
        return 1.0, EQUAL
    if a.is_initial or b.is_initial:
        return (
            (INITIAL_VALUE, INITIAL)
            if a.word[0] == b.word[0] and len(a.word) + len(b.word) > 2
            else (0.0, INITIAL)
        )
    if a.is_number or b.is_number:
        return 0.0, SPELLING
    value = _spelling(a.word, b.word) if abs(len(a.word) - len(b.word)) <= MOST_EDITS else 0.0
    if a.sound == b.sound and min(len(a.word), len(b.word)) > 3 and len(a.sound) > 2:
        sounding = SOUND_BASE + SOUND_SHARE * OSA.normalized_similarity(a.word, b.word)
        if sounding > value:
            return sounding, SOUND
    return value, SPELLING
