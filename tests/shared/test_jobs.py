"""Long work: started with its cause, done once step by step, whatever dies in between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from shared import jobs
from shared.database import Busy, Database, UnitOfWork
from shared.errors import Refused
from shared.jobs import LEASE, MOST_TRIES, Job, NoFailedJob, Progress, ReasonMissing, Runner, Running
from tests.support import toy
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched

COUNTING = "counting"


class OutOfNumbers(Refused):
    """There are no more numbers."""


def count_on(uow: UnitOfWork, *, job: Running, made: Any, now: Any) -> Progress:
    """Keep the next number; a number kept twice would fire the table's constraint."""
    uow.insert(toy.numbers, [{"id": uuid4(), "number": job.done}])
    return Progress(job.done + 1, job.arguments["up_to"], result={"last": job.done})


KINDS = {COUNTING: Job(count_on)}


def start(database: Database, clock: StandingClock, key: str = "one", up_to: int = 3) -> UUID:
    with database.write() as uow:
        return jobs.start(uow, COUNTING, key=key, arguments={"up_to": up_to}, now=clock(), total=up_to)


def state_of(database: Database, id_: UUID) -> dict[str, Any]:
    with database.read() as uow:
        state = jobs.progress_of(uow, id_)
    assert state is not None
    return state


def column(database: Database, name: str) -> Any:
    with database.read() as uow:
        return uow.session.execute(sa.select(toy.toolbox.jobs.c[name])).scalar_one()


def numbers(database: Database) -> list[int]:
    found: list[int] = toy.state_of(database)["numbers"]
    return found


def run_out(runner: Runner) -> int:
    steps = 0
    while runner.step():
        steps += 1
    return steps


def failing(error: Exception) -> dict[str, Job]:
    def fail(uow: UnitOfWork, *, job: Running, made: Any, now: Any) -> Progress:
        count_on(uow, job=job, made=made, now=now)
        raise error

    return {COUNTING: Job(fail)}


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


def test_an_error_undoes_its_step_and_is_tried_again_with_a_growing_pause(
    database: Database, clock: StandingClock
) -> None:
    id_ = start(database, clock)
    runner = Runner(failing(ZeroDivisionError("王小明")), database, clock)
    pauses = []
    while state_of(database, id_)["state"] != "failed":
        assert runner.step()
        assert not runner.step()
        pauses.append((column(database, "due_at") - clock()).total_seconds())
        clock.advance(seconds=pauses[-1])
    assert pauses[:-1] == [5, 10, 20, 40, 80, 160, 320]
    assert (len(pauses), column(database, "tries")) == (MOST_TRIES, MOST_TRIES)
    assert numbers(database) == []
    error = state_of(database, id_)["error"]
    assert error.startswith("ZeroDivisionError at ")
    assert "test_jobs.py:" in error
    assert "王小明" not in error


def test_a_refusal_is_kept_with_its_code(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)
    Runner(failing(OutOfNumbers("王小明")), database, clock).step()
    assert state_of(database, id_)["error"].startswith("OutOfNumbers out_of_numbers at ")


def test_a_step_that_went_well_begins_the_count_anew(database: Database, clock: StandingClock) -> None:
    start(database, clock)
    Runner(failing(ZeroDivisionError()), database, clock).step()
    clock.advance(seconds=5)
    Runner(KINDS, database, clock).step()
    assert (column(database, "tries"), column(database, "error")) == (0, None)


def test_a_step_that_kills_every_worker_fails_in_the_end(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)

    def die(_outside: Any, _seen: Any) -> None:
        raise Crash

    for _ in range(MOST_TRIES):
        with pytest.raises(Crash):
            Runner({COUNTING: Job(count_on, make=die)}, database, clock).step()
        clock.advance(seconds=LEASE.total_seconds())
    assert not Runner(KINDS, database, clock).step()
    assert state_of(database, id_)["state"] == "failed"
    assert state_of(database, id_)["error"] == "the worker ended in this step"


def test_a_busy_database_counts_as_no_try(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock, up_to=1)
    busy = [Busy("somebody writes"), None]

    def make(_outside: Any, _seen: Any) -> None:
        if error := busy.pop(0):
            raise error

    runner = Runner({COUNTING: Job(count_on, make=make)}, database, clock)
    with pytest.raises(Busy):
        runner.step()
    assert runner.step()
    assert (state_of(database, id_)["state"], column(database, "tries")) == ("done", 0)


def test_kinds_that_this_worker_does_not_know_are_left(database: Database, clock: StandingClock) -> None:
    id_ = start(database, clock)
    assert not Runner({"another": Job(count_on)}, database, clock).step()
    assert state_of(database, id_)["state"] == "waiting"


def fail_for_good(database: Database, clock: StandingClock) -> UUID:
    id_ = start(database, clock)
    Runner(KINDS, database, clock).step()
    clock.advance(seconds=LEASE.total_seconds())
    for _ in range(MOST_TRIES):
        Runner(failing(ZeroDivisionError()), database, clock).step()
        clock.advance(seconds=320)
    assert state_of(database, id_)["state"] == "failed"
    return id_


def test_a_person_sends_a_failed_job_again_and_it_goes_on_where_it_was(
    database: Database, clock: StandingClock
) -> None:
    id_ = fail_for_good(database, clock)
    with database.read() as uow:
        found = jobs.failed(uow)
    assert [(each["id"], each["done"], each["total"], each["tries"]) for each in found] == [(id_, 1, 3, MOST_TRIES)]
    with database.write() as uow:
        jobs.send_again(uow, id_=id_, now=clock())
    assert run_out(Runner(KINDS, database, clock)) == 2
    assert numbers(database) == [0, 1, 2]


def test_a_person_sets_a_failed_job_aside_with_a_reason(database: Database, clock: StandingClock) -> None:
    id_ = fail_for_good(database, clock)
    with pytest.raises(ReasonMissing), database.write() as uow:
        jobs.set_aside(uow, id_=id_, reason="  x ")
    assert state_of(database, id_)["state"] == "failed"
    with database.write() as uow:
        jobs.set_aside(uow, id_=id_, reason="made by hand")
    assert (state_of(database, id_)["state"], state_of(database, id_)["error"]) == ("set_aside", "made by hand")
    clock.advance(days=1)
    assert not Runner(KINDS, database, clock).step()
    with database.read() as uow:
        assert jobs.failed(uow) == []


@pytest.mark.parametrize(
    "decide",
    [
        pytest.param(lambda uow, id_, now: jobs.send_again(uow, id_=id_, now=now), id="send again"),
        pytest.param(lambda uow, id_, _now: jobs.set_aside(uow, id_=id_, reason="made by hand"), id="set aside"),
    ],
)
def test_only_a_failed_job_waits_for_a_person(
    database: Database, clock: StandingClock, decide: Callable[[UnitOfWork, UUID, Any], None]
) -> None:
    id_ = start(database, clock)
    for chosen in (id_, uuid4()):
        with pytest.raises(NoFailedJob), database.write() as uow:
            decide(uow, chosen, clock() + timedelta(days=1))
    assert state_of(database, id_)["state"] == "waiting"
    assert column(database, "due_at") == clock()
