"""Judgements written into the registry's files, as a change that people review.

Only the forms of the entities that were judged are written anew, as the registry's own writer does. A file
is replaced whole or not at all, and only if what it then holds is what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from normalizer.errors import DraftError, JudgementError
from normalizer.formats.files import replace_file
from normalizer.judgements.force import effect_of, promoted, withdrawn
from normalizer.judgements.values import Judgement, Recorded, Verdict
from normalizer.model import Alias, Entity
from normalizer.registry.rewrite import RegistryFile, read_files, rewritten
from normalizer.text.folding import fold


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written into one file.

    Attributes:
        path: The file.
        before: Its bytes.
        after: What they become.
        judgements: What is in them then.
    """

    path: str
    before: bytes
    after: bytes
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a promotion comes to, before anything is written.

    Attributes:
        changes: The files that change.
        listed: Judgements that the registry holds already.
        left: Judgements that no file can take, with the reason.
    """

    changes: tuple[Change, ...]
    listed: tuple[Judgement, ...]
    left: tuple[tuple[Judgement, str], ...]


def to_promote(log: Sequence[Recorded]) -> list[Judgement]:
    """The judgements in force of which none of the registry's files knows yet."""
    known = withdrawn(log) | promoted(log)
    marks = (Verdict.UNDO, Verdict.PROMOTION)
    return [
        recorded.judgement
        for recorded in log
        if recorded.judgement.id not in known and recorded.judgement.verdict not in marks
    ]


def planned(judgements: Iterable[Judgement], registry: str, size_limit: int) -> Promotion:
    """Work out what the registry's files become; nothing is written.

    Args:
        judgements: In their order.
        registry: The registry's path.
        size_limit: Largest YAML file, in bytes.

    Raises:
        RegistryError: The registry is not sound, cannot be read, or not be changed entity by entity.
    """
    of_entity: dict[str, list[Judgement]] = {}
    left: list[tuple[Judgement, str]] = []
    for judgement in judgements:
        if judgement.verdict is Verdict.WORD or judgement.entity is None:
            left.append((judgement, "a registry holds names, and no words"))
        else:
            of_entity.setdefault(judgement.entity, []).append(judgement)
    changes: list[Change] = []
    listed: list[Judgement] = []
    for file in read_files(registry, size_limit):
        here = {entity.id: of_entity.pop(entity.id) for entity, _ in file.entities if entity.id in of_entity}
        meant, written = _meant(file, here, listed, left)
        if meant:
            data = rewritten(file, meant, size_limit)
            changes.append(Change(file.path, file.data, data, tuple(written)))
    left += [
        (judgement, "the registry has no such entity") for rest in of_entity.values() for judgement in rest
    ]
    return Promotion(tuple(changes), tuple(listed), tuple(left))


def write(change: Change) -> None:
    """Put the new content in the place of a file, whole or not at all.

    Raises:
        JudgementError: It cannot be written, or was changed meanwhile; the file is as it was.
    """
    try:
        replace_file(change.path, change.after, unchanged_from=change.before)
    except DraftError as error:
        raise JudgementError(str(error)) from error


def _meant(
    file: RegistryFile,
    judged: Mapping[str, Sequence[Judgement]],
    listed: list[Judgement],
    left: list[tuple[Judgement, str]],
) -> tuple[dict[str, Entity], list[Judgement]]:
    """The entities of a file that change, and what is written into them; the rest goes into the lists."""
    meant: dict[str, Entity] = {}
    written: list[Judgement] = []
    for entity, _ in file.entities:
        for judgement in judged.get(entity.id, ()):
            now = meant.get(entity.id, entity)
            try:
                then = _with(now, judgement)
            except JudgementError as error:
                left.append((judgement, str(error)))
                continue
            (listed if then == now else written).append(judgement)
            if then != now:
                meant[entity.id] = then
    return meant, written


def _with(entity: Entity, judgement: Judgement) -> Entity:
    """An entity as it is listed with one judgement more; the same if it says nothing new.

    Raises:
        JudgementError: The registry says otherwise.
    """
    key, effect = fold(judgement.name), effect_of(judgement)
    is_vetoed = key in map(fold, entity.never)
    if isinstance(effect, Alias):
        if is_vetoed:
            raise JudgementError("it stands in the entity's not list")
        if any(form.name == effect.name for form in entity.forms()):
            return entity
        return replace(entity, aliases=(*entity.aliases, effect))
    if fold(entity.name) == key:
        raise JudgementError("it is the name that the entity is listed under")
    if is_vetoed:
        return entity
    kept = tuple(alias for alias in entity.aliases if fold(alias.name) != key)
    return replace(entity, aliases=kept, never=(*entity.never, judgement.name))
