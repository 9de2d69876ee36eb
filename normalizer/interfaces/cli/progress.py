"""How far a run over many drafts is, on the last line of a terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from normalizer.report.visible import visible

_FEWEST: Final = 3
"""Drafts from which on the line is shown (chosen)."""


class Progress:
    """One line on standard error that says which draft is looked at, if that is a terminal.

    Attributes:
        is_wanted: Whether it may be shown at all.
    """

    def __init__(self) -> None:
        self.is_wanted = True
        self._is_shown = False

    def through(self, names: Sequence[str]) -> Iterator[str]:
        """Give names one by one, and show meanwhile which it is."""
        is_wanted = self.is_wanted and len(names) >= _FEWEST and sys.stderr.isatty()
        columns = max(20, shutil.get_terminal_size().columns - 1)
        for number, name in enumerate(names, 1):
            if is_wanted:
                share = number * 10 // len(names)
                line = f"[{'#' * share}{'.' * (10 - share)}] {number} of {len(names)}  {visible(name)}"
                self._write(line[:columns])
                self._is_shown = True
            yield name
        self.wipe()

    def wipe(self) -> None:
        """Take the line away, before something else is written."""
        if self._is_shown:
            self._write("")
            self._is_shown = False

    def _write(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()
