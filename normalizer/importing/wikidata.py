"""Wikidata: entities as JSON, one a line or as the array of a dump.

Labels and aliases become forms. A redirect, an item without a wanted label, and what is instance of
nothing we know are left out. Statements that are deprecated count for nothing, and preferred ones
take the place of the rest, as Wikidata's own queries have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from normalizer.importing.source import Read, Source, complaint_about_name, kind_in
from normalizer.model import Alias, Entity, EntityType

_INSTANCE_OF: Final = "P31"
_TYPES: Final = {
    EntityType.PERSON: {"Q5"},
    EntityType.ORGANIZATION: {
        *("Q43229", "Q4830453", "Q783794", "Q6881511", "Q891723", "Q7278", "Q163740", "Q327333"),
        *("Q484652", "Q245065", "Q3918", "Q476028", "Q192350", "Q11032", "Q7210356", "Q31855"),
    },
    EntityType.PLACE: {
        *("Q6256", "Q3624078", "Q515", "Q1549591", "Q5119", "Q486972", "Q3957", "Q532", "Q35657"),
        *("Q82794", "Q1637706", "Q23442", "Q8502", "Q4022", "Q56061", "Q15284"),
    },
}
"""The commonest classes of items; everything else is `other`."""


def read(source: Source) -> Iterator[Read]:
    """Give the items of a file; lines that are only a bracket of the dump's array are passed over."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    for number, line in source.lines():
        text = line.strip().removesuffix(b",")
        if text in (b"", b"[", b"]"):
            continue
        try:
            item = decode(text.removeprefix(b"[").removesuffix(b"]") if text[:1] == b"[" else text)
            yield _read_item(number, item, source)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield Read(number, skipped="not a JSON object", is_broken=True)
        except (AttributeError, KeyError, TypeError, ValueError):
            yield Read(number, skipped="not an entity of Wikidata", is_broken=True)


def _read_item(number: int, item: dict[str, Any], source: Source) -> Read:
    if "redirects" in item or item.get("redirect"):
        return Read(number, skipped="redirect")
    if item.get("type", "item") != "item":
        return Read(number, skipped="no item")
    if len(item.get("sitelinks") or {}) < source.prominence:
        return Read(number, skipped="too few sitelinks")
    labels = {lang: label["value"] for lang, label in (item.get("labels") or {}).items()}
    name_lang = next((lang for lang in source.languages or ("en", "mul") if lang in labels), None)
    if name_lang is None:
        return Read(number, skipped="no label in a wanted language")
    name = labels[name_lang].strip()
    if complaint := complaint_about_name(name):
        return Read(number, skipped=complaint)
    forms = [Alias(label, kind_in(name, label), lang) for lang, label in labels.items() if source.wants(lang)]
    for lang, aliases in (item.get("aliases") or {}).items():
        if source.wants(lang):
            forms += [Alias(one["value"], kind_in(name, one["value"]), lang) for one in aliases]
    entity_id = item["id"]
    if not isinstance(entity_id, str) or not entity_id:
        raise TypeError("an item without an id")
    classes = set(_values(item.get("claims") or {}, _INSTANCE_OF))
    kind = next((type for type, known in _TYPES.items() if classes & known), EntityType.OTHER)
    return Read(
        number,
        Entity(entity_id, kind, name, source.aliases(name, forms), ids=(("wikidata", entity_id),)),
    )


def _values(claims: dict[str, Any], property_id: str) -> list[str]:
    """The items that the best statements of a property name."""
    statements = [one for one in claims.get(property_id, ()) if one.get("rank") != "deprecated"]
    best = [one for one in statements if one.get("rank") == "preferred"] or statements
    return [
        one["mainsnak"]["datavalue"]["value"]["id"]
        for one in best
        if one["mainsnak"].get("snaktype", "value") == "value"
    ]
