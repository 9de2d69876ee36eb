"""How like two words of names are, and by what."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from normalizer.compare.knowledge import Role
from normalizer.compare.parts import Part
from normalizer.compare.spelling import spelling_likeness
from normalizer.model import EntityType
from normalizer.text.sound import other_sound, sound_key, vowel_classes, vowelless_pattern

EQUAL: Final = "equal"
SPELLING: Final = "spelling"
SOUND: Final = "sound"
SCRIPT: Final = "script"
INITIAL: Final = "initial"
NICKNAME: Final = "nickname"
VARIANT: Final = "variant"
ABBREVIATION: Final = "abbreviation"

INITIAL_VALUE: Final = 0.9
"""An initial for a whole name (performance.md's alignment scorer: .9)."""
VARIANT_VALUE: Final = 0.97
"""The same word in another form (univ, universidad)."""
FORM_VALUE: Final = 0.93
"""The same given name in another language (Peter, Pyotr)."""
SYLLABLES_ALIKE: Final = 0.8
"""Least likeness of words of Han, kana or Hangul: of three characters none may differ."""
NICKNAME_VALUE: Final = 0.9
SCRIPT_VALUE: Final = 0.9
"""What is written of a word without its short vowels, from three consonants on."""
SHORT_SCRIPT_VALUE: Final = 0.75
"""The same for two consonants, which are those of many names."""
ABBREVIATION_VALUE: Final = 0.75
KNOWN_APART: Final = 0.8
"""What is left of the likeness of two given names that are known to be different ones (Michel, Michelle)."""
SOUND_BASE: Final = 0.55
"""What one sound is worth alone, from three letters on; the spelling makes up the rest (chosen)."""
SOUND_SHARE: Final = 0.4
LEAST_HEARD: Final = 0.25
"""Likeness of the letters below which one sound key joins strangers: Edgar and Utkir, Carasso and Quirico."""
_VOWELS: Final = frozenset("aeiou")


@lru_cache(maxsize=1 << 18)
def word_likeness(a: Part, b: Part, type: EntityType) -> tuple[float, str]:
    """Compare two words of names.

    Args:
        a: A word of the mention.
        b: A word of the registry's form.
        type: What the names are taken for.

    Returns:
        Likeness from 0 to 1, and the feature that gave it.
    """
    first, second = a.word, b.word
    if a.is_plain and b.is_plain:
        value, feature = (1.0, EQUAL) if first == second else _by_letters(first, second)
        return _or_abbreviated(value, feature, first, second, type)
    if a.by_syllable and b.by_syllable:  # other characters of one reading are another name
        value = OSA.normalized_similarity(a.written, b.written, score_cutoff=SYLLABLES_ALIKE)
        return value, EQUAL if a.written == b.written else SPELLING
    if first == second:
        return 1.0, EQUAL if a.written == b.written else SCRIPT
    if a.lacks_vowels and b.lacks_vowels:  # every letter that is written counts
        return spelling_likeness(a.written, b.written), SPELLING
    if a.role is Role.INITIAL or b.role is Role.INITIAL:
        is_initial = first[0] == second[0] and len(first) + len(second) > 2
        return (INITIAL_VALUE, INITIAL) if is_initial else (0.0, INITIAL)
    if a.head == b.head:
        return VARIANT_VALUE, VARIANT
    if a.forms & b.forms:
        return FORM_VALUE, VARIANT
    if a.role is Role.NUMBER or b.role is Role.NUMBER:
        return 0.0, SPELLING
    if a.role is not b.role and Role.SMALL in (a.role, b.role):
        return 0.0, SPELLING
    if (a.nicknames and a.nicknames & (b.forms | b.nicknames)) or b.nicknames & a.forms:
        return NICKNAME_VALUE, NICKNAME
    value, feature = _by_letters(first, second)
    if a.lacks_vowels is not b.lacks_vowels and value < SCRIPT_VALUE:
        read = vowelless_likeness(first, second) if a.lacks_vowels else vowelless_likeness(second, first)
        if read > value:
            value, feature = read, SCRIPT
    if value and a.forms and b.forms:
        value *= KNOWN_APART
    return _or_abbreviated(value, feature, first, second, type)


def _by_letters(first: str, second: str) -> tuple[float, str]:
    """How like two words are spelled, or sound."""
    longest = max(len(first), len(second))
    edits = OSA.distance(first, second)
    value = spelling_likeness(first, second, edits)
    likeness = 1.0 - edits / longest
    if likeness >= LEAST_HEARD and _sound_alike(first, second):
        sounding = SOUND_BASE + SOUND_SHARE * likeness
        if sounding > value:
            return sounding, SOUND
    return value, SPELLING


def _or_abbreviated(
    value: float, feature: str, first: str, second: str, type: EntityType
) -> tuple[float, str]:
    """What was found of two words, or that one abbreviates the other, if that is more."""
    if value < ABBREVIATION_VALUE and type is not EntityType.PERSON and _abbreviates(first, second):
        return ABBREVIATION_VALUE, ABBREVIATION
    return value, feature


def _sound_alike(one: str, other: str) -> bool:
    """Whether two words share a sound key, of some length, under any reading of their letters."""
    if len(one) < 3 or len(other) < 3:
        return False
    first, second = sound_key(one), sound_key(other)
    if len(first) < 3:
        return False
    return first == second or other_sound(one) == second or first == other_sound(other)


def vowelless_likeness(bare: str, word: str) -> float:
    """How well a word in full is a reading of one that was written without its short vowels.

    What is written must be there, long vowels too; vowels between are free. An article (al, l) may stand in
    front of the bare word alone.

    >>> vowelless_likeness("mhmwd", "mahmoud"), vowelless_likeness("mhmwd", "muhammad")
    (0.9, 0.0)
    """
    pattern, count = vowelless_pattern(bare)
    readings = {word, word.replace("j", "i")}
    if count < 2 or not any(pattern.fullmatch(vowel_classes(reading)) for reading in readings):
        return 0.0
    return SCRIPT_VALUE if count > 2 else SHORT_SCRIPT_VALUE


def _abbreviates(first: str, second: str) -> bool:
    """Whether one word is cut off, or drawn together, from the other: Pharmac., Mng."""
    short, long = (first, second) if len(first) < len(second) else (second, first)
    if len(short) < 3 or len(long) - len(short) < 2 or short[0] != long[0]:
        return False
    if long.startswith(short):
        return True
    if len(long) < 6 or not _VOWELS.isdisjoint(short):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
