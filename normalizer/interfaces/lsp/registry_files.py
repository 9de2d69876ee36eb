"""Files of a registry in the editor: their faults at their lines, and the fields that may be written."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from normalizer.errors import Fault, RegistryError
from normalizer.interfaces.lsp.texts import OpenText
from normalizer.registry import load_with_places
from normalizer.registry.faults import FaultLog, quoted
from normalizer.registry.load import read_entities
from normalizer.registry.rules import KINDS, TYPES
from normalizer.registry.yaml_decode import ALIAS_FIELDS, ENTITY_FIELDS, GUARD_FIELDS, TITLE_FIELDS
from normalizer.settings import Limits

_FIELDS: Final = {"aliases": ALIAS_FIELDS, "titles": TITLE_FIELDS, "guard": GUARD_FIELDS}
"""The fields of what stands under a field; under an id those of an entity stand."""
_VALUES: Final = {"type": tuple(TYPES), "kind": tuple(KINDS), "cased": ("true", "false")}
_KEY: Final = re.compile(r"(?P<indent>[ ]*)(?P<dash>(?:-[ ]+)*)(?P<key>[^\s#:{\[][^:]*):(?:\s|$)")
_WORD: Final = re.compile(r"[\w-]*\Z")
_AFTER: Final = re.compile(r"(?:^|[\s{,-])(?P<key>[\w-]+):[ ]+[\w-]*\Z")


def is_of(path: str | None, registry: str) -> bool:
    """Whether a file belongs to a registry."""
    if path is None:
        return False
    real = os.path.realpath(path)
    return real == registry or str(Path(real).parent) == registry


def faults_of(text: OpenText, registry: str) -> list[Fault]:
    """What is wrong with a file of a registry as it stands in the editor, in order of lines.

    Args:
        text: The text.
        registry: The real path of the registry; a file that is not of it has no faults.
    """
    if not is_of(text.path, registry):
        return []
    log, data = FaultLog(text.name), text.text.encode("utf-8", "replace")
    own = [*read_entities("open.yaml", BytesIO(data), Limits().registry_file, log)]
    try:
        elsewhere = load_with_places(registry)[1]
    except RegistryError:  # told where it is; what is wrong with this file is told all the same
        elsewhere = {}
    here = os.path.realpath(text.name)
    seen: dict[str, int] = {}
    for entity, line, column in own:
        other, other_line = elsewhere.get(entity.id, ("", 0))
        if entity.id in seen:
            place = f"line {seen[entity.id]}"
        elif other and os.path.realpath(other) != here:
            place = f"{other}:{other_line}"
        else:
            seen[entity.id] = line
            continue
        what = f"the id {quoted(entity.id)} is taken by {place}"
        log.add(line, column, what, "give this entity another id, or merge the two")
    return sorted(log.faults())


def may_be_written(before: str) -> Sequence[str]:
    """What may be written at a place of a registry file: fields, or the values of one.

    Args:
        before: The text before the place.
    """
    lines = before.split("\n")
    line = lines[-1]
    value = _AFTER.search(line)
    if value is not None:
        return _VALUES.get(value["key"], ())
    parents = _parents(lines)
    if "{" in line and line.rfind("{") > line.rfind("}"):
        opened = re.search(r"([\w-]+):\s*\[?[^:\[]*\{[^{}]*\Z", line)
        under = opened[1] if opened is not None else (parents[-1] if parents else "")
        return tuple(f"{name}: " for name in _FIELDS.get(under, ALIAS_FIELDS))
    if not parents:
        return ("entities:",)
    if parents[0] != "entities" or len(parents) == 1:
        return ()
    names = ENTITY_FIELDS if len(parents) == 2 else _FIELDS.get(parents[-1], ())
    return tuple(f"{name}: " for name in names)


def _parents(lines: Sequence[str]) -> list[str]:
    """The keys that a last line stands under, the outermost first."""
    last = lines[-1]
    width = len(last) - len(last.lstrip(" -"))
    parents: list[str] = []
    for line in reversed(lines[:-1]):
        found = _KEY.match(line)
        if found is not None and len(found["indent"]) < width and not found["dash"]:
            parents.append(found["key"].strip().strip("\"'"))
            width = len(found["indent"])
    return parents[::-1]


def typed(before: str) -> str:
    """The word that is being written."""
    found = _WORD.search(before)
    return found[0] if found is not None else ""
