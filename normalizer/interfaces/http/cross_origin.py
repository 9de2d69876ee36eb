"""Pages of other origins may use the protocols that are made for that, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, request

PROTOCOLS: Final = ("/reconcile", "/v2/")
"""Where the protocols are whose clients are web pages."""
_HEADERS: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "X-Request-Id, X-Normalizer-Index, X-Normalizer-Version",
}
_PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept-Language, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}


def install(app: Flask) -> None:
    """Let pages of all origins read the protocols' answers, errors too (Fetch standard, CORS)."""
    app.after_request(_allow)


def _allow(response: Response) -> Response:
    if request.path.startswith(PROTOCOLS):
        response.headers.update(_HEADERS)
        if request.method == "OPTIONS":
            response.headers.update(_PREFLIGHT)
    return response
