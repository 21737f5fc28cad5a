"""Events per second through relay and inbox on PostgreSQL and RabbitMQ, beside the bare limits of the same run.

`python bench/events.py [EVENTS]` (default 10000). Servers: ANXIN_TEST_POSTGRES_URL and ANXIN_TEST_RABBITMQ_URL, or the
usual places of this machine. Everything it makes has a name of its own and is dropped at the end.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import kombu
import psycopg
import sqlalchemy as sa
from marshmallow import fields

from shared.actor import Actor
from shared.clock import utc_now
from shared.database import Database, UnitOfWork, create_toolbox, toolbox_of
from shared.events import Envelope, fact
from shared.messaging.batches import batches, numbered, to_bytes
from shared.messaging.broker import Broker
from shared.messaging.publisher import Publisher
from shared.messaging.receiving import Receiving
from shared.messaging.relay import relay_once
from shared.schemas import EventSchema
from shared.service import Heard, Service, Subscription

POSTGRES = os.environ.get("ANXIN_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
RABBITMQ = os.environ.get("ANXIN_TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
GOAL = 2_000
WRITTEN_TOGETHER = 100
TYPE = "ward.person_admitted.v1"


@fact(TYPE, subject="person_id")
class PersonAdmitted:
    """Somebody is in a bed."""

    person_id: UUID
    bed: int
    admitted_at: datetime


class AdmittedSchema(EventSchema):
    """What the kitchen reads of it."""

    person_id = fields.UUID(required=True)
    bed = fields.Integer(required=True)


metadata = sa.MetaData()
toolbox = toolbox_of(metadata)
replica = sa.Table(
    "people", metadata, sa.Column("person_id", sa.Uuid, primary_key=True), sa.Column("bed", sa.Integer, nullable=False)
)


def keep_person(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:  # noqa: ARG001
    """The work of a typical consumer: one row of a replica."""
    uow.insert(replica, [data])


def keep_people(uow: UnitOfWork, *, requests: list[Heard], now: datetime) -> None:  # noqa: ARG001
    """The same for a list of facts."""
    uow.insert(replica, [each.data for each in requests])


WARD = Service(name="ward", toolbox=toolbox, migrations=Path("none"))
KITCHEN = Service(
    name="kitchen",
    toolbox=toolbox,
    migrations=Path("none"),
    subscriptions={TYPE: Subscription(schema=AdmittedSchema, use_case=keep_person)},
)
RUSHED_KITCHEN = replace(
    KITCHEN, subscriptions={TYPE: Subscription(schema=AdmittedSchema, use_case=keep_people, together=True)}
)


@contextmanager
def new_database() -> Iterator[Database]:
    name = f"anxin_bench_{uuid4().hex[:12]}"
    plain = POSTGRES.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        database = Database(str(sa.make_url(plain).set(database=name).render_as_string(hide_password=False)), toolbox)
        with database.engine.begin() as connection:
            create_toolbox(connection)
            replica.create(connection)
        try:
            yield database
        finally:
            database.close()
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rate(events: int, work: Callable[[], Any]) -> tuple[float, float]:
    """Events per second, and microseconds of this process's CPU an event (steadier on a busy machine)."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return events / (time.perf_counter() - start), (time.process_time() - cpu) / events * 1e6


def write_facts(database: Database, events: int) -> None:
    actor = Actor.system("ward")
    for start in range(0, events, WRITTEN_TOGETHER):
        with database.write() as uow:
            now = utc_now()
            for bed in range(start, min(start + WRITTEN_TOGETHER, events)):
                uow.publish(PersonAdmitted(person_id=uuid4(), bed=bed, admitted_at=now), actor=actor, now=now)


def relay_all(database: Database, publisher: Publisher) -> None:
    while relay_once(database, publisher, clock=utc_now):
        pass


