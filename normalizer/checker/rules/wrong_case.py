"""wrong-case: a known name without its capitals.

biden’s for Biden’s, Mcconnell for McConnell. A name that is an English word in lower case (bush, may) is
one only behind a title or given name. Safe to fix where the letters are all lower-case and no English word
is made of them; other patterns of capitals may be another name (MacDonald, Macdonald).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.known import Known, Standing
from normalizer.checker.reading import Reading
from normalizer.checker.wording import finding_of_known
from normalizer.model import Applicability, Finding

ID: Final = "wrong-case"
_CITING: Final = frozenset("\"'“‘«„(*_")
"""What stands before a word that is spoken about rather than used."""


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    for mention in reading.known.mentions:
        if mention.standing is Standing.WRONG_CASE:
            yield finding_of_known(
                ID, reading, mention, _applicability(reading, mention), "not in the capitals of"
            )


def _applicability(reading: Reading, mention: Known) -> Applicability:
    if len({form.alias.name for form in mention.forms}) > 1:
        return Applicability.DISPLAY
    words = reading.draft.words[mention.start : mention.stop]
    if _is_deliberate(reading, mention):
        return Applicability.DISPLAY
    is_lower = reading.draft.surface(mention.start, mention.stop).islower()
    span = reading.draft.span(mention.start, mention.stop)
    is_cited = reading.draft.text[max(0, span.start - 1) : span.start] in _CITING
    if is_lower and not is_cited and not all(word in reading.lexicon.words for word in words):
        return Applicability.SAFE
    return Applicability.UNSAFE


def _is_deliberate(reading: Reading, mention: Known) -> bool:
    """Whether a draft writes the form in lower case thrice or more: then it may be meant as a word."""
    surface = reading.draft.surface(mention.start, mention.stop)
    same = [
        reading.draft.surface(other.start, other.stop)
        for other in reading.known.mentions
        if other.forms == mention.forms
    ]
    return surface.islower() and same.count(surface) > 2
