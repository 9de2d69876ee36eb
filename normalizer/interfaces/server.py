"""The HTTP service under gunicorn: one engine, made before, for all workers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from normalizer.engine import Engine
from normalizer.errors import NormalizerError
from normalizer.interfaces.closing import ClosingArbiter, ClosingWorker
from normalizer.interfaces.http import create_app, live_of

THREADS: Final = 4
"""Threads of a worker."""
BACKLOG: Final = 512
"""Connections that may wait to be taken."""
_MEMORY_FOLDER: Final = Path("/dev/shm")


def open_port(host: str, port: int) -> socket.socket:
    """Open a port to listen on.

    Args:
        host: An address or the name of one.
        port: Its number; 0 for any that is free.

    Raises:
        NormalizerError: It is taken, or there is no such address here.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise NormalizerError(f"there is no address {host!r} to listen on; try another --host") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        raise NormalizerError(
            f"cannot listen on {host}:{port}: {reason}; try another --port or --host"
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address of an open port, as one types it into a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_server(engine: Engine, listener: socket.socket, workers: int, when_ready: Callable[[], None]) -> None:
    """Serve until a signal ends it; requests under way are finished then.

    Args:
        engine: Who answers.
        listener: The open port, which is taken over.
        workers: How many processes answer.
        when_ready: Called once, as soon as signals are heeded.
    """
    options: Mapping[str, object] = {
        "bind": f"fd://{listener.detach()}",
        "workers": workers,
        "threads": THREADS,
        "worker_class": ClosingWorker,
        "preload_app": True,  # one registry in memory for all workers
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "backlog": BACKLOG,
        "loglevel": "warning",
        "accesslog": None,
        "proc_name": "normalizer",
        "when_ready": lambda arbiter: when_ready(),
        "control_socket_disable": True,
        "post_worker_init": lambda worker: live_of(worker.app.callable).watch(),
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

        def run(self) -> None:
            ClosingArbiter(self).run()

    Service().run()
