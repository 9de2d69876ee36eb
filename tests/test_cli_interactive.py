"""`check --interactive`: the answers by plain standard input, and by the keys of a real terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import DESK, RunCommand
from hypothesis import given
from hypothesis import strategies as st

from normalizer.interfaces.cli.review import Outcome, Review, ReviewedDraft
from normalizer.model import Applicability, Document, Finding, Fix, Span

DRAFT = (
    "Antony Blinken met Lavrov. Both Lavrov and Blinkon spoke. Both Lavrov and Blinken ate. Both Lavrov and\n"
    "Blinkon slept. President Biden left. Since biden’s visit, nothing. President bush and "
    "President George W. Bush.\n"
)
PLACES = {"1": ("and Blinkon spoke", "and Blinken spoke"), "2": ("Blinkon slept", "Blinken slept")}
PLACES |= {"3": ("biden’s", "Biden’s"), "4": ("President bush", "President Bush")}


def fixed(*numbers: str) -> str:
    text = DRAFT
    for number in numbers:
        text = text.replace(*PLACES[number])
    return text


@pytest.mark.parametrize(
    ("answers", "numbers", "code"),
    [
        ("yyyy y", "1234", 0),
        ("a yy y", "1234", 0),
        ("nyyy y", "234", 1),
        ("e nn y", "12", 1),
        ("d yy y", "34", 0),
        ("a nd y", "12", 1),
        ("aunnnn", "", 1),
        ("yyuuuunyyy y", "234", 1),
        ("y?yhx.y q y", "123", 1),
        ("yyyy n", "", 1),
        ("yyyy dzy", "1234", 0),
        ("yyyy", "", 1),
        ("yy", "", 1),
        ("", "", 1),
        ("q", "", 1),
        ("dddd", "", 0),
    ],
)
def test_answers_by_lines(answers: str, numbers: str, code: int, run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DRAFT.encode())
    stdin = "\n".join(answers.replace(" ", "")) + "\n" if answers else ""
    result = run("check", "-i", "a.txt", stdin=stdin)
    assert (tmp_path / "a.txt").read_bytes().decode() == fixed(*numbers)
    assert (result.exit_code, result.stderr) == (code, "")
    if not numbers:
        assert result.stdout.endswith("Nothing was written.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_what_is_shown(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DRAFT)
    shown = run("check", "-i", "a.txt", stdin="?\na\nq\ny\n").stdout
    assert shown.startswith(
        "\na.txt  1 of 4\nAntony Blinken\n  misspelled-name  Blinkon → Blinken  [safe]\n    1:44  "
    )
    assert "[y]es [a]ll 2 of this spelling [n]o" in shown
    assert "right-form         1.00   +2.40  Antony Blinken ~ line 1" in shown
    assert "2 of this spelling.\n\na.txt  3 of 4\nJoe Biden\n" in shown
    assert shown.endswith(
        "Write 2 changes into 1 file? [y]es [n]o [d]ifferences: y\na.txt: 2 changes written.\n"
    )


def test_several_files_and_answers_taken_back_in_the_last_one(run: RunCommand, tmp_path: Path) -> None:
    page = "<p>President Biden met Lavrov. Since b<i>id</i>en’s visit, nothing.</p>"
    (tmp_path / "1.txt").write_text("Nothing.")
    (tmp_path / "2.html").write_text(page)
    (tmp_path / "3.txt").write_text(DRAFT)
    (tmp_path / "4.bin").write_bytes(b"\0\1\2")
    result = run("check", "-i", "1.txt", "2.html", "3.txt", "4.bin", stdin="n\nu\ny\nq\ny\n")
    assert (tmp_path / "2.html").read_text() == page.replace("b<i>", "B<i>")
    assert (tmp_path / "3.txt").read_text() == DRAFT
    assert result.exit_code == 1
    all_of_them = run("check", "-i", "1.txt", "2.html", "3.txt", "4.bin", stdin="a\nd\nd\nd\nd\ny\n")
    assert "4.bin: is a binary file" in all_of_them.stderr
    assert all_of_them.exit_code == 2
    assert run("check", "-i", "1.txt").stdout == "No findings in 1 file.\n"


def test_a_file_changed_meanwhile_is_left_alone(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(DRAFT)
    original = Review.decide

    def decide(self: Review, *arguments: object) -> int:
        path.write_text("somebody else's")
        return original(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Review, "decide", decide)
    result = run("check", "-i", "a.txt", stdin="y\nq\ny\n")
    assert "a.txt: was changed meanwhile, so nothing was written" in result.stderr
    assert (result.exit_code, path.read_text()) == (2, "somebody else's")


def test_what_only_a_person_can_mend_is_not_written(run: RunCommand, tmp_path: Path) -> None:
    text = "Sergey Lavrov met Biden. Then lavrov, lavrov, lavrov and lavrov."
    (tmp_path / "a.txt").write_text(text)
    result = run("check", "-i", "a.txt", stdin="y\nn\nd\n")
    assert "\n[n]o [d]raft or [p]roject accepts it" in result.stdout
    assert result.stdout.count("There is nothing to write: ") == 1
    assert (result.exit_code, (tmp_path / "a.txt").read_text()) == (1, text)


@pytest.mark.parametrize("other", [["--fix"], ["--diff"], ["--format", "json"], ["-"]])
def test_what_does_not_go_together(other: list[str], run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DRAFT)
    result = run("check", "-i", "a.txt", *other)
    assert (result.exit_code, "Error:" in result.stderr) == (2, True)


# --- a terminal --------------------------------------------------------------------------------------


IN_TERMINAL = """
import fcntl, runpy, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
sys.argv = ["normalizer", "check", "-i", "a.txt"]
runpy.run_module("normalizer", run_name="__main__")
"""


class Terminal:
    """The command in a terminal of its own."""

    def __init__(self, folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "NORMALIZER_REGISTRY": str(DESK), "TERM": "xterm", "NO_COLOR": ""}
        root = str(Path(__file__).parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-c", IN_TERMINAL],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, start_new_session=True,
            env={**environment, "PYTHONPATH": root},
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Read until a text is on the screen."""
        while text not in self.shown:
            assert select.select([self._ours], [], [], 30)[0], self.shown
            self.shown += os.read(self._ours, 4096).decode(errors="replace")

    def press(self, key: str, then: str) -> None:
        self.shown = ""
        os.write(self._ours, key.encode())
        self.wait_for(then)

    def interrupt(self) -> None:
        os.killpg(self._process.pid, signal.SIGINT)

    def end(self) -> int:
        code = self._process.wait(60)
        os.close(self._ours)
        return code


