"""Errors as problem documents (RFC 9457), on every path and with every status."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from normalizer.errors import NormalizerError, UnknownEntityError
from normalizer.interfaces.http.state import request_id
from normalizer.report.shapes import json_bytes

MEDIA_TYPE: Final = "application/problem+json"
_DETAILS: Final = {
    404: "there is nothing at this path; the paths are listed at /docs",
    405: "this path does not take this method; the Allow header says which it takes",
}
Fault = tuple[str, str]
"""Where in the body, as a JSON pointer, and what."""


class ProblemError(NormalizerError):
    """A request that is refused.

    Attributes:
        status: The HTTP status.
        faults: Where in the body the reasons lie, if there.
    """

    def __init__(self, status: int, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.faults = tuple(faults)


def install(app: Flask) -> None:
    """Make an application answer every error with a problem document."""
    app.register_error_handler(HTTPException, _of_werkzeug)
    app.register_error_handler(NormalizerError, _of_normalizer)
    app.register_error_handler(Exception, _of_a_bug)


def problem(status: int, detail: str, faults: Sequence[Fault] = ()) -> Response:
    """A problem document as a response."""
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": quote(request.path),
        "errors": [{"pointer": pointer, "detail": reason} for pointer, reason in faults],
        "request_id": request_id(),
    }
    return Response(json_bytes(content), status=status, content_type=MEDIA_TYPE)


def _of_normalizer(error: NormalizerError) -> Response:
    if isinstance(error, ProblemError):
        return problem(error.status, str(error), error.faults)
    if isinstance(error, UnknownEntityError):
        return problem(404, str(error))
    return problem(422, str(error))


def _of_werkzeug(error: HTTPException) -> Response:
    status = error.code or 500
    detail = _DETAILS.get(status, error.description or "")
    if isinstance(error, RequestEntityTooLarge):
        detail = (
            f"the body is larger than {current_app.config['MAX_CONTENT_LENGTH']:,} bytes; send it in parts"
        )
    answer = problem(status, detail)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def told_of_a_bug() -> Callable[[Exception], str]:
    """Who is told of an error of ours in this request, even after its answer has begun.

    It is logged with its place and without messages, which may hold the text of a draft. What comes back
    is what the client is told.
    """
    logger, asked = current_app.logger, request_id()

    def told(error: Exception) -> str:
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s in request %s\n%s", type(error).__name__, asked, frames)
        return "an error of ours; tell the operator the request_id"

    return told


def _of_a_bug(error: Exception) -> Response:
    return problem(500, told_of_a_bug()(error))
