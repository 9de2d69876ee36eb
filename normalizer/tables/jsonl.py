"""JSON Lines: an object a line, names found by a path of keys; all else of the line stays as written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import msgspec

from normalizer.errors import TableError
from normalizer.tables.lines import SHOWN, Text
from normalizer.tables.rows import LONGEST_CONTEXT, Answer, Asked, BadRow, Row
from normalizer.tables.writing import TextWriter

_objects = msgspec.json.Decoder(dict[str, msgspec.Raw])


class _Content(NamedTuple):
    text: str
    end: str


class _NoNameError(Exception):
    """A place of a row that can hold no name."""


class JsonLinesTable:
    """A table of JSON Lines.

    Args:
        text: Its lines.
        asked: The columns wanted of it, each a key or keys with dots between (`person.name`).
    """

    def __init__(self, text: Text, asked: Asked) -> None:
        if text.encoding != "utf-8":
            raise TableError(
                f"{text.name}: JSON Lines are in UTF-8, this is {text.encoding}; convert it first"
            )
        self._text, self._asked = text, asked
        self._was_found: set[str] = set()

    @property
    def bytes_read(self) -> int:
        """How far it is read."""
        return self._text.bytes_read

    def writer(self, out: BinaryIO) -> TextWriter:
        """Begin a cleaned table with the byte order mark, if there was one."""
        return TextWriter(out, self._text.bom, self._written)

    def rows(self) -> Iterator[Row | BadRow]:
        """Give the rows; a place that is not there, or null, holds an empty name."""
        added = set(self._asked.added)
        count = 0
        for line in self._text.lines():
            body = line.text.rstrip("\r\n")
            if line.fault:
                yield BadRow(line.number, line.text[:SHOWN], line.fault)
                continue
            content = _Content(body, line.text[len(body) :])
            if not body.strip():
                yield Row(line.number, content, (), ())
                continue
            try:
                keys = _objects.decode(body)
                taken = added.intersection(keys)
                if taken:
                    raise _NoNameError(f"has {min(taken)!r} already")
                names = tuple([self._name(keys, column.name) for column in self._asked.columns])
                said = [self._name(keys, name)[:LONGEST_CONTEXT] for name in self._asked.context]
            except (_NoNameError, msgspec.MsgspecError, UnicodeError, RecursionError) as error:
                yield BadRow(line.number, body[:SHOWN], _reason(error))
                continue
            count += 1
            yield Row(line.number, content, names, tuple(filter(str.strip, said)))
        missing = {column.name for column in self._asked.columns} - self._was_found
        if count and missing:
            raise TableError(
                f"{self._text.name}: no line has {min(missing)!r}; give the path of keys, as in a.b"
            )

    def _written(self, row: Row, answers: Sequence[Answer]) -> bytes:
        """The line with keys behind the others, or with names replaced in it."""
        content = row.content
        assert isinstance(content, _Content)
        text = content.text
        if answers and self._asked.in_place:
            for column, name, answer in zip(self._asked.columns, row.names, answers, strict=True):
                if answer.id and answer.name != name:
                    text = _replaced(text, column.name, answer.name)
        elif answers:
            values: list[str | float | None] = []
            for answer in answers:
                values += (answer.name or None, answer.id or None, round(answer.score, 4), answer.decision)
            pairs = zip(self._asked.added, values, strict=True)
            pieces = [f"{_json(key)}:{_json(value)}" for key, value in pairs]
            head = text.rstrip()[:-1].rstrip()
            text = f"{head}{'' if head.endswith('{') else ','}{','.join(pieces)}}}"
        return (text + content.end).encode()

    def _name(self, keys: dict[str, msgspec.Raw], path: str) -> str:
        raw = keys.get(path)
        if raw is None and "." in path:
            first, _, rest = path.partition(".")
            inner = keys.get(first)
            if inner is not None and bytes(inner).lstrip().startswith(b"{"):
                return self._name_within(inner, rest, path)
        if raw is None:
            return ""
        self._was_found.add(path)
        return _text_of(raw, path)

    def _name_within(self, raw: msgspec.Raw, rest: str, path: str) -> str:
        for _ in range(rest.count(".") + 1):
            keys = _objects.decode(raw)
            if rest in keys:
                self._was_found.add(path)
                return _text_of(keys[rest], path)
            first, _, rest = rest.partition(".")
            raw = keys.get(first, msgspec.Raw(b"null"))
            if not bytes(raw).lstrip().startswith(b"{"):
                return ""
        return ""


def _text_of(raw: msgspec.Raw, path: str) -> str:
    value = msgspec.json.decode(raw)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        raise _NoNameError(f"{path!r} holds no text")
    return bytes(raw).decode().strip()


def _replaced(text: str, path: str, name: str) -> str:
    """A line with another name in a place that is there."""
    keys = _objects.decode(text)
    if path in keys:
        keys[path] = msgspec.Raw(msgspec.json.encode(name))
    else:
        first, _, rest = path.partition(".")
        keys[first] = msgspec.Raw(_replaced(bytes(keys[first]).decode(), rest, name).encode())
    return msgspec.json.encode(keys).decode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "JSON nested too deeply"
    if isinstance(error, msgspec.ValidationError):
        return "is not a JSON object"
    if isinstance(error, _NoNameError):
        return str(error)
    return f"not valid JSON: {str(error).removeprefix('JSON is malformed: ')}"
