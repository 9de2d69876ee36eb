"""Registries of others, read one entity at a time; a file a format, a row in `READERS` each."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from normalizer.importing import delimited, followthemoney, geonames, ror, wikidata
from normalizer.importing.source import Read, Source

READERS: Final[Mapping[str, Callable[[Source], Iterator[Read]]]] = {
    "csv": delimited.read,
    "wikidata": wikidata.read,
    "followthemoney": followthemoney.read,
    "geonames": geonames.read,
    "ror": ror.read,
}
"""What reads each format, by the word that users have for it."""

__all__ = ["READERS", "Read", "Source"]
