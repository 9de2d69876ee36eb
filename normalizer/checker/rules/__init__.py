"""The rules, one file each; `RULES` is the table that the checker runs.

A new rule is one file with `ID` and `check(reading)` and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from normalizer.checker.reading import Reading
from normalizer.checker.rules import (
    acronym_before_name,
    ambiguous,
    first_mention,
    inconsistent_unknown,
    known_right,
    misspelled_name,
    mixed_variants,
    spacing_hyphen,
    title_mismatch,
    unknown_name,
    word_for_name,
    wrong_case,
)
from normalizer.model import Finding

RULES: Final[dict[str, Callable[[Reading], Iterator[Finding]]]] = {
    misspelled_name.ID: misspelled_name.check,
    word_for_name.ID: word_for_name.check,
    wrong_case.ID: wrong_case.check,
    spacing_hyphen.ID: spacing_hyphen.check,
    mixed_variants.ID: mixed_variants.check,
    inconsistent_unknown.ID: inconsistent_unknown.check,
    ambiguous.ID: ambiguous.check,
    title_mismatch.ID: title_mismatch.check,
    first_mention.ID: first_mention.check,
    acronym_before_name.ID: acronym_before_name.check,
    unknown_name.ID: unknown_name.check,
    known_right.ID: known_right.check,
}

__all__ = ["RULES"]
