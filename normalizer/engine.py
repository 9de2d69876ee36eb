"""The engine: opens settings, registry, index, matcher and checker once, and offers all that interfaces call.

Every face of normalizer (command line, HTTP, and what comes later) is a thin layer over this class.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path

from normalizer.checker import Checker, apply_fixes
from normalizer.compare import compare_names
from normalizer.errors import SettingsError, UnknownEntityError
from normalizer.index import MemoryIndex
from normalizer.lexicon import Lexicon
from normalizer.matcher import Matcher
from normalizer.model import (
    Applicability,
    Comparison,
    Decision,
    Document,
    Entity,
    EntityType,
    Finding,
    Link,
    Mention,
)
from normalizer.registry import Registry, load_registry
from normalizer.settings import Settings

_MOST_ROUNDS = 10
CONFIGURATION_FILES = (".normalizer.toml", "pyproject.toml")


class Engine:
    """A registry made ready to answer.

    Attributes:
        registry: The entities.
        settings: What it was opened with.
    """

    def __init__(self, registry: Registry, settings: Settings | None = None) -> None:
        self.registry = registry
        self.settings = settings if settings is not None else Settings()

    @classmethod
    def open(cls, settings: Settings) -> Engine:
        """Open the registry that the settings name, or the one that comes with the package.

        Raises:
            RegistryError: The registry cannot be used; the error lists every fault in it.
        """
        path = settings.registry if settings.registry is not None else str(starter_registry())
        return cls(load_registry(path, size_limit=settings.limits.registry_file), settings)

    @property
    def index_version(self) -> str:
        """The hash of the registry's content: with it an answer can be reproduced."""
        return self.registry.version

    @cached_property
    def matcher(self) -> Matcher:
        """The matcher over this registry, made at its first use."""
        return Matcher(MemoryIndex(self.registry.entities.values()), self.settings.thresholds)

    @cached_property
    def checker(self) -> Checker:
        """The checker over this registry, made at its first use."""
        return Checker(self.matcher, self.lexicon)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What is known of English, read at its first use."""
        return Lexicon.load(resources.files("normalizer") / "data" / "english")

    def link(self, mention: Mention | str, limit: int = 5) -> Link:
        """Link one mention to an entity, to several that a person must choose from, or to nobody.

        Args:
            mention: A name, or a name with its type and context.
            limit: Most candidates in the answer.
        """
        return self.link_many([mention], limit)[0]

    def link_many(self, mentions: Sequence[Mention | str], limit: int = 5) -> list[Link]:
        """Link many mentions; each distinct one is matched once. Answers are in the order asked."""
        asked = [Mention(mention) if isinstance(mention, str) else mention for mention in mentions]
        return self.matcher.link_many(asked, limit)

    def check(self, document: Document | str) -> list[Finding]:
        """Find the wrong names of a draft, in order of their places."""
        if isinstance(document, str):
            document = Document.of_text(document)
        return self.checker.check(document)

    def fix(
        self, document: Document, allowed: Collection[Applicability]
    ) -> tuple[Document, list[Finding], int]:
        """Write the fixes of a draft that are allowed, until none is left to write.

        A name that is mended speaks for other places, so that a fix there may become as sure.

        Args:
            document: The draft.
            allowed: Which fixes may be written.

        Returns:
            The corrected draft, what is still found in it, and how many fixes are in it.
        """
        findings, total = self.check(document), 0
        for _ in range(_MOST_ROUNDS):
            text, written = apply_fixes(document.text, findings, allowed)
            if not written:
                break
            total += len(written)
            document = document.with_text(text, written)
            findings = self.check(document)
        return document, findings, total

    def entity(self, entity_id: str) -> Entity:
        """Give an entity by its id.

        Raises:
            UnknownEntityError: The registry does not hold it.
        """
        entity = self.registry.entities.get(entity_id)
        if entity is None:
            raise UnknownEntityError(
                f"no entity with the id {entity_id!r} in the registry; match its name to find the id"
            )
        return entity


def compare(
    first: str, second: str, type: EntityType = EntityType.OTHER, settings: Settings | None = None
) -> tuple[Comparison, Decision]:
    """Say how likely two names are of one entity, and what the thresholds make of it. Needs no registry.

    Args:
        first: A name.
        second: Another name.
        type: What both are names of.
        settings: Where the thresholds come from; the defaults if not given.
    """
    comparison = compare_names(first, second, type)
    bounds = (settings if settings is not None else Settings()).thresholds.compare
    if comparison.score >= bounds.match:
        return comparison, Decision.MATCH
    return comparison, Decision.REVIEW if comparison.score >= bounds.review else Decision.NIL


def starter_registry() -> Path:
    """The folder of the registry that comes with the package (in a checkout, `aliases/`)."""
    package = Path(__file__).parent
    installed = package / "data" / "aliases"
    return installed if installed.is_dir() else package.parent / "aliases"


def load_settings(folder: Path, environ: Mapping[str, str]) -> Settings:
    """Find and read the configuration for work in a folder.

    `NORMALIZER_REGISTRY` in the environment names the registry; else the nearest `.normalizer.toml`, or
    `pyproject.toml` with a `[tool.normalizer]` table, of the folder and those above it counts. A relative
    registry path in a file is relative to that file.

    Raises:
        SettingsError: The file is not TOML, or holds what is not understood.
    """
    settings = Settings()
    folder = folder.absolute()
    for path in (parent / name for parent in (folder, *folder.parents) for name in CONFIGURATION_FILES):
        table = _configuration(path)
        if table is not None:
            settings = Settings.from_mapping(table, str(path))
            if settings.registry is not None:
                settings = settings.with_registry(str(path.parent / settings.registry))
            break
    return settings.with_registry(environ.get("NORMALIZER_REGISTRY") or None)


def _configuration(path: Path) -> Mapping[str, object] | None:
    """The settings table of a configuration file, or None when it has none."""
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if path.name == "pyproject.toml":
            return None  # somebody else's file, and somebody else's to complain of
        raise SettingsError(f"{path}: cannot be read as TOML: {error}; mend or remove it") from error
    if path.name == "pyproject.toml":
        tool = content.get("tool", {})
        return tool.get("normalizer") if isinstance(tool, dict) else None
    return content
