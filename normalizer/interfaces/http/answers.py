"""Answers made: JSON, and answers that carry a tag so that nobody has to fetch them twice."""

from __future__ import annotations

import hashlib

from flask import Response, request

from normalizer.interfaces.http.description import JSON
from normalizer.report.shapes import json_bytes


def json_answer(content: object) -> Response:
    """An answer of JSON."""
    return Response(json_bytes(content), content_type=JSON)


def tagged(response: Response) -> Response:
    """An answer with a strong ETag of its content; 304 for those who hold that already."""
    response.headers["Cache-Control"] = "no-cache"  # may be kept, and is asked about each time
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response
