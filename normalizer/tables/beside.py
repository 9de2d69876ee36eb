"""A file written beside its place and put there when it is whole."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from normalizer.errors import TableError


@contextmanager
def written_beside(path: str) -> Iterator[BinaryIO]:
    """Write a file; it takes its place when the block ends well, and nothing is left of it otherwise.

    Meanwhile it is `PATH.part`, which a later run writes anew. A link stays a link.

    Raises:
        TableError: It cannot be written.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(target.name + ".part")
    try:
        if target.is_dir():
            raise IsADirectoryError(None, "is a folder; name a file", str(path))
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileNotFoundError, PermissionError):
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
        part.replace(target)
    except OSError as error:
        _remove(part)
        if isinstance(error, BrokenPipeError):
            raise
        reason = (error.strerror or str(error)).lower()
        raise TableError(f"{path}: cannot be written: {reason}; nothing was changed there") from error
    except BaseException:
        _remove(part)
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
