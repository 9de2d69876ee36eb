"""What the tests of the interfaces share: a small registry, its engine, the command line in-process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from normalizer.engine import Engine
from normalizer.interfaces.cli.app import app
from normalizer.interfaces.http import create_app
from normalizer.settings import Settings

settings.register_profile("normalizer", deadline=None)  # what takes how long is measured in benchmarks/
settings.load_profile("normalizer")

CASES = Path(__file__).parent / "cases"
DESK = CASES / "desk.yaml"
RunCommand = Callable[..., Result]

_kept = tempfile.TemporaryDirectory(prefix="normalizer-tests-")
os.environ["NORMALIZER_CACHE"] = _kept.name
"""Where compiled indexes are kept while the tests run, those of the processes they start too."""
os.environ["XDG_DATA_HOME"] = str(Path(_kept.name) / "data")
"""Where judgements are kept, unless a test says otherwise."""


@pytest.fixture(scope="session")
def desk_engine() -> Engine:
    """An engine over tests/cases/desk.yaml."""
    return Engine.open(Settings(registry=str(DESK)))


@pytest.fixture(scope="session")
def service(desk_engine: Engine) -> Flask:
    """The service over that engine."""
    return create_app(desk_engine)


@pytest.fixture
def client(service: Flask) -> FlaskClient:
    """A client of that service."""
    return service.test_client()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Run the command line in an empty folder, with the small registry in force."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NORMALIZER_REGISTRY", str(DESK))

    def invoke(*arguments: str | Path, stdin: bytes | str = b"") -> Result:
        words: Sequence[str] = [str(argument) for argument in arguments]
        return CliRunner().invoke(app, words, input=stdin, prog_name="normalizer", catch_exceptions=False)

    return invoke


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skipped test a failure where every outside program must be there (.ci/run)."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("NORMALIZER_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
    return report
