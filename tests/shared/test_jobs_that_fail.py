"""Long work that fails: tried again, then left to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared import jobs
from shared.database import Busy, Database, UnitOfWork
from shared.jobs import LEASE, MOST_TRIES, Job, NoFailedJob, ReasonMissing, Runner
from tests.shared.counting import (
    COUNTING,
    KINDS,
    OutOfNumbers,
    column,
    count_on,
    failing,
    numbers,
    run_out,
    start,
    state_of,
)
from tests.support.clock import StandingClock
from tests.support.crashes import Crash


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
    assert "counting.py:" in error
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
