"""What the checker knows of English: words, verbs, titles and given names, from the package's word lists."""

from __future__ import annotations

import gzip
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources.abc import Traversable


class NameList:
    """The names that somebody or some town bears, read when first asked for.

    The sorted lines are searched as they stand: sets of them would take 20 MB and 30 ms.

    Args:
        path: A gzip-compressed list of folded words, sorted; None for an empty one.
    """

    def __init__(self, path: Traversable | None = None) -> None:
        self._path = path

    @cached_property
    def _lines(self) -> bytes:
        return b"\n" + gzip.decompress(self._path.read_bytes()) if self._path is not None else b"\n"

    def __contains__(self, word: str) -> bool:
        lines, wanted = self._lines, word.encode()
        at = bisect_left(range(len(lines) - 1), wanted, key=lambda place: self._line_at(place))
        return self._line_at(at) == wanted

    def _line_at(self, place: int) -> bytes:
        """The first line that begins behind a place."""
        start = self._lines.find(b"\n", place) + 1
        return self._lines[start : self._lines.find(b"\n", start)]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all casefolded and without accents unless said otherwise.

    Attributes:
        words: Ordinary English words, as hunspell's en_US knows them in lower case.
        capitalised: Words that the same dictionary knows only with a capital (Monday, Icelandic, Clinton).
        verbs: Finite verbs that follow a name as its predicate, and are no plural nouns.
        titles: Titles that stand before a name; some have several words.
        given_names: Given names of the world in Latin letters.
        known_names: Surnames, given names and towns of the world that are in no other list.
    """

    words: frozenset[str] = frozenset()
    capitalised: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    given_names: frozenset[str] = frozenset()
    known_names: NameList = field(default_factory=NameList)

    @classmethod
    def load(cls, folder: Traversable) -> Lexicon:
        """Read the lists of a folder (`normalizer/data/english/`)."""
        return cls(
            words=frozenset(_text(folder / "words.txt").split("\n")),
            capitalised=frozenset(_text(folder / "capitalized.txt").casefold().split("\n")),
            verbs=_entries(folder / "verbs.txt"),
            titles=frozenset(
                entry.replace(".", "").replace("-", " ") for entry in _entries(folder / "titles.txt")
            ),
            given_names=frozenset(entry.partition("\t")[0] for entry in _entries(folder / "given_names.txt")),
            known_names=NameList(folder / "known_names.txt.gz"),
        )

    def is_somebodys(self, word: str) -> bool:
        """Whether a word that is no ordinary one is a name that the lists know."""
        return word in self.capitalised or word in self.given_names or word in self.known_names


def _text(path: Traversable) -> str:
    return path.read_text(encoding="utf-8").rstrip("\n")


def _entries(path: Traversable) -> frozenset[str]:
    """The lines of a list kept by hand, without comments."""
    return frozenset(line for line in _text(path).split("\n") if line[:1] != "#")
