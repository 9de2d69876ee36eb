"""Flat tables over a memory map: texts in order, and lists of numbers by row. Reading them takes no numpy."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final, overload

from normalizer.index.container import Container

if TYPE_CHECKING:
    from numpy import ndarray

NUMBER: Final = "I"
"""Type code of all numbers: unsigned, four bytes."""

Sections = dict[str, bytes]


class Texts(Sequence[str]):
    """Texts in order, found by bisection where they are sorted.

    Args:
        container: Where they lie.
        name: The sections' name.
    """

    def __init__(self, container: Container, name: str) -> None:
        self._bytes = container.section(f"{name}.text")
        self._ends = container.section(f"{name}.ends").cast(NUMBER)

    @staticmethod
    def sections(name: str, texts: Sequence[str]) -> Sections:
        """The sections of some texts; in code point order if they are to be found."""
        whole = "".join(texts)
        sizes: Iterable[int] = map(len, texts)
        if not whole.isascii():
            sizes = [
                len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass")) for text in texts
            ]
        ends = array(NUMBER, accumulate(sizes))
        return {f"{name}.text": whole.encode("utf-8", "surrogatepass"), f"{name}.ends": ends.tobytes()}

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        """The text of a row from 0 on, or those of several."""
        if isinstance(row, slice):
            return [self[place] for place in range(*row.indices(len(self)))]
        raw = self._bytes[self._ends[row - 1] if row else 0 : self._ends[row]]
        return str(raw, "utf-8", "surrogatepass")

    def many(self, rows: ndarray) -> list[str]:
        """The texts of many rows from 0 on, read at once; no text may hold a line break."""
        import numpy

        if not len(rows):
            return []
        ends = numpy.frombuffer(self._ends, dtype=numpy.uint32)
        begins = numpy.where(rows > 0, ends[rows - 1], 0).astype(numpy.int64)
        lengths = ends[rows] - begins
        after = numpy.cumsum(lengths + 1)
        lines = numpy.full(after[-1] - 1, ord("\n"), dtype=numpy.uint8)
        into = numpy.arange(lengths.sum()) + numpy.repeat(numpy.arange(len(rows)), lengths)
        gap = begins - (after - lengths - 1)
        lines[into] = numpy.frombuffer(self._bytes, dtype=numpy.uint8)[into + numpy.repeat(gap, lengths)]
        return lines.tobytes().decode("utf-8", "surrogatepass").split("\n")

    def find(self, text: str) -> int:
        """The row of a text, or -1; UTF-8 sorts as code points do."""
        wanted = text.encode("utf-8", "surrogatepass")
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            found = bytes(self._bytes[self._ends[middle - 1] if middle else 0 : self._ends[middle]])
            if found < wanted:
                low = middle + 1
            elif found > wanted:
                high = middle
            else:
                return middle
        return -1

    def beginning(self, text: str) -> Iterator[int]:
        """The rows of the texts that begin with a text, where they are sorted."""
        for row in range(bisect_left(self, text), len(self)):
            if not self[row].startswith(text):
                break
            yield row


class Lists:
    """A list of numbers for each row.

    Args:
        container: Where they lie.
        name: The sections' name.
    """

    def __init__(self, container: Container, name: str) -> None:
        self._numbers = container.section(f"{name}.numbers").cast(NUMBER)
        self._ends = container.section(f"{name}.ends").cast(NUMBER)

    @staticmethod
    def sections(name: str, lists: Iterable[Sequence[int]]) -> Sections:
        """The sections of some lists."""
        numbers, ends = array(NUMBER), array(NUMBER)
        for one in lists:
            numbers.extend(one)
            ends.append(len(numbers))
        return {f"{name}.numbers": numbers.tobytes(), f"{name}.ends": ends.tobytes()}

    @property
    def tables(self) -> tuple[memoryview, memoryview]:
        """All numbers, and where the list of each row ends."""
        return self._numbers, self._ends

    def __getitem__(self, row: int) -> memoryview:
        """The list of a row."""
        return self._numbers[self._ends[row - 1] if row else 0 : self._ends[row]]


class TextLists:
    """A list of numbers for each of some sorted texts."""

    def __init__(self, container: Container, name: str) -> None:
        self.texts = Texts(container, name)
        self._lists = Lists(container, f"{name}.rows")

    @staticmethod
    def sections(name: str, lists: dict[str, Sequence[int]]) -> Sections:
        """The sections of some lists by text."""
        ranked = sorted(lists)
        rows = Lists.sections(f"{name}.rows", [lists[text] for text in ranked])
        return {**Texts.sections(name, ranked), **rows}

    def get(self, text: str) -> Sequence[int]:
        """The list of a text; empty if there is none."""
        row = self.texts.find(text) if len(self.texts) else -1
        return self._lists[row] if row >= 0 else ()
