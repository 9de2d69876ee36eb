"""The faults of one registry file, collected while it is read."""

from __future__ import annotations

from typing import Final

from normalizer.errors import Fault

MAX_LISTED: Final = 100
"""Most faults that are listed of one file; the rest is counted. Chosen: more is no help to a reader."""


class FaultLog:
    """Collects what is wrong with one file, so that reading can go on after a fault.

    Attributes:
        path: The file, as the user named it.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._listed: list[Fault] = []
        self._count = 0

    def add(self, line: int, column: int, what: str, remedy: str) -> None:
        """Note a fault at a place; line and column count from 1, 0 where there is none."""
        self._count += 1
        if len(self._listed) < MAX_LISTED:
            self._listed.append(Fault(self.path, line, column, what, remedy))

    def faults(self) -> list[Fault]:
        """All faults noted; with more than `MAX_LISTED`, the first of them and one that counts the rest."""
        if self._count <= MAX_LISTED:
            return list(self._listed)
        what = f"{self._count} faults, of which {MAX_LISTED} are listed"
        return [Fault(self.path, 0, 0, what, "mend these and check again"), *self._listed]


def quoted(text: str, longest: int = 60) -> str:
    """Show a text of the file in a message: on one line, in quotes, cut when it is long."""
    if len(text) > longest:
        text = text[:longest] + "…"
    if text.isprintable():
        return f"'{text}'"
    return "'" + "".join(char if char.isprintable() else repr(char)[1:-1] for char in text) + "'"
