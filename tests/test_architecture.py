"""The floors of the house: a file imports only from floors below its own, and nothing runs in a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    "normalizer.text": 1,
    "normalizer.errors": 1,
    "normalizer.garbage": 1,
    "normalizer.version": 1,
    "normalizer.values": 1,
    "normalizer.rulebook": 2,
    "normalizer.model": 2,
    "normalizer.settings": 2,
    "normalizer.configuration": 3,
    "normalizer.lexicon": 3,
    "normalizer.registry": 3,
    "normalizer.compare": 3,
    "normalizer.formats": 3,
    "normalizer.report": 3,
    "normalizer.exporting": 4,
    "normalizer.importing": 4,
    "normalizer.index": 4,
    "normalizer.judgements": 4,
    "normalizer.matcher": 5,
    "normalizer.checker": 6,
    "normalizer.tables": 6,
    "normalizer.upkeep": 6,
    "normalizer.engine": 7,
    "normalizer.interfaces": 8,
    "normalizer": 9,
    "normalizer.__main__": 9,
    "wsgi": 9,
}
"""Room → floor. Rooms of one floor know nothing of each other, but for those of floors 1 and 2."""


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path for path in [*sorted((ROOT / "normalizer").rglob("*.py")), ROOT / "wsgi.py"]
}


def room(module: str) -> str:
    """The longest room name that a module is in."""
    found = [
        name for name in FLOORS if module == name or (name != "normalizer" and module.startswith(name + "."))
    ]
    return max(found, key=len) if found else "normalizer." + module.split(".")[1]


def imports(module: str) -> set[str]:
    """Our modules that a module imports, at any depth of its code, type-only imports included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module or "")
    return {name for name in found if name in MODULES and name != module}


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_in_a_room(module: str) -> None:
    assert room(module) in FLOORS, f"give {module} a floor in FLOORS and in docs/design.md"


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downward(module: str) -> None:
    here = room(module)
    for other in imports(module):
        there = room(other)
        if there != here:
            same_base = FLOORS[here] == FLOORS[there] <= 2
            assert FLOORS[there] < FLOORS[here] or same_base, f"{module} must not import {other}"


def test_command_line_and_service_do_not_know_each_other() -> None:
    for module in MODULES:
        for face, other in (("cli", "http"), ("http", "cli")):
            starts_the_service = module == "normalizer.interfaces.cli.serve"
            if module.startswith(f"normalizer.interfaces.{face}") and not starts_the_service:
                assert not any(
                    name.startswith(f"normalizer.interfaces.{other}") for name in imports(module)
                ), module


def test_no_cycles() -> None:
    graph = {module: imports(module) for module in MODULES}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join([*path, module])
        if module not in done:
            for other in graph[module]:
                visit(other, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("module", [name for name in MODULES if FLOORS.get(room(name), 9) < 7])
def test_nothing_below_the_engine_reads_environment_clock_or_network(module: str) -> None:
    forbidden = {"os.environ", "time", "datetime", "socket", "urllib", "http", "requests"}
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & forbidden, module
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in forbidden, module
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert f"{node.value.id}.{node.attr}" not in {"os.environ", "os.getenv"}, module


def test_the_floor_plan_in_the_docs_is_this_one() -> None:
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    for name in FLOORS:
        path = name.replace(".", "/")
        assert path in text, f"docs/design.md does not name {path}"
