"""The checks of a registry, each a function from the registry to remarks; `remarks_on` runs them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from normalizer.compare import CONFLICTS, compare_names
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import AliasKind, Candidate, Entity, EntityType
from normalizer.registry import Registry
from normalizer.rulebook import Level
from normalizer.text.folding import fold
from normalizer.upkeep.remarks import Remark

_ALIKE: Final = 80
"""Least likeness of whole strings, in hundredths, for two forms to be compared at all (chosen)."""
_FLOOR: Final = 0.85
"""Least likeness of a form to another entity's to be weighed (chosen)."""
_EVEN: Final = 0.5
"""Probability from which a form is rather another entity's."""
_PORTION: Final = 2_000
"""Forms whose neighbours are looked for at a time, so that memory stays flat."""

_PARTS: Final = (AliasKind.SHORT, AliasKind.ACRONYM)
"""Kinds whose likeness to another name says nothing."""

_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LOOKALIKE: Final = re.compile("[\u0370-\u03ff\u1f00-\u1fff\u0400-\u052f]")
_WORD: Final = re.compile(r"\w+")


def remarks_on(registry: Registry, matcher: Matcher, lexicon: Lexicon, same: float) -> list[Remark]:
    """Say everything that is odd in a registry.

    Args:
        registry: What is looked at.
        matcher: A matcher over the same registry.
        lexicon: What is known of English.
        same: Probability from which two names count as those of one entity (the threshold of `compare`).

    Returns:
        The remarks by entity id, then by check.
    """
    remarks = [
        *_claimed_twice(registry),
        *_shared_ids(registry),
        *_nothing_to_match(registry),
        *_words_without_guard(registry, lexicon),
        *_mixed_scripts(registry),
        *_alike(registry, matcher, same),
    ]
    return sorted(set(remarks), key=lambda remark: (remark.entity_id, remark.check, remark.message))


def _claimed_twice(registry: Registry) -> Iterator[Remark]:
    """Forms that several entities claim: ambiguous when met, and sometimes one entity too many."""
    for key, entities in registry.ambiguous().items():
        first, *others = (entity.id for entity in entities)
        message = f"the form '{key}' is claimed by {', '.join(others)} too; it is reported as ambiguous"
        yield Remark("claimed-twice", Level.INFO, first, message, tuple(others))


def _shared_ids(registry: Registry) -> Iterator[Remark]:
    """Two entities with one identifier elsewhere: probably one entity, or one wrong identifier."""
    owners: dict[tuple[str, str], list[str]] = {}
    for entity in registry.entities.values():
        for pair in entity.ids:
            owners.setdefault(pair, []).append(entity.id)
    for (scheme, value), ids in owners.items():
        if len(ids) > 1:
            message = f"{', '.join(ids[1:])} has the same {scheme} {value}; merge them, or mend the id"
            yield Remark("shared-id", Level.WARNING, ids[0], message, tuple(ids[1:]))


def _nothing_to_match(registry: Registry) -> Iterator[Remark]:
    """Forms that fold to nothing; JSON Lines may hold them."""
    for entity in registry.entities.values():
        for form in entity.forms():
            if not fold(form.name):
                message = f"'{form.name}' holds no letter or digit and never matches; remove it"
                yield Remark("folds-to-nothing", Level.WARNING, entity.id, message)


def _words_without_guard(registry: Registry, lexicon: Lexicon) -> Iterator[Remark]:
    """Aliases that are English words in lower case, and count there for want of a guard.

    An alias that folds to the canonical name is left alone: a guard on it would change nothing.
    """
    for entity in registry.entities.values():
        own = fold(entity.name)
        for alias in entity.aliases:
            key = fold(alias.name)
            if alias.guard is None and key != own and key in lexicon.words:
                message = f"'{alias.name}' is an English word; give it a guard: {{cased: true}}"
                yield Remark("word-without-guard", Level.WARNING, entity.id, message)


