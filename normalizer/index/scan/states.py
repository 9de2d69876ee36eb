"""The hashes and the table of `prefixes` for many words at once, with numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy
from numpy.typing import NDArray

from normalizer.index.scan.prefixes import GOES_ON, LANE, SLOTS_PER_ENTRY, TIMES, TURN, Prefixes

States = NDArray[numpy.uint64]
Places = NDArray[numpy.int64]

_LOW: Final = numpy.uint64(0xFFFFFFFF)
_HALF: Final = numpy.uint64(32)
_TIMES, _TURN = numpy.uint64(TIMES), numpy.uint64(TURN)
_MASKS: Final = numpy.array([(1 << 8 * size) - 1 for size in range(LANE + 1)], dtype=numpy.uint64)
"""What keeps the first bytes of a lane, by their number."""


def word_states(raw: NDArray[numpy.uint8], starts: Places, lengths: Places, seed: int) -> States:
    """The states of words that lie in one row of bytes.

    Args:
        raw: The bytes; eight more follow behind the last word.
        starts: Where each word begins.
        lengths: How many bytes each has.
        seed: The table's.
    """
    lanes: States = numpy.ndarray(len(raw) - LANE + 1, dtype="<u8", buffer=raw, strides=(1,))
    states = (lanes[starts] & _MASKS.take(lengths, mode="clip")) ^ numpy.uint64(seed)
    _mix(states)
    long, at = numpy.flatnonzero(lengths > LANE), LANE
    while len(long):
        rest = lengths[long] - at
        states[long] = _mix(states[long] ^ (lanes[starts[long] + at] & _MASKS.take(rest, mode="clip")))
        at += LANE
        long = long[rest > LANE]
    return states


def joined_states(states: States, words: States) -> States:
    """The states behind some words and one word more each."""
    return _mix(states * _TURN ^ words)


def _mix(states: States) -> States:
    states *= _TIMES
    states ^= states >> _HALF
    return states


class PrefixArrays:
    """The table of a compiled file.

    Args:
        prefixes: The table as it is read without numpy.
    """

    def __init__(self, prefixes: Prefixes) -> None:
        self.seed = prefixes.seed
        self._slots = numpy.uint64(prefixes.slots)
        self._entries: States = numpy.frombuffer(prefixes.raw, dtype=numpy.uint64)[2:]

    def find(self, states: States) -> States:
        """The values of states; 0 where no key begins so."""
        places = states >> _HALF
        places *= self._slots
        places >>= _HALF
        wanted = states << _HALF
        found = self._entries.take(places.view(numpy.int64), mode="clip")
        values = found ^ wanted
        differs = values > _LOW
        passing = numpy.flatnonzero(differs & (found != 0))
        values[differs] = 0
        at, wanted = places[passing].view(numpy.int64), wanted[passing]
        while len(passing):
            at += 1
            found = self._entries.take(at, mode="clip")
            value = found ^ wanted
            differs = value > _LOW
            values[passing[~differs]] = value[~differs]
            differs &= found != 0
            passing, at, wanted = passing[differs], at[differs], wanted[differs]
        return values


def laid_out(keys: Sequence[str], seed: int) -> bytes | None:
    """The table of some keys for a seed, see `prefixes`; None if two keys are in each other's way."""
    if not keys:
        return numpy.array([seed, 1, 0, 0], dtype=numpy.uint64).tobytes()
    found = _values(keys, seed)
    if found is None:
        return None
    states, values = found
    slots = SLOTS_PER_ENTRY * len(states)
    homes = ((states >> _HALF) * numpy.uint64(slots) >> _HALF).view(numpy.int64)
    order = numpy.arange(len(states))
    places = numpy.maximum.accumulate(homes - order) + order
    runs = numpy.cumsum(numpy.diff(places, prepend=places[:1]) > 1).view(numpy.uint64)
    low = states & _LOW
    hiding = numpy.sort(runs << _HALF | low)
    if (hiding[1:] == hiding[:-1]).any():
        return None
    table = numpy.zeros(max(slots, int(places[-1]) + 1) + 3, dtype=numpy.uint64)
    table[0], table[1] = seed, slots
    table[2 + places] = low << _HALF | values
    return table.tobytes()


def _values(keys: Sequence[str], seed: int) -> tuple[States, States] | None:
    """All states in order and their values; None if two keys have one state."""
    text = "\n".join(keys).encode("utf-8", "surrogatepass") + b"\n"
    raw = numpy.frombuffer(text + bytes(LANE), dtype=numpy.uint8)
    ends = numpy.flatnonzero((raw[: len(text)] == ord(" ")) | (raw[: len(text)] == ord("\n")))
    starts = numpy.concatenate([[0], ends[:-1] + 1])
    words = word_states(raw, starts, ends - starts, seed)
    last = numpy.flatnonzero(raw[ends] == ord("\n"))
    rows, at = numpy.arange(len(keys)), numpy.concatenate([[0], last[:-1] + 1])
    found, values = [], []
    states = words[at]
    while len(rows):
        goes_on = at < last[rows]
        found.append(states)
        values.append(numpy.where(goes_on, GOES_ON, rows + 1).view(numpy.uint64))
        rows, at = rows[goes_on], at[goes_on] + 1
        states = joined_states(states[goes_on], words[at])
    merged, first = numpy.concatenate(found), numpy.concatenate(values)
    order = numpy.argsort(merged, kind="stable")
    merged, first = merged[order], first[order]
    groups = numpy.flatnonzero(numpy.concatenate([[True], merged[1:] != merged[:-1]]))
    if (numpy.add.reduceat(first < GOES_ON, groups, dtype=numpy.int64) > 1).any():
        return None
    return merged[groups], numpy.bitwise_or.reduceat(first, groups)
