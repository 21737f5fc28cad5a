"""From the queue into a service: each fact has its effect once, whatever the queue does.

The inbox retries, not the broker: a fact whose use case fails is kept with its error and tried again later, so nothing
behind it waits. Only when the inbox itself cannot be written is a message left with the broker.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.actor import Actor
from shared.clock import Clock
from shared.database import Busy, Database, UnitOfWork
from shared.events import Envelope
from shared.logs import logger
from shared.messaging import heartbeat, retries
from shared.messaging.batches import CONTROL, Received, Unreadable, read
from shared.messaging.broker import HEARTBEAT_TYPE, RESEND_TYPE
from shared.messaging.heartbeat import Letter, Wanted
from shared.service import Heard, Service, Subscription

if TYPE_CHECKING:
    from marshmallow import Schema

UNAVAILABLE = (Busy, OperationalError, InterfaceError, PoolTimeout)
"""The database could not be had: says nothing about the message."""


class InboxUnavailable(Exception):
    """The inbox cannot be written now: the message must not be acknowledged."""


@dataclass
class Outcome:
    """What became of the events of one queue message, and what the messaging itself has to send because of it."""

    done: int = 0
    failed: int = 0
    duplicates: int = 0
    unsubscribed: int = 0
    unreadable: int = 0
    letters: list[Letter] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count another outcome into this one."""
        for name in ("done", "failed", "duplicates", "unsubscribed", "unreadable", "letters", "wanted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def receive(service: Service, database: Database, body: bytes, *, clock: Clock) -> Outcome:
    """Take one queue message; when this returns, the message may be acknowledged.

    Raises InboxUnavailable when nothing could be written: then it must not be.
    """
    try:
        try:
            events = read(body)
        except Unreadable as error:
            _park_bytes(database, body, str(error), now=clock())
            return Outcome(unreadable=1)
        return _receive(service, database, body, events, clock=clock)
    except UNAVAILABLE as error:
        raise InboxUnavailable(type(error).__name__) from error


def _receive(service: Service, database: Database, body: bytes, events: list[Received], *, clock: Clock) -> Outcome:
    type_ = events[0].type
    if type_.startswith(CONTROL):
        return _control(service, database, body, events, clock=clock)
    subscription = service.subscriptions.get(type_)
    if subscription is None:
        return Outcome(unsubscribed=len(events))
    try:
        return _unit(service, subscription, database, events, clock=clock)
    except UNAVAILABLE:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a use case leaves behind must not block the queue
        logger().warning("a batch failed as a whole", service=service.name, type=type_, error=retries.kind_of(error))
    outcome = Outcome()
    for event in events:
        outcome.add(_alone(service, subscription, database, body, event, clock=clock))
    return outcome


def _alone(
    service: Service, subscription: Subscription, database: Database, body: bytes, event: Received, *, clock: Clock
) -> Outcome:
    """A unit of work for one event; if even that cannot end, the event is kept as failed, or at least its bytes are."""
    try:
        return _unit(service, subscription, database, [event], clock=clock)
    except UNAVAILABLE:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        failure = error
    try:
        with database.write() as uow:
            now = clock()
            if claim(uow, [event], now=now):
                retries.keep_failed(uow, event, failure, now=now)
        return Outcome(failed=1)
    except UNAVAILABLE:
        raise
    except Exception as error:  # noqa: BLE001 - text that no database can hold, for example
        _park_bytes(database, body, retries.kind_of(error), now=clock())
        return Outcome(unreadable=1)


def _unit(
    service: Service, subscription: Subscription, database: Database, events: Sequence[Received], *, clock: Clock
) -> Outcome:
    """Claim, let the use case act, record: all new events in one savepoint; if that fails, each in its own."""
    with database.write() as uow:
        now = clock()
        fresh = claim(uow, events, now=now)
        failed = 0
        try:
            with uow.savepoint():
                apply(uow, service, subscription, [event.envelope for event in fresh], now=now)
        except Exception as error:  # noqa: BLE001 - any failure of a use case is recorded with the event
            failed = _each(uow, service, subscription, fresh, error, now=now)
    return Outcome(done=len(fresh) - failed, failed=failed, duplicates=len(events) - len(fresh))


def _each(
    uow: UnitOfWork,
    service: Service,
    subscription: Subscription,
    events: Sequence[Received],
    error: Exception,
    *,
    now: datetime,
) -> int:
    failed = 0
    for event in events:
        failure: Exception | None = error
        if len(events) > 1:
            failure = attempt(uow, partial(apply, uow, service, subscription, [event.envelope], now=now))
        if failure is not None:
            retries.keep_failed(uow, event, failure, now=now)
            failed += 1
    return failed


def attempt(uow: UnitOfWork, act: Callable[[], None]) -> Exception | None:
    """Do something in a savepoint; gives the error that undid it, or None."""
    try:
        with uow.savepoint():
            act()
    except Exception as error:  # noqa: BLE001 - the caller records it
        return error
    return None


def claim(uow: UnitOfWork, events: Iterable[Received], *, now: datetime) -> list[Received]:
    """Write the events into the inbox; gives those that are new, in order. They stand as done until told otherwise.

    The floor is read after the rows were written: what another worker finished and cleared away meanwhile lies below.
    """
    inbox, floors = uow.toolbox.inbox, uow.toolbox.inbox_floors
    by_name = {(event.type, event.sequence): event for event in events}
    rows = [
        {"type": event.type, "sequence": event.sequence, "id": event.id, "state": "done", "received_at": now}
        for event in by_name.values()
    ]
    new = uow.insert_once(inbox, rows, returning=[inbox.c.type, inbox.c.sequence])
    names = sorted((row.type, row.sequence) for row in new)
    if not names:
        return []
    type_ = names[0][0]
    floor = uow.session.execute(sa.select(floors.c.floor).where(floors.c.type == type_)).scalar()
    if floor is not None and names[0][1] <= floor:
        uow.session.execute(
            inbox.delete().where(
                inbox.c.type == type_, inbox.c.sequence.in_([number for _, number in names if number <= floor])
            )
        )
    return [by_name[name] for name in names if floor is None or name[1] > floor]


@cache
def _schema(kind: type[Schema]) -> Schema:
    return kind()


def apply(
    uow: UnitOfWork, service: Service, subscription: Subscription, envelopes: Sequence[Envelope], *, now: datetime
) -> None:
    """Run the consumer's use case for events; the request id of the tap that began each goes on with it."""
    schema = _schema(subscription.schema)
    requests = [
        Heard(
            data=schema.load(envelope["data"]),
            actor=Actor.system(service.name, request_id=str(envelope.get("correlationid") or "")[:64]),
        )
        for envelope in envelopes
    ]
    if not subscription.together:
        for each in requests:
            subscription.use_case(uow, data=each.data, actor=each.actor, now=now)
    elif requests:
        subscription.use_case(uow, requests=requests, now=now)


def retry_due(service: Service, database: Database, *, clock: Clock, limit: int = 100) -> int:
    """Timer: try failed events that are due, each in a unit of work of its own; gives how many were tried."""
    with database.read() as uow:
        if not retries.is_any_due(uow, now=clock()):
            return 0
    tried = 0
    while tried < limit and _retry_one(service, database, clock=clock):
        tried += 1
    return tried


def _retry_one(service: Service, database: Database, *, clock: Clock) -> bool:
    row, now = None, clock()
    try:
        with database.write() as uow:
            row = retries.take_due(uow, now=now)
            if row is None:
                return False
            subscription, envelope = service.subscriptions[row.type], row.envelope
            error = attempt(uow, partial(apply, uow, service, subscription, [envelope], now=now))
            retries.conclude(uow, row, error, now=now)
    except UNAVAILABLE:
        raise
    except Exception as error:  # the unit could not end: that, too, is a failed try
        if row is None:
            raise
        with database.write() as uow:
            retries.conclude(uow, row, error, now=now)
    return True


def _control(service: Service, database: Database, body: bytes, events: list[Received], *, clock: Clock) -> Outcome:
    """Heartbeats and requests to send again: nothing of them is kept, the next one says it anew."""
    outcome = Outcome(done=len(events))
    try:
        with database.write() as uow:
            for event in events:
                if event.type == HEARTBEAT_TYPE:
                    letter = heartbeat.hear(uow, service.name, service.subscriptions, event.envelope, now=clock())
                    outcome.letters += [letter] if letter else []
                elif event.type == RESEND_TYPE:
                    outcome.wanted += heartbeat.hear_request(uow, event.envelope)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        _park_bytes(database, body, retries.kind_of(error), now=clock())
        return Outcome(unreadable=1)
    return outcome


def _park_bytes(database: Database, body: bytes, error: str, *, now: datetime) -> None:
    unreadable = database.toolbox.unreadable_messages
    row = {"digest": hashlib.sha256(body).hexdigest(), "body": body, "error": error[:500], "received_at": now}
    with database.write() as uow:
        if uow.insert_once(unreadable, [row], returning=[unreadable.c.digest]):
            logger().error("a message cannot be read and is parked", digest=row["digest"], error=error)