def _mixed_scripts(registry: Registry) -> Iterator[Remark]:
    """Latin letters beside Greek or Cyrillic ones in one word: they look alike and match nothing."""
    for entity in registry.entities.values():
        for form in entity.forms():
            for word in _WORD.findall(form.name):
                strange = _LOOKALIKE.search(word)
                if strange and _LATIN.search(word):
                    code = f"U+{ord(strange.group()):04X}"
                    message = f"'{word}' mixes scripts: {strange.group()} is {code}; write it in one"
                    yield Remark("mixed-scripts", Level.WARNING, entity.id, message)


def _alike(registry: Registry, matcher: Matcher, same: float) -> Iterator[Remark]:
    """Forms that are rather another entity's, and entities that are probably one."""
    owners: dict[str, list[Entity]] = {}
    for entity in registry.entities.values():
        for form in entity.forms():
            if form.kind not in _PARTS and (key := fold(form.name)):
                owners.setdefault(key, []).append(entity)
    keys = list(owners)
    for start in range(0, len(keys), _PORTION):
        portion = keys[start : start + _PORTION]
        for key, candidates in zip(portion, matcher.neighbours(portion, _ALIKE, _FLOOR), strict=True):
            for entity, candidate in _pairs(owners[key], candidates):
                yield from _weighed(key, entity, candidate, same)
    for entities in registry.ambiguous().values():
        for first, second in combinations(entities, 2):
            if first.name.casefold() == second.name.casefold() and not _are_told_apart(first, second):
                yield _probably_same(first, second)


def _pairs(owners: list[Entity], candidates: list[Candidate]) -> Iterator[tuple[Entity, Candidate]]:
    """Each owner of a form with each other entity of its type that has a form like it."""
    ids = {entity.id for entity in owners}
    for candidate in candidates:
        if candidate.entity.id not in ids:
            for entity in owners:
                if not _are_told_apart(entity, candidate.entity):
                    yield entity, candidate


def _weighed(key: str, entity: Entity, candidate: Candidate, same: float) -> Iterator[Remark]:
    other = candidate.entity
    probability = _probability(key, candidate.alias.name, entity.type)
    if key == fold(entity.name):
        if probability >= same and candidate.alias.name == other.name:
            yield _probably_same(*sorted((entity, other), key=lambda one: one.id))
        return
    if probability < _EVEN or len(key.split()) < 2 or candidate.alias.kind in _PARTS:
        return
    own = max(
        (_probability(key, form.name, entity.type) for form in entity.forms() if fold(form.name) != key),
        default=0.0,
    )
    if probability > own:
        message = f"the form '{key}' is nearer to '{candidate.alias.name}' of {other.id}; see whose it is"
        yield Remark("nearer-to-another", Level.WARNING, entity.id, message, (other.id,))


def _probably_same(first: Entity, second: Entity) -> Remark:
    message = (
        f"probably the same as {second.id} ('{second.name}'); merge them, or tell them apart by not or ids"
    )
    return Remark("probably-same", Level.WARNING, first.id, message, (second.id,))


def _are_told_apart(first: Entity, second: Entity) -> bool:
    """Whether the registry itself says that two are not one: by type, ids, countries or `not`."""
    if first.type is not second.type and EntityType.OTHER not in (first.type, second.type):
        return True
    ids = dict(first.ids)
    if any(scheme in ids and ids[scheme] != value for scheme, value in second.ids):
        return True
    if first.countries and second.countries and not set(first.countries) & set(second.countries):
        return True
    for one, other in ((first, second), (second, first)):
        if one.never and {fold(form) for form in one.never} & {fold(form.name) for form in other.forms()}:
            return True
    return False


def _probability(first: str, second: str, type: EntityType) -> float:
    comparison = compare_names(first, second, type)
    return 0.0 if any(item.feature in CONFLICTS for item in comparison.evidence) else comparison.score
