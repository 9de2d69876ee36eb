"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, run by an unprivileged user.

The programs come from the PATH or from where Debian's package `postgresql` puts them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder that holds `initdb` and `pg_ctl`, of the newest version there is."""
    on_path = shutil.which("initdb")
    if on_path is not None and (Path(on_path).resolve().parent / "pg_ctl").exists():
        return Path(on_path).resolve().parent
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name)) if found else None


def why_not() -> str:
    """Why no PostgreSQL can be started here; empty if one can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian's package postgresql)"
    if os.getuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL refuses to run as root, and there is no setpriv"
    return ""


@dataclass
class Cluster:
    """A PostgreSQL server that can be stopped and started.

    Attributes:
        folder: Where all of it is.
        port: Where it listens, on 127.0.0.1.
    """

    folder: Path
    port: int
    _as_user: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"postgresql://normalizer@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self._run("pg_ctl", "-w", "-D", "data", "-l", "log", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-w", "-D", "data", "-m", mode, "stop")

    def make(self) -> None:
        self._run("initdb", "-D", "data", "-U", "normalizer", "-A", "trust", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, str((programs() or Path()) / program), *arguments]
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
        with (self.folder / f"{program}.output").open(
            "wb"
        ) as output:  # a pipe would stay open with the server
            done = subprocess.run(
                command, cwd=self.folder, env=environment, stdout=output, stderr=output, check=False
            )
        assert done.returncode == 0, (self.folder / f"{program}.output").read_text()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A fresh server that runs, and is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="normalizer-pg-", dir="/tmp"))
    as_user: list[str] = []
    if os.getuid() == 0:
        user = pwd.getpwnam("nobody")
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        os.chown(folder, user.pw_uid, user.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Cluster(folder, port, as_user)
    try:
        server.make()
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
