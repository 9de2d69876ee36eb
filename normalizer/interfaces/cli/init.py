"""`normalizer init`: a new folder with a registry of one's own."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from normalizer.errors import NormalizerError
from normalizer.registry.json_schema import schema_text

PEOPLE: Final = """\
# yaml-language-server: $schema=schema.json
#
# One entity a key, in order of keys; the key is its id and stays the same for good.
# `name` is the form you print. Say why in a comment where a choice is not obvious.
# This one is made up, to show the form: put your own names in its place.
entities:
  dana-ruiz:
    name: Dana Ruiz
    type: person
    titles: [Mayor]
    aliases:
      - {name: Ruiz, kind: short}
"""

CONFIGURATION: Final = """\
# Where `normalizer` finds its names; the path is relative to this file. They take the place of the
# names that come with the package: only what is in this registry is known here.
registry = "aliases"
"""

EXAMPLES: Final = """\b
Examples:
  normalizer init desk
  normalizer init desk --with-starter
"""


@click.command(epilog=EXAMPLES, short_help="Make a folder with a registry of your own.")
@click.argument("folder")
@click.option(
    "--with-starter",
    is_flag=True,
    help="Copy the registry that comes with the package into it too, so that both are there.",
)
def init(folder: str, with_starter: bool) -> None:
    """Make a folder with a registry of your own: aliases/people.yaml, its schema and a configuration.

    Inside the folder every command uses that registry, in place of the one that comes with the package;
    with --with-starter it holds a copy of that one. Nothing that is there is overwritten.
    """
    root = Path(folder)
    copied = _starter_files() if with_starter else {}
    files = {
        root / ".normalizer.toml": CONFIGURATION.encode(),
        **{root / "aliases" / name: content for name, content in copied.items()},
        root / "aliases" / "people.yaml": PEOPLE.encode(),
        root / "aliases" / "schema.json": schema_text().encode(),
    }
    for path in files:
        if path.exists() or path.is_symlink():
            raise NormalizerError(f"{path}: is there already, and nothing was written; choose another folder")
    _write(files, folder)
    click.echo(f"Made {root}/ with a registry of your own in {root}/aliases.")
    click.echo("Inside the folder it takes the place of the registry that comes with the package.")
    if copied:
        click.echo(
            f"It holds a copy of that one ({len(copied)} files), so both are there; names that later\n"
            "versions of the package bring are not added to the copy by themselves."
        )
    else:
        click.echo("No other names are known there; for both at once there is --with-starter.")
    click.echo("Next:")
    click.echo(f"  cd {folder}")
    click.echo('  normalizer match "Dana Ruez"')
    click.echo("  normalizer aliases check")


def _starter_files() -> dict[str, bytes]:
    """The files of the registry that comes with the package, by their names."""
    from normalizer.configuration import starter_registry

    return {path.name: path.read_bytes() for path in sorted(starter_registry().glob("*.yaml"))}


def _write(files: Mapping[Path, bytes], folder: str) -> None:
    """Write new files and the folders they are in, all or none of them.

    Raises:
        NormalizerError: One cannot be written; what was made before is gone again.
    """
    made: list[Path] = []
    try:
        for path, content in files.items():
            missing = [parent for parent in path.parents if not parent.exists()]
            for parent in reversed(missing):
                parent.mkdir()
                made.append(parent)
            with path.open("xb") as file:
                made.append(path)
                file.write(content)
    except OSError as error:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        reason = (error.strerror or str(error)).lower()
        raise NormalizerError(
            f"{error.filename or folder}: cannot be written: {reason}; choose another folder"
        ) from error
