"""Compiled indexes kept between runs: found by the registry's path, believed by its content.

A kept file holds the digest of the registry's own files and of the code that folds names and lays out the
file. When either differs, or the file is damaged, it is built anew; when it cannot be kept, the index is
built for this run alone, and somebody is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Final

from normalizer.errors import RegistryError
from normalizer.index.build import compiled
from normalizer.index.compiled import CompiledIndex
from normalizer.index.container import Container, ContainerError, write_whole
from normalizer.registry import Registry, load_registry, registry_digest

SMALL: Final = 64 * 1024 * 1024
"""Bytes of a file up to which all of it is checked when it is opened; else each part at its first use."""

_DECIDING: Final = (
    "model.py",
    "text/*.py",
    "index/**/*.py",
    "compare/knowledge.py",
    "compare/parts.py",
    "data/names/*.txt",
)
"""Files of the package that decide what is in an index file."""

Say = Callable[[str], None]
"""Takes a message for the user."""


def kept_path(folder: str, registry: str) -> Path:
    """Where the compiled index of a registry is kept.

    Args:
        folder: The cache folder.
        registry: The registry's path.
    """
    place = hashlib.sha256(str(Path(registry).absolute()).encode("utf-8", "surrogateescape")).hexdigest()
    return Path(folder) / f"{place[:20]}.index"


def opened_index(registry: str, folder: str, size_limit: int, say: Say) -> CompiledIndex:
    """Open the kept index of a registry, or build and keep it.

    Args:
        registry: The registry's path.
        folder: The cache folder.
        size_limit: Largest YAML file of a registry, in bytes.
        say: Is told when a kept file is damaged, or none can be kept.

    Raises:
        RegistryError: The registry cannot be used; the error lists every fault in it.
    """
    source = registry_digest(registry, size_limit)
    path = kept_path(folder, registry)
    try:
        index = read_index(path)
        if is_fresh(index, source):
            places = str(Path(registry).absolute()), str(Path(folder).absolute())
            index.container.mend = partial(_mended, *places, size_limit, say, source)
            return index
    except FileNotFoundError:
        pass
    except ContainerError as error:
        say(f"{error}; it is built anew")
    except OSError as error:
        say(f"{path}: cannot be read ({error.strerror or error}); the index is built for this run alone")
        return _built(load_registry(registry, size_limit=size_limit), source)[1]
    return build_index(registry, folder, size_limit, say, source)


def _mended(
    registry: str, folder: str, size_limit: int, say: Say, source: str, error: ContainerError
) -> Container:
    """The content of a large file anew, of which damage was found in use."""
    say(f"{error}; it is built anew")
    return build_index(registry, folder, size_limit, say, source).container


def build_index(
    registry: str, folder: str, size_limit: int, say: Say, source: str | None = None
) -> CompiledIndex:
    """Build the index of a registry and keep it, whatever is kept there.

    Args:
        registry: The registry's path.
        folder: The cache folder.
        size_limit: Largest YAML file of a registry, in bytes.
        say: Is told when the index cannot be kept.
        source: Digest of the registry's files, if it is known.

    Raises:
        RegistryError: The registry cannot be used; the error lists every fault in it.
    """
    digest = registry_digest(registry, size_limit) if source is None else source
    content, index = _built(load_registry(registry, size_limit=size_limit), digest)
    path = kept_path(folder, registry)
    try:
        if registry_digest(registry, size_limit) == digest:  # else it changed while it was read
            write_whole(path, content)
            return read_index(path)
    except RegistryError:
        pass  # it went away while it was read: nothing to keep
    except OSError as error:
        say(
            f"{error.filename or path}: the index cannot be kept ({error.strerror or error}); it is built "
            "again in each run; name another folder in NORMALIZER_CACHE, or none"
        )
    return index


def index_of(registry: Registry) -> CompiledIndex:
    """The index of a registry, kept nowhere."""
    return _built(registry, "")[1]


def _built(registry: Registry, source: str) -> tuple[bytearray, CompiledIndex]:
    content = compiled(registry.entities.values(), registry.version, source, code_digest())
    return content, CompiledIndex(Container(memoryview(content), "the index in memory"))


def read_index(path: Path) -> CompiledIndex:
    """Open an index file as it is.

    Raises:
        ContainerError: It is no index file, or damaged.
        OSError: It cannot be read.
    """
    container = Container.open(path)
    if container.head["size"] <= SMALL:
        container.check()
    return CompiledIndex(container)


def is_fresh(index: CompiledIndex, source: str) -> bool:
    """Whether an index was made from files of a digest, by this very code."""
    return index.source == source and index.code == code_digest()


@cache
def code_digest() -> str:
    """Digest of the code and lists that decide what is in an index file."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for pattern in _DECIDING:
        for path in sorted(package.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:20]
