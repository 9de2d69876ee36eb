"""What every answer carries, and the checks every request goes through first."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.state import V1, current_engine, request_id
from normalizer.version import __version__

LONGEST_PATH: Final = 2048


def install(app: Flask) -> None:
    """Put the checks before and the headers after every request of an application."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    """Refuse what no route should see."""
    if len(request.path) > LONGEST_PATH:
        raise ProblemError(414, f"the path is longer than {LONGEST_PATH:,} characters")
    pinned = request.headers.get("If-Registry-Version")
    is_answered_by_registry = request.path.startswith(f"{V1}/")
    if (
        is_answered_by_registry
        and pinned is not None
        and pinned.strip('" ') != current_engine().index_version
    ):
        raise ProblemError(412, f"the registry's version is {current_engine().index_version}")


def _finish(response: Response) -> Response:
    """Add the headers that every answer has."""
    response.headers["X-Request-Id"] = request_id()
    response.headers["X-Normalizer-Version"] = __version__
    response.headers["X-Normalizer-Index"] = current_engine().index_version
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
