"""A file of somebody else's registry: opened, inflated, cut into lines, and what is said of its entries."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final, NamedTuple, cast

from normalizer.model import Alias, AliasKind, Entity
from normalizer.registry.rules import complaint_about_form
from normalizer.text.folding import MAX_NAME

MAX_LINE: Final = 64 * 1024 * 1024
"""Longest line in bytes; the largest items of Wikidata have some 4 MB."""


class Read(NamedTuple):
    """One entry of a source: an entity, or why there is none.

    Attributes:
        line: Where it begins, from 1; for formats without lines which entry it is.
        entity: What it became, if it was taken.
        skipped: Why it was left out, in a few words that are counted together.
        is_broken: Whether it could not be read, as against not being wanted.
    """

    line: int
    entity: Entity | None = None
    skipped: str = ""
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import, and what is wanted of it.

    Attributes:
        path: The file, plain, .gz or .bz2.
        provenance: What each alias says of where it is from ("Wikidata 2026-11-23").
        languages: Languages wanted, the first that is there gives the name; empty for all.
        prominence: Least number of sitelinks (Wikidata) or inhabitants (GeoNames).
    """

    path: str
    provenance: str
    languages: tuple[str, ...] = field(default=())
    prominence: int = 0

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """The lines with their numbers, without line ends; a damaged archive ends where the damage is.

        Raises:
            OSError: The file cannot be read.
            ValueError: The archive is damaged, or a line too long; the text says where.
        """
        number = 0
        with self._opened() as stream:
            try:
                while line := stream.readline(MAX_LINE + 1):
                    number += 1
                    if len(line) > MAX_LINE:
                        raise ValueError(f"line {number} is longer than {MAX_LINE:,} bytes")
                    yield (
                        number,
                        (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).rstrip(b"\r\n"),
                    )
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(f"the archive is damaged after line {number}: {error}") from error

    def _opened(self) -> IO[bytes]:
        """The file's content, inflated where the name says that it is packed."""
        suffix = Path(self.path).suffix
        if suffix == ".gz":
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        return bz2.open(self.path, "rb") if suffix == ".bz2" else Path(self.path).open("rb")

    def wants(self, language: str) -> bool:
        """Whether names of a language are wanted; `en` asks for `en-gb` too."""
        return not self.languages or any(
            language == wanted or language.startswith(f"{wanted}-") for wanted in self.languages
        )

    def aliases(self, name: str, forms: Iterable[Alias]) -> tuple[Alias, ...]:
        """The forms that a registry can hold, none twice and none the name, each with the provenance."""
        kept: dict[str, Alias] = {}
        for form in forms:
            text = form.name.strip()
            if text != name and text not in kept and complaint_about_form(text) is None:
                kept[text] = Alias(text, form.kind, form.lang, form.guard, form.source or self.provenance)
        return tuple(kept.values())


def kind_in(name: str, form: str) -> AliasKind:
    """The kind of another label: a transliteration when it is of another script than a Latin name."""
    return AliasKind.TRANSLITERATION if name.isascii() and not _has_latin(form) else AliasKind.ALIAS


def complaint_about_name(name: str) -> str:
    """Why a canonical name cannot be taken, in words that are counted together."""
    if not name.strip():
        return "no name"
    if len(name) > MAX_NAME:
        return f"name longer than {MAX_NAME} characters"
    return "name without letters" if complaint_about_form(name) else ""


def _has_latin(form: str) -> bool:
    return any("a" <= char.casefold() <= "z" or "\u00c0" <= char <= "\u024f" for char in form)
