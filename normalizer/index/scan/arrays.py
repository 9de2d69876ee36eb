"""All windows of the words of many texts that may be keys, found at once with numpy.

Characters whose folding is one letter or none are read by a table that the plain functions of `text` are
asked for; a run of characters with any other among them (don’t, U.S., Straße, Путин) is read by those
functions themselves. What comes out is a superset: each window is held against its key in `scanner`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

import numpy
from numpy.typing import NDArray

from normalizer.index.container import Container
from normalizer.index.scan.hits import Window
from normalizer.index.scan.prefixes import GOES_ON, LANE, Prefixes
from normalizer.index.scan.states import Places, PrefixArrays, States, joined_states, word_states
from normalizer.text.folding import MAX_NAME
from normalizer.text.gaps import IN_ONE_NAME, gap_between
from normalizer.text.tokens import key_words, tokenize

Bytes = NDArray[numpy.uint8]

BATCH: Final = 1 << 19
"""Characters read at once, where texts are shorter: the arrays stay in the processor's cache."""
_BETWEEN_TEXTS: Final = "\n\n\n"
JOINT, _PART, _DOT, SPECIAL = b" \x1f.\x7f"
"""What the table says of a character beside the letters a–z and 0–9 that it folds to."""
_PLAIN_CODES: Final = 0x2070
"""Code points looked up in the table: Latin, and the general punctuation. All others are special."""
_ROW: Final = numpy.uint64(GOES_ON - 1)


@cache
def _table() -> Bytes:
    """What each character is, by the plain functions; the last row is of all characters behind."""
    return numpy.array([*map(_class_of, map(chr, range(_PLAIN_CODES))), SPECIAL], dtype=numpy.uint8)


