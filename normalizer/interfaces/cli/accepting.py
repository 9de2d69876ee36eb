"""Names accepted for a whole project: written into its configuration file, whose comments stay."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from normalizer.configuration import CONFIGURATION_FILES, configuration_file, folder_of_work
from normalizer.errors import NormalizerError
from normalizer.formats.files import replace_file
from normalizer.interfaces.cli.baseline import write_whole


def accepting_file(drafts: Sequence[str]) -> Path:
    """The configuration that is in force for drafts; a new one in this folder, if there is none."""
    here = Path.cwd()
    return configuration_file(folder_of_work(here, drafts)) or here / CONFIGURATION_FILES[0]


def accept_names(path: Path, names: Iterable[str]) -> int:
    """Add names to the list `accept` of a configuration file, which may be new.

    Args:
        path: The file.
        names: The names; those that are in the list already are passed over.

    Returns:
        How many were added.

    Raises:
        NormalizerError: The file cannot be read or written, or its list is none; it is as it was.
    """
    import tomlkit  # takes a while to import, and is needed only when a name is accepted
    from tomlkit.exceptions import TOMLKitError

    try:
        data = path.read_bytes() if path.exists() else b""
        document = tomlkit.parse(data.decode("utf-8"))
        table: Any = document
        for key in ("tool", "normalizer") if path.name == "pyproject.toml" else ():
            table = table[key]
        listed: Any = table.get("accept")
        if listed is None:
            listed = tomlkit.array()
        new = [name for name in dict.fromkeys(names) if name not in listed]
        listed.extend(new)
        table["accept"] = listed
        written = tomlkit.dumps(document).encode()
        tomllib.loads(written.decode())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, TOMLKitError) as error:
        raise NormalizerError(
            f"{os.fspath(path)}: no names can be added to its accept list: {error}; add them by hand"
        ) from error
    if new:
        if data:
            replace_file(os.fspath(path), written, unchanged_from=data)
        else:
            write_whole(os.fspath(path), written)
    return len(new)
