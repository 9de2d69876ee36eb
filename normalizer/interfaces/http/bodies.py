"""What a request brings, read under limits: bodies of JSON, forms, files, and parameters."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from flask import request
from werkzeug.wsgi import get_input_stream

from normalizer.interfaces.http.description import JSON
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.state import current_engine
from normalizer.interfaces.requests import InvalidItemError, decode, decode_batch, decode_fields

T = TypeVar("T")
FORM: Final = "application/x-www-form-urlencoded"
_GZIP: Final = zlib.MAX_WBITS | 16
_MOST_FIELDS: Final = 100
_MOST_MEMBERS: Final = 10_000
_SMALLEST_PIECE: Final = 256


def body(limit: int, *media_types: str) -> bytes:
    """The body of a request, unpacked.

    Args:
        limit: Most bytes, as sent and unpacked.
        media_types: What it may be said to be.

    Raises:
        ProblemError: It is something else (415), too large (413), or not what it is said to be (400).
    """
    if request.mimetype not in media_types:
        wanted = " or ".join(media_types)
        raise ProblemError(415, f"the body must be {wanted}; say what it is with Content-Type: {wanted}")
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise ProblemError(415, "the body may be packed with gzip and nothing else; see Content-Encoding")
    if (request.content_length or 0) > limit:
        raise too_large(limit)
    stream = get_input_stream(request.environ, max_content_length=limit + 1)
    data = stream.read()
    if len(data) > limit:
        raise too_large(limit)
    return data if coding == "identity" else _unpacked(data, limit)


def too_large(limit: int) -> ProblemError:
    """The problem of a body over a limit."""
    return ProblemError(413, f"the body is larger than {limit:,} bytes; send it in parts")


def _unpacked(data: bytes, limit: int) -> bytes:
    """Unpack gzip, one member or several, and never more than a limit.

    A member is fed in pieces that grow with it, for what it leaves of a piece is copied: thousands of tiny
    members would else take the square of their number.
    """
    content, start = bytearray(), 0
    try:
        for _ in range(_MOST_MEMBERS):
            member, piece = zlib.decompressobj(_GZIP), _SMALLEST_PIECE
            while not member.eof:
                if start >= len(data):
                    raise ProblemError(400, "the packed body breaks off; send all of it")
                content += member.decompress(data[start : start + piece], limit + 1 - len(content))
                if len(content) > limit:
                    raise too_large(limit)
                start += min(piece, len(data) - start) - len(member.unused_data)
                piece *= 2
            if start >= len(data):
                return bytes(content)
    except zlib.error as error:
        raise ProblemError(400, "the body is not packed with gzip, as its Content-Encoding says") from error
    raise ProblemError(413, f"the body is packed in more than {_MOST_MEMBERS:,} pieces; pack it as one")


def json_body() -> bytes:
    """The body of a request that must be JSON."""
    return body(current_engine().settings.limits.body, JSON)


def decoded(data: bytes, shape: type[T], items: str = "", misshapen: int = 422) -> T:
    """Decode a body: 400 if it is no JSON.

    Args:
        data: The body.
        shape: What it must be.
        items: The field whose items are decoded later, one by one, if there is one.
        misshapen: The status if it is JSON of another shape.
    """
    try:
        return decode_batch(data, shape, items) if items else decode(data, shape)
    except InvalidItemError as error:
        raise refusal(error, misshapen) from error


def refusal(error: InvalidItemError, misshapen: int = 422) -> ProblemError:
    """The problem of something that cannot be decoded."""
    return ProblemError(400 if error.malformed else misshapen, str(error), [(error.pointer, str(error))])


def parameters(shape: type[T], misshapen: int = 422) -> T:
    """The parameters of the query, decoded; those that are not known are ignored."""
    return _fields(request.args, shape, misshapen)


def form(shape: type[T]) -> T:
    """The fields of a form, decoded: 400 if they are not of the shape; those not known are ignored."""
    return form_fields(form_body(), shape)


def form_body() -> bytes:
    """The body of a request that must be a form."""
    return body(current_engine().settings.limits.body, FORM)


def form_fields(data: bytes, shape: type[T]) -> T:
    """The fields of the body of a form; see `form`."""
    try:
        pairs = parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:  # UnicodeDecodeError is one
        raise ProblemError(400, "the form is not fields in UTF-8, joined by & and percent-encoded") from error
    return _fields(dict(reversed(pairs)), shape, 400)


def _fields(fields: Mapping[str, str], shape: type[T], misshapen: int) -> T:
    try:
        return decode_fields(dict(fields.items()), shape)
    except InvalidItemError as error:
        raise refusal(error, misshapen) from error


def uploaded(limit: int) -> tuple[str, bytes, Mapping[str, str]]:
    """The file of a form that uploads one: its name, its content, and the other fields.

    Raises:
        ProblemError: There is none, or its name cannot be said (422), there is more than may be (413), or its
            length is not told (411).
    """
    if request.content_length is None:
        raise ProblemError(411, "send a file with its Content-Length")
    if request.content_length > limit:
        raise too_large(limit)
    file = request.files.get("file")
    if file is None:
        raise ProblemError(422, 'the form must hold a file in the field "file"', [("/file", "is missing")])
    name = file.filename or "-"
    if not name.isprintable():
        raise ProblemError(422, "the file's name holds control characters", [("/file", "has a bad name")])
    return name, file.read(), request.form.to_dict()


def ensure_few(count: int, pointer: str, status: int = 422) -> None:
    """See that a request does not hold too many items."""
    most = current_engine().settings.limits.queries
    if count > most:
        detail = f"{count:,} items in one request; send at most {most:,}"
        raise ProblemError(status, detail, [(pointer, detail)])
