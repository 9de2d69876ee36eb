"""What comes in from outside, decoded and checked the same way for the command line and for HTTP.

Decoding is strict about types and ignores fields it does not know. Whatever is wrong with one item is
said in that item's place and fails no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from normalizer.engine import Engine, compare
from normalizer.errors import NormalizerError
from normalizer.model import Comparison, Decision, EntityType, Link, Mention
from normalizer.report.shapes import ItemId, Record, error_record, link_record
from normalizer.settings import Limits, Settings

MAX_CONTEXT: Final = 100
"""Most context strings of one name."""
MAX_CONTEXT_LENGTH: Final = 10_000
"""Longest context string, in code points: a paragraph or two."""
DEFAULT_LIMIT: Final = 5
"""Candidates in an answer, if nothing else is asked for."""
MAX_LIMIT: Final = 100
"""Most candidates that can be asked for."""

T = TypeVar("T")
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_half_of_a_pair: Final = re.compile("[\ud800-\udfff]").search


class InvalidItemError(NormalizerError):
    """An item that cannot be answered.

    Attributes:
        pointer: Where the fault is, as a JSON pointer (RFC 6901); empty for the whole item.
        malformed: Whether it is no JSON at all, rather than JSON of another shape.
    """

    def __init__(self, message: str, pointer: str = "", *, malformed: bool = False) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.malformed = malformed


class MatchItem(msgspec.Struct, frozen=True):
    """A name to link: `{"id"?, "name", "type"?, "context"?}`."""

    name: str
    id: ItemId = None
    type: str | None = None
    context: tuple[str, ...] = ()


class PairItem(msgspec.Struct, frozen=True):
    """Two names to compare: `{"type"?, "first", "second"}`."""

    first: str
    second: str
    type: str | None = None


class _OnlyId(msgspec.Struct):
    id: ItemId = None


class Query(msgspec.Struct, frozen=True):
    """A name to link, or what is wrong with it.

    Attributes:
        id: Given back with the answer.
        item: The name; None if there is an error.
        error: Why there is no name.
    """

    id: ItemId
    item: MatchItem | None
    error: str = ""


def decode(data: bytes | msgspec.Raw, shape: type[T]) -> T:
    """Decode JSON into a shape.

    Raises:
        InvalidItemError: It is not JSON in UTF-8, nested too deeply, or of another shape.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise _of_another_shape(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = "invalid UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        reason = reason.removeprefix("JSON is malformed: ")
        if _SURROGATE.search(bytes(data)):
            reason += " (perhaps half of a \\u pair, which stands for no character)"
        raise InvalidItemError(f"not valid JSON: {reason}", malformed=True) from error
    except RecursionError as error:
        raise InvalidItemError("JSON nested too deeply", malformed=True) from error


def decode_fields(fields: Mapping[str, str], shape: type[T]) -> T:
    """Decode the parameters of a query, or the fields of a form, into a shape.

    Raises:
        InvalidItemError: One is missing, or is not what it must be.
    """
    try:
        return msgspec.convert(fields, shape, strict=False)
    except msgspec.ValidationError as error:
        raise _of_another_shape(error) from error


def _of_another_shape(error: msgspec.ValidationError) -> InvalidItemError:
    message, _, path = str(error).partition(" - at `$")
    return InvalidItemError(message.replace("`", ""), _pointer(path))


def decode_batch(data: bytes, shape: type[T], field: str) -> T:
    """Decode a body that holds many items, even if some are not Unicode.

    A lone surrogate makes msgspec refuse the whole body as malformed. It is one item's
    fault: the items are taken apart another way then, and the one fails when it is decoded itself.

    Args:
        data: JSON.
        shape: What it must be; `field` of it holds `msgspec.Raw` items, in a list or by keys.
        field: The name of the field.

    Raises:
        InvalidItemError: As `decode` does.
    """
    try:
        return decode(data, shape)
    except InvalidItemError as error:
        if not error.malformed or not _SURROGATE.search(data):
            raise
        content = _reread(data)
        items = content.get(field) if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(items, list | dict) or not _can_be_keys(items):
            raise
        content[field] = type(items)()
        batch = decode(json.dumps(content).encode(), shape)
        raw: object = _raw_by_key(items) if isinstance(items, dict) else [*map(_raw, items)]
        setattr(batch, field, raw)
        return batch


def decode_keyed(data: bytes) -> dict[str, msgspec.Raw]:
    """Decode an object that holds an item by each key, even if some items are not Unicode.

    Raises:
        InvalidItemError: As `decode` does.
    """
    try:
        return decode(data, dict[str, msgspec.Raw])
    except InvalidItemError as error:
        if not error.malformed or not _SURROGATE.search(data):
            raise
        items = _reread(data)
        if not isinstance(items, dict) or not _can_be_keys(items):
            raise
        return _raw_by_key(items)


def _reread(data: bytes) -> object:
    """JSON as the standard library reads it, which takes lone surrogates; None if it cannot."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _can_be_keys(items: Iterable[object]) -> bool:
    """Whether the keys of items can be given back; those of a list are numbers."""
    return not isinstance(items, dict) or not any(map(_has_surrogate, items))


def _raw_by_key(items: Mapping[str, object]) -> dict[str, msgspec.Raw]:
    return {key: _raw(item) for key, item in items.items()}


def _raw(item: object) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(item).encode())


def decode_query(data: bytes | msgspec.Raw, default_id: ItemId) -> Query:
    """Decode a name to link; a fault becomes part of the query.

    Args:
        data: JSON of a `MatchItem`.
        default_id: Its id if it has none of its own.
    """
    item, error = None, ""
    try:
        item = decode(data, MatchItem)
        own_id = item.id
    except InvalidItemError as fault:
        error = f"{fault} at {fault.pointer}" if fault.pointer else str(fault)
        if not fault.malformed and not bytes(data).lstrip().startswith(b"{"):
            error = 'an item must be an object with a "name"'
        own_id = _own_id(data)
    return Query(default_id if own_id is None else own_id, item, error)


def _own_id(data: bytes | msgspec.Raw) -> ItemId:
    """The id of an item that is otherwise wrong, if it has a good one."""
    try:
        return decode(data, _OnlyId).id
    except InvalidItemError as error:
        if not error.malformed or not _SURROGATE.search(bytes(data)):
            return None
    content = _reread(bytes(data))
    own_id = content.get("id") if isinstance(content, dict) else None
    if isinstance(own_id, str):
        return None if _has_surrogate(own_id) else own_id
    return own_id if isinstance(own_id, int | float) and not isinstance(own_id, bool) else None


def link_queries(engine: Engine, queries: Sequence[Query], limit: int) -> list[Link | str]:
    """Link many names, each distinct one once.

    Args:
        engine: Who answers.
        queries: The names.
        limit: Most candidates for each.

    Returns:
        For each query in order its link, or the reason why there is none.
    """
    answers: list[Link | str] = []
    asked: list[Mention] = []
    places: list[int] = []
    for place, query in enumerate(queries):
        item = query.item
        fault = query.error if item is None else _match_fault(item, engine.settings.limits)
        if item is None or fault:
            answers.append(fault)
            continue
        mention = Mention(item.name, _entity_type(item.type), item.context)
        answers.append(Link(mention, Decision.NIL))
        if item.name.strip():
            places.append(place)
            asked.append(mention)
    for place, link in zip(places, engine.link_many(asked, limit), strict=True):
        answers[place] = link
    return answers


def answer_query(query: Query, answer: Link | str, limit: int, index: str) -> Record:
    """The record of an answered query, or the error record in its place."""
    if isinstance(answer, str):
        return error_record(query.id, answer)
    return link_record(query.id, answer.mention.surface, answer, limit, index)


def compare_pair(pair: PairItem, settings: Settings) -> tuple[Comparison, Decision]:
    """Compare the two names of a pair; an empty one is like nothing.

    Raises:
        InvalidItemError: A name is too long.
    """
    for field, name in (("first", pair.first), ("second", pair.second)):
        fault = _name_fault(name, settings.limits)
        if fault:
            raise InvalidItemError(fault, f"/{field}")
    if not pair.first.strip() or not pair.second.strip():
        return Comparison(0.0), Decision.NIL
    return compare(pair.first, pair.second, _entity_type(pair.type) or EntityType.OTHER, settings)


def _entity_type(text: str | None) -> EntityType | None:
    return EntityType.parse(text) if text is not None else None


def _match_fault(item: MatchItem, limits: Limits) -> str:
    """What is wrong with a decoded item; empty if nothing."""
    if len(item.context) > MAX_CONTEXT:
        return f"{len(item.context):,} context strings; at most {MAX_CONTEXT} are read"
    for text in item.context:
        if len(text) > MAX_CONTEXT_LENGTH:
            return f"context of {len(text):,} characters; at most {MAX_CONTEXT_LENGTH:,} are read"
        if _has_surrogate(text):
            return "context is not valid UTF-8"
    return _name_fault(item.name, limits)


def _name_fault(name: str, limits: Limits) -> str:
    if len(name) > limits.name:
        return f"name of {len(name):,} characters; at most {limits.name} are read"
    if _has_surrogate(name):
        return "name is not valid UTF-8"
    return ""


def _has_surrogate(text: str) -> bool:
    """Whether a text holds half of a UTF-16 pair, which is no character."""
    return not text.isascii() and _half_of_a_pair(text) is not None


def _pointer(path: str) -> str:
    """The JSON pointer of a path as msgspec writes it after its `$`: `.queries[0].name`."""
    steps = re.findall(r"\.([^.\[\]`]+)|\[(\d+)\]", path)
    return "".join(f"/{name or number}" for name, number in steps)
