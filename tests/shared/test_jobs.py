"""Long work: started with its cause, done once step by step, whatever dies in between."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared import jobs
from shared.database import Busy, Database, UnitOfWork
from shared.jobs import LEASE, Job, Progress, Runner, Running
from tests.shared.counting import (
    COUNTING,
    KINDS,
    count_on,
    numbers,
    run_out,
    start,
    state_of,
)
from tests.support import toy
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched


def test_a_job_is_done_step_by_step_and_each_step_is_seen(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)
    runner = Runner(KINDS, database, clock)
    seen = [state_of(database, id_)]
    while runner.step():
        seen.append(state_of(database, id_))
    assert [(each["state"], each["done"], each["total"]) for each in seen] == [
        ("waiting", 0, 3),
        ("running", 1, 3),
        ("running", 2, 3),
        ("done", 3, 3),
    ]
    assert seen[-1] == {
        "id": id_, "kind": COUNTING, "state": "done", "done": 3, "total": 3, "result": {"last": 2}, "error": None,
    }  # fmt: skip
    assert numbers(database) == [0, 1, 2]


def test_the_same_key_starts_one_job(database: Database, clock: StandingClock) -> None:
    assert start(database, clock, up_to=2) == start(database, clock, up_to=9)
    assert start(database, clock, key="another") != start(database, clock)
    with database.read() as uow:
        assert sorted(uow.session.scalars(sa.select(toy.toolbox.jobs.c.total))) == [2, 3]


def test_a_cause_that_is_undone_starts_no_job(database: Database, clock: StandingClock) -> None:
    def cause() -> None:
        with database.write() as uow:
            jobs.start(uow, COUNTING, key="one", arguments={}, now=clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    with database.read() as uow:
        assert jobs.progress_of(uow, jobs.job_id(COUNTING, "one")) is None
    assert not Runner(KINDS, database, clock).step()


def test_a_step_looks_makes_and_keeps_and_only_keeping_writes(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock, up_to=1)
    order: list[Any] = []

    def look(uow: UnitOfWork, *, job: Running) -> str:
        order.append(("look", job.done))
        return "seen"

    def make(outside: Any, seen: Any) -> str:
        with database.write():  # nobody holds the database while something long is made
            order.append(("make", outside, seen))
        return "made"

    def keep(uow: UnitOfWork, *, job: Running, made: Any, now: Any) -> Progress:
        order.append(("keep", made))
        return count_on(uow, job=job, made=made, now=now)

    assert run_out(Runner({COUNTING: Job(keep, look, make)}, database, clock, outside="press")) == 1
    assert order == [("look", 0), ("make", "press", "seen"), ("keep", "made")]
    assert state_of(database, id_)["state"] == "done"


def test_a_killed_worker_repeats_no_step_and_loses_none(database: Database, clock: StandingClock) -> None:
    """At every statement of a whole job the process dies; another worker ends the job when the lease is over."""
    start(database, clock, key="rehearsal", up_to=2)
    with watched(CallCounter(), database) as counter:
        assert run_out(Runner(KINDS, database, clock)) == 2
    assert counter.calls > 10
    for number, (at, after) in enumerate(crash_points(counter.calls)):
        with database.write() as uow:
            uow.session.execute(toy.numbers.delete())
        id_ = start(database, clock, key=f"crash-{number}", up_to=2)
        with pytest.raises(Crash), watched(CallCounter(at, after=after), database):
            run_out(Runner(KINDS, database, clock))
        database.close()
        clock.advance(seconds=LEASE.total_seconds())
        run_out(Runner(KINDS, database, clock))
        assert (numbers(database), state_of(database, id_)["state"]) == ([0, 1], "done"), (at, after)


def test_a_job_in_hand_is_left_alone_until_its_lease_ends(database: Database, clock: StandingClock) -> None:
    start(database, clock)
    killed, other = Runner(KINDS, database, clock), Runner(KINDS, database, clock)
    assert killed.step()
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert not other.step()
    clock.advance(seconds=1)
    assert other.step()
    assert numbers(database) == [0, 1]


def test_a_worker_that_was_only_slow_writes_nothing_after_its_lease(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)

    def dawdle(_outside: Any, _seen: Any) -> None:
        clock.advance(seconds=LEASE.total_seconds())
        assert Runner(KINDS, database, clock).step()

    slow = Runner({COUNTING: Job(count_on, make=dawdle)}, database, clock)
    assert slow.step()
    assert numbers(database) == [0]
    assert state_of(database, id_)["done"] == 1
    assert not slow.step()


def test_many_workers_at_once_do_each_step_once(database: Database, clock: StandingClock) -> None:
    ids = [start(database, clock, key=str(number), up_to=1) for number in range(6)]
    barrier = threading.Barrier(4)
    done: list[UUID] = []

    def keep(uow: UnitOfWork, *, job: Running, made: Any, now: Any) -> Progress:
        done.append(job.id)
        return Progress(1, 1)

    def work() -> None:
        barrier.wait()
        runner = Runner({COUNTING: Job(keep)}, database, clock)
        while any(state_of(database, each)["state"] != "done" for each in ids):
            try:
                runner.step()
            except Busy:
                continue

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == sorted(ids)


def test_a_job_that_is_given_back_goes_on_at_once(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)
    first = Runner(KINDS, database, clock)
    first.step()
    first.let_go()
    assert state_of(database, id_)["state"] == "waiting"
    assert run_out(Runner(KINDS, database, clock)) == 2
    assert numbers(database) == [0, 1, 2]
    first.let_go()  # it holds nothing any more
    assert state_of(database, id_)["state"] == "done"
