"""Facts whose use case failed: tried again with growing delay, parked where a person sees them, never dropped."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from shared.database import Busy, UnitOfWork
from shared.errors import Conflict, DomainError, NotFound, NotYet, Refused
from shared.logs import logger
from shared.messaging.batches import Received
from shared.timers import next_try

NOT_YET_FOR = timedelta(days=3)
"""How long a fact about an unknown thing is tried."""
MOST_FAULTS = 8
"""Tries of a fact whose use case raises an error: with the delays below they take 635 seconds."""
_FIRST_FAULT_SECONDS = 5.0
_LONGEST_FAULT_SECONDS = 320.0
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 300.0
_REASON_LENGTHS = range(3, 501)


class NothingParked(NotFound):
    """No parked message has this type and number."""


class ReasonMissing(Refused):
    """A message is set aside only with a reason of 3 to 500 characters."""


class StillBeingTried(Conflict):
    """The message is tried by itself; only parked ones are set aside."""


def kind_of(error: Exception) -> str:
    """What may be kept of an error: its class, and the code of a refusal. Its text may hold personal data."""
    return f"{type(error).__name__}: {error.code}" if isinstance(error, DomainError) else type(error).__name__


def _is_waiting(error: Exception) -> bool:
    """Whether the failure says "later", not "wrong": an unknown thing, or a database that was busy."""
    return isinstance(error, NotYet | Busy | sa.exc.OperationalError | sa.exc.InterfaceError)


def _verdict(error: Exception, *, tries: int, faults: int, received_at: datetime, now: datetime) -> dict[str, Any]:
    """The inbox columns after a failed try."""
    tries += 1
    if _is_waiting(error):
        parked = now - received_at >= NOT_YET_FOR
        due = next_try(now, tries, first=_FIRST_WAIT_SECONDS, longest=_LONGEST_WAIT_SECONDS)
    else:
        faults += 1
        parked = faults >= MOST_FAULTS
        due = next_try(now, faults, first=_FIRST_FAULT_SECONDS, longest=_LONGEST_FAULT_SECONDS)
    return {
        "state": "parked" if parked else "failed",
        "error": kind_of(error)[:500],
        "tries": tries,
        "faults": faults,
        "next_try_at": None if parked else due,
    }


def keep_failed(uow: UnitOfWork, event: Received, error: Exception, *, now: datetime) -> None:
    """Keep a just claimed event with its error, to be tried again."""
    verdict = _verdict(error, tries=0, faults=0, received_at=now, now=now)
    _update(uow, event.type, event.sequence, envelope=event.envelope, **verdict)
    logger().info("a fact failed and waits", type=event.type, sequence=event.sequence, error=verdict["error"])


def _update(uow: UnitOfWork, type_: str, sequence: int, **values: Any) -> None:
    inbox = uow.toolbox.inbox
    uow.session.execute(inbox.update().where(inbox.c.type == type_, inbox.c.sequence == sequence).values(**values))


def is_any_due(uow: UnitOfWork, *, now: datetime) -> bool:
    """Whether a failed event waits to be tried now: a cheap look before a unit of work is opened."""
    inbox = uow.toolbox.inbox
    query = sa.select(sa.literal(1)).where(inbox.c.state == "failed", inbox.c.next_try_at <= now).limit(1)
    return uow.session.execute(query).first() is not None


def take_due(uow: UnitOfWork, *, now: datetime) -> sa.Row[Any] | None:
    """The failed event that is longest due, locked so that two workers never take the same."""
    inbox = uow.toolbox.inbox
    query = (
        sa.select(inbox)
        .where(inbox.c.state == "failed", inbox.c.next_try_at <= now)
        .order_by(inbox.c.next_try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return uow.session.execute(query).first()


def conclude(uow: UnitOfWork, row: sa.Row[Any], error: Exception | None, *, now: datetime) -> None:
    """Write down what became of a try; nothing happens if somebody else has tried it meanwhile."""
    inbox = uow.toolbox.inbox
    values: dict[str, Any] = {"state": "done", "envelope": None, "error": None, "next_try_at": None}
    if error is not None:
        values = _verdict(error, tries=row.tries, faults=row.faults, received_at=row.received_at, now=now)
    uow.session.execute(
        inbox.update()
        .where(inbox.c.type == row.type, inbox.c.sequence == row.sequence)
        .where(inbox.c.state == "failed", inbox.c.tries == row.tries)
        .values(**values)
    )
    if values["state"] == "parked":
        logger().error("a fact is parked", type=row.type, sequence=row.sequence, error=values["error"])


# ------------------------------------------------------------------------------------------------- the person's view


def parked(uow: UnitOfWork, *, limit: int = 100) -> list[dict[str, Any]]:
    """Parked messages, oldest first, without their content."""
    inbox = uow.toolbox.inbox
    columns = (inbox.c.type, inbox.c.sequence, inbox.c.id, inbox.c.error, inbox.c.tries, inbox.c.received_at)
    query = sa.select(*columns).where(inbox.c.state == "parked")
    rows = uow.session.execute(query.order_by(inbox.c.received_at, inbox.c.type, inbox.c.sequence).limit(limit))
    return [dict(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name for it


def send_again(uow: UnitOfWork, *, type_: str, sequence: int, now: datetime) -> None:
    """A person lets a parked message be tried anew, at once and with all its tries. Raises NothingParked."""
    _locked(uow, type_, sequence)
    # Three more days, or eight more tries: the count begins again.
    _update(uow, type_, sequence, state="failed", tries=0, faults=0, next_try_at=now, received_at=now)


def set_aside(uow: UnitOfWork, *, type_: str, sequence: int, reason: str) -> None:
    """A person decides that a parked message shall have no effect. Raises NothingParked, ReasonMissing."""
    _locked(uow, type_, sequence)
    if len(reason.strip()) not in _REASON_LENGTHS:
        raise ReasonMissing
    _update(uow, type_, sequence, state="set_aside", reason=reason.strip(), next_try_at=None)


def _locked(uow: UnitOfWork, type_: str, sequence: int) -> None:
    inbox = uow.toolbox.inbox
    row = uow.session.execute(
        sa.select(inbox.c.state).where(inbox.c.type == type_, inbox.c.sequence == sequence).with_for_update()
    ).first()
    if row is not None and row.state == "failed":
        raise StillBeingTried
    if row is None or row.state != "parked":
        raise NothingParked


def counts(uow: UnitOfWork) -> dict[str, int]:
    """How much waits or needs a person: facts not sent, failed, parked, unreadable, lost."""
    box = uow.toolbox
    queries = {
        "waiting_to_leave": sa.select(sa.func.count()).where(box.outbox.c.published_at.is_(None)),
        "failed": sa.select(sa.func.count()).where(box.inbox.c.state == "failed"),
        "parked": sa.select(sa.func.count()).where(box.inbox.c.state == "parked"),
        "unreadable": sa.select(sa.func.count()).select_from(box.unreadable_messages),
        "alarms": sa.select(sa.func.count()).where(box.inbox_floors.c.alarm.is_not(None)),
    }
    return {name: int(uow.session.execute(query).scalar_one()) for name, query in queries.items()}
