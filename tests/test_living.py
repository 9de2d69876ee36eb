"""What of a draft is judged: remarks in it, accepted names, quotations, settings for some paths."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import RunCommand
from hypothesis import given
from hypothesis import strategies as st

from normalizer.checker.quotations import quotations
from normalizer.engine import Engine
from normalizer.errors import SettingsError
from normalizer.formats import read
from normalizer.formats.remarks import REMARK, scope_of
from normalizer.model import Applicability
from normalizer.rulebook import Level
from normalizer.settings import Settings
from normalizer.text.scope import Quotes, Scope, Stretches

FIRST = "President Biden met Lavrov."
BAD = "Since biden’s visit, nothing."
IGNORE = "<!-- normalizer: ignore -->"

REMARKS = {
    "behind": (f"{FIRST}\n{BAD} {IGNORE}\n{BAD}\n", [3]),
    "before, with a reason": (f"{FIRST}\n<!-- normalizer: ignore, he wants it so --> {BAD}\n{BAD}\n", [3]),
    "alone": (f"{FIRST}\n{IGNORE}\n\n{BAD}\n{BAD}\n", [5]),
    "next": (f"{FIRST}\n<!-- normalizer: ignore-next -->\n{BAD}\n{BAD}\n", [4]),
    "next, inside a line": (f"{FIRST}\n{BAD} <!--normalizer:ignore-next-->\n{BAD}\n", [2]),
    "a stretch": (
        f"{FIRST}\n<!-- normalizer: ignore-start -->\n{BAD}\n\n{BAD}\n<!--normalizer: ignore-end-->\n{BAD}\n",
        [7],
    ),
    "a stretch to the end": (f"{FIRST}\n{BAD}\n<!-- Normalizer: IGNORE-START -->\n{BAD}\n\n{BAD}\n", [2]),
    "accepted": (f"{FIRST}\n{BAD}\n<!-- normalizer: accept Hanson, biden -->\n", []),
    "accepted in other letters": (
        f"{FIRST}\n{BAD}\n<!-- normalizer: accept bidens, Biden, bid, den -->\n",
        [2],
    ),
    "two in a line": (
        f"{FIRST}\n{IGNORE} {BAD} {IGNORE}\n{BAD} <!-- normalizer: ignore-next -->\n\n{BAD}",
        [3],
    ),
    "over two lines": (f"{FIRST}\n{BAD} <!-- normalizer:\nignore --> {BAD}\n{BAD}\n", [4]),
    "somebody else's": (f"{FIRST}\n<!-- ignore -->\n{BAD}\n", [3]),
    "windows": (f"{FIRST}\r\n{BAD} {IGNORE}\r\n{BAD}\r\n", [3]),
    "old mac": (f"{FIRST}\r{BAD} {IGNORE}\r{BAD}\r", [3]),
}


def lines_of(engine: Engine, name: str, source: str) -> list[int]:
    document = read(name, source.encode())
    return [
        source[: finding.span.start].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        for finding in engine.check(document)
    ]


@pytest.mark.parametrize("suffix", ["txt", "md", "html"])
@pytest.mark.parametrize("case", REMARKS)
def test_remarks(case: str, suffix: str, desk_engine: Engine) -> None:
    source, expected = REMARKS[case]
    assert lines_of(desk_engine, f"a.{suffix}", source) == expected


@pytest.mark.parametrize(
    ("remark", "note"),
    [
        ("ignroe", "2:1: a remark with 'ignroe' is not known and does nothing; did you mean ignore?"),
        ("xyzzy", "write one of ignore, ignore-next, ignore-start, ignore-end, accept"),
        ("ignore-end", "2:1: ignore-end without an ignore-start above it"),
        ("", "a remark with '' is not known"),
    ],
)
def test_remarks_that_are_not_understood_are_told(remark: str, note: str) -> None:
    source = f"{FIRST}\n<!-- normalizer: {remark} -->\n{BAD}\n"
    for suffix in ("md", "html"):
        (told,) = read(f"a.{suffix}", source.encode()).scope.notes
        assert note in told


def test_a_remark_in_code_is_none(desk_engine: Engine) -> None:
    source = f"{FIRST}\n\n```\n<!-- normalizer: accept biden -->\n```\n\n{BAD}\n"
    assert lines_of(desk_engine, "a.md", source) == [7]
    page = f"<p>{FIRST}</p><script>'<!-- normalizer: accept biden -->'</script>\n<p>{BAD}</p>"
    assert lines_of(desk_engine, "a.html", page) == [2]


FRONT_MATTER = [
    ("---\nnormalizer: {accept: [biden, Hanson]}\n---\n", []),
    ("---\ntitle: x\nnormalizer:\n  accept:\n    - biden\n---\n", []),
    ("---\nnormalizer: {accept: biden}\n...\n", []),
    ('+++\n[normalizer]\naccept = ["biden"]\n+++\n', []),
    ("---\nnormalizer: {accept: [bid]}\n---\n", [5]),
    ("---\nnormalizer: {accept: [bid\n---\n", [5]),
    ("---\ntitle: normalizer\n---\n", [5]),
]


@pytest.mark.parametrize(("matter", "expected"), FRONT_MATTER)
def test_front_matter(matter: str, expected: list[int], desk_engine: Engine) -> None:
    source = f"{matter}{FIRST}\n{BAD}\n"
    assert lines_of(desk_engine, "a.md", source) == expected
    assert lines_of(desk_engine, "a.md", source.replace("\n", "\r\n")) == expected


def test_front_matter_that_is_not_understood_is_told() -> None:
    for own in ("[biden]", "{accept: 5, x: {}}", "{acept: [biden]}", "{accept: {a: b}}"):
        source = f"---\nnormalizer: {own}\n---\n{FIRST}\n"
        notes = read("a.md", source.encode()).scope.notes
        assert own == "{accept: 5, x: {}}" or "write normalizer: {accept: [Hanson]}" in notes[0]


# --- accepted names ----------------------------------------------------------------------------------


ACCEPTED = [
    ("Both Lavrov and Blinkon spoke.", ["Blinkon"], []),
    ("Both Lavrov and Blinkon’s aide spoke.", ["Blinkon"], []),
    ("Both Lavrov and BLINKON spoke.", ["Blinkon"], []),
    ("Both Lavrov and Blinkon spoke.", ["blinkon", "Blink", "on", "Blinkons"], ["Blinkon"]),
    ("Both Lavrov and Antony Blinkon spoke.", ["Antony Blinkon"], []),
    ("Both Lavrov and Blinkon spoke.", ["Antony Blinkon"], ["Blinkon"]),
    ("Both Lavrov and Blinkon spoke. Lavrov and Blinkan left.", ["Blinkon"], ["Blinkan"]),
]


@pytest.mark.parametrize(("text", "accepted", "left"), ACCEPTED)
def test_accepted_names_are_whole_words(
    text: str, accepted: list[str], left: list[str], desk_engine: Engine
) -> None:
    settings = Settings(accept=frozenset(accepted))
    engine = Engine(desk_engine.registry, settings)
    findings = engine.check(f"Antony Blinken arrived. {text}")
    assert [finding.surface for finding in findings] == left


def test_an_accepted_name_is_no_evidence(desk_engine: Engine) -> None:
    """Blinkon is somebody: it does not make Blinking a Blinken."""
    text = "Secretary of State Blinkon spoke. Blinking asked Lavrov to leave."
    engine = Engine(desk_engine.registry, Settings(accept=frozenset({"Blinkon"})))
    assert [finding.surface for finding in desk_engine.check(text)] == ["Blinkon", "Blinking"]
    assert engine.check(text) == []


# --- quotations --------------------------------------------------------------------------------------


QUOTED = [
    ("a.txt", f"{FIRST} “{BAD}” he said.", True),
    ("a.txt", f'{FIRST} "{BAD}" he said.', True),
    ("a.txt", f"{FIRST} „{BAD}“ he said.", True),
    ("a.txt", f"{FIRST} «{BAD}» he said.", True),
    ("a.txt", f"{FIRST} ‘{BAD}’ he said.", True),
    ("a.txt", f"{FIRST}\n\n“{BAD}\n\n“More of it.”", True),
    ("a.txt", f"{FIRST} “No,” he said. {BAD} “Yes.”", False),
    ("a.txt", f"{FIRST} He is 5' 10\" tall. {BAD}", False),
    ("a.txt", f"{FIRST} “No,” he said.\n\n{BAD}", False),
    ("a.md", f"{FIRST}\n\n> {BAD}\n\nMore.", True),
    ("a.md", f"{FIRST}\n\n> No.\n\n{BAD}", False),
    ("a.html", f"<p>{FIRST}</p><blockquote><p>{BAD}</p></blockquote>", True),
    ("a.html", f"<p>{FIRST} <q>{BAD}</q></p>", True),
    ("a.html", f"<p>{FIRST} &ldquo;{BAD}&rdquo;</p>", True),
    ("a.html", f"<blockquote>No.</blockquote><p>{FIRST} {BAD}</p><blockquote>", False),
]


@pytest.mark.parametrize(("name", "source", "is_quoted"), QUOTED)
def test_quotations(name: str, source: str, is_quoted: bool, desk_engine: Engine) -> None:
    document = read(name, source.encode())
    for quotes in Quotes:
        engine = Engine(desk_engine.registry, Settings(quotes=quotes))
        findings = engine.check(document)
        if is_quoted and quotes is Quotes.SKIP:
            assert findings == []
            continue
        (finding,) = findings
        is_told = is_quoted and quotes is Quotes.INFORM
        assert finding.level is (Level.INFO if is_told else Level.WARNING)
        _, left, fixed = engine.fix(document, set(Applicability) - {Applicability.DISPLAY})
        assert (len(left), fixed) == ((1, 0) if is_told else (0, 1))


@given(st.text(alphabet='“”„«»"‘’ a1\n', max_size=40))
def test_quotations_stand_in_order(text: str) -> None:
    found = list(quotations(text, 0, len(text)))
    assert found == sorted(found)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(found))


# --- stretches ---------------------------------------------------------------------------------------


STRETCH = st.tuples(st.integers(0, 20), st.integers(1, 5)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(STRETCH, max_size=8), STRETCH)
def test_stretches_are_as_if_looked_at_one_by_one(
    stretches: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    start, end = asked
    assert Stretches(stretches).touch(start, end) is any(a < end and start < b for a, b in stretches)
    assert Stretches(stretches).cover(start, end) is any(a <= start and end <= b for a, b in stretches)


def test_what_is_ignored_moves_with_the_text(desk_engine: Engine) -> None:
    source = f"{FIRST} Both Lavrov and Blinkonn spoke. Antony Blinken left.\n{BAD} {IGNORE}\n"
    fixed, left, count = desk_engine.fix(
        read("a.txt", source.encode()), {Applicability.SAFE, Applicability.UNSAFE}
    )
    assert (left, count) == ([], 1)
    assert fixed.text == source.replace("Blinkonn", "Blinken")


PIECES = [IGNORE, IGNORE.replace("ignore", "ignore-next"), "a", " ", "\n", "\r\n", "\r"]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_lines_are_those_that_an_editor_shows(pieces: list[str]) -> None:
    source = "".join(pieces)
    lines = re.findall(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+", source)
    expected: set[int | None] = set()
    for number, line in enumerate(lines):
        is_alone = line.strip() == IGNORE
        if IGNORE in line and not is_alone:
            expected.add(number)
        if is_alone or "ignore-next" in line:
            later = (at for at in range(number + 1, len(lines)) if lines[at].strip())
            expected.add(next(later, None))
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    stretches = scope_of(source, [found.span() for found in REMARK.finditer(source)]).ignored
    assert {starts.index(start) for start, end in stretches if end > start} == expected - {None}
    assert all(source[start:end] in ("", *lines) for start, end in stretches)


def test_many_remarks_cost_no_more_than_their_length(desk_engine: Engine) -> None:
    text = f"{IGNORE}\n" * 20_000
    assert len(
        scope_of(text, [(at, at + len(IGNORE)) for at in range(0, len(text), len(IGNORE) + 1)]).ignored
    )
    assert scope_of("<!-- normalizer: ignore" + " " * 200_000, [(0, 200_000)]) == Scope()


# --- settings ----------------------------------------------------------------------------------------


WRONG = [
    ("acept = []", "unknown setting 'acept'; did you mean accept? known are registry, "),
    ("fail_on = 'info'", "unknown setting 'fail_on'; did you mean fail-on?"),
    ("accept = 'Hanson'", "accept must be a list of texts in quotes, not 'Hanson'"),
    ("accept = ['--']", "accept: '--' holds no word"),
    ("quotes = 'check '", "quotes must be one of check, inform, skip, not 'check '"),
    ("fail-on = 'warn'", "fail-on must be one of error, warning, info, never, not 'warn'"),
    ("overrides = 3", "overrides must be tables, each under [[overrides]], not 3"),
    ("[[overrides]]\nquotes = 'skip'", "overrides[1]: no paths"),
    (
        "[[overrides]]\npaths = ['a']\nquote = 'skip'",
        "overrides[1]: unknown setting 'quote'; did you mean quotes?",
    ),
    ("[[overrides]]\npaths = ['a']\nrules = {x = 1}", "overrides[1].rules: there is no rule 'x'"),
]


@pytest.mark.parametrize(("content", "message"), WRONG)
def test_settings_that_are_not_understood(
    content: str, message: str, run: RunCommand, tmp_path: Path
) -> None:
    for name, head in ((".normalizer.toml", ""), ("pyproject.toml", "[tool.normalizer]\n")):
        if head and content.startswith("[["):
            content = content.replace("[[", "[[tool.normalizer.")
        (tmp_path / name).write_text(head + content)
        result = run("check", "x.txt")
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
        assert message in result.stderr
        (tmp_path / name).unlink()


def test_a_table_that_is_none(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nnormalizer = 3\n")
    assert "[tool.normalizer] must be a table, not 3" in run("check", "x.txt").stderr


OVERRIDES = """
accept = ["Blinkan"]
[[overrides]]
paths = ["wire/*", "*.md"]
rules = {misspelled-name = "error", wrong-case = "off"}
accept = ["Blinkon"]
[[overrides]]
paths = ["wire/old/*"]
rules = {misspelled-name = "info", wrong-case = true}
quotes = "skip"
"""


def test_overrides(run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".normalizer.toml").write_text(OVERRIDES)
    text = f"Antony Blinken came. {FIRST} {BAD} Both Lavrov and Blinkan, Lavrov and Blinkon spoke. "
    text += "“And Blinkun spoke.”\n"
    expected = {
        "a.txt": ["biden warning", "Blinkon warning", "Blinkun warning"],
        "b.md": ["Blinkun error"],
        "wire/c.txt": ["Blinkun error"],
        "wire/old/d.txt": ["biden warning"],
        "other/wire/e.txt": ["biden warning", "Blinkon warning", "Blinkun warning"],
    }
    (tmp_path / "wire/old").mkdir(parents=True)
    (tmp_path / "other/wire").mkdir(parents=True)
    for name in expected:
        (tmp_path / name).write_text(text)

    def seen(name: str, *options: str) -> list[str]:
        lines = run("check", "--format", "sarif", *options, name).stdout
        return [
            f"{result['properties']['surface']} {'info' if result['level'] == 'note' else result['level']}"
            for result in json.loads(lines)["runs"][0]["results"]
        ]

    assert {name: seen(name) for name in expected} == expected
    assert seen("wire/c.txt", "--rules", "+wrong-case,misspelled-name=info") == [
        "biden warning",
        "Blinkun info",
    ]
    monkeypatch.chdir(tmp_path / "wire")
    assert {f"wire/{name}": seen(name) for name in ("c.txt", "old/d.txt")} == {
        name: expected[name] for name in ("wire/c.txt", "wire/old/d.txt")
    }
    assert seen("../a.txt") == expected["a.txt"]


def test_an_override_without_settings_file_in_force() -> None:
    with pytest.raises(SettingsError, match="paths must be a list"):
        Settings.from_mapping({"overrides": [{"paths": "a"}]}, "x")
