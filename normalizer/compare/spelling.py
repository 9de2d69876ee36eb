"""How far two words are apart in spelling: edits that people and machines really make cost less.

A visual or phonetic confusion, a doubled letter, two letters swapped or a slip to the next key is most of
the errors in the published lists of misspellings (Pollock and Zamora, 1984; Kukich, 1992); a wrong digit is
another thing altogether.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA, Levenshtein

MOST_EDITS: Final = 3
"""The largest edit budget."""
SLIP: Final = 0.7
"""An edit that is easily made: confusable letters, keyboard neighbours, a swap."""
DOUBLED: Final = 0.45
"""A letter written twice or once."""
DIGIT: Final = 1.6
"""An edit of a digit."""

_CONFUSED: Final = (
    "ao ae ei iy ie ou uw uv vw fv bp dt gk ck kq cq sz cs zj gj jy xs gh mn nr hk il lt l1 i1 o0 oq ce bh "
    "nu dj"
)
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _neighbours() -> frozenset[str]:
    """Pairs of letters that are confused, or lie side by side on a keyboard."""
    pairs = {frozenset(pair) for pair in _CONFUSED.split()}
    for row in _ROWS:
        pairs |= {frozenset(pair) for pair in pairwise(row)}
    return frozenset(first + second for pair in pairs for first in pair for second in pair - {first})


_EASY: Final = _neighbours()


def edit_budget(length: int) -> int:
    """How many edits a word of a length may have and still be taken for another.

    Short names must not match by luck: none under three letters, one under six, two under ten.
    """
    return 0 if length < 3 else 1 if length < 6 else 2 if length < 10 else MOST_EDITS


def spelling_likeness(a: str, b: str, edits: int | None = None) -> float:
    """1 less the weighted edits for a letter of the longer word; 0 beyond the edit budget.

    Args:
        a: A word.
        b: Another.
        edits: How many edits they are apart (OSA), if that is known.

    >>> spelling_likeness("blinken", "blinkon") > spelling_likeness("kerry", "kelly")
    True
    """
    longest = max(len(a), len(b))
    if edits is None:
        edits = OSA.distance(a, b)
    if edits > edit_budget(longest):
        return 0.0
    return 1.0 - _cost(a, b, edits) / longest


def _cost(a: str, b: str, edits: int) -> float:
    """What the edits from one word to another cost in all."""
    operations = Levenshtein.editops(a, b)
    swaps = len(operations) - edits
    if swaps > 0:
        return edits - swaps * (1.0 - SLIP)
    cost = 0.0
    for operation in operations:
        at, to = operation.src_pos, operation.dest_pos
        if operation.tag == "replace":
            pair = a[at] + b[to]
            cost += DIGIT if pair[0].isdigit() or pair[1].isdigit() else SLIP if pair in _EASY else 1.0
        else:
            word, place = (a, at) if operation.tag == "delete" else (b, to)
            letter = word[place]
            if letter.isdigit():
                cost += DIGIT
            elif (place and word[place - 1] == letter) or word[place + 1 : place + 2] == letter:
                cost += DOUBLED
            else:
                cost += SLIP if letter == "h" else 1.0
    return cost
