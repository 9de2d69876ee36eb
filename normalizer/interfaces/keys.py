"""API keys: a file of digests, not of keys. `new_key` makes both."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import tomllib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from normalizer.errors import SettingsError

_LARGEST: Final = 1024 * 1024
_is_name: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}").fullmatch
_is_digest: Final = re.compile(r"[0-9a-f]{64}").fullmatch


class Scope(IntEnum):
    """What a key allows; each holds those below it."""

    READ = 1
    JUDGE = 2
    ADMIN = 3


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is known.

    Attributes:
        name: Whose it is.
        scope: What it allows.
        digest: The SHA-256 of the key, in hexadecimal. A key is 256 random bits: there is nothing to guess.
    """

    name: str
    scope: Scope
    digest: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a service.

    Attributes:
        known: The keys.
        reading_is_open: Whether everybody may read.
    """

    known: tuple[Key, ...] = ()
    reading_is_open: bool = True

    def of(self, secret: str) -> Key | None:
        """The key that was sent, if it is known; how long it takes says nothing of the keys."""
        digest = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
        found = None
        for key in self.known:
            if hmac.compare_digest(key.digest, digest):
                found = key
        return found


def new_key(name: str, scope: Scope) -> tuple[str, str]:
    """Make a key.

    Returns:
        The key, to be given away, and the lines for the file of keys.

    Raises:
        SettingsError: The name cannot stand in the file.
    """
    if not _is_name(name):
        raise SettingsError(f"{name!r} is no name for a key; use up to 100 letters, digits and - _ .")
    secret = f"nk_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return secret, f'[keys."{name}"]\nscope = "{scope.name.lower()}"\nsha256 = "{digest}"\n'


def read_keys(path: str) -> Keys:
    """Read a file of keys.

    Raises:
        SettingsError: It cannot be read, or holds what is not understood.
    """
    try:
        with Path(path).open("rb") as file:
            content = tomllib.loads(file.read(_LARGEST).decode("utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(f"{path}: the API keys cannot be read: {reason}") from error
    reading, tables = content.pop("reading", "open"), content.pop("keys", {})
    if content or reading not in ("open", "keys") or not isinstance(tables, dict):
        raise SettingsError(f'{path}: write reading = "open" or "keys", and a table [keys.NAME] for each key')
    return Keys(tuple(_key(path, name, table) for name, table in tables.items()), reading == "open")


def _key(path: str, name: str, table: object) -> Key:
    if isinstance(table, dict) and table.keys() == {"scope", "sha256"} and _is_name(name):
        scope, digest = table["scope"], table["sha256"]
        if scope in ("read", "judge", "admin") and isinstance(digest, str) and _is_digest(digest):
            return Key(name, Scope[scope.upper()], digest)
    raise SettingsError(
        f'{path}: the key {name!r} needs scope = "read", "judge" or "admin", and sha256 = 64 hex digits; '
        "normalizer keys new writes them"
    )
