"""What an editor offers to do about a name, and what it writes then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Command,
    OptionalVersionedTextDocumentIdentifier,
    TextDocumentEdit,
    TextEdit,
    WorkspaceEdit,
)

from normalizer.engine import Engine
from normalizer.interfaces.lsp.checks import Checked
from normalizer.interfaces.lsp.messages import at, diagnostic
from normalizer.interfaces.lsp.texts import OpenText
from normalizer.model import Applicability, Candidate, Document, Finding
from normalizer.report.shapes import meant_candidate, replacement
from normalizer.text.edits import Edit

ACCEPT_HERE: Final = "normalizer.acceptInDocument"
ACCEPT_PROJECT: Final = "normalizer.acceptInProject"
DISMISS: Final = "normalizer.notThisOne"
PROPOSE: Final = "normalizer.propose"
FIX_ALL: Final = "source.fixAll.normalizer"
_REMARKS: Final = {
    ".md": "<!-- normalizer: accept {} -->",
    ".html": "<!-- normalizer: accept {} -->",
    ".tex": "% normalizer: accept {}",
    ".rst": ".. normalizer: accept {}",
}
"""How a name is accepted in a draft that may hold comments; one of plain text accepts it while it is open."""
_MOST_OTHERS: Final = 5


def edited(text: OpenText, edits: Sequence[TextEdit]) -> WorkspaceEdit:
    """Edits of one text as it stands."""
    document = OptionalVersionedTextDocumentIdentifier(text.uri, text.version)
    return WorkspaceEdit(document_changes=[TextDocumentEdit(document, list(edits))])


def text_edits(checked: Checked, edits: Sequence[Edit]) -> list[TextEdit]:
    """Changes of a draft as the editor takes them."""
    return [TextEdit(checked.lines.range(edit.start, edit.end), edit.replacement) for edit in edits]


def fixes(document: Document, findings: Sequence[Finding], checked: Checked) -> list[TextEdit]:
    """The changes that the fixes of findings come to."""
    return [
        TextEdit(checked.lines.range(change.start, change.end), change.text)
        for finding in findings
        for change in document.rewrites(finding)
    ]


def quick_fixes(
    text: OpenText, checked: Checked, start: int, end: int, can_propose: bool
) -> list[CodeAction]:
    """What may be done about the names at a place, the likeliest first."""
    document = checked.document
    if document is None:
        return []
    return [
        action
        for finding in at(checked.findings, start, end)
        for action in _about(text, checked, document, finding, can_propose)
    ]


def fix_all(text: OpenText, checked: Checked, engine: Engine) -> CodeAction | None:
    """All that is safe to fix, as `normalizer check --fix` does it; None where there is nothing."""
    if checked.document is None:
        return None
    fixed, _, count = engine.fix(checked.document, [Applicability.SAFE])
    if not count:
        return None
    title = f"Fix all that is safe ({count})"
    edits = text_edits(checked, fixed.edits)
    return CodeAction(title, FIX_ALL, edit=edited(text, edits))


def _about(
    text: OpenText, checked: Checked, document: Document, finding: Finding, can_propose: bool
) -> Iterator[CodeAction]:
    mark = checked.fingerprints[checked.findings.index(finding)]
    about = [diagnostic(finding, mark, checked)]

    def action(title: str, edits: Sequence[TextEdit], *, first: bool = False) -> CodeAction:
        edit = edited(text, edits)
        return CodeAction(title, CodeActionKind.QuickFix, diagnostics=about, edit=edit, is_preferred=first)

    def command(title: str, name: str, *arguments: str) -> CodeAction:
        asked = Command(title, name, arguments=[text.uri, *arguments])
        return CodeAction(title, CodeActionKind.QuickFix, diagnostics=about, command=asked)

    wanted = replacement(document, finding)
    if wanted is not None:
        yield action(f"Replace with “{wanted}”", fixes(document, [finding], checked), first=True)
        alike = [other for other in checked.findings if _same_entity(other, finding)]
        if len(alike) > 1:
            name = meant.entity.name if (meant := meant_candidate(finding)) is not None else finding.surface
            yield action(f"Replace all {len(alike)} of {name} in this file", fixes(document, alike, checked))
    else:
        here = checked.lines.range(finding.span.start, finding.span.end)
        for name in _forms(finding)[:_MOST_OTHERS]:
            yield action(f"Replace with “{name}”", [TextEdit(here, name)])
    surface, suffix = finding.surface, text.suffix or ""
    title = f"Accept “{surface}” in this document"
    if suffix in _REMARKS and "--" not in surface:
        yield action(title, [_remark(text, checked, _REMARKS[suffix].format(surface))])
    else:
        yield command(title, ACCEPT_HERE, surface)
    if text.path is not None:
        yield command(f"Accept “{surface}” in this project", ACCEPT_PROJECT, surface)
    yield command("Not this one", DISMISS, mark)
    whom = meant_candidate(finding)
    if whom is not None and can_propose and finding.fix.replacement is not None:
        title = f"Propose to the registry: “{surface}” is a misspelling of {whom.entity.name}"
        yield command(title, PROPOSE, surface, whom.entity.id)


def _remark(text: OpenText, checked: Checked, remark: str) -> TextEdit:
    """A remark on a line of its own at the end of a text."""
    end = len(text.text)
    is_ended = not text.text or text.text.endswith(("\n", "\r"))
    line_end = "\r\n" if "\r\n" in text.text else "\n"
    return TextEdit(
        checked.lines.range(end, end), f"{'' if is_ended else line_end}{line_end}{remark}{line_end}"
    )


def _same_entity(one: Finding, other: Finding) -> bool:
    if one.fix.replacement is None:
        return False
    first, second = meant_candidate(one), meant_candidate(other)
    if first is None or second is None:
        return one.surface == other.surface and one.fix.replacement == other.fix.replacement
    return first.entity.id == second.entity.id


def _forms(finding: Finding) -> list[str]:
    """The right names of those who may be meant, each once."""

    def form(candidate: Candidate) -> str:
        return candidate.alias.name if candidate.alias.kind.is_printable else candidate.entity.name

    names = [name for candidate in finding.candidates for name in (candidate.entity.name, form(candidate))]
    return [name for name in dict.fromkeys(names) if name != finding.surface]
