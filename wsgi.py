"""The WSGI application: `flask --app wsgi run` for development, or any WSGI server.

In production `normalizer serve` runs the same application from the installed package.
"""

from normalizer.interfaces.http import create_app

app = create_app()
