"""first-mention: a person whose first mention is not the full name, with the title where there is one.

Blinken in the first paragraph, where the house wants Secretary of State Antony Blinken. Headlines and
quotes do not count. Off by default: houses differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.mentions import owner, owners, right_mentions
from normalizer.checker.reading import Reading
from normalizer.model import Applicability, EntityType, Finding
from normalizer.text.folding import fold

ID: Final = "first-mention"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    draft = reading.draft
    met: set[str] = set()
    for mention in right_mentions(reading):
        entity = owner(mention)
        if entity is None or entity.type is not EntityType.PERSON or entity.id in met:
            continue
        if draft.is_headline(mention.start) or mention.start in reading.quoted:
            continue
        met.add(entity.id)
        if reading.presence.first_name_before(mention.start):
            continue
        is_full = mention.stop - mention.start > 1 or " " not in fold(entity.name)
        titles = {fold(title.name) for title in entity.titles}
        is_titled = not titles or bool(reading.grammar.title_before(mention.start, titles)[0])
        title = "" if is_titled else entity.titles[0].name
        if not is_full:
            with_title = f" with the title ({title})" if title else ""
            said = f"first mention of {entity.name}: the full name{with_title} is wanted"
            yield finding_at(
                ID,
                draft,
                range(mention.start, mention.stop),
                said,
                replacement=entity.name,
                applicability=Applicability.UNSAFE,
                candidates=owners(mention),
            )
        elif title and not reading.grammar.introduces(mention.stop):
            said = f"first mention of {entity.name}: without the title ({title})"
            yield finding_at(
                ID, draft, range(mention.start, mention.stop), said, candidates=owners(mention), score=0.5
            )
