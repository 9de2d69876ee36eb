"""The values that clients send with a question, in either version."""

from __future__ import annotations

import msgspec


class Reference(msgspec.Struct):
    """Another entity as a value."""

    id: str
    name: str | None = None


Single = str | bool | int | float | Reference
Value = str | bool | int | float | Reference | list[Single]


def texts(value: Value) -> list[str]:
    """A value, or the values of a list, as texts; an entity by its name."""
    if isinstance(value, list):
        return [text for single in value for text in texts(single)]
    if isinstance(value, Reference):
        return [value.name or value.id]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [value if isinstance(value, str) else f"{value:.15g}"]
