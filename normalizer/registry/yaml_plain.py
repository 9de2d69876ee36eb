"""The short way to read YAML: entities in the plain form that `yaml_writer` and most people write.

A parser makes an event of every scalar, and a registry of 100,000 aliases has a million of them. Most
entities need none of that: each field stands on a line of its own, indented as usual, and its value is text,
or a list or mapping that closes on that line; aliases may have a line each. Nothing is judged here: an entity
in which anything is not plainly right goes to the full reader, together with its odd neighbours, and once
that finds a fault the whole file does. So `yaml_reader` and `yaml_decode` alone word, place and count faults,
and both ways give the same entities (tests/test_registry_plain.py).

Why entities may be read apart: each begins on a line of two spaces and its id. Only inside an open quote,
bracket or brace could such a line be anything else, and then what stands before it, read alone, does not end
well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from normalizer.model import Alias, Entity, Guard, Title
from normalizer.registry.faults import FaultLog
from normalizer.registry.rules import (
    KINDS,
    TYPES,
    complaint_about_form,
    complaint_about_length,
    complaint_about_never,
    forms_by_key,
)


def _words(ends: str) -> str:
    """The pattern of text without quotes, on one line; a colon or one of `ends` is no part of it."""
    first, rest = r"[^\0-#%-'*-.:-@\[-^`{-\x7f]", rf"[^\0-\x20:{ends}\x7f]*+"
    return rf"{first}{rest}(?:\x20++[^\0-\x20#:{ends}\x7f]{rest})*+"


# Classes say what is refused, not what is allowed: one that ends at U+10FFFF takes 7 ms to compile.
# Repetition is possessive, and what fits nothing is passed over at once: time is in proportion to length.
_QUOTED: Final = r"""'(?:[^'\0-\x1f]|'')*+'|"[^"\\\0-\x1f]*+\""""
_WORDS: Final = _words("")
_INNER_WORDS: Final = _words(r",?\[\]{}")
_VALUE: Final = rf"{_QUOTED}|{_WORDS}|[\[{{][^\n]*+"
_INNER_VALUE: Final = rf"{_QUOTED}|{_INNER_WORDS}|\[[^\[\]{{}}]*+\]|\{{[^{{}}]*+\}}"
_KEY: Final = r"(?:[A-Za-z0-9_][A-Za-z0-9._~-]{0,200}|'[A-Za-z0-9._~-]{1,200}')"
"""Ids that may stand in a URL, and schemes; a key may have at most 1,024 characters in YAML."""

_BLANK_LINES: Final = r"(?:\x20*+(?:#[^\n]*+)?\n)*+"
_START: Final = r"(?=\x20\x20[A-Za-z0-9_'])"

_HEAD: Final = re.compile(rf"{_BLANK_LINES}(?:---\n)?{_BLANK_LINES}entities:\n{_BLANK_LINES}{_START}")
_ENTITY: Final = re.compile(rf"\x20\x20({_KEY}):\n((?:\x20{{4}}[^\n]++\n)++){_BLANK_LINES}(?:{_START}|\Z)")
_next_start: Final = re.compile(rf"\n{_START}").search
_leaves_entities: Final = re.compile(r"^[^ #\n]", re.MULTILINE).search

# Each of these gives an empty text for the first that does not fit, and nothing of what stands behind it.
_FIELDS: Final = re.compile(
    rf"\x20{{4}}([a-z]+):(?:\x20|(?=\n))({_VALUE}|(?:\n\x20{{6}}-\x20[^\n]++)++)\n|.++", re.DOTALL
).findall
_MEMBERS: Final = re.compile(rf"\n\x20{{6}}-\x20({_VALUE})(?=\n|\Z)|.++", re.DOTALL).findall
_ITEMS: Final = re.compile(rf"({_INNER_VALUE})(?:,\x20|\Z)|.++", re.DOTALL).findall
_PAIRS: Final = re.compile(rf"({_KEY}):\x20({_INNER_VALUE})(?:,\x20|\Z)|.++", re.DOTALL).findall

Located = tuple[Entity, int, int]
"""An entity with its line and column."""


class _NotPlainError(Exception):
    """Something is not plainly right; whether it is wrong the full reader says."""


def read_plain(text: str) -> list[Located] | None:
    """Read the entities of a file that has no faults.

    Args:
        text: The file, of `yaml_text.decode_text`.

    Returns:
        The entities with line and column in order of the file; None where the full reader must read it.
    """
    text = text.replace("\r\n", "\n")
    head = _HEAD.match(text)
    if head is None or "\r" in text:
        return None
    found: list[Located] = []
    place, line = head.end(), text.count("\n", 0, head.end()) + 1
    odd_place, odd_line = place, line  # where those begin that the full reader must read
    try:
        while place < len(text):
            match = _ENTITY.match(text, place)
            start = match or _next_start(text, place)
            end = len(text) if start is None else start.end()
            entity = None if match is None else _plain_entity(match)
            line_after = line + text.count("\n", place, end)
            if entity is not None:
                if odd_place < place:
                    found += _fully_read(text[odd_place:place], odd_line)
                found.append((entity, line, 3))
                odd_place, odd_line = end, line_after
            place, line = end, line_after
        if odd_place < place:
            found += _fully_read(text[odd_place:], odd_line)
    except _NotPlainError:
        return None
    return found if len({entity.id for entity, _, _ in found}) == len(found) else None


def _fully_read(entries: str, line: int) -> list[Located]:
    """Entities that stand together, by the full reader.

    Raises:
        _NotPlainError: There is a fault in them, or they end what holds the entities.
    """
    from normalizer.registry.yaml_decode import decode_entities
    from normalizer.registry.yaml_reader import read_yaml

    log = FaultLog("")
    found = list(decode_entities(read_yaml("entities:\n" + entries, log), log))
    if log.faults() or _leaves_entities(entries):
        raise _NotPlainError
    return [(entity, line + own_line - 2, column) for entity, own_line, column in found]


