"""What the checker knows of English: words, verbs, titles and given names, from the package's word lists."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all casefolded and without accents unless said otherwise.

    Attributes:
        words: Ordinary English words, as hunspell's en_US knows them in lower case.
        capitalised: Words that the same dictionary knows only with a capital (Monday, Icelandic, Clinton).
        verbs: Finite verbs that follow a name as its predicate, and are no plural nouns.
        titles: Titles that stand before a name; some have several words.
        given_names: Given names of the world in Latin letters.
    """

    words: frozenset[str] = frozenset()
    capitalised: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    given_names: frozenset[str] = frozenset()

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
        )


def _text(path: Traversable) -> str:
    return path.read_text(encoding="utf-8").rstrip("\n")


def _entries(path: Traversable) -> frozenset[str]:
    """The lines of a list kept by hand, without comments."""
    return frozenset(line for line in _text(path).split("\n") if line[:1] != "#")
