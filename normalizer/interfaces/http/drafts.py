"""`/v1/check` and `/v1/fix`: drafts read, their wrong names found, and mended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from mimetypes import guess_type
from pathlib import PurePath
from typing import Final, Literal

import msgspec
from flask import Blueprint, Response, request, send_file

from normalizer import formats
from normalizer.errors import DraftError, SettingsError
from normalizer.interfaces.http.answers import json_answer
from normalizer.interfaces.http.bodies import decoded, json_body, parameters, uploaded
from normalizer.interfaces.http.description import JSON, described
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.shapes import CheckAnswer, File, FixAnswer
from normalizer.interfaces.http.state import V1, current_engine
from normalizer.model import Applicability, Document, Finding, Signature
from normalizer.report.shapes import finding_records
from normalizer.rulebook import Rules

drafts: Final = Blueprint("drafts", __name__, url_prefix=V1)
FORMATS: Final[Mapping[str, str]] = {
    "text": ".txt",
    "markdown": ".md",
    "html": ".html",
    "latex": ".tex",
    "rst": ".rst",
}
"""What the text of a request may be, and the suffix of such files in `formats.FORMATS`."""
UPLOAD: Final = "multipart/form-data"

FormatName = Literal["text", "markdown", "html", "latex", "rst"]


class CheckRequest(msgspec.Struct):
    """A draft to check, as text, and what is to be changed of the rules (`+ID`, `-ID`, `ID=LEVEL`, `ID`)."""

    text: str
    name: str = "-"
    format: FormatName = "text"
    rules: list[str] = []


class FixRequest(CheckRequest):
    """A draft to mend, as text; `unsafe` writes fixes too that a person should see."""

    unsafe: bool = False


class FixParameters(msgspec.Struct):
    """Whether fixes are written too that a person should see."""

    unsafe: bool = False


@drafts.post("/check")
@described(CheckAnswer, bodies={JSON: CheckRequest, UPLOAD: File})
def check() -> Response:
    """Find the wrong names of a draft."""
    engine = current_engine()
    rules = None
    if request.mimetype == UPLOAD:
        document, _ = _uploaded_document()
    else:
        asked = decoded(json_body(), CheckRequest)
        document, rules = _document(asked), _rules(asked)
    findings = engine.check(document, rules)
    records = list(finding_records(document, findings, engine.index_version))
    return json_answer({"index": engine.index_version, "findings": records})


@drafts.post("/fix")
@described(
    {JSON: FixAnswer, "*/*": msgspec.Raw}, bodies={JSON: FixRequest, UPLOAD: File}, parameters=FixParameters
)
def fix() -> Response:
    """Write the fixes of a draft into it: text comes back as JSON, a file as a file."""
    engine = current_engine()
    unsafe = parameters(FixParameters).unsafe
    if request.mimetype == UPLOAD:
        document, data = _uploaded_document()
        corrected, left, fixed = engine.fix(document, _allowed(unsafe))
        response = _file(document, data, corrected, left)
        response.headers["X-Normalizer-Fixed"] = str(fixed)
        return response
    asked = decoded(json_body(), FixRequest)
    corrected, findings, fixed = engine.fix(_document(asked), _allowed(unsafe or asked.unsafe), _rules(asked))
    content = {
        "index": engine.index_version,
        "text": corrected.text,
        "fixed": fixed,
        "findings": list(finding_records(corrected, findings, engine.index_version)),
    }
    return json_answer(content)


def _allowed(unsafe: bool) -> Collection[Applicability]:
    return {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}


def _rules(asked: CheckRequest) -> Rules:
    try:
        return current_engine().settings.rules.changed(asked.rules, "rules")
    except SettingsError as error:
        raise ProblemError(422, str(error), [("/rules", str(error))]) from error


def _document(asked: CheckRequest) -> Document:
    """The draft of a request; its offsets are those of the text as it was sent."""
    _ensure_short(asked.text, "/text")
    if asked.format == "text":
        return Document.of_text(asked.text, asked.name)
    reader = formats.FORMATS[FORMATS[asked.format]]
    # bytes that begin with U+FEFF would be read without it, and every place would be one less
    text = asked.text.replace("\ufeff", " ", 1) if asked.text.startswith("\ufeff") else asked.text
    try:
        document = reader.read(asked.name, text.encode(), "utf-8")
    except DraftError as error:
        raise ProblemError(422, str(error), [("/text", str(error))]) from error
    return replace(document, text=asked.text)


def _uploaded_document() -> tuple[Document, bytes]:
    """The draft of an upload, read as its name says, and its bytes."""
    name, data, fields = uploaded(current_engine().settings.limits.body)
    try:
        document = formats.read(name, data, encoding=fields.get("encoding") or None)
    except DraftError as error:
        raise ProblemError(422, str(error), [("/file", str(error))]) from error
    _ensure_short(document.text, "/file")
    return document, data


def _ensure_short(text: str, pointer: str) -> None:
    most = current_engine().settings.limits.text
    if len(text) > most:
        detail = f"a text of {len(text):,} characters; at most {most:,} are checked, send it in parts"
        raise ProblemError(413, detail, [(pointer, detail)])


def _file(document: Document, data: bytes, corrected: Document, left: Sequence[Finding]) -> Response:
    """An uploaded file with the fixes in it; text is byte for byte as it came if there are none."""
    signature = Signature("normalizer", datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ"))
    try:
        data = formats.amended(document, data, corrected, left, signature)
    except DraftError as error:
        raise ProblemError(422, str(error), [("/file", str(error))]) from error
    name = PurePath(document.name).name
    media_type = guess_type(name)[0] or "application/octet-stream"
    return send_file(BytesIO(data), media_type, as_attachment=True, download_name=name, etag=False)
