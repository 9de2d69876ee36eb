"""The shapes of answers as types, for the description of the service; `docs/machine-shapes.md` in words.

Answers are made by `normalizer.report.shapes`; the tests hold every answer of a running service to these.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from normalizer.model import AliasKind, Applicability, Decision, EntityType
from normalizer.report.shapes import ItemId
from normalizer.rulebook import Level

REFERENCE: Final = "#/components/schemas/{name}"
"""How the description refers to a type."""


def either(*names: str) -> msgspec.Meta:
    """That a value is of one of some types; msgspec itself takes no union of them without a tag."""
    choices = [{"$ref": REFERENCE.format(name=name)} for name in names]
    return msgspec.Meta(extra_json_schema={"anyOf": choices})


class Evidence(msgspec.Struct):
    """One reason for or against, with its weight."""

    feature: str
    value: float
    weight: float
    query: str
    name: str


class Candidate(msgspec.Struct):
    """An entity that a name may mean, by its form that is nearest."""

    entity: str
    name: str
    alias: str
    score: float
    evidence: list[Evidence]


class Link(msgspec.Struct):
    """Whom a name means."""

    id: ItemId
    name: str
    decision: Decision
    entity: str | None
    score: float
    margin: float | None
    candidates: list[Candidate]
    index: str


class ItemError(msgspec.Struct):
    """Why an item was not answered; the others were."""

    id: ItemId
    error: str


class LinkedLine(Link):
    """Whom the name of a line means."""

    line: int


class LineError(ItemError):
    """Why a line was not answered; the others were."""

    line: int


Line = Annotated[msgspec.Raw, either("LinkedLine", "LineError")]
LinkOrError = Annotated[msgspec.Raw, either("Link", "ItemError")]


class MatchAnswer(msgspec.Struct):
    """The links, in the form of the queries."""

    index: str
    results: list[LinkOrError] | dict[str, LinkOrError]


class Comparison(msgspec.Struct):
    """How likely two names are of one entity."""

    score: float
    decision: Decision
    evidence: list[Evidence]


class PairError(msgspec.Struct):
    """Why a pair was not compared; the others were."""

    error: str


class Comparisons(msgspec.Struct):
    """How likely the names of each pair are of one entity."""

    results: list[Annotated[msgspec.Raw, either("Comparison", "PairError")]]


CompareAnswer = Annotated[msgspec.Raw, either("Comparison", "Comparisons")]


class Finding(msgspec.Struct):
    """A name that is wrong, or may be; places count code points."""

    file: str
    start: int
    end: int
    line: int
    column: int
    part: str | None
    paragraph: int | None
    offset: int | None
    surface: str
    rule: str
    level: Level
    message: str
    replacement: str | None
    applicability: Applicability
    entity: str | None
    score: float
    evidence: list[Evidence]
    index: str


class CheckAnswer(msgspec.Struct):
    """What is wrong in a draft."""

    index: str
    findings: list[Finding]


class FixAnswer(msgspec.Struct):
    """A draft with fixes written into it, how many they are, and what is left in it."""

    index: str
    text: str
    fixed: int
    findings: list[Finding]


class Guard(msgspec.Struct):
    """When a form counts in running text."""

    cased: bool
    near: list[str]


class Alias(msgspec.Struct):
    """A form of an entity's name."""

    name: str
    kind: AliasKind
    lang: str | None
    guard: Guard | None
    source: str | None


class Title(msgspec.Struct, rename={"since": "from"}):
    """A title, and when it was carried."""

    name: str
    since: str | None
    until: str | None


class Entity(msgspec.Struct, rename={"never": "not"}):
    """What the registry knows of an entity."""

    id: str
    type: EntityType
    name: str
    aliases: list[Alias]
    titles: list[Title]
    ids: dict[str, str]
    country: list[str]
    never: list[str]
    keep: list[str]
    index: str


class Suggestion(msgspec.Struct):
    """An entity that a name may become, and the form of it that begins so."""

    entity: str
    name: str
    alias: str
    type: EntityType


class Suggestions(msgspec.Struct):
    """Whom a name may become while it is typed."""

    index: str
    suggestions: list[Suggestion]


class RegistryAnswer(msgspec.Struct):
    """Which registry answers, and how much it holds."""

    index: str
    version: str
    shapes: int
    entities: int
    names: int


class Fault(msgspec.Struct):
    """Where in the body, or among the parameters, and what."""

    pointer: str
    detail: str


class Problem(msgspec.Struct):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault]
    request_id: str


class Health(msgspec.Struct):
    """The process answers."""

    status: Literal["ok"]


class Readiness(msgspec.Struct):
    """The registry is loaded."""

    status: Literal["ready"]
    index: str
    entities: int
    faults: list[str]


class File(msgspec.Struct):
    """A draft as a file; its name says what it is."""

    file: Annotated[str, msgspec.Meta(extra_json_schema={"format": "binary"})]
    encoding: str = "utf-8"


ByProtocol = dict[str, Any]
"""An answer whose shape the protocol's own specification says."""

SHAPES: Final = (Link, ItemError, LinkedLine, LineError, Comparison, Comparisons, PairError, Problem)
"""Types that the description refers to by name only."""
