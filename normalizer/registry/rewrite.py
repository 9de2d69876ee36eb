"""Single entities of a registry's files written anew; what stands around them stays letter for letter."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from normalizer.errors import Fault, RegistryError
from normalizer.model import Entity
from normalizer.registry.faults import FaultLog
from normalizer.registry.load import load_registry, read_entities, registry_paths
from normalizer.registry.yaml_writer import entity_lines

_comments: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|(?<!\S)(\#.*?)\s*$""").finditer
_is_bare_id: Final = re.compile(r"""( *)(?:[^\s'"#]+|'[^']*'|"[^"]*"):\s*(?:\#.*)?""").fullmatch


_FORMS: Final = ("aliases", "not")
"""The fields that hold forms, in the writer's order."""


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """One file of a registry, read.

    Attributes:
        path: The file, as the user named it.
        data: Its bytes.
        entities: What is in it, each with the number of its line.
    """

    path: str
    data: bytes
    entities: tuple[tuple[Entity, int], ...]


def read_files(registry: str, size_limit: int) -> list[RegistryFile]:
    """Read the files of a registry one by one.

    Args:
        registry: As for `load_registry`.
        size_limit: Likewise.

    Raises:
        RegistryError: Something is wrong; the error lists every fault of every file.
    """
    load_registry(registry, size_limit=size_limit)
    files = []
    for path in registry_paths(registry):
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
            raise RegistryError([Fault(path, 0, 0, what, "check its permissions")]) from error
        files.append(RegistryFile(path, data, tuple(_entities(path, data, size_limit))))
    return files


def rewritten(file: RegistryFile, meant: Mapping[str, Entity], size_limit: int) -> bytes:
    """The bytes of a file in which some entities are written anew.

    Of their fields only the forms are, those that they have and those that they have not; other fields
    and all comments stay, those inside a list of forms above it.

    Args:
        file: The file.
        meant: Those entities by id.
        size_limit: Largest YAML file, in bytes.

    Raises:
        RegistryError: The file is laid out in a way that cannot be changed entity by entity.
    """
    is_packed = file.path.endswith(".gz")
    text = (gzip.decompress(file.data) if is_packed else file.data).decode("utf-8")
    lines = text.split("\n")
    change = _change_yaml if file.path.endswith((".yaml", ".yml")) else _change_jsonl
    odd = []
    for entity, line in sorted(file.entities, key=lambda item: -item[1]):
        if entity.id in meant and not change(lines, line - 1, entity, meant[entity.id]):
            odd.append(entity.id)
    changed = "\n".join(lines).encode()
    data = gzip.compress(changed, mtime=0) if is_packed else changed
    expected = [meant.get(entity.id, entity) for entity, _ in file.entities]
    if odd or [entity for entity, _ in _entities(file.path, data, size_limit)] != expected:
        what = "an entity is written in a way that cannot be changed by itself"
        remedy = f"write by hand, or in the usual form: {', '.join(sorted(odd or meant))}"
        raise RegistryError([Fault(file.path, 0, 0, what, remedy)])
    return data


def _entities(path: str, data: bytes, size_limit: int) -> list[tuple[Entity, int]]:
    log = FaultLog(path)
    read = [(entity, line) for entity, line, _ in read_entities(path, io.BytesIO(data), size_limit, log)]
    return [] if log.faults() else read


def _change_jsonl(lines: list[str], at: int, before: Entity, entity: Entity) -> bool:
    from normalizer.registry.jsonl import write_jsonl

    lines[at] = write_jsonl([entity]).removesuffix("\n") + ("\r" if lines[at].endswith("\r") else "")
    return True


def _change_yaml(lines: list[str], at: int, before: Entity, entity: Entity) -> bool:
    """Put the writer's lines in the place of the forms of an entity; False if its fields have no lines."""
    end = "\r" if lines[at].endswith("\r") else ""
    head = _is_bare_id(lines[at])
    if head is None:
        return False
    indent = len(head[1])
    stop = at + 1
    for place in range(at + 1, len(lines)):
        content = lines[place].strip()
        if content and not content.startswith("#"):
            if _indent(lines[place]) <= indent:
                break
            stop = place + 1
    if stop == at + 1:
        return False
    inner = next(_indent(line) for line in lines[at + 1 : stop] if line.strip() and line.strip()[0] != "#")
    fields = _fields(lines[at + 1 : stop], inner)
    written = _fields([" " * inner + line[4:] + end for line in entity_lines(entity)[1:]], inner)
    more = before.aliases == entity.aliases[: len(before.aliases)]
    lines[at + 1 : stop] = [line for field in _merged(fields, written, more) for line in field]
    return True


def _fields(lines: list[str], indent: int) -> dict[str, list[str]]:
    """The lines of an entity by its fields; comments belong to the field below them."""
    fields: dict[str, list[str]] = {}
    waiting: list[str] = []
    last = ""
    for line in lines:
        content = line.lstrip(" ")
        if not content.strip() or content.startswith("#"):
            waiting.append(line)
            continue
        if _indent(line) <= indent:
            last = content.partition(":")[0]
        fields.setdefault(last, []).extend([*waiting, line])
        waiting = []
    return fields


def _merged(
    fields: Mapping[str, list[str]], written: Mapping[str, list[str]], more: bool
) -> Iterator[list[str]]:
    """The fields as they stand, but for the forms, which are as written; those that are new come last.

    Args:
        fields: The lines of each field as they stand.
        written: The lines that the writer gives the forms.
        more: Whether all aliases stay; new ones are then put under those that stand.
    """
    for name, lines in fields.items():
        new = written.get(name, [])
        if name not in _FORMS:
            yield lines
        elif name == "aliases" and _is_list(lines) and _is_list(new) and more:
            dash = next(line for line in reversed(lines) if line.lstrip().startswith("-"))
            inset = " " * _indent(dash)
            yield [*lines, *(inset + line.lstrip(" ") for line in new[1 + _dashes(lines) :])]
        else:
            inset = " " * _indent(lines[-1])
            yield [*(f"{inset}{found[1]}" for line in lines for found in _comments(line) if found[1]), *new]
    yield from (written[name] for name in _FORMS if name in written and name not in fields)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_list(lines: list[str]) -> bool:
    """Whether a field is a list with a line for each member."""
    return len(lines) > 1 and all(line.lstrip().startswith(("-", "#")) for line in lines[1:] if line.strip())


def _dashes(lines: list[str]) -> int:
    return sum(line.lstrip().startswith("-") for line in lines)
