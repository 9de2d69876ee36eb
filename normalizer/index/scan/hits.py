"""What a scan of running text finds."""

from __future__ import annotations

from typing import NamedTuple

Window = tuple[int, int, int, bool]
"""Start and end of a stretch, the row of the key that its words probably are, and whether they surely are."""


class Hit(NamedTuple):
    """A form of the registry in a text.

    Attributes:
        start: Where it begins, in code points.
        end: Where it ends, exclusive; a possessive ending is not part of it, unless it is of the form.
        row: The row of its key.
    """

    start: int
    end: int
    row: int


class Place(NamedTuple):
    """Where a stretch of one of several texts stands.

    Attributes:
        text: The number of the text.
        start: Where it begins, in code points.
        end: Where it ends, exclusive, without a possessive ending.
    """

    text: int
    start: int
    end: int
