"""The rules as they are chosen: by options, by files, by requests."""

from __future__ import annotations

import pytest

from normalizer.checker.rules import RULES
from normalizer.errors import SettingsError
from normalizer.rulebook import RULEBOOK, Level, Rules
from normalizer.settings import Settings


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
