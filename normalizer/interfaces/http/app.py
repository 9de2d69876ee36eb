"""The application factory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from flask import Flask

from normalizer.configuration import load_settings
from normalizer.engine import Engine
from normalizer.interfaces.http import cross_origin, headers, keys, problems
from normalizer.interfaces.http.compare import compare
from normalizer.interfaces.http.drafts import drafts
from normalizer.interfaces.http.judgements import judgements
from normalizer.interfaces.http.languagetool import languagetool
from normalizer.interfaces.http.match import match
from normalizer.interfaces.http.openapi import openapi
from normalizer.interfaces.http.operations import operations
from normalizer.interfaces.http.reconcile.version_0_2 import version_0_2
from normalizer.interfaces.http.reconcile.version_1_0 import version_1_0
from normalizer.interfaces.http.registry import registry
from normalizer.interfaces.http.state import keep_engine
from normalizer.interfaces.keys import Keys, read_keys
from normalizer.settings import Settings

FAMILIES: Final = (
    judgements,
    match,
    compare,
    drafts,
    registry,
    version_0_2,
    version_1_0,
    languagetool,
    openapi,
    operations,
)
"""The routes, a file for each family."""


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
    keys.install(app, Keys() if engine.settings.keys is None else read_keys(engine.settings.keys))
    cross_origin.install(app)
    problems.install(app)
    for family in FAMILIES:
        app.register_blueprint(family)
    return app
