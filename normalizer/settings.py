"""One frozen `Settings`, made once at the edge and handed down.

Nothing here reads a file or the environment: `normalizer.engine` finds the configuration file and passes
its content in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import Any, Final, TypeVar

from normalizer.errors import SettingsError
from normalizer.model import EntityType
from normalizer.rulebook import DEFAULT_RULES, Level, Rules
from normalizer.text.folding import MAX_NAME
from normalizer.text.scope import Quotes
from normalizer.values import ensure_known, number, one_of, texts


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
        archive: Largest Word file, in bytes, with its pictures.
        body: Largest HTTP body, in bytes.
        text: Longest text of one HTTP check, in code points: a request must end while its caller waits.
        queries: Most names in one HTTP request.
        bulk: Largest HTTP body of lines, as sent and unpacked, in bytes; about a million names.
        registry_file: Largest registry file of YAML, in bytes.
    """

    name: int = MAX_NAME
    draft: int = 8 * 1024 * 1024
    archive: int = 64 * 1024 * 1024
    body: int = 8 * 1024 * 1024
    text: int = 1_000_000
    queries: int = 1000
    bulk: int = 64 * 1024 * 1024
    registry_file: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Override:
    """What is otherwise for some drafts.

    Attributes:
        paths: Patterns of paths, relative to the configuration file; `*` stands for folders, too. One without
            a slash is of the file's name.
        rules: Rules to change: their level, or None for off.
        accept: More spellings that are right.
        quotes: What becomes of findings in quotations; None leaves it.
    """

    paths: tuple[str, ...]
    rules: tuple[tuple[str, Level | None], ...] = ()
    accept: frozenset[str] = frozenset()
    quotes: Quotes | None = None

    def is_for(self, path: str, root: str) -> bool:
        """Whether a draft is under one of the patterns.

        Args:
            path: The draft, as an absolute path.
            root: The folder that the patterns are relative to.
        """
        inside = path.removeprefix(f"{root.rstrip('/')}/")
        return any(
            fnmatchcase(inside if "/" in pattern else path.rpartition("/")[2], pattern)
            for pattern in self.paths
        )


