"""Routes for those who run the service."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from normalizer.interfaces.http.description import described
from normalizer.interfaces.http.shapes import Health, Readiness
from normalizer.interfaces.http.state import current_engine, current_live
from normalizer.report.shapes import json_bytes

operations: Final = Blueprint("operations", __name__)


@operations.get("/healthz")
@described(Health)
def healthz() -> Response:
    """Say that the process answers."""
    return Response(json_bytes({"status": "ok"}), content_type="application/json")


@operations.get("/readyz")
@described(Readiness)
def readyz() -> Response:
    """Say that the registry is loaded, and which; with faults, what was loaded before goes on answering."""
    engine, live = current_engine(), current_live()
    content = {
        "status": "ready",
        "index": engine.index_version,
        "entities": engine.entity_count,
        "faults": [fault for fault in (live.registry_fault, live.store_fault) if fault],
    }
    return Response(json_bytes(content), content_type="application/json")
