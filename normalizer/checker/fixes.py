"""Writing fixes into a text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from normalizer.model import Applicability, Finding


def apply_fixes(
    text: str, findings: Sequence[Finding], allowed: Collection[Applicability]
) -> tuple[str, list[Finding]]:
    """Write the fixes of findings into the text they were found in.

    Args:
        text: The document's text; everything outside the fixed spans comes back as it was.
        findings: What was found in it.
        allowed: Which fixes may be written.

    Returns:
        The new text, and the findings whose fixes are in it, in order. Of fixes that overlap the first is
        written and the others are left.
    """
    written: list[Finding] = []
    pieces: list[str] = []
    end = 0
    for finding in sorted(findings, key=lambda finding: (finding.span.start, finding.span.end)):
        fix = finding.fix
        if fix.replacement is not None and fix.applicability in allowed and finding.span.start >= end:
            pieces += [text[end : finding.span.start], fix.replacement]
            written.append(finding)
            end = finding.span.end
    return "".join([*pieces, text[end:]]), written
