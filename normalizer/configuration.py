"""The configuration: where it is found, how it is read, and the folders that go with it.

The environment is handed in; nothing here reads it by itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from normalizer.errors import SettingsError
from normalizer.settings import Settings

CONFIGURATION_FILES: Final = (".normalizer.toml", "pyproject.toml")


def registry_path(settings: Settings) -> str:
    """The path of the registry that settings name, or of the one that comes with the package."""
    return settings.registry if settings.registry is not None else str(starter_registry())


def cache_folder(environ: Mapping[str, str]) -> str | None:
    """The folder that compiled indexes are kept in.

    `NORMALIZER_CACHE` in the environment, nothing if it is empty; else `normalizer` in the user's cache
    folder (XDG Base Directory Specification).
    """
    named = environ.get("NORMALIZER_CACHE")
    if named is not None:
        return named or None
    base = environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117  (a relative one must be ignored)
        home = environ.get("HOME")
        if not home:
            return None
        base = str(Path(home) / ".cache")
    return str(Path(base) / "normalizer")


def data_folder(environ: Mapping[str, str]) -> str | None:
    """The folder for what belongs to the user and must last: `normalizer` in the user's data folder.

    That is `XDG_DATA_HOME` in the environment, or `~/.local/share` (XDG Base Directory Specification).
    """
    base = environ.get("XDG_DATA_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117  (a relative one must be ignored)
        home = environ.get("HOME")
        if not home:
            return None
        base = str(Path(home) / ".local" / "share")
    return str(Path(base) / "normalizer")


def starter_registry() -> Path:
    """The folder of the registry that comes with the package (in a checkout, `aliases/`)."""
    package = Path(__file__).parent
    installed = package / "data" / "aliases"
    return installed if installed.is_dir() else package.parent / "aliases"


def load_settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Find and read the configuration for work in a folder.

    `NORMALIZER_REGISTRY` in the environment names the registry, `NORMALIZER_JUDGEMENTS` the store of
    judgements, `NORMALIZER_KEYS` the file of keys; else the nearest `.normalizer.toml`, or `pyproject.toml`
    with a `[tool.normalizer]` table, of the folder and those above it counts. Relative paths in a file are
    relative to that file.

    Raises:
        SettingsError: The file is not TOML, or holds what is not understood.
    """
    settings = Settings()
    found = _nearest(folder)
    if found is not None:
        path, table = found
        settings = replace(Settings.from_mapping(table, str(path)), root=str(path.parent))
        if settings.registry is not None:
            settings = settings.with_registry(str(path.parent / settings.registry))
        if settings.judgements and "://" not in settings.judgements:
            settings = settings.with_judgements(str(path.parent / settings.judgements))
        if settings.keys is not None:
            settings = replace(settings, keys=str(path.parent / settings.keys))
    settings = settings.with_registry(environ.get("NORMALIZER_REGISTRY") or None)
    settings = settings.with_judgements(environ.get("NORMALIZER_JUDGEMENTS"))
    settings = replace(settings, keys=environ.get("NORMALIZER_KEYS") or settings.keys)
    return replace(settings, cache=cache_folder(environ), data=data_folder(environ))


def folder_of_work(here: Path, drafts: Sequence[str]) -> Path:
    """Where to look for the configuration: here, or with the first draft if there is none here or above.

    Raises:
        SettingsError: A configuration file is not TOML.
    """
    if not drafts or configuration_file(here) is not None:
        return here
    first = here / drafts[0]
    try:
        return first if first.is_dir() else first.parent
    except (OSError, ValueError):  # no name of a file; who reads it says so
        return here


def configuration_file(folder: Path) -> Path | None:
    """The configuration file that counts for work in a folder, if there is one.

    Raises:
        SettingsError: It is not TOML.
    """
    found = _nearest(folder)
    return found[0] if found is not None else None


def _nearest(folder: Path) -> tuple[Path, Mapping[str, object]] | None:
    """The nearest file of a folder and those above it that holds settings, and these."""
    folder = folder.absolute()
    for path in (parent / name for parent in (folder, *folder.parents) for name in CONFIGURATION_FILES):
        table = _configuration(path)
        if table is not None:
            return path, table
    return None


def _configuration(path: Path) -> Mapping[str, object] | None:
    """The settings table of a configuration file, or None when it has none."""
    if not path.is_file():
        return None
    import tomllib

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if path.name == "pyproject.toml":
            return None  # somebody else's file, and somebody else's to complain of
        raise SettingsError(f"{path}: cannot be read as TOML: {error}; mend or remove it") from error
    if path.name == "pyproject.toml":
        tool = content.get("tool", {})
        own = tool.get("normalizer") if isinstance(tool, dict) else None
        if own is not None and not isinstance(own, dict):
            raise SettingsError(f"{path}: [tool.normalizer] must be a table, not {own!r}")
        return own
    return content
