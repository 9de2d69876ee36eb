"""Registries as JSON Lines: an entity a line, as other systems export them and as ours are handed on.

Reading is lenient where real exports differ: fields that are not known are passed over, a kind that is
not known is a plain alias, repeated and blank forms are dropped, ids are taken as they are. It is strict
where something would be lost: a known field of the wrong type, an over-long name, a broken line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from normalizer.model import Alias, AliasKind, Entity, EntityType, Guard, Title
from normalizer.registry.faults import FaultLog, quoted
from normalizer.registry.rules import (
    KINDS,
    TYPES,
    Complaint,
    complaint_about_length,
    complaint_about_never,
    forms_by_key,
)
from normalizer.text.folding import MAX_NAME


class _GuardRow(msgspec.Struct):
    cased: bool = False
    near: list[str] | None = None


class _AliasRow(msgspec.Struct):
    name: str
    kind: str | None = None
    lang: str | None = None
    guard: _GuardRow | None = None
    source: str | None = None


class _TitleRow(msgspec.Struct):
    name: str
    since: str | None = msgspec.field(default=None, name="from")
    until: str | None = None


class _EntityRow(msgspec.Struct):
    id: str
    name: str
    type: str | None = None
    aliases: list[str | _AliasRow] | None = None
    titles: list[str | _TitleRow] | None = None
    ids: dict[str, str] | None = None
    country: str | list[str] | None = None
    never: str | list[str] | None = msgspec.field(default=None, name="not")
    keep: str | list[str] | None = None


def read_jsonl(lines: Iterable[tuple[int, bytes]], log: FaultLog) -> Iterator[tuple[Entity, int, int]]:
    """Give the entities of a file with their line and column.

    Args:
        lines: The lines with their numbers from 1; blank ones are passed over.
        log: Where faults go; a line with a fault is left out and the next one read.

    Yields:
        Entities in order of the file; the column is always 0, for the whole line.
    """
    decode = msgspec.json.Decoder(_EntityRow).decode
    for number, line in lines:
        if not line.strip():
            continue
        try:
            if not line.isascii():
                line.decode("utf-8")  # the decoder does not look into fields that it passes over
            row = decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            log.add(number, 0, *_explain(error))
            continue
        complaint = _complaint_about(row, b"\\u0000" in line)
        if complaint is not None:
            log.add(number, 0, *complaint)
            continue
        yield _entity(row), number, 0


def _entity(row: _EntityRow) -> Entity:
    """Make an entity of a line that has no faults."""
    type_name = row.type or ""
    entity_type = TYPES.get(type_name)
    return Entity(
        row.id,
        entity_type if entity_type is not None else EntityType.parse(type_name),
        row.name,
        _aliases(row) if row.aliases else (),
        tuple([title for item in row.titles if (title := _title(item)).name.strip()]) if row.titles else (),
        tuple(row.ids.items()) if row.ids else (),
        tuple(_filled(row.country)) if row.country else (),
        tuple(dict.fromkeys(_filled(row.never))) if row.never else (),
        tuple(dict.fromkeys(_filled(row.keep))) if row.keep else (),
    )


def _aliases(row: _EntityRow) -> tuple[Alias, ...]:
    """The aliases of a line, without blank ones and repetitions."""
    seen = {row.name}
    aliases = []
    for item in row.aliases or ():
        name = item if type(item) is str else item.name  # type: ignore[union-attr]
        if name in seen or not name.strip():
            continue
        seen.add(name)
        if type(item) is _AliasRow:
            kind = KINDS.get(item.kind, AliasKind.ALIAS) if item.kind is not None else AliasKind.ALIAS
            guard = item.guard
            if guard is not None:
                guarded = Guard(guard.cased, tuple([word for word in guard.near or () if word.strip()]))
                aliases.append(Alias(name, kind, item.lang or None, guarded, item.source or None))
            else:
                aliases.append(Alias(name, kind, item.lang or None, None, item.source or None))
        else:
            aliases.append(Alias(name))
    return tuple(aliases)


def _filled(texts: str | list[str]) -> list[str]:
    """One text or several as a list, without blank ones."""
    return [text for text in ([texts] if isinstance(texts, str) else texts) if text.strip()]


def _title(item: str | _TitleRow) -> Title:
    return Title(item) if isinstance(item, str) else Title(item.name, item.since or None, item.until or None)


def _complaint_about(row: _EntityRow, may_hold_nul: bool) -> Complaint | None:
    """Say what is wrong with a line whose fields are of the right types, if anything."""
    if not row.id.strip():
        return "the entity has no id", 'write "id": "…"'
    if not row.name.strip():
        return f"the entity {quoted(row.id)} has no name", 'write "name": "…"'
    names = [row.id, row.name]
    for items in (row.aliases, row.titles):
        if items:
            names += [item if type(item) is str else item.name for item in items]  # type: ignore[union-attr]
    for texts in (row.country, row.keep):
        if texts:
            names += _filled(texts)
    if max(map(len, names)) > MAX_NAME:
        return complaint_about_length(max(names, key=len))
    if row.never:
        own_forms = forms_by_key([row.name, *(alias.name for alias in _aliases(row))])
        for form in _filled(row.never):
            if (complaint := complaint_about_never(form, own_forms)) is not None:
                return complaint
    if may_hold_nul and "\0" in "".join(_texts(msgspec.to_builtins(row))):
        return f"the entity {quoted(row.id)} holds a NUL character", "write the character that was meant"
    return None


def _texts(value: object) -> Iterator[str]:
    """All texts of a line, however deep; a line that was decoded into rows is not deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _texts(list(pair))


