"""`normalizer serve`: the HTTP service under gunicorn."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from normalizer.engine import Engine
from normalizer.errors import NormalizerError
from normalizer.interfaces.cli.terminal import registry_option, say, settings_for

if TYPE_CHECKING:
    from collections.abc import Mapping

THREADS: Final = 4
BACKLOG: Final = 512
_MEMORY_FOLDER: Final = Path("/dev/shm")

EXAMPLES: Final = """\b
Examples:
  normalizer serve
  normalizer serve --port 9000 --workers 4 --registry aliases/
"""


@click.command(epilog=EXAMPLES, short_help="Answer over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 takes a free one and says which.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help=f"Processes that answer, each with {THREADS} threads.",
)
@registry_option
def serve(host: str, port: int, workers: int, registry: str | None) -> None:
    """Answer over HTTP: match, compare, check and entities, as described in docs/http.md.

    The registry is read before the port is opened. There is no access control: listen on another
    address than 127.0.0.1 only behind something that has one. Stop with Ctrl-C; requests under way are
    finished first.
    """
    engine = Engine.open(settings_for(registry))
    engine.check("Made ready before the port opens")  # and before the workers are forked, who share it
    listener = _listen(host, port)
    address = listener.getsockname()
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    count = f"{len(engine.registry.entities):,} entities, index {engine.index_version}"
    say(f"listening on http://{shown}:{address[1]} ({count}); stop with Ctrl-C")
    _run(engine, listener.detach(), workers)


def _listen(host: str, port: int) -> socket.socket:
    """Open the port, or say clearly why that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NormalizerError(
            f"cannot listen on {host}:{port}: {reason}; try another --port or --host"
        ) from error
    return listener


def _run(engine: Engine, descriptor: int, workers: int) -> None:
    """Serve on an open port, whose descriptor gunicorn takes over, until a signal ends it."""
    from flask import Flask
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    from normalizer.interfaces.http import create_app

    options: Mapping[str, object] = {
        "bind": f"fd://{descriptor}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "preload_app": True,  # one registry in memory for all workers
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "backlog": BACKLOG,
        "loglevel": "warning",
        "accesslog": None,
        "proc_name": "normalizer",
        "control_socket_disable": True,
        "worker_tmp_dir": str(_MEMORY_FOLDER) if os.access(_MEMORY_FOLDER, os.W_OK) else None,
    }

    class Service(BaseApplication):  # type: ignore[misc]
        """The application in gunicorn's hands."""

        def load_config(self) -> None:
            for name, value in options.items():
                if name in self.cfg.settings:  # older gunicorns know fewer
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return create_app(engine)

    Service().run()
