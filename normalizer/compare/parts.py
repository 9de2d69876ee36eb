"""The typed parts of a folded name: what each word is, and how much it says about who is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from normalizer.compare.knowledge import Role, words_of
from normalizer.model import EntityType
from normalizer.text.script import by_syllable, lacks_vowels, romanized

SUFFIXES: Final = {"jr": 2, "jnr": 2, "junior": 2, "sr": 1, "snr": 1, "senior": 1}
"""Generational suffixes with the number they stand for."""
ROMAN: Final = {
    "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13,
    "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21, "xxiii": 23,
}  # fmt: skip
"""Roman numerals of two letters and more; one letter is an initial as often as a number."""
_ONE_LETTER: Final = {"i": 1, "v": 5, "x": 10}
_AFTER_THE: Final = {"elder": 1, "younger": 2}
_ALSO_NAMES: Final = frozenset({"vi", "xi"})
"""Roman numerals that are names inside a name (Xi, Vi)."""
_THRONES: Final = frozenset("king queen pope emperor empress tsar czar prince princess sultan kaiser".split())
"""First words behind which a last letter is an ordinal: King Charles I."""
_UNITS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_TEENTHS: Final = (
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
)
NUMBERS: Final = (
    {word: value for value, word in enumerate(_UNITS) if value}
    | {word: 10 * value for value, word in enumerate(_TENS, 2)}
    | {word: value for value, word in enumerate([*_ORDINALS, *_TEENTHS], 1)}
)
"""Number words; they are equal to their figures."""

ROLE_WEIGHTS: Final[dict[Role, float]] = {
    Role.TELLING: 1.0,
    Role.COMMON: 0.65,
    Role.KIND: 0.4,
    Role.LEGAL: 0.12,
    Role.LISTING: 0.06,
    Role.DIRECTION: 0.8,
    Role.SIZE: 0.6,
    Role.HONORIFIC: 0.1,
    Role.OCCUPATION: 0.12,
    Role.PARTICLE: 0.15,
    Role.RELATION: 0.15,
    Role.SMALL: 0.12,
    Role.INITIAL: 0.35,
    Role.NUMBER: 0.8,
}
"""What a word weighs against a telling word's 1 (chosen by hand; what they count for is learned)."""

TELLING: Final = frozenset({Role.TELLING, Role.COMMON, Role.NUMBER, Role.SIZE, Role.DIRECTION})
"""Roles of the words that say which one is meant."""


@dataclass(slots=True, eq=False)
class Part:
    """One word of a name.

    Attributes:
        word: The folded word in Latin letters.
        role: What it is there for.
        weight: How much it says, before rarity: 0.1 for an honorific, about 1 for a surname.
        head: The head of the words that mean the same, or the word itself.
        generation: The number of a generational suffix or ordinal, or 0.
        lacks_vowels: Whether it was written in a script without vowels.
        written: The folded word as it was written.
        is_telling: Whether it says which one is meant, not what kind of thing it is.
        by_syllable: Whether it was written in Han, kana or Hangul, where one character is a syllable.
        forms: The given names that it is a form of.
        nicknames: The given names that it may be short for.
        is_plain: Whether there is nothing to it but its letters.
    """

    word: str
    role: Role
    weight: float
    head: str
    generation: int
    lacks_vowels: bool
    written: str
    is_telling: bool
    by_syllable: bool
    forms: frozenset[int]
    nicknames: frozenset[int]
    is_plain: bool


