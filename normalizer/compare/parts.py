"""The typed parts of a folded name: what each word is, and how much it says about who is meant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from normalizer.text.sound import sound_key

GENERATIONS: Final = {
    "jr": 2, "junior": 2, "sr": 1, "senior": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7,
    "viii": 8, "ix": 9, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15, "xvi": 16, "xx": 20,
    "xxiii": 23,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
}  # fmt: skip
"""Generational suffixes and ordinals with the number they stand for; they part people of one name.

A bare "x" or "i" is an initial as often as an ordinal and is left out.
"""

_HONORIFICS = (
    "mr mrs ms miss dr prof professor sir dame lord lady rev hon sen rep gov gen col capt lt president"
).split()
_LEGAL_FORMS = (
    "inc incorporated ltd limited llc llp lp plc co corp corporation company gmbh ag kg sa sas sarl srl "
    "spa nv bv oy ab as aps asa pty pte pjsc oao ooo pao zao jsc kk sdn bhd holding holdings group"
).split()
_SMALL_WORDS = (
    "the of and for de la le les du des der die das di da do dos e y et und in at on a al el bin ibn von van"
).split()
_KIND_WORDS = (
    "university universidad universite universitat college institute institut instituto school faculty "
    "department ministry bank national international association society foundation center centre "
    "hospital club fc cf sc afc city town republic state federal council committee commission agency "
    "organization organisation union party services service systems technologies industries international "
    "global trading"
).split()
WORD_WEIGHTS: Final[dict[str, float]] = (
    dict.fromkeys(_SMALL_WORDS, 0.15)
    | dict.fromkeys(_LEGAL_FORMS, 0.15)
    | dict.fromkeys(_HONORIFICS, 0.1)
    | dict.fromkeys(_KIND_WORDS, 0.45)
)
"""What words that say little about which one is meant weigh against a telling word's 1 (chosen by hand)."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a name.

    Attributes:
        word: The folded word.
        weight: How much it says, before rarity: 0.1 for an honorific, about 1 for a surname.
        sound: Its sound key.
        is_initial: Whether it is a single Latin letter that may stand for a longer word.
        is_number: Whether it holds a digit: numbers do not match by likeness.
        generation: The number of a generational suffix or ordinal, or 0.
    """

    word: str
    weight: float
    sound: str
    is_initial: bool
    is_number: bool
    generation: int


def _weight(word: str) -> float:
    known = WORD_WEIGHTS.get(word)
    if known is not None:
        return known
    if len(word) == 1:
        return 0.35
    return min(1.0, 0.5 + 0.1 * len(word)) if word.isascii() else 1.0


@lru_cache(maxsize=1 << 16)
def name_parts(key: str) -> tuple[Part, ...]:
    """Split a folded name into its parts.

    A last word that is a generational suffix is one only behind two others: "Malcolm X", "Louis XIV".
    """
    words = key.split()
    last = len(words) - 1
    return tuple(_part(word, 0 < place == last) for place, word in enumerate(words))


def _part(word: str, may_be_generation: bool) -> Part:
    return Part(
        word=word,
        weight=_weight(word),
        sound=sound_key(word),
        is_initial=len(word) == 1 and "a" <= word <= "z",
        is_number=any(char.isdigit() for char in word),
        generation=GENERATIONS.get(word, 0) if may_be_generation else 0,
    )
