"""Registries as other systems take them: a function a format, from entities to lines."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from normalizer.exporting import lists, records
from normalizer.model import Entity

WRITERS: Final[Mapping[str, Callable[[Iterable[Entity]], Iterator[str]]]] = {
    "jsonl": records.jsonl,
    "csv": records.table,
    "followthemoney": records.followthemoney,
    "spacy": records.spacy,
    "solr": lists.solr,
    "hunspell": lists.hunspell,
}
"""What writes each format, by the word that users have for it."""

__all__ = ["WRITERS"]
