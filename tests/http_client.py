"""What the tests of the service ask with, and what they hold every answer to."""

from __future__ import annotations

import json
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PROBLEM_FIELDS = ["type", "title", "status", "detail", "instance", "errors", "request_id"]


def post(client: FlaskClient, path: str, body: object, **more: Any) -> TestResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(path, data=data, content_type="application/json", **more)


def assert_problem(response: TestResponse, status: int) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(response.data)
    assert response.status_code == status, problem
    assert response.content_type == "application/problem+json"
    assert list(problem) == PROBLEM_FIELDS
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert all(list(error) == ["pointer", "detail"] for error in problem["errors"])
    assert_common_headers(response)
    return problem


def assert_common_headers(response: TestResponse) -> None:
    assert re.fullmatch(r"[0-9a-f]{16,}", response.headers["X-Normalizer-Index"])
    assert response.headers["X-Normalizer-Version"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-Id"]
    assert response.headers["Cache-Control"]
