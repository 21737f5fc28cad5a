"""What a hospital has behind it: visits of the past days, with the facts and the keys that came with them.

Without it, every plan that the database makes for our statements would be one for empty tables.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg

from services.appointments.events import AppointmentHeld
from shared.events import envelope

if TYPE_CHECKING:
    from bench.crowd import Slot

HELD = "appointments.appointment_held.v1"


@dataclass(frozen=True)
class Visit:
    """One visit of the past."""

    id: UUID
    slot: Slot
    person_id: UUID
    number: int
    held_at: datetime


def visits(slots: list[Slot], now: datetime) -> Iterator[Visit]:
    """A visit for every place taken in these slots, held within the two days for which keys are kept."""
    numbers: dict[UUID, int] = {}
    for slot in slots:
        for _ in range(slot.taken):
            numbers[slot.schedule_id] = number = numbers.get(slot.schedule_id, 0) + 1
            yield Visit(uuid4(), slot, uuid4(), number, now - timedelta(hours=30, seconds=number))


def write_history(connection: psycopg.Connection, department_id: UUID, past: list[Visit]) -> None:
    """Fill the tables of appointments, facts and keys."""
    columns = (
        "id slot_id schedule_id practitioner_id department_id patient_id person_id date starts_at ends_at fee_fen state"
        " held_at held_until cancellable_until extended number nth_open version"
    )
    with copy(connection, "appointments", columns) as rows:
        for each in past:
            slot, at = each.slot, each.slot.starts_at
            rows.write_row(
                (
                    *(each.id, slot.id, slot.schedule_id, slot.practitioner_id, department_id),
                    *(each.person_id, each.person_id, slot.date, at, at + timedelta(minutes=30), 5000, "booked"),
                    *(each.held_at, each.held_at, at, False, each.number, 1, 2),
                )
            )
    with copy(connection, "outbox", "id type envelope sequence taken_at published_at") as rows:
        for sequence, each in enumerate(past, start=1):
            rows.write_row((uuid4(), HELD, json.dumps(_fact(each)), sequence, each.held_at, each.held_at))
    connection.execute("INSERT INTO sequences (type, first, last) VALUES (%s, 1, %s)", (HELD, len(past)))
    with copy(connection, "idempotency_keys", "subject key fingerprint status body created_at") as rows:
        for each in past:
            body = json.dumps(_fact(each)) * 2  # about as long as an answer
            rows.write_row((f"account:{uuid4()}", uuid4().hex, secrets.token_hex(32), 201, body, each.held_at))


def _fact(visit: Visit) -> dict[str, object]:
    name = {"zh": "心内科", "en": "Cardiology"}
    event = AppointmentHeld(
        appointment_id=visit.id,
        patient_id=visit.person_id,
        slot_id=visit.slot.id,
        fee_fen=5000,
        starts_at=visit.slot.starts_at,
        department=name,
        practitioner=name,
        client_reference=None,
    )
    # mypy cannot see what @fact adds to a class
    fact: dict[str, object] = envelope(
        event,  # type: ignore[arg-type]
        id_=uuid4(),
        time=visit.held_at,
        actor=f"account:{uuid4()}",
        correlation_id=secrets.token_hex(8),
    )
    return fact


def copy(connection: psycopg.Connection, table: str, columns: str) -> AbstractContextManager[psycopg.Copy]:
    """A COPY into these columns."""
    return connection.cursor().copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN")