def _plain_entity(match: re.Match[str]) -> Entity | None:
    """The entity of an id and the lines under it; None where anything is odd."""
    try:
        values = _values(_FIELDS(match[2]), _ENTITY_FIELDS)
        entity = Entity(_unquoted(match[1]), values.pop("type"), values.pop("name"), **values)
    except (_NotPlainError, KeyError):
        return None
    forms = [entity.name, *[alias.name for alias in entity.aliases]]
    is_odd = len(set(forms)) < len(forms) or len(set(entity.keep)) < len(entity.keep)
    is_odd = is_odd or bool(entity.never and _is_refused(entity.never, forms))
    return None if is_odd else entity


def _is_refused(never: tuple[str, ...], forms: list[str]) -> bool:
    """Whether a form of `not` stands there twice, or is a form of the entity."""
    own_forms = forms_by_key(forms)
    return len(set(never)) < len(never) or any(complaint_about_never(form, own_forms) for form in never)


def _values(pairs: Iterable[tuple[str, str]], fields: _Fields) -> dict[str, Any]:
    """The values of fields, by attribute of what they make.

    Raises:
        KeyError: There is no such field, or no such word for it.
    """
    values: dict[str, Any] = {}
    for key, written in pairs:
        attribute, read = fields[key]
        if attribute in values:
            raise _NotPlainError
        values[attribute] = read(written)
    return values


def _aliases(written: str) -> tuple[Alias, ...]:
    """Aliases, a line each or all on one line."""
    return tuple([_alias(item) for item in (_MEMBERS(written) if written[0] == "\n" else _items(written))])


def _alias(written: str) -> Alias:
    """An alias: a form alone, or a mapping."""
    if written[:1] != "{":
        return Alias(_form(written))
    values = _values(_pairs(written), _ALIAS_FIELDS)
    return Alias(values.pop("name"), **values)


def _title(written: str) -> Title:
    """A title: its name alone, or a mapping."""
    if written[:1] != "{":
        return Title(_text(written))
    values = _values(_pairs(written), _TITLE_FIELDS)
    return Title(values.pop("name"), **values)


def _guard(written: str) -> Guard:
    """A guard; every field may be missing."""
    return Guard(**_values(_pairs(written), _GUARD_FIELDS))


def _ids(written: str) -> tuple[tuple[str, str], ...]:
    """Identifiers, no scheme twice."""
    ids = tuple([(_unquoted(scheme), _text(value)) for scheme, value in _pairs(written)])
    if len(dict(ids)) < len(ids):
        raise _NotPlainError
    return ids


def _titles(written: str) -> tuple[Title, ...]:
    return tuple([_title(item) for item in _items(written)])


def _texts(written: str) -> tuple[str, ...]:
    """One text or several."""
    return tuple([_text(item) for item in _one_or_more(written)])


def _forms(written: str) -> tuple[str, ...]:
    """One surface form or several."""
    return tuple([_form(item) for item in _one_or_more(written)])


def _near(written: str) -> tuple[str, ...]:
    return tuple([_form(item) for item in _items(written)])


def _one_or_more(written: str) -> list[str]:
    """One text, or the items of a list, as they are written."""
    return _items(written) if written[0] == "[" else [written]


def _items(written: str) -> list[str]:
    """The items of a list on one line, as they are written."""
    if written[0] != "[" or written[-1] != "]":
        raise _NotPlainError
    return _ITEMS(written[1:-1])


def _pairs(written: str) -> list[tuple[str, str]]:
    """The keys and values of a mapping on one line, as they are written."""
    if written[0] != "{" or written[-1] != "}":
        raise _NotPlainError
    return _PAIRS(written[1:-1])


def _form(written: str) -> str:
    """A surface form that can match."""
    form = _unquoted(written)
    if complaint_about_form(form) is not None:
        raise _NotPlainError
    return form


def _text(written: str) -> str:
    """A text that is not empty and not over-long."""
    text = _unquoted(written)
    if not text.strip() or complaint_about_length(text) is not None:
        raise _NotPlainError
    return text


def _unquoted(written: str) -> str:
    """What a scalar says; none that is read here holds an escape."""
    first = written[:1]
    if first not in _MARKS:
        return written
    if first == "'":
        return written[1:-1].replace("''", "'")
    if first == '"':
        return written[1:-1]
    raise _NotPlainError


_MARKS: Final = frozenset(["'", '"', "[", "{", "\n", ""])
"""What stands first where a value is no text as it is written."""

_Fields = Mapping[str, tuple[str, Callable[[str], object]]]
"""Fields of a file: the attribute that each is in the model, and what reads its value."""

_ENTITY_FIELDS: Final[_Fields] = {
    "name": ("name", _form),
    "type": ("type", TYPES.__getitem__),
    "country": ("countries", _texts),
    "titles": ("titles", _titles),
    "aliases": ("aliases", _aliases),
    "not": ("never", _forms),
    "keep": ("keep", _forms),
    "ids": ("ids", _ids),
}
_ALIAS_FIELDS: Final[_Fields] = {
    "name": ("name", _form),
    "kind": ("kind", KINDS.__getitem__),
    "lang": ("lang", _text),
    "guard": ("guard", _guard),
    "source": ("source", _text),
}
_TITLE_FIELDS: Final[_Fields] = {
    "name": ("name", _text),
    "from": ("since", _text),
    "until": ("until", _text),
}
_GUARD_FIELDS: Final[_Fields] = {
    "cased": ("cased", {"true": True, "false": False}.__getitem__),
    "near": ("near", _near),
}
