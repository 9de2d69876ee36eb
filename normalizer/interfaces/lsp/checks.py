"""Checking aside: in a thread, the newest text only, and nothing that is stale reaches the editor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

from normalizer import formats
from normalizer.errors import DraftError, Fault
from normalizer.interfaces.lsp.positions import Lines
from normalizer.interfaces.lsp.projects import Project, Projects
from normalizer.interfaces.lsp.registry_files import faults_of
from normalizer.interfaces.lsp.texts import OpenText
from normalizer.model import Document, Finding
from normalizer.report.fingerprints import Fingerprints

KNOWN_RIGHT: Final = "known-right"
LONG: Final = 400_000
"""Code points from which a text is checked when it is opened and saved, and not at each key."""
_AT_ONCE: Final = 0.15
"""Seconds of a check up to which the next one waits for nobody."""
_LONGEST_PAUSE: Final = 0.4
"""Seconds that a check waits at most for the writer to pause; it waits as long as the last one took."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a text.

    Attributes:
        revision: Of the text that it was found in.
        document: The draft as it was read; None where the text is no draft, or cannot be read as one.
        lines: Its lines.
        findings: The names that are wrong or may be.
        right: The names that are right.
        fingerprints: What each of the findings is known by.
        faults: The faults, where it is a file of the registry.
        refusal: Why it cannot be checked; empty if it can.
    """

    revision: int
    document: Document | None
    lines: Lines
    findings: tuple[Finding, ...] = ()
    right: tuple[Finding, ...] = ()
    fingerprints: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    refusal: str = ""


def read(text: OpenText, project: Project) -> Document:
    """Read a text as the draft that it is.

    Raises:
        DraftError: It cannot be read in its format.
    """
    content = text.text
    head = content[:1] == "\ufeff"  # some editors hand over the mark of a file's beginning
    data = ("\u200b" + content[1:] if head else content).encode("utf-8", "surrogatepass")
    document = formats.read(f"draft{text.suffix}", data.decode("utf-8", "replace").encode(), encoding="utf-8")
    if len(document.text) != len(content):  # a lone surrogate is three characters now
        plain = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in content)
        document = formats.read(f"draft{text.suffix}", plain.encode(), encoding="utf-8")
    return replace(document, name=text.name, scope=document.scope.accepting(text.accepted))


def check(text: OpenText, project: Project) -> Checked:
    """Check a text as it stands."""
    lines = text.lines()
    if text.is_yaml and project.registry is not None:
        return Checked(text.revision, None, lines, faults=tuple(faults_of(text, project.registry)))
    if text.suffix is None:
        return Checked(text.revision, None, lines)
    engine = project.engine
    if engine is None:
        return Checked(text.revision, None, lines, refusal=project.fault)
    try:
        document = read(text, project)
    except DraftError as error:
        return Checked(text.revision, None, lines, refusal=str(error))
    found = engine.check(document, engine.settings.at(text.name).rules.changed([f"+{KNOWN_RIGHT}"], ""))
    marks = Fingerprints(document)
    wrong = [(finding, marks.of(finding)) for finding in found if finding.rule != KNOWN_RIGHT]
    kept = [(finding, mark) for finding, mark in wrong if mark not in text.dismissed]
    return Checked(
        text.revision,
        document,
        lines,
        tuple(finding for finding, _ in kept),
        tuple(finding for finding in found if finding.rule == KNOWN_RIGHT),
        tuple(mark for _, mark in kept),
    )


class Checks:
    """Checks texts one after the other, those that were touched last first.

    Args:
        projects: Whose engines check.
        publish: Is given what was found in a text, while that is as it was.
        fail: Is told of a check that failed.
    """

    def __init__(
        self,
        projects: Projects,
        publish: Callable[[OpenText, Checked], None],
        fail: Callable[[OpenText, Exception], None],
    ) -> None:
        self._projects, self._publish, self._fail = projects, publish, fail
        self._thread = ThreadPoolExecutor(1, "normalizer-check")
        self._wanted: dict[str, OpenText] = {}
        self._checked: dict[str, Checked] = {}
        self._changed = asyncio.Condition()
        self._worker: asyncio.Task[None] | None = None
        self._cost: dict[str, float] = {}

    def ask(self, text: OpenText) -> None:
        """See that a text is checked as it stands now."""
        self._wanted.pop(text.uri, None)
        self._wanted[text.uri] = text
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._work())

    def forget(self, uri: str) -> None:
        """Let go of a text that was closed; what is found in it from now on is nobody's."""
        for known in (self._wanted, self._checked, self._cost):
            known.pop(uri, None)

    def last(self, text: OpenText) -> Checked | None:
        """What was found in a text as it stands now, if it is known."""
        checked = self._checked.get(text.uri)
        return checked if checked is not None and checked.revision == text.revision else None

    async def of(self, text: OpenText) -> Checked | None:
        """What is found in a text as it stands; waits for it. None if it was closed or changed meanwhile."""
        revision = text.revision
        async with self._changed:
            while self.last(text) is None and text.revision == revision and text.uri in self._wanted:
                await self._changed.wait()
        return self.last(text)

    async def look(self) -> bool:
        """Take in what changed of registries and configurations."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._projects.look)

    async def _work(self) -> None:
        while self._wanted:
            uri = next(reversed(self._wanted))
            text = self._wanted[uri]
            cost = self._cost.get(uri, 0.0)
            if cost > _AT_ONCE:
                revision = -1
                while revision != text.revision and uri in self._wanted:
                    revision = text.revision
                    await asyncio.sleep(min(cost, _LONGEST_PAUSE))
            if self._wanted.get(uri) is text:
                await self._check(text)

    async def _check(self, text: OpenText) -> None:
        snapshot, started = (
            replace(text, accepted=set(text.accepted), dismissed=set(text.dismissed)),
            time.monotonic(),
        )
        checked: Checked | None = None
        try:
            checked = await asyncio.get_running_loop().run_in_executor(self._thread, self._run, snapshot)
        except Exception as error:  # the next check may go well, and the editor must not lose its server
            self._fail(text, error)
        self._cost[text.uri] = time.monotonic() - started
        async with self._changed:
            if self._wanted.get(text.uri) is text and text.revision == snapshot.revision:
                del self._wanted[text.uri]
                if checked is not None:
                    self._checked[text.uri] = checked
                    self._publish(text, checked)
            self._changed.notify_all()

    def _run(self, snapshot: OpenText) -> Checked:
        return check(snapshot, self._projects.of(snapshot.path))
