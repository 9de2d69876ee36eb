"""The README, the three pages for readers and those of the rules: everything they show is run.

Each page is read from top to bottom, in a folder of its own that holds copies of `examples/` and `aliases/`.
What its fenced blocks mean:

- ```console is a session. A line that begins with `$ ` is a command (one that ends in a backslash goes on in
  the next line), the lines under it are all that it prints, on both streams. Every command is run, whatever
  its first word, by `sh`, where `normalizer` is `python -m normalizer` of this checkout. `cd` holds for the
  rest of the page, and `echo $?` sees the exit code of the command before. `normalizer serve` is not started
  anew: one real server runs for this module on a free port, and its first line must be the one shown. Where a
  page says http://127.0.0.1:8000, that server is asked. Without curl on the machine, its commands are passed
  over.
- ```python is run in this process, all blocks of a page in one namespace; a ```text block right behind it is
  what it prints.
- A block with a second word in its first line (```yaml desk/aliases/people.yaml) is a file: it is written
  where that word says, before the page goes on.
- Other blocks are for reading; of these only the options are looked at, and of ```sh blocks, which hold other
  programs' commands, nothing.

In what is shown, a line `…` stands for any number of lines, and `…` inside a line for any run of characters.
Blanks at the ends of lines do not count.

To see what a page should say, run this file's tests: the message of a failure holds the real output.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

from normalizer.interfaces.cli.app import app

PROJECT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "docs/copy-editors.md",
    "docs/configuration.md",
    "docs/pipelines.md",
    "docs/data-people.md",
    *(f"docs/rules/{page.name}" for page in sorted((PROJECT / "docs" / "rules").glob("*.md"))),
    "docs/judgements.md",
)
ADDRESS = "http://127.0.0.1:8000"
FENCED = re.compile(r"^(?P<fence>```+)(\w+)(?: (\S+))?\n(.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it is, its text, and the line of the page it begins on."""

    language: str
    file: str
    text: str
    line: int
    follows: bool  # nothing stands between it and the block before


@dataclass(frozen=True)
class Command:
    """A command of a session, and what it is shown to print."""

    text: str
    shown: str
    line: int


def blocks_of(page: str) -> list[Block]:
    blocks, end = [], 0
    for found in FENCED.finditer(page):
        line = page.count("\n", 0, found.start()) + 2
        follows = bool(blocks) and not page[end : found.start()].strip()
        blocks.append(Block(found[2], found[3] or "", found[4], line, follows))
        end = found.end()
    return blocks


def commands_of(block: Block) -> list[Command]:
    commands: list[tuple[list[str], list[str], int]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            commands.append(([line[2:]], [], number))
        elif commands and not commands[-1][1] and commands[-1][0][-1].endswith("\\"):
            commands[-1][0].append(line)
        elif commands:
            commands[-1][1].append(line + "\n")
        else:
            raise AssertionError(f"line {number}: a console block begins with a command")
    return [Command("\n".join(words), "".join(shown), number) for words, shown, number in commands]


def is_as_shown(shown: str, real: str) -> bool:
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in real.splitlines())) is not None