def receive_all(service: Service, database: Database, broker: Broker, events: int) -> None:
    """The worker's own receiving thread, until everything has been counted."""
    stop, left = threading.Event(), [events]

    def count(_service: str, outcome: Any) -> None:
        left[0] -= outcome.done
        if left[0] <= 0:
            stop.set()

    receiving = Receiving(stop, [service], {"kitchen": database}, broker, utc_now, count)
    receiving.run()
    receiving.end()


def bare_publish(broker: Broker, bodies: list[bytes]) -> None:
    with broker.open([KITCHEN]) as connection:
        producer = kombu.Producer(connection.channel())
        for body in bodies:
            producer.publish(
                body,
                exchange=broker.exchange.name,
                routing_key=TYPE,
                content_type="application/octet-stream",
                content_encoding="binary",
                confirm_timeout=5,
            )


def bare_consume(broker: Broker, messages: int) -> None:
    left = [messages]

    def take(message: Any) -> None:
        message.ack()
        left[0] -= 1

    with broker.open([KITCHEN]) as connection:
        queue = broker.queue("kitchen")
        with kombu.Consumer(connection.channel(), [queue], on_message=take, auto_declare=False, prefetch_count=16):
            while left[0]:
                connection.drain_events(timeout=5)


def bare_insert(database: Database, events: int) -> None:
    """The inbox row and the replica's row of each event, 100 events a commit, with nothing in between."""
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        for start in range(0, events, WRITTEN_TOGETHER):
            now = utc_now()
            numbers = range(start + 1_000_000_000, start + 1_000_000_000 + WRITTEN_TOGETHER)
            cursor.executemany(
                "INSERT INTO inbox (type, sequence, id, state, received_at) VALUES (%s, %s, %s, 'done', %s)",
                [(TYPE, number, uuid4(), now) for number in numbers],
            )
            cursor.executemany(
                "INSERT INTO people (person_id, bed) VALUES (%s, %s)", [(uuid4(), number) for number in range(100)]
            )
            connection.commit()


def numbered_batches(envelopes: list[Envelope]) -> Iterator[list[Envelope]]:
    return batches(numbered(each, number) for number, each in enumerate(envelopes, start=1))


def measure(events: int) -> list[tuple[str, tuple[float, float]]]:
    broker = Broker(RABBITMQ, namespace=f"bench-{uuid4().hex[:12]}")
    publisher = Publisher(broker, [WARD, KITCHEN])
    try:
        with new_database() as ward, new_database() as kitchen, new_database() as rushed:
            write_facts(ward, events)
            publisher.connect()
            relay = rate(events, lambda: relay_all(ward, publisher))
            consumer = rate(events, lambda: receive_all(KITCHEN, kitchen, broker, events))
            with ward.read() as uow:
                envelopes = list(uow.session.scalars(sa.select(toolbox.outbox.c.envelope)))
            bodies = [to_bytes(batch) for batch in numbered_batches(envelopes)]
            bare_publish(broker, bodies)
            together = rate(events, lambda: receive_all(RUSHED_KITCHEN, rushed, broker, events))
            publish = rate(events, lambda: bare_publish(broker, bodies))
            consume = rate(events, lambda: bare_consume(broker, len(bodies)))
            insert = rate(events, lambda: bare_insert(kitchen, events))
    finally:
        publisher.close()
        broker.drop(["ward", "kitchen"])
    return [
        ("relay: outbox to queue", relay),
        ("  bare publish, 100 events a message, confirmed", publish),
        ("consumer: queue to inbox and replica, fact by fact", consumer),
        ("consumer with a list use case: 100 facts at once", together),
        ("  bare consume, acknowledged, nothing kept", consume),
        ("  bare insert of inbox and replica rows, 100 a commit", insert),
    ]


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"PostgreSQL and RabbitMQ, {events} events of one type (goal: {GOAL:,} a second each)\n")
    print(f"{'':<56}{'events/s':>10}{'CPU µs':>10}")
    for name, (events_per_second, microseconds) in measure(events):
        print(f"{name:<56}{events_per_second:>10,.0f}{microseconds:>10,.0f}")


if __name__ == "__main__":
    main()
