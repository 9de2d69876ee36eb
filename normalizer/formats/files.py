"""Drafts on disk: finding them, reading them under a limit, and replacing them whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

from normalizer.errors import DraftError

DRAFT_SUFFIXES: Final = (
    ".txt",
    ".text",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".xhtml",
    ".tex",
    ".latex",
    ".rst",
    ".docx",
)
"""What is taken for a draft in a folder."""


def find_drafts(folder: str) -> tuple[list[str], list[DraftError]]:
    """Find the drafts of a folder and the folders below it.

    Hidden files and folders, links to folders, files with other suffixes than `DRAFT_SUFFIXES` and the notes
    that Word keeps beside open files ("~$draft.docx") are passed over.

    Args:
        folder: The folder as the user named it; the paths begin with it, as it is written.

    Returns:
        The paths in order of their names, and an error for each folder that cannot be listed.
    """
    paths: list[str] = []
    errors: list[DraftError] = []

    def note(error: OSError) -> None:
        errors.append(
            DraftError(f"{error.filename}: cannot be listed: {_reason(error)}; see who may read it")
        )

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(DRAFT_SUFFIXES) and not name.startswith((".", "~$")):
                path = os.path.join(parent, name)  # noqa: PTH118  ("./a.txt" stays "./a.txt")
                if Path(path).is_file():
                    paths.append(path)
    return sorted(paths, key=lambda path: Path(path).parts), errors


def read_file(path: str, limit: int, setting: str = "limits.draft") -> bytes:
    """Read a file whole.

    Args:
        path: A regular file, or a link to one.
        limit: Largest size, in bytes.
        setting: What sets it, for the message.

    Raises:
        DraftError: It is not there, not to be read, not a regular file, or too large.
    """
    try:
        # a named pipe without a writer would be waited for; O_NONBLOCK opens it, to be refused
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            state = os.fstat(descriptor)
            if stat.S_ISDIR(state.st_mode):
                raise DraftError(f"{path}: is a folder; give the files in it")
            if not stat.S_ISREG(state.st_mode):
                raise DraftError(f"{path}: is a pipe or a device, not a file; send its content to `check -`")
            return _read_bounded(file, path, limit, state.st_size, setting)
    except FileNotFoundError as error:
        raise DraftError(f"{path}: no such file; check the name") from error
    except ValueError as error:
        raise DraftError(f"{path!r}: is not a file name; check the name") from error
    except OSError as error:
        raise DraftError(f"{path}: cannot be read: {_reason(error)}") from error


def read_stream(stream: BinaryIO, name: str, limit: int) -> bytes:
    """Read a stream, such as standard input, to its end.

    Args:
        stream: Anything with bytes to read, a pipe too.
        name: What to call it in messages.
        limit: Largest size, in bytes.

    Raises:
        DraftError: It cannot be read, or is too large.
    """
    try:
        return _read_bounded(stream, name, limit, 0)
    except OSError as error:
        raise DraftError(f"{name}: cannot be read: {_reason(error)}") from error


def replace_file(path: str, data: bytes, unchanged_from: bytes | None = None) -> None:
    """Put new content in the place of a file, whole or not at all.

    The content is written to a file beside it, which then takes its name. Permissions stay; a link stays
    a link, and the file it leads to is replaced.

    Args:
        path: The file.
        data: Its new content.
        unchanged_from: What the file held when it was read; if it holds something else by now, it is
            left alone.

    Raises:
        DraftError: It cannot be written, or was changed meanwhile; the file is as it was.
    """
    target = Path(os.path.realpath(path))
    beside = ""
    try:
        if not os.access(target, os.W_OK):
            raise PermissionError("it is not writable")
        state = target.stat()
        descriptor, beside = tempfile.mkstemp(prefix=".normalizer-", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, state.st_uid, state.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(state.st_mode))
            os.fsync(descriptor)
        if unchanged_from is not None and target.read_bytes() != unchanged_from:
            raise DraftError(f"{path}: was changed meanwhile, so nothing was written; check it again")
        Path(beside).replace(target)
        beside = ""
    except OSError as error:
        raise DraftError(f"{path}: cannot be written: {_reason(error)}; it is as it was") from error
    finally:
        if beside:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
    _sync_folder(target.parent)


def keep_copy(path: str, data: bytes) -> str:
    """Write what a file holds into a new file beside it.

    Args:
        path: The file.
        data: Its content.

    Returns:
        The new file: the path with ".bak" behind it, or ".bak2" and so on where such are there already.

    Raises:
        DraftError: It cannot be written.
    """
    target = Path(os.path.realpath(path))
    copy: Path | None = None
    try:
        copy, descriptor = _new_beside(target)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            os.fsync(descriptor)
    except OSError as error:
        if copy is not None:
            with contextlib.suppress(OSError):
                copy.unlink()
        raise DraftError(
            f"{path}: no copy of it can be kept: {_reason(error)}; nothing was changed"
        ) from error
    return str(copy)


def _new_beside(target: Path) -> tuple[Path, int]:
    """Make and open the first copy of a file that is not there yet; only its owner may read it so far."""
    for number in count(1):
        copy = target.with_name(f"{target.name}.bak{number if number > 1 else ''}")
        with contextlib.suppress(FileExistsError):
            return copy, os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    raise AssertionError("numbers do not end")


def _read_bounded(file: BinaryIO, name: str, limit: int, size: int, setting: str = "limits.draft") -> bytes:
    data = b"" if size > limit else file.read(limit + 1)
    if size > limit or len(data) > limit:
        raise DraftError(
            f"{name}: is larger than {limit:,} bytes; cut it up, or raise {setting} in the configuration"
        )
    return data


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
