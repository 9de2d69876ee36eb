"""GeoNames: the main table of 19 columns (allCountries.txt, cities500.txt, a country's file)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from normalizer.importing.source import Read, Source, complaint_about_name, kind_in
from normalizer.model import Alias, Entity, EntityType

_COLUMNS: Final = 19
_PLACES: Final = "AP"
"""Feature classes taken: countries and regions, cities and villages."""


def read(source: Source) -> Iterator[Read]:
    """Give the places of a table; historical ones (feature codes that end in H) are left out."""
    for number, line in source.lines():
        try:
            cells = line.decode("utf-8").split("\t")
        except UnicodeDecodeError:
            yield Read(number, skipped="not UTF-8", is_broken=True)
            continue
        if len(cells) == 1 and not cells[0].strip():
            continue
        if len(cells) != _COLUMNS or not cells[0].isdecimal():
            yield Read(number, skipped=f"not a row of {_COLUMNS} columns", is_broken=True)
            continue
        yield _read_row(number, cells, source)


def _read_row(number: int, cells: list[str], source: Source) -> Read:
    place_id, name, plain, others = cells[:4]
    if cells[6] not in _PLACES or cells[7].endswith("H"):
        return Read(number, skipped="no city, region or country of today")
    if not cells[14].isdecimal() and cells[14]:
        return Read(number, skipped="population is no number", is_broken=True)
    if int(cells[14] or 0) < source.prominence:
        return Read(number, skipped="too few inhabitants")
    if complaint := complaint_about_name(name):
        return Read(number, skipped=complaint)
    forms = [Alias(one, kind_in(plain, one)) for one in (plain, *others.split(","))]
    return Read(
        number,
        Entity(
            f"geonames-{place_id}",
            EntityType.PLACE,
            name,
            source.aliases(name, forms),
            ids=(("geonames", place_id),),
            countries=(cells[8],) if cells[8] else (),
        ),
    )
