"""The worker: its threads, what ends it, and what does not."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.clock import utc_now
from shared.database import Database
from shared.messaging import loops, receiving
from shared.messaging.broker import Broker
from shared.messaging.inbox import InboxUnavailable
from shared.messaging.publisher import body_of
from shared.messaging.worker import Worker, alive_file, seconds_since_alive
from shared.service import Service
from shared.settings import Settings
from shared.timers import IntentTimer, Timer
from tests.shared.messaging import hospital
from tests.shared.messaging.hospital import KITCHEN, WARD
from tests.shared.messaging.proxy import Proxy

PATIENCE = 30.0


class Watched(Worker):
    """A worker that tells when it has received something."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.news = threading.Condition()
        super().__init__(*args, **kwargs)

    def _on_outcome(self, service: str, outcome: Any) -> None:
        super()._on_outcome(service, outcome)
        with self.news:
            self.news.notify_all()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(condition, PATIENCE), "it did not happen in time"


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def at(settings: Settings, ward: Database, kitchen: Database) -> Settings:
    """Settings that name the ward's and the kitchen's databases and a folder as broker."""
    urls = {
        name: each.url.render_as_string(hide_password=False) for name, each in (("ward", ward), ("kitchen", kitchen))
    }
    return replace(settings, database_urls={**settings.database_urls, **urls}, broker_url="filesystem://")