def test_keys_of_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DRAFT)
    terminal = Terminal(tmp_path)
    terminal.wait_for("[h]elp: ")
    assert "\x1b[" in terminal.shown
    terminal.press("a", "3 of 4")
    terminal.press("\x1b[A", "write this one")
    terminal.press("ü", "write this one")
    terminal.press("u", "1 of 4")
    terminal.press("yyu?", "likeness")
    assert "3 of 4" in terminal.shown
    terminal.wait_for("[h]elp: ")
    assert (tmp_path / "a.txt").read_text() == DRAFT
    terminal.press("q", "Write 1 change into 1 file?")
    terminal.press("y", "1 change written.")
    assert terminal.end() == 1
    assert (tmp_path / "a.txt").read_text() == fixed("1")


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 1), ("SIGINT", 130)])
def test_going_away_writes_nothing(key: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DRAFT)
    terminal = Terminal(tmp_path)
    terminal.wait_for("[h]elp: ")
    terminal.press("a", "3 of 4")
    terminal.wait_for("[h]elp: ")
    if key == "SIGINT":
        terminal.interrupt()
    else:
        terminal.press(key, "\n")
    assert terminal.end() == code
    assert (tmp_path / "a.txt").read_text() == DRAFT


# --- what is decided ---------------------------------------------------------------------------------


@given(st.lists(st.sampled_from("ynadeu"), max_size=30), st.lists(st.sampled_from("AB"), max_size=6))
def test_every_decision_can_be_taken_back(keys: list[str], surfaces: list[str]) -> None:
    text = "".join(surfaces)
    findings = [
        Finding(Span(at, at + 1), surface, "r", "", (), 1.0, (), Fix("C", Applicability.SAFE))
        for at, surface in enumerate(surfaces)
    ]
    draft = ReviewedDraft(Document.of_text(text), b"", findings)
    review = Review([draft])
    review.current()
    before = []
    for key in keys:
        if key == "u":
            assert review.undo() is bool(before)
            if before:
                assert draft.outcomes == before.pop()
            continue
        current = review.current()
        if current is None:
            assert review.decide(Outcome.WRITE) == 0
            continue
        state = list(draft.outcomes)
        outcome = {"n": Outcome.LEAVE, "d": Outcome.ACCEPT}.get(key, Outcome.WRITE)
        surface = findings[current[1]].surface
        like = None if key in "yn" else (lambda other, surface=surface: other.surface == surface)
        assert review.decide(outcome, like) >= 1
        before.append(state)
    wanted = "".join(
        "C" if outcome is Outcome.WRITE else char for char, outcome in zip(text, draft.outcomes, strict=True)
    )
    assert draft.corrected().text == wanted
