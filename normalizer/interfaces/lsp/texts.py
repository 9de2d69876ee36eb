"""The texts that are open in the editor, kept as the editor tells of its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final

from lsprotocol.types import TextDocumentContentChangeEvent, TextDocumentContentChangePartial
from pygls.uris import to_fs_path

from normalizer.formats import FORMATS
from normalizer.interfaces.lsp.positions import Lines

_SUFFIXES: Final = {
    "plaintext": ".txt",
    "text": ".txt",
    "markdown": ".md",
    "html": ".html",
    "latex": ".tex",
    "tex": ".tex",
    "restructuredtext": ".rst",
    "rst": ".rst",
}
"""What a draft in a language is read as; one whose language is not here by the suffix of its file."""
_YAML: Final = frozenset({"yaml", ".yaml", ".yml"})


@dataclass(slots=True)
class OpenText:
    """A text in the editor.

    Attributes:
        uri: What the editor calls it.
        language: The editor's name of its language.
        text: As it stands now.
        encoding: What the editor counts columns in.
        version: The editor's number of its last change; None where it has none.
        revision: How often it was changed; what was found in an older one is stale.
        accepted: Spellings that are accepted for as long as it is open.
        dismissed: Fingerprints of findings that are not to be shown again.
    """

    uri: str
    language: str
    text: str
    encoding: str
    version: int | None = None
    revision: int = 0
    accepted: set[str] = field(default_factory=set)
    dismissed: set[str] = field(default_factory=set)

    @property
    def path(self) -> str | None:
        """The file; None where it is not in a file yet."""
        return to_fs_path(self.uri) if self.uri.startswith("file:") else None

    @property
    def name(self) -> str:
        """The file, or what the editor calls it."""
        return self.path or self.uri

    @property
    def suffix(self) -> str | None:
        """The suffix of the format that it is read in; None where it is no draft."""
        own = PurePath(self.name).suffix.lower()
        suffix = _SUFFIXES.get(self.language, own)
        return suffix if suffix in FORMATS and own != ".docx" else None

    @property
    def is_yaml(self) -> bool:
        """Whether it may be a file of a registry."""
        return self.language in _YAML or PurePath(self.name).suffix.lower() in _YAML

    def lines(self) -> Lines:
        """The lines of the text as it stands."""
        return Lines(self.text, self.encoding)

    def change(self, changes: Sequence[TextDocumentContentChangeEvent], version: int | None) -> None:
        """Take in what was written, one change after the other."""
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                lines = self.lines()
                start, end = sorted((lines.offset(change.range.start), lines.offset(change.range.end)))
                self.text = self.text[:start] + change.text + self.text[end:]
            else:
                self.text = change.text
        self.version = version
        self.revision += 1
