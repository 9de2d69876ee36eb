"""`normalizer init`: a new folder with a registry of one's own."""

from __future__ import annotations

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
entities:
  antony-blinken:
    name: Antony Blinken
    type: person
    titles: [Secretary of State]
    aliases:
      - {name: Blinken, kind: short}
      - {name: Tony Blinken, kind: nickname}
"""

CONFIGURATION: Final = """\
# Where `normalizer` finds your names; the path is relative to this file.
registry = "aliases"
"""

EXAMPLES: Final = """\b
Example:
  normalizer init desk
"""


@click.command(epilog=EXAMPLES, short_help="Make a folder with a registry of your own.")
@click.argument("folder")
def init(folder: str) -> None:
    """Make a folder with a registry of your own: aliases/people.yaml, its schema and a configuration.

    Inside the folder every command uses that registry. Nothing that is there is overwritten.
    """
    root = Path(folder)
    files = {
        root / ".normalizer.toml": CONFIGURATION,
        root / "aliases" / "people.yaml": PEOPLE,
        root / "aliases" / "schema.json": schema_text(),
    }
    for path in files:
        if path.exists() or path.is_symlink():
            raise NormalizerError(f"{path}: is there already, and nothing was written; choose another folder")
    try:
        (root / "aliases").mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NormalizerError(
            f"{error.filename or folder}: cannot be written: {reason}; choose another folder"
        ) from error
    click.echo(f"Made {root}/ with a registry of your own. Next:")
    click.echo(f"  cd {folder}")
    click.echo('  normalizer match "Blinkon"')
    click.echo("  normalizer aliases check")
