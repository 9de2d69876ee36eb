"""Values of configuration files, checked one by one; each message says what, where, and what there is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from normalizer.errors import SettingsError

E = TypeVar("E", bound=StrEnum)


def number(value: object, type: type[float], where: str) -> float:
    """A number from 0 up, of a type."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    if not is_number or (type is int and not isinstance(value, int)):
        raise SettingsError(f"{where} must be a number from 0 up, not {value!r}")
    return type(value)  # type: ignore[arg-type]


def texts(values: object, where: str) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise SettingsError(f"{where} must be a list of texts in quotes, not {values!r}")
    return tuple(values)


def one_of(kind: type[E], word: object, where: str, *more: str) -> E:
    """The member of an enumeration that a word names."""
    if isinstance(word, str) and word in kind._value2member_map_:
        return kind(word)
    known = ", ".join([*kind._value2member_map_, *more])
    raise SettingsError(f"{where} must be one of {known}, not {word!r}")


def ensure_known(values: Iterable[str], known: Iterable[str], where: str) -> None:
    """See that no key of a table is misspelled; the message names the nearest one that there is."""
    names = list(known)
    for key in values:
        if key not in names:
            near = get_close_matches(key.replace("_", "-"), names, 1, 0.6)
            hint = f"did you mean {near[0]}? " if near else ""
            raise SettingsError(f"{where}: unknown setting {key!r}; {hint}known are {', '.join(names)}")
