"""From entities to YAML in the house form: by id, an alias a line, quotes only where YAML needs them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from normalizer.errors import Fault, RegistryError
from normalizer.model import Alias, AliasKind, Entity, Title
from normalizer.registry.rules import (
    complaint_about_form,
    complaint_about_id,
    complaint_about_never,
    forms_by_key,
)

SCHEMA_LINE: Final = "# yaml-language-server: $schema=schema.json"
"""The first line of a registry file: where editors find the schema."""

_WORDS_OF_YAML: Final = ("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf")
"""What some reader of YAML 1.1 or 1.2 takes for something else than text, in any case."""

_LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][0-9a-fA-FxXoO_.,:eE+\-TtZz ]*")
_PLAIN = re.compile(r"(?:[A-Za-z0-9(/$_]|[^\x00-\x7f])[^\x00-\x1f\[\]{},:?\x7f]*")
_NEEDS_ESCAPE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Controls, line ends of any kind, direction overrides (which would show a line in another order), U+FEFF."""

_SHORT_ESCAPES: Final = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write_yaml(entities: Iterable[Entity], header: str = "", *, schema_line: bool = True) -> str:
    """Write entities as the text of a registry file; loading it gives the same entities back.

    Any reader of YAML sees text in every value: `No`, `1984` and `12:30` are quoted.

    Args:
        entities: In any order; they are written in order of id.
        header: Words for the top of the file; each line becomes a comment.
        schema_line: Whether to name the schema for editors.

    Raises:
        RegistryError: An id or a form that a YAML registry may not hold; JSON Lines may.
    """
    in_order = sorted(entities, key=lambda entity: entity.id)
    faults = [fault for entity in in_order for fault in _faults(entity)]
    if faults:
        raise RegistryError(faults)
    lines = [SCHEMA_LINE] if schema_line else []
    lines += [f"# {line}".rstrip() for line in header.splitlines()]
    lines.append("entities:" if in_order else "entities: {}")
    for entity in in_order:
        lines += entity_lines(entity)
    return "\n".join(lines) + "\n"


def _faults(entity: Entity) -> list[Fault]:
    own_forms = forms_by_key(form.name for form in entity.forms()) if entity.never else {}
    complaints = [
        complaint_about_id(entity.id),
        *(complaint_about_form(form.name) for form in entity.forms()),
        *(complaint_about_never(form, own_forms) for form in entity.never),
        *(complaint_about_form(phrase) for phrase in entity.keep),
    ]
    where = f"entity {entity.id}"
    return [Fault(where, 0, 0, *complaint) for complaint in complaints if complaint is not None]


def entity_lines(entity: Entity) -> list[str]:
    """The lines of one entity, fields that hold nothing left out."""
    lines = [
        f"  {_scalar(entity.id)}:",
        f"    name: {_scalar(entity.name)}",
        f"    type: {entity.type.value}",
    ]
    if entity.countries:
        lines.append(f"    country: {_one_or_list(entity.countries)}")
    if entity.titles:
        lines.append(f"    titles: [{', '.join(_title(title) for title in entity.titles)}]")
    if entity.aliases:
        lines.append("    aliases:")
        lines += [f"      - {_alias(alias)}" for alias in entity.aliases]
    if entity.never:
        lines.append(f"    not: {_one_or_list(entity.never)}")
    if entity.keep:
        lines.append(f"    keep: {_one_or_list(entity.keep)}")
    if entity.ids:
        lines.append(f"    ids: {_mapping([(scheme, _scalar(value)) for scheme, value in entity.ids])}")
    return lines


def _alias(alias: Alias) -> str:
    """An alias: its form alone, or a mapping when more is known of it."""
    fields = [("name", _scalar(alias.name))]
    if alias.kind is not AliasKind.ALIAS:
        fields.append(("kind", alias.kind.value))
    if alias.lang is not None:
        fields.append(("lang", _scalar(alias.lang)))
    if alias.guard is not None:
        guard = [("cased", "true")] if alias.guard.cased else []
        if alias.guard.near:
            guard.append(("near", f"[{', '.join(_scalar(word) for word in alias.guard.near)}]"))
        fields.append(("guard", _mapping(guard)))
    if alias.source is not None:
        fields.append(("source", _scalar(alias.source)))
    return fields[0][1] if len(fields) == 1 else _mapping(fields)


def _title(title: Title) -> str:
    """A title: its name alone, or a mapping when its time is known."""
    fields = [("name", _scalar(title.name))]
    if title.since is not None:
        fields.append(("from", _scalar(title.since)))
    if title.until is not None:
        fields.append(("until", _scalar(title.until)))
    return fields[0][1] if len(fields) == 1 else _mapping(fields)


def _one_or_list(texts: tuple[str, ...]) -> str:
    return _scalar(texts[0]) if len(texts) == 1 else f"[{', '.join(map(_scalar, texts))}]"


def _mapping(fields: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{_scalar(key)}: {value}" for key, value in fields) + "}"


def _scalar(text: str) -> str:
    """Write a text so that every reader of YAML reads that text, in a list or mapping on one line too."""
    if _NEEDS_ESCAPE.search(text):
        return '"' + "".join(_escape(char) for char in text) + '"'
    is_plain = (
        _PLAIN.fullmatch(text)
        and " #" not in text
        and text == text.strip()
        and text.lower() not in _WORDS_OF_YAML
        and not _LIKE_A_NUMBER.fullmatch(text)
    )
    return text if is_plain else "'" + text.replace("'", "''") + "'"


def _escape(char: str) -> str:
    """A character as it stands in double quotes."""
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    if not _NEEDS_ESCAPE.match(char):
        return char
    return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
