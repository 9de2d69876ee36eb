"""What belongs to the request in hand: the engine that answers it, and its id."""

from __future__ import annotations

import re
import uuid
from typing import Final

from flask import Flask, current_app, g, request

from normalizer.engine import Engine
from normalizer.interfaces.http.remembered import Remembered
from normalizer.interfaces.live import Live

V1: Final = "/v1"
"""Where the routes of version 1 are."""
_KEY: Final = "normalizer"
_REMEMBERED: Final = "normalizer-remembered"
_SAFE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def keep_engine(app: Flask, engine: Engine) -> None:
    """Give an application its engine."""
    app.extensions[_KEY] = Live(engine, app.logger.warning)
    app.extensions[_REMEMBERED] = Remembered()


def live_of(app: Flask) -> Live:
    """The engine of an application."""
    live: Live = app.extensions[_KEY]
    return live


def current_live() -> Live:
    """The engine that changes, of which requests see one state."""
    live = live_of(current_app)
    live.watch()
    return live


def current_remembered() -> Remembered:
    """What this application answered before."""
    remembered: Remembered = current_app.extensions[_REMEMBERED]
    return remembered


def forget_engine() -> None:
    """Let what follows in this request see what the request itself changed."""
    g.pop("engine", None)


def current_engine() -> Engine:
    """The engine that answers this request, as it was at its first use: one request sees one registry."""
    if "engine" not in g:
        g.engine = current_live().engine.snapshot()
    answering: Engine = g.engine
    return answering


def request_id() -> str:
    """The id of this request: the client's if it is safe to repeat, else one of ours."""
    if "request_id" not in g:
        sent = request.headers.get("X-Request-Id", "")
        g.request_id = sent if _SAFE_ID.fullmatch(sent) else uuid.uuid4().hex
    known: str = g.request_id
    return known
