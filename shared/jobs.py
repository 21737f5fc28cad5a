"""Long work as rows: started with its cause, done in small steps by a worker, with progress that a page shows.

A use case starts a job in its own transaction. A worker takes it (`Runner`), and holds it by a lease: `due_at` lies
ahead as long as somebody works on it, so the job of a killed worker comes back by itself. Each step is committed
together with its progress: what is done is not done twice. An error is tried again with a growing pause; after
MOST_TRIES the job is `failed`, and a person sends it again or sets it aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from shared.clock import Clock
from shared.database import Busy, Database, UnitOfWork
from shared.errors import DomainError, NotFound, Refused
from shared.logs import logger
from shared.messaging.loops import place_of
from shared.timers import next_try

LEASE = timedelta(minutes=2)
"""How long one step may take before another worker believes that this one died."""
MOST_TRIES = 8
"""Tries of one step; with the pauses between them they take 635 seconds."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 5.0, 320.0
_NAMES = UUID("6f2b2f0e-8f5d-4b7e-9a53-0b6c5a1d7e11")
_REASON_LENGTHS = range(3, 301)
_GOES_ON = ("waiting", "running")
_WORKER_ENDED = "the worker ended in this step"


class NoFailedJob(NotFound):
    """No failed job has this id."""


class ReasonMissing(Refused):
    """A job is set aside only with a reason of 3 to 300 characters."""

    code = "job_reason_missing"


@dataclass(frozen=True)
class Running:
    """A job in a worker's hand: what it was started with, and how far it came."""

    id: UUID
    kind: str
    arguments: Mapping[str, Any]
    done: int
    total: int | None
    result: Any
    tries: int
    error: str | None
    lease: datetime


@dataclass(frozen=True)
class Progress:
    """How far a job is after a step; at `done == total` it has ended. `result` is JSON, without personal data."""

    done: int
    total: int | None
    result: Any = None


@dataclass(frozen=True)
class Job:
    """How one kind of job does its next step.

    `keep(uow, *, job, made, now) -> Progress` writes the step down, in the transaction of its progress. What takes long
    comes before, with no transaction open: `look(uow, *, job)` reads what is needed, and `make(outside, seen)` turns it
    into `made`. `outside` is what the service's intent timers call. All three may be run again for the same step.
    """

    keep: Callable[..., Progress]
    look: Callable[..., Any] | None = None
    make: Callable[[Any, Any], Any] | None = None


def job_id(kind: str, key: str) -> UUID:
    """The id of the one job of this kind with this key."""
    return uuid5(_NAMES, f"{kind}:{key}")


def start(
    uow: UnitOfWork, kind: str, *, key: str, arguments: Mapping[str, Any], now: datetime, total: int | None = None
) -> UUID:
    """Start a job if, and only if, this unit commits; the same kind and key is started once. Gives its id."""
    id_ = job_id(kind, key)
    row = {"id": id_, "kind": kind, "state": "waiting", "arguments": dict(arguments), "total": total}
    uow.insert_once(uow.toolbox.jobs, [{**row, "due_at": now, "created_at": now}], returning=[uow.toolbox.jobs.c.id])
    return id_


def progress_of(uow: UnitOfWork, id_: UUID) -> dict[str, Any] | None:
    """State, steps done, total, result and error of a job, as a page shows them; None if there is no such job."""
    jobs = uow.toolbox.jobs
    columns = (jobs.c.id, jobs.c.kind, jobs.c.state, jobs.c.done, jobs.c.total, jobs.c.result, jobs.c.error)
    row = uow.session.execute(sa.select(*columns).where(jobs.c.id == id_)).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


class Runner:
    """Works on the jobs of one service, one step at a time. Each thread needs a runner of its own."""

    def __init__(self, kinds: Mapping[str, Job], database: Database, clock: Clock, outside: Any = None) -> None:
        self._kinds, self._database, self._clock, self._outside = kinds, database, clock, outside
        self._in_hand: Running | None = None

    def step(self) -> bool:
        """Do one step of the job in hand, or of the one that is longest due; tells whether there was one.

        Raises Busy when the database cannot be had: the same step is then tried again, and counts as no try.
        """
        self._in_hand = job = self._in_hand or self._take()
        if job is None:
            return False
        try:
            self._in_hand = self._run(self._kinds[job.kind], job)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one job's trouble and kept with it
            self._in_hand = None
            with self._database.write() as uow:
                _fail(uow, job, _reason(error), now=self._clock())
        return True

    def let_go(self) -> None:
        """Give the job in hand back, for any worker to go on at once."""
        job, self._in_hand = self._in_hand, None
        if job is not None:
            with self._database.write() as uow:
                _update(uow, job, state="waiting", tries=job.tries, due_at=self._clock())

    def _take(self) -> Running | None:
        now, kinds = self._clock(), list(self._kinds)
        with self._database.read() as uow:
            if _due(uow, kinds, now=now) is None:
                return None
        with self._database.write() as uow:
            return _take(uow, kinds, now=now)

    def _run(self, kind: Job, job: Running) -> Running | None:
        made = None
        if kind.look is not None:
            with self._database.read() as uow:
                made = kind.look(uow, job=job)
        if kind.make is not None:
            made = kind.make(self._outside, made)
        with self._database.write() as uow:
            now = self._clock()
            if not _update(uow, job, due_at=now + LEASE):
                return None
            progress = kind.keep(uow, job=job, made=made, now=now)
            ended = progress.done == progress.total
            state, went = "done" if ended else "running", vars(progress)
            job = replace(job, lease=now + LEASE)
            _update(uow, job, state=state, tries=0, error=None, **went)
            return None if ended else replace(job, tries=0, **went)


