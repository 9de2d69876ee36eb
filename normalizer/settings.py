"""One frozen `Settings`, made once at the edge and handed down.

Nothing here reads a file or the environment: `normalizer.engine` finds the configuration file and passes
its content in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from normalizer.errors import SettingsError
from normalizer.text.folding import MAX_NAME


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the decisions lie on the score.

    Attributes:
        match: From here on a candidate is the entity, if the margin holds.
        review: From here on a person should look.
        margin: How far the first candidate must be ahead of the second.
    """

    match: float = 0.87
    review: float = 0.70
    margin: float = 0.08


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in at once; everything beyond is refused, never cut.

    Attributes:
        name: Longest name, in code points.
        draft: Largest draft, in bytes.
        body: Largest HTTP body, in bytes.
        text: Longest text of one HTTP check, in code points: a request must end while its caller waits.
        queries: Most names in one HTTP request.
        registry_file: Largest registry file of YAML, in bytes.
    """

    name: int = MAX_NAME
    draft: int = 8 * 1024 * 1024
    body: int = 8 * 1024 * 1024
    text: int = 1_000_000
    queries: int = 1000
    registry_file: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    Attributes:
        registry: Folder, `.yaml` or `.jsonl[.gz]` file; None for the registry that comes with the package.
        thresholds: Where the decisions lie.
        limits: How much is taken in at once.
    """

    registry: str | None = None
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], where: str) -> Settings:
        """Read settings as they stand in a configuration file.

        Args:
            values: The file's table: `registry`, `[thresholds]`, `[limits]`.
            where: The file's name, for messages.

        Raises:
            SettingsError: A key that is not known, or a value of the wrong type or out of range.
        """
        known = {"registry", "thresholds", "limits"}
        for key in values:
            if key not in known:
                raise SettingsError(f"{where}: unknown setting {key!r}; known are {', '.join(sorted(known))}")
        registry = values.get("registry")
        if registry is not None and not isinstance(registry, str):
            raise SettingsError(f"{where}: registry must be a path in quotes, not {registry!r}")
        thresholds = _update(Thresholds(), values.get("thresholds", {}), f"{where}: thresholds")
        if not 0 <= thresholds.review <= thresholds.match <= 1:
            raise SettingsError(
                f"{where}: thresholds must satisfy 0 <= review <= match <= 1; change one of them"
            )
        limits = _update(Limits(), values.get("limits", {}), f"{where}: limits")
        if limits.name > MAX_NAME:
            raise SettingsError(f"{where}: limits.name cannot be over {MAX_NAME}; take a smaller number")
        return cls(registry, thresholds, limits)

    def with_registry(self, registry: str | None) -> Settings:
        """The same settings with another registry, unless that is None."""
        return self if registry is None else replace(self, registry=registry)


T = TypeVar("T", Thresholds, Limits)


def _update(section: T, values: object, where: str) -> T:
    """Put the values of a table into a section, checking names, types and signs."""
    if not isinstance(values, Mapping):
        raise SettingsError(f"{where} must be a table, not {values!r}")
    types = {field.name: type(getattr(section, field.name)) for field in fields(section)}
    for key, value in values.items():
        if key not in types:
            raise SettingsError(f"{where}: unknown setting {key!r}; known are {', '.join(types)}")
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        if number is None or number < 0 or (types[key] is int and not isinstance(number, int)):
            raise SettingsError(f"{where}.{key} must be a number from 0 up, not {value!r}")
    return replace(section, **{key: types[key](value) for key, value in values.items()})
