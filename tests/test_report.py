"""Reports and machine records, from values made by hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.model import (
    Alias,
    AliasKind,
    Applicability,
    Candidate,
    Comparison,
    Decision,
    Document,
    Entity,
    EntityType,
    Evidence,
    Finding,
    Fix,
    Guard,
    Link,
    Mention,
    Span,
    Title,
)
from normalizer.report import REPORTERS, CheckedDraft, Style
from normalizer.report.names import comparison_text, error_text, link_text
from normalizer.report.reasons import reason
from normalizer.report.shapes import (
    SHAPES_VERSION,
    comparison_record,
    entity_record,
    finding_records,
    json_bytes,
    link_record,
    rounded,
)
from normalizer.report.visible import excerpt, shortened, visible, width

BLINKEN = Entity("antony-blinken", EntityType.PERSON, "Antony Blinken", titles=(Title("Secretary of State"),))
BUSHES = tuple(Entity(f"bush-{n}", EntityType.PERSON, f"George {n} Bush") for n in (1, 2))
EVIDENCE = Evidence("spelling", 0.857142, 0.60001, "blinkon", "blinken")
EVIDENCE_RECORD = {
    "feature": "spelling",
    "value": 0.8571,
    "weight": 0.6,
    "query": "blinkon",
    "name": "blinken",
}
SAFE, UNSAFE, DISPLAY = Applicability


def found(
    text: str, surface: str, replacement: str | None = "Blinken", kind: Applicability = SAFE, *who: Entity
) -> Finding:
    start = text.index(surface)
    candidates = tuple(Candidate(entity, Alias("Blinken"), 0.9) for entity in who or (BLINKEN,))
    return Finding(
        Span(start, start + len(surface)), surface, "misspelled-name", "one letter from Blinken", candidates,
        0.91237, (EVIDENCE,), Fix(replacement, kind),
    )  # fmt: skip


def text_report(text: str, *findings: Finding, style: Style = Style(), fixed: int = 0) -> str:  # noqa: B008
    draft = CheckedDraft(Document.of_text(text, "a.txt"), findings, fixed)
    return "".join(REPORTERS["text"]([draft], "0123", style))


# --- records -----------------------------------------------------------------------------------------


def test_link_record_field_by_field() -> None:
    first = Candidate(BLINKEN, Alias("Blinken", AliasKind.SHORT), 0.912345, (EVIDENCE,))
    second = Candidate(BUSHES[0], Alias("Bush"), 0.5)
    link = Link(Mention("Blinkon"), Decision.MATCH, (first, second), 0.412345)
    record = link_record("q1", "Blinkon", link, 1, "0123")
    assert list(record.items()) == [
        ("id", "q1"),
        ("name", "Blinkon"),
        ("decision", "match"),
        ("entity", "antony-blinken"),
        ("score", 0.9123),
        ("margin", 0.4123),
        (
            "candidates",
            [
                {
                    "entity": "antony-blinken",
                    "name": "Antony Blinken",
                    "alias": "Blinken",
                    "score": 0.9123,
                    "evidence": [EVIDENCE_RECORD],
                }
            ],
        ),
        ("index", "0123"),
    ]


@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.NIL])
def test_no_entity_without_a_match(decision: Decision) -> None:
    link = Link(Mention("x"), decision, (Candidate(BLINKEN, Alias("x"), 0.8),))
    record = link_record(7, "x", link, 5, "0123")
    assert (record["entity"], record["margin"], record["id"]) == (None, None, 7)
    assert len(record["candidates"]) == 1  # type: ignore[arg-type]


def test_nobody_near() -> None:
    record = link_record(None, "", Link(Mention(""), Decision.NIL), 5, "0123")
    assert (record["score"], record["candidates"]) == (0.0, [])


def test_comparison_record() -> None:
    record = comparison_record(Comparison(0.99999, (EVIDENCE,)), Decision.MATCH)
    assert list(record.items()) == [("score", 1.0), ("decision", "match"), ("evidence", [EVIDENCE_RECORD])]


def test_finding_record_field_by_field() -> None:
    text = "One\r\nLavrov and 𝒳 Blinkon spoke"
    document = Document.of_text(text, "drafts/a.txt")
    (record,) = finding_records(document, [found(text, "Blinkon")], "0123")
    assert list(record.items()) == [
        ("file", "drafts/a.txt"),
        ("start", 18),
        ("end", 25),
        ("line", 2),
        ("column", 14),
        ("surface", "Blinkon"),
        ("rule", "misspelled-name"),
        ("level", "warning"),
        ("message", "one letter from Blinken"),
        ("replacement", "Blinken"),
        ("applicability", "safe"),
        ("entity", "antony-blinken"),
        ("score", 0.9124),
        ("evidence", [EVIDENCE_RECORD]),
        ("index", "0123"),
    ]
    assert text[18:25] == "Blinkon"


def test_finding_that_leaves_open_who_is_meant() -> None:
    document = Document.of_text("Bsh")
    (record,) = finding_records(document, [found("Bsh", "Bsh", None, DISPLAY, *BUSHES)], "0123")
    assert (record["entity"], record["replacement"], record["applicability"]) == (None, None, "display")


def test_no_entity_where_several_may_be_meant_whatever_would_be_written() -> None:
    text = "Bsh"
    several = found(text, text, "Bush", UNSAFE, *BUSHES)
    twice = found(text, text, "Bush", UNSAFE, BUSHES[0], BUSHES[0])  # by two of its forms
    first, second = finding_records(Document.of_text(text), [several, twice], "0123")
    assert (first["entity"], first["replacement"]) == (None, "Bush")
    assert (second["entity"], second["replacement"]) == ("bush-1", "Bush")
    assert "\nGeorge 1 Bush or George 2 Bush\n" in text_report(text, several)
    assert "\nGeorge 1 Bush\n" in text_report(text, twice)


def test_headings_of_many() -> None:
    four = [Entity(str(number), EntityType.PERSON, f"Name {number}") for number in range(4)]
    assert "\nName 0 or Name 1 or Name 2 or …\n" in text_report("x", found("x", "x", "y", UNSAFE, *four))


def test_entity_record() -> None:
    entity = Entity(
        "k", EntityType.PLACE, "Kyiv",
        (Alias("Kiev", AliasKind.ACCEPTED, "en", Guard(True, ("city",)), "desk"), Alias("K")),
        (Title("Capital", "1991", None),), (("iso", "UA-30"),), ("Ukraine",), ("Kielce",),
    )  # fmt: skip
    assert entity_record(entity, "0123") == {
        "id": "k",
        "type": "place",
        "name": "Kyiv",
        "aliases": [
            {
                "name": "Kiev",
                "kind": "accepted",
                "lang": "en",
                "guard": {"cased": True, "near": ["city"]},
                "source": "desk",
            },
            {"name": "K", "kind": "alias", "lang": None, "guard": None, "source": None},
        ],
        "titles": [{"name": "Capital", "from": "1991", "until": None}],
        "ids": {"iso": "UA-30"},
        "country": ["Ukraine"],
        "not": ["Kielce"],
        "index": "0123",
    }  # fmt: skip


def test_rounding_and_lone_surrogates() -> None:
    assert str(rounded(-0.00001)) == "0.0"
    assert json.loads(json_bytes({"name": "a\ud800"})) == {"name": "a\ud800"}
    document = Document.of_text("Blinkon", "caf\udce9.txt")
    (record,) = finding_records(document, [found("Blinkon", "Blinkon")], "0123")
    assert record["file"] == "caf\\udce9.txt"


# --- reports -----------------------------------------------------------------------------------------


def test_jsonl_and_json_hold_the_same_records() -> None:
    text = "Blinkon and Blinkin"
    drafts = [
        CheckedDraft(Document.of_text(text, "a"), [found(text, "Blinkon"), found(text, "Blinkin")]),
        CheckedDraft(Document.of_text("", "b"), []),
    ]
    lines = "".join(REPORTERS["jsonl"](drafts, "0123", Style())).splitlines()
    document = json.loads("".join(REPORTERS["json"](drafts, "0123", Style())))
    assert document == {"index": "0123", "findings": [json.loads(line) for line in lines]}
    assert len(lines) == 2
    assert json.loads("".join(REPORTERS["json"]([], "0123", Style()))) == {"index": "0123", "findings": []}


def test_text_report() -> None:
    text = "Lavrov and Blinkon spoke.\nBlinking asked."
    report = text_report(text, found(text, "Blinkon"), found(text, "Blinking", "Blinken", UNSAFE))
    assert report == (
        "a.txt: 2 findings (1 safe, 1 unsafe)\n"
        "\n"
        "Antony Blinken\n"
        "  misspelled-name  Blinkon → Blinken  [safe]\n"
        "    1:12  Lavrov and Blinkon spoke.\n"
        "                     ^^^^^^^\n"
        "          why: one letter from Blinken\n"
        "  misspelled-name  Blinking → Blinken  [unsafe]\n"
        "    2:1   Blinking asked.\n"
        "          ^^^^^^^^\n"
        "          why: one letter from Blinken\n"
        "\n"
        "2 findings: 1 fixable with --fix, 1 more with --fix --unsafe-fixes.\n"
    )


def test_text_report_groups_and_counts() -> None:
    text = "Blinkon, Bsh, again Blinkon"
    again = found(text.replace("Blinkon", "xxxxxxx", 1), "Blinkon")
    report = text_report(text, found(text, "Blinkon"), found(text, "Bsh", None, DISPLAY, *BUSHES), again)
    assert "[safe]  2×" in report
    assert "George 1 Bush or George 2 Bush\n  misspelled-name  Bsh  [decide]" in report
    assert report.index("again Blinkon") < report.index("George 1 Bush")
    assert report.endswith("3 findings: 2 fixable with --fix, 1 for you to decide.\n")


def test_closing_lines() -> None:
    assert text_report("") == "No findings in 1 file.\n"
    assert text_report("", fixed=2) == "Fixed 2. No findings in 1 file.\n"
    unsafe = found("Blinkon", "Blinkon", "Blinken", UNSAFE)
    assert "fixable with --fix --unsafe-fixes." in text_report("Blinkon", unsafe, style=Style(unsafe=True))
    assert "".join(REPORTERS["text"]([], "0", Style())) == "Nothing was checked.\n"


def test_colours_only_when_asked_for() -> None:
    finding = found("Blinkon", "Blinkon")
    assert "\x1b" not in text_report("Blinkon", finding)
    assert "\x1b[31m" in text_report("Blinkon", finding, style=Style(color=True))


def test_nothing_of_a_draft_steers_the_terminal() -> None:
    text = "\x1b[2J\u202e evil \x07 Blinkon\x9b31m"
    report = text_report(text, found(text, "Blinkon"))
    assert not {"\x1b", "\u202e", "\x07", "\x9b"} & set(report)
    assert "\\x1b[2J\\u202e evil \\x07 Blinkon\\x9b31m" in report


# --- excerpts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before", ["", "plain ", "日本語 ", "e\u0301e\u0301 ", "\t\t", "\u202e", "ㅎ\u1161", "👍🏽 "]
)
def test_carets_stand_under_the_place(before: str) -> None:
    text = f"first\n{before}Blinkon spoke\r\nlast"
    start = text.index("Blinkon")
    cut = excerpt(text, start, start + 7, 80)
    assert (cut.marked, cut.after) == ("Blinkon", " spoke")
    assert cut.carets == " " * width(cut.before) + "^^^^^^^"


def test_wide_surfaces_get_wide_carets() -> None:
    assert excerpt("日本", 0, 2, 80).carets == "^^^^"
    assert excerpt("a\u0301", 0, 2, 80).carets == "^"


@given(st.text(max_size=300), st.data(), st.integers(20, 120))
def test_excerpts_fit_whatever_the_text(text: str, data: st.DataObject, columns: int) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = excerpt(text, start, end, columns)
    line = cut.before + cut.marked + cut.after
    assert width(line) <= columns
    assert not any(char in line for char in "\n\r\x1b\u202e\u2028")


def test_long_lines_and_many_marks_are_cut() -> None:
    text = "word " * 1_000_000 + "Blinkon" + "\u0301" * 100_000 + " word" * 1_000_000
    start = text.index("Blinkon")
    cut = excerpt(text, start, start + 7, 60)
    assert cut.before.startswith("…word")
    assert len(cut.before + cut.marked + cut.after) < 200


def test_visible_and_shortened() -> None:
    assert visible("a\tb\u00adc\u200dd") == "a  b\\xadc\u200dd"
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"
    assert shortened("日本語", 4) == "日…"


def test_names_for_people() -> None:
    candidate = Candidate(BLINKEN, Alias("Blinken"), 0.91)
    match = Link(Mention("Blinkon"), Decision.MATCH, (candidate,))
    assert link_text("Blinkon", match, 5, Style()) == (
        'match   Blinkon → Antony Blinken  (antony-blinken, 0.9100, by "Blinken")\n'
    )
    assert "nobody we know" in link_text("x", Link(Mention("x"), Decision.NIL), 5, Style())
    review = link_text("Bsh", Link(Mention("Bsh"), Decision.REVIEW, (candidate, candidate)), 1, Style())
    assert review.count("\n") == 2
    compared = comparison_text("A", "B", Comparison(0.5, (EVIDENCE,)), Decision.NIL, Style())
    assert compared.splitlines()[0] == "nil     0.5000  A ~ B"
    assert "blinkon is spelled much like blinken" in compared
    explained = comparison_text("A", "B", Comparison(0.5, (EVIDENCE,)), Decision.NIL, Style(), explain=True)
    assert "blinkon ~ blinken" in explained.splitlines()[-1]
    assert comparison_text("A", "", Comparison(0.0), Decision.NIL, Style()) == "nil     0.0000  A ~\n"
    assert error_text("line 8", "no\x07 name") == "error   line 8: no\\x07 name\n"
    assert error_text("", "no name") == "error   no name\n"


DOCS = Path(__file__).parents[1] / "docs" / "machine-shapes.md"


def test_the_documented_fields_are_those_written() -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert f"Shapes version {SHAPES_VERSION}." in page
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", page, re.MULTILINE)
    documented = [field for row in rows for field in re.findall(r"\w+", row)]
    candidate = Candidate(BLINKEN, Alias("Blinken"), 0.9, (EVIDENCE,))
    link = link_record(1, "x", Link(Mention("x"), Decision.MATCH, (candidate,)), 1, "0")
    (finding,) = finding_records(Document.of_text("Blinkon"), [found("Blinkon", "Blinkon")], "0")
    comparison = comparison_record(Comparison(1.0), Decision.MATCH)
    inner = link["candidates"][0]  # type: ignore[index]
    assert documented == [
        *link, *inner, *EVIDENCE_RECORD, *finding, *comparison, *entity_record(BLINKEN, "0"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (Evidence("equal", 1.0, 1.0, "joe", "joe"), ""),
        (Evidence("nickname", 0.9, 1.0, "tony", "antony"), "tony and antony are short and long for one name"),
        (Evidence("generation", 1.0, -1.0, "", "jr"), "only one is jr"),
        (Evidence("generation", 1.0, -1.0, "vii", "viii"), "vii is not viii"),
        (Evidence("which-one", 1.0, -1.0, "new", ""), "new says which of two places"),
        (Evidence("extra", 1.0, -1.0, "sir"), "sir is not in the other name"),
        (Evidence("context", 1.0, 4.0, "egypt"), "“egypt” stands in the context"),
    ],
)
def test_a_sentence_is_made_of_evidence(item: Evidence, sentence: str) -> None:
    assert reason([item]) == sentence
    both = reason([item, Evidence("sound", 0.9, 1.0, "lavrof", "lavrov")])
    assert both.count(";") == (1 if sentence else 0)
