"""word-for-name: an English word where a name is meant.

Blinking for Blinken, Shoals for Scholz: the errors of speech recognition and machine translation that no
spelling checker sees. It takes the draft's evidence to tell "Blinking asked Russia" from "Blinking
lights". Since the word is right by itself, a fix is safe only behind the person's own title and first name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.reading import Reading
from normalizer.checker.wording import finding_of_account
from normalizer.model import Finding

ID: Final = "word-for-name"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    for account in reading.accounts:
        if account.suspect.is_word:
            yield finding_of_account(ID, reading, account)
