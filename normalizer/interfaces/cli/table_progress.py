"""How far a run over a table is, and what it came to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Final

from normalizer.report.visible import visible
from normalizer.tables import Totals
from normalizer.tables.answers import Answers

_PLAIN_SECONDS: Final = 30.0
"""Time between two lines where standard error is no terminal (chosen)."""
_TOP: Final = 5
"""Unmatched names in the summary (chosen)."""


class TableProgress:
    """A line on standard error: rows, rate, time left; on a terminal it is written over.

    Args:
        size: Bytes of the table; 0 if not known.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._began = self._told = time.monotonic()
        self._on_terminal = sys.stderr.isatty()
        self._is_shown = False

    def tell(self, totals: Totals, bytes_read: int) -> None:
        """Show how far the run is, now and then."""
        now = time.monotonic()
        if now - self._told < (0.2 if self._on_terminal else _PLAIN_SECONDS):
            return
        self._told = now
        seconds = now - self._began
        line = f"{totals.rows:,} rows, {totals.rows / seconds:,.0f} a second"
        if self._size and bytes_read:
            share = min(1.0, bytes_read / self._size)
            line += f", {share:.0%}, {seconds / share - seconds:,.0f} s left"
        sys.stderr.write(f"\r{line}\x1b[K" if self._on_terminal else f"{line}\n")
        sys.stderr.flush()
        self._is_shown = self._on_terminal

    def wipe(self) -> None:
        """Take the line away."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")
            self._is_shown = False


def summary(totals: Totals, answers: Answers, seconds: float) -> Iterator[str]:
    """The lines that say what a run came to."""
    distinct = answers.distinct()
    yield (
        f"{totals.rows:,} rows, {sum(distinct.values()):,} distinct names in {seconds:.1f} s"
        f"{f'; {totals.empty:,} empty' if totals.empty else ''}"
        f"{f'; {totals.bad:,} rows set aside' if totals.bad else ''}"
    )
    for decision in ("match", "review", "nil"):
        yield f"{decision:<7} {totals.decisions[decision]:,} rows, {distinct.get(decision, 0):,} names"
    unmatched = list(answers.met("nil", _TOP))
    if unmatched:
        names = ", ".join(f"{visible(met.key[1][:60])} ({met.rows_count:,})" for met in unmatched)
        yield f"nobody we know: {names}"
