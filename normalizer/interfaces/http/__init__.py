"""The HTTP service: a Flask application over one engine. `create_app` is the way in."""

from normalizer.interfaces.http.app import create_app
from normalizer.interfaces.http.state import live_of

__all__ = ["create_app", "live_of"]
