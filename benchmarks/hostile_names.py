"""Registries made to hurt an index: one word everywhere, neighbours everywhere, things out of scale."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Final

from benchmarks.index_file import own_entities
from normalizer.model import Alias, Entity, EntityType
from normalizer.text.folding import MAX_NAME

ORDINARY: Final = "ordinary"
_SEED: Final = 20261123
_SYLLABLES: Final = [
    first + vowel + last
    for first in ("b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "y", "z")
    for vowel in "aeiou"
    for last in ("", "n", "r")
]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def _words(seed: int) -> Iterator[str]:
    """Distinct words of two to four syllables, without end."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while True:
        word = "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4))))
        if word not in seen:
            seen.add(word)
            yield word


def ordinary(size: int) -> list[Entity]:
    """Two words each, every word in ten names or so."""
    chance = random.Random(_SEED)
    words = list(islice(_words(1), max(2, size // 5)))
    names: dict[str, None] = {}
    while len(names) < size:
        names[f"{chance.choice(words)} {chance.choice(words)}".title()] = None
    return own_entities(list(names))


def kims(size: int) -> list[Entity]:
    """One word in all names: so many Kims."""
    return own_entities([f"Kim {word.title()}" for word in islice(_words(2), size)])


def one_letter_apart(size: int) -> list[Entity]:
    """Five letters of one name run through the alphabet: each name has over a hundred one letter away."""
    apart = islice(product(_LETTERS, repeat=5), size)
    return own_entities([f"Ma{a}i{b}el Hen{c}e{d}s{e}n" for a, b, c, d, e in apart])


def one_word(size: int) -> list[Entity]:
    """One word each, none in two names."""
    return own_entities([word.title() for word in islice(_words(3), size)])


def few_words(size: int) -> list[Entity]:
    """Four of a hundred words each: every word in one name of twenty-five."""
    words = list(islice(_words(4), 100))
    apart = product(words, repeat=4)
    step = max(1, len(words) ** 4 // size)
    return own_entities([" ".join(some).title() for some in islice(apart, 0, size * step, step)])


def longest(size: int) -> list[Entity]:
    """As long as a name may be, in some seventy words; one for fifty of the others."""
    chance = random.Random(_SEED)
    words = list(islice(_words(5), 20_000))
    names = []
    for number in range(max(1, size // 50)):
        name = f"{number} " + " ".join(chance.choices(words, k=MAX_NAME // 4))
        names.append(name[:MAX_NAME].strip())
    return own_entities(names)


def one_entity(size: int) -> list[Entity]:
    """A tenth as many forms, all of one entity."""
    forms = [f"Ali {word.title()}" for word in islice(_words(6), max(2, size // 10))]
    return [Entity("one", EntityType.PERSON, forms[0], tuple(map(Alias, forms[1:])))]


def namesakes(size: int) -> list[Entity]:
    """A hundredth as many entities, all of one and the same name."""
    return own_entities(["Maria Garcia"] * max(2, size // 100))


REGISTRIES: Final[dict[str, Callable[[int], list[Entity]]]] = {
    ORDINARY: ordinary,
    "one common word": kims,
    "one letter apart": one_letter_apart,
    "one word each": one_word,
    "of a hundred words": few_words,
    "500 characters": longest,
    "one entity": one_entity,
    "namesakes": namesakes,
}
"""Name → what makes the registry of a size."""
