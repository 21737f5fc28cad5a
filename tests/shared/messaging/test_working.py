"""Long work in a worker of its own threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from shared import jobs
from shared.clock import utc_now
from shared.database import Database
from shared.messaging.worker import Worker
from shared.settings import Settings
from shared.timers import Timer
from tests.shared.messaging.hospital import WARD

PATIENCE = 30.0


@pytest.fixture
def backend() -> str:
    return "sqlite"


def test_long_work_stops_no_timer_and_is_given_back_when_the_worker_ends(settings: Settings, ward: Database) -> None:
    ticks, asked, answer = threading.Semaphore(0), threading.Event(), threading.Event()

    def make(desk: str, _seen: None) -> bool:
        assert desk == "the desk"
        asked.set()
        return answer.wait(PATIENCE)

    def keep(_uow: Any, *, job: jobs.Running, made: bool, now: Any) -> jobs.Progress:
        assert made
        return jobs.Progress(job.done + 1, 2)

    def tick(_uow: Any, *, now: Any, limit: int) -> int:
        ticks.release()
        return 0

    with ward.write() as uow:
        id_ = jobs.start(uow, "copying", key="1", arguments={}, now=utc_now())
    copying = {"copying": jobs.Job(keep, make=make)}
    timers = [Timer("tick", 0.01, tick)]
    service = replace(WARD, timers=timers, jobs=copying, outside=lambda _settings: "the desk")
    urls = {**settings.database_urls, "ward": ward.url.render_as_string(hide_password=False)}
    worker = Worker([service], replace(settings, database_urls=urls, broker_url="filesystem://"))
    thread = threading.Thread(target=worker.work)
    thread.start()
    assert asked.wait(PATIENCE)
    for _ in range(20):
        assert ticks.acquire(timeout=PATIENCE)
    worker.stop()
    answer.set()
    thread.join(PATIENCE)
    with ward.read() as uow:
        state = jobs.progress_of(uow, id_)
    assert state is not None
    assert (state["state"], state["done"]) == ("waiting", 1)
