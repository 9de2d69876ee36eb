"""From a path to a registry: a folder, a YAML file, or a file of JSON Lines, gzipped or not."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from normalizer.errors import Fault, RegistryError
from normalizer.garbage import uncollected
from normalizer.model import Entity
from normalizer.registry.faults import FaultLog, quoted
from normalizer.registry.registry import Registry
from normalizer.settings import Limits

SUFFIXES: Final = (".yaml", ".yml", ".jsonl", ".jsonl.gz")
"""What registry files end with."""

JSONL_FACTOR: Final = 32
"""A file of JSON Lines, inflated, may be this many times the size limit of YAML. Chosen: it is read in
steps at forty times the speed, and 2 GiB hold some ten million entities."""

MAX_LINE: Final = 16 * 1024 * 1024
"""Longest line of a JSONL file in bytes; the longest real entity seen has 40 kB."""

_STEP: Final = 1024 * 1024
_SPLIT: Final = "split it, or raise the setting limits.registry_file"

Located = tuple[Entity, int, int]
"""An entity with its line and column."""


def load_registry(path: str, *, size_limit: int = Limits().registry_file) -> Registry:
    """Load the registry at a path.

    Args:
        path: A folder, all of whose registry files count (see `SUFFIXES`; names that begin with a dot
            and folders inside it do not), or one such file.
        size_limit: Largest YAML file in bytes; JSON Lines may be `JSONL_FACTOR` times as large.

    Raises:
        RegistryError: Something is wrong; the error lists every fault of every file.
    """
    return load_with_places(path, size_limit=size_limit)[0]


def load_with_places(
    path: str, *, size_limit: int = Limits().registry_file
) -> tuple[Registry, dict[str, tuple[str, int]]]:
    """Load the registry at a path as `load_registry` does, with the file and line of each entity by id.

    Raises:
        RegistryError: As there.
    """
    entities: list[Entity] = []
    places: dict[str, tuple[str, int]] = {}
    faults: list[Fault] = []
    with uncollected():
        for file in registry_paths(path):
            log = FaultLog(file)
            for entity, line, column in _read_file(file, size_limit, log):
                first_file, first_line = places.setdefault(entity.id, (file, line))
                if (first_file, first_line) != (file, line):
                    what = f"the id {quoted(entity.id)} is taken by {first_file}:{first_line}"
                    log.add(line, column, what, "give this entity another id, or merge the two")
                entities.append(entity)
            faults += log.faults()
    if faults:
        raise RegistryError(faults)
    return Registry(entities), places


def registry_digest(path: str, size_limit: int = Limits().registry_file) -> str:
    """Digest of the files of a registry as they lie there, read and not understood.

    Args:
        path: As for `load_registry`.
        size_limit: Part of the digest: with another limit a file may be refused.

    Raises:
        RegistryError: There is no registry file at the path.
    """
    digest = hashlib.sha256(str(size_limit).encode())
    for file in registry_paths(path):
        digest.update(b"\0" + os.fsencode(Path(file).name) + b"\0")
        try:
            if stat.S_ISREG(Path(file).stat().st_mode):
                with Path(file).open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError:
            digest.update(b"unreadable")  # `load_registry` says why
    return digest.hexdigest()[:20]


def registry_stamp(path: str) -> tuple[tuple[object, ...], ...]:
    """What tells without reading them whether the files of a registry changed: names, sizes, times.

    Raises:
        RegistryError: There is no registry file at the path.
    """
    stamps: list[tuple[object, ...]] = []
    for file in registry_paths(path):
        try:
            state = Path(file).stat()
            stamps.append((file, state.st_ino, state.st_size, state.st_mtime_ns))
        except OSError:
            stamps.append((file,))  # `load_registry` says why
    return tuple(stamps)


def registry_paths(path: str) -> list[str]:
    """The registry files at a path, as paths in the user's own terms, sorted by name."""
    try:
        if not stat.S_ISDIR(Path(path).stat().st_mode):
            return [path]
        names = sorted(name for name in os.listdir(path) if name.endswith(SUFFIXES) and name[0] != ".")  # noqa: PTH208
    except (OSError, ValueError) as error:
        raise RegistryError([Fault(path, 0, 0, *_explain(error))]) from error
    if not names:
        what = f"the folder holds no registry file ({', '.join(SUFFIXES)})"
        remedy = "name another folder, or make one with: normalizer init"
        raise RegistryError([Fault(path, 0, 0, what, remedy)])
    return [os.path.join(path, name) for name in names]  # noqa: PTH118 (Path would turn ./a into a)


