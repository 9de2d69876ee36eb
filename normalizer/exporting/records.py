"""Formats with a record an entity or a form: JSON Lines, tables, FollowTheMoney, spaCy's EntityRuler."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Final

from normalizer.model import AliasKind, Entity, EntityType
from normalizer.registry.jsonl import write_jsonl

_SCHEMATA: Final = {
    EntityType.PERSON: "Person",
    EntityType.ORGANIZATION: "Organization",
    EntityType.PLACE: "Thing",
    EntityType.OTHER: "Thing",
}
_LABELS: Final = {
    EntityType.PERSON: "PERSON",
    EntityType.ORGANIZATION: "ORG",
    EntityType.PLACE: "GPE",
    EntityType.OTHER: "MISC",
}
_PROPERTIES: Final = {AliasKind.FORMER: "previousName", AliasKind.ACRONYM: "abbreviation"}


def jsonl(entities: Iterable[Entity]) -> Iterator[str]:
    """Our own JSON Lines, which lose nothing."""
    for entity in entities:
        yield write_jsonl([entity])


def table(entities: Iterable[Entity]) -> Iterator[str]:
    """A long table: a row a form, the name's own first; titles, guards, ids, `not` and `keep` are dropped."""
    yield _csv(["id", "name", "type", "country", "alias", "kind", "lang", "source"])
    for entity in entities:
        country = entity.countries[0] if entity.countries else ""
        head = [entity.id, entity.name, entity.type.value, country]
        for alias in entity.aliases:
            yield _csv([*head, alias.name, alias.kind.value, alias.lang or "", alias.source or ""])
        if not entity.aliases:
            yield _csv([*head, "", "", "", ""])


def _csv(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def followthemoney(entities: Iterable[Entity]) -> Iterator[str]:
    """FollowTheMoney, an entity a line; misspellings, guards, titles, languages and sources are dropped."""
    for entity in entities:
        properties: dict[str, list[str]] = {"name": [entity.name]}
        for alias in entity.aliases:
            if alias.kind.is_printable:
                properties.setdefault(_PROPERTIES.get(alias.kind, "alias"), []).append(alias.name)
        if entity.countries:
            properties["country"] = list(entity.countries)
        if wikidata := [value for scheme, value in entity.ids if scheme == "wikidata"]:
            properties["wikidataId"] = wikidata
        row = {
            "id": entity.id,
            "caption": entity.name,
            "schema": _SCHEMATA[entity.type],
            "properties": properties,
        }
        yield json.dumps(row, ensure_ascii=False) + "\n"


def spacy(entities: Iterable[Entity]) -> Iterator[str]:
    """Patterns of spaCy's EntityRuler, a form a line; misspellings are patterns too, for they are met."""
    for entity in entities:
        for form in entity.forms():
            row = {"label": _LABELS[entity.type], "pattern": form.name, "id": entity.id}
            yield json.dumps(row, ensure_ascii=False) + "\n"
