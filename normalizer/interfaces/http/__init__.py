"""The HTTP service: a Flask application over one engine. `create_app` is the way in."""

from normalizer.interfaces.http.app import create_app

__all__ = ["create_app"]
