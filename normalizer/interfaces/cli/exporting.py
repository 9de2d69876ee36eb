"""`normalizer aliases export`: the registry as other systems take it."""

from __future__ import annotations

import sys
from typing import Final

import click

from normalizer.configuration import registry_path
from normalizer.exporting import WRITERS
from normalizer.interfaces.cli.terminal import settings_for, write
from normalizer.registry import load_registry

EXAMPLES: Final = """\b
Examples:
  normalizer aliases export --to solr aliases/ > synonyms.txt
  normalizer aliases export --to spacy > patterns.jsonl
"""


@click.command("export", epilog=EXAMPLES)
@click.argument("path", required=False)
@click.option("--to", "format_name", type=click.Choice(list(WRITERS)), required=True, help="The format.")
def export_registry(path: str | None, format_name: str) -> None:
    """Write a registry in another format to standard output, in order of id.

    PATH is a registry; without it the one in use is written. docs/importing.md says what each format
    cannot hold.

    Exit code: 0 written, 2 faults in the registry.
    """
    settings = settings_for(path)
    registry = load_registry(registry_path(settings), size_limit=settings.limits.registry_file)
    write(WRITERS[format_name](registry.entities.values()), sys.stdout)
