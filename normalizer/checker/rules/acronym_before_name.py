"""acronym-before-name: the letters of a name before the name itself.

WHO in the first paragraph, World Health Organization in the third or nowhere. Headlines and quotes do not
count. Off by default: some acronyms need no name (NATO), and houses differ on which.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.known import Known
from normalizer.checker.mentions import owner, owners, right_mentions
from normalizer.checker.reading import Reading
from normalizer.model import AliasKind, Finding
from normalizer.text.folding import fold

ID: Final = "acronym-before-name"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    draft = reading.draft
    first: dict[str, Known] = {}
    named: set[str] = set()
    for mention in right_mentions(reading):
        entity = owner(mention)
        if entity is None or draft.is_headline(mention.start) or mention.start in reading.quoted:
            continue
        if any(form.alias.kind is AliasKind.ACRONYM for form in mention.forms):
            if entity.id not in named:
                first.setdefault(entity.id, mention)
        elif " " in fold(draft.surface(mention.start, mention.stop)):
            named.add(entity.id)
    for entity_id, mention in first.items():
        candidates = owners(mention)
        name = candidates[0].entity.name
        when = f"stands before {name}" if entity_id in named else f"is never written out ({name})"
        words = range(mention.start, mention.stop)
        yield finding_at(ID, draft, words, f"the acronym {when}", candidates=candidates, score=0.8)
