"""`normalizer aliases`: the registry's own files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import click

from normalizer.configuration import registry_path
from normalizer.errors import RegistryError
from normalizer.interfaces.cli.terminal import say, settings_for, write
from normalizer.registry import Registry, load_registry
from normalizer.report.visible import visible


@click.group()
def aliases() -> None:
    """Look after a registry of names."""


EXAMPLES: Final = """\b
Examples:
  normalizer aliases check
  normalizer aliases check aliases/
"""


@aliases.command(epilog=EXAMPLES)
@click.argument("path", required=False)
def check(path: str | None) -> None:
    """Read a registry and list every fault in it, and the forms that several entities claim.

    PATH is a folder of YAML files, a .yaml file or a .jsonl[.gz] file; without it the registry in use
    is read. A form that several entities claim is no fault: it is reported as ambiguous when it is met.

    Exit code: 0 sound, 2 faults.
    """
    settings = settings_for(path)
    try:
        registry = load_registry(registry_path(settings), size_limit=settings.limits.registry_file)
    except RegistryError as error:
        write(f"{visible(str(fault))}\n" for fault in error.faults)
        count = len(error.faults)
        say(f"{count} fault{'' if count == 1 else 's'}")
        click.get_current_context().exit(2)
    write(_summary(registry), sys.stdout)


def _summary(registry: Registry) -> Iterator[str]:
    forms = sum(1 + len(entity.aliases) for entity in registry.entities.values())
    ambiguous = registry.ambiguous()
    yield (
        f"{len(registry.entities):,} {'entity' if len(registry.entities) == 1 else 'entities'} with "
        f"{forms:,} forms, {len(ambiguous):,} of them ambiguous; "
        f"index {registry.version}\n"
    )
    for form, entities in ambiguous.items():
        yield f"  {visible(form)}: {', '.join(visible(entity.id) for entity in entities)}\n"
