"""What is said of a registry: a remark, at the entity it is of."""

from __future__ import annotations

from dataclasses import dataclass

from normalizer.rulebook import Level


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in a registry that a person should look at.

    Attributes:
        check: The word id of the check ("word-without-guard").
        level: A warning asks for a change or a decision; information is good to know.
        entity_id: Whose entry is to be looked at.
        message: What is odd and what to do, in one line.
        others: The other entities that it speaks of, in order of id.
    """

    check: str
    level: Level
    entity_id: str
    message: str
    others: tuple[str, ...] = ()
