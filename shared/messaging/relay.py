"""From the outbox to the queue: facts get the next number of their type, are sent with confirm, and marked.

Numbers are gapless and follow the order of sending, whatever the order of commits or the clock. A relay that dies in
between leaves rows that are numbered and not marked: they are sent again, and the inbox knows them by their number.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from shared.clock import Clock
from shared.database import BigId, ChangeEach, Database, UnitOfWork, UtcDateTime
from shared.events import Envelope
from shared.messaging.batches import batches, numbered
from shared.messaging.publisher import Publisher

LIMIT = 500
KEPT_FOR = timedelta(days=30)
"""How long a sent fact can be sent again; below that, a missing number is healed by republishing state."""
AGAIN_AFTER = timedelta(seconds=5)
"""Another relay may have died with a row in hand; after this it is anybody's again."""
NEW_EPOCH = 1_000_000_000
"""How far numbers jump after a restore: further than anything that was sent after the backup was taken."""


def relay_once(
    database: Database, publisher: Publisher, *, clock: Clock, limit: int = LIMIT, again_after: timedelta = AGAIN_AFTER
) -> int:
    """Send up to `limit` waiting facts; gives how many were sent. Raises BrokerDown and Busy; nothing is lost by it."""
    publisher.connect()
    if publisher.is_full:
        return 0
    with database.write() as uow:
        portion = _take(uow, now=clock(), limit=limit, again_after=again_after)
    if not portion:
        return 0
    sent: list[Envelope] = []
    try:
        for batch in batches(portion.values()):
            publisher.send(batch)
            sent += batch
    finally:
        _mark(database, portion, {each["id"] for each in sent}, now=clock())
    return len(sent)


def _take(uow: UnitOfWork, *, now: datetime, limit: int, again_after: timedelta) -> dict[int, Envelope]:
    """Take waiting rows and give a number to each that has none; the row locks keep a second relay away from them."""
    outbox = uow.toolbox.outbox
    waiting = (
        sa.select(outbox.c.position, outbox.c.type, outbox.c.sequence, outbox.c.envelope)
        .where(outbox.c.published_at.is_(None))
        .where(sa.or_(outbox.c.taken_at.is_(None), outbox.c.taken_at <= now - again_after))
        .order_by(outbox.c.position)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = uow.session.execute(waiting).all()
    next_number = _reserve(uow, Counter(row.type for row in rows if row.sequence is None))
    taken: dict[int, Envelope] = {}
    changes = []
    for row in rows:
        sequence = row.sequence
        if sequence is None:
            sequence = next_number[row.type]
            next_number[row.type] += 1
        taken[row.position] = numbered(row.envelope, sequence)
        changes.append({"of_position": row.position, "sequence": sequence, "taken_at": now})
    uow.change_each(_taking(outbox), changes)
    return taken


@functools.cache
def _taking(outbox: sa.Table) -> ChangeEach:
    return ChangeEach(
        outbox,
        by=("position",),
        given={"sequence": BigId, "taken_at": UtcDateTime()},
        values=lambda given: {"sequence": given["sequence"], "taken_at": given["taken_at"]},
    )


def _reserve(uow: UnitOfWork, wanted: Counter[str]) -> dict[str, int]:
    """The first of `wanted[type]` new numbers for each type; other relays wait until this unit ends."""
    sequences = uow.toolbox.sequences
    types = sorted(wanted)  # one order for all relays, so that two never wait for each other
    uow.insert_once(sequences, [{"type": each, "first": 1, "last": 0} for each in types], returning=[sequences.c.type])
    reserved = {}
    for type_ in types:
        last: int = uow.session.execute(
            sequences.update()
            .where(sequences.c.type == type_)
            .values(last=sequences.c.last + wanted[type_])
            .returning(sequences.c.last)
        ).scalar_one()
        reserved[type_] = last - wanted[type_] + 1
    return reserved


def _mark(database: Database, portion: dict[int, Envelope], sent: set[str], *, now: datetime) -> None:
    outbox = database.toolbox.outbox
    done = [position for position, each in portion.items() if each["id"] in sent]
    left = [position for position, each in portion.items() if each["id"] not in sent]
    with database.write() as uow:
        _set(uow, outbox, done, published_at=now)
        _set(uow, outbox, left, taken_at=None)


def _set(uow: UnitOfWork, outbox: sa.Table, positions: Sequence[int], **values: Any) -> None:
    if positions:
        uow.session.execute(outbox.update().where(outbox.c.position.in_(positions)).values(**values))


def waiting_facts(uow: UnitOfWork) -> int:
    """How many facts have not left yet."""
    outbox = uow.toolbox.outbox
    found = uow.session.execute(sa.select(sa.func.count()).where(outbox.c.published_at.is_(None)))
    return int(found.scalar_one())


def forget_sent_facts(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: drop facts that were sent more than 30 days ago; the heartbeat tells everybody what is still kept."""
    outbox = uow.toolbox.outbox
    old = (
        sa.select(outbox.c.position)
        .where(outbox.c.published_at < now - KEPT_FOR)
        .order_by(outbox.c.position)
        .limit(limit)
    )
    positions = list(uow.session.execute(old).scalars())
    if positions:
        uow.session.execute(outbox.delete().where(outbox.c.position.in_(positions)))
    return len(positions)


def begin_new_epoch(uow: UnitOfWork, *, beyond: dict[str, int] | None = None) -> None:
    """After a restore: no number given since the backup may be given to another fact.

    All types jump ahead; with `beyond` only the types named there, past the number that a consumer has seen, and only
    if this database does not know that number.
    """
    sequences = uow.toolbox.sequences
    query = sa.select(sequences).order_by(sequences.c.type).with_for_update()
    for row in uow.session.execute(query).all():
        seen = row.last if beyond is None else beyond.get(row.type, 0)
        if beyond is not None and seen <= row.last:
            continue
        uow.session.execute(
            sequences.update()
            .where(sequences.c.type == row.type)
            .values(first=seen + NEW_EPOCH + 1, last=seen + NEW_EPOCH)
        )
