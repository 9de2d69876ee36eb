"""wrong-case: a known name without its capitals.

biden’s for Biden’s, Mcconnell for McConnell. A name that is an English word in lower case (bush, may) is
one only behind a title or given name. A word that is a name somewhere may be a word of this text (vox
populi, lima beans): a single word is safe to fix only where the draft names its entity rightly, too, or a
title, a first name or, for a word that the dictionary has with a capital only, a preposition of place or a
known name joined to it stands before it, and it describes no noun (moscow mule). Names of several words
are safe unless English words make them up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from operator import ne
from typing import Final

from normalizer.checker.grammar import WHEREABOUTS
from normalizer.checker.known import Known, Standing
from normalizer.checker.reading import Reading
from normalizer.checker.wording import finding_of_known
from normalizer.model import Applicability, EntityType, Finding
from normalizer.text.folding import fold
from normalizer.text.gaps import BETWEEN_WORDS, Gap

ID: Final = "wrong-case"
_CITING: Final = frozenset("\"'“‘«„(*_")
_NAMING: Final = frozenset("word words term name noun verb adjective prefix suffix spelling called".split())
"""What stands before a word that is spoken about rather than used: a mark, or one of these."""
_OF_PLACES: Final = WHEREABOUTS | {"at", "for", "of", "against"}
"""Prepositions behind which a word that the dictionary has with a capital only is the place."""
_DELIBERATE: Final = 3
"""A draft that writes a form in lower case so often may mean a word."""


def check(reading: Reading) -> Iterator[Finding]:
    """Give the findings of this rule, in order."""
    spellings = Counter(_spelling(reading, mention) for mention in reading.known.mentions)
    for mention in reading.known.mentions:
        if mention.standing is Standing.WRONG_CASE:
            is_often = spellings[_spelling(reading, mention)] >= _DELIBERATE
            is_deliberate = is_often and _may_be_a_word(reading, mention)
            mention = _nearest(reading, mention)
            applicability = Applicability.DISPLAY if is_deliberate else _applicability(reading, mention)
            yield finding_of_known(ID, reading, mention, applicability, "not in the capitals of")


def _spelling(reading: Reading, mention: Known) -> tuple[str, ...]:
    """What stands in the draft, and of which forms it is."""
    surface = reading.draft.surface(mention.start, mention.stop)
    return surface, *(f"{form.entity.id} {form.alias.name}" for form in mention.forms)


def _may_be_a_word(reading: Reading, mention: Known) -> bool:
    """Whether a form in lower case may be a word that is meant.

    It is none at the head of a sentence, nor where the dictionary knows the word with a capital only.
    """
    surface = reading.draft.surface(mention.start, mention.stop)
    return (
        surface.islower()
        and fold(surface) not in reading.lexicon.capitalised
        and not reading.draft.begins_sentence(mention.start)
    )


def _nearest(reading: Reading, mention: Known) -> Known:
    """A mention with the nearest of its forms alone: Von der leyen is Von der Leyen, not von der Leyen.

    Of one word the nearest says nothing (nato: Nato or NATO), nor does it where a sentence begins.
    """
    names = {form.alias.name for form in mention.forms}
    is_open = mention.stop - mention.start < 2 or reading.draft.begins_sentence(mention.start)
    if is_open or len(names) < 2 or len({form.entity.id for form in mention.forms}) > 1:
        return mention
    surface = reading.draft.surface(mention.start, mention.stop)
    changes = {name: sum(map(ne, surface, name)) for name in names}
    nearest = [form for form in mention.forms if changes[form.alias.name] == min(changes.values())]
    return replace(mention, forms=tuple(nearest))


def _applicability(reading: Reading, mention: Known) -> Applicability:
    if len({form.alias.name for form in mention.forms}) > 1:
        return Applicability.DISPLAY
    draft = reading.draft
    first = draft.tokens[mention.start].start
    is_cited = draft.text[max(0, first - 1) : first] in _CITING or (
        mention.start > 0 and draft.words[mention.start - 1] in _NAMING
    )
    is_described = mention.stop - mention.start == 1 and _stands_before_a_noun(reading, mention)
    is_words = all(word in reading.lexicon.words for word in draft.words[mention.start : mention.stop])
    is_acronym = mention.forms[0].alias.name.isupper()
    if (
        is_cited
        or is_described
        or is_words
        or is_acronym
        or not _is_lowered(draft.surface(mention.start, mention.stop), mention)
    ):
        return Applicability.UNSAFE
    if mention.stop - mention.start > 1 or _is_spoken_of(reading, mention):
        return Applicability.SAFE
    return Applicability.UNSAFE


def _stands_before_a_noun(reading: Reading, mention: Known) -> bool:
    """Whether a word describes the noun behind it, and may be part of a term (moscow mule)."""
    draft, stop = reading.draft, mention.stop
    return (
        stop < len(draft.tokens)
        and draft.gaps[stop] is Gap.SPACE
        and not draft.tokens[stop - 1].suffix
        and reading.grammar.is_plain_noun(stop)
    )


def _is_lowered(surface: str, mention: Known) -> bool:
    """Whether small letters stand for capitals only, and no capital for a small letter."""
    form = mention.forms[0].alias.name
    pairs = list(zip(surface, form, strict=False))
    return len(surface) == len(form) and all(a == b or a == b.lower() for a, b in pairs)


def _is_spoken_of(reading: Reading, mention: Known) -> bool:
    """Whether the draft names the entity rightly elsewhere, or a title or first name stands before."""
    if any(reading.presence.has(form.entity.id) for form in mention.forms):
        return True
    if mention.start == 0 or reading.draft.gaps[mention.start] not in (*BETWEEN_WORDS, Gap.COMMA):
        return False
    if reading.draft.words[mention.start] in reading.lexicon.capitalised and (
        _stands_as_a_place(reading, mention) or _is_joined(reading, mention)
    ):
        return True
    if reading.draft.gaps[mention.start] is Gap.COMMA:
        return False
    titles = {fold(title.name) for form in mention.forms for title in form.entity.titles}
    given = {word for form in mention.forms for word in fold(form.entity.name).split()[:-1]}
    is_titled = bool(reading.grammar.title_before(mention.start, titles)[0])
    return is_titled or reading.draft.words[mention.start - 1] in given


def _stands_as_a_place(reading: Reading, mention: Known) -> bool:
    """Whether a place stands behind a preposition of place (in moscow)."""
    is_place = all(form.entity.type is EntityType.PLACE for form in mention.forms)
    return is_place and reading.draft.words[mention.start - 1] in _OF_PLACES


def _is_joined(reading: Reading, mention: Known) -> bool:
    """Whether a known name in its capitals is joined to it (Malaysia and indonesia)."""
    draft, joined = reading.draft, mention.start - 1
    if draft.gaps[mention.start] is not Gap.COMMA:
        if draft.words[joined] not in ("and", "or"):
            return False
        joined -= 1
    return joined in reading.presence.known_at and draft.tokens[joined].is_capitalised
