"""What was lost between producer and consumer is found and sent again.

Every minute a producer tells the first number it keeps and the last it gave, for each type. A consumer that misses
numbers asks the producer for them; the answer comes to its own queue only. A late heartbeat is only an old statement:
asking for too little, or for what is on its way, does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from shared.clock import iso
from shared.database import UnitOfWork
from shared.events import Envelope
from shared.logs import logger
from shared.messaging.batches import LONGEST_TYPE, numbered
from shared.messaging.broker import HEARTBEAT_TYPE, RESEND_TYPE
from shared.messaging.relay import begin_new_epoch

EVERY = 60.0
PAGE = 500
MOST_ASKED = 10_000
"""Numbers one request may ask for; the next heartbeat asks for the rest."""
MOST_RANGES = 50
_LOOKED_AT = 20_000
_SERVICE_NAME = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True)
class Wanted:
    """Numbers of one type that a consumer asks its producer for; both ends belong to the range."""

    consumer: str
    type: str
    first: int
    last: int


@dataclass(frozen=True)
class Letter:
    """A control message for the queue of one service."""

    to: str
    envelope: Envelope


def heartbeat(uow: UnitOfWork, service: str, *, now: datetime) -> Envelope:
    """The producer's statement: first kept and last sent number of each of its types."""
    outbox, sequences = uow.toolbox.outbox, uow.toolbox.sequences
    kept = (
        sa.select(sa.func.min(outbox.c.sequence))
        .where(outbox.c.type == sequences.c.type, outbox.c.sequence >= sequences.c.first)
        .scalar_subquery()
    )
    leaving = (
        sa.select(sa.func.min(outbox.c.sequence))
        .where(outbox.c.type == sequences.c.type, outbox.c.published_at.is_(None))
        .scalar_subquery()
    )
    query = sa.select(sequences.c.type, sequences.c.last, kept.label("kept"), leaving.label("leaving"))
    numbers = {
        row.type: [row.last + 1 if row.kept is None else row.kept, row.last if row.leaving is None else row.leaving - 1]
        for row in uow.session.execute(query.order_by(sequences.c.type))
    }
    return _control(HEARTBEAT_TYPE, service, {"numbers": numbers}, now=now)


def _control(type_: str, service: str, data: dict[str, Any], *, now: datetime) -> Envelope:
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": f"/{service}",
        "type": type_,
        "time": iso(now),
        "data": data,
    }


# ------------------------------------------------------------------------------------------------------ the consumer


def hear(uow: UnitOfWork, service: str, types: Iterable[str], envelope: Envelope, *, now: datetime) -> Letter | None:
    """Compare a heartbeat with the inbox; gives the letter that asks for what is missing, or None.

    Missing numbers that the producer no longer keeps raise an alarm and are given up: republished state heals them.
    Raises ValueError, TypeError or KeyError for a heartbeat of the wrong form.
    """
    numbers: Mapping[str, Any] = envelope["data"]["numbers"]
    ask: list[list[Any]] = []
    ahead: dict[str, int] = {}
    for type_ in sorted(set(types) & set(numbers)):
        first, last = (int(each) for each in numbers[type_])
        floor = advance_floor(uow, type_, first=first, now=now)
        ask += [[type_, start, end] for start, end in _missing(uow, type_, floor, last)]
        if floor > last:
            ahead[type_] = floor
    if not ask and not ahead:
        return None
    producer = _name(envelope["source"].removeprefix("/"))
    data = {"consumer": service, "wanted": _bounded(ask), "seen": ahead}
    return Letter(producer, _control(RESEND_TYPE, service, data, now=now))


def _name(text: Any) -> str:
    if not isinstance(text, str) or not _SERVICE_NAME.fullmatch(text):
        raise ValueError("no service name")
    return text


def _bounded(ranges: list[list[Any]]) -> list[list[Any]]:
    left, bounded = MOST_ASKED, []
    for type_, start, end in ranges[:MOST_RANGES]:
        if left > 0:
            bounded.append([type_, start, min(end, start + left - 1)])
            left -= end - start + 1
    return bounded


