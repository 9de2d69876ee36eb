"""The draft sets: loaded, checked by the library or by the peer, scored by the scorers' own definitions."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from benchmarks import common
from benchmarks.common import Record
from benchmarks.peer_checker import PeerChecker
from normalizer import Applicability, Document, Settings, formats
from normalizer.checker import Checker
from normalizer.engine import Engine
from normalizer.registry import Registry

Edits = dict[str, list[Record]]
"""Document → proposed edits."""
_WRITTEN: Final = re.compile(
    r"found (\d+)/(\d+).*right fix (\d+)/.*flags (\d+).*false alarms (\d+).*"
    r"hard negatives hit (\d+/\d+).*clean drafts flagged (\d+/\d+)"
)


@dataclass(frozen=True)
class DraftSet:
    """Documents and what is needed to check them.

    Attributes:
        name: "drafts" or "written".
        documents: The gold lines.
        key: The field that names a document.
        engine: The registry made ready.
        nobody: An engine that knows nobody, for drafts that ask for it.
    """

    name: str
    documents: list[Record]
    key: str
    engine: Engine
    nobody: Engine

    def run(self, check: Callable[[Document, Engine], list[Record]]) -> Edits:
        """Check every document, each in its own format."""
        return {
            document[self.key]: check(
                _read(document), self.nobody if document.get("registry") == "none" else self.engine
            )
            for document in self.documents
        }

    @property
    def megabytes(self) -> float:
        """UTF-8 bytes of all texts, in millions."""
        return sum(len(document["text"].encode()) for document in self.documents) / 1e6


def _read(document: Record) -> Document:
    """A draft as its file would be read."""
    return formats.read(f"draft.{document.get('format', 'txt')}", document["text"].encode())


def ours(without: Collection[str] = (), notes: bool = False) -> Callable[[Document, Engine], list[Record]]:
    """The library's checker as a function that proposes edits.

    Args:
        without: Evidence to leave out.
        notes: Give the findings that propose no replacement, and only those.
    """
    checkers: dict[int, Checker] = {}

    def check(document: Document, engine: Engine) -> list[Record]:
        if id(engine) not in checkers:
            checkers[id(engine)] = Checker(engine.matcher, engine.lexicon, without=without)
        return [
            {
                "start": finding.span.start,
                "end": finding.span.end,
                "replacement": finding.fix.replacement,
                "canonical": next((c.entity.name for c in finding.candidates), finding.fix.replacement),
                "entity": next((c.entity.id for c in finding.candidates), None),
                "score": finding.score,
                "safe": finding.fix.applicability is Applicability.SAFE,
            }
            for finding in checkers[id(engine)].check(document)
            if (finding.fix.replacement is None) is notes
        ]

    return check


def theirs(threshold: float) -> Callable[[Document, Engine], list[Record]]:
    """The peer, which reads every format as plain text, as a function that proposes edits."""
    peers: dict[int, PeerChecker] = {}

    def check(document: Document, engine: Engine) -> list[Record]:
        if id(engine) not in peers:
            entities = engine.registry.entities.values()
            names = [(form.name, entity.id) for entity in entities for form in entity.forms()]
            words = engine.lexicon.words | engine.lexicon.capitalised
            peers[id(engine)] = PeerChecker(names, words, threshold)
        return peers[id(engine)].check(document.text)

    return check


@dataclass(frozen=True)
class Scorers:
    """The two scoring scripts."""

    real: ModuleType
    written: ModuleType

    def score(self, drafts: DraftSet, edits: Edits) -> dict[str, Any]:
        """The figures of a set by their names; the written set's by the names of its scorer's line."""
        if drafts.name == "drafts":
            figures: dict[str, Any] = self.real.score(drafts.documents, edits, float("-inf"))
            bare = {key: [_without_entity(edit) for edit in some] for key, some in edits.items()}
            figures["fixF1 by text alone"] = self.real.score(drafts.documents, bare, float("-inf"))["fixF1"]
            return figures
        flags = [{"id": key, "flags": self.real.disjoint(some)} for key, some in edits.items()]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.written.score(drafts.documents, flags)
        found = _WRITTEN.search(printed.getvalue())
        if found is None:
            raise SystemExit("check_drafts.py prints another line than this script reads; mend _WRITTEN")
        names = (
            "found",
            "expected",
            "right fixes",
            "flags",
            "false alarms",
            "hard negatives",
            "clean drafts",
        )
        values = [int(text) if text.isdigit() else text for text in found.groups()]
        by_rule = re.findall(r"(\S+) (\d+)/(\d+) \(fix (\d+)\)", printed.getvalue())
        return {**dict(zip(names, values, strict=True)), "by rule": by_rule}

    def is_right(self, drafts: DraftSet, document: Record, edit: Record) -> bool:
        """Whether an edit by itself mends an error."""
        if drafts.name == "drafts":
            one = {document[drafts.key]: [edit]}
            return bool(self.real.score([document], one, float("-inf"))["fixP"] == 1.0)
        text = document["text"]
        wanted = [span for span in document["expected"] if self.written.overlap(span, edit)]
        return any(self.written.edited(text, edit) == self.written.edited(text, span) for span in wanted)


def _without_entity(edit: Record) -> Record:
    return {key: value for key, value in edit.items() if key != "entity"}


def safe_only(edits: Edits) -> Edits:
    """The edits that `--fix` would write."""
    return {key: [edit for edit in some if edit["safe"]] for key, some in edits.items()}


def wrong_edits(drafts: DraftSet, edits: Edits, scorers: Scorers) -> list[str]:
    """The edits that mend nothing, readable, with what stands there by the gold."""
    found = []
    for document in drafts.documents:
        text, key = document["text"], document[drafts.key]
        marks = document.get("mentions") or [
            {**span, "corrupted": kind == "expected", "op": span.get("rule"), "why": kind}
            for kind in ("expected", "must_not_flag", "may_flag")
            for span in document.get(kind, ())
        ]
        for edit in edits[key]:
            if scorers.is_right(drafts, document, edit):
                continue
            marked = [m for m in marks if m["start"] < edit["end"] and edit["start"] < m["end"]]
            here = [_gold(mark) for mark in marked] or ["no marked name"]
            surface = " ".join(text[edit["start"] : edit["end"]].split())
            found.append(f"{key}: {surface} → {edit['replacement']} ({edit['score']:.2f}; {'; '.join(here)})")
    return found


def missed(drafts: DraftSet, edits: Edits) -> list[str]:
    """The errors that no edit touches."""
    found = []
    for document in drafts.documents:
        key = document[drafts.key]
        errors = document.get("expected") or [m for m in document.get("mentions", ()) if m["corrupted"]]
        for span in errors:
            if not any(edit["start"] < span["end"] and span["start"] < edit["end"] for edit in edits[key]):
                gold = _gold({"op": span.get("rule"), **span, "corrupted": True})
                found.append(f"{key}: {span['surface']} ({gold})")
    return found


def _gold(mark: Record) -> str:
    if not mark["corrupted"]:
        return f"right: {mark['surface']}" if "why" not in mark else f"{mark['why']}: {mark['surface']}"
    return f"{mark['op']} of {mark.get('original') or mark.get('replacement')}"


def load(data: Path) -> list[DraftSet]:
    """The two sets of a data folder, their engines made ready, so that only checking is timed."""
    nobody = Engine(Registry())
    sets = []
    for name, key, file in (
        ("drafts", "doc_id", "drafts.jsonl.gz"),
        ("written", "id", "drafts_written.jsonl"),
    ):
        registry = data / f"registry_{file}"
        engine = Engine.open(Settings(registry=str(registry)))
        for each in (engine, nobody):
            each.check("Warm Blinkon met Lavrof.")
        sets.append(DraftSet(name, list(common.read_jsonl(data / file)), key, engine, nobody))
    return sets