@contextmanager
def working(worker: Worker) -> Iterator[list[int]]:
    """The worker works in a thread of its own; its exit code is in the list at the end."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(worker.work()))
    thread.start()
    try:
        yield codes
    finally:
        worker.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def lays(kitchen: Database, people: list[UUID]) -> Callable[[], bool]:
    return lambda: hospital.laid(kitchen) == people


@pytest.fixture
def rabbit(rabbitmq_url: str) -> Iterator[tuple[Proxy, Broker, Broker]]:
    proxy = Proxy(rabbitmq_url)
    direct = Broker(rabbitmq_url, namespace=f"test-{os.getpid()}-{time.monotonic_ns()}")
    yield proxy, Broker(proxy.address, namespace=direct.namespace), direct
    proxy.hang_up()
    direct.drop(["ward", "kitchen"])


def test_facts_travel_through_a_folder(at: Settings, ward: Database, kitchen: Database) -> None:
    worker = Watched([WARD, KITCHEN], at)
    with working(worker) as codes:
        for _ in range(3):
            people = hospital.laid(kitchen) + hospital.admit(ward, utc_now(), 1, 2)
            worker.wait_until(lays(kitchen, people))
    assert codes == [0]
    folder = at.data_dir / "queue"
    left = {path.name.partition(".")[2] for name in ("waiting", "in_hand") for path in (folder / name).iterdir()}
    assert left <= {"hospital.ward.msg"}  # at most the ward's own heartbeat


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_facts_travel_through_rabbitmq_between_postgresql_databases(
    at: Settings, ward: Database, kitchen: Database, rabbit: tuple[Proxy, Broker, Broker], backend: str
) -> None:
    worker = Watched([WARD, KITCHEN], at, broker=rabbit[2])
    with working(worker) as codes:
        people = hospital.admit(ward, utc_now(), *[1] * 250)
        worker.wait_until(lays(kitchen, people))
    assert codes == [0]
    with rabbit[2].open([KITCHEN]) as connection, connection.channel() as channel:
        waiting = rabbit[2].queue("kitchen")(channel).get()
    assert waiting is None or b"anxin.heartbeat.v1" in body_of(waiting)  # at most a heartbeat


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_postgresql_that_hangs_up_on_everybody_loses_no_fact(
    at: Settings, ward: Database, kitchen: Database, backend: str
) -> None:
    worker = Watched([WARD, KITCHEN], at)
    hang_up = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
    )
    with working(worker) as codes:
        people = hospital.admit(ward, utc_now(), 1)
        worker.wait_until(lays(kitchen, people))
        for database in (ward, kitchen):
            with database.engine.connect() as connection:
                connection.execute(hang_up, {"name": database.url.database})
            database.close()
        people += hospital.admit(ward, utc_now(), 2)
        worker.wait_until(lays(kitchen, people))
    assert codes == [0]


def test_with_the_broker_away_timers_go_on_and_facts_arrive_when_it_is_back(
    at: Settings, ward: Database, kitchen: Database, rabbit: tuple[Proxy, Broker, Broker]
) -> None:
    proxy, broker, _ = rabbit
    ticks = threading.Semaphore(0)

    def tick(_uow: Any, *, now: Any, limit: int) -> int:
        ticks.release()
        return 0

    worker = Watched([replace(WARD, timers=[Timer("tick", 0.01, tick)]), KITCHEN], at, broker=broker)
    with working(worker):
        first = hospital.admit(ward, utc_now(), 1)
        worker.wait_until(lays(kitchen, first))
        proxy.hang_up()
        second = hospital.admit(ward, utc_now(), 2)
        for _ in range(100):
            assert ticks.acquire(timeout=PATIENCE)
        assert hospital.laid(kitchen) == first
        proxy.come_back()
        worker.wait_until(lays(kitchen, first + second))


def test_a_wiped_rabbitmq_is_set_up_again_and_what_it_lost_is_sent_again(
    at: Settings, ward: Database, kitchen: Database, rabbit: tuple[Proxy, Broker, Broker]
) -> None:
    proxy, broker, direct = rabbit
    worker = Watched([WARD, KITCHEN], at, broker=broker)
    people = hospital.admit(ward, utc_now(), 1, 2)
    worker._outgoing.relay("ward")
    direct.drop(["ward", "kitchen"])  # before anybody has read them
    with working(worker):
        worker.wait_until(lays(kitchen, people))
        direct.drop(["ward", "kitchen"])  # while the worker listens
        people += hospital.admit(ward, utc_now(), 4)
        worker.wait_until(lays(kitchen, people))
        direct.drop(["ward", "kitchen"])
        proxy.hang_up()
        proxy.come_back()
        people += hospital.admit(ward, utc_now(), 3)
        worker.wait_until(lays(kitchen, people))


def test_a_message_waits_in_the_queue_while_its_inbox_is_away(
    at: Settings, ward: Database, kitchen: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = threading.Semaphore(0)
    receive, away = receiving.receive, threading.Event()
    away.set()

    def sometimes(service: Service, *args: Any, **kwargs: Any) -> Any:
        if service is KITCHEN and away.is_set():
            refused.release()
            raise InboxUnavailable("test")
        return receive(service, *args, **kwargs)

    monkeypatch.setattr(receiving, "receive", sometimes)
    monkeypatch.setattr(loops, "FIRST_PAUSE", 0.01)
    worker = Watched([WARD, KITCHEN], at)
    with working(worker):
        people = hospital.admit(ward, utc_now(), 1)
        for _ in range(3):
            assert refused.acquire(timeout=PATIENCE)
        assert (hospital.laid(kitchen), hospital.inbox(kitchen)) == ([], [])
        away.clear()
        worker.wait_until(lays(kitchen, people))


def test_a_failed_fact_is_tried_again_by_the_worker(
    at: Settings, ward: Database, kitchen: Database, mood: dict[str, bool]
) -> None:
    worker = Watched([WARD, KITCHEN], at)
    with working(worker):
        people = hospital.admit(ward, utc_now(), hospital.UNKNOWN_BED)
        worker.wait_until(lambda: worker.received.failed == 1)
        mood["known"] = True
        # The tray it lays at the second try is a fact of its own: it leaves, and nobody subscribes to it.
        table = kitchen.toolbox.outbox
        deadline = time.monotonic() + PATIENCE
        while hospital.laid(kitchen) != people and time.monotonic() < deadline:
            os.sched_yield()
        with kitchen.read() as uow:
            assert len(uow.session.execute(table.select()).all()) == 1
    assert hospital.laid(kitchen) == people


def test_a_timer_that_fails_stops_no_other(at: Settings) -> None:
    ticks = threading.Semaphore(0)

    def fail(_uow: Any, *, now: Any, limit: int) -> int:
        raise ZeroDivisionError

    def tick(_uow: Any, *, now: Any, limit: int) -> int:
        ticks.release()
        return 0

    worker = Worker([replace(WARD, timers=[Timer("fail", 0.01, fail), Timer("tick", 0.01, tick)])], at)
    with working(worker) as codes:
        for _ in range(20):
            assert ticks.acquire(timeout=PATIENCE)
    assert codes == [0]


def test_an_outside_that_does_not_answer_stops_no_timer_of_the_hospital(at: Settings) -> None:
    ticks, asked, answer = threading.Semaphore(0), threading.Event(), threading.Event()
    made: list[Settings] = []

    def outside(settings: Settings) -> str:
        made.append(settings)
        return "the wallet"

    def call(wallet: str, intent: int) -> bool:
        assert (wallet, intent) == ("the wallet", 7)
        asked.set()
        return answer.wait(PATIENCE)

    def tick(_uow: Any, *, now: Any, limit: int) -> int:
        ticks.release()
        return 0

    pay = IntentTimer("pay", 60.0, lambda _uow, **_: [7], call, lambda _uow, **_: None)
    worker = Worker([replace(WARD, timers=[pay, Timer("tick", 0.01, tick)], outside=outside)], at)
    with working(worker):
        assert asked.wait(PATIENCE)
        for _ in range(20):
            assert ticks.acquire(timeout=PATIENCE)
        answer.set()
    assert made == [at]


@pytest.mark.parametrize("name", ["_receiving", "_sending"])
def test_a_thread_that_dies_ends_the_worker_with_an_error(
    at: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    worker = Worker([WARD, KITCHEN], at)

    def die() -> None:
        raise AssertionError("a defect")

    monkeypatch.setattr(getattr(worker, name), "turn", die)
    assert worker.work() == 1


def test_a_worker_gives_a_sign_of_life_for_each_service(at: Settings) -> None:
    assert seconds_since_alive(at.data_dir, "ward") is None
    worker = Watched([WARD, KITCHEN], at)
    with working(worker):
        worker.wait_until(lambda: True)
        while not alive_file(at.data_dir, "kitchen").exists():
            os.sched_yield()
    for service in ("ward", "kitchen"):
        age = seconds_since_alive(at.data_dir, service)
        assert age is not None
        assert age < PATIENCE


def test_a_worker_with_a_stuck_thread_gives_no_sign_of_life(at: Settings) -> None:
    worker = Worker([WARD], at)
    worker._receiving.alive_at -= 121
    assert not worker._give_sign_of_life()
    assert seconds_since_alive(at.data_dir, "ward") is None
