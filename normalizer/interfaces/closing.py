"""A door that shuts without losing anybody: clients that were let in are answered, later ones find it shut.

When a listening socket is closed, the kernel resets the connections that it has made and nobody has taken
yet; their clients lose a request. So the kernel is told first to let nobody new in, and the workers have
a moment to take those who wait.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Final

from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

MOMENT: Final = 0.2
"""Seconds for handshakes under way to end, and for workers to take who waits."""
_ATTACH_FILTER: Final = 26
"""SO_ATTACH_FILTER (socket(7)), which Python does not name."""
_INSTRUCTIONS: Final = (
    (0x30, 0, 0, 13),  # load the byte of the TCP header that holds the flags
    (0x45, 0, 1, 0x02),  # is SYN among them?
    (0x06, 0, 0, 0),  # then drop the packet: the client tries again in a second, and is refused
    (0x06, 0, 0, 0xFFFFFFFF),  # else let it pass whole
)
"""A program of the classic Berkeley packet filter (Linux, networking/filter.rst)."""


class ClosingArbiter(Arbiter):  # type: ignore[misc]
    """gunicorn's master, which stops as is told above."""

    def stop(self, graceful: bool = True) -> None:
        """Stop the workers; gracefully, all clients that were let in are answered before."""
        is_shared = self.reexec_pid or self.master_pid  # with the master that follows upon this one
        if graceful and self.LISTENERS and not is_shared:
            for listener in self.LISTENERS:
                let_nobody_in(listener.sock)
            time.sleep(MOMENT)
        super().stop(graceful)


class ClosingWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker with threads, which takes all who wait before it takes no more."""

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or cease to take connections; when it stops, those that are made already are taken first."""
        if not enabled and not self.alive:
            for listener in self.sockets:
                taken = -1
                while taken < self.nr_conns < self.worker_connections:
                    taken = self.nr_conns
                    self.accept(listener)
        super().set_accept_enabled(enabled)


def let_nobody_in(listener: socket.socket) -> None:
    """Let a listening socket make no more connections, and keep those that it has made; Linux only."""
    if sys.platform != "linux":
        return
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in _INSTRUCTIONS))
    fixed = struct.pack("HP", len(_INSTRUCTIONS), ctypes.addressof(program))
    with suppress(OSError):  # where the kernel has no filters, all is as it was without
        listener.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, fixed)
