"""FollowTheMoney (OpenSanctions, Aleph): an entity a line, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from normalizer.importing.source import Read, Source, complaint_about_name, kind_in
from normalizer.model import Alias, AliasKind, Entity, EntityType

_TYPES: Final = {
    "Person": EntityType.PERSON,
    "Organization": EntityType.ORGANIZATION,
    "Company": EntityType.ORGANIZATION,
    "LegalEntity": EntityType.ORGANIZATION,
    "PublicBody": EntityType.ORGANIZATION,
    "Address": None,
}
_IDS: Final = {"wikidataId": "wikidata", "leiCode": "lei", "imoNumber": "imo", "isinCode": "isin"}


class _Row(msgspec.Struct):
    id: str
    schema: str
    properties: dict[str, list[str]]
    caption: str = ""


def read(source: Source) -> Iterator[Read]:
    """Give the entities of a file that have a name; links between entities have none."""
    decode = msgspec.json.Decoder(_Row).decode
    for number, line in source.lines():
        if not line.strip():
            continue
        try:
            yield _read_row(number, decode(line), source)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield Read(number, skipped="not a FollowTheMoney entity", is_broken=True)


def _read_row(number: int, row: _Row, source: Source) -> Read:
    names = row.properties.get("name", [])
    name = (row.caption if row.caption in names else next(iter(names), "")).strip()
    if complaint := complaint_about_name(name):
        return Read(number, skipped=complaint)
    kind = _TYPES.get(row.schema, EntityType.OTHER)
    if kind is None or not row.id.strip():
        return Read(number, skipped=f"schema {row.schema}" if kind is None else "no id")
    forms = [Alias(one, kind_in(name, one)) for one in (*names, *row.properties.get("alias", []))]
    forms += [Alias(one, AliasKind.FORMER) for one in row.properties.get("previousName", [])]
    forms += [Alias(one, AliasKind.ACRONYM) for one in row.properties.get("abbreviation", [])]
    ids = [(scheme, row.properties[key][0]) for key, scheme in _IDS.items() if row.properties.get(key)]
    countries = tuple(dict.fromkeys(row.properties.get("country", [])))
    return Read(
        number, Entity(row.id, kind, name, source.aliases(name, forms), ids=tuple(ids), countries=countries)
    )
