"""Drafts in and corrected drafts out: bytes to `Document` and back, without losing a byte.

`FORMATS` is the table of file formats by suffix; a file with any other suffix is read as plain text, and
refused there if it is none. A new format is one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Final, NamedTuple

from normalizer.errors import DraftError
from normalizer.formats.plain import encode_plain, read_remarked
from normalizer.model import Document

__all__ = ["FORMATS", "Format", "encode", "ensure_faithful", "read"]


class Format(NamedTuple):
    """How one file format is read and written.

    Attributes:
        read: From the name, the bytes and the encoding asked for, if any, to a document.
        encode: From a document and its corrected text to the bytes of the corrected file.
    """

    read: Callable[[str, bytes, str | None], Document]
    encode: Callable[[Document, str], bytes]


def _read_markdown(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.markdown import read_markdown  # with its parser, when Markdown is read

    return read_markdown(name, data, encoding)


def _read_html(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.html import read_html  # when a page is read: it takes a while to import

    return read_html(name, data, encoding)


PLAIN: Final = Format(read_remarked, encode_plain)
MARKDOWN: Final = Format(_read_markdown, encode_plain)
HTML: Final = Format(_read_html, encode_plain)


def _refusal(what: str, remedy: str) -> Format:
    """A format that is known and not read: one clear message in place of a reader."""

    def refuse(name: str, data: bytes, encoding: str | None) -> Document:
        raise DraftError(f"{name}: {what} files are not read yet; {remedy}")

    return Format(refuse, encode_plain)


_AS_TEXT: Final = "save it as plain text (.txt) and check that"

FORMATS: Final[Mapping[str, Format]] = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".docx": _refusal("Word", _AS_TEXT),
    ".doc": _refusal("Word", _AS_TEXT),
    ".odt": _refusal("OpenDocument", _AS_TEXT),
    ".rtf": _refusal("RTF", _AS_TEXT),
    ".pdf": _refusal("PDF", "check the text it was made from"),
}
"""File formats by lower-case suffix."""


def _format_of(name: str) -> Format:
    return FORMATS.get(PurePath(name).suffix.lower(), PLAIN)


def read(name: str, data: bytes, *, encoding: str | None = None) -> Document:
    """Read a draft.

    Args:
        name: The file as the user named it; its suffix chooses the format. "-" is plain text.
        data: All of its bytes.
        encoding: The codec to decode with; without it the byte order mark decides, else UTF-8.

    Raises:
        DraftError: The format is not read, the file is binary, or its bytes are not in the encoding.
    """
    return _format_of(name).read(name, data, encoding)


def encode(document: Document, text: str) -> bytes:
    """Make the bytes of a corrected draft, in its own encoding and with its byte order mark.

    Raises:
        DraftError: The encoding cannot hold a character of the text.
    """
    return _format_of(document.name).encode(document, text)


def ensure_faithful(document: Document, data: bytes) -> None:
    """See that a draft can be written back without touching what was not corrected.

    Args:
        document: The draft as read.
        data: The bytes it was read from.

    Raises:
        DraftError: The unchanged text does not come back byte for byte (some encodings can write the
            same text in several ways).
    """
    if encode(document, document.text) != data:
        raise DraftError(
            f"{document.name}: cannot be rewritten in {document.encoding} without changing other bytes, "
            "so nothing was written; save it as UTF-8 first"
        )
