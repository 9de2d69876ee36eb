"""A file of named sections that is written whole and opened by memory map.

    magic, 8 bytes · length of the head, 4 bytes · CRC-32 of the head, 4 bytes · head, JSON · sections

The head names the code that wrote it, the source it was made from, and for each section its place, length
and CRC-32; sections begin at multiples of eight bytes. Numbers are little-endian. A section is checked when
it is first read, so that opening a large file costs no more than opening a small one.
"""

from __future__ import annotations

import json
import mmap
import os
import secrets
import struct
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from normalizer.errors import NormalizerError

MAGIC: Final = b"NRMLZR\x1a\n"
_FRONT: Final = struct.Struct("<8sII")
_ALIGNED: Final = 8
_AT_ONCE: Final = 1 << 20
"""Bytes that are summed up at once: whole pages on every system."""


class ContainerError(NormalizerError):
    """A file that is not what it should be; the text says in what."""


Mend = Callable[[ContainerError], "Container"]
"""Is told what is wrong with a container, and makes it anew."""


class Container:
    """Named sections of bytes, in a mapped file or in memory.

    Args:
        data: The whole content.
        where: The file's name, for messages.
        mapped: The map that it lies in, if it lies in one.

    Attributes:
        mend: Makes the content anew when a section turns out to be damaged; it is asked once.

    Raises:
        ContainerError: It is no such file, or damaged.
    """

    def __init__(self, data: memoryview, where: str, mapped: mmap.mmap | None = None) -> None:
        self.where = where
        self.mend: Mend | None = None
        self._data, self._mapped = data, mapped
        self._mending = Lock()
        self._checked: dict[str, memoryview] = {}
        if len(data) < _FRONT.size:
            raise ContainerError(f"{where}: too short to be an index")
        magic, length, check = _FRONT.unpack_from(data)
        if magic != MAGIC:
            raise ContainerError(f"{where}: no index of normalizer")
        head = bytes(data[_FRONT.size : _FRONT.size + length])
        if len(head) != length or zlib.crc32(head) != check:
            raise ContainerError(f"{where}: damaged (its head does not add up)")
        self.head: dict[str, Any] = json.loads(head)
        if self.head["size"] != len(data):
            raise ContainerError(f"{where}: cut off ({len(data):,} of {self.head['size']:,} bytes)")

    @classmethod
    def open(cls, path: Path) -> Container:
        """Map a file.

        Raises:
            ContainerError: It is no such file, or damaged.
            OSError: It cannot be opened.
        """
        with path.open("rb") as file:
            try:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # an empty file cannot be mapped
                raise ContainerError(f"{path}: too short to be an index") from error
        return cls(memoryview(mapped), str(path), mapped)

    @property
    def content(self) -> memoryview:
        """The whole file."""
        return self._data

    def section(self, name: str) -> memoryview:
        """The bytes of a section.

        Raises:
            ContainerError: The section is not there, or damaged and not to be mended.
        """
        found = self._checked.get(name)
        if found is None:
            found = self._checked[name] = self._sound(name)
        return found

    def _sound(self, name: str) -> memoryview:
        place = self.head["sections"].get(name)
        if place is None:
            raise ContainerError(f"{self.where}: has no section {name!r}")
        start, length, check = place
        data = self._data
        if self._sum(data, start, start + length) == check:
            return data[start : start + length]
        with self._mending:
            if self._data is data:
                self._replace(ContainerError(f"{self.where}: damaged (section {name!r} does not add up)"))
        return self._sound(name)

    def _sum(self, data: memoryview, start: int, end: int) -> int:
        """CRC-32 of a part; pages of a file that were read for it alone are not kept in the process."""
        found = 0
        for at in range(start - start % _AT_ONCE, end, _AT_ONCE):
            found = zlib.crc32(data[max(at, start) : min(at + _AT_ONCE, end)], found)
            if self._mapped is not None and end - start > _AT_ONCE and sys.platform != "win32":
                self._mapped.madvise(mmap.MADV_DONTNEED, at, min(_AT_ONCE, len(data) - at))
        return found

    def _replace(self, error: ContainerError) -> None:
        """Go on with the content made anew, which must be the same: what was read of it stays in use."""
        mend, self.mend = self.mend, None
        if mend is None:
            raise error
        whole = mend(error)
        if whole.head != self.head:
            raise ContainerError(f"{error}; the registry is another one since it was opened: open it again")
        self._data, self._mapped = whole._data, whole._mapped

    def check(self) -> None:
        """Read every section once.

        Raises:
            ContainerError: One is damaged.
        """
        for name in self.head["sections"]:
            self.section(name)


def packed(head: Mapping[str, Any], sections: dict[str, bytes]) -> bytearray:
    """Put sections and what is said of them into one content.

    Args:
        head: What is said of them.
        sections: The sections; they are taken out, so that they and the content are not both in memory.
    """
    places: dict[str, tuple[int, int, int]] = {}
    # the head's length depends on the places, and these on the head's length: leave room for the figures
    room = len(json.dumps({**head, "size": 0, "sections": dict.fromkeys(sections, ())})) + 64 * (
        len(sections) + 1
    )
    start = _aligned(_FRONT.size + room)
    for name, data in sections.items():
        places[name] = (start, len(data), zlib.crc32(data))
        start = _aligned(start + len(data))
    text = json.dumps({**head, "size": start, "sections": places}).encode().ljust(room)
    content = bytearray(start)
    _FRONT.pack_into(content, 0, MAGIC, len(text), zlib.crc32(text))
    content[_FRONT.size : _FRONT.size + len(text)] = text
    for name, (place, length, _) in places.items():
        content[place : place + length] = sections.pop(name)
    return content


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


def write_whole(path: Path, content: bytes | bytearray) -> None:
    """Write a file beside its place and move it there, so that nobody ever sees a part of it.

    Raises:
        OSError: It cannot be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _sweep(path: Path) -> None:
    """Remove what writers of a file left beside it when they were killed."""
    for left in path.parent.glob(f".{path.name}.*"):
        writer = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if writer.isdigit() and not _is_running(int(writer)):
            left.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True
