"""Fingerprints: what makes a finding the same one when the draft around it has changed."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Final

from normalizer.model import Document, Finding
from normalizer.text.folding import fold
from normalizer.text.markup import Readable
from normalizer.text.tokens import tokenize

_WORDS: Final = 3
"""Words on each side that belong to a fingerprint (chosen)."""
_REACH: Final = 80
"""How far they are looked for, in code points (chosen)."""


class Fingerprints:
    """Makes the fingerprints of one draft, in the order of its findings.

    They are made of the rule, the spelling and the words around it, not of the place: a paragraph more or
    fewer, another line width or other markup changes none.

    Args:
        document: The draft.
    """

    def __init__(self, document: Document) -> None:
        self._readable: Readable = document.readable()
        self._seen: Counter[str] = Counter()

    def of(self, finding: Finding) -> str:
        """The fingerprint of a finding: 16 hexadecimal digits, a colon, and which one of such it is."""
        text = self._readable.text
        start, end = self._readable.in_text(finding.span.start, finding.span.end)
        before = [token.text for token in tokenize(text, max(0, start - _REACH), start)][-_WORDS:]
        after = [token.text for token in tokenize(text, end, min(len(text), end + _REACH))][:_WORDS]
        parts = (finding.rule, finding.surface, fold(" ".join(before)), fold(" ".join(after)))
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]
        self._seen[digest] += 1
        return f"{digest}:{self._seen[digest]}"
