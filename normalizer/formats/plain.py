"""Plain text: bytes to text and back, byte for byte.

Line ends, odd spaces and a missing final newline are part of the text and never translated. A byte
order mark is kept beside the text, so that offsets do not count it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import Final

from normalizer.errors import DraftError
from normalizer.formats.remarks import remarks_in, scope_of
from normalizer.model import Document, Span
from normalizer.text.markup import Markup
from normalizer.text.places import LineMap

_MARKS: Final = (  # UTF-32 before UTF-16: the marks of the little-endian ones begin alike
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILIES: Final = {  # what may be meant by the name of an encoding that has byte order marks
    "utf-8": ("utf-8",),
    "utf-8-sig": ("utf-8",),
    "utf-16": ("utf-16-le", "utf-16-be"),
    "utf-16-le": ("utf-16-le",),
    "utf-16-be": ("utf-16-be",),
    "utf-32": ("utf-32-le", "utf-32-be"),
    "utf-32-le": ("utf-32-le",),
    "utf-32-be": ("utf-32-be",),
}
_SIGNATURES: Final = (
    (b"PK\x03\x04", "a zip archive (if it is a Word file, name it .docx)"),
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
)
_SAMPLE: Final = 1 << 16
_CONTROLS: Final = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROLS_IN_BYTES: Final = re.compile(_CONTROLS.pattern.encode())
_BINARY_SHARE: Final = 0.05
"""From this share of control characters on a text is none."""


def read_plain(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read plain text; all of it is prose.

    Args:
        name: The file as the user named it.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8.

    Raises:
        DraftError: The file is binary, its bytes are not in the encoding, or there is no such encoding.
    """
    codec, mark = _codec(name, data, encoding)
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise DraftError(f"{name}: is {what}, not plain text; save its text as .txt and check that")
    if encoding is None and not mark and b"\0" in data:
        raise DraftError(_binary(name, data))
    body = data[len(mark) :] if mark else data
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        if _is_binary(len(body[:_SAMPLE]), len(_CONTROLS_IN_BYTES.findall(body, 0, _SAMPLE))):
            raise DraftError(_binary(name, data)) from error
        raise DraftError(_undecodable(name, codec, error, len(mark))) from error
    except UnicodeError as error:
        raise DraftError(f"{name}: is not {codec}: {error}; name another one with --encoding") from error
    if "\0" in text or _is_binary(len(text[:_SAMPLE]), len(_CONTROLS.findall(text, 0, _SAMPLE))):
        raise DraftError(_binary(name, data))
    return Document(name, text, (Span(0, len(text)),) if text else (), codec, mark)


def read_remarked(name: str, data: bytes, encoding: str | None = None) -> Document:
    """Read plain text that may hold remarks to normalizer, which read as nothing; else as `read_plain`."""
    document = read_plain(name, data, encoding)
    if "<!--" not in document.text:
        return document
    remarks = list(remarks_in(document.text))
    return replace(
        document,
        markup=tuple(Markup(start, end, "") for start, end in remarks),
        scope=scope_of(document.text, remarks),
    )


def encode_plain(document: Document, text: str) -> bytes:
    """Make the bytes of a corrected text.

    Raises:
        DraftError: The draft's encoding cannot hold a character of the text.
    """
    try:
        return document.bom + text.encode(document.encoding)
    except UnicodeEncodeError as error:
        char = text[error.start]
        raise DraftError(
            f"{document.name}: {char!r} (U+{ord(char):04X}) cannot be written in {document.encoding}, "
            "so nothing was written; save the draft as UTF-8 first"
        ) from error


def _codec(name: str, data: bytes, encoding: str | None) -> tuple[str, bytes]:
    """The codec to decode with and the byte order mark that the data begin with."""
    found, mark = next(((codec, mark) for mark, codec in _MARKS if data.startswith(mark)), ("", b""))
    if encoding is None:
        return found or "utf-8", mark
    try:
        asked = codecs.lookup(encoding).name
        b"ab".decode(asked)  # refuses codecs that are not of text, such as hex
    except UnicodeError:
        pass
    except (LookupError, ValueError) as error:
        raise DraftError(
            f"{name}: there is no text encoding {encoding!r}; give one such as utf-8, windows-1252 or utf-16"
        ) from error
    family = _FAMILIES.get(asked)
    if family is None:
        return asked, b""
    return (found, mark) if found in family else (family[0], b"")


def _is_binary(length: int, controls: int) -> bool:
    return controls > length * _BINARY_SHARE


def _binary(name: str, data: bytes) -> str:
    """The message on a file that is not text; UTF-16 without its mark looks like one."""
    head = data[:_SAMPLE]
    nuls = head.count(0)
    for codec, share in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[0::2].count(0))):
        if nuls == share and 3 * nuls > len(head):
            return f"{name}: looks like UTF-16 without its mark; say so with --encoding {codec}"
    return f"{name}: is a binary file, not a text; give plain text, or say how it is encoded with --encoding"


def _undecodable(name: str, codec: str, error: UnicodeDecodeError, offset: int) -> str:
    """The message on bytes that are not in the encoding, with their place."""
    try:
        before = error.object[: error.start].decode(codec, "replace")
    except UnicodeError:  # a codec that knows no replacing (idna)
        before = error.object[: error.start].decode("latin-1")
    line, column = LineMap(before).place(len(before))
    byte = error.object[error.start]
    return (
        f"{name}:{line}:{column}: not valid {codec.upper()}: byte 0x{byte:02X} at offset "
        f"{error.start + offset}; say how the file is encoded, for example --encoding windows-1252, "
        "or save it as UTF-8"
    )
