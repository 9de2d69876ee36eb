"""`normalizer index`: the compiled index that is kept beside a registry's files."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

import click

from normalizer.configuration import registry_path
from normalizer.errors import SettingsError
from normalizer.index import CompiledIndex, ContainerError, build_index, is_fresh, kept_path, read_index
from normalizer.interfaces.cli.terminal import registry_option, say, settings_for, write
from normalizer.registry import registry_digest
from normalizer.report.visible import visible
from normalizer.settings import Settings


@click.group()
def index() -> None:
    """Look after the compiled index, which every command makes at its first use by itself."""


EXAMPLES: Final = """\b
Examples:
  normalizer index build --registry aliases/
  normalizer index info
"""


@index.command(epilog=EXAMPLES)
@registry_option
def build(registry: str | None) -> None:
    """Build the index of the registry anew and keep it, as before the first command of a new machine.

    Exit code: 0 built and kept, 2 faults in the registry, or a folder that takes no file.
    """
    settings, path = _settings_and_path(registry)
    started = time.perf_counter()
    said: list[str] = []
    built = build_index(registry_path(settings), str(path.parent), settings.limits.registry_file, said.append)
    for message in said:
        say(message)
    if said:
        click.get_current_context().exit(2)
    write(
        [f"{_summary(built)}, in {time.perf_counter() - started:.2f} s\n{visible(str(path))}\n"], sys.stdout
    )


@index.command(epilog="\b\nExample:\n  normalizer index info --registry aliases/\n")
@registry_option
def info(registry: str | None) -> None:
    """Say what index is kept for the registry, and whether it is still that of its files.

    Exit code: 0 kept and fresh, 1 stale or not there, 2 damaged.
    """
    settings, path = _settings_and_path(registry)
    context = click.get_current_context()
    try:
        kept = read_index(path)
    except FileNotFoundError:
        write([f"no index is kept; the next command builds it\n{visible(str(path))}\n"], sys.stdout)
        context.exit(1)
    except ContainerError as error:
        say(f"{error}; the next command builds it anew")
        context.exit(2)
    source = registry_digest(registry_path(settings), settings.limits.registry_file)
    fresh = is_fresh(kept, source)
    state = (
        "fresh" if fresh else "stale: the registry or the program changed, the next command builds it anew"
    )
    write([f"{_summary(kept)}; {state}\n{visible(str(path))}\n"], sys.stdout)
    context.exit(0 if fresh else 1)


@index.command(epilog='\b\nExample:\n  rm "$(normalizer index path)"\n')
@registry_option
def path(registry: str | None) -> None:
    """Print where the index of the registry is kept, whether it is there or not."""
    write([f"{visible(str(_settings_and_path(registry)[1]))}\n"], sys.stdout)


def _settings_and_path(registry: str | None) -> tuple[Settings, Path]:
    """The settings in force and the index's place.

    Raises:
        SettingsError: No index is kept at all.
    """
    settings = settings_for(registry)
    if settings.cache is None:
        raise SettingsError(
            "no index is kept, for NORMALIZER_CACHE is empty; name a folder in it, or unset it"
        )
    return settings, kept_path(settings.cache, registry_path(settings))


def _summary(kept: CompiledIndex) -> str:
    entities = f"{kept.entity_count:,} {'entity' if kept.entity_count == 1 else 'entities'}"
    return f"{entities}, {kept.key_count:,} folded forms, {kept.size / 1e6:.1f} MB; index {kept.version}"
