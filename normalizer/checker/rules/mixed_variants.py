"""mixed-variants: two accepted spellings of one entity in one draft.

Kiev beside Kyiv, Zelenskiy beside Zelensky: each is right by itself, both together are not. The preferred
form is the canonical name, or the part of it that stands for the form; a form of the kinds accepted and
transliteration gives way to it. A draft that holds on to one accepted spelling is left alone, and so is a
form in a quote, in a longer name (Dynamo Kiev), in a set phrase (chicken Kiev) or spoken about (Kyiv,
formerly Kiev).
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from normalizer.checker.draft import Draft
from normalizer.checker.findings import finding_at, times
from normalizer.checker.grammar import is_like_any
from normalizer.checker.known import Known, Standing
from normalizer.checker.reading import Reading
from normalizer.model import Alias, AliasKind, Applicability, Candidate, Entity, EntityType, Finding
from normalizer.text.folding import fold
from normalizer.text.tokens import tokenize

ID: Final = "mixed-variants"
_VARIANT: Final = frozenset({AliasKind.ACCEPTED, AliasKind.TRANSLITERATION})
_PREFERRED: Final = frozenset({AliasKind.SHORT, AliasKind.ALIAS})

_ALIKE: Final = 40
"""Least ratio, in hundredths, of two spellings of a word: Calcutta and Kolkata have 53."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Variant:
    """A mention in a form that gives way, and the form it gives way to."""

    mention: Known
    alias: Alias
    words: Words
    target: Words


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule."""
    mentions: dict[str, list[Known]] = defaultdict(list)
    for mention in reading.known.mentions:
        ids = {form.entity.id for form in mention.forms}
        if mention.standing is Standing.RIGHT and len(ids) == 1 and _is_name(reading.draft, mention):
            mentions[ids.pop()].append(mention)
    for same in mentions.values():
        entity = same[0].forms[0].entity
        if any(alias.kind in _VARIANT for alias in entity.aliases):
            yield from _mixed(reading, entity, same)


def _is_name(draft: Draft, mention: Known) -> bool:
    return mention.is_sure or not (draft.begins_sentence(mention.start) or draft.is_headline(mention.start))


def _mixed(reading: Reading, entity: Entity, mentions: list[Known]) -> Iterator[Finding]:
    """The findings of one entity."""
    draft = reading.draft
    forms = {_spelled(alias.name): alias for alias in reversed(entity.forms())}
    targets = _targets(entity)
    preferred: Counter[str] = Counter()
    variants: list[_Variant] = []
    for mention in mentions:
        words = tuple(spelling(token.text) for token in draft.tokens[mention.start : mention.stop])
        alias = forms.get(words)
        if alias is None or alias.kind not in _VARIANT or words in targets:
            preferred.update(words)
        elif (target := _target(words, targets, entity)) is not None:
            variants.append(_Variant(mention, alias, words, target))
    changing = [variant for variant in variants if not _stays(reading, variant, entity)]
    counts = Counter((variant.target, variant.words) for variant in changing)
    rivals = Counter(target for target, _ in counts)
    for variant in changing:
        wanted = set(variant.target) - set(variant.words)
        often = min((preferred[word] for word in wanted), default=0)
        if wanted and (often or rivals[variant.target] > 1):
            yield _finding(reading, entity, variant, often, counts[variant.target, variant.words])


def _finding(reading: Reading, entity: Entity, variant: _Variant, preferred: int, own: int) -> Finding:
    draft, mention = reading.draft, variant.mention
    start, stop, words = mention.start, mention.stop, _printed(entity, variant.target)
    if len(words) == stop - start:
        while len(words) > 1 and variant.words[start - mention.start] == spelling(words[0]):
            start, words = start + 1, words[1:]
        while len(words) > 1 and variant.words[stop - 1 - mention.start] == spelling(words[-1]):
            stop, words = stop - 1, words[:-1]
    form = _stretch(entity, variant.target) if len(words) == len(variant.target) else " ".join(words)
    shown = f"{form} is preferred" + (f" and stands here {times(preferred)}" if preferred else "")
    message = f"accepted, but the draft mixes spellings: {shown}, {variant.alias.name} {times(own)}"
    is_safe = preferred > 0 and not reading.fixed_phrases.is_of_old_time(mention.start)
    return finding_at(
        ID,
        draft,
        range(start, stop),
        message,
        replacement=form,
        applicability=Applicability.SAFE if is_safe else Applicability.UNSAFE,
        candidates=[Candidate(entity, variant.alias, 1.0)],
        score=0.95 if preferred else 0.8,
    )


def _stays(reading: Reading, variant: _Variant, entity: Entity) -> bool:
    """Whether a mention is left alone where it stands."""
    mention = variant.mention
    first = reading.presence.first_name_before(mention.start)
    if entity.type is EntityType.PERSON and first:
        return mention.start in reading.quoted or not is_like_any(first, fold(entity.name).split())
    return reading.fixed_phrases.keeps(mention.start, mention.stop, entity.keep)


def _targets(entity: Entity) -> dict[Words, str]:
    """The preferred forms by their words: the canonical name, its parts, and short forms."""
    names = [entity.name, *(alias.name for alias in entity.aliases if alias.kind in _PREFERRED)]
    targets = {_spelled(name): name for name in reversed(names)}
    if entity.type is EntityType.PERSON:
        tokens = list(tokenize(entity.name))
        for start in range(len(tokens)):
            for stop in range(start + 1, len(tokens) + 1):
                part = entity.name[tokens[start].start : tokens[stop - 1].end]
                targets.setdefault(_spelled(part), part)
    return targets


def _target(words: Words, targets: dict[Words, str], entity: Entity) -> Words | None:
    """The preferred form that a variant gives way to: of as many words, and the likest."""
    if fold(entity.name).isascii() is not fold(" ".join(words)).isascii():
        return None
    fitting = [
        target
        for target in targets
        if len(target) == len(words)
        and all(one == other or _is_respelled(one, other) for one, other in zip(words, target, strict=True))
    ]
    text, whole = " ".join(words), _spelled(entity.name)
    ranked = sorted(
        fitting, key=lambda target: (-fuzz.ratio(text, " ".join(target)), target != whole, target)
    )
    return ranked[0] if ranked else None


def _is_respelled(one: str, other: str) -> bool:
    """Whether two words may be one in two spellings: neither a number, nor letters that stand for words."""
    both = one + other
    return both.isalpha() and min(len(one), len(other)) > 2 and fuzz.ratio(fold(one), fold(other)) >= _ALIKE


def _stretch(entity: Entity, target: Words) -> str:
    return _targets(entity)[target]


def _printed(entity: Entity, target: Words) -> list[str]:
    """The words of a preferred form as they are printed."""
    return [token.text + token.suffix for token in tokenize(_stretch(entity, target))]


def _spelled(name: str) -> Words:
    return tuple(spelling(token.text) for token in tokenize(name))


def spelling(word: str) -> str:
    """A word letter for letter, with its accents, but without case and invisible characters."""
    composed = unicodedata.normalize("NFC", word).casefold()
    return "".join(char for char in composed if unicodedata.category(char) != "Cf")
