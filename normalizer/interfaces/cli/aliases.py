"""`normalizer aliases`: the registry's own files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import click

from normalizer.configuration import registry_path
from normalizer.errors import Fault, RegistryError
from normalizer.interfaces.cli.exporting import export_registry
from normalizer.interfaces.cli.importing import import_registry
from normalizer.interfaces.cli.terminal import say, settings_for, write
from normalizer.registry import Registry, load_with_places
from normalizer.report.machine import json_text
from normalizer.report.visible import visible
from normalizer.rulebook import Level
from normalizer.upkeep import Remark


@click.group()
def aliases() -> None:
    """Look after a registry of names."""


aliases.add_command(import_registry)
aliases.add_command(export_registry)


EXAMPLES: Final = """\b
Examples:
  normalizer aliases check
  normalizer aliases check aliases/
  normalizer aliases check --format github aliases/
"""

Places = Mapping[str, tuple[str, int]]
"""File and line of each entity by id."""


@aliases.command(epilog=EXAMPLES)
@click.argument("path", required=False)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    show_default=True,
    help="Shape of the output; github makes annotations of a pull request.",
)
def check(path: str | None, output_format: str) -> None:
    """Read a registry and list every fault in it, and what a person should look at.

    PATH is a folder of YAML files, a .yaml file or a .jsonl[.gz] file; without it the registry in use
    is read. A form that several entities claim is no fault: it is reported as ambiguous when it is met.

    Exit code: 0 sound, 1 warnings, 2 faults.
    """
    from normalizer.engine import Engine

    settings = settings_for(path)
    context = click.get_current_context()
    try:
        registry, places = load_with_places(registry_path(settings), size_limit=settings.limits.registry_file)
    except RegistryError as error:
        write(_fault_lines(error.faults, output_format), sys.stdout)
        say(f"{len(error.faults)} fault{'' if len(error.faults) == 1 else 's'}")
        context.exit(2)
    remarks = Engine(registry, settings).remarks()
    write(_RENDERERS[output_format](registry, remarks, places), sys.stdout)
    warnings = sum(remark.level is Level.WARNING for remark in remarks)
    if warnings:
        say(f"{warnings} warning{'' if warnings == 1 else 's'}")
    context.exit(1 if warnings else 0)


def _fault_lines(faults: Sequence[Fault], output_format: str) -> Iterator[str]:
    if output_format == "json":
        rows = [
            {"file": one.path, "line": one.line, "column": one.column, "what": one.what, "remedy": one.remedy}
            for one in faults
        ]
        yield json_text({"faults": rows, "remarks": []}) + "\n"
        return
    for fault in faults:
        if output_format == "github":
            yield _annotation("error", fault.path, fault.line, f"{fault.what}; {fault.remedy}")
        else:
            yield f"{visible(str(fault))}\n"


def _as_text(registry: Registry, remarks: Sequence[Remark], places: Places) -> Iterator[str]:
    """The count, the ambiguous forms, then the warnings, each at its place."""
    forms = sum(1 + len(entity.aliases) for entity in registry.entities.values())
    ambiguous = registry.ambiguous()
    yield (
        f"{len(registry.entities):,} {'entity' if len(registry.entities) == 1 else 'entities'} with "
        f"{forms:,} forms, {len(ambiguous):,} of them ambiguous; "
        f"index {registry.version}\n"
    )
    for form, entities in ambiguous.items():
        yield f"  {visible(form)}: {', '.join(visible(entity.id) for entity in entities)}\n"
    for remark in remarks:
        if remark.level is Level.WARNING:
            file, line = places[remark.entity_id]
            said = f"{file}:{line}: {remark.entity_id}: {remark.message} [{remark.check}]"
            yield f"{visible(said)}\n"


def _as_github(registry: Registry, remarks: Sequence[Remark], places: Places) -> Iterator[str]:
    """Workflow commands of GitHub Actions; what is only good to know is a notice."""
    for remark in remarks:
        level = "warning" if remark.level is Level.WARNING else "notice"
        message = f"{remark.entity_id}: {remark.message} [{remark.check}]"
        yield _annotation(level, *places[remark.entity_id], message)


def _as_json(registry: Registry, remarks: Sequence[Remark], places: Places) -> Iterator[str]:
    rows = []
    for remark in remarks:
        file, line = places[remark.entity_id]
        rows.append(
            {
                "file": file,
                "line": line,
                "check": remark.check,
                "level": remark.level.value,
                "entity": remark.entity_id,
                "others": list(remark.others),
                "message": remark.message,
            }
        )
    yield json_text({"index": registry.version, "faults": [], "remarks": rows}) + "\n"


_RENDERERS: Final[Mapping[str, Callable[[Registry, Sequence[Remark], Places], Iterator[str]]]] = {
    "text": _as_text,
    "github": _as_github,
    "json": _as_json,
}


def _annotation(level: str, file: str, line: int, message: str) -> str:
    """One workflow command, its text escaped as GitHub Actions demands."""
    place = file
    for mark, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        place, message = place.replace(mark, code), message.replace(mark, code)
    place = place.replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={visible(place)}{f',line={line}' if line else ''}::{visible(message)}\n"
