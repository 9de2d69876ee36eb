"""Marked-up text as it reads: which characters a reader sees, where they stand, how to change only them.

A source may hold names that markup cuts in two ("Blin</b>kon"), characters written in other words
("&#111;") and stretches that are no text. `Markup` says what such a stretch reads as; everything else reads
as it stands. Offsets are half-open, in code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from rapidfuzz.distance import Levenshtein

LEFT_OUT: Final = "\ufffc"
"""What something reads as that stands in a sentence and is no text to check: code, a picture."""
_BETWEEN_BLOCKS: Final = "\n\n"

Escapes = tuple[tuple[str, str], ...]
"""Characters that cannot stand in a source as they are, each with how it is written there."""


class Markup(NamedTuple):
    """A stretch of a source that does not read as it stands.

    Attributes:
        start: Where it begins.
        end: Where it ends, exclusive.
        reads: What is read in its place; nothing for a tag, a character for a reference to one.
    """

    start: int
    end: int
    reads: str


class Rewrite(NamedTuple):
    """A change of a source.

    Attributes:
        start: Where the old text begins.
        end: Where it ends, exclusive.
        text: The new text, escaped.
        markup: What of the new text does not read as it stands; its places count from 0.
    """

    start: int
    end: int
    text: str
    markup: tuple[Markup, ...] = ()


class Readable:
    """A source as a reader sees it, with the way back to the source.

    Args:
        source: The source.
        blocks: The stretches of it that are read, in order.
        markup: What does not read as it stands, in order.

    Attributes:
        text: What is read: the blocks, parted by blank lines; the source itself where all of it is read.
        blocks: The places of the blocks in `text`.

    >>> source = "<p>Antony <b>Blin</b>k&#111;n</p>"
    >>> readable = Readable(source, [(3, 29)], [Markup(10, 13, ""), Markup(17, 21, ""), Markup(22, 28, "o")])
    >>> readable.text, source[slice(*readable.in_source(7, 14))]
    ('Antony Blinkon', 'Blin</b>k&#111;n')
    """

    def __init__(self, source: str, blocks: Sequence[tuple[int, int]], markup: Sequence[Markup]) -> None:
        self.text, self.blocks = source, blocks
        self._places: list[int] = []
        self._stretches: list[Markup] = []
        if not markup and list(blocks) == [(0, len(source))]:
            return
        texts: list[str] = []
        length, self.blocks = 0, []
        for start, end in blocks:
            if texts:
                texts.append(_BETWEEN_BLOCKS)
                length += len(_BETWEEN_BLOCKS)
            first = length
            for stretch in stretches(source, start, end, markup):
                if stretch.reads:
                    self._places.append(length)
                    self._stretches.append(stretch)
                    texts.append(stretch.reads)
                    length += len(stretch.reads)
            self.blocks.append((first, length))
        self.text = "".join(texts)

    def in_source(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `text` stands in the source, markup inside it included; it must not be empty."""
        if not self._places:
            return start, end
        at, first = self._stretch(start)
        until, last = self._stretch(end - 1)
        as_stands = at.end - at.start == len(at.reads)
        as_ends = until.end - until.start == len(until.reads)
        return (
            at.start + (start - first if as_stands else 0),
            until.start + end - last if as_ends else until.end,
        )

    def in_text(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the source stands in `text`; it must be what `in_source` may give."""
        if not self._places:
            return start, end
        return self._read_at(start), self._read_at(end - 1) + 1

    def _read_at(self, place: int) -> int:
        at = bisect_right(self._stretches, place, key=_start) - 1
        stretch, first = self._stretches[at], self._places[at]
        return first + min(place - stretch.start, len(stretch.reads) - 1)

    def _stretch(self, place: int) -> tuple[Markup, int]:
        at = bisect_right(self._places, place) - 1
        return self._stretches[at], self._places[at]


def stretches(source: str, start: int, end: int, markup: Sequence[Markup]) -> Iterator[Markup]:
    """Give a part of a source as stretches, in order, those that read as they stand among them.

    Args:
        source: The source.
        start: Where the part begins.
        end: Where it ends, exclusive; neither is inside of markup.
        markup: The markup of the whole source, in order.
    """
    for at in range(bisect_left(markup, start, key=_start), len(markup)):
        piece = markup[at]
        if piece.start >= end:
            break
        if start < piece.start:
            yield Markup(start, piece.start, source[start : piece.start])
        yield piece
        start = piece.end
    if start < end:
        yield Markup(start, end, source[start:end])


def rewrites(
    source: str, start: int, end: int, wanted: str, markup: Sequence[Markup] = (), escapes: Escapes = ()
) -> list[Rewrite]:
    """Say how a stretch of a source is made to read as wanted, its markup kept.

    Where markup stands inside of it only the letters that differ are changed. A reference to a character
    that stays is kept, too.

    Args:
        source: The source.
        start: Where the stretch begins.
        end: Where it ends, exclusive.
        wanted: What it is to read as.
        markup: What does not read as it stands, of the whole source.
        escapes: What cannot stand in the source as it is.

    Returns:
        Changes in order; they do not overlap.

    >>> rewrites("<b>Bl</b>inkon &amp; Co", 3, 14, "Blinken", [Markup(5, 9, "")])
    [Rewrite(start=12, end=13, text='e', markup=())]
    """
    pieces = list(stretches(source, start, end, markup))
    if len(pieces) == 1 and pieces[0].end - pieces[0].start == len(pieces[0].reads):
        return [Rewrite(start, end, *_escaped(wanted, escapes))]
    atoms = list(_atoms(pieces))
    outcomes = _spread(wanted, [atom.reads for atom in atoms])
    changed = [
        (atom.start, atom.end, outcome)
        for atom, outcome in zip(atoms, outcomes, strict=True)
        if outcome != atom.reads
    ]
    return [Rewrite(first, last, *_escaped(text, escapes)) for first, last, text in _joined(changed)]


def applied(source: str, changes: Iterable[Rewrite], start: int = 0, end: int | None = None) -> str:
    """Make changes in a source, or in a part of it that holds them all.

    Args:
        source: The source.
        changes: What to change, in order.
        start: Where the part begins.
        end: Where it ends, exclusive; the end of the source if not given.
    """
    pieces: list[str] = []
    for change in changes:
        pieces += [source[start : change.start], change.text]
        start = change.end
    return "".join([*pieces, source[start : len(source) if end is None else end]])


def _start(piece: Markup) -> int:
    return piece.start


def _atoms(pieces: Iterable[Markup]) -> Iterator[Markup]:
    """The least stretches that can be changed by themselves: characters and whole pieces of markup."""
    for piece in pieces:
        if piece.end - piece.start != len(piece.reads):
            if piece.reads:
                yield piece
            continue
        for place, char in enumerate(piece.reads, piece.start):
            yield Markup(place, place + 1, char)


def _spread(wanted: str, readings: Sequence[str]) -> list[str]:
    """Lay a wanted text over readings so that as few of them as possible change."""
    owner = [at for at, reading in enumerate(readings) for _ in reading]
    outcomes = [""] * len(readings)
    for operation in Levenshtein.opcodes("".join(readings), wanted):
        text = wanted[operation.dest_start : operation.dest_end]
        if operation.tag == "insert":
            outcomes[owner[max(0, operation.src_start - 1)]] += text
        elif operation.tag != "delete":
            for place, char in enumerate(text, operation.src_start):
                outcomes[owner[place]] += char
    return outcomes


def _joined(changed: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Changes with those made one that touch each other."""
    last: tuple[int, int, str] | None = None
    for start, end, text in changed:
        if last is not None and last[1] == start:
            last = (last[0], end, last[2] + text)
        else:
            if last is not None:
                yield last
            last = (start, end, text)
    if last is not None:
        yield last


def _escaped(text: str, escapes: Escapes) -> tuple[str, tuple[Markup, ...]]:
    """A text as it is written in a source, and what of it does not read as it stands."""
    written, markup, table = "", [], dict(escapes)
    for char in text:
        shown = table.get(char, char)
        if shown != char:
            markup.append(Markup(len(written), len(written) + len(shown), char))
        written += shown
    return written, tuple(markup)
