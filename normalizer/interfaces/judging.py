"""Judgements taken in: held against what is known, kept, and only then in force; the same for every face."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from normalizer.engine import Engine
from normalizer.errors import JudgementError, SettingsError
from normalizer.judgements import Force, Judgement, Ledger, Recorded, Verdict, in_force, withdrawn


def now() -> str:
    """This instant as judgements have it: UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def ledger_of(engine: Engine) -> Ledger:
    """The store of an engine.

    Raises:
        SettingsError: It has none.
    """
    if engine.ledger is None:
        raise SettingsError(
            "there is no store of judgements here; name one with --judgements or NORMALIZER_JUDGEMENTS"
        )
    return engine.ledger


def judge(engine: Engine, ledger: Ledger, judgement: Judgement) -> Recorded:
    """Keep a judgement that can be one.

    Args:
        engine: What it is held against: as it is after the last judgement that was read.
        ledger: Where it is kept.
        judgement: The judgement; its instant and index are set where they are not.

    Returns:
        The judgement as it is kept, in force after the next `lay`.

    Raises:
        JudgementError: It contradicts what is known, or undoes what is not there to be undone.
        UnknownEntityError: There is no such entity.
        StoreError: It could not be kept.
    """
    known = {recorded.judgement.id: recorded for recorded in ledger.log}
    if judgement.id not in known:
        ensure_possible(engine, ledger, judgement)
    when, index = judgement.when or now(), judgement.index or engine.index_version
    return ledger.add([replace(judgement, when=when, index=index)])[0]


def ensure_possible(engine: Engine, ledger: Ledger, judgement: Judgement) -> None:
    """See that a judgement would have an effect, or says what is in force already.

    Raises:
        JudgementError: It would not.
        UnknownEntityError: There is no such entity.
    """
    if judgement.verdict in (Verdict.UNDO, Verdict.PROMOTION):
        if judgement.of not in {recorded.judgement.id for recorded in ledger.log}:
            raise JudgementError(f"there is no judgement {judgement.of!r}; list them to find its id")
        if judgement.of in withdrawn(ledger.log):
            raise JudgementError(f"the judgement {judgement.of!r} is undone already")
        return
    if judgement.entity is not None:
        engine.entity(judgement.entity)
    trial = engine.snapshot()
    refused = trial.lay_more(in_force([Recorded(0, judgement)]))
    if refused:
        raise JudgementError(refused[0])


def catch_up(engine: Engine, ledger: Ledger) -> list[str]:
    """Read what is new in the store and let it be in force.

    Returns:
        Why some of the new judgements have no effect.

    Raises:
        StoreError: The store cannot be read.
    """
    new = ledger.catch_up()
    if not new:
        return []
    if any(recorded.judgement.verdict is Verdict.UNDO for recorded in new):
        return engine.lay(in_force(ledger.log))
    force = in_force(new)
    return engine.lay_more(force) if force != Force() else []
