"""ROR, schema 2: the dump, one JSON list of organizations. It is read whole (some 300 MB at 120,000)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from normalizer.importing.source import Read, Source, complaint_about_name, kind_in
from normalizer.model import Alias, AliasKind, Entity, EntityType


class _Name(msgspec.Struct):
    value: str
    types: list[str]
    lang: str | None = None


class _External(msgspec.Struct):
    type: str
    all: list[str]
    preferred: str | None = None


class _Details(msgspec.Struct):
    country_code: str | None = None


class _Location(msgspec.Struct):
    geonames_details: _Details | None = None


class _Row(msgspec.Struct):
    id: str
    names: list[_Name]
    status: str = "active"
    external_ids: list[_External] = []
    locations: list[_Location] = []


_SCHEMES: Final = ("wikidata", "isni", "grid")


def read(source: Source) -> Iterator[Read]:
    """Give the active organizations of a dump.

    Raises:
        ValueError: The file is no JSON list.
    """
    try:
        rows = msgspec.json.decode(b"\n".join(line for _, line in source.lines()), type=list[msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"not a JSON list: {error}") from error
    decode = msgspec.json.Decoder(_Row).decode
    for number, raw in enumerate(rows, 1):
        try:
            yield _read_row(number, decode(raw), source)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield Read(number, skipped="not an organization of ROR 2", is_broken=True)


def _read_row(number: int, row: _Row, source: Source) -> Read:
    if row.status != "active":
        return Read(number, skipped=f"status {row.status}")
    name = next((one.value for one in row.names if "ror_display" in one.types), "").strip()
    if complaint := complaint_about_name(name):
        return Read(number, skipped=complaint)
    forms = [
        Alias(one.value, AliasKind.ACRONYM if "acronym" in one.types else kind_in(name, one.value), one.lang)
        for one in row.names
        if one.lang is None or source.wants(one.lang)
    ]
    short = row.id.rpartition("/")[2]
    ids = [("ror", short)]
    ids += [
        (one.type, one.preferred or one.all[0])
        for one in row.external_ids
        if one.type in _SCHEMES and (one.preferred or one.all)
    ]
    codes = [one.geonames_details.country_code for one in row.locations if one.geonames_details]
    return Read(
        number,
        Entity(
            f"ror-{short}",
            EntityType.ORGANIZATION,
            name,
            source.aliases(name, forms),
            ids=tuple(dict(ids).items()),
            countries=tuple(dict.fromkeys(code for code in codes if code)),
        ),
    )
