"""The parts of an Excel file: which sheet is which part, the texts they share, all else copied as it is.

Specified in ECMA-376 parts 1 (SpreadsheetML) and 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO, Final, cast

from lxml import etree

from normalizer.errors import TableError

CHUNK: Final = 1 << 20
"""Bytes read, and copied, at once."""
MOST_SHARED: Final = 1 << 30
"""Most bytes of the texts that sheets share; they are held in memory (chosen)."""
_OLE: Final = b"\xd0\xcf\x11\xe0"
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\r\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    KeyError,
    ValueError,
    IndexError,
)
"""What reading a damaged or protected file raises."""


def text_said(text: str) -> str:
    """What a text of a sheet says: `_x000D_` is a character that XML cannot hold."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def text_written(text: str) -> str:
    """A text as a sheet holds it, for `text_said`."""
    return _NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


class Workbook:
    """An Excel file.

    Args:
        file: The file, which can be read at any place.
        name: What to call it in messages.
        sheet: Which of its sheets; the first if not given.

    Attributes:
        part: The part that holds the sheet.
        size: Bytes of that part, unpacked.

    Raises:
        TableError: It is no Excel file that can be read, or has no such sheet.
    """

    def __init__(self, file: BinaryIO, name: str, sheet: str | None) -> None:
        self._name = name
        head = file.read(4)
        file.seek(0)
        if head == _OLE:
            raise TableError(
                f"{name}: is protected by a password, or an old .xls; save it in Excel as .xlsx without one"
            )
        with self.guarded():
            self._zip = zipfile.ZipFile(file)
            book = self._target("", "officeDocument")
            sheets = [
                (element.get("name", ""), value)
                for element in self._parsed(book).iter("{*}sheet")
                for key, value in element.attrib.items()
                if key.rpartition("}")[2] == "id" and key != "id"
            ]
        names = [title for title, _ in sheets]
        if not names or (sheet is not None and sheet not in names):
            shown = ", ".join(map(repr, names)) or "none"
            raise TableError(f"{name}: has no sheet{f' {sheet!r}' if sheet else ''}; its sheets are {shown}")
        with self.guarded():
            wanted = sheets[names.index(sheet) if sheet is not None else 0][1]
            self.part = self._related(book)[wanted][1]
            self.size = self._zip.getinfo(self.part).file_size
            shared = [part for kind, part in self._related(book).values() if kind == "sharedStrings"]
            self.shared = self._shared(shared[0]) if shared else []

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Say what is wrong with the file where something is."""
        try:
            yield
        except _BROKEN as error:
            reason = str(error).strip("'\"")[:200] or type(error).__name__
            raise TableError(f"{self._name}: is no Excel file that can be read: {reason}") from error

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the sheet."""
        with self.guarded(), self._zip.open(self.part) as part:
            while data := part.read(CHUNK):
                yield data

    def elements(self, *names: str) -> Iterator[Any]:
        """The elements of the sheet that have some local names, each let go when the next is asked for."""
        with self.guarded(), self._zip.open(self.part) as part:
            yield from _elements(part, [f"{{*}}{name}" for name in names])

    def copied(self, out: BinaryIO) -> zipfile.ZipFile:
        """Begin a copy of the file, with all parts but the sheet in it."""
        copy = zipfile.ZipFile(cast(IO[bytes], _Unseekable(out)), "w", zipfile.ZIP_DEFLATED)
        try:
            with self.guarded():
                for info in self._zip.infolist():
                    if info.filename != self.part:
                        self._copy_part(info, copy)
        except BaseException:
            discard(copy)
            raise
        return copy

    def _copy_part(self, info: zipfile.ZipInfo, copy: zipfile.ZipFile) -> None:
        with self._zip.open(info) as source, copy.open(_like(info), "w", force_zip64=True) as target:
            while data := source.read(CHUNK):
                target.write(data)

    def sheet_info(self) -> zipfile.ZipInfo:
        """What the archive says of the sheet."""
        return _like(self._zip.getinfo(self.part))

    def _parsed(self, part: str) -> Any:  # noqa: ANN401  (lxml's elements have no public type)
        data = self._zip.read(part)
        _refuse_document_type(data)
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))

    def _related(self, part: str) -> dict[str, tuple[str, str]]:
        """By relation id the kind and the part that a part is related to."""
        folder, base = posixpath.split(part)
        found = {}
        for relation in self._parsed(posixpath.join(folder, "_rels", f"{base}.rels")).iter("{*}Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode") != "External":
                found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return found

    def _target(self, part: str, wanted: str) -> str:
        return next((target for kind, target in self._related(part).values() if kind == wanted), "")

    def _shared(self, part: str) -> list[str]:
        if self._zip.getinfo(part).file_size > MOST_SHARED:
            raise ValueError(f"its texts are more than {MOST_SHARED:,} bytes")
        with self._zip.open(part) as file:
            return [string_of(element) for element in _elements(file, ["{*}si"])]


def discard(archive: zipfile.ZipFile, *parts: IO[bytes]) -> None:
    """Let go of an archive that is not finished, so that nothing more of it is written."""
    archive.fp = io.BytesIO()
    for part in parts:
        part.close()
    archive.close()


def string_of(element: Any) -> str:  # noqa: ANN401
    """What a string item says: its text or runs, without phonetic hints."""
    pieces = [
        piece.text or "" for piece in element.iter("{*}t") if not str(piece.getparent().tag).endswith("}rPh")
    ]
    return text_said("".join(pieces))


def _elements(part: Any, tags: list[str]) -> Iterator[Any]:  # noqa: ANN401
    parser = etree.XMLPullParser(("end",), tag=tags, resolve_entities=False, no_network=True, huge_tree=True)
    is_first = True
    while data := part.read(CHUNK):
        if is_first:
            _refuse_document_type(data)
            is_first = False
        parser.feed(data)
        for _, element in parser.read_events():
            yield element
            element.clear()
            while (before := element.getprevious()) is not None:
                parent = element.getparent()
                assert parent is not None
                parent.remove(before)
    parser.close()


def _refuse_document_type(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("it has a document type, which no Excel file has")


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member of the same name, date and mode."""
    like = zipfile.ZipInfo(info.filename, info.date_time)
    like.external_attr, like.compress_type = info.external_attr, zipfile.ZIP_DEFLATED
    return like


class _Unseekable:
    """A stream that is only written to, so that standard output will do as well as a file."""

    def __init__(self, out: BinaryIO) -> None:
        self._write: Callable[[bytes], int] = out.write
        self.flush: Callable[[], None] = out.flush

    def write(self, data: bytes) -> int:
        return self._write(data)