def _due(uow: UnitOfWork, kinds: list[str], *, now: datetime, lock: bool = False) -> Running | None:
    """The job that is longest due, passing over those that another worker is just taking."""
    jobs = uow.toolbox.jobs
    due = sa.select(jobs).where(jobs.c.state.in_(_GOES_ON), jobs.c.due_at <= now, jobs.c.kind.in_(kinds))
    due = due.order_by(jobs.c.due_at).limit(1)
    row = uow.session.execute(due.with_for_update(skip_locked=True) if lock else due).first()
    if row is None:
        return None
    return Running(row.id, row.kind, row.arguments, row.done, row.total, row.result, row.tries, row.error, row.due_at)


def _take(uow: UnitOfWork, kinds: list[str], *, now: datetime) -> Running | None:
    while (job := _due(uow, kinds, now=now, lock=True)) is not None:
        if job.tries < MOST_TRIES:
            # Counted before it is tried: a step that kills its worker must not be tried for ever.
            _update(uow, job, state="running", tries=job.tries + 1, due_at=now + LEASE)
            return replace(job, lease=now + LEASE)
        _fail(uow, job, job.error or _WORKER_ENDED, now=now)
    return None


def _fail(uow: UnitOfWork, job: Running, reason: str, *, now: datetime) -> None:
    tries = min(job.tries + 1, MOST_TRIES)
    state = "failed" if tries >= MOST_TRIES else "waiting"
    due = next_try(now, tries, first=_FIRST_PAUSE_SECONDS, longest=_LONGEST_PAUSE_SECONDS)
    if _update(uow, job, state=state, tries=tries, error=reason, due_at=due):
        log = logger().error if state == "failed" else logger().warning
        log("a step of a job failed", job_id=str(job.id), kind=job.kind, state=state, error=reason, tries=tries)


def _update(uow: UnitOfWork, job: Running, **values: Any) -> bool:
    """Change a job that is still ours (the lease we know is the lease it has); tells whether it is."""
    jobs = uow.toolbox.jobs
    ours = jobs.c.id == job.id, jobs.c.state.in_(_GOES_ON), jobs.c.due_at == job.lease
    return uow.session.execute(jobs.update().where(*ours).values(**values).returning(jobs.c.id)).first() is not None


def _reason(error: Exception) -> str:
    """What may be kept of an error: its class, a refusal's code, and the place. Its text may hold personal data."""
    path, _, line = place_of(error).rpartition(":")
    code = f" {error.code}" if isinstance(error, DomainError) else ""
    return f"{type(error).__name__}{code} at {'/'.join(Path(path).parts[-3:])}:{line}"[:500]


# ------------------------------------------------------------------------------------------------- the person's view


def failed(uow: UnitOfWork, *, limit: int = 100) -> list[dict[str, Any]]:
    """Jobs that need a person, oldest first, without what they were started with."""
    jobs = uow.toolbox.jobs
    columns = (jobs.c.id, jobs.c.kind, jobs.c.done, jobs.c.total, jobs.c.error, jobs.c.tries, jobs.c.created_at)
    query = sa.select(*columns).where(jobs.c.state == "failed").order_by(jobs.c.created_at, jobs.c.id).limit(limit)
    return [dict(row._mapping) for row in uow.session.execute(query)]  # noqa: SLF001 - as above


def send_again(uow: UnitOfWork, *, id_: UUID, now: datetime) -> None:
    """A person lets a failed job go on where it was, with all its tries. Raises NoFailedJob."""
    _end_failure(uow, id_, state="waiting", tries=0, error=None, due_at=now)


def set_aside(uow: UnitOfWork, *, id_: UUID, reason: str) -> None:
    """A person decides that a failed job shall not go on. Raises NoFailedJob, ReasonMissing."""
    if len(reason.strip()) not in _REASON_LENGTHS:
        raise ReasonMissing
    _end_failure(uow, id_, state="set_aside", error=reason.strip())


def _end_failure(uow: UnitOfWork, id_: UUID, **values: Any) -> None:
    jobs = uow.toolbox.jobs
    change = jobs.update().where(jobs.c.id == id_, jobs.c.state == "failed").values(**values)
    if uow.session.execute(change.returning(jobs.c.id)).first() is None:
        raise NoFailedJob