_KEYS: Final = (
    "registry", "judgements", "keys", "accept", "quotes", "fail-on", "rules", "thresholds", "limits",
    "overrides",
)  # fmt: skip
_OVERRIDE_KEYS: Final = ("paths", "rules", "accept", "quotes")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    Attributes:
        registry: Folder, `.yaml` or `.jsonl[.gz]` file; None for the registry that comes with the package.
        thresholds: Where the decisions lie.
        limits: How much is taken in at once.
        cache: Folder that compiled indexes are kept in; None keeps none.
        rules: Which rules of the checker are on, and at which level.
        accept: Spellings that are right in every draft.
        quotes: What becomes of findings in quotations.
        fail_on: The level from which a finding makes `check` fail; None for never.
        overrides: What is otherwise for some drafts; the last one that a draft is under counts.
        root: The folder that paths of drafts are relative to: that of the configuration file.
        changes: What was said of the rules for this run; it wins over what overrides say.
        judgements: The store of judgements, a path or URL; empty for none; None for a file of the registry's
            own in `data`.
        keys: File of the service's API keys; None for none, and then it takes no judgements.
        data: Folder for what belongs to the user and must last; None for none.
    """

    registry: str | None = None
    thresholds: Thresholds = Thresholds()
    limits: Limits = Limits()
    cache: str | None = None
    rules: Rules = DEFAULT_RULES
    accept: frozenset[str] = frozenset()
    quotes: Quotes = Quotes.CHECK
    fail_on: Level | None = Level.INFO
    overrides: tuple[Override, ...] = ()
    root: str = ""
    changes: tuple[str, ...] = ()
    judgements: str | None = None
    data: str | None = None
    keys: str | None = None

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], where: str) -> Settings:
        """Read settings as they stand in a configuration file.

        Args:
            values: The file's table: `registry`, `accept`, `quotes`, `fail-on`, `[rules]`, `[thresholds]`,
                `[limits]`, `[[overrides]]`.
            where: The file's name, for messages.

        Raises:
            SettingsError: A key that is not known, or a value of the wrong type or out of range.
        """
        ensure_known(values, _KEYS, where)
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
        rules = Rules.from_mapping(values.get("rules", {}), f"{where}: rules")
        return cls(
            registry,
            thresholds,
            limits,
            rules=rules,
            accept=_accept(values.get("accept", []), f"{where}: accept"),
            quotes=one_of(Quotes, values.get("quotes", "check"), f"{where}: quotes"),
            fail_on=fail_level(values.get("fail-on", "info"), f"{where}: fail-on"),
            judgements=values.get("judgements"),
            keys=values.get("keys"),
            overrides=_overrides(values.get("overrides", []), f"{where}: overrides"),
        )

    def with_judgements(self, judgements: str | None) -> Settings:
        """The same settings with another store of judgements, unless that is None."""
        return self if judgements is None else replace(self, judgements=judgements)

    def with_registry(self, registry: str | None) -> Settings:
        """The same settings with another registry, unless that is None."""
        return self if registry is None else replace(self, registry=registry)

    def with_rules(self, words: Iterable[str], where: str) -> Settings:
        """The same settings with the rules changed as `Rules.changed` reads it."""
        changes = tuple(words)
        return replace(self, rules=self.rules.changed(changes, where), changes=(*self.changes, *changes))

    def fails(self, level: Level) -> bool:
        """Whether a finding of a level makes `check` fail."""
        order = list(Level)  # the heaviest first
        return self.fail_on is not None and order.index(level) <= order.index(self.fail_on)

    def at(self, path: str) -> Settings:
        """The settings for one draft.

        Args:
            path: The draft, as an absolute path.
        """
        settings = self
        for override in self.overrides:
            if override.is_for(path, self.root):
                settings = replace(
                    settings,
                    rules=settings.rules.adapted(override.rules),
                    accept=settings.accept | override.accept,
                    quotes=settings.quotes if override.quotes is None else override.quotes,
                )
        return settings if settings is self else settings.with_rules(self.changes, "--rules")


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
            changed[name] = number(values[name], float, f"{where}.{name}")
            if changed[name] > 1:
                raise SettingsError(f"{where}.{name} must be a number from 0 to 1, not {values[name]!r}")
    ensure_known(values, ["match", "review", *known], where)
    return replace(Thresholds(), **changed)


T = TypeVar("T", Bounds, Limits)


def _update(section: T, values: object, where: str) -> T:
    """Put the values of a table into a section, checking names, types and signs."""
    if not isinstance(values, Mapping):
        raise SettingsError(f"{where} must be a table, not {values!r}")
    types = {field.name: type(getattr(section, field.name)) for field in fields(section)}
    ensure_known(values, types, where)
    changed: dict[str, Any] = {key: number(values[key], types[key], f"{where}.{key}") for key in values}
    return replace(section, **changed)


def fail_level(word: object, where: str) -> Level | None:
    """The level that `fail-on` names; None for never.

    Raises:
        SettingsError: There is no such level.
    """
    return None if word == "never" else one_of(Level, word, where, "never")


def _overrides(values: object, where: str) -> tuple[Override, ...]:
    """Read the tables of overrides."""
    if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
        raise SettingsError(f"{where} must be tables, each under [[overrides]], not {values!r}")
    return tuple(_override(table, f"{where}[{place}]") for place, table in enumerate(values, 1))


def _override(table: Mapping[str, Any], where: str) -> Override:
    ensure_known(table, _OVERRIDE_KEYS, where)
    quotes = table.get("quotes")
    paths = texts(table.get("paths", []), f"{where}.paths")
    if not paths:
        raise SettingsError(f'{where}: no paths; say which drafts it is for, such as paths = ["wire/*"]')
    return Override(
        paths,
        Rules.changes_from_mapping(table.get("rules", {}), f"{where}.rules"),
        _accept(table.get("accept", []), f"{where}.accept"),
        None if quotes is None else one_of(Quotes, quotes, f"{where}.quotes"),
    )


def _accept(values: object, where: str) -> frozenset[str]:
    """Read a list of spellings, each of which holds a word."""
    names = texts(values, where)
    for name in names:
        if not any(char.isalnum() for char in name):
            raise SettingsError(f"{where}: {name!r} holds no word; write a name as drafts spell it")
    return frozenset(names)
