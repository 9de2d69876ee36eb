"""`normalizer judgements`: what was decided of names, kept for good."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import click

from normalizer.configuration import registry_path
from normalizer.engine import Engine, judgements_place
from normalizer.errors import JudgementError, NormalizerError
from normalizer.interfaces.cli.differences import unified_diff
from normalizer.interfaces.cli.terminal import (
    argument_text,
    judgements_option,
    registry_option,
    say,
    settings_for,
    standard_input,
    style_for,
    write,
)
from normalizer.interfaces.judging import judge, ledger_of, now
from normalizer.judgements import Judgement, Ledger, Verdict, promoted, withdrawn
from normalizer.judgements.promotion import planned, to_promote
from normalizer.judgements.promotion import write as write_change
from normalizer.judgements.values import judgement_line, read_judgement
from normalizer.model import AliasKind
from normalizer.report.visible import visible
from normalizer.settings import Settings

F = TypeVar("F", bound=Callable[..., object])
SHORTEST_ID: Final = 6
"""Letters of an id that may stand for the whole, if no other begins so."""
_SHOWN: Final = 8


def _options(command: F) -> F:
    """Give a command `--registry` and `--judgements`."""
    return registry_option(judgements_option(command))


def _told_options(command: F) -> F:
    """Give a command that judges the options of who, why and where."""
    for option in (
        click.option("--note", metavar="TEXT", help="Why."),
        click.option("--source", metavar="TEXT", help="Where the name was seen."),
        click.option("--who", metavar="NAME", help="Who decided; the user of this computer if not given."),
    ):
        command = option(command)
    return _options(command)


@click.group()
def judgements() -> None:
    """Decide what names mean, for good and at once: in all commands here, and in running services."""


@judgements.command(epilog='\b\nExample:\n  normalizer judgements alias "Joey Biden" joe-biden\n')
@click.argument("name")
@click.argument("entity")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in AliasKind]), help="How it relates to the entity."
)
@_told_options
def alias(
    name: str,
    entity: str,
    kind: str | None,
    registry: str | None,
    judgements: str | None,
    **told: str | None,
) -> None:
    """Say that NAME means ENTITY, an id of the registry.

    Exit code: 0 kept, 2 refused, with the reason.
    """
    known_kind = AliasKind(kind) if kind is not None else None
    _judge(Judgement(Verdict.ALIAS, argument_text(name), entity, known_kind), registry, judgements, told)


@judgements.command(epilog='\b\nExample:\n  normalizer judgements veto "Blinker" antony-blinken\n')
@click.argument("name")
@click.argument("entity")
@_told_options
def veto(name: str, entity: str, registry: str | None, judgements: str | None, **told: str | None) -> None:
    """Say that NAME does not mean ENTITY, however alike.

    Exit code: 0 kept, 2 refused, with the reason.
    """
    _judge(Judgement(Verdict.VETO, argument_text(name), entity), registry, judgements, told)


@judgements.command(epilog="\b\nExample:\n  normalizer judgements word Blinking\n")
@click.argument("name")
@_told_options
def word(name: str, registry: str | None, judgements: str | None, **told: str | None) -> None:
    """Say that NAME is just a word: `check` finds nothing wrong with it.

    Exit code: 0 kept, 2 refused, with the reason.
    """
    _judge(Judgement(Verdict.WORD, argument_text(name)), registry, judgements, told)


@judgements.command(epilog="\b\nExample:\n  normalizer judgements undo 3f1c9a02\n")
@click.argument("judgement_id", metavar="ID")
@_told_options
def undo(judgement_id: str, registry: str | None, judgements: str | None, **told: str | None) -> None:
    """Take back the judgement ID (six letters of it suffice), which stays in the history.

    An undoing is a judgement, and can be undone.

    Exit code: 0 kept, 2 refused, with the reason.
    """
    engine = _opened(registry, judgements)
    found = [recorded for recorded in ledger_of(engine).log if recorded.judgement.id.startswith(judgement_id)]
    if len(found) != 1 or len(judgement_id) < SHORTEST_ID:
        reason = "no judgement has" if not found else "several judgements, or too many, may have"
        raise JudgementError(
            f"{reason} the id {visible(judgement_id)!r}; normalizer judgements list shows them"
        )
    _keep(engine, Judgement(Verdict.UNDO, of=found[0].judgement.id), told)


@judgements.command(name="list", epilog="\b\nExample:\n  normalizer judgements list --all\n")
@click.option("--all", "everything", is_flag=True, help="Also what was undone, and the undoing.")
@_options
def list_(everything: bool, registry: str | None, judgements: str | None) -> None:
    """List the judgements in force, one a line: id, when, who, what, the name, the entity, the state."""
    ledger = _read(registry, judgements)
    gone, marked = withdrawn(ledger.log), promoted(ledger.log)
    names = {recorded.judgement.id: recorded.judgement for recorded in ledger.log}
    for recorded in ledger.log:
        judgement = recorded.judgement
        if everything or (judgement.id not in gone and judgement.of is None):
            state = "undone" if judgement.id in gone else "promoted" if judgement.id in marked else ""
            write([_line(judgement, names.get(judgement.of or ""), state)])


@judgements.command(epilog="\b\nExample:\n  normalizer judgements export > judged.jsonl\n")
@_options
def export(registry: str | None, judgements: str | None) -> None:
    """Write the whole history as JSON Lines, which `import` takes."""
    write(judgement_line(recorded.judgement) for recorded in _read(registry, judgements).log)


@judgements.command(name="import", epilog="\b\nExample:\n  normalizer judgements import < judged.jsonl\n")
@_options
def import_(registry: str | None, judgements: str | None) -> None:
    """Keep the judgements of standard input (JSON Lines), all or none; those known already count once.

    Exit code: 0 kept, 2 a line is no judgement, and nothing was kept.
    """
    read: list[Judgement] = []
    for number, line in enumerate(standard_input(), 1):
        if line.strip():
            try:
                judgement = read_judgement(line)
            except JudgementError as error:
                raise JudgementError(f"line {number}: {error}; nothing was kept") from error
            read.append(replace(judgement, when=judgement.when or now(), via=judgement.via or "import"))
    ledger = _read(registry, judgements)
    known = {recorded.judgement.id for recorded in ledger.log}
    ledger.add(read)
    new = len({judgement.id for judgement in read} - known)
    write([f"{new:,} judgements kept, {len(read) - new:,} were known\n"])


@judgements.command(epilog="\b\nExample:\n  normalizer judgements promote --diff\n")
@click.option("--diff", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--who", metavar="NAME", help="Who decided; the user of this computer if not given.")
@_options
def promote(diff: bool, who: str | None, registry: str | None, judgements: str | None) -> None:
    """Write the judgements in force into the registry's files, as a change to review.

    Only the entities that were judged are written anew. Promoted judgements are marked so and stay in
    force until they are undone, so that nothing changes while the files are reviewed.

    Exit code: 0 done, 2 a file cannot be changed.
    """
    settings = _settings(registry, judgements)
    ledger = _read(registry, judgements)
    plan = planned(to_promote(ledger.log), registry_path(settings), settings.limits.registry_file)
    if diff:
        for change in plan.changes:
            if change.path.endswith(".gz"):
                say(f"{change.path}: is packed, and its change cannot be shown")
                continue
            texts = change.before.decode(), change.after.decode()
            write(unified_diff(change.path, *texts, style_for(sys.stdout), escape=sys.stdout.isatty()))
        return
    for change in plan.changes:
        write_change(change)
        _mark(ledger, change.judgements, who)
        for judgement in change.judgements:
            write([f"{visible(change.path)}: {_said(judgement)}\n"])
    _mark(ledger, plan.listed, who)
    for judgement in plan.listed:
        write([f"listed already: {_said(judgement)}\n"])
    for judgement, reason in plan.left:
        write([f"left: {_said(judgement)}: {visible(reason)}\n"])
    written = sum(len(change.judgements) for change in plan.changes)
    files = f"{len(plan.changes)} file{'' if len(plan.changes) == 1 else 's'}"
    write([f"{written} written into {files}\n"])


@judgements.command(epilog='\b\nExample:\n  ls -l "$(normalizer judgements path)"\n')
@_options
def path(registry: str | None, judgements: str | None) -> None:
    """Print where the judgements of the registry are kept, whether there are any or not."""
    write([f"{visible(_place(_settings(registry, judgements)))}\n"])


def _settings(registry: str | None, judgements: str | None) -> Settings:
    return settings_for(registry).with_judgements(judgements)


def _opened(registry: str | None, judgements: str | None) -> Engine:
    engine = Engine.open(_settings(registry, judgements), say)
    ledger_of(engine).catch_up()  # what could not be read has been told, and is an error here
    return engine


def _place(settings: Settings) -> str:
    place = judgements_place(settings)
    if place is None:
        raise NormalizerError("no judgements are kept here; name a place with --judgements")
    if "://" in place:
        from normalizer.judgements.store import Store

        return Store(place).place
    return place


def _read(registry: str | None, judgements: str | None) -> Ledger:
    """The judgements, without the registry."""
    settings = _settings(registry, judgements)
    _place(settings)
    ledger = Ledger(judgements_place(settings) or "")
    ledger.catch_up()
    return ledger


def _judge(
    judgement: Judgement, registry: str | None, judgements: str | None, told: dict[str, str | None]
) -> None:
    _keep(_opened(registry, judgements), judgement, told)


def _keep(engine: Engine, judgement: Judgement, told: dict[str, str | None]) -> None:
    texts = {name: argument_text(text) if text is not None else None for name, text in told.items()}
    judgement = replace(
        judgement,
        via="cli",
        who=texts["who"] or _user(),
        source=texts["source"],
        note=texts["note"],
    )
    recorded = judge(engine, ledger_of(engine), judgement)
    write([f"{recorded.judgement.id[:_SHOWN]}: {_said(recorded.judgement)}\n"])


def _mark(ledger: Ledger, marked: tuple[Judgement, ...], who: str | None) -> None:
    """Keep that judgements were promoted."""
    ledger.add(
        [
            Judgement(Verdict.PROMOTION, of=judgement.id, who=who or _user(), via="cli", when=now())
            for judgement in marked
        ]
    )


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return None


def _said(judgement: Judgement) -> str:
    """A judgement in words."""
    name = f'"{visible(judgement.name)}"'
    match judgement.verdict:
        case Verdict.ALIAS:
            kind = f" ({judgement.kind})" if judgement.kind else ""
            return f"{name} is {visible(judgement.entity or '')}{kind}"
        case Verdict.VETO:
            return f"{name} is not {visible(judgement.entity or '')}"
        case Verdict.WORD:
            return f"{name} is just a word"
    return f"{judgement.verdict} of {visible((judgement.of or '')[:_SHOWN])}"


def _line(judgement: Judgement, of: Judgement | None, state: str) -> str:
    said = _said(judgement) + (f", {_said(of)}" if of is not None else "")
    when = judgement.when[:16].replace("T", " ")
    parts = [visible(judgement.id[:_SHOWN]), when, visible(judgement.who or "-"), said]
    if judgement.note:
        parts.append(visible(judgement.note))
    return "  ".join([*parts, *([f"[{state}]"] if state else [])]) + "\n"
