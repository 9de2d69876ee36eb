"""title-mismatch: a title before a name whose bearer does not have it in the registry.

Secretary of State Lavrov. Only entities with titles are looked at, and forms of address (Mr., Dr.) are
none. Off by default: no registry has all titles. Dates of titles do not count: a draft does not say of
which day it speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.mentions import owner, owners, right_mentions
from normalizer.checker.reading import Reading
from normalizer.model import EntityType, Finding
from normalizer.text.folding import fold
from normalizer.text.tokens import tokenize

ID: Final = "title-mismatch"
_ADDRESS: Final = frozenset(
    "mr mrs ms miss mx mister sir dame lord lady dr doctor prof professor rev reverend hon madam".split()
)
_SMALL: Final = frozenset({"of", "the", "for", "and"})


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    for mention in right_mentions(reading):
        entity = owner(mention)
        if entity is None or entity.type is not EntityType.PERSON or not entity.titles:
            continue
        own = {fold(title.name) for title in entity.titles}
        title, is_own = reading.grammar.title_before(mention.start, own)
        if not title or is_own or fold(title) in _ADDRESS:
            continue
        words = set(fold(title).split()) - _SMALL
        if any(words <= (theirs := set(name.split())) or theirs - _SMALL <= words for name in own):
            continue
        size = len(list(tokenize(title)))
        listed = ", ".join(item.name for item in entity.titles)
        yield finding_at(
            ID,
            reading.draft,
            range(mention.start - size, mention.start),
            f"no title of {entity.name} ({listed})",
            candidates=owners(mention),
            score=0.7,
        )
