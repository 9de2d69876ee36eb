"""From entities to a registry file, by the suffix of its path."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from normalizer.errors import Fault, RegistryError
from normalizer.model import Entity


def write_registry(entities: Iterable[Entity], path: str, header: str = "") -> None:
    """Write entities to a file, all of it or nothing.

    Args:
        entities: In any order; the same entities give the same bytes.
        path: Ends with .yaml, .yml, .jsonl or .jsonl.gz.
        header: Words for the top of a YAML file, as a comment.

    Raises:
        RegistryError: The suffix is not known, the file cannot be written, or YAML may not hold an entity.
    """
    if path.endswith((".yaml", ".yml")):
        from normalizer.registry.yaml_writer import write_yaml

        data = write_yaml(entities, header).encode()
    elif path.endswith((".jsonl", ".jsonl.gz")):
        from normalizer.registry.jsonl import write_jsonl

        data = write_jsonl(entities).encode()
        if path.endswith(".gz"):
            import gzip

            data = gzip.compress(data, mtime=0)
    else:
        remedy = "end it with .yaml, .yml, .jsonl or .jsonl.gz"
        raise RegistryError([Fault(path, 0, 0, "not the name of a registry file", remedy)])
    _replace(path, data)


def _replace(path: str, data: bytes) -> None:
    """Put data in the place of a file at once, so that no reader ever sees half of it."""
    unfinished = f"{path}.{os.getpid()}.unfinished"
    try:
        Path(unfinished).write_bytes(data)
        Path(unfinished).replace(path)
    except OSError as error:
        Path(unfinished).unlink(missing_ok=True)
        what = f"cannot be written: {error.strerror or error}"
        raise RegistryError([Fault(path, 0, 0, what, "check the folder and its permissions")]) from error