_WRONG_TYPE = re.compile(r"Expected `(.+?)`, got `(.+?)`(?: - at `\$\.?(.*)`)?")
_MISSING = re.compile(r"Object missing required field `(.+?)`(?: - at `\$\.?(.*)`)?")
_WORDS: Final = {
    "str": "text",
    "array": "a list",
    "object": "an object",
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
}


def _explain(error: Exception) -> Complaint:
    """Say in our words why a line could not be decoded."""
    if isinstance(error, UnicodeDecodeError):
        return "the line is not UTF-8", "save the file as UTF-8"
    if isinstance(error, RecursionError):
        return "the line is nested too deep", "take the field out that holds it"
    said = str(error)
    missing = _MISSING.fullmatch(said)
    if missing is not None:
        return f"{missing[2] or 'the entity'} has no {missing[1]}", f'write "{missing[1]}": "…"'
    wrong = _WRONG_TYPE.fullmatch(said)
    if wrong is None:
        said = said.removeprefix("JSON is malformed: ").replace("Input data was truncated", "it breaks off")
        return f"not JSON: {said}", "write one whole object a line"
    where, expected, got = wrong[3] or "the line", _in_words(wrong[1]), _in_words(wrong[2])
    remedy = "put it in quotes" if (expected, got) == ("text", "a number") else "mend the value"
    return f"{where} must be {expected}, not {got}", remedy


def _in_words(types: str) -> str:
    """Types as the decoder names them ("str | null"), in a reader's words; null needs no mention."""
    words = [_WORDS.get(word, word) for word in types.removesuffix(" | null").split(" | ")]
    return " or ".join(words)


def write_jsonl(entities: Iterable[Entity]) -> str:
    """Write entities as JSON Lines in order of id; `read_jsonl` gives the same entities back."""
    rows = (_row(entity) for entity in sorted(entities, key=lambda entity: entity.id))
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def _row(entity: Entity) -> dict[str, object]:
    """The line of an entity; fields that hold nothing are left out."""
    row: dict[str, object] = {"id": entity.id, "type": entity.type.value, "name": entity.name}
    if entity.countries:
        row["country"] = _one_or_list(entity.countries)
    if entity.titles:
        row["titles"] = [_title_row(title) for title in entity.titles]
    row["aliases"] = [_alias_row(alias) for alias in entity.aliases]
    if entity.never:
        row["not"] = _one_or_list(entity.never)
    if entity.keep:
        row["keep"] = _one_or_list(entity.keep)
    if entity.ids:
        row["ids"] = dict(entity.ids)
    return row


def _one_or_list(texts: tuple[str, ...]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else list(texts)


def _title_row(title: Title) -> str | dict[str, str]:
    if title.since is None and title.until is None:
        return title.name
    fields = {"name": title.name, "from": title.since, "until": title.until}
    return {key: value for key, value in fields.items() if value is not None}


def _alias_row(alias: Alias) -> dict[str, object]:
    row: dict[str, object] = {"name": alias.name, "kind": alias.kind.value}
    if alias.lang is not None:
        row["lang"] = alias.lang
    if alias.guard is not None:
        row["guard"] = {"cased": alias.guard.cased, "near": list(alias.guard.near)}
    if alias.source is not None:
        row["source"] = alias.source
    return row
