"""Servers started for a benchmark, asked by wrk, and what their processes took of the processor meanwhile."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from normalizer.interfaces.server import THREADS

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_SCRIPT: Final = Path(__file__).with_name("service.lua")
_PATIENCE: Final = 300
"""Seconds for a server to come up: an index of a million names may have to be compiled."""


@dataclass(frozen=True)
class Load:
    """What one run of wrk found.

    Attributes:
        rate: Requests answered, a second.
        p50: Median latency in milliseconds.
        p99: The same of the slowest hundredth.
        cpu: Microseconds of the server's processes, a request.
        bad: Requests that failed, by status or on the wire.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    bad: int


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    address: str
    process: int

    def cpu(self) -> float:
        """Seconds that the server and its workers have taken of the processor."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(map(_cpu_of, [str(self.process), *children]))

    def ask(self, path: str, body: str) -> bytes:
        """The answer to one request."""
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, body.encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: bytes = response.read()
        return answer


def _cpu_of(process: str) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def ours(registry: Path, cache: Path, workers: int) -> Iterator[Server]:
    """The service over a registry, its index kept in a folder."""
    command = ["-m", "normalizer", "serve", "--port", "0", "--workers", str(workers), "--judgements", ""]
    environ = {"NORMALIZER_REGISTRY": str(registry), "NORMALIZER_CACHE": str(cache)}
    with _running(command, environ, r"http://127\.0\.0\.1:(\d+)") as server:
        yield server


@contextmanager
def no_op(answer: bytes, workers: int) -> Iterator[Server]:
    """The endpoint that does nothing, under gunicorn as `normalizer serve` sets it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
        "--worker-class", "gthread",
        "--threads", str(THREADS), "--keep-alive", "5", "--preload", "benchmarks.service_no_op:app",
    ]  # fmt: skip
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer)
        file.flush()
        with _running(command, {"ANSWER": file.name}, r"Listening at: http://127\.0\.0\.1:(\d+)") as server:
            yield server


@contextmanager
def _running(command: Sequence[str], environ: Mapping[str, str], told: str) -> Iterator[Server]:
    """A server until the block ends; it tells its port in its log."""
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen([sys.executable, *command], env={**os.environ, **environ}, stderr=log)
        try:
            end = time.monotonic() + _PATIENCE
            while not (found := re.search(told, _text(log.fileno()))):
                if child.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"{' '.join(command)}: did not start\n{_text(log.fileno())}")
                time.sleep(0.1)
            yield Server(f"http://127.0.0.1:{found[1]}", child.pid)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(60)


def _text(descriptor: int) -> str:
    return os.pread(descriptor, 1 << 20, 0).decode("utf-8", "replace")


def loaded(server: Server, path: str, bodies: Path, start: int, seconds: float, connections: int) -> Load:
    """Let wrk ask a server.

    Args:
        server: Whom.
        path: What.
        bodies: The file of bodies, one a line.
        start: The body to begin behind.
        seconds: For how long.
        connections: How many requests are under way at once.
    """
    command = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds:.0f}s", "--timeout", "60s"]
    environ = {**os.environ, "BODIES": str(bodies), "START": str(start)}
    before = server.cpu()
    done = subprocess.run(
        [*command, "-s", str(_SCRIPT), server.address + path],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    cpu = server.cpu() - before
    if done.returncode:
        raise SystemExit(f"wrk failed; it is Debian's package wrk\n{done.stderr}")
    said = json.loads(done.stdout.strip().rpartition("\n")[2])
    asked = max(1, said["requests"])
    return Load(asked / said["seconds"], said["p50"], said["p99"], 1e6 * cpu / asked, said["bad"])
