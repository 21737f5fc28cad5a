"""A job of the toy service that keeps one number after the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from shared import jobs
from shared.database import Database, UnitOfWork
from shared.errors import Refused
from shared.jobs import Job, Progress, Runner, Running
from tests.support import toy
from tests.support.clock import StandingClock

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
