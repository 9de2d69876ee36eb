"""Requests held to API keys: who may read, judge or administer.

Without a file of keys nobody may write, and everybody may read.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, current_app, g, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.keys import Key, Keys, Scope

OPEN_PATHS: Final = ("/healthz", "/readyz")
"""What probes ask, who have no keys."""
_KEY: Final = "normalizer-keys"


def install(app: Flask, keys: Keys) -> None:
    """Hold the requests of an application to keys."""
    app.extensions[_KEY] = keys
    app.before_request(_ensure_reader)


def _ensure_reader() -> None:
    keys: Keys = current_app.extensions[_KEY]
    if not keys.reading_is_open and request.path not in OPEN_PATHS and request.method != "OPTIONS":
        ensure(Scope.READ)


def ensure(scope: Scope) -> Key:
    """See that a request was sent with a key that allows a thing.

    Returns:
        The key.

    Raises:
        ProblemError: Nobody may (no keys are configured), or this key does not allow it (403).
        Unauthorized: There is no key, or it is not known (401).
    """
    keys: Keys = current_app.extensions[_KEY]
    if not keys.known:
        raise ProblemError(403, "this service takes no judgements; its operator has configured no keys")
    if "key" not in g:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        g.key = keys.of(secret.strip()) if kind.lower() == "bearer" else None
    key: Key | None = g.key
    if key is None:
        raise Unauthorized(
            "send a key that is known, with Authorization: Bearer KEY",
            www_authenticate=WWWAuthenticate("bearer", {"realm": "normalizer"}),
        )
    if key.scope < scope:
        raise ProblemError(
            403, f"the key {key.name} may not do this; it takes the scope {scope.name.lower()}"
        )
    return key
