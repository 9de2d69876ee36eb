"""The HTTP API of LanguageTool at `/v2`, so that its clients are ours: LibreOffice, browsers, editors.

https://languagetool.org/http-api/: forms come in, and offsets count UTF-16 units, as Java does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response
from msgspec import UNSET, UnsetType

from normalizer.formats.gathering import Gathering
from normalizer.interfaces.http.answers import json_answer, tagged
from normalizer.interfaces.http.bodies import FORM, form_body, form_fields, refusal
from normalizer.interfaces.http.description import described
from normalizer.interfaces.http.problems import ProblemError
from normalizer.interfaces.http.shapes import ByProtocol
from normalizer.interfaces.http.state import current_engine
from normalizer.interfaces.requests import InvalidItemError, decode
from normalizer.model import Document, Finding
from normalizer.report.shapes import Record, replacement
from normalizer.text.units import CodeUnits
from normalizer.version import __version__

languagetool: Final = Blueprint("languagetool", __name__, url_prefix="/v2")

LANGUAGES: Final = {
    "en": "English",
    "en-US": "English (US)",
    "en-GB": "English (GB)",
    "en-AU": "English (Australian)",
    "en-CA": "English (Canadian)",
    "en-NZ": "English (New Zealand)",
    "en-ZA": "English (South African)",
}
"""What drafts are written in, by code; `auto` is taken for the first of a country."""
AUTO: Final = "en-US"
CATEGORY: Final = {"id": "NAMES", "name": "Names"}
AROUND: Final = 40
"""Code points of context on each side of a match, as LanguageTool gives them."""
MOST_REPLACEMENTS: Final = 5
_AS_IT_STANDS: Final = re.compile(rb"text=(.*)&language=([A-Za-z-]+)", re.DOTALL)
_ENCODED: Final = re.compile(rb"[!-~]*")
_LINE_ENDS: Final = str.maketrans("\r\n", "  ")


class CheckForm(msgspec.Struct, rename="camel"):
    """The fields of a check; LanguageTool's others are ignored."""

    language: Annotated[str, msgspec.Meta(extra_json_schema={"examples": [*LANGUAGES, "auto"]})]
    text: str | UnsetType = UNSET
    data: str | UnsetType = UNSET
    disabled_rules: str = ""
    enabled_rules: str = ""
    enabled_only: bool = False


class Piece(msgspec.Struct, rename="camel"):
    """A stretch of an annotated text: either text, or markup and what it reads as."""

    text: str | None = None
    markup: str | None = None
    interpret_as: str = ""


class Data(msgspec.Struct):
    """A text whose markup is told apart, or a plain one."""

    annotation: list[Piece] | None = None
    text: str | None = None


@languagetool.get("/languages")
@described(list[ByProtocol])
def languages() -> Response:
    """List the languages that drafts may be in."""
    return tagged(json_answer([{"name": LANGUAGES[code], **_codes(code)} for code in LANGUAGES]))


@languagetool.post("/check")
@described(ByProtocol, bodies={FORM: CheckForm})
def check() -> Response:
    """Find the wrong names of a text, as LanguageTool tells of mistakes."""
    data = form_body()
    asked = _unencoded(data) or form_fields(data, CheckForm)
    code = _language(asked.language)
    document = _document(asked)
    most = current_engine().settings.limits.text
    if len(document.text) > most:
        raise ProblemError(413, f"a text of {len(document.text):,} characters; at most {most:,} are checked")
    findings = [
        finding for finding in current_engine().check(document) if _is_wanted(rule_id(finding.rule), asked)
    ]
    language = {"name": LANGUAGES[code], "code": code}
    content = {
        "software": {"name": "normalizer", "version": __version__, "apiVersion": 1, "premium": False},
        "warnings": {"incompleteResults": False},
        "language": {**language, "detectedLanguage": language},
        "matches": _matches(document, findings),
    }
    return json_answer(content)


def _unencoded(data: bytes) -> CheckForm | None:
    """The form of LibreOffice 7, which sends a text as it stands, with its & and % and spaces."""
    found = _AS_IT_STANDS.fullmatch(data)
    if found is None or _ENCODED.fullmatch(data):
        return None
    try:
        return CheckForm(language=found[2].decode(), text=found[1].decode())
    except UnicodeDecodeError:
        return None


