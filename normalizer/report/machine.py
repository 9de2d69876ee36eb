"""Reports for programs: one JSON document, or a line of JSON a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from normalizer.report.checked import CheckedDraft, Style
from normalizer.report.shapes import Record, finding_records, json_bytes


def json_text(value: object) -> str:
    """A record as one line of JSON, without its line end."""
    return json_bytes(value).decode("utf-8")


def report_jsonl(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """A line a finding, in order of files, then of places; nothing for a clean draft."""
    for draft in drafts:
        records = finding_records(draft.document, draft.findings, index)
        yield "".join(json_text(record) + "\n" for record in records)


def report_json(drafts: Iterable[CheckedDraft], index: str, style: Style) -> Iterator[str]:
    """One document, `{"index", "findings"}`, written as the findings come."""
    records = (
        record for draft in drafts for record in finding_records(draft.document, draft.findings, index)
    )
    return json_document(index, "findings", records)


def json_document(index: str | None, key: str, records: Iterable[Record]) -> Iterator[str]:
    """One JSON document that holds many records, piece by piece, a line each.

    Args:
        index: The index version; left out if None.
        key: The name of the list of records.
        records: The records, taken one at a time.
    """
    yield "{" + (f'"index":{json_text(index)},' if index is not None else "") + f'"{key}":['
    separator = "\n"
    for record in records:
        yield separator + json_text(record)
        separator = ",\n"
    yield "\n]}\n"
