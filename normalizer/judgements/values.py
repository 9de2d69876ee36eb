"""The values of judgements, and the lines they are exported and imported in."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Final

import msgspec

from normalizer.errors import JudgementError
from normalizer.model import AliasKind
from normalizer.registry.faults import quoted
from normalizer.registry.rules import complaint_about_form

LONGEST_TEXT: Final = 2000
"""Longest note, in code points; a source, an id or who judged may have a fifth of it."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")


class Verdict(StrEnum):
    """What a judgement says."""

    ALIAS = "alias"
    VETO = "veto"
    WORD = "word"
    UNDO = "undo"
    PROMOTION = "promotion"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision. It is never changed: what takes it back is another one.

    Attributes:
        verdict: "Yes, this is X", "no, not X", "no, that is just a word"; or that an earlier judgement is
            undone, or was written into the registry's files.
        name: The name as it was written; empty where an earlier judgement is meant.
        entity: Whose name it is, or is not; None for words.
        kind: How an alias relates to its entity.
        of: The id of the earlier judgement that is undone or promoted.
        who: Who decided.
        via: The way it came in: "cli", "import", or the name of an API key.
        when: The instant in UTC (ISO 8601, with Z).
        source: Where the name was seen.
        note: Why, in the words of who decided.
        index: The version of the registry that it was decided over.
        id: Its identity in any store; the same judgement may come in again and counts once.
    """

    verdict: Verdict
    name: str = ""
    entity: str | None = None
    kind: AliasKind | None = None
    of: str | None = None
    who: str | None = None
    via: str | None = None
    when: str = ""
    source: str | None = None
    note: str | None = None
    index: str | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", uuid.uuid4().hex)
        complaint = _complaint(self)
        if complaint:
            raise JudgementError(complaint)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A judgement as it stands in a store.

    Attributes:
        number: Its place; a later one has a higher number.
        judgement: The judgement.
    """

    number: int
    judgement: Judgement


_SUBJECT: Final = {
    Verdict.ALIAS: ({"name", "entity"}, {"name", "entity", "kind"}),
    Verdict.VETO: ({"name", "entity"}, {"name", "entity"}),
    Verdict.WORD: ({"name"}, {"name"}),
    Verdict.UNDO: ({"of"}, {"of"}),
    Verdict.PROMOTION: ({"of"}, {"of"}),
}
"""The fields that say what is judged: those that must be there, and those that may."""

FIELDS: Final = tuple(field.name for field in fields(Judgement))


def same_decision(first: Judgement, second: Judgement) -> bool:
    """Whether two judgements of one id say the same, whenever and over whatever registry they were sent."""
    return replace(first, when=second.when, index=second.index, via=second.via) == second


def judgement_record(judgement: Judgement) -> dict[str, object]:
    """The machine record: all fields that hold something, in a fixed order."""
    return {"id": judgement.id} | {
        name: value for name, value in asdict(judgement).items() if value not in (None, "") and name != "id"
    }


def judgement_line(judgement: Judgement) -> str:
    """The record as one line of JSON."""
    return msgspec.json.encode(judgement_record(judgement)).decode() + "\n"


def read_judgement(data: bytes | str) -> Judgement:
    """Read a judgement from its record; fields that are not known are passed over.

    Args:
        data: JSON.

    Raises:
        JudgementError: It is not JSON, or no judgement.
    """
    try:
        return msgspec.json.decode(data, type=Judgement)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise JudgementError(f"not a judgement: {str(error).replace('`', '')}") from error


def _complaint(judgement: Judgement) -> str:
    """What is wrong with the fields of a judgement; empty if nothing."""
    for name in FIELDS:
        value = getattr(judgement, name)
        if isinstance(value, str):
            longest = LONGEST_TEXT if name == "note" else LONGEST_TEXT // 5
            if name != "name" and len(value) > longest:
                return f"{name} has {len(value):,} characters; at most {longest:,} are kept"
            if any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value):
                return f"{name} holds {quoted(value)}, which is no text; write it anew"
    if judgement.when and not _INSTANT.fullmatch(judgement.when):
        return f"when is {quoted(judgement.when)}; write an instant in UTC, like 2026-11-23T09:00:00Z"
    needed, possible = _SUBJECT[judgement.verdict]
    for name in ("name", "entity", "kind", "of"):
        if name in needed and not getattr(judgement, name):
            return f"a judgement of the verdict {judgement.verdict} needs {name}"
        if name not in possible and getattr(judgement, name):
            return f"a judgement of the verdict {judgement.verdict} has no {name}; leave it out"
    complaint = complaint_about_form(judgement.name) if judgement.name else None
    return "; ".join(complaint) if complaint else ""