def rule_id(rule: str) -> str:
    """A rule's id as LanguageTool writes such."""
    return rule.upper().replace("-", "_")


def _codes(code: str) -> Record:
    return {"code": code.partition("-")[0], "longCode": code}


def _language(name: str) -> str:
    """The code of a language by its name in any case."""
    if name.lower() == "auto":
        return AUTO
    known = {code.lower(): code for code in LANGUAGES}
    code = known.get(name.lower())
    if code is None:
        detail = f"{name[:50]!r} is not read; the languages are {', '.join(LANGUAGES)} and auto"
        raise ProblemError(400, detail, [("/language", detail)])
    return code


def _document(asked: CheckForm) -> Document:
    if (asked.text is UNSET) == (asked.data is UNSET):
        raise ProblemError(400, 'the form must have either a field "text" or a field "data"')
    if isinstance(asked.data, UnsetType):
        return Document.of_text(asked.text or "")
    try:
        data = decode(asked.data.encode(), Data)
    except InvalidItemError as error:
        raise refusal(error, 400) from error
    if (data.text is None) == (data.annotation is None):
        raise ProblemError(400, 'the data must have either "annotation" or "text"')
    return Document.of_text(data.text) if data.text is not None else annotated(data.annotation or [])


def annotated(pieces: Sequence[Piece]) -> Document:
    """A draft of text and markup; its places count both.

    Raises:
        ProblemError: A piece is neither text nor markup, or both.
    """
    for number, piece in enumerate(pieces):
        if (piece.text is None) == (piece.markup is None):
            detail = 'a piece must have either "text" or "markup"'
            raise ProblemError(400, detail, [(f"/annotation/{number}", detail)])
    source = "".join(piece.text if piece.text is not None else piece.markup or "" for piece in pieces)
    gathering, start = Gathering(source), 0
    for piece in pieces:
        end = start + len(piece.text if piece.text is not None else piece.markup or "")
        if piece.text is not None:
            gathering.text(start, end)
        elif "\n\n" in piece.interpret_as:
            gathering.end_block()
        elif end > start:
            gathering.piece(start, end, piece.interpret_as)
        start = end
    gathering.end_block()
    return Document("-", source, tuple(gathering.blocks), markup=tuple(gathering.markup))


def _is_wanted(rule: str, asked: CheckForm) -> bool:
    if asked.enabled_only:
        return rule in asked.enabled_rules.split(",")
    return rule not in asked.disabled_rules.split(",")


def _matches(document: Document, findings: Sequence[Finding]) -> list[Record]:
    units = CodeUnits(document.text)
    return [_match(document, finding, units) for finding in findings]


def _match(document: Document, finding: Finding, units: CodeUnits) -> Record:
    start, end = finding.span.start, finding.span.end
    first, last = max(0, start - AROUND), min(len(document.text), end + AROUND)
    length = units.at(end) - units.at(start)
    around = document.text[first:last].translate(_LINE_ENDS)
    return {
        "message": finding.message,
        "shortMessage": "Name",
        "replacements": [{"value": value} for value in _replacements(document, finding)],
        "offset": units.at(start),
        "length": length,
        "context": {"text": around, "offset": units.at(start) - units.at(first), "length": length},
        "sentence": around,
        "type": {"typeName": "UnknownWord"},
        "rule": {
            "id": rule_id(finding.rule),
            "description": finding.rule.replace("-", " ").capitalize(),
            "issueType": "misspelling",
            "category": CATEGORY,
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": -1,
    }


def _replacements(document: Document, finding: Finding) -> list[str]:
    """What may stand there instead: the fix, or the right forms of those who may be meant."""
    wanted = replacement(document, finding)
    if wanted is not None:
        return [wanted]
    forms = [
        candidate.alias.name if candidate.alias.kind.is_printable else candidate.entity.name
        for candidate in finding.candidates
    ]
    return [form for form in dict.fromkeys(forms) if form != finding.surface][:MOST_REPLACEMENTS]
