"""The reports for code hosts and for the mail: SARIF against its schema, workflow commands, the page."""

from __future__ import annotations

import html.parser
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from conftest import CASES
from hypothesis import given
from hypothesis import strategies as st

from normalizer.engine import Engine
from normalizer.formats import read
from normalizer.model import Applicability, Document, Finding, Fix, Span
from normalizer.report import REPORTERS, CheckedDraft, Style
from normalizer.report.fingerprints import Fingerprints
from normalizer.rulebook import Level

SCHEMA = json.loads((CASES / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
PAGE = (
    "<p>President Biden met Lavrov &amp; Blinken.</p>\r\n<p>Since b<i>id</i>en’s visit, both Lavrov and\n"
    "Blin<b>k</b>&#111;n spoke. President bush, 𝒳 biden’s.</p>"
)


def finding(
    text: str, surface: str, replacement: str | None, message: str = "why", rule: str = "a-rule"
) -> Finding:
    start = text.index(surface)
    kind = Applicability.DISPLAY if replacement is None else Applicability.SAFE
    return Finding(
        Span(start, start + len(surface)), surface, rule, message, (), 0.9, (), Fix(replacement, kind)
    )


def report(name: str, *drafts: CheckedDraft) -> str:
    return "".join(REPORTERS[name](drafts, "0123", Style()))


def drafts_of(engine: Engine) -> list[CheckedDraft]:
    sources = {
        "a/ü 1.html": PAGE,
        "./b.txt": "President Biden.\rSince biden’s visit.\u2028biden",
        "/c.md": "Lavrov and **Blinken**.\n\nLavrov and *Blink*on spoke.",
        "clean.txt": "Nothing.",
        "-": "President bush met Biden.",
    }
    documents = [read(name, text.encode()) for name, text in sources.items()]
    return [CheckedDraft(document, engine.check(document)) for document in documents]


# --- sarif -------------------------------------------------------------------------------------------


def sarif(*drafts: CheckedDraft) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(report("sarif", *drafts))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    return log


def test_sarif_is_sound_with_and_without_findings(desk_engine: Engine) -> None:
    (empty,) = sarif()["runs"]
    assert (empty["results"], empty["tool"]["driver"]["rules"]) == ([], [])
    drafts = drafts_of(desk_engine)
    (run,) = sarif(*drafts)["runs"]
    assert len(run["results"]) == sum(len(draft.findings) for draft in drafts) > 5
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]
    }
    assert uris == {"a/%C3%BC%201.html", "b.txt", "file:///c.md", "-"}


def test_the_changes_in_sarif_are_those_that_fixing_makes(desk_engine: Engine) -> None:
    for draft in drafts_of(desk_engine):
        text = draft.document.text
        starts = [0, *(place + 1 for place in range(len(text)) if ends_line(text, place))]
        changes = []
        for result in sarif(draft)["runs"][0]["results"]:
            for fix in result.get("fixes", []):
                for change in fix["artifactChanges"][0]["replacements"]:
                    region = change["deletedRegion"]
                    offset = region["charOffset"]
                    assert starts[region["startLine"] - 1] + region["startColumn"] - 1 == offset
                    end = starts[region["endLine"] - 1] + region["endColumn"] - 1
                    assert end == offset + region["charLength"]
                    changes.append((offset, end, change["insertedContent"]["text"]))
        fixed = text
        for start, end, new in sorted(changes, reverse=True):
            fixed = fixed[:start] + new + fixed[end:]
        fixable = [found for found in draft.findings if found.fix.replacement is not None]
        assert fixed == draft.document.with_fixes(fixable).text


def ends_line(text: str, place: int) -> bool:
    return text[place] == "\n" or (text[place] == "\r" and text[place + 1 : place + 2] != "\n")


def test_what_is_of_the_level_info_is_a_note() -> None:
    document = Document.of_text("Bush spoke.", "a.txt")
    found = replace(finding("Bush spoke.", "Bush", None), level=Level.INFO)
    (result,) = sarif(CheckedDraft(document, [found]))["runs"][0]["results"]
    assert (result["level"], "fixes" in result, result["message"]["text"]) == ("note", False, "Bush: why")