@dataclass(slots=True, eq=False)
class Name:
    """A folded name, taken apart.

    Attributes:
        key: The folded name.
        type: What it is taken for.
        parts: Its words.
        joined: The words without spaces.
        by_syllable: Whether it was written in Han, kana or Hangul.
        has_initials: Whether there is an initial among its words.
        places: Word → where it stands.
        padded: The folded name between spaces.
    """

    key: str
    type: EntityType
    parts: tuple[Part, ...]
    joined: str
    by_syllable: bool
    has_initials: bool
    places: dict[str, list[int]]
    padded: str

    @property
    def initials(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The first letters of the words that count, and of all words, each with their places."""
        counting = tuple(
            place for place, part in enumerate(self.parts) if part.role not in (Role.SMALL, Role.INITIAL)
        )
        ways = dict.fromkeys((counting, tuple(range(len(self.parts)))))
        return tuple(("".join(self.parts[place].word[0] for place in way), way) for way in ways)


@lru_cache(maxsize=1 << 16)
def parsed(key: str, type: EntityType) -> Name:
    """Take a folded name apart.

    What says nothing but what kind of thing it is tells nonetheless if there is nothing else in the name.
    """
    written = _with_whole_numbers(key.split()) if type is not EntityType.PERSON else key.split()
    latin = key if key.isascii() else ""
    parts: list[Part] = []
    last = len(written) - 1
    may_have_generations = type is EntityType.PERSON or type is EntityType.OTHER
    for place, word in enumerate(written):
        generation = _generation_at(written, place, type) if place and may_have_generations else 0
        if latin:
            parts.append(_part(word, word, type, generation, place == last))
        else:
            for piece in romanized(word).split():
                parts.append(_part(piece, word, type, generation, place == last))
    if not any(part.is_telling for part in parts):
        for roles in _TELLING_AT_NEED:
            if any(part.role in roles for part in parts):
                parts = [_telling(part) if part.role in roles else part for part in parts]
                break
    places: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        places.setdefault(part.word, []).append(place)
    return Name(
        key=key,
        type=type,
        parts=tuple(parts),
        joined="".join([part.word for part in parts]),
        by_syllable=not latin and any(part.by_syllable for part in parts),
        has_initials=any(part.role is Role.INITIAL for part in parts),
        places=places,
        padded=f" {key} ",
    )


def _generation_at(words: list[str], place: int, type: EntityType) -> int:
    """The generation or ordinal that a word behind the first stands for; 0 if it is none.

    Firms and places have numbers, not generations: they are not asked.
    """
    word, is_last = words[place], place == len(words) - 1
    if word in SUFFIXES:
        return SUFFIXES[word]
    if type is not EntityType.PERSON:
        return 0
    if word in ROMAN and (is_last or word not in _ALSO_NAMES):
        return ROMAN[word]
    if not is_last:
        return 0
    if word in _ONE_LETTER and (words[0] in _THRONES or word == "v"):
        return _ONE_LETTER[word]
    if words[place - 1] == "the" and place > 1:
        return _AFTER_THE.get(word, NUMBERS.get(word, 0))
    ordinal = re.fullmatch("([1-9][0-9]?)(?:st|nd|rd|th)?", word)
    return int(ordinal[1]) if ordinal else 0


def _with_whole_numbers(words: list[str]) -> list[str]:
    """The words with tens and units written as one: forty four, 44."""
    found: list[str] = []
    for word in words:
        units = NUMBERS.get(word, 0) if word != "ten" else 0
        if found and 0 < units < 10 and found[-1] in _TENS:
            found[-1] = str(NUMBERS[found[-1]] + units)
        else:
            found.append(word)
    return found


_TELLING_AT_NEED: Final = (
    frozenset({Role.KIND}),
    frozenset({Role.OCCUPATION, Role.PARTICLE, Role.RELATION, Role.LISTING}),
    frozenset({Role.INITIAL}),
    frozenset({Role.HONORIFIC, Role.LEGAL}),
    frozenset({Role.SMALL}),
)
"""Words that tell which one is meant where no better ones are, the best first: Bank Club, Der, AT&T."""


@lru_cache(maxsize=1 << 12)
def _telling(part: Part) -> Part:
    if part.role is Role.INITIAL:
        return replace(part, is_telling=True)
    return replace(
        part, role=Role.COMMON, weight=max(part.weight, 0.4 * word_weight(part.word)), is_telling=True
    )


def word_weight(word: str) -> float:
    """What a telling word weighs: more with its length, since short ones are alike by luck."""
    return min(1.0, 0.5 + 0.1 * len(word))


@lru_cache(maxsize=1 << 16)
def _part(word: str, written: str, type: EntityType, generation: int, is_last: bool) -> Part:
    known = words_of(type)
    head = known.heads.get(word, word)
    number = NUMBERS.get(word) if type is not EntityType.PERSON else None
    if number is None and is_last and type in (EntityType.ORGANIZATION, EntityType.OTHER):
        number = ROMAN.get(word)
    if generation:
        head, role = f"#{generation}", Role.TELLING
    elif number is not None:
        head, role = str(number), Role.NUMBER
    elif not word.isalpha():
        role = Role.NUMBER
        head = re.sub("(?<=[0-9])(?:st|nd|rd|th)$", "", word).lstrip("0") or "0"
    elif len(word) == 1 and "a" <= word <= "z" and (type is EntityType.PERSON or word not in known.roles):
        role = Role.INITIAL
    else:
        role = known.roles.get(word, Role.TELLING)
    weight = ROLE_WEIGHTS[role]
    if role is Role.TELLING or role is Role.COMMON:
        weight *= word_weight(word)
    forms, nicknames = known.forms.get(word, _NONE), known.nicknames.get(word, _NONE)
    is_latin = written.isascii()
    return Part(
        word=word,
        role=role,
        weight=weight,
        head=head,
        generation=generation,
        lacks_vowels=not is_latin and lacks_vowels(written),
        written=written,
        is_telling=role in TELLING,
        by_syllable=not is_latin and by_syllable(written),
        forms=forms,
        nicknames=nicknames,
        is_plain=word == head == written and role not in _NOT_PLAIN and not forms and not nicknames,
    )


_NONE: Final[frozenset[int]] = frozenset()
_NOT_PLAIN: Final = frozenset({Role.INITIAL, Role.NUMBER, Role.SMALL})
"""Roles that decide what a word can stand for, whatever its letters are."""
