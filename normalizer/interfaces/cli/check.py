"""`normalizer check`: wrong names in drafts, and their fixes."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from normalizer.engine import Engine
from normalizer.errors import DraftError, NormalizerError
from normalizer.formats import amended, ensure_faithful, read, size_limit
from normalizer.formats.files import (
    DRAFT_SUFFIXES,
    find_drafts,
    keep_copy,
    read_file,
    read_stream,
    replace_file,
)
from normalizer.interfaces.cli.baseline import Baseline, stale_message
from normalizer.interfaces.cli.differences import unified_diff
from normalizer.interfaces.cli.git import Changes, without_ignored
from normalizer.interfaces.cli.narrowing import Narrowing
from normalizer.interfaces.cli.progress import Progress
from normalizer.interfaces.cli.terminal import (
    argument_text,
    registry_option,
    say,
    settings_for,
    standard_input,
    style_for,
    write,
    write_bytes,
)
from normalizer.model import Applicability, Document, Finding, Signature
from normalizer.report import REPORTERS, CheckedDraft
from normalizer.report.grouping import count
from normalizer.rulebook import Level
from normalizer.settings import fail_level

STANDARD_INPUT = "-"
LONGEST_AUTHOR: Final = 255
"""Characters of a name under a tracked change; Word takes no more (ECMA-376 part 1, section 17.13.5)."""

EXAMPLES: Final = """\b
Examples:
  normalizer check draft.txt
  normalizer check --diff drafts/
  normalizer check -i draft.txt
  normalizer check --fix --unsafe-fixes draft.txt
  pbpaste | normalizer check -
