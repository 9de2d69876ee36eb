"""What was found, as the editor shows it: diagnostics, cards of entities, and the marks of right names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lsprotocol.types import Diagnostic, DiagnosticSeverity, Position, Range

from normalizer.interfaces.lsp.checks import Checked
from normalizer.model import AliasKind, Entity, Finding
from normalizer.report.shapes import meant_candidate
from normalizer.rulebook import Level

SOURCE: Final = "normalizer"
_SEVERITY: Final = {
    Level.ERROR: DiagnosticSeverity.Error,
    Level.WARNING: DiagnosticSeverity.Warning,
    Level.INFO: DiagnosticSeverity.Information,
}
_FIRST: Final = Range(Position(0, 0), Position(0, 1))
_MOST_FORMS: Final = 12
"""Other forms on a card; of more the rest is counted."""
TOKEN_TYPES: Final = ("knownName",)


def diagnostics(checked: Checked) -> list[Diagnostic]:
    """What the editor underlines, in order."""
    if checked.refusal:
        message = f"not checked: {checked.refusal}"
        return [Diagnostic(_FIRST, message, DiagnosticSeverity.Information, source=SOURCE)]
    return [
        *map(diagnostic, checked.findings, checked.fingerprints, [checked] * len(checked.findings)),
        *(
            Diagnostic(
                Range(Position(max(0, fault.line - 1), 0), Position(max(0, fault.line - 1), 1 << 20))
                if not fault.column
                else Range(Position(fault.line - 1, fault.column - 1), Position(fault.line - 1, 1 << 20)),
                f"{fault.what}; {fault.remedy}",
                DiagnosticSeverity.Error,
                source=SOURCE,
                code="registry",
            )
            for fault in checked.faults
        ),
    ]


def diagnostic(finding: Finding, mark: str, checked: Checked) -> Diagnostic:
    """One finding as a diagnostic; its `data` says whom it means and what it is known by."""
    meant, fix = meant_candidate(finding), finding.fix.replacement
    change = f"{finding.surface} → {fix}: " if fix is not None else f"{finding.surface}: "
    return Diagnostic(
        checked.lines.range(finding.span.start, finding.span.end),
        change + finding.message,
        _SEVERITY[finding.level],
        finding.rule,
        source=SOURCE,
        data={
            "entity": meant.entity.id if meant is not None else None,
            "group": finding.surface,
            "mark": mark,
        },
    )


def card(finding: Finding) -> str:
    """What is known of a name, in Markdown: why it was found, and who may be meant."""
    why = [] if finding.rule == "known-right" else [f"**{_plain(finding.rule)}** · {_plain(finding.message)}"]
    people = {candidate.entity.id: candidate.entity for candidate in finding.candidates}
    return "\n\n---\n\n".join([*why, *map(entity_card, people.values())])


def entity_card(entity: Entity) -> str:
    """One entity, in Markdown: its name, titles with their dates, and forms by what they are."""
    lines = [f"**{_plain(entity.name)}** — {entity.type.value}"]
    if entity.countries:
        lines[0] += f", {_plain(', '.join(entity.countries))}"
    for title in entity.titles:
        dates = f" ({title.since or ''}–{title.until or ''})" if title.since or title.until else ""
        lines.append(f"- {_plain(title.name + dates)}")
    for kind in AliasKind:
        forms = [alias.name for alias in entity.aliases if alias.kind is kind]
        if forms:
            rest = f" … {len(forms) - _MOST_FORMS} more" if len(forms) > _MOST_FORMS else ""
            lines.append(f"- {kind.value}: {_plain(', '.join(forms[:_MOST_FORMS]))}{rest}")
    if entity.never:
        lines.append(f"- not: {_plain(', '.join(entity.never))}")
    ids = ", ".join(f"{scheme} {value}" for scheme, value in entity.ids)
    lines.append(f"\n`{entity.id}`" + (f" · {_plain(ids)}" if ids else ""))
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A text in which nothing is markup."""
    line = " ".join(text.split())
    return "".join(f"\\{char}" if char in r"\`*_{}[]<>#|~!" else char for char in line)


def token_data(checked: Checked, right: Iterable[Finding]) -> list[int]:
    """Right names as semantic tokens: five numbers each, relative to the one before (LSP 3.17)."""
    data: list[int] = []
    line = column = 0
    for finding in right:
        for position, length in checked.lines.pieces(finding.span.start, finding.span.end):
            start = position.character - (column if position.line == line else 0)
            data += [position.line - line, start, length, 0, 0]
            line, column = position.line, position.character
    return data


def at(findings: Sequence[Finding], start: int, end: int) -> list[Finding]:
    """The findings that touch a stretch, in order."""
    return [found for found in findings if found.span.start <= end and start <= found.span.end]
