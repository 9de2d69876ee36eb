"""Which of the judgements are in force: all that were not undone, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalizer.judgements.values import Judgement, Recorded, Verdict
from normalizer.model import Alias, AliasKind
from normalizer.text.folding import fold


@dataclass(frozen=True, slots=True)
class Force:
    """What is in force.

    Attributes:
        names: Forms that entities were found to have, and names that they were found not to have, with the
            ids of the entities, in the order of judging.
        words: The folded keys of what is just a word.
    """

    names: tuple[tuple[str, Alias | str], ...] = ()
    words: frozenset[str] = frozenset()


def withdrawn(log: Sequence[Recorded]) -> frozenset[str]:
    """The ids of the judgements that are undone, by judgements that are not undone themselves."""
    gone: set[str] = set()
    for recorded in reversed(log):
        judgement = recorded.judgement
        if judgement.verdict is Verdict.UNDO and judgement.id not in gone and judgement.of:
            gone.add(judgement.of)
    return frozenset(gone)


def promoted(log: Sequence[Recorded]) -> frozenset[str]:
    """The ids of the judgements that were written into the registry's files."""
    gone = withdrawn(log)
    return frozenset(
        recorded.judgement.of
        for recorded in log
        if recorded.judgement.verdict is Verdict.PROMOTION
        and recorded.judgement.of
        and recorded.judgement.id not in gone
    )


def in_force(log: Sequence[Recorded]) -> Force:
    """What a log comes to. A promoted judgement stays in force: where the registry has it, it adds nothing.

    Args:
        log: Judgements in order of their numbers.
    """
    gone = withdrawn(log)
    kept = [recorded.judgement for recorded in log if recorded.judgement.id not in gone]
    return Force(
        tuple(
            (judgement.entity, effect)
            for judgement in kept
            if (effect := effect_of(judgement)) and judgement.entity
        ),
        frozenset(fold(judgement.name) for judgement in kept if judgement.verdict is Verdict.WORD),
    )


def effect_of(judgement: Judgement) -> Alias | str | None:
    """The form that its entity has by a judgement, or the name that it has not; None if it is of neither."""
    if judgement.verdict is Verdict.ALIAS:
        return Alias(judgement.name, judgement.kind or AliasKind.ALIAS, source=judgement.source)
    return judgement.name if judgement.verdict is Verdict.VETO else None
