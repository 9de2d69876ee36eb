"""Pages for people: without scripts, loading nothing from anywhere, with one style of their own."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

from flask import Response

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem}"
    "h1{font-size:1.25rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .25rem}"
    "h3{font-size:1rem;margin:1rem 0 0}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.5rem 0}dd{margin:0}"
    "dt,small{color:GrayText}code,pre{font-family:ui-monospace,monospace;font-size:.9em}"
    "pre{overflow-x:auto;border-left:3px solid GrayText;padding-left:1rem}"
    "table{border-collapse:collapse}td,th{text-align:left;vertical-align:top;padding:.1rem 1rem .1rem 0}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def page(title: str, content: str, status: int = 200, *, framed: bool = False) -> Response:
    """A page.

    Args:
        title: Its title, as text.
        content: What stands in its body, as HTML.
        status: The HTTP status.
        framed: Whether other pages may show it in a frame.
    """
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    text = (
        f'<!doctype html>\n<html lang="en"><head>{head}<title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n"
        f"<body>{content}</body></html>\n"
    )
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    framing = "" if framed else "; frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = _POLICY + framing
    return response
