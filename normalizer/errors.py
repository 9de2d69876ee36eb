"""What can go wrong, each with what, where, and what to do next.

Interfaces catch `NormalizerError` at their edge: the command line prints it and exits with 2, the
HTTP service answers with a problem document. Nothing else of ours is raised on bad input.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class NormalizerError(Exception):
    """The base of all errors that a user can mend; its text is one readable message."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a registry file, at its place.

    Attributes:
        path: The file, as the user named it.
        line: Line number from 1; 0 where the fault is of the whole file.
        column: Column from 1, in code points; 0 where the fault is of the whole line or file.
        what: What is wrong.
        remedy: What to do about it.
    """

    path: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])
        return f"{place}: {self.what}; {self.remedy}"


class RegistryError(NormalizerError):
    """A registry that cannot be used, with every fault found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class DraftError(NormalizerError):
    """A draft that cannot be read, or not be written back."""


class TableError(NormalizerError):
    """A table that cannot be read, or whose cleaned copy cannot be written."""


class SettingsError(NormalizerError):
    """A configuration that is not understood."""


class UnknownEntityError(NormalizerError):
    """An id that the registry does not hold."""

    @classmethod
    def of(cls, entity_id: str) -> UnknownEntityError:
        """The error for an id."""
        return cls(f"no entity with the id {entity_id!r} in the registry; match its name to find the id")


class JudgementError(NormalizerError):
    """A judgement that cannot be: it contradicts what is known, or is of no name."""


class StoreError(NormalizerError):
    """A store of judgements that cannot be reached, read or written; trying again may help."""
