"""Baselines: the findings that were there when a desk began to check, known by what they say."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from normalizer.errors import NormalizerError
from normalizer.formats.files import replace_file
from normalizer.model import Document, Finding
from normalizer.report.fingerprints import Fingerprints

_VERSION: Final = 1
_LARGEST: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A known finding.

    Attributes:
        file: The draft, relative to the baseline.
        fingerprint: What makes it the same one; see `report.fingerprints`.
        rule: Its rule, for people.
        surface: The spelling, for people.
    """

    file: str
    fingerprint: str
    rule: str
    surface: str


class Baseline:
    """Known findings, and which of them were met.

    Args:
        path: The file that they are kept in.
        entries: The findings.
    """

    def __init__(self, path: str, entries: Iterable[Entry] = ()) -> None:
        self._path = path
        self._entries = {(entry.file, entry.fingerprint): entry for entry in entries}
        self._met: set[tuple[str, str]] = set()
        self._checked: set[str] = set()

    @classmethod
    def read(cls, path: str, *, may_be_missing: bool = False) -> Baseline:
        """Read a baseline.

        Raises:
            NormalizerError: It is not there, or is none.
        """
        try:
            with Path(path).open("rb") as file:
                content: Any = json.loads(file.read(_LARGEST))
            if content["version"] != _VERSION:
                raise ValueError
            entries = [Entry(**entry) for entry in content["findings"]]
        except FileNotFoundError as error:
            if may_be_missing:
                return cls(path)
            raise NormalizerError(
                f"{path}: there is no such baseline; write one with --write-baseline {path}"
            ) from error
        except OSError as error:
            raise NormalizerError(f"{path}: cannot be read: {error.strerror or error}") from error
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise NormalizerError(
                f"{path}: is no baseline of this version; write it anew with --write-baseline {path}"
            ) from error
        return cls(path, entries)

    def known(self, document: Document, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of a draft that the baseline holds; they are taken for met."""
        found = self._keyed(document, findings)
        self._met |= {key for key, _ in found if key in self._entries}
        self._checked.add(self._name(document.name))
        return [finding for key, finding in found if key in self._entries]

    def stale(self) -> list[Entry]:
        """The findings that are no longer in the drafts that were checked."""
        return sorted(
            entry
            for key, entry in self._entries.items()
            if entry.file in self._checked and key not in self._met
        )

    def record(self, document: Document, findings: Sequence[Finding]) -> int:
        """Take the findings of a draft in place of what was known of it.

        Returns:
            How many there are.
        """
        name = self._name(document.name)
        self._entries = {key: entry for key, entry in self._entries.items() if entry.file != name}
        for key, finding in self._keyed(document, findings):
            self._entries[key] = Entry(*key, finding.rule, finding.surface)
        return len(findings)

    def write(self) -> None:
        """Write it, a line a finding, without what was known of files that are gone.

        Raises:
            NormalizerError: It cannot be written.
        """
        folder = Path(self._path).parent
        kept = sorted(entry for entry in self._entries.values() if (folder / entry.file).exists())
        lines = [json.dumps(_fields(entry), ensure_ascii=False) for entry in kept]
        text = f'{{"version": {_VERSION}, "findings": [\n' + ",\n".join(lines) + "\n]}\n"
        write_whole(self._path, text.encode("utf-8", "backslashreplace"))

    def _keyed(
        self, document: Document, findings: Sequence[Finding]
    ) -> list[tuple[tuple[str, str], Finding]]:
        fingerprints, name = Fingerprints(document), self._name(document.name)
        return [((name, fingerprints.of(finding)), finding) for finding in findings]

    def _name(self, path: str) -> str:
        folder = Path(self._path).parent
        name = path if path == "-" else os.path.relpath(path, folder).replace(os.sep, "/")
        return name.encode("utf-8", "backslashreplace").decode()


def stale_message(path: str, stale: Sequence[Entry]) -> str:
    """What to say of known findings that are no longer there."""
    files = ", ".join(f"{file} ({number})" for file, number in Counter(entry.file for entry in stale).items())
    said, them = ("finding is", "it") if len(stale) == 1 else ("findings are", "them")
    return f"{path}: {len(stale)} known {said} gone: {files}; --write-baseline {path} takes {them} out"


def write_whole(path: str, data: bytes) -> None:
    """Write a file that may be new, whole or not at all.

    Raises:
        NormalizerError: It cannot be written.
    """
    try:
        if not Path(path).exists():
            with Path(path).open("xb"):
                pass
    except OSError as error:
        raise NormalizerError(f"{path}: cannot be written: {error.strerror or error}") from error
    replace_file(path, data)


def _fields(entry: Entry) -> dict[str, str]:
    return {
        "file": entry.file,
        "rule": entry.rule,
        "surface": entry.surface.encode("utf-8", "backslashreplace").decode(),
        "fingerprint": entry.fingerprint,
    }