def _class_of(char: str) -> int:
    if char == ".":
        return _DOT
    if char > "\u024f" and not "\u1e00" <= char < "\u2070":
        return SPECIAL  # marks, and scripts with few letters that fold to one of a–z
    tokens = list(tokenize(f"a{char}b"))
    if len(tokens) == 1:
        key = tokens[0].key
        is_one = len(key) == 3 and key.isascii() and key.isalnum() and char.isalnum()
        return ord(key[1]) if is_one and char.isdecimal() is key[1].isdigit() else SPECIAL
    first, second = tokens
    return JOINT if gap_between(f"a{char}b", first, second) in IN_ONE_NAME else _PART


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts in a row.

    Attributes:
        text: The row, three line ends between two texts.
        folded: Each of its characters as the table has it.
        offsets: Where each text begins in the row.
        starts: Where each word begins.
        ends: Where it ends, its possessive ending included.
        states: Its state, that ending written on.
        bare_ends: Where it ends without that ending.
        bare_states: Its state without it.
    """

    text: str
    folded: Bytes
    offsets: Places
    starts: Places
    ends: Places
    states: States
    bare_ends: Places
    bare_states: States


class KeyBytes:
    """The keys of a compiled file as bytes.

    Args:
        container: The file.
    """

    def __init__(self, container: Container) -> None:
        self._bytes: Bytes = numpy.frombuffer(container.section("keys.text"), numpy.uint8)
        self._ends = numpy.frombuffer(container.section("keys.ends"), numpy.uint32)

    def stand(self, folded: Bytes, starts: Places, ends: Places, rows: Places) -> NDArray[numpy.bool_]:
        """Whether windows are the keys of their rows letter by letter, with one plain joint between words."""
        key_ends = self._ends[rows].astype(numpy.int64)
        key_starts = numpy.where(rows > 0, self._ends[rows - 1], 0).astype(numpy.int64)
        same: NDArray[numpy.bool_] = ends - starts == key_ends - key_starts
        sizes = numpy.where(same, ends - starts, 0)
        firsts = numpy.cumsum(sizes) - sizes
        steps = numpy.arange(sizes.sum())
        own = folded[steps + numpy.repeat(starts - firsts, sizes)]
        differing = own != self._bytes[steps + numpy.repeat(key_starts - firsts, sizes)]
        same[numpy.repeat(numpy.arange(len(sizes)), sizes)[differing]] = False
        return same


class BatchScanner:
    """Finds windows in many texts.

    Args:
        container: The compiled file.
        prefixes: The table of all beginnings of keys in it.
    """

    def __init__(self, container: Container, prefixes: Prefixes) -> None:
        self._keys = KeyBytes(container)
        self._prefixes = prefixes
        self._arrays = PrefixArrays(prefixes)

    def windows(self, texts: Sequence[str]) -> Iterator[list[Window]]:
        """For each text its windows; see `scan`."""
        for batch in batches(texts):
            yield from self._windows(self.words(batch))

    def _windows(self, words: Words) -> Iterator[list[Window]]:
        starts, ends, rows = self._candidates(words)
        of_text, of_end = (numpy.searchsorted(words.offsets, at, side="right") - 1 for at in (starts, ends))
        order = numpy.lexsort((-ends, starts))
        order = order[of_text[order] == of_end[order]]
        starts, ends, rows, of_text = starts[order], ends[order], rows[order], of_text[order]
        are_keys = self._keys.stand(words.folded, starts, ends, rows)
        shifts = words.offsets[of_text]
        columns = (starts - shifts, ends - shifts, rows, are_keys)
        windows = list(zip(*(column.tolist() for column in columns), strict=True))
        bounds = numpy.searchsorted(of_text, numpy.arange(len(words.offsets) + 1)).tolist()
        return (windows[at:stop] for at, stop in pairwise(bounds))

    def _candidates(self, words: Words) -> tuple[Places, Places, Places]:
        """Starts, ends and rows of all windows that probably are keys."""
        first = last = numpy.arange(len(words.starts))
        states, bare = words.states, words.bare_states
        found: list[tuple[Places, Places, Places]] = []
        while len(first) or not found:
            values = self._arrays.find(states)
            found.append(_keys(words.starts[first], words.ends[last], values))
            cut = numpy.flatnonzero(words.bare_ends[last] != words.ends[last])
            if len(cut):
                ends = words.bare_ends[last[cut]]
                found.append(_keys(words.starts[first[cut]], ends, self._arrays.find(bare[cut])))
            on = numpy.flatnonzero((values & GOES_ON != 0) & (last + 1 < len(words.starts)))
            first, last = first[on], last[on] + 1
            bare = joined_states(states[on], words.bare_states[last])
            states = joined_states(states[on], words.states[last])
        starts, ends, rows = (numpy.concatenate(column) for column in zip(*found, strict=True))
        return starts, ends, rows

    def words(self, texts: Sequence[str]) -> Words:
        """Read the words of some texts."""
        sizes = numpy.array([len(text) + len(_BETWEEN_TEXTS) for text in texts])
        offsets = numpy.cumsum(sizes) - sizes + 1
        text = "\n" + _BETWEEN_TEXTS.join(texts) + "\n" * LANE
        folded = _folded(text)
        edges = numpy.flatnonzero(numpy.diff(folded >= ord("0"))) + 1
        starts, ends = edges[::2], edges[1::2]
        lengths = ends - starts
        lengths[lengths > MAX_NAME] = 0
        states = word_states(folded, starts, lengths, self._prefixes.seed)
        inside = numpy.searchsorted(starts, numpy.flatnonzero(folded == SPECIAL), side="right") - 1
        special = inside[numpy.flatnonzero(numpy.diff(inside, prepend=-1))]
        if not len(special):
            return Words(text, folded, offsets, starts, ends, states, ends, states)
        bounds = zip(starts[special].tolist(), ends[special].tolist(), strict=True)
        runs = [_run(text, start, end) for start, end in bounds]
        own, counts = _read(runs, self._prefixes)
        base = numpy.repeat(starts[special], counts)
        plain = numpy.ones(len(starts), dtype=bool)
        plain[special] = False
        starts, ends, states = starts[plain], ends[plain], states[plain]
        spans: Places = base[:, None] + own[:, :3].view(numpy.int64)
        places = numpy.searchsorted(starts, spans[:, 0])
        starts = numpy.insert(starts, places, spans[:, 0])
        ends = numpy.insert(ends, places, spans[:, 1])
        states = numpy.insert(states, places, own[:, 3])
        bare_ends, bare_states = ends.copy(), states.copy()
        places = places + numpy.arange(len(places))
        bare_ends[places], bare_states[places] = spans[:, 2], own[:, 4]
        return Words(text, folded, offsets, starts, ends, states, bare_ends, bare_states)


def _read(runs: Sequence[str], prefixes: Prefixes) -> tuple[States, Places]:
    """The words of runs of characters, by the plain functions, and how many each run has.

    A word is its start and end in the run, its end without possessive ending, and its states with and
    without it. Each distinct run is read once.
    """
    numbers: dict[str, int] = {}
    places = numpy.array([numbers.setdefault(run, len(numbers)) for run in runs])
    read = [list(key_words(run)) for run in numbers]
    rows = [
        (start, end, bare_end, prefixes.word(word), prefixes.word(bare))
        for words in read
        for start, end, word, bare_end, bare in words
    ]
    sizes = numpy.array([len(words) for words in read])
    counts = sizes[places]
    firsts = (numpy.cumsum(sizes) - sizes)[places] - (numpy.cumsum(counts) - counts)
    taken = numpy.arange(counts.sum()) + numpy.repeat(firsts, counts)
    return numpy.array(rows, dtype=numpy.uint64).reshape(-1, 5)[taken], counts


def _run(text: str, start: int, end: int) -> str:
    """A run of characters, with the last dot if it is an acronym."""
    return text[start : end + 1] if text[end] == "." and not text[end + 1].isalnum() else text[start:end]


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts that are read at once."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _keys(starts: Places, ends: Places, values: States) -> tuple[Places, Places, Places]:
    """The windows whose values say that they are keys, with their rows."""
    rows = (values & _ROW).view(numpy.int64) - 1
    are = numpy.flatnonzero(rows >= 0)
    return starts[are], ends[are], rows[are]


def _folded(text: str) -> Bytes:
    """Each character by the table; dots inside of words are special."""
    table = _table()
    try:
        folded = numpy.frombuffer(bytearray(text.encode("latin-1").translate(table[:256].tobytes())), "u1")
    except UnicodeEncodeError:
        raw = text.encode("utf-16-le", "surrogatepass")
        codes: NDArray[numpy.integer] = numpy.frombuffer(raw, "<u2")
        if len(codes) != len(text):  # some take two of these
            raw = text.encode("utf-32-le", "surrogatepass")
            codes = numpy.frombuffer(raw, "<u4")
        folded = table.take(codes, mode="clip")
    dots = numpy.flatnonzero(folded == _DOT)
    inner = dots[(folded[dots - 1] >= ord("a")) & (folded[dots + 1] >= ord("a"))]
    folded[inner] = SPECIAL
    return folded
