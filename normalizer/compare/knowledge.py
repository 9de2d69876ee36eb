"""What is known of the words of names: lists kept by hand under `normalizer/data/names/`.

Each list is text: a group of words a line, `head: variant variant`, sections in brackets, comments after
`#`. All words are folded and in Latin letters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from normalizer.model import EntityType

FOLDER: Final = Path(__file__).parent.parent / "data" / "names"


class Role(StrEnum):
    """What a word of a name is there for."""

    TELLING = "telling"
    COMMON = "common"
    KIND = "kind"
    LEGAL = "legal"
    LISTING = "listing"
    DIRECTION = "direction"
    SIZE = "size"
    HONORIFIC = "honorific"
    OCCUPATION = "occupation"
    PARTICLE = "particle"
    RELATION = "relation"
    SMALL = "small"
    INITIAL = "initial"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of the words of one type of entity.

    Attributes:
        roles: Word → its role; words that are not in it tell which one is meant.
        heads: Word → the head of its group: words of one head mean the same.
        forms: Given name → the names that it is a form of, by number.
        nicknames: Pet name → the names that it may stand for, by number.
    """

    roles: dict[str, Role] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    forms: dict[str, frozenset[int]] = field(default_factory=dict)
    nicknames: dict[str, frozenset[int]] = field(default_factory=dict)


SMALL_WORDS: Final = (
    "the of and for de la le les du des der die das di da do dos e y et und in at on a al el bin ibn von van "
    "as to an del della dell delle degli dei den det og och i u o na za pri w we ve fur zur zum im am or ou "
    "n va wa by with und"
).split()
"""Articles, prepositions and conjunctions of the languages that names are most often in."""


@cache
def words_of(type: EntityType) -> Words:
    """The lists that hold for a type; for `other` all of them."""
    known = Words()
    known.roles.update(dict.fromkeys(SMALL_WORDS, Role.SMALL))
    if type is not EntityType.ORGANIZATION and type is not EntityType.PERSON:
        _add(known, "place_words.txt")
    if type is not EntityType.PLACE and type is not EntityType.PERSON:
        _add(known, "organization_words.txt")
        if type is EntityType.ORGANIZATION:
            _add(known, "place_words.txt", only=(Role.DIRECTION,))
    if type is EntityType.PERSON or type is EntityType.OTHER:
        _add(known, "person_words.txt")
        _add_given_names(known)
    return known


def _add(known: Words, file: str, only: tuple[Role, ...] = ()) -> None:
    """Add the words of a list; what is known already stays."""
    role = Role.TELLING
    for line in _lines(file):
        if line[0] == "[":
            role = Role(line.strip("[]"))
            continue
        if only and role not in only:
            continue
        head, has_variants, rest = line.partition(":")
        words = [head.strip(), *rest.split()] if has_variants else line.split()
        for word in words:
            known.roles.setdefault(word, role)
            if has_variants:
                known.heads.setdefault(word, words[0])


def _add_given_names(known: Words) -> None:
    forms, nicknames = defaultdict(set), defaultdict(set)
    for number, line in enumerate(_lines("given_names.txt")):
        names, _, short = line.partition(":")
        for name in names.split():
            forms[name].add(number)
        for name in short.split():
            nicknames[name].add(number)
    known.forms.update({name: frozenset(numbers) for name, numbers in forms.items()})
    known.nicknames.update({name: frozenset(numbers) for name, numbers in nicknames.items()})


@cache
def known_places() -> dict[str, frozenset[int]]:
    """Folded name in Latin letters → the countries and capitals that are known by it, by number."""
    places = defaultdict(set)
    for number, forms in enumerate(_places()):
        for form in forms:
            if form[0] != "=":
                places[form].add(number)
    return {form: frozenset(numbers) for form, numbers in places.items()}


def country_forms(name: str) -> tuple[str, ...]:
    """All folded names of the country that a folded name or ISO 3166 code is of; itself if it is of none.

    >>> "ivory coast" in country_forms("ci"), country_forms("narnia")
    (True, ('narnia',))
    """
    code = f"={name}"
    known = [forms for forms in _places() if name in forms or code in forms]
    return tuple(dict.fromkeys([name, *(form.lstrip("=") for forms in known for form in forms)]))


@cache
def _places() -> tuple[tuple[str, ...], ...]:
    """The forms of each known place; its ISO code begins with an equals sign."""
    return tuple(tuple(line.split(", ")) for line in _lines("places.txt"))


def _lines(file: str) -> Iterator[str]:
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        stripped = line.strip()
        if stripped and stripped[0] != "#":
            yield stripped
