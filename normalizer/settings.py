"""One frozen `Settings`, made once at the edge and handed down.

Nothing here reads a file or the environment: `normalizer.engine` finds the configuration file and passes
its content in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from normalizer.errors import SettingsError
from normalizer.model import EntityType
from normalizer.text.folding import MAX_NAME


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the decisions lie on the score for one type of entity.

    Attributes:
        match: From here on a candidate is the entity, if it is clear of the others.
        review: From here on a person should look.
    """

    match: float
    review: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the decisions lie on the score.

    The scores are probabilities. `match` begins where at least 98 in 100 links of the type were right, out
    of fold (of people 99: .75 would do, but takes twice as many strangers for somebody known), and of
    compared pairs 92 in 100; `review` begins where one in three first candidates is right
    (`benchmarks/runs/2026-11-23-accuracy.md`).

    Attributes:
        person: For links to people.
        organization: For links to organizations.
        place: For links to places.
        other: For links to anything else.
        compare: For two names without a registry.
        margin: How far the first candidate must be ahead of the second.
    """

    person: Bounds = Bounds(0.9, 0.3)
    organization: Bounds = Bounds(0.93, 0.3)
    place: Bounds = Bounds(0.9, 0.3)
    other: Bounds = Bounds(0.9, 0.3)
    compare: Bounds = Bounds(0.7, 0.4)
    margin: float = 0.2

    @classmethod
    def uniform(cls, match: float, review: float, margin: float | None = None) -> Thresholds:
        """The same bounds for everything."""
        bounds = Bounds(match, review)
        return cls(bounds, bounds, bounds, bounds, bounds, cls().margin if margin is None else margin)

    def of(self, type: EntityType) -> Bounds:
        """The bounds for links to entities of a type."""
        bounds: Bounds = getattr(self, type.value)
        return bounds


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in at once; everything beyond is refused, never cut.

    Attributes:
        name: Longest name, in code points.
        draft: Largest draft, in bytes.
        body: Largest HTTP body, in bytes.
        text: Longest text of one HTTP check, in code points: a request must end while its caller waits.
        queries: Most names in one HTTP request.
        bulk: Largest HTTP body of lines, as sent and unpacked, in bytes; about a million names.
        registry_file: Largest registry file of YAML, in bytes.
    """

    name: int = MAX_NAME
    draft: int = 8 * 1024 * 1024
    body: int = 8 * 1024 * 1024
    text: int = 1_000_000
    queries: int = 1000
    bulk: int = 64 * 1024 * 1024
    registry_file: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    Attributes:
        registry: Folder, `.yaml` or `.jsonl[.gz]` file; None for the registry that comes with the package.
        thresholds: Where the decisions lie.
        limits: How much is taken in at once.
        cache: Folder that compiled indexes are kept in; None keeps none.
        judgements: The store of judgements, a path or URL; empty for none; None for a file of the registry's
            own in `data`.
        keys: File of the service's API keys; None for none, and then it takes no judgements.
        data: Folder for what belongs to the user and must last; None for none.
    """

    registry: str | None = None
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()
    cache: str | None = None
    judgements: str | None = None
    data: str | None = None
    keys: str | None = None

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], where: str) -> Settings:
        """Read settings as they stand in a configuration file.

        Args:
            values: The file's table: `registry`, `[thresholds]`, `[limits]`.
            where: The file's name, for messages.

        Raises:
            SettingsError: A key that is not known, or a value of the wrong type or out of range.
        """
        known = {"registry", "thresholds", "limits", "judgements", "keys"}
        for key in values:
            if key not in known:
                raise SettingsError(f"{where}: unknown setting {key!r}; known are {', '.join(sorted(known))}")
        registry = values.get("registry")
        if registry is not None and not isinstance(registry, str):
            raise SettingsError(f"{where}: registry must be a path in quotes, not {registry!r}")
        for name in ("judgements", "keys"):
            if not isinstance(values.get(name, ""), str):
                raise SettingsError(f"{where}: {name} must be a path or URL in quotes, not {values[name]!r}")
        thresholds = _thresholds(values.get("thresholds", {}), f"{where}: thresholds")
        limits = _update(Limits(), values.get("limits", {}), f"{where}: limits")
        if limits.name > MAX_NAME:
            raise SettingsError(f"{where}: limits.name cannot be over {MAX_NAME}; take a smaller number")
        return cls(registry, thresholds, limits, judgements=values.get("judgements"), keys=values.get("keys"))

    def with_judgements(self, judgements: str | None) -> Settings:
        """The same settings with another store of judgements, unless that is None."""
        return self if judgements is None else replace(self, judgements=judgements)

    def with_registry(self, registry: str | None) -> Settings:
        """The same settings with another registry, unless that is None."""
        return self if registry is None else replace(self, registry=registry)


def _thresholds(values: object, where: str) -> Thresholds:
    """Read the table of thresholds: `match` and `review` for all, or in a table of a type for that type."""
    if not isinstance(values, Mapping):
        raise SettingsError(f"{where} must be a table, not {values!r}")
    known = [field.name for field in fields(Thresholds)]
    general = {key: value for key, value in values.items() if key in ("match", "review")}
    changed: dict[str, Any] = {}
    for name in known:
        default = getattr(Thresholds(), name)
        if isinstance(default, Bounds):
            own = values.get(name, {})
            if not isinstance(own, Mapping):
                raise SettingsError(f"{where}.{name} must be a table with match and review, not {own!r}")
            bounds = _update(default, {**general, **own}, f"{where}.{name}" if own else where)
            if not 0 <= bounds.review <= bounds.match <= 1:
                raise SettingsError(
                    f"{where}: review {bounds.review:g} and match {bounds.match:g} for {name} must satisfy "
                    "0 <= review <= match <= 1; change one of them"
                )
            changed[name] = bounds
        elif name in values:
            changed[name] = _number(values[name], float, f"{where}.{name}")
            if changed[name] > 1:
                raise SettingsError(f"{where}.{name} must be a number from 0 to 1, not {values[name]!r}")
    for key in values:
        if key not in (*known, *general):
            raise SettingsError(
                f"{where}: unknown setting {key!r}; known are match, review, {', '.join(known)}"
            )
    return replace(Thresholds(), **changed)


T = TypeVar("T", Bounds, Limits)


def _update(section: T, values: object, where: str) -> T:
    """Put the values of a table into a section, checking names, types and signs."""
    if not isinstance(values, Mapping):
        raise SettingsError(f"{where} must be a table, not {values!r}")
    types = {field.name: type(getattr(section, field.name)) for field in fields(section)}
    for key in values:
        if key not in types:
            raise SettingsError(f"{where}: unknown setting {key!r}; known are {', '.join(types)}")
    changed: dict[str, Any] = {key: _number(values[key], types[key], f"{where}.{key}") for key in values}
    return replace(section, **changed)


def _number(value: object, type: type[float], where: str) -> float:
    """A number from 0 up, of a type."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    if not is_number or (type is int and not isinstance(value, int)):
        raise SettingsError(f"{where} must be a number from 0 up, not {value!r}")
    return type(value)  # type: ignore[arg-type]
