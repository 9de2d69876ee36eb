"""The JSON Schema of a registry file, made from the model, for completion and checks while typing.

Draft 7, which is what yaml-language-server supports. `aliases/schema.json` holds its output:

    python -m normalizer.registry.json_schema > aliases/schema.json

The schema is a help while typing; `load_registry` is the judge. Two things differ on purpose: editors
take an unquoted `1984` or `true` for a number or a boolean, where the registry reads text, so a text may be
these too; and what no schema can say (equal forms, forms that fold to nothing) only the loader finds.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from enum import StrEnum
from inspect import cleandoc
from typing import Any, Final

from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard, Title
from normalizer.registry.rules import ID_PATTERN
from normalizer.text.folding import MAX_NAME

Schema = dict[str, Any]

IN_FILES: Final = {"since": "from", "countries": "country", "never": "not"}
"""Fields that are called something else in the files."""

_KIND_MEANINGS: Final = {
    AliasKind.ALIAS: "another name, without more being said",
    AliasKind.SHORT: "a part of the name that stands for it (Blinken)",
    AliasKind.ACCEPTED: "right, but the canonical name is preferred (Kiev)",
    AliasKind.ACRONYM: "its letters (NATO)",
    AliasKind.FORMER: "a name it had (Swaziland)",
    AliasKind.NICKNAME: "a familiar or popular name (Bojo)",
    AliasKind.TRANSLITERATION: "the name in another script or romanization",
    AliasKind.MISSPELLING: "a known wrong spelling",
}
"""What each kind says, for the schema and docs/aliases.md."""


def registry_schema() -> Schema:
    """Give the schema of a registry file as plain dicts and lists, in a fixed order."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Registry of names",
        "description": "Entities of a registry of normalizer, keyed by id; see docs/aliases.md.",
        "type": "object",
        "additionalProperties": False,
        "required": ["entities"],
        "properties": {
            "entities": {
                "description": "The entities of this file by id, in order of id.",
                "type": "object",
                "propertyNames": {"pattern": f"^{ID_PATTERN}$", "maxLength": MAX_NAME},
                "additionalProperties": {"$ref": "#/definitions/entity"},
            }
        },
        "definitions": {
            "text": {"type": ["string", "number", "boolean"], "minLength": 1},
            "name": {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": MAX_NAME},
            "entity": _object(Entity, ["name", "type"], _entity_fields()),
            "alias": _object(Alias, ["name"], _alias_fields()),
            "guard": _object(Guard, [], _guard_fields()),
            "title": _object(Title, ["name"], _title_fields()),
        },
    }


def _entity_fields() -> dict[str, Schema]:
    return {
        "name": _ref("name"),
        "type": _choice(EntityType),
        "titles": _list(_text_or("title")),
        "aliases": _list(_text_or("alias")),
        "ids": {"type": "object", "additionalProperties": _ref("text")},
        "country": _one_or_list("text"),
        "not": _one_or_list("name"),
        "keep": _one_or_list("name"),
    }


def _alias_fields() -> dict[str, Schema]:
    return {
        "name": _ref("name"),
        "kind": _choice(AliasKind),
        "lang": _ref("text"),
        "guard": _ref("guard"),
        "source": _ref("text"),
    }


def _guard_fields() -> dict[str, Schema]:
    return {"cased": {"type": "boolean"}, "near": _list(_ref("name"))}


def _title_fields() -> dict[str, Schema]:
    return {"name": _ref("name"), "from": _ref("text"), "until": _ref("text")}


def _object(model: type, required: list[str], schemas: dict[str, Schema]) -> Schema:
    """The schema of a mapping: the fields of a dataclass in its order, described in its docstring's words."""
    summary, described = _documentation(model)
    names = {field.name: IN_FILES.get(field.name, field.name) for field in fields(model)}
    properties = {}
    for field, name in names.items():
        if name in schemas:
            # allOf, because draft 7 has nothing count that stands beside a $ref
            schema = schemas[name]
            schema = {"allOf": [schema]} if "$ref" in schema else schema
            properties[name] = {"description": described[field], **schema}
    return {
        "description": summary,
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _documentation(model: type) -> tuple[str, dict[str, str]]:
    """The first line of a docstring, and what its Attributes section says of each field."""
    summary, _, rest = cleandoc(model.__doc__ or "").partition("\n")
    described: dict[str, str] = {}
    name = ""
    for line in rest.partition("Attributes:")[2].splitlines():
        if line.startswith("    ") and not line.startswith("     "):
            name, _, words = line.strip().partition(": ")
            described[name] = words
        elif name and line.strip():
            described[name] += f" {line.strip()}"
    return summary, described


def _choice(words: type[StrEnum]) -> Schema:
    """One of an enum's words; editors show the meaning of each alias kind beside it."""
    schema: Schema = {"enum": [member.value for member in words]}
    if words is AliasKind:
        schema["enumDescriptions"] = [kind_meaning(kind) for kind in AliasKind]
    return schema


def kind_meaning(kind: AliasKind) -> str:
    """What an alias kind says, and whether such a form may stand in print."""
    return f"{_KIND_MEANINGS[kind]}; {'may stand' if kind.is_printable else 'never stands'} in print"


def _text_or(definition: str) -> Schema:
    return {"anyOf": [_ref("name"), _ref(definition)]}


def _one_or_list(definition: str) -> Schema:
    return {"anyOf": [_ref(definition), _list(_ref(definition))]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/definitions/{definition}"}


def schema_text() -> str:
    """The schema as the text of `aliases/schema.json`."""
    return json.dumps(registry_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
