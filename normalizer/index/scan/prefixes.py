"""Every beginning of every key, word by word, in one flat hash table: what a scan of running text asks.

A *state* is a hash of 64 bits of the words read so far. The table says of a state whether these words are a
key, and of which row, and whether a longer key begins with them; so a scan reads on from a word only while
some key goes on. The same hashes are made here one at a time, and in `arrays` for all words of many
texts at once. A state found says *probably*: who asks holds the words against the key itself.

    seed, 8 bytes · slots, 8 bytes · slots, 8 bytes each: low half of the state, value

An entry lies in the slot that its state's high half points to, or in the next free one. The seed is chosen
so that no two keys have one state, and none hides another on the way to its slot.
"""

from __future__ import annotations

from typing import Final

from normalizer.index.container import Container

GOES_ON: Final = 1 << 31
"""Bit of a value: a longer key begins with these words. The others are the key's row and one, or 0."""
LANE: Final = 8
"""Bytes of a word that are hashed at a time."""
TIMES: Final = 0x9E3779B97F4A7C15
TURN: Final = 0xD6E8FEB86659FD93
"""Odd factors of the hash: the golden ratio in 64 bits, and that of Pelle Evensen's rrmxmx."""
SIXTY_FOUR: Final = (1 << 64) - 1
SLOTS_PER_ENTRY: Final = 2
_REMEMBERED: Final = 20_000
"""Words whose state is kept."""

NAME: Final = "scan.prefixes"


def word_state(word: str, seed: int) -> int:
    """The state of one folded word."""
    raw = word.encode("utf-8", "surrogatepass")
    state = seed
    for at in range(0, len(raw), LANE):
        state = _mixed(state ^ int.from_bytes(raw[at : at + LANE], "little"))
    return state


def joined(state: int, word: int) -> int:
    """The state behind some words and one word more, of which `word` is the state."""
    return _mixed((state * TURN & SIXTY_FOUR) ^ word)


def _mixed(state: int) -> int:
    state = state * TIMES & SIXTY_FOUR
    return state ^ state >> 32


class Prefixes:
    """The table of a compiled file.

    Args:
        container: The file.
    """

    def __init__(self, container: Container) -> None:
        self.raw = container.section(NAME)
        numbers = self.raw.cast("Q")
        self.seed, self.slots = numbers[0], numbers[1]
        self._entries = numbers[2:]
        self._words: dict[str, int] = {}

    def word(self, word: str) -> int:
        """The state of a folded word; words met are remembered."""
        state = self._words.get(word)
        if state is None:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            state = self._words[word] = word_state(word, self.seed)
        return state

    def find(self, state: int) -> int:
        """The value of a state; 0 if no key begins so."""
        entries, low = self._entries, state & 0xFFFFFFFF
        place = (state >> 32) * self.slots >> 32
        while entry := entries[place]:
            if entry >> 32 == low:
                return entry & 0xFFFFFFFF
            place += 1
        return 0

    def value(self, key: str) -> int:
        """The value of some words; that of other words by a rare chance, so hold a row against its key."""
        first, *others = key.split(" ")
        state = self.word(first)
        for word in others:
            state = joined(state, self.word(word))
        return self.find(state)