def test_fingerprints_stay_when_other_text_moves() -> None:
    text = "Both Lavrov and Blinkon spoke of it. Both Lavrov and Blinkon spoke of it. Blinkon ate."
    moved = "New first paragraph.\n\n" + text.replace("Lavrov and", "Lavrov\nand")

    def prints(source: str, name: str = "a.txt") -> list[str]:
        document = read(name, source.encode())
        readable = document.readable()
        made, start = Fingerprints(document), 0
        found = []
        while (start := readable.text.find("Blinkon", start)) >= 0:
            span = Span(*readable.in_source(start, start + 7))
            found.append(
                made.of(Finding(span, "Blinkon", "r", "", (), 1.0, (), Fix(None, Applicability.SAFE)))
            )
            start += 1
        return found

    first, second, third = prints(text)
    assert first.split(":")[0] == second.split(":")[0] != third.split(":")[0]
    assert [mark.split(":")[1] for mark in (first, second, third)] == ["1", "2", "1"]
    assert prints(moved) == prints(text)
    assert prints("<p>" + text.replace("Blinkon", "B<b>link</b>on") + "</p>", "a.html") == prints(text)


# --- lines -------------------------------------------------------------------------------------------


def test_workflow_commands_escape_what_has_a_meaning() -> None:
    text = "x\nBlin\nkon"
    found = finding(text, "Blin\nkon", "100%", "a: b, c\r\nd%")
    draft = CheckedDraft(
        Document.of_text(text, "./50%, a:b\n.txt"),
        [found, replace(finding(text, "x", None), level=Level.INFO)],
    )
    assert report("github", draft) == (
        "::warning title=normalizer (a-rule),file=50%25%2C a%3Ab\\x0a.txt,line=2,col=1,endLine=3,endColumn=4"
        "::./50%25, a:b\\x0a.txt:2:1: Blin\\x0akon → 100%25: a: b, c\\x0d\\x0ad%25\n"
        "::notice title=normalizer (a-rule),file=50%25%2C a%3Ab\\x0a.txt,line=1,col=1,endLine=1,endColumn=2"
        "::./50%25, a:b\\x0a.txt:1:1: x: why\n"
    )
    assert report("unix", draft) == (
        "./50%, a:b\\x0a.txt:2:1: Blin\\x0akon → 100%: a: b, c\\x0d\\x0ad% [a-rule]\n"
        "./50%, a:b\\x0a.txt:1:1: x: why [a-rule]\n"
    )
    assert report("github", CheckedDraft(Document.of_text(""), [])) == ""


# --- the page ----------------------------------------------------------------------------------------


class Reader(html.parser.HTMLParser):
    """What a page holds: its text, its elements, and whether each of them is closed in its turn."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)


def page(*drafts: CheckedDraft) -> Reader:
    reader = Reader()
    reader.feed(report("html", *drafts))
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_holds_all_findings_and_nothing_from_elsewhere(desk_engine: Engine) -> None:
    drafts = drafts_of(desk_engine)
    reader = page(*drafts)
    assert sum(tag == "blockquote" for tag, _ in reader.elements) == sum(len(d.findings) for d in drafts)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in reader.elements}
    assert not any({"src", "href", "style", "onclick"} & set(attributes) for _, attributes in reader.elements)
    assert not any(outside in report("html") for outside in ("url(", "@import"))
    text = " ".join(reader.texts)
    assert "Antony Blinken" in text
    assert "1 file without findings" in text
    assert "Nothing was checked" in " ".join(page().texts)


HOSTILE = "<script>alert(1)</script>&amp;\"'`\x1b\u202e</style>"


@pytest.mark.parametrize("where", ["name", "surface", "replacement", "message", "rule", "text"])
def test_the_page_escapes_everything(where: str) -> None:
    told = {"name": "a.txt", "surface": "Blinkon", "replacement": "B", "message": "why", "rule": "r"}
    told |= {where: HOSTILE} if where in told else {}
    text = f"{HOSTILE} {told['surface']} {HOSTILE}" if where == "text" else told["surface"]
    found = finding(text, told["surface"], told["replacement"], told["message"], told["rule"])
    reader = page(CheckedDraft(Document.of_text(text, told["name"]), [found]))
    assert "script" not in {tag for tag, _ in reader.elements}
    assert "<script>alert(1)</script>&amp;\"'`\\x1b\\u202e</style>" in " ".join(reader.texts)


@given(st.text(max_size=50), st.text(max_size=20), st.text(max_size=50))
def test_any_text_gives_sound_reports(before: str, surface: str, after: str) -> None:
    text = f"{before}{surface}{after}"
    span = Span(len(before), len(before) + len(surface))
    found = Finding(span, surface, "r", "", (), 0.5, (), Fix(after, Applicability.UNSAFE))
    if span.start == span.end:
        return
    draft = CheckedDraft(Document.of_text(text, before), [found])
    page(draft)
    json.loads(report("sarif", draft))
    assert report("unix", draft).count("\n") == report("github", draft).count("\n") == 1
