"""The application factory."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

from normalizer.configuration import load_settings
from normalizer.engine import Engine
from normalizer.interfaces.http import headers, problems
from normalizer.interfaces.http.api import api
from normalizer.interfaces.http.operations import operations
from normalizer.interfaces.http.state import keep_engine
from normalizer.settings import Settings


def create_app(source: Engine | Settings | None = None) -> Flask:
    """Make the WSGI application.

    Args:
        source: An engine that is ready, or the settings to open one with; without it, the settings of the
            current folder and environment.

    Raises:
        NormalizerError: The settings or the registry cannot be used.
    """
    if source is None:
        source = load_settings(Path.cwd(), os.environ)
    app = Flask("normalizer", static_folder=None, template_folder=None)
    engine = source if isinstance(source, Engine) else Engine.open(source, app.logger.warning)
    for note in engine.notes:
        app.logger.warning(note)
    app.config["MAX_CONTENT_LENGTH"] = engine.settings.limits.body
    app.config["MAX_FORM_MEMORY_SIZE"] = engine.settings.limits.body
    app.url_map.merge_slashes = False  # a wrong path is a 404, not a redirect
    keep_engine(app, engine)
    headers.install(app)
    problems.install(app)
    app.register_blueprint(api)
    app.register_blueprint(operations)
    return app