@dataclass
class Server:
    """The running service: its address, and the line that said so."""

    address: str
    greeting: str


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `normalizer` is the one of this checkout."""
    folder = tmp_path_factory.mktemp("programs")
    script = folder / "normalizer"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m normalizer "$@"\n')
    script.chmod(0o755)
    return folder


def environment(programs: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "NORMALIZER_REGISTRY"}
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**inherited, "PATH": path, "PYTHONPATH": str(PROJECT), "LC_ALL": "C", "no_proxy": "127.0.0.1"}


@pytest.fixture(scope="module")
def server(programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    command = [sys.executable, "-m", "normalizer", "serve", "--port", "0", "--workers", "1"]
    child = subprocess.Popen(
        command,
        cwd=tmp_path_factory.mktemp("service"),
        env=environment(programs),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    with child:
        try:
            greeting = child.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", greeting)
            assert found, greeting + child.stderr.read()
            yield Server(found[0], greeting.replace(found[0], ADDRESS))
        finally:
            child.send_signal(signal.SIGTERM)
            assert child.wait(60) == 0
        assert child.stderr.read() == ""


@dataclass
class Reader:
    """Somebody who does all that a page says, in a folder, and notes where it turns out otherwise."""

    page: str
    folder: Path
    programs: Path
    server: Server
    exit_code: int = 0
    namespace: dict[str, object] = field(default_factory=lambda: {"__name__": "__page__"})
    faults: list[str] = field(default_factory=list)

    def read(self, text: str) -> None:
        printed = None
        for block in blocks_of(text):
            if block.file:
                path = self.folder / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                for command in commands_of(block):
                    self.run(command)
            elif block.language == "python":
                printed = self.execute(block)
                continue
            elif block.language == "text" and block.follows and printed is not None:
                self.compare(block.line, "python", block.text, printed)
            printed = None

    def run(self, command: Command) -> None:
        words = command.text.split()
        if words[:2] == ["normalizer", "serve"]:
            self.compare(command.line, command.text, command.shown, self.server.greeting)
        elif words[0] == "cd":
            self.folder /= words[1]
        elif "curl" not in words or shutil.which("curl"):
            done = subprocess.run(
                ["sh", "-c", f"(exit {self.exit_code})\n{self.here(command.text)}"],
                cwd=self.folder, env=environment(self.programs), timeout=60, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            self.exit_code = done.returncode
            real = done.stdout.decode("utf-8").replace(self.server.address, ADDRESS)
            self.compare(command.line, command.text, command.shown, real)

    def execute(self, block: Block) -> str:
        source = "\n" * (block.line - 1) + self.here(block.text)
        output = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(output):
            try:
                exec(compile(source, self.page, "exec"), self.namespace)
            except Exception:
                self.faults.append(f"{self.page}:{block.line}: {traceback.format_exc(limit=-1)}")
        return output.getvalue()

    def here(self, text: str) -> str:
        return text.replace(ADDRESS, self.server.address)

    def compare(self, line: int, what: str, shown: str, real: str) -> None:
        if not is_as_shown(shown, real):
            self.faults.append(f"{self.page}:{line}: {what}\n--- shown\n{shown}--- real\n{real}---\n")


@pytest.mark.skipif(shutil.which("sh") is None, reason="the sessions are for sh")
@pytest.mark.parametrize("name", PAGES)
def test_everything_shown_is_so(
    name: str, programs: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for folder in ("examples", "aliases"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    reader = Reader(name, tmp_path, programs, server)
    reader.read((PROJECT / name).read_text(encoding="utf-8"))
    assert not reader.faults, "\n".join(["", *reader.faults])


@pytest.mark.parametrize("name", PAGES)
def test_links_point_somewhere(name: str) -> None:
    text = FENCED.sub("", (PROJECT / name).read_text(encoding="utf-8"))
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert targets
    for target in targets:
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            page = (PROJECT / name).parent / path if path else PROJECT / name
            assert page.is_file(), target
            assert not anchor or anchor in anchors_of(page.read_text(encoding="utf-8")), target


def anchors_of(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_options_exist(name: str) -> None:
    text = re.sub(r"^```sh\n.*?^```$", "", (PROJECT / name).read_text(encoding="utf-8"), flags=re.M | re.S)
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    assert named
    assert named <= options_of(app), sorted(named - options_of(app))


def options_of(command: click.Command) -> set[str]:
    context = click.Context(command)
    options = {option for parameter in command.get_params(context) for option in parameter.opts}
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            options |= options_of(inner)
    return options


def test_the_convention_itself() -> None:
    page = "```console\n$ echo a \\\n  b\na b\n$ true\n```\n\n```yaml x/y.yaml\na: b\n```\n"
    console, file = blocks_of(page)
    assert [(command.text, command.shown) for command in commands_of(console)] == [
        ("echo a \\\n  b", "a b\n"),
        ("true", ""),
    ]
    assert (file.language, file.file, file.text, file.line) == ("yaml", "x/y.yaml", "a: b\n", 9)
    assert is_as_shown("one\n…\nfour\n", "one\ntwo\nthree\nfour\n")
    assert is_as_shown("index …, done\n", "index 09da, done \n")
    assert not is_as_shown("one\n…\nfour\n", "one\ntwo\nfive\n")
    assert not is_as_shown("one\n", "one\ntwo\n")
    assert not is_as_shown("a … b\n", "a\nb\n")
