"""What is known of entities, as properties with values; and the types there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from normalizer.engine import Engine
from normalizer.model import Entity, EntityType
from normalizer.report.shapes import Record
from normalizer.text.folding import fold

_ID: Final = "ids."
"""What stands before a scheme of identifiers to make a property of it."""


class Property(NamedTuple):
    """Something that is known of entities.

    Attributes:
        id: What it is asked for by.
        name: What people call it.
        values: Its values for an entity.
    """

    id: str
    name: str
    values: Callable[[Entity], Sequence[str]]


_OF_ALL: Final[Mapping[str, Property]] = {
    one.id: one
    for one in (
        Property("name", "Name", lambda entity: [entity.name]),
        Property("type", "Type", lambda entity: [entity.type.value]),
        Property("aliases", "Other names", lambda entity: [alias.name for alias in entity.aliases]),
        Property("titles", "Titles", lambda entity: [title.name for title in entity.titles]),
        Property("country", "Country", lambda entity: entity.countries),
        Property("not", "Not this", lambda entity: entity.never),
    )
}

TYPES: Final = tuple(EntityType)


def property_of(property_id: str) -> Property:
    """The property of an id; nothing has a value of one that is not known."""
    known = _OF_ALL.get(property_id)
    if known is not None:
        return known
    scheme = property_id.removeprefix(_ID)
    if scheme == property_id:
        return Property(property_id, property_id, lambda entity: ())
    name = f"Identifier: {scheme}"
    return Property(property_id, name, lambda entity: [value for key, value in entity.ids if key == scheme])


def all_properties(engine: Engine) -> list[Property]:
    """The properties that can be asked for."""
    return [*_OF_ALL.values(), *(property_of(_ID + scheme) for scheme in engine.id_schemes())]


def property_record(one: Property) -> Record:
    """A property as both versions write it."""
    return {"id": one.id, "name": one.name}


def type_record(type: EntityType) -> Record:
    """A type as both versions write it."""
    return {"id": type.value, "name": type.value.capitalize()}


def matching(records: Iterable[Record], prefix: str) -> list[Record]:
    """The types or properties that have a prefix for their id, or a word of their name that begins so."""
    wanted = fold(prefix)
    if not wanted:
        return [] if prefix.strip() else list(records)
    return [
        record
        for record in records
        if record["id"] == prefix or f" {wanted}" in f" {fold(str(record['name']))}"
    ]


def values(entity: Entity | None, property_id: str) -> list[Record]:
    """The values of a property; none for an entity that is not known."""
    if entity is None:
        return []
    return [{"str": value} for value in property_of(property_id).values(entity)]


def described(entity: Entity) -> str:
    """A few words that tell namesakes apart; empty if nothing is known."""
    return ", ".join([*(title.name for title in entity.titles), *entity.countries])


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be true of a candidate.

    Attributes:
        property_id: The property.
        wanted: Its values.
        quantifier: Whether it has to have any of them, all, or none.
    """

    property_id: str
    wanted: tuple[str, ...]
    quantifier: Literal["any", "all", "none"] = "any"

    def holds(self, entity: Entity) -> bool:
        """Whether it is true of an entity; values count as equal that fold alike."""
        own = {fold(value) for value in property_of(self.property_id).values(entity)}
        found = [fold(value) in own for value in self.wanted]
        if self.quantifier == "none":
            return not any(found)
        return all(found) if self.quantifier == "all" else any(found)
