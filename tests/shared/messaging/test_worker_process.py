"""The worker as a process of its own: asked to end, and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.clock import utc_now
from shared.database import Database
from tests.shared.messaging import hospital

pytestmark = pytest.mark.processes
PATIENCE = 30.0


@pytest.fixture
def backend() -> str:
    return "sqlite"


PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
from shared.messaging.worker import Worker
from tests.shared.messaging.hospital import KITCHEN, WARD
from tests.support.databases import make_settings

class Telling(Worker):
    def _on_outcome(self, service, outcome):
        super()._on_outcome(service, outcome)
        print(service, outcome.done, flush=True)

settings = make_settings(Path(sys.argv[1]))
settings = replace(settings, database_urls={{**settings.database_urls, "ward": {ward!r}, "kitchen": {kitchen!r}}})
print("working", flush=True)
sys.exit(Telling([WARD, KITCHEN], settings).run())
"""


@pytest.fixture
def start(ward: Database, kitchen: Database, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    script = PROGRAM.format(ward=str(ward.url), kitchen=str(kitchen.url))

    def begin() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, str(tmp_path)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
        assert started[-1].stdout is not None
        assert started[-1].stdout.readline() == "working\n"
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_sigterm_lets_the_worker_finish_and_end_well(
    start: Callable[[], subprocess.Popen[str]], ward: Database, kitchen: Database
) -> None:
    people = hospital.admit(ward, utc_now(), 1)
    process = start()
    assert "kitchen 1" in {said(process), said(process)}  # the other one is the ward, hearing its own heartbeat
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert hospital.laid(kitchen) == people


def test_a_killed_worker_is_healed_by_the_next_one(
    start: Callable[[], subprocess.Popen[str]], ward: Database, kitchen: Database
) -> None:
    people = hospital.admit(ward, utc_now(), *[1] * 100)
    people += hospital.admit(ward, utc_now(), *[2] * 100)
    first = start()
    said(first)
    first.kill()
    first.wait()
    start()
    deadline = time.monotonic() + PATIENCE
    while len(hospital.laid(kitchen)) < 200 and time.monotonic() < deadline:
        os.sched_yield()
    assert sorted(map(str, hospital.laid(kitchen))) == sorted(map(str, people))
