"""Building of the sections that a scan of running text reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from normalizer.index.scan.prefixes import NAME, SIXTY_FOUR, TURN
from normalizer.index.tables import Sections

FLAGS: Final = "scan.flags"
HAS_COMMA: Final = 1
"""Flag of a row: a form of it is written with a comma, so that its words may have one between them."""
IS_GUARDED: Final = 2
"""Flag of a row: each of its forms counts only where its guard holds."""


def scan_sections(keys: Sequence[str], flags: bytes) -> Sections:
    """The sections of a scanner.

    Args:
        keys: All folded forms, none twice, by row.
        flags: For each what is said of it.
    """
    return {NAME: prefix_table(keys), FLAGS: flags}


def prefix_table(keys: Sequence[str]) -> bytes:
    """The table of all beginnings of some keys, none of which stands twice; rows are their places."""
    from normalizer.index.scan.states import laid_out  # numpy

    seed = TURN
    while (table := laid_out(keys, seed)) is None:
        seed = (seed + TURN) & SIXTY_FOUR
    return table
