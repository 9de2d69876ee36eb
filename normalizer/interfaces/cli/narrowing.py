"""A run narrowed to what is new: lines changed since a revision, findings that no baseline knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from normalizer.engine import Engine
from normalizer.interfaces.cli.baseline import Baseline
from normalizer.interfaces.cli.git import Changes
from normalizer.model import Document, Finding


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What of the drafts is asked about.

    Attributes:
        changes: The lines that are, if not all.
        baseline: The findings that are not.
    """

    changes: Changes | None = None
    baseline: Baseline | None = None

    def of(self, document: Document, engine: Engine) -> Document:
        """A draft with its scope narrowed, so that neither a check nor a fix goes beyond.

        Raises:
            NormalizerError: What changed in it cannot be told.
        """
        scope = document.scope
        if self.changes is not None:
            asked = self.changes.stretches(document.name, document.text)
            document = replace(document, scope=replace(scope, asked=asked))
        if self.baseline is not None:
            known = self.baseline.known(document, engine.check(_whole(document)))
            document = replace(document, scope=document.scope.without(map(_place, known)))
        return document


def _whole(document: Document) -> Document:
    """A draft all of which is asked about: fingerprints count the findings of one kind."""
    return replace(document, scope=replace(document.scope, asked=None))


def _place(finding: Finding) -> tuple[int, int]:
    return finding.span.start, finding.span.end
