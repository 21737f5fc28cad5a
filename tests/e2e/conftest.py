"""The real thing: `anxin up` with processes, files and ports of its own, as `make run` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from shared.settings import PORTS
from tests.e2e.person import Person

START_SECONDS = 150


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a hospital of its own."""
    ports = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANXIN_")},
        **{f"ANXIN_{name.upper()}_PORT": str(port) for name, port in ports.items()},
        "ANXIN_DATA_DIR": str(tmp_path_factory.mktemp("hospital")),
    }


@pytest.fixture(scope="session")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of the running demo hospital; stopped as Ctrl-C does, and it has to end well."""
    hospital = subprocess.Popen(
        [sys.executable, "-u", "-m", "shared.cli", "up"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert hospital.stdout is not None
    watchdog = threading.Timer(START_SECONDS, hospital.kill)
    watchdog.start()
    said = []
    for line in hospital.stdout:
        said.append(line)
        if "is ready" in line:
            break
    watchdog.cancel()
    assert "is ready" in "".join(said), f"the hospital did not start: {''.join(said)}{_logs(environment)}"
    rest = threading.Thread(target=hospital.stdout.read, daemon=True)
    rest.start()
    yield f"http://127.0.0.1:{environment['ANXIN_GATEWAY_PORT']}"
    hospital.send_signal(signal.SIGINT)
    assert hospital.wait(timeout=30) == 0
    rest.join()
    hospital.stdout.close()


def _logs(environment: dict[str, str]) -> str:
    folder = Path(environment["ANXIN_DATA_DIR"]) / "log"
    return "".join(f"\n--- {path.name}\n{path.read_text()[-2000:]}" for path in sorted(folder.glob("*.log")))


@pytest.fixture
def person(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    """A function that gives somebody with a browser of their own; their browsers are closed at the end."""
    people: list[Person] = []
    wanted = os.environ.get("ANXIN_TEST_PICTURES")

    def make(*, wide: bool = False, tablet: bool = False) -> Person:
        folder = None
        if wanted:
            folder = (
                Path(wanted) / f"{os.environ['PYTEST_CURRENT_TEST'].rsplit('::', 1)[1].split(' ')[0]}-{len(people)}"
            )
            folder.mkdir(parents=True, exist_ok=True)
        people.append(Person(browser, site, pictures=folder, wide=wide, tablet=tablet))
        return people[-1]

    yield make
    for each in people:
        each.close()