"""


def signed_name(context: click.Context, option: click.Parameter, name: str) -> str:
    """The name to sign with.

    Raises:
        BadParameter: Nobody can be called so.
    """
    name = argument_text(name).strip()
    if not name.isprintable() or not 0 < len(name) <= LONGEST_AUTHOR:
        raise click.BadParameter(f"must be 1 to {LONGEST_AUTHOR} printable characters.", context, option)
    return name


@click.command(epilog=EXAMPLES)
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--fix", is_flag=True, help="Write the safe fixes into the files.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: the unsafe fixes too.")
@click.option(
    "-i", "--interactive", is_flag=True, help="Ask about each finding; write at the end, if you say so."
)
@click.option(
    "--backup", is_flag=True, help="With --fix or -i: keep each changed file as it was, as FILE.bak."
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(list(REPORTERS)),
    default="text",
    show_default=True,
    help="Shape of the output; docs/cli.md says what each is for.",
)
@click.option(
    "--author",
    metavar="NAME",
    default="normalizer",
    show_default=True,
    callback=signed_name,
    help="Whose the tracked changes and comments in Word files are.",
)
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    metavar="DATE",
    help="Of when they are, such as 2026-11-23 or 2026-11-23T17:05; now, if not given.",
)
@click.option(
    "--rules",
    metavar="LIST",
    default="",
    help="Rules, parted by commas: +ID on, -ID off, ID=LEVEL; plain IDs: these alone. See: normalizer rules.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*(level.value for level in Level), "never"]),
    help="The lowest level that makes the exit code 1; info, if not given or configured.",
)
@click.option("--since", metavar="REV", help="Only findings in lines changed since a git revision.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that are known in FILE.")
@click.option(
    "--write-baseline", metavar="FILE", help="Write what is found into FILE, for --baseline, and exit with 0."
)
@click.option("--encoding", metavar="NAME", help="How the files are encoded, if not in UTF-8.")
@registry_option
def check(
    files: Sequence[str],
    fix: bool,
    unsafe_fixes: bool,
    interactive: bool,
    diff: bool,
    backup: bool,
    output_format: str,
    author: str,
    date: datetime | None,
    rules: str,
    fail_on: str | None,
    since: str | None,
    baseline: str | None,
    write_baseline: str | None,
    encoding: str | None,
    registry: str | None,
) -> None:
    """Find the wrong names in drafts, and say why.

    FILE is a text, Markdown, HTML or Word file (.docx), a folder (its drafts are checked), or - for
    standard input; with --fix the corrected text of - goes to standard output, the findings to standard
    error. Of Markdown and HTML the prose is checked, and code, addresses and markup are left alone. In
    Word files --fix tracks its changes, and asks what it leaves in comments.

    Exit code: 0 nothing found (with --fix: nothing left), 1 findings of the level of --fail-on or above
    (with --diff: changes to make), 2 something could not be read.
    """
    if diff and output_format != "text":
        raise click.UsageError(
            f"--diff and --format {output_format} do not go together; leave one of them out."
        )
    if interactive:
        _ensure_alone(files, fix=fix, diff=diff, output_format=output_format)
    if files.count(STANDARD_INPUT) > 1:
        raise click.UsageError("- (standard input) can be given once only.")
    if since is not None and STANDARD_INPUT in files:
        raise click.UsageError("- (standard input) has no history; leave --since out.")
    if write_baseline is not None and (fix or diff or interactive or baseline or since):
        raise click.UsageError("--write-baseline goes with no --fix, --diff, -i, --baseline or --since.")
    allowed = {Applicability.SAFE, *((Applicability.UNSAFE,) if unsafe_fixes else ())}
    signature = Signature(author, (date or datetime.now()).strftime("%Y-%m-%dT%H:%M:%SZ"))
    settings = settings_for(registry, files).with_rules(rules.split(","), "--rules")
    if fail_on is not None:
        settings = replace(settings, fail_on=fail_level(fail_on, "--fail-on"))
    narrowing = Narrowing(
        None if since is None else Changes(since), None if baseline is None else Baseline.read(baseline)
    )
    if narrowing.changes is not None:
        narrowing.changes.ensure_known(files)
    run = Run(Engine.open(settings, say), encoding, allowed, narrowing, signature, backup)
    if write_baseline is not None:
        run.record(files, write_baseline)
    elif interactive:
        run.converse(files)
    elif diff:
        run.show_differences(files)
    else:
        stream = sys.stderr if fix and STANDARD_INPUT in files else sys.stdout
        drafts = run.checked_drafts(files, fix)
        style = style_for(stream, unsafe=unsafe_fixes)
        write(REPORTERS[output_format](drafts, run.engine.index_version, style), stream)
    if baseline is not None and narrowing.baseline is not None and (stale := narrowing.baseline.stale()):
        say(stale_message(baseline, stale))
    click.get_current_context().exit(2 if run.failed else 1 if run.has_findings else 0)


def _ensure_alone(files: Sequence[str], *, fix: bool, diff: bool, output_format: str) -> None:
    """See that --interactive stands with nothing that makes no sense beside it."""
    others = {"--fix": fix, "--diff": diff, f"--format {output_format}": output_format != "text"}
    for option, is_given in others.items():
        if is_given:
            raise click.UsageError(f"--interactive and {option} do not go together; leave one of them out.")
    if STANDARD_INPUT in files:
        raise click.UsageError("- cannot be checked with --interactive: the answers come from there.")


@dataclass(slots=True)
class Run:
    """One run over the drafts named on the command line; what goes wrong with one does not stop it.

    Attributes:
        engine: Who checks.
        encoding: How the drafts are encoded, if the user said so.
        allowed: The fixes to make.
        narrowing: What of the drafts is asked about.
        signature: Who makes them, and when, for formats that record it.
        backup: Whether to keep a copy of each file that is changed.
        progress: Where the user sees how far it is.
        has_findings: Whether a draft has findings that count, or differences, that are left.
        failed: Whether a draft could not be read or written.
    """

    engine: Engine
    encoding: str | None
    allowed: set[Applicability]
    narrowing: Narrowing
    signature: Signature
    backup: bool
    progress: Progress = field(default_factory=Progress, init=False)
    has_findings: bool = field(default=False, init=False)
    failed: bool = field(default=False, init=False)

    def checked_drafts(self, files: Sequence[str], fix: bool) -> Iterator[CheckedDraft]:
        """Check the drafts one after the other, and fix them if asked to."""
        for document, data in self._documents(files):
            draft = None
            if fix:
                try:
                    draft = self._fix(document, data)
                except DraftError as error:
                    self._fail(error)
            if draft is None:
                draft = CheckedDraft(document, self.engine.check(document))
            self.has_findings = self.has_findings or self._fails(draft.findings)
            self.progress.wipe()
            yield draft

    def converse(self, files: Sequence[str]) -> None:
        """Go through the findings with the user, and write what they choose."""
        from normalizer.interfaces.cli.interactive import Conversation
        from normalizer.interfaces.cli.review import ReviewedDraft

        drafts = (
            ReviewedDraft(document, data, self.engine.check(document))
            for document, data in self._documents(files)
        )
        self.progress.is_wanted = False
        conversation = Conversation(drafts, self.signature, backup=self.backup)
        conversation.hold()
        self.failed = self.failed or conversation.failed
        self.has_findings = self._fails(conversation.left)

    def record(self, files: Sequence[str], path: str) -> None:
        """Write what is found into a baseline; what it knows of other drafts stays."""
        baseline, found, count_of_files = Baseline.read(path, may_be_missing=True), 0, 0
        for document, _ in self._documents(files):
            found += baseline.record(document, self.engine.check(document))
            count_of_files += 1
        baseline.write()
        write([f"{path}: {count(found, 'finding')} of {count(count_of_files, 'file')} written.\n"])

    def show_differences(self, files: Sequence[str]) -> None:
        """Print what fixing would change in each draft, and how much on standard error."""
        fixed = left = 0
        for document, data in self._documents(files):
            try:
                ensure_faithful(document, data)
                draft = CheckedDraft(*self.engine.fix(document, self.allowed))
            except DraftError as error:
                self._fail(error)
                continue
            fixed += draft.fixed
            left += len(draft.findings)
            if draft.document.text != document.text:
                self.has_findings = True
                self.progress.wipe()
                style = style_for(sys.stdout)
                texts = document.text, draft.document.text
                write(unified_diff(document.name, *texts, style, escape=sys.stdout.isatty()))
        say(f"{fixed} would be fixed, {left} left as they are")

    def _documents(self, files: Sequence[str]) -> Iterator[tuple[Document, bytes]]:
        """Read the drafts, with their bytes; say which cannot be read and go on."""
        limits = self.engine.settings.limits
        for name in self.progress.through(list(self._names(files))):
            try:
                if name == STANDARD_INPUT:
                    data = read_stream(standard_input(), name, limits.draft)
                else:
                    data = read_file(name, *size_limit(name, limits))
                document = self.narrowing.of(read(name, data, encoding=self.encoding), self.engine)
            except DraftError as error:
                self._fail(error)
                continue
            for note in document.scope.notes:
                self.progress.wipe()
                say(f"{name}:{note}")
            yield document, data

    def _names(self, files: Sequence[str]) -> Iterator[str]:
        """The files, with those found in folders in the folder's place."""
        for name in files:
            if name in ("", STANDARD_INPUT) or not Path(name).is_dir():
                yield name
                continue
            every, errors = find_drafts(name)
            found = without_ignored(name, every)
            for error in errors:
                self._fail(error)
            if every and not found:
                say(f"{name}: git ignores all drafts in this folder; name them to check them")
            elif not found and not errors:
                say(f"{name}: no drafts ({', '.join(DRAFT_SUFFIXES)}) in this folder")
            yield from found

    def _fix(self, document: Document, data: bytes) -> CheckedDraft:
        """Write the allowed fixes of a draft back to where it came from."""
        corrected = CheckedDraft(*self.engine.fix(document, self.allowed))
        new_data = amended(document, data, corrected.document, corrected.findings, self.signature)
        if document.name == STANDARD_INPUT:
            write_bytes(new_data)
        elif new_data != data:
            if self.backup:
                keep_copy(document.name, data)
            replace_file(document.name, new_data, unchanged_from=data)
        return corrected

    def _fails(self, findings: Sequence[Finding]) -> bool:
        """Whether findings make the exit code 1."""
        return any(self.engine.settings.fails(finding.level) for finding in findings)

    def _fail(self, error: NormalizerError) -> None:
        self.failed = True
        self.progress.wipe()
        say(str(error))
