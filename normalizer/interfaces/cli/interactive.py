"""`normalizer check --interactive`: each finding is shown, and a key says what becomes of it.

Nothing is written before the end, and then only when asked for: each file whole, beside itself first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from typing import Final

from normalizer.errors import DraftError, NormalizerError
from normalizer.formats import amended
from normalizer.formats.files import keep_copy, replace_file
from normalizer.interfaces.cli.accepting import accept_names, accepting_file
from normalizer.interfaces.cli.differences import unified_diff
from normalizer.interfaces.cli.keyboard import Keyboard
from normalizer.interfaces.cli.review import Outcome, Review, ReviewedDraft
from normalizer.interfaces.cli.terminal import say, style_for, write
from normalizer.model import Finding, Signature
from normalizer.report.grouping import count
from normalizer.report.names import evidence_lines
from normalizer.report.people import BOLD, finding_text
from normalizer.report.visible import visible

_HELP: Final = """\
  y  write this one
  a  write all of this spelling in this file
  e  write all of this entity in this file
  n  leave this one
  d  accept this spelling in this file: none of it is asked for again
  p  accept this spelling in this project: its configuration is told at the end
  ?  say why, with all evidence
  u  undo the last answer
  q  quit; what was chosen so far may still be written
"""
_END_OF_INPUT: Final = ""
Kind = Callable[[Finding], bool]


class Conversation:
    """One walk through the findings, with somebody at the keyboard.

    Args:
        drafts: What to walk through.
        signature: Who changes them, and when, for formats that record it.
        backup: Whether to keep a copy of each file that is changed.

    Attributes:
        failed: Whether a file could not be written.
        left: The findings that are neither fixed nor accepted at the end.
    """

    def __init__(self, drafts: Iterable[ReviewedDraft], signature: Signature, *, backup: bool) -> None:
        self._review = Review(drafts)
        self._signature, self._backup = signature, backup
        self._style = style_for(sys.stdout)
        self._keyboard = Keyboard()
        self.failed = False
        self.left: list[Finding] = []

    def hold(self) -> None:
        """Ask about every finding, then whether to write."""
        with self._keyboard:
            try:
                self._finish(is_over=self._go_through() == _END_OF_INPUT)
            except KeyboardInterrupt:
                write(["\n"])  # behind the question, so that the shell's prompt has a line of its own
                raise

    def _go_through(self) -> str:
        """Ask about every finding, until one leaves; gives the last key."""
        key = " "
        while (current := self._review.current()) is not None:
            if key not in ("?", "h"):
                self._show(*current)
            key = self._asked(self._question(*current))
            if key in (_END_OF_INPUT, "q"):
                break
            self._answer(key, *current)
        return key

    def _show(self, draft: ReviewedDraft, number: int) -> None:
        name = self._style.paint(visible(draft.document.name), BOLD)
        write([f"\n{name}  {number + 1} of {len(draft.findings)}\n"])
        write([finding_text(draft.document, draft.findings[number], self._style)])

    def _question(self, draft: ReviewedDraft, number: int) -> str:
        finding = draft.findings[number]
        keys = []
        if finding.fix.replacement is not None:
            spelling = len(self._review.open_like(draft, _same_spelling(finding)))
            entity = len(self._review.open_like(draft, _same_entity(finding)))
            keys.append("[y]es")
            keys += [f"[a]ll {spelling} of this spelling"] if spelling > 1 else []
            keys += [f"[e]ntity, all {entity}"] if entity > spelling else []
        return " ".join([*keys, "[n]o [d]raft or [p]roject accepts it [?]why [u]ndo [q]uit [h]elp: "])

    def _answer(self, key: str, draft: ReviewedDraft, number: int) -> None:
        finding = draft.findings[number]
        if key in ("y", "a", "e") and finding.fix.replacement is None:
            self._tell("There is nothing to write: who is meant is open. Mend it in the file, or press n.")
        elif key == "y":
            self._review.decide(Outcome.WRITE)
        elif key == "a":
            self._tell(f"{self._review.decide(Outcome.WRITE, _same_spelling(finding))} of this spelling.")
        elif key == "e":
            self._tell(f"{self._review.decide(Outcome.WRITE, _same_entity(finding))} of this entity.")
        elif key == "n":
            self._review.decide(Outcome.LEAVE)
        elif key == "d":
            number = self._review.decide(Outcome.ACCEPT, lambda other: other.surface == finding.surface)
            self._tell(f"“{visible(finding.surface)}” is accepted in this file ({number}×).")
        elif key == "p":
            number = self._review.decide(
                Outcome.ACCEPT_EVERYWHERE, lambda other: other.surface == finding.surface
            )
            self._tell(f"“{visible(finding.surface)}” is accepted in this project ({number}× here).")
        elif key == "u":
            self._tell("Taken back." if self._review.undo() else "There is nothing to take back.")
        elif key == "?":
            lines = evidence_lines(finding.evidence)
            write([f"  score {finding.score:.4f}\n", *(f"  {line}\n" for line in lines)])
        else:
            write([_HELP])

    def _finish(self, *, is_over: bool) -> None:
        """Ask whether to write what was chosen, and write it."""
        changed = [draft for draft in self._review.drafts if draft.chosen]
        changes = sum(len(draft.chosen) for draft in changed)
        names = self._review.accepted_everywhere()
        is_written = changes > 0 and not is_over and self._is_confirmed(changed, changes)
        if is_written:
            for draft in changed:
                self._write(draft)
        elif names and not changes and not is_over:
            pass
        elif any(draft.findings for draft in self._review.drafts):
            self._tell("\nNothing was written.")
            self.left += [finding for draft in changed for finding in draft.chosen]
        else:
            self._tell(f"No findings in {count(len(self._review.drafts), 'file')}.")
        self.left += [finding for draft in self._review.drafts for finding in draft.left]
        if names and not is_over:
            self._accept(names)

    def _accept(self, names: list[str]) -> None:
        """Ask whether to write names into the configuration of the project, and write them."""
        path = accepting_file([draft.document.name for draft in self._review.drafts])
        shown = visible(os.path.relpath(path))
        listed = ", ".join(f"“{visible(name)}”" for name in names)
        key = " "
        while key not in ("y", "n", "q", _END_OF_INPUT):
            key = self._asked(f"\nAccept {listed} in {shown}, for all drafts? [y]es [n]o: ")
        try:
            if key == "y":
                self._tell(f"{shown}: {count(accept_names(path, names), 'name')} added.")
        except NormalizerError as error:
            say(str(error))
            self.failed = True

    def _is_confirmed(self, changed: list[ReviewedDraft], changes: int) -> bool:
        files = count(len(changed), "file")
        while True:
            key = self._asked(f"\nWrite {count(changes, 'change')} into {files}? [y]es [n]o [d]ifferences: ")
            if key in (_END_OF_INPUT, "n", "q"):
                return False
            if key == "y":
                return True
            for draft in changed if key == "d" else ():
                texts = draft.document.text, draft.corrected().text
                write(unified_diff(draft.document.name, *texts, self._style, escape=True))

    def _write(self, draft: ReviewedDraft) -> None:
        try:
            data = amended(draft.document, draft.data, draft.corrected(), (), self._signature)
            if self._backup and data != draft.data:
                keep_copy(draft.document.name, draft.data)
            replace_file(draft.document.name, data, unchanged_from=draft.data)
        except DraftError as error:
            say(str(error))
            self.failed = True
            self.left += draft.chosen
        else:
            self._tell(f"{visible(draft.document.name)}: {count(len(draft.chosen), 'change')} written.")

    def _asked(self, question: str) -> str:
        """The key that was pressed; "" at the end of the answers."""
        write([question])
        key = self._keyboard.read()
        write([f"{key}\n"])
        return key

    def _tell(self, text: str) -> None:
        write([f"{text}\n"])


def _same_spelling(finding: Finding) -> Kind:
    """Whether a finding is of the same spelling, and would be written the same."""

    def is_same(other: Finding) -> bool:
        return (other.surface, other.fix.replacement) == (finding.surface, finding.fix.replacement)

    return is_same


def _same_entity(finding: Finding) -> Kind:
    """Whether a finding is about the same entity, or the same rivals, and has something to write."""

    def is_same(other: Finding) -> bool:
        return other.fix.replacement is not None and _entities(other) == _entities(finding)

    return is_same


def _entities(finding: Finding) -> set[str]:
    return {candidate.entity.id for candidate in finding.candidates}
