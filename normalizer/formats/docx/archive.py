"""The zip archive that a Word file is: entries read under limits, changed ones written among the others.

What is not changed is copied as it is packed, byte for byte and in its order, without being unpacked: the
pictures of a draft cost nothing. Reading is left to `zipfile`; writing is ours, for `zipfile` packs anew.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from normalizer.errors import DraftError

MOST_ENTRIES: Final = 10_000
"""Entries of an archive; a Word file has some tens, and one for each picture."""
LARGEST_PART: Final = 64 << 20
"""Bytes that one part may unpack to; a long book takes a third of it."""
LARGEST_TOTAL: Final = 128 << 20
"""Bytes that all parts which are read may unpack to."""
LARGEST_RATIO: Final = 200
"""How many times its packed size a part may unpack to; XML of prose takes ten to thirty."""
_SMALL: Final = 16 << 20
"""Up to this size a part may unpack from as little as it likes."""

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_LARGE: Final = 0xFFFF_FFFF
"""What stands for a number that has no room, in zip64 archives."""
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
)
"""What `zipfile` and `zlib` raise on damaged archives."""


class _Record(NamedTuple):
    """The fixed fields of an entry in an archive's directory, in their order there."""

    signature: bytes = b"PK\1\2"
    made_by: int = 20
    needed: int = 20
    flags: int = _UTF8_NAME
    method: int = zipfile.ZIP_DEFLATED
    time: int = 0
    date: int = 0x21  # 1 January 1980, the first day there is
    checksum: int = 0
    packed_size: int = 0
    size: int = 0
    name_length: int = 0
    extra_length: int = 0
    comment_length: int = 0
    disk: int = 0
    internal: int = 0
    external: int = 0
    offset: int = 0


class _Entry(NamedTuple):
    """An entry as it is packed.

    Attributes:
        record: Its fixed fields in the directory.
        rest: Its name, extra fields and comment there.
        block: Its header, its packed content, and what follows it.
    """

    record: _Record
    rest: bytes
    block: bytes


class Archive:
    """The entries of a zip archive.

    Args:
        name: The file as the user named it, for messages.
        data: All of its bytes.

    Raises:
        DraftError: It is no sound archive, or has more in it than a Word file has.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name, self._data = name, data
        self._unpacked = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise self._damaged() from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise DraftError(
                f"{name}: holds {len(entries):,} files, which no draft does; save it anew in Word"
            )
        self._entries = {entry.filename: entry for entry in entries}
        if len(self._entries) < len(entries):
            raise DraftError(f"{name}: holds two files of one name; save it anew in Word")

    def __contains__(self, part: str) -> bool:
        return part in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def read(self, part: str) -> bytes:
        """Unpack one entry.

        Raises:
            DraftError: It is damaged, encrypted, or unpacks to more than the limits allow.
        """
        entry = self._entries[part]
        if entry.flag_bits & _ENCRYPTED:
            raise DraftError(f"{self._name}: is encrypted; save it without a password and check that")
        most = min(LARGEST_PART, LARGEST_TOTAL - self._unpacked)
        most = min(most, max(_SMALL, LARGEST_RATIO * entry.compress_size))
        try:
            with self._zip.open(entry) as file:
                content = file.read(most + 1)
        except _BROKEN as error:
            raise self._damaged() from error
        self._unpacked += len(content)
        if len(content) > most:
            raise DraftError(
                f"{self._name}: {part} unpacks to more than {most:,} bytes; check the draft in parts"
            )
        return content

    def rewritten(self, parts: Mapping[str, bytes]) -> bytes:
        """Make the archive with some entries changed or added at its end, and all others as they are.

        Raises:
            DraftError: Its entries lie in each other's way.
        """
        try:
            entries = dict(self._packed())
        except struct.error as error:
            raise self._damaged() from error
        for part, content in parts.items():
            old = entries.get(part) or _Entry(_Record(offset=len(self._data)), b"", b"")
            entries[part] = _repacked(old, part, content)
        places, blocks, size = {}, [], 0
        for part, entry in sorted(entries.items(), key=lambda item: item[1].record.offset):
            places[part] = size
            blocks.append(entry.block)
            size += len(entry.block)
        directory = b"".join(
            _CENTRAL.pack(*entry.record._replace(offset=places[part])) + entry.rest
            for part, entry in entries.items()
        )
        count, comment = len(entries), self._zip.comment
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), size, len(comment))
        return b"".join([*blocks, directory, end, comment])

    def _packed(self) -> Iterator[tuple[str, _Entry]]:
        """The entries as they are packed, in the order of the directory."""
        starts = sorted(entry.header_offset for entry in self._entries.values())
        ends = dict(zip(starts, [*starts[1:], self._zip.start_dir], strict=False))
        at = self._zip.start_dir
        for part, entry in self._entries.items():
            record = _Record._make(_CENTRAL.unpack_from(self._data, at))
            rest = at + _CENTRAL.size
            at = rest + record.name_length + record.extra_length + record.comment_length
            header = _LOCAL.unpack_from(self._data, entry.header_offset)
            content = entry.header_offset + _LOCAL.size + header[-2] + header[-1]
            end = ends[entry.header_offset]
            is_sound = record.offset == entry.header_offset and header[0] == b"PK\3\4"
            if not is_sound or content + record.packed_size > end or len(ends) < len(self._entries):
                raise self._damaged()
            if _LARGE in (record.offset, record.packed_size, record.size):
                raise self._damaged()
            yield part, _Entry(record, self._data[rest:at], self._data[entry.header_offset : end])

    def _damaged(self) -> DraftError:
        return DraftError(f"{self._name}: is damaged or cut short; open it in Word and save it anew")


def _repacked(old: _Entry, part: str, content: bytes) -> _Entry:
    """An entry with new content; its name and date stay, or are those of a new one."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    body = packer.compress(content) + packer.flush()
    name = old.rest[: old.record.name_length] or part.encode()
    record = old.record._replace(
        flags=old.record.flags & _UTF8_NAME,
        method=zipfile.ZIP_DEFLATED,
        checksum=zlib.crc32(content),
        packed_size=len(body),
        size=len(content),
        name_length=len(name),
        extra_length=0,
        comment_length=0,
    )
    shared = record[2:11]
    return _Entry(record, name, _LOCAL.pack(b"PK\3\4", *shared, 0) + name + body)
