"""known-right: every name that stands as it should.

For web pages and editors, which underline such names in green: where the green is missing, an editor looks.
Off by default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.mentions import owners, right_mentions
from normalizer.checker.reading import Reading
from normalizer.model import Finding

ID: Final = "known-right"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    for mention in right_mentions(reading):
        candidates = owners(mention)
        names = " or ".join(dict.fromkeys(candidate.entity.name for candidate in candidates))
        words = range(mention.start, mention.stop)
        yield finding_at(ID, reading.draft, words, f"right: {names}", candidates=candidates)
