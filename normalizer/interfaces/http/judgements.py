"""`/v1/judgements` and `/v1/changes`: what is decided of names, and whose answers may differ since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal

import msgspec
from flask import Blueprint, Response, current_app
from msgspec import UNSET, UnsetType

from normalizer.errors import JudgementError, SettingsError, StoreError
from normalizer.interfaces.http.answers import json_answer
from normalizer.interfaces.http.bodies import decoded, json_body, parameters
from normalizer.interfaces.http.description import JSON, described
from normalizer.interfaces.http.keys import ensure
from normalizer.interfaces.http.problems import ProblemError, problem
from normalizer.interfaces.http.state import V1, current_engine, current_live, forget_engine
from normalizer.interfaces.judging import ledger_of
from normalizer.interfaces.keys import Key, Scope
from normalizer.judgements import Judgement, Recorded, Verdict, promoted, withdrawn
from normalizer.judgements.values import judgement_record
from normalizer.model import AliasKind
from normalizer.report.shapes import Record

judgements: Final = Blueprint("judgements", __name__, url_prefix=V1)
MOST: Final = 1000
"""Most judgements in one answer."""


class JudgementRequest(msgspec.Struct, frozen=True):
    """A judgement to keep; with an `id` of the client's own it may be sent again and counts once."""

    verdict: Literal["alias", "veto", "word", "undo"]
    name: str = ""
    entity: str | None = None
    kind: AliasKind | None = None
    of: str | None = None
    who: str | None = None
    source: str | None = None
    note: str | None = None
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{8,128}$")] | None = None


class JudgementParameters(msgspec.Struct, frozen=True):
    """Which judgements to list: those with numbers above one."""

    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 100


class ChangesParameters(msgspec.Struct, frozen=True):
    """Since which version of the index."""

    since: str


class KeptJudgement(msgspec.Struct):
    """A judgement as it is kept; what holds nothing is left out."""

    number: int
    state: Literal["in force", "undone", "promoted"]
    id: str
    verdict: Verdict
    name: str | UnsetType = UNSET
    entity: str | UnsetType = UNSET
    kind: AliasKind | UnsetType = UNSET
    of: str | UnsetType = UNSET
    who: str | UnsetType = UNSET
    via: str | UnsetType = UNSET
    when: str | UnsetType = UNSET
    source: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    index: str | UnsetType = UNSET


class JudgementAnswer(msgspec.Struct):
    """A judgement that was kept, and the version of the index since."""

    index: str
    judgement: KeptJudgement


class JudgementsAnswer(msgspec.Struct):
    """Judgements, oldest first."""

    index: str
    judgements: list[KeptJudgement]
    more: bool


class ChangesAnswer(msgspec.Struct):
    """The entities that changed since a version of the index."""

    index: str
    since: str
    entities: list[str]


@judgements.post("/judgements")
@described(JudgementAnswer, bodies={JSON: JudgementRequest})
def keep() -> Response:
    """Keep a judgement; it is on the disk and in force when this answers."""
    key = ensure(Scope.JUDGE)
    asked = decoded(json_body(), JudgementRequest)
    given = {name: getattr(asked, name) for name in asked.__struct_fields__ if name not in ("verdict", "id")}
    given["who"] = asked.who or key.name
    judgement = Judgement(Verdict(asked.verdict), via=key.name, id=asked.id or "", **given)

    def may(log: Sequence[Recorded]) -> None:
        of = next((known.judgement for known in log if known.judgement.id == judgement.of), None)
        if of is not None and of.via != key.name:
            _ensure_admin(key)

    recorded = current_live().judge(judgement, may)
    forget_engine()
    return json_answer({"index": current_engine().index_version, "judgement": _record(recorded, "in force")})


@judgements.get("/judgements")
@described(JudgementsAnswer, parameters=JudgementParameters)
def history() -> Response:
    """List the judgements, oldest first, undone ones and undoings too."""
    ensure(Scope.JUDGE)
    asked = parameters(JudgementParameters)
    log = ledger_of(current_engine()).log
    gone, marked = withdrawn(log), promoted(log)
    later = [recorded for recorded in log if recorded.number > asked.after]
    records = [
        _record(
            recorded,
            "undone"
            if recorded.judgement.id in gone
            else "promoted"
            if recorded.judgement.id in marked
            else "in force",
        )
        for recorded in later[: asked.limit]
    ]
    more = len(later) > asked.limit
    return json_answer({"index": current_engine().index_version, "judgements": records, "more": more})


@judgements.get("/changes")
@described(ChangesAnswer, parameters=ChangesParameters)
def changes() -> Response:
    """Give the entities whose answers may differ since a version of the index; 410 if it is not known."""
    asked = parameters(ChangesParameters)
    engine, live = current_engine(), current_live()
    changed = live.changed_since(asked.since)
    if changed is None:
        raise ProblemError(410, "that version is not remembered here; take every answer anew")
    return json_answer({"index": engine.index_version, "since": asked.since, "entities": changed})


@judgements.errorhandler(StoreError)
def _store_is_away(error: StoreError) -> Response:
    """Tell the operator what is wrong, and the client that it is."""
    current_app.logger.error("%s", error)
    return problem(503, "the judgement could not be kept; send it again later, with the same id")


@judgements.errorhandler(SettingsError)
def _store_is_not_there(error: SettingsError) -> Response:
    current_app.logger.error("%s", error)
    return problem(503, "this service keeps no judgements; its operator has named no place for them")


@judgements.errorhandler(JudgementError)
def _cannot_be(error: JudgementError) -> Response:
    return problem(409 if "another judgement has the id" in str(error) else 422, str(error))


def _ensure_admin(key: Key) -> None:
    if key.scope < Scope.ADMIN:
        raise ProblemError(403, "only who judged, or a key of the scope admin, may undo this judgement")


def _record(recorded: Recorded, state: str) -> Record:
    return {"number": recorded.number, "state": state, **judgement_record(recorded.judgement)}
