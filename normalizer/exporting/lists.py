"""Formats that are lists of words: synonyms of search engines, dictionaries of spelling checkers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from normalizer.model import Entity

_SPECIAL: Final = re.compile(r"([\\,]|=>|^#)")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def solr(entities: Iterable[Entity]) -> Iterator[str]:
    """Synonyms of Solr, which Elasticsearch reads too: a line an entity, all its forms alike.

    Guarded forms are left out, for a search engine knows no guards; so are entities of one form.
    """
    for entity in entities:
        names = [form.name for form in entity.forms() if form.guard is None]
        if len(names) > 1:
            yield ", ".join(_SPECIAL.sub(r"\\\1", " ".join(name.split())) for name in names) + "\n"


def hunspell(entities: Iterable[Entity]) -> Iterator[str]:
    """A personal dictionary: every word of every form that may stand in print, once, sorted."""
    words = {
        word
        for entity in entities
        for form in entity.forms()
        if form.kind.is_printable
        for word in _WORD.findall(form.name)
    }
    for word in sorted(words):
        yield f"{word}\n"
