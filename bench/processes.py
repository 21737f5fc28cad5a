"""Databases and programs of a measurement: started on free ports, watched in /proc, and taken away at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import psutil
import psycopg
import sqlalchemy as sa

POSTGRES = os.environ.get("ANXIN_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres").replace(
    "postgresql+psycopg://", "postgresql://"
)
START_SECONDS = 30.0


@contextmanager
def new_database() -> Iterator[str]:
    """The address of an empty database that is dropped afterwards."""
    name = f"anxin_bench_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield sa.make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def gunicorn(application: str, port: int) -> list[str]:
    """The command for a bare application: one gevent worker, as `shared.server` runs ours."""
    return [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gevent", "--workers", "1", "--worker-connections", "500", "--keep-alive", "75"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


@dataclass
class Program:
    """A program of ours with all its processes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> float:
        """Seconds of processor that it has used so far, in user and system mode."""
        leader = psutil.Process(self.process.pid)
        return sum(_cpu(each) for each in [leader, *leader.children(recursive=True)])

    def wait_until(self, url: str) -> None:
        """Wait until the address answers; fail with the program's own words when it never does."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urlopen(url, timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-4000:]}")


@contextmanager
def programs() -> Iterator[list[Program]]:
    """A list for `start`; whatever is in it is stopped at the end, politely first."""
    started: list[Program] = []
    try:
        yield started
    finally:
        for each in started:
            each.process.terminate()
        for each in started:
            try:
                each.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                each.process.kill()
                each.process.wait()


def start(started: list[Program], folder: Path, name: str, command: list[str], env: dict[str, str]) -> Program:
    """Start a program whose words go to a file in the folder."""
    log = folder / f"{len(started)}-{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=os.environ | env, stdout=out, stderr=subprocess.STDOUT)
    started.append(Program(name, process, log))
    return started[-1]


def backends(database_url: str) -> dict[int, float]:
    """Of each PostgreSQL process that serves this database, the seconds of processor it has used so far."""
    name = sa.make_url(database_url).database or ""
    found = {}
    for each in psutil.process_iter(["name", "cmdline"]):
        if each.info["name"] == "postgres" and name in " ".join(each.info["cmdline"] or ()):
            found[each.pid] = _cpu(each)
    return found


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
