"""Maps the names people type to the names your desk prints, and checks drafts for the rest.

>>> import normalizer
>>> engine = normalizer.open()
>>> engine.link("Blinkon").entity.name
'Antony Blinken'
"""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING

from normalizer.errors import NormalizerError, RegistryError
from normalizer.model import (
    Alias,
    AliasKind,
    Applicability,
    Candidate,
    Comparison,
    Decision,
    Document,
    Entity,
    EntityType,
    Evidence,
    Finding,
    Fix,
    Guard,
    Link,
    Mention,
    Span,
    Title,
)
from normalizer.settings import Limits, Settings, Thresholds
from normalizer.version import __version__

if TYPE_CHECKING:
    from normalizer.engine import Engine

__all__ = [
    "Alias",
    "AliasKind",
    "Applicability",
    "Candidate",
    "Comparison",
    "Decision",
    "Document",
    "Entity",
    "EntityType",
    "Evidence",
    "Finding",
    "Fix",
    "Guard",
    "Limits",
    "Link",
    "Mention",
    "NormalizerError",
    "RegistryError",
    "Settings",
    "Span",
    "Thresholds",
    "Title",
    "__version__",
    "open",
]


def open(path: str | PathLike[str] | None = None, settings: Settings | None = None) -> Engine:  # noqa: A001
    """Open a registry and give the engine that answers from it.

    Args:
        path: A folder of YAML files, a `.yaml` file or a `.jsonl[.gz]` file; without it, what the
            settings name, or the registry that comes with the package.
        settings: Thresholds and limits; without them the defaults, a compiled index that is kept in the
            user's cache folder, and the judgements in the user's data folder.

    Raises:
        RegistryError: The registry cannot be used; the error lists every fault in it.
    """
    from os import environ

    from normalizer.configuration import cache_folder, data_folder
    from normalizer.engine import Engine

    chosen = settings
    if chosen is None:
        judgements = environ.get("NORMALIZER_JUDGEMENTS")
        chosen = Settings(cache=cache_folder(environ), judgements=judgements, data=data_folder(environ))
    return Engine.open(chosen.with_registry(None if path is None else fspath(path)))
