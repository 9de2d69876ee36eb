"""The stable machine records: what pipelines read, the same on the command line and over HTTP.

Shapes version 1, described in `docs/machine-shapes.md`. Fields are only ever added. Scores, margins,
values and weights are rounded to four decimals; the order of fields is fixed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from normalizer.model import Candidate, Comparison, Decision, Document, Entity, Evidence, Finding, Link
from normalizer.text.markup import applied
from normalizer.text.places import LineMap

SHAPES_VERSION: Final = 1
Record = dict[str, object]
ItemId = str | int | float | None

_encoder: Final = msgspec.json.Encoder()


def rounded(number: float) -> float:
    """A score as it is written: four decimals, and never a negative zero."""
    return round(number, 4) + 0.0


def evidence_records(evidence: Iterable[Evidence]) -> list[Record]:
    """Records of evidence: feature, value, weight, and the two parts compared."""
    return [
        {
            "feature": item.feature,
            "value": rounded(item.value),
            "weight": rounded(item.weight),
            "query": item.query,
            "name": item.name,
        }
        for item in evidence
    ]


def link_record(item_id: ItemId, name: str, link: Link, limit: int, index: str) -> Record:
    """The record of a linked name.

    Args:
        item_id: The id that was sent with the name, given back as it came.
        name: The name as it was sent.
        link: The answer.
        limit: Most candidates to write.
        index: The index version.
    """
    return {
        "id": item_id,
        "name": name,
        "decision": link.decision.value,
        "entity": link.entity.id if link.entity is not None else None,
        "score": rounded(link.score),
        "margin": rounded(link.margin) if link.margin is not None else None,
        "candidates": [_candidate_record(candidate) for candidate in link.candidates[:limit]],
        "index": index,
    }


def _candidate_record(candidate: Candidate) -> Record:
    return {
        "entity": candidate.entity.id,
        "name": candidate.entity.name,
        "alias": candidate.alias.name,
        "score": rounded(candidate.score),
        "evidence": evidence_records(candidate.evidence),
    }


def error_record(item_id: ItemId, message: str) -> Record:
    """The record that stands in place of an item that cannot be answered."""
    return {"id": item_id, "error": message}


def comparison_record(comparison: Comparison, decision: Decision) -> Record:
    """The record of two compared names."""
    return {
        "score": rounded(comparison.score),
        "decision": decision.value,
        "evidence": evidence_records(comparison.evidence),
    }


def finding_records(document: Document, findings: Sequence[Finding], index: str) -> Iterator[Record]:
    """The records of a draft's findings, in their order.

    Offsets are code points of the document's text: `text[start:end]` is what `replacement` replaces, the
    markup that stands in it included.
    `entity` is null where the finding leaves open who is meant, even if there is one replacement for all.
    """
    lines = LineMap(document.text) if findings else None
    for finding in findings:
        assert lines is not None
        line, column = lines.place(finding.span.start)
        meant = meant_candidate(finding)
        yield {
            "file": well_formed(document.name),
            "start": finding.span.start,
            "end": finding.span.end,
            "line": line,
            "column": column,
            "surface": finding.surface,
            "rule": finding.rule,
            "level": finding.level.value,
            "message": finding.message,
            "replacement": replacement(document, finding),
            "applicability": finding.fix.applicability.value,
            "entity": meant.entity.id if meant is not None else None,
            "score": rounded(finding.score),
            "evidence": evidence_records(finding.evidence),
            "index": index,
        }


def replacement(document: Document, finding: Finding) -> str | None:
    """What to write in place of a finding's span; None where only a person can decide."""
    if finding.fix.replacement is None:
        return None
    return applied(document.text, document.rewrites(finding), finding.span.start, finding.span.end)


def meant_candidate(finding: Finding) -> Candidate | None:
    """Whom a finding means; nobody where it may be one of several, whatever would be written."""
    entities = {candidate.entity.id for candidate in finding.candidates}
    return finding.candidates[0] if len(entities) == 1 else None


def entity_record(entity: Entity, index: str) -> Record:
    """The record of a registry's entity."""
    return {
        "id": entity.id,
        "type": entity.type.value,
        "name": entity.name,
        "aliases": [
            {
                "name": alias.name,
                "kind": alias.kind.value,
                "lang": alias.lang,
                "guard": {"cased": alias.guard.cased, "near": list(alias.guard.near)}
                if alias.guard
                else None,
                "source": alias.source,
            }
            for alias in entity.aliases
        ],
        "titles": [
            {"name": title.name, "from": title.since, "until": title.until} for title in entity.titles
        ],
        "ids": dict(entity.ids),
        "country": list(entity.countries),
        "not": list(entity.never),
        "index": index,
    }


def well_formed(text: str) -> str:
    """A text that UTF-8 can hold: lone surrogates (of undecodable file names) are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def json_bytes(value: object) -> bytes:
    """A record, or anything made of records, as JSON in UTF-8, on one line."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:  # a lone surrogate somewhere, which JSON can only hold as an escape
        return json.dumps(value, separators=(",", ":")).encode("ascii")
