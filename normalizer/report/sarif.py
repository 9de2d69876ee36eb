"""The report in SARIF 2.1.0, which code hosts and editors show beside the text.

Places are given by line and column and by offset, all in code points. Each result has its fix as exact
changes of the source, and a fingerprint that stays when the text around it moves.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from normalizer.model import Document, Finding
from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.fingerprints import Fingerprints
from normalizer.report.grouping import applicability, one_line
from normalizer.report.machine import json_text
from normalizer.report.shapes import Record, meant_candidate, rounded
from normalizer.rulebook import RULEBOOK, Level
from normalizer.text.places import LineMap
from normalizer.version import __version__

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
_FINGERPRINT: Final = "primaryLocationLineHash"
"""The only name that GitHub looks for."""


def report_sarif(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """One document with one run, written as the findings come; the rules that were met stand at its end."""
    rules: dict[str, int] = {}
    run = {
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "properties": {"index": index},
    }
    yield f'{{"version":"2.1.0","$schema":{json_text(_SCHEMA)},"runs":[{json_text(run)[:-1]},"results":['
    separator = "\n"
    for draft in drafts:
        for result in _results(draft, rules):
            yield separator + json_text(result)
            separator = ",\n"
    driver = {"name": "normalizer", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    yield f'\n],"tool":{json_text({"driver": driver})}}}]}}\n'


def _results(draft: CheckedDraft, rules: dict[str, int]) -> Iterator[Record]:
    document = draft.document
    lines, fingerprints = LineMap(document.text), Fingerprints(document)
    uri = _uri(document.name)
    for finding in draft.findings:
        result: Record = {
            "ruleId": finding.rule,
            "ruleIndex": rules.setdefault(finding.rule, len(rules)),
            "level": "note" if finding.level is Level.INFO else finding.level.value,
            "message": {"text": one_line(finding)},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": uri},
                        "region": _region(lines, finding.span.start, finding.span.end),
                    }
                }
            ],
            "partialFingerprints": {_FINGERPRINT: fingerprints.of(finding)},
            "rank": rounded(100 * finding.score),
            "properties": _properties(finding),
        }
        if finding.fix.replacement is not None:
            result["fixes"] = [_fix(document, finding, lines, uri)]
        yield result


def _properties(finding: Finding) -> Record:
    meant = meant_candidate(finding)
    return {
        "surface": finding.surface,
        "applicability": applicability(finding).value,
        "entity": meant.entity.id if meant is not None else None,
    }


def _fix(document: Document, finding: Finding, lines: LineMap, uri: str) -> Record:
    """The changes of the source that a fix comes to: several where markup stands in the name."""
    return {
        "description": {"text": f"Write {finding.fix.replacement}"},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": uri},
                "replacements": [
                    {
                        "deletedRegion": _region(lines, change.start, change.end),
                        "insertedContent": {"text": change.text},
                    }
                    for change in document.rewrites(finding)
                ],
            }
        ],
    }


def _region(lines: LineMap, start: int, end: int) -> Record:
    (line, column), (end_line, end_column) = lines.place(start), lines.place(end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": start,
        "charLength": end - start,
    }


def _rule(rule: str) -> Record:
    known = RULEBOOK.get(rule)
    summary = known.summary if known is not None else rule.replace("-", " ").capitalize()
    return {"id": rule, "shortDescription": {"text": summary}}


def _uri(name: str) -> str:
    """A file name as a URI: relative to where the command ran, as it was named."""
    path = posixpath.normpath(name) if name else name
    written = "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f"file://{written}" if written.startswith("/") else written