def advance_floor(uow: UnitOfWork, type_: str, *, first: int, now: datetime) -> int:
    """Raise the number below which everything was received, drop done rows below it, and give it.

    `first` is the first number the producer keeps. A consumer that never heard of the type begins there. Failed and
    parked messages count as received; their rows stay.
    """
    inbox, floors = uow.toolbox.inbox, uow.toolbox.inbox_floors
    new = uow.insert_once(floors, [{"type": type_, "floor": first - 1}], returning=[floors.c.type])
    if new and first > 1:
        logger().warning("older facts of this type are no longer kept: republish them", type=type_, first_kept=first)
    old = uow.session.execute(sa.select(floors).where(floors.c.type == type_).with_for_update()).one()
    floor, alarm = _contiguous(uow, type_, old.floor), old.alarm
    if floor < first - 1:
        alarm = f"{floor + 1} to {first - 1} are missing and no longer kept since {iso(now)}"[:200]
        logger().error("facts are lost: republish them", type=type_, from_number=floor + 1, to_number=first - 1)
        floor = _contiguous(uow, type_, first - 1)
    if floor > old.floor or alarm != old.alarm:
        uow.session.execute(floors.update().where(floors.c.type == type_).values(floor=floor, alarm=alarm))
        uow.session.execute(
            inbox.delete().where(inbox.c.type == type_, inbox.c.sequence <= floor, inbox.c.state == "done")
        )
    return int(floor)


def _received(uow: UnitOfWork, type_: str, floor: int) -> list[int]:
    inbox = uow.toolbox.inbox
    query = sa.select(inbox.c.sequence).where(inbox.c.type == type_, inbox.c.sequence > floor)
    return list(uow.session.execute(query.order_by(inbox.c.sequence).limit(_LOOKED_AT)).scalars())


def _contiguous(uow: UnitOfWork, type_: str, floor: int) -> int:
    while True:
        received = _received(uow, type_, floor)
        start = floor
        for sequence in received:
            if sequence != floor + 1:
                return floor
            floor = sequence
        if floor - start < _LOOKED_AT:
            return floor


def _missing(uow: UnitOfWork, type_: str, floor: int, last: int) -> list[tuple[int, int]]:
    """The holes between `floor` and `last`, both ends belonging to the hole."""
    holes, at = [], floor
    received = _received(uow, type_, floor)
    for sequence in received:
        if at + 1 < sequence and at < last:
            holes.append((at + 1, min(sequence - 1, last)))
        at = sequence
    if at < last and len(received) < _LOOKED_AT:
        holes.append((at + 1, last))
    return holes


def alarms(uow: UnitOfWork) -> dict[str, str]:
    """The types of which facts were lost for good, with what is known; republishing their state heals them."""
    floors = uow.toolbox.inbox_floors
    query = sa.select(floors.c.type, floors.c.alarm).where(floors.c.alarm.is_not(None)).order_by(floors.c.type)
    return {row.type: row.alarm for row in uow.session.execute(query)}


def end_alarm(uow: UnitOfWork, type_: str) -> None:
    """The state of this type was republished."""
    floors = uow.toolbox.inbox_floors
    uow.session.execute(floors.update().where(floors.c.type == type_).values(alarm=None))


# ------------------------------------------------------------------------------------------------------ the producer


def read_request(envelope: Envelope) -> tuple[list[Wanted], dict[str, int]]:
    """What a consumer asks for, and the numbers it has seen that we may not know. Raises ValueError and the like."""
    data = envelope["data"]
    consumer = _name(data["consumer"])
    wanted = [
        Wanted(consumer, str(type_)[:LONGEST_TYPE], int(first), int(last))
        for type_, first, last in data["wanted"][:MOST_RANGES]
    ]
    seen = {str(type_): int(number) for type_, number in data["seen"].items()}
    return wanted, seen


def hear_request(uow: UnitOfWork, envelope: Envelope) -> list[Wanted]:
    """The producer's side of a request; a consumer that has seen numbers we do not know means we were restored."""
    wanted, seen = read_request(envelope)
    if seen:
        begin_new_epoch(uow, beyond=seen)
    return wanted


def page(uow: UnitOfWork, wanted: Wanted) -> tuple[list[Envelope], Wanted | None]:
    """The next facts (500 at most) of what a consumer wants, and what is left of its wish."""
    outbox = uow.toolbox.outbox
    query = (
        sa.select(outbox.c.sequence, outbox.c.envelope)
        .where(outbox.c.type == wanted.type, outbox.c.sequence.between(wanted.first, wanted.last))
        .order_by(outbox.c.sequence)
        .limit(PAGE)
    )
    rows = uow.session.execute(query).all()
    facts = [numbered(row.envelope, row.sequence) for row in rows]
    rest = replace(wanted, first=rows[-1].sequence + 1) if len(rows) == PAGE else None
    return facts, rest if rest is None or rest.first <= rest.last else None
