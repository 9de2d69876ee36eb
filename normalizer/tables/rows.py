"""What all kinds of tables have in common: columns asked for, rows that carry their own text, bad rows."""

from __future__ import annotations

from typing import Final, NamedTuple

from normalizer.model import EntityType

ADDED: Final = ("canonical", "id", "score", "decision")
"""What is added for a column, each as `NAME_word`."""
LONGEST_CONTEXT: Final = 10_000
"""Longest context of a name, in code points; as of the requests of other interfaces."""


class Column(NamedTuple):
    """A column of names that is asked for.

    Attributes:
        name: What the table calls it; `#3` is the third column, whatever its name.
        type: What its names are known to be, if anything.
    """

    name: str
    type: EntityType | None = None

    @classmethod
    def parse(cls, text: str) -> Column:
        """Read `NAME` or `NAME:TYPE`; a colon without a type behind it belongs to the name."""
        name, colon, type_name = text.rpartition(":")
        type = EntityType.parse(type_name)
        is_type = colon and (type is not EntityType.OTHER or type_name.casefold() == "other")
        return cls(name, type) if is_type and name else cls(text)


class Asked(NamedTuple):
    """What a run wants of a table.

    Attributes:
        columns: The columns of names.
        context: Columns with other names, titles or countries, which settle doubts.
        in_place: Whether a name that is found is replaced, and nothing added.
    """

    columns: tuple[Column, ...]
    context: tuple[str, ...] = ()
    in_place: bool = False

    @property
    def added(self) -> list[str]:
        """The names of the columns that are added."""
        return [] if self.in_place else [f"{column.name}_{word}" for column in self.columns for word in ADDED]


class Row(NamedTuple):
    """A row, as it is and as it is asked for.

    Attributes:
        line: The line it begins at, from 1; in a table without lines its number.
        content: The row itself, in the table's own shape.
        names: Its names, one for each column asked for.
        context: What else is known of them.
    """

    line: int
    content: object
    names: tuple[str, ...]
    context: tuple[str, ...]


class BadRow(NamedTuple):
    """A row that cannot be read.

    Attributes:
        line: The line it begins at.
        text: What stands there, as far as it can be shown.
        reason: What is wrong.
    """

    line: int
    text: str
    reason: str


class Answer(NamedTuple):
    """What is known of a distinct name.

    Attributes:
        decision: match, review or nil.
        id: The entity's id, if it is a match.
        name: Its canonical name.
        score: The first candidate's score.
        candidates: Id, name and score of who came near, best first.
    """

    decision: str
    id: str
    name: str
    score: float
    candidates: tuple[tuple[str, str, float], ...] = ()
