"""Drafts in and corrected drafts out: bytes to `Document` and back, without losing a byte.

`FORMATS` is the table of file formats by suffix; a file with any other suffix is read as plain text, and
refused there if it is none. A new format is one row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Final, NamedTuple

from normalizer.errors import DraftError
from normalizer.formats.plain import encode_plain, read_remarked
from normalizer.model import Document, Finding, Signature
from normalizer.settings import Limits

__all__ = ["FORMATS", "Format", "amended", "encode", "ensure_faithful", "read", "size_limit"]


class Format(NamedTuple):
    """How one file format is read and written.

    Attributes:
        read: From the name, the bytes and the encoding asked for, if any, to a document.
        encode: From a document and its corrected text to the bytes of the corrected file.
        amend: For formats that are more than encoded text: from the bytes as read, the corrected document,
            what is left to find in it, and who signs, to the bytes of the corrected file.
    """

    read: Callable[[str, bytes, str | None], Document]
    encode: Callable[[Document, str], bytes]
    amend: Callable[[bytes, Document, Sequence[Finding], Signature], bytes] | None = None


def _read_markdown(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.markdown import read_markdown  # with its parser, when Markdown is read

    return read_markdown(name, data, encoding)


def _read_html(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.html import read_html  # when a page is read: it takes a while to import

    return read_html(name, data, encoding)


def _read_latex(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.latex import read_latex

    return read_latex(name, data, encoding)


def _read_rst(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.rst import read_rst  # with its lexer

    return read_rst(name, data, encoding)


PLAIN: Final = Format(read_remarked, encode_plain)
MARKDOWN: Final = Format(_read_markdown, encode_plain)
HTML: Final = Format(_read_html, encode_plain)
LATEX: Final = Format(_read_latex, encode_plain)
RST: Final = Format(_read_rst, encode_plain)


def _refusal(what: str, remedy: str) -> Format:
    """A format that is known and not read: one clear message in place of a reader."""

    def refuse(name: str, data: bytes, encoding: str | None) -> Document:
        raise DraftError(f"{name}: {what} files are not read yet; {remedy}")

    return Format(refuse, encode_plain)


def _read_docx(name: str, data: bytes, encoding: str | None) -> Document:
    from normalizer.formats.docx import read_docx

    return read_docx(name, data, encoding)


def _amend_docx(data: bytes, corrected: Document, left: Sequence[Finding], signature: Signature) -> bytes:
    from normalizer.formats.docx import amend_docx

    return amend_docx(data, corrected, left, signature)


def _refuse_text(document: Document, text: str) -> bytes:
    raise DraftError(f"{document.name}: is more than its text; write the corrections into it with `amended`")


WORD: Final = Format(_read_docx, _refuse_text, _amend_docx)
"""Word's own; its reader is imported when the first file comes."""
_AS_TEXT: Final = "save it as plain text (.txt) and check that"

FORMATS: Final[Mapping[str, Format]] = {
    ".txt": PLAIN,
    ".text": PLAIN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".tex": LATEX,
    ".latex": LATEX,
    ".rst": RST,
    ".docx": WORD,
    ".docm": WORD,
    ".doc": _refusal("old Word", "open it in Word and save it as .docx"),
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


def size_limit(name: str, limits: Limits) -> tuple[int, str]:
    """The most bytes that a file may have, and the setting that says so.

    Args:
        name: The file as the user named it.
        limits: How much is taken in at once.
    """
    if _format_of(name) is WORD:
        return limits.archive, "limits.archive"
    return limits.draft, "limits.draft"


def amended(
    document: Document, data: bytes, corrected: Document, left: Sequence[Finding], signature: Signature
) -> bytes:
    """Make the bytes of a corrected draft, with what is left said in comments where the format has such.

    Args:
        document: The draft as read.
        data: The bytes it was read from.
        corrected: The draft with fixes written into it.
        left: What is found in the corrected draft.
        signature: Who changes the draft, and when.

    Raises:
        DraftError: It cannot be written back without touching what was not corrected.
    """
    amend = _format_of(corrected.name).amend
    if amend is not None:
        return amend(data, corrected, left, signature)
    if not corrected.edits:
        return data
    ensure_faithful(document, data)
    return encode(document, corrected.text)


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
    if _format_of(document.name).amend is None and encode(document, document.text) != data:
        raise DraftError(
            f"{document.name}: cannot be rewritten in {document.encoding} without changing other bytes, "
            "so nothing was written; save it as UTF-8 first"
        )
