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
    """The lists that hold for a type; for `other` all of them, the first that knows a word deciding."""
    roles: dict[str, Role] = {}
    heads: dict[str, str] = {}
    for file in reversed(_FILES[type]):
        own_roles, own_heads = _listed(file)
        roles |= own_roles
        heads |= own_heads
    if type is EntityType.ORGANIZATION:
        own_roles, own_heads = _listed("place_words.txt")
        compass = {word for word, role in own_roles.items() if role is Role.DIRECTION}
        roles = dict.fromkeys(compass, Role.DIRECTION) | roles
        heads = {word: own_heads[word] for word in compass} | heads
    roles |= dict.fromkeys(SMALL_WORDS, Role.SMALL)
    has_given_names = type in (EntityType.PERSON, EntityType.OTHER)
    return Words(roles, heads, *(_given_names() if has_given_names else ({}, {})))


_FILES: Final = {
    EntityType.PERSON: ("person_words.txt",),
    EntityType.ORGANIZATION: ("organization_words.txt",),
    EntityType.PLACE: ("place_words.txt",),
    EntityType.OTHER: ("place_words.txt", "organization_words.txt", "person_words.txt"),
}


@cache
def _listed(file: str) -> tuple[dict[str, Role], dict[str, str]]:
    """The role of each word of a list, and the head of its group."""
    roles: dict[str, Role] = {}
    heads: dict[str, str] = {}
    role = Role.TELLING
    for line in _lines(file):
        if line[0] == "[":
            role = Role(line.strip("[]"))
            continue
        head, has_variants, rest = line.partition(":")
        words = [head.strip(), *rest.split()] if has_variants else line.split()
        roles |= dict.fromkeys(words, role)
        if has_variants:
            heads |= dict.fromkeys(words, words[0])
    return roles, heads


@cache
def _given_names() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """Of each given name the names it is a form of, and of each pet name those it may stand for."""
    forms: dict[str, frozenset[int]] = {}
    nicknames: dict[str, frozenset[int]] = {}
    nothing: frozenset[int] = frozenset()
    for number, line in enumerate(_lines("given_names.txt")):
        names, _, short = line.partition(":")
        itself = frozenset((number,))
        for known, words in ((forms, names), (nicknames, short)):
            for word in words.split():
                known[word] = known.get(word, nothing) | itself if word in known else itself
    return forms, nicknames


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
