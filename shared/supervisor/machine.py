"""What the supervisor asks of the machine: is this folder mine, is this port free, does this address answer."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

_FILE_CLOCK_LAG = 0.05
"""File systems take their time from a clock that may run a tick behind."""


class AlreadyRunning(Exception):
    """Another supervisor works in this data folder; the text names its process."""


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the data folder: two supervisors in one folder would start everything twice. Raises AlreadyRunning."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "supervisor.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(lock.read().strip() or "unknown") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on this port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(address: str) -> bool:
    """Whether a GET on this address is answered with 200 within two seconds."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def touched_since(path: Path, instant: float) -> bool:
    """Whether the file was written at or after this instant (seconds of the system's clock)."""
    try:
        return path.stat().st_mtime >= instant - _FILE_CLOCK_LAG
    except FileNotFoundError:
        return False


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, each indented."""
    if not log.exists():
        return "    (empty)"
    return "\n".join(f"    {line}" for line in log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