def _read_file(path: str, size_limit: int, log: FaultLog) -> Iterator[Located]:
    """Give the entities of one file; everything that goes wrong with it ends in the log."""
    reader = _reader_of(path)
    if reader is None:
        remedy = f"name a folder, or a file that ends with {', '.join(SUFFIXES)}"
        log.add(0, 0, "not a kind of file that holds a registry", remedy)
        return
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            log.add(0, 0, "not a regular file", "put a file in its place, or move it away")
            return
        with Path(path).open("rb") as stream:
            yield from reader(stream, size_limit, log)
    except OSError as error:
        log.add(0, 0, *_explain(error))


def read_entities(path: str, stream: BinaryIO, size_limit: int, log: FaultLog) -> Iterator[Located]:
    """Give the entities of a registry file from a stream; the path says by its suffix what it holds."""
    reader = _reader_of(path)
    if reader is not None:
        yield from reader(stream, size_limit, log)


def _reader_of(path: str) -> Callable[[BinaryIO, int, FaultLog], Iterator[Located]] | None:
    """What reads a file, by its suffix."""
    if path.endswith((".yaml", ".yml")):
        return _read_yaml_file
    if path.endswith(".jsonl"):
        return _read_jsonl_file
    return _read_gzip_file if path.endswith(".jsonl.gz") else None


def _read_yaml_file(stream: BinaryIO, size_limit: int, log: FaultLog) -> Iterator[Located]:
    from normalizer.registry.yaml_plain import read_plain
    from normalizer.registry.yaml_text import decode_text

    data = stream.read(size_limit + 1)
    if len(data) > size_limit:
        log.add(0, 0, f"the file is larger than {size_limit:,} bytes", _SPLIT)
        return
    text = decode_text(data, log)
    if text is None:
        return
    entities = read_plain(text)
    if entities is not None:
        yield from entities
        return
    from normalizer.registry.yaml_decode import EXAMPLE, decode_entities
    from normalizer.registry.yaml_reader import read_yaml

    root = read_yaml(text, log)
    if root is None and not log.faults():
        log.add(0, 0, "the file is empty", f"write {EXAMPLE}")
    yield from decode_entities(root, log)


def _read_jsonl_file(stream: BinaryIO, size_limit: int, log: FaultLog) -> Iterator[Located]:
    from normalizer.registry.jsonl import read_jsonl

    yield from read_jsonl(_lines(stream, size_limit * JSONL_FACTOR, log), log)


def _read_gzip_file(stream: BinaryIO, size_limit: int, log: FaultLog) -> Iterator[Located]:
    import gzip

    try:
        with gzip.open(stream) as inflated:
            yield from _read_jsonl_file(inflated, size_limit, log)  # type: ignore[arg-type]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        log.add(0, 0, f"damaged gzip: {error}", "fetch or compress the file again")


def _lines(stream: BinaryIO, limit: int, log: FaultLog) -> Iterator[tuple[int, bytes]]:
    """Give the lines of a file with their numbers, read in steps, so that nothing inflates unseen."""
    total = number = 0
    rest = b""
    first = True
    while step := stream.read(_STEP):
        total += len(step)
        if first:
            step, first = step.removeprefix(b"\xef\xbb\xbf"), False
        if total > limit:
            log.add(0, 0, f"the file holds more than {limit:,} bytes", _SPLIT)
            return
        before_nul, nul, _ = step.partition(b"\0")
        if nul:
            line_of_nul = number + before_nul.count(b"\n") + 1
            log.add(line_of_nul, 0, "the file is binary: it holds a NUL", "give a text file in UTF-8")
            return
        *whole, rest = (rest + step).split(b"\n")
        for line in whole:
            number += 1
            yield number, line
        if len(rest) > MAX_LINE:
            log.add(number + 1, 0, f"the line is longer than {MAX_LINE:,} bytes", "write one entity a line")
            return
    if rest:
        yield number + 1, rest


def _explain(error: Exception) -> tuple[str, str]:
    """Say in our words why a path cannot be read."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file or folder", "check the path"
    if isinstance(error, PermissionError):
        return "you may not read this", "change its permissions"
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}", "check the path"
    return "this is no path", "take the character out of it that no file name can hold"
