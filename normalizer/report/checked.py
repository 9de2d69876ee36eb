"""What a report is made of, and how it may look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from normalizer.model import Document, Finding


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft with its findings.

    Attributes:
        document: The draft; after fixing, as it was written back.
        findings: What is (still) wrong in it, in order of place.
        fixed: How many findings were fixed before.
    """

    document: Document
    findings: Sequence[Finding]
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class Style:
    """How a report for people looks.

    Attributes:
        color: Whether it may hold terminal colours.
        width: Columns of the screen.
        unsafe: Whether unsafe fixes are asked for, for the closing line.
    """

    color: bool = False
    width: int = 100
    unsafe: bool = False

    def paint(self, text: str, *codes: int) -> str:
        """Put a text into a colour or weight (SGR codes), where colours are allowed."""
        if not self.color or not text:
            return text
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m"
