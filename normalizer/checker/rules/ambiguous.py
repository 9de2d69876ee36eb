"""ambiguous: a name that two people have, and nothing in the draft says who is meant.

Bush, with two in the registry. Silent when the full name of one of them stands anywhere in the draft, or
when a first name or a title that only one of them has stands before it. Reported once for each name, for a
person to decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.checker.findings import finding_at
from normalizer.checker.known import Known
from normalizer.checker.mentions import owners, right_mentions
from normalizer.checker.reading import Reading
from normalizer.model import EntityType, Finding
from normalizer.text.folding import fold

ID: Final = "ambiguous"


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    mentions = list(right_mentions(reading))
    in_full = {
        form.entity.id for mention in mentions if mention.stop - mention.start > 1 for form in mention.forms
    }
    open_names: dict[str, list[Known]] = {}
    for mention in mentions:
        people = {form.entity.id for form in mention.forms if form.entity.type is EntityType.PERSON}
        is_open = len(people) > 1 and len(people) == len({form.entity.id for form in mention.forms})
        is_open = is_open and not reading.fixed_phrases.goes_on(mention.stop)
        if is_open and not people & in_full:
            open_names.setdefault(reading.draft.words[mention.start], []).append(mention)
    for same in open_names.values():
        if not any(_is_settled(reading, mention) for mention in same):
            first = same[0]
            candidates = owners(first)
            names = " or ".join(candidate.entity.name for candidate in candidates)
            message = f"may be {names}, and no full name stands in the draft"
            yield finding_at(
                ID, reading.draft, range(first.start, first.stop), message, candidates=candidates
            )


def _is_settled(reading: Reading, mention: Known) -> bool:
    """Whether a first name, or a title that one of the owners has, says who is meant."""
    if reading.presence.first_name_before(mention.start):
        return True
    holders = [
        form.entity.id
        for form in mention.forms
        if reading.grammar.title_before(mention.start, {fold(title.name) for title in form.entity.titles})[1]
    ]
    return len(set(holders)) == 1
