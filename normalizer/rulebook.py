"""The rules of the checker as users see them and choose among them.

What a rule does is in `normalizer/checker/rules/`, a file each; docs/rules/ has a page each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from normalizer.errors import SettingsError


class Level(StrEnum):
    """How much a finding weighs, the heaviest first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fixing(StrEnum):
    """Whether a rule proposes fixes, and whether some of them may be written unseen."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        id: Its name in words ("misspelled-name").
        level: The level of its findings, where nobody chose another.
        fixing: What it may write.
        is_on: Whether it runs where nobody chose.
        summary: What it finds, in one line.
    """

    id: str
    level: Level
    fixing: Fixing
    is_on: bool
    summary: str


RULEBOOK: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for rule in (
        Rule("misspelled-name", Level.WARNING, Fixing.SAFE, True, "A name spelled nearly like a known one"),
        Rule("word-for-name", Level.WARNING, Fixing.UNSAFE, True, "An English word where a name is meant"),
        Rule("wrong-case", Level.WARNING, Fixing.SAFE, True, "A known name without its capitals"),
        Rule("spacing-hyphen", Level.WARNING, Fixing.SAFE, True, "A known name joined or parted otherwise"),
        Rule("mixed-variants", Level.WARNING, Fixing.SAFE, True, "Two accepted spellings of one name"),
        Rule("inconsistent-unknown", Level.WARNING, Fixing.UNSAFE, True, "Two spellings of an unknown name"),
        Rule("ambiguous", Level.INFO, Fixing.NEVER, True, "A name of two people, and no full name"),
        Rule("title-mismatch", Level.INFO, Fixing.NEVER, False, "A title that its bearer does not have"),
        Rule("first-mention", Level.INFO, Fixing.UNSAFE, False, "A first mention without the full name"),
        Rule("acronym-before-name", Level.INFO, Fixing.NEVER, False, "An acronym before its name"),
        Rule("unknown-name", Level.INFO, Fixing.NEVER, False, "A name that is in no registry (roster)"),
        Rule("known-right", Level.INFO, Fixing.NEVER, False, "A name that stands as it should"),
    )
}
"""All rules by id. Where findings overlap, that of the rule that stands first is kept."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules are on, and at which level: the one value that options, files and requests come to.

    Attributes:
        levels: The rules that are on with the level of their findings, in order of the rulebook.
    """

    levels: tuple[tuple[str, Level], ...] = tuple(
        (rule.id, rule.level) for rule in RULEBOOK.values() if rule.is_on
    )

    def level(self, rule: str) -> Level | None:
        """The level of a rule's findings; None when it is off."""
        return dict(self.levels).get(rule)

    def changed(self, words: Iterable[str], where: str) -> Rules:
        """These rules as a user changed them.

        Args:
            words: `+ID` puts a rule on, `-ID` off, `ID=LEVEL` on at a level; if there are plain `ID`s, only
                those are on.
            where: What the words were given to, for messages.

        Raises:
            SettingsError: A rule or level that there is not.
        """
        only: dict[str, Level] = {}
        change: dict[str, Level | None] = {}
        for word in filter(None, (word.strip() for word in words)):
            name, _, level = word.lstrip("+-").partition("=")
            rule = _known(name.strip(), where)
            if word[0] == "-":
                change[rule.id] = None
            elif word[0] == "+" or level:
                change[rule.id] = _level(level.strip(), where) if level else self.level(rule.id) or rule.level
            else:
                only[rule.id] = self.level(rule.id) or rule.level
        return self._with({**(only or dict(self.levels)), **change})

    @classmethod
    def from_mapping(cls, values: object, where: str) -> Rules:
        """The rules as they stand in a configuration file: `first-mention = "warning"`, `wrong-case = false`.

        Args:
            values: The table: rule → level, "off", true or false.
            where: The table's name, for messages.

        Raises:
            SettingsError: It is no table, or names a rule or level that there is not.
        """
        return cls().adapted(cls.changes_from_mapping(values, where))

    @staticmethod
    def changes_from_mapping(values: object, where: str) -> tuple[tuple[str, Level | None], ...]:
        """The rules that a table changes, with their level, or None for off; see `from_mapping`."""
        if not isinstance(values, Mapping):
            raise SettingsError(f"{where} must be a table of rules and levels, not {values!r}")
        change: dict[str, Level | None] = {}
        for name, value in values.items():
            rule = _known(name, where)
            if value is True:
                change[rule.id] = rule.level
            elif value is False or value == "off":
                change[rule.id] = None
            else:
                change[rule.id] = _level(value, f"{where}.{name}")
        return tuple(change.items())

    def adapted(self, changes: Iterable[tuple[str, Level | None]]) -> Rules:
        """These rules with some of them put on at a level, or off (None)."""
        return self._with({**dict(self.levels), **dict(changes)})

    def _with(self, levels: Mapping[str, Level | None]) -> Rules:
        in_order = [(rule, levels.get(rule)) for rule in RULEBOOK]
        return replace(self, levels=tuple((rule, level) for rule, level in in_order if level is not None))


DEFAULT_RULES: Final = Rules()
"""The rules where nobody chose."""


def _known(name: object, where: str) -> Rule:
    """The rule of an id."""
    rule = RULEBOOK.get(name) if isinstance(name, str) else None
    if rule is not None:
        return rule
    near = get_close_matches(str(name), RULEBOOK, n=1)
    advice = f"did you mean {near[0]}?" if near else f"known are {', '.join(RULEBOOK)}"
    raise SettingsError(f"{where}: there is no rule {name!r}; {advice}")


def _level(word: object, where: str) -> Level:
    """The level that a word names."""
    if isinstance(word, str) and word in Level._value2member_map_:
        return Level(word)
    raise SettingsError(f"{where}: {word!r} is no level; write error, warning or info")
