"""The models that `benchmarks.train` learned for each fold and each set left out, put to use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.common import Record
from normalizer.compare import score


class Models:
    """Coefficients by what was left out when they were learned.

    Args:
        path: The file that `benchmarks.train --write` made.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._stored: dict[str, Record] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise SystemExit(f"{path}: there is no such file; make it with benchmarks.train") from error

    @contextmanager
    def used(self, name: str) -> Iterator[None]:
        """Let the library score with the model of a name ("fold 0", "without orgs")."""
        shipped = score._weights
        stored = self._stored[name]
        own = {score.Model(kind): score.weights_from(weights) for kind, weights in stored.items()}
        score._weights = own.__getitem__  # type: ignore[assignment]
        try:
            yield
        finally:
            score._weights = shipped
