"""Runs narrowed to what is new: real git repositories, baselines, levels that fail."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from conftest import DESK, RunCommand

from normalizer.formats.files import DRAFT_SUFFIXES
from normalizer.interfaces.cli.check import check

FIRST = "President Biden met Lavrov.\n"
BAD = "Since biden’s visit, nothing.\n"
GIT = ("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True)


def places(result: Result) -> list[str]:
    return [f"{record['file']}:{record['line']}" for record in map(json.loads, result.stdout.splitlines())]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init")
    for name in ("a.txt", "b.md", "c d.txt", "same.txt", "sub/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{FIRST}{BAD}{BAD}")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_since(run: RunCommand, repository: Path) -> None:
    (repository / "a.txt").write_text(f"{FIRST}{BAD}New. {BAD}{BAD}")
    (repository / "b.md").write_bytes(f"{FIRST}{BAD}{BAD}".replace("\n", "\r\n").encode())
    (repository / "c d.txt").write_text(FIRST)
    (repository / "sub/e.txt").write_text(f"{BAD}{FIRST}{BAD}{BAD}")
    (repository / "new.txt").write_text(f"{FIRST}{BAD}")
    names = ["a.txt", "b.md", "c d.txt", "same.txt", "sub", "new.txt"]
    result = run("check", "--since", "HEAD", "--format", "jsonl", *names)
    assert places(result) == ["a.txt:3", "b.md:2", "b.md:3", "sub/e.txt:1", "new.txt:2"]
    assert (result.exit_code, result.stderr) == (1, "")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "second")
    assert places(run("check", "--since", "HEAD", "--format", "jsonl", *names)) == []
    assert len(places(run("check", "--since", "HEAD~1", "--format", "jsonl", *names))) == 5


def test_since_fixes_no_other_line(run: RunCommand, repository: Path) -> None:
    (repository / "a.txt").write_text(f"{FIRST}{BAD}")
    git(repository, "commit", "-a", "-m", "second")
    (repository / "a.txt").write_text(f"{FIRST}{BAD}New: {BAD}")
    assert run("check", "--since", "HEAD", "--fix", "a.txt").exit_code == 0
    assert (repository / "a.txt").read_text() == f"{FIRST}{BAD}New: {BAD.replace('b', 'B')}"


def test_since_inside_a_hook_and_through_a_link(
    run: RunCommand, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / "a.txt").write_text(f"{FIRST}{BAD}{BAD}{BAD}")
    monkeypatch.setenv("GIT_DIR", ".git")
    (repository / "link").symlink_to(repository, target_is_directory=True)
    assert places(run("check", "--since", "HEAD", "--format", "jsonl", "link/a.txt")) == ["link/a.txt:4"]
    monkeypatch.chdir(repository / "sub")
    assert places(run("check", "--since", "main", "--format", "jsonl", "../a.txt")) == ["../a.txt:4"]


def test_since_where_there_is_none(
    run: RunCommand,
    repository: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for revision in ("nowhere", "--output=x", "HEAD..main"):
        result = run("check", f"--since={revision}", "--format", "json", "a.txt", "b.md")
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert f"--since: '{revision}' is no revision of the repository" in result.stderr
    outside = tmp_path_factory.mktemp("outside") / "a.txt"
    outside.write_text(f"{FIRST}{BAD}")
    result = run("check", "--since", "HEAD", "--format", "jsonl", str(outside), "a.txt")
    assert (result.exit_code, "is in no git repository; check it without --since" in result.stderr) == (
        2,
        True,
    )
    assert run("check", "--since", "HEAD", "-").exit_code == 2


def test_without_git(repository: Path) -> None:
    environment = {**os.environ, "PATH": str(repository), "NORMALIZER_REGISTRY": str(DESK)}
    command = [sys.executable, "-m", "normalizer", "check", "--format", "unix"]
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    ran = [
        subprocess.run([*command, *more], cwd=repository, env=environment, capture_output=True, check=False)
        for more in (["--since", "HEAD", "a.txt"], ["."])
    ]
    assert (ran[0].returncode, ran[0].stdout) == (2, b"")
    assert ran[0].stderr == b"normalizer: git cannot be run; install it, or leave --since out\n"
    assert (ran[1].returncode, ran[1].stderr, len(ran[1].stdout.splitlines())) == (1, b"", 10)


def test_what_git_ignores_is_passed_over(run: RunCommand, repository: Path) -> None:
    (repository / ".gitignore").write_text("old/\n*.html\n!kept.html\nb.md\n")
    for name in ("old/a.txt", "x.html", "kept.html", "inner/a.txt", "old/deep/b.txt"):
        (repository / name).parent.mkdir(exist_ok=True, parents=True)
        (repository / name).write_text(f"{FIRST}{BAD}")
    git(repository / "inner", "init")
    found = {place.partition(":")[0] for place in places(run("check", "--format", "jsonl", "."))}
    known = {"./a.txt", "./b.md", "./c d.txt", "./same.txt", "./sub/e.txt"}  # b.md is tracked
    assert found == {*known, "./kept.html", "./inner/a.txt"}
    assert len(places(run("check", "--format", "jsonl", "old", "x.html"))) == 3
    (repository / "most").mkdir()
    (repository / "most/x.html").write_text("x")
    result = run("check", "most")
    assert "most: git ignores all drafts in this folder; name them to check them" in result.stderr


# --- baselines ---------------------------------------------------------------------------------------


def test_a_baseline(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{FIRST}{BAD}")
    (tmp_path / "b.txt").write_text(f"{FIRST}Both Lavrov and Antony Blinkon spoke.\n")
    result = run("check", "--write-baseline", "known.json", "a.txt", "b.txt")
    assert (result.exit_code, result.stdout) == (0, "known.json: 2 findings of 2 files written.\n")
    first = (tmp_path / "known.json").read_text()
    assert [set(entry) for entry in json.loads(first)["findings"]] == [
        {"file", "rule", "surface", "fingerprint"}
    ] * 2
    options = ("check", "--baseline", "known.json")
    assert run(*options, "a.txt", "b.txt").stdout == "No findings in 2 files.\n"
    text = f"A new line.\n\nNow {FIRST}\n{BAD}And then Lavrov saw biden again.\n"
    (tmp_path / "a.txt").write_text(text)
    result = run(*options, "--format", "jsonl", "a.txt", "b.txt")
    assert (places(result), result.stderr) == (["a.txt:6"], "")
    assert run(*options, "--fix", "a.txt").exit_code == 0
    assert (tmp_path / "a.txt").read_text() == text.replace("saw biden", "saw Biden")
    (tmp_path / "b.txt").write_text(FIRST)
    result = run(*options, "a.txt", "b.txt")
    assert result.exit_code == 0
    assert result.stderr == (
        "normalizer: known.json: 1 known finding is gone: b.txt (1); "
        "--write-baseline known.json takes it out\n"
    )
    assert run(*options, "a.txt").stderr == ""
    assert run("check", "--write-baseline", "known.json", "b.txt").exit_code == 0
    kept = json.loads((tmp_path / "known.json").read_text())["findings"]
    assert [entry["file"] for entry in kept] == ["a.txt"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [1]}']
)
def test_what_is_no_baseline(content: str, run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRST)
    (tmp_path / "known.json").write_text(content)
    result = run("check", "--baseline", "known.json", "a.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "known.json: is no baseline of this version; write it anew" in result.stderr
    missing = run("check", "--baseline", "none.json", "a.txt")
    assert "none.json: there is no such baseline; write one with --write-baseline none.json" in missing.stderr
    assert run("check", "--baseline", "none.json", "--write-baseline", "x", "a.txt").exit_code == 2


# --- levels ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "fail_on", "code"),
    [
        ("error", "error", 1), ("warning", "error", 0), ("info", "error", 0),
        ("error", "warning", 1), ("warning", "warning", 1), ("info", "warning", 0),
        ("error", "info", 1), ("info", "info", 1), ("error", "never", 0), ("info", "never", 0),
    ],
)  # fmt: skip
def test_fail_on(level: str, fail_on: str, code: int, run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{FIRST}{BAD}")
    rules = ("--rules", f"wrong-case={level}")
    assert run("check", *rules, "--fail-on", fail_on, "a.txt").exit_code == code
    assert run("check", "-i", *rules, "--fail-on", fail_on, "a.txt", stdin="n\n").exit_code == code
    (tmp_path / ".normalizer.toml").write_text(f'fail-on = "{fail_on}"\n')
    assert run("check", *rules, "a.txt").exit_code == code
    assert run("check", *rules, "--fail-on", "info", "a.txt").exit_code == 1
    assert run("check", *rules, "a.txt", "missing.txt").exit_code == 2


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(FIRST if number else f"{FIRST}{BAD}")
    environment = {**os.environ, "NORMALIZER_REGISTRY": str(DESK), "TERM": "xterm"}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "normalizer", "check", "--format", "unix", "."]
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert [f"{number} of 5  ./{number - 1}.txt" in shown for number in range(1, 6)] == [True] * 5
    assert shown.endswith("\r\x1b[K")
    assert len(done.stdout.splitlines()) == 1
    piped = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert (piped.stdout, piped.stderr) == (done.stdout, b"")


def test_remarks_that_do_nothing_are_told(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{FIRST}<!-- normalizer: ignroe -->\n{BAD}")
    result = run("check", "a.md")
    assert result.stderr.startswith("normalizer: a.md:2:1: a remark with 'ignroe' is not known")
    assert result.exit_code == 1


def test_the_configuration_is_looked_for_here_then_with_the_draft(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("here", "there/sub"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "there/.normalizer.toml").write_text('accept = ["biden"]')
    draft = tmp_path / "there/sub/a.txt"
    draft.write_text(f"{FIRST}{BAD}")
    monkeypatch.chdir(tmp_path / "here")
    assert run("check", draft).exit_code == 0
    assert run("check", draft.parent).exit_code == 0
    (tmp_path / "here/.normalizer.toml").write_text("")
    assert run("check", draft).exit_code == 1


# --- accepted in the project -------------------------------------------------------------------------


CONFIGURATIONS = {
    ".normalizer.toml": [
        ("", 'accept = ["biden"]\n'),
        ("# names\n[rules]  # ours\nwrong-case = true\n", None),
        ('accept = ["Hanson"]  # from Ulm\nquotes = "check"\n', None),
        ('accept = [\n  "Hanson",  # from Ulm\n]\n[limits]\nname = 100\n', None),
    ],
    "pyproject.toml": [
        ('[tool.normalizer]\nquotes = "skip" # no\n\n[tool.other]\nx = 1\n', None),
        ("[tool.normalizer.rules]\nwrong-case = true\n[project]\nname = 'x'\n", None),
    ],
}


@pytest.mark.parametrize(
    ("name", "before", "after"), [(name, *case) for name, cases in CONFIGURATIONS.items() for case in cases]
)
def test_accepted_in_the_project(
    name: str,
    before: str,
    after: str | None,
    run: RunCommand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / name
    if before:
        path.write_text(before)
    for draft in ("a.txt", "b.txt"):
        (tmp_path / draft).write_text(f"{FIRST}{BAD}")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub" if before else tmp_path)
    drafts = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert run("check", "-i", *drafts, stdin="p\nn\n").exit_code == 0
    assert (path.read_text() if before else path.exists()) == (before or False)
    result = run("check", "-i", *drafts, stdin="p\ny\n")
    assert "“biden” is accepted in this project (1× here)." in result.stdout
    shown = f"../{name}" if before else name
    assert (
        f"Accept “biden” in {shown}, for all drafts? [y]es [n]o: y\n{shown}: 1 name added." in result.stdout
    )
    assert "Nothing was written" not in result.stdout
    content = path.read_text()
    assert after is None or content == after
    parsed = tomllib.loads(content)
    table = parsed["tool"]["normalizer"] if "tool" in parsed else parsed
    assert table.pop("accept") == (["Hanson", "biden"] if "Hanson" in before else ["biden"])
    assert set(before.split("\n")) - set(content.split("\n")) <= {'accept = ["Hanson"]  # from Ulm'}
    assert content.count("#") == before.count("#")
    assert run("check", *drafts).stdout == "No findings in 2 files.\n"


def test_acceptance_is_taken_back(run: RunCommand, tmp_path: Path) -> None:
    for draft in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / draft).write_text(f"{FIRST}{BAD}")
    (tmp_path / "c.txt").write_text(f"{FIRST}{BAD}Both Lavrov and Antony Blinkon spoke.\n")
    result = run("check", "-i", "a.txt", "b.txt", "c.txt", stdin="p\nu\nn\nn\nn\nn\n")
    assert (result.exit_code, result.stdout.count("a.txt  1 of 1")) == (1, 2)
    assert result.stdout.endswith("Nothing was written.\n")
    assert not (tmp_path / ".normalizer.toml").exists()


def test_a_configuration_that_cannot_be_written(run: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{FIRST}{BAD}")
    (tmp_path / ".normalizer.toml").mkdir()
    result = run("check", "-i", "a.txt", stdin="p\ny\n")
    assert ".normalizer.toml: no names can be added to its accept list: " in result.stderr
    assert result.exit_code == 2


def test_the_hooks_are_of_what_is_checked_in_folders() -> None:
    hooks = yaml.safe_load((Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        assert set(hook) <= {"id", "name", "description", "entry", "language", "files", "require_serial"}
        pattern = re.compile(hook["files"])
        assert all(pattern.search(f"drafts/a{suffix}") for suffix in DRAFT_SUFFIXES)
        assert not pattern.search("a.py")
        command = hook["entry"].split()
        assert command[:2] == ["normalizer", "check"]
        assert set(command[2:]) <= {option for parameter in check.params for option in parameter.opts}
