"""Writing fixes into a draft."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from normalizer.model import Applicability, Document, Finding


def apply_fixes(
    document: Document, findings: Sequence[Finding], allowed: Collection[Applicability]
) -> tuple[Document, list[Finding]]:
    """Write the fixes of findings into the draft they were found in.

    Args:
        document: The draft; everything outside the fixed spans comes back as it was.
        findings: What was found in it.
        allowed: Which fixes may be written.

    Returns:
        The new draft, and the findings whose fixes are in it, in order. Of fixes that overlap the first is
        written and the others are left.
    """
    written: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda finding: (finding.span.start, finding.span.end)):
        fix = finding.fix
        if fix.replacement is not None and fix.applicability in allowed and finding.span.start >= end:
            written.append(finding)
            end = finding.span.end
    return document.with_fixes(written), written
