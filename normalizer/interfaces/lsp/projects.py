"""The engines that go with folders: one for each configuration file, kept up to date with its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from normalizer.configuration import configuration_file, load_settings, registry_path
from normalizer.engine import Engine
from normalizer.errors import NormalizerError
from normalizer.interfaces.live import Live

Say = Callable[[str], None]
_WITHOUT: Final = "the names are checked without it until it is mended"


@dataclass(slots=True)
class Project:
    """The settings of a folder and the engine that they open.

    Attributes:
        folder: The folder of the drafts.
        live: The engine; None where it cannot be opened.
        fault: Why it cannot, or why the settings cannot be read; empty if they can.
        stamp: What tells whether its configuration changed.
    """

    folder: Path
    live: Live | None = None
    fault: str = ""
    stamp: object = None

    @property
    def engine(self) -> Engine | None:
        """The engine that answers now."""
        return self.live.engine if self.live is not None else None

    @property
    def registry(self) -> str | None:
        """The path of its registry."""
        return os.path.realpath(registry_path(self.live.engine.settings)) if self.live is not None else None


class Projects:
    """All projects that drafts are open of.

    Args:
        registry: The registry that was named for all; None for that of each configuration.
        environ: The environment.
        say: Is told what the user should know.
    """

    def __init__(self, registry: str | None, environ: Mapping[str, str], say: Say) -> None:
        self._registry, self._environ, self._say = registry, environ, say
        self._projects: dict[Path, Project] = {}

    def of(self, path: str | None) -> Project:
        """The project of a draft, opened if it was not."""
        here = Path(path).parent if path is not None else Path.cwd()
        folder = here if here.is_dir() else Path.cwd()
        project = self._projects.get(folder)
        if project is None:
            project = self._projects[folder] = Project(folder)
            self._open(project)
        return project

    def look(self) -> bool:
        """Take in what changed of the configurations and registries; tells whether anything did."""
        before = [self._state(project) for project in self._projects.values()]
        for project in self._projects.values():
            if project.stamp != _stamp(project.folder):
                self._open(project)
            elif project.live is not None:
                project.live.look()
        return before != [self._state(project) for project in self._projects.values()]

    def _open(self, project: Project) -> None:
        """Open the engine of a folder; that of another folder with the same settings serves both."""
        project.stamp = _stamp(project.folder)
        try:
            settings = load_settings(project.folder, self._environ).with_registry(self._registry)
            for other in self._projects.values():
                if other.live is not None and other.live.engine.settings == settings:
                    project.live, project.fault = other.live, ""
                    return
            project.live = Live(Engine.open(settings, self._say), self._say)
            project.fault = ""
        except (NormalizerError, OSError) as error:
            fault = f"{error}; {_WITHOUT}" if project.live is not None else str(error)
            if fault != project.fault:
                self._say(fault)
            project.fault = fault

    @staticmethod
    def _state(project: Project) -> object:
        engine = project.engine
        return project.stamp, project.fault, engine and (engine.index_version, engine.settings)


def _stamp(folder: Path) -> object:
    """What tells without reading it whether a folder's configuration changed."""
    try:
        path = configuration_file(folder)
        return path and (path, path.stat().st_mtime_ns, path.stat().st_size)
    except (NormalizerError, OSError) as error:
        return str(error)
