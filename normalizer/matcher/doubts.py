"""What keeps a candidate from being a match however probable: names that nothing explains, other kinds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from normalizer.compare.alignment import Alignment
from normalizer.compare.knowledge import Role, words_of
from normalizer.compare.parts import Name
from normalizer.compare.words import EQUAL
from normalizer.matcher.choice import Choice
from normalizer.model import EntityType, Evidence

_NAMES: Final = frozenset({Role.TELLING, Role.COMMON})
"""Roles of the words that are names of a person."""
_LANDSCAPE: Final = frozenset(
    "river lake bay island islands falls mount mountain mountains sea ocean gulf valley desert strait cape "
    "peninsula forest hill hills beach park airport canal dam bridge".split()
)
"""Kinds of places that lie beside, or in, the place whose name they share (Lake Chad, Jordan River)."""
_INSTITUTIONS: Final = frozenset(
    "bank university college institute ministry club company hospital school party agency press court "
    "embassy airlines newspaper".split()
)
"""Kinds of organizations that are named after a place (Bank of Ireland)."""


def hold_back(choices: Sequence[Choice]) -> None:
    """Mark the choices that a person must look at."""
    sharing = [choice for choice in choices if _shared_word(choice)]
    for choice in choices:
        if choice.comparison is None:
            continue
        alignment = choice.comparison.alignment
        if choice.entity.type is EntityType.PERSON:
            _doubt(choice, "other-name", _unexplained(alignment))
            if len(sharing) > 1:
                _doubt(choice, "shared-name", _shared_word(choice))
        else:
            _doubt(choice, "other-kind", *_kinds(alignment, choice.entity.type))


def _doubt(choice: Choice, feature: str, query: str, name: str = "") -> None:
    if query or name:
        choice.is_held_back = True
        choice.evidence.append(Evidence(feature, 1.0, -1.0, query, name))


def _unexplained(alignment: Alignment) -> str:
    """The names of a mention that the form does not have.

    Beside the only name that is shared, or in place of one of the form, they are somebody else's: Q. Scholz
    is like the short form Scholz, and Kim Il-sung like Kim Jong Il.
    """
    query, name = alignment.query.parts, alignment.name.parts
    is_all_that_is_shared = sum(pair.is_telling for pair in alignment.pairs) < 2
    is_in_place_of_one = any(name[place].role in _NAMES for place in alignment.missing)
    if not (is_all_that_is_shared or is_in_place_of_one):
        return ""
    roles = {*_NAMES, Role.INITIAL} if is_all_that_is_shared else _NAMES
    return " ".join(query[place].written for place in alignment.extra if query[place].role in roles)


def _shared_word(choice: Choice) -> str:
    """The mention, where it is one word that stands in a longer name of a person (Zapatero)."""
    if choice.comparison is None or choice.entity.type is not EntityType.PERSON:
        return ""
    alignment = choice.comparison.alignment
    is_one_of_several = len(alignment.query.parts) == 1 < len(alignment.name.parts)
    if is_one_of_several and any(pair.feature == EQUAL for pair in alignment.pairs):
        return alignment.query.key
    return ""


def _kinds(alignment: Alignment, type: EntityType) -> tuple[str, str]:
    """Words without a partner that say that one is of another kind: Lake Chad, Bank of Ireland.

    Of organizations only where both sides say so (Johns Hopkins Hospital, University): a department is
    often named before its university.
    """
    first = _words_of_kind(alignment.query, alignment.extra, type)
    second = _words_of_kind(alignment.name, alignment.missing, type)
    if type is EntityType.ORGANIZATION and not (first and second):
        return "", ""
    return first, second


def _words_of_kind(name: Name, left: Collection[int], type: EntityType) -> str:
    if not left:
        return ""
    organizations = words_of(EntityType.ORGANIZATION)
    found = []
    for place in left:
        part = name.parts[place]
        if type is EntityType.ORGANIZATION:
            is_kind = part.role is Role.KIND
        else:
            head = organizations.heads.get(part.word, part.word)
            is_kind = part.head in _LANDSCAPE or head in _INSTITUTIONS
        if is_kind:
            found.append(part.written)
    return " ".join(found)
