"""Candidates by exact knowledge: the owners of a form, with its guards, types and titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from normalizer.index import Form, Index
from normalizer.matcher.choice import Choice
from normalizer.matcher.context import folded_context
from normalizer.model import EntityType, Evidence, Mention
from normalizer.text.folding import fold

HELD_BACK: Final = 0.9
"""Score of a known form whose guard, type or title does not hold: for a person to look at."""


def types_differ(first: EntityType | None, second: EntityType) -> bool:
    """Whether both types are known, and not the same."""
    return first not in (None, EntityType.OTHER) and second is not EntityType.OTHER and first is not second


def exact_choices(forms: Sequence[Form], mention: Mention) -> list[Choice]:
    """The owners of a form; those of another type than asked, or whose guard does not hold, stand back."""
    best: dict[str, Form] = {}
    for form in forms:
        if form.entity.id not in best or form.alias.name == mention.surface:
            best[form.entity.id] = form
    choices = []
    for form in best.values():
        evidence = [Evidence("alias", 1.0, 1.0, mention.surface, form.alias.name)]
        if types_differ(mention.type, form.entity.type):
            asked = mention.type.value if mention.type is not None else ""
            evidence.append(Evidence("type", 1.0, -1.0, asked, form.entity.type.value))
        elif not _guard_holds(form, mention):
            evidence.append(Evidence("guard", 1.0, -1.0, mention.surface, form.alias.name))
        choices.append(Choice(form.entity, form.alias, evidence, is_held_back=len(evidence) > 1))
    return choices


def titled_choices(index: Index, mention: Mention, key: str) -> list[Choice]:
    """The owners of a known form behind a known title ("Secretary of State Clinton").

    Those who carry the title come first. A person not known to carry it may be somebody else of that
    name: for a person to look at, never a match. What is no person has no title (Queen Victoria is not
    the city).
    """
    title, name, bearers = index.title_of(key)
    vetoed = index.never(name)
    forms = [form for form in index.exact(name) if form.entity.id not in vetoed] if name else []
    choices = []
    for choice in exact_choices(forms, mention) if forms else []:
        if choice.entity.id in bearers:
            choice.evidence.append(Evidence("title", 1.0, 1.0, title))
        elif choice.entity.type is EntityType.PERSON:
            choice.evidence.append(Evidence("other-title", 1.0, -1.0, title))
            choice.is_held_back = True
        else:
            continue
        choices.append(choice)
    return choices


def _guard_holds(form: Form, mention: Mention) -> bool:
    """Whether a form counts as it was met: with its capitals, and near the words it wants.

    A list of names in small letters has no capitals to go by, but a form with a guard is a word, too.
    Without any context there is nothing to be near to, and the form counts.
    """
    guard = form.alias.guard
    if guard is None:
        return True
    if guard.cased and mention.surface.islower() and not form.alias.name.islower():
        return False
    if not guard.near or not mention.context:
        return True
    context = set(" ".join(folded_context(mention.context)).split())
    return any(set(fold(near).split()) <= context for near in guard.near)


def scored_exactly(choices: Iterable[Choice]) -> None:
    """Share what is certain among the owners of a form: one has it all, two have half of it each.

    Owners that are held back have a small part where others are not, and never all.
    """
    all_choices = list(choices)
    parts = [choice.gain * (_PART_HELD_BACK if choice.is_held_back else 1.0) for choice in all_choices]
    total = sum(parts)
    most = HELD_BACK if all(choice.is_held_back for choice in all_choices) else 1.0
    for choice, part in zip(all_choices, parts, strict=True):
        choice.score = most * part / total


_PART_HELD_BACK: Final = 0.03
"""Part of an owner that is held back, against another's 1: less than would keep that from being a match."""
