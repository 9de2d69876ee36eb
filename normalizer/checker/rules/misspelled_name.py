"""misspelled-name: words like a known name that are no English words, and forms listed as misspellings.

Blinkon for Blinken, Anthony Blinken for Antony Blinken. Safe to fix when the draft itself speaks for the
entity: its right form stands elsewhere, or its own title stands before; and nothing speaks for another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.known import Standing
from normalizer.checker.reading import Reading
from normalizer.checker.rules.spacing_hyphen import is_of_spacing
from normalizer.checker.wording import finding_of_account, finding_of_known
from normalizer.model import Applicability, Finding

ID: Final = "misspelled-name"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    for account in reading.accounts:
        if not account.suspect.is_word and not is_of_spacing(account):
            yield finding_of_account(ID, reading, account)
    for mention in reading.known.mentions:
        if mention.standing is Standing.MISSPELLING:
            yield finding_of_known(ID, reading, mention, Applicability.SAFE, "a listed misspelling of")
