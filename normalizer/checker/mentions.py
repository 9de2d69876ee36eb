"""The right names of a draft, for the rules that look at who is named how and where."""

from __future__ import annotations

from collections.abc import Iterator

from normalizer.checker.known import Known, Standing
from normalizer.checker.reading import Reading
from normalizer.model import Candidate, Entity


def right_mentions(reading: Reading) -> Iterator[Known]:
    """The names that stand right, in order, those left out that may be ordinary words."""
    draft = reading.draft
    for mention in reading.known.mentions:
        if mention.standing is not Standing.RIGHT:
            continue
        has_free_capital = draft.begins_sentence(mention.start) or draft.is_headline(mention.start)
        if mention.is_sure or not has_free_capital or _is_subject(reading, mention):
            yield mention


def owner(mention: Known) -> Entity | None:
    """Whose name a mention is; nobody's where several have it."""
    entities = {form.entity.id: form.entity for form in mention.forms}
    return next(iter(entities.values())) if len(entities) == 1 else None


def owners(mention: Known) -> list[Candidate]:
    """All whose name a mention is, each once, in order of their ids."""
    named = {form.entity.id: Candidate(form.entity, form.alias, 1.0) for form in reversed(mention.forms)}
    return [named[entity_id] for entity_id in sorted(named)]


def _is_subject(reading: Reading, mention: Known) -> bool:
    stop = mention.stop
    return (
        stop < len(reading.draft.tokens)
        and not reading.draft.begins_sentence(stop)
        and reading.grammar.is_verb(stop)
    )
