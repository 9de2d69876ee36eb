"""What git knows of drafts: which lines changed, and which files it ignores."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final

from normalizer.errors import DraftError, NormalizerError
from normalizer.text.scope import Stretch

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_OF_A_HOOK: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks, and what would keep it from finding the repository of another folder."""


class GitError(NormalizerError):
    """Something that git is needed for and cannot say."""


class Changes:
    """The lines of drafts that changed since a revision.

    Args:
        revision: A commit as git names it.
    """

    def __init__(self, revision: str) -> None:
        self._revision = revision
        self._changed: dict[str, frozenset[bytes]] = {}

    def ensure_known(self, paths: Iterable[str]) -> None:
        """See, before anything is written, that there is git, and the revision where paths are.

        Raises:
            GitError: There is none.
        """
        for path in paths:
            top = repository(path if Path(path).is_dir() else str(Path(path).absolute().parent))
            if top is not None:
                self._changed_in(top)

    def stretches(self, path: str, text: str) -> tuple[Stretch, ...] | None:
        """The changed lines of a draft, as stretches of its text; None if all of it is to be looked at.

        That is so where git does not know the file, or does not know it as text.

        Args:
            path: The draft.
            text: Its text.

        Raises:
            DraftError: The file is in no repository.
            GitError: There is no such revision, or no git.
        """
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100  (a link stays a link)
        top = repository(folder)
        if top is None:
            raise DraftError(f"{path}: is in no git repository; check it without --since")
        inside = os.fsencode(os.path.relpath(os.path.join(os.path.realpath(folder), name), top))  # noqa: PTH118
        if not _git(top, "ls-files", "-z", "--", b":(literal)" + inside):
            return None
        if inside not in self._changed_in(top):
            return ()
        options = ("-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames")
        found = self._diff(top, *options, b":(literal)" + inside)
        hunks = [(int(first), int(count or b"1")) for first, count in _HUNK.findall(found)]
        return _stretches(text, hunks) if hunks else None

    def _changed_in(self, top: str) -> frozenset[bytes]:
        if top not in self._changed:
            commit = f"{self._revision}^{{commit}}"
            if _asked(top, "rev-parse", "--quiet", "--verify", "--end-of-options", commit).returncode:
                raise GitError(
                    f"--since: {self._revision!r} is no revision of the repository {top}; "
                    "give a commit, a branch or a tag"
                )
            names = self._diff(top, "--name-only", "-z", "--no-renames")
            self._changed[top] = frozenset(names.split(b"\0"))
        return self._changed[top]

    def _diff(self, top: str, *arguments: str | bytes) -> bytes:
        options = [argument for argument in arguments if isinstance(argument, str)]
        paths = [argument for argument in arguments if isinstance(argument, bytes)]
        return _git(top, "diff", *options, "--end-of-options", self._revision, "--", *paths)


def without_ignored(folder: str, paths: Iterable[str]) -> list[str]:
    """Leave out the files that git ignores; where there is no git or repository, none.

    Nor are any left out of a folder that is ignored as a whole, for somebody asked for it.

    Args:
        folder: The folder that the paths were found in; they begin with it.
        paths: The files.
    """
    found = list(paths)
    try:
        if repository(folder) is None or not _asked(folder, "check-ignore", "-q", ".").returncode:
            return found
        listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    except GitError:
        return found
    known = {Path(folder, os.fsdecode(name)) for name in listed.split(b"\0") if name}
    return [  # git lists other repositories inside this one as folders
        path for path in found if Path(path) in known or not known.isdisjoint(Path(path).parents)
    ]


@lru_cache(maxsize=1024)
def repository(folder: str) -> str | None:
    """The topmost folder of the repository that a folder is in, if it is in one.

    Raises:
        GitError: There is no git.
    """
    answer = _asked(folder, "rev-parse", "--show-toplevel")
    return os.fsdecode(answer.stdout.removesuffix(b"\n")) if not answer.returncode else None


def _git(folder: str, *arguments: str | bytes) -> bytes:
    answer = _asked(folder, *arguments)
    if answer.returncode:
        said = answer.stderr.decode(errors="replace").strip().splitlines() or ["it did not say why"]
        raise GitError(f"git {os.fsdecode(arguments[0])} failed in {folder}: {said[0]}")
    return answer.stdout


def _asked(folder: str, *arguments: str | bytes) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command: list[str | bytes] = ["git", "-C", folder, "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, env=environment)
    except OSError as error:
        raise GitError("git cannot be run; install it, or leave --since out") from error


def _stretches(text: str, hunks: Iterable[tuple[int, int]]) -> tuple[Stretch, ...]:
    """The lines of hunks, as stretches; git ends lines with LF alone."""
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text)]
    most = len(starts) - 1
    lines = [(first - 1, first - 1 + count) for first, count in hunks if count]
    return tuple((starts[min(first, most)], starts[min(last, most)]) for first, last in lines)
