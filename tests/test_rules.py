"""The rules as they are chosen: by options, by files, by requests."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import CASES
from test_checker import found, unmark

from normalizer.checker.rules import RULES
from normalizer.engine import Engine
from normalizer.errors import SettingsError
from normalizer.formats import read
from normalizer.registry import Registry
from normalizer.rulebook import RULEBOOK, Level, Rule, Rules
from normalizer.settings import Settings

PAGES = CASES.parents[1] / "docs" / "rules"


def test_every_rule_stands_in_both_tables() -> None:
    assert list(RULES) == list(RULEBOOK)
    for rule in RULEBOOK.values():
        assert rule.summary


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", {}),
        ("-wrong-case", {"wrong-case": None}),
        (" -wrong-case , word-for-name=error", {"wrong-case": None, "word-for-name": Level.ERROR}),
        ("+wrong-case=info", {"wrong-case": Level.INFO}),
        ("-wrong-case,+wrong-case", {}),
        ("wrong-case=error,wrong-case=info", {"wrong-case": Level.INFO}),
    ],
)
def test_changes_leave_the_others(words: str, expected: dict[str, Level | None]) -> None:
    levels = dict(Rules().changed(words.split(","), "--rules").levels)
    assert levels == {
        rule: level for rule, level in {**dict(Rules().levels), **expected}.items() if level is not None
    }


def test_plain_ids_are_the_only_ones() -> None:
    assert Rules().changed(["wrong-case"], "").levels == (("wrong-case", Level.WARNING),)
    both = Rules().changed(["wrong-case", "word-for-name=info", "-misspelled-name"], "")
    assert both.levels == (("word-for-name", Level.INFO), ("wrong-case", Level.WARNING))


def test_a_table_of_a_file() -> None:
    table = {"rules": {"wrong-case": "off", "word-for-name": "error", "misspelled-name": True}}
    levels = dict(Settings.from_mapping(table, "x.toml").rules.levels)
    assert "wrong-case" not in levels
    assert (levels["word-for-name"], levels["misspelled-name"]) == (Level.ERROR, Level.WARNING)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"worng-case": True}, "there is no rule 'worng-case'; did you mean wrong-case?"),
        ({"x": True}, "there is no rule 'x'; known are misspelled-name, "),
        ({"wrong-case": "bad"}, "x: rules.wrong-case: 'bad' is no level; write error, warning or info"),
        ({"wrong-case": 3}, "x: rules.wrong-case: 3 is no level"),
        ([], "x: rules must be a table of rules and levels"),
    ],
)
def test_what_a_table_may_not_hold(table: object, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"rules": table}, "x")
    assert message in str(caught.value)


@pytest.mark.parametrize("words", ["+", "-", "=error", "+nothing", "wrong-case=high"])
def test_words_that_say_nothing_known(words: str) -> None:
    with pytest.raises(SettingsError, match=r"^--rules: "):
        Rules().changed([words], "--rules")


def cases() -> Iterator[object]:
    for case in tomllib.loads((CASES / "rules.toml").read_text(encoding="utf-8"))["case"]:
        yield pytest.param(case, id=case["name"])


@pytest.fixture(scope="module")
def desk() -> Engine:
    return Engine.open(Settings(registry=str(CASES / "rules.yaml")))


@pytest.mark.parametrize("case", list(cases()))
def test_findings(desk: Engine, case: dict[str, Any]) -> None:
    text, expected = unmark(case["text"])
    engine = Engine(Registry([])) if case.get("nobody") else desk
    rules = Rules().changed(case.get("rules", "").split(","), "rules")
    assert found(engine.check(text, rules)) == expected


@pytest.mark.parametrize("rule", RULEBOOK.values(), ids=RULEBOOK)
def test_every_rule_has_a_page_that_says_what_it_is(rule: Rule) -> None:
    page = (PAGES / f"{rule.id}.md").read_text(encoding="utf-8")
    fixes = {"safe": "safe and unsafe", "unsafe": "unsafe", "never": "none"}[rule.fixing.value]
    row = f"| {rule.level.value} | {fixes} | {'yes' if rule.is_on else 'no'} |"
    assert page.startswith(f"# {rule.id}\n")
    assert row in page
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    assert f"| [{rule.id}]({rule.id}.md) | {rule.summary} {row}" in index


BESIDE_KYIV = [
    ("a.md", "Kyiv was calm.\n\n> Kiev is burning.\n\nMore.", 0),
    ("a.html", "<p>Kyiv was calm.</p><blockquote><p>Kiev is burning.</p></blockquote>", 0),
    ("a.html", "<p>Kyiv was calm. He asked <q>if Kiev is burning</q>.</p>", 0),
    ("a.html", '<ul><li>He is 6" tall.</li><li>Kyiv was calm.</li><li>They saw Kiev.</li></ul>', 1),
    ("a.html", '<p>"Kyiv was calm.</p><p>They saw Kiev.</p>', 1),
    ("a.txt", "Kyiv was calm. He asked ‹if Kiev is burning›.", 0),
    ("a.txt", 'Kyiv was calm.\n\n"Kiev is burning, he wrote.\n\n"Kiev is gone."', 0),
]


@pytest.mark.parametrize(("name", "source", "number"), BESIDE_KYIV)
def test_rules_know_the_quotations_of_each_format(
    name: str, source: str, number: int, desk_engine: Engine
) -> None:
    findings = desk_engine.check(read(name, source.encode()))
    assert [finding.rule for finding in findings] == ["mixed-variants"] * number
