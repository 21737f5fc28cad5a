"""A hospital and the crowd before its door, written straight into the tables: more than use cases could make in time.

Everybody in the crowd has an account that has agreed to the texts, acts for one verified patient, and holds a bearer
token of which the gateway keeps the hash, as identity makes them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from bench import bare
from bench.history import copy, visits, write_history
from gateway.identity.consents import in_force
from gateway.identity.domain import SCOPES, Proof, Relation
from gateway.identity.keyed import token_hash
from services.appointments.domain.catalogue import SLOT_MINUTES, Session, session_hours
from shared.clock import hospital_day, utc_now

PRACTITIONERS, DAYS = 60, 5
CAPACITY = 40
HOT_CAPACITY = 1_000_000
CONTENDED_CAPACITY = 20
_SLOT = timedelta(minutes=SLOT_MINUTES)


@dataclass(frozen=True)
class Person:
    """Somebody in the crowd."""

    account_id: UUID
    patient_id: UUID
    token: str


@dataclass(frozen=True)
class Slot:
    """Half an hour of a practitioner."""

    id: UUID
    schedule_id: UUID
    practitioner_id: UUID
    date: date
    starts_at: datetime
    capacity: int
    taken: int = 0


@dataclass(frozen=True)
class Schedule:
    """A session of a practitioner."""

    id: UUID
    practitioner_id: UUID
    date: date
    session: Session


class Hospital:
    """Practitioners with all their sessions of these days, the next ones all released; a hot slot; a contended day."""

    def __init__(self) -> None:
        self.practitioners = [uuid4() for _ in range(PRACTITIONERS + 2)]
        *ordinary, hot, contended = self.practitioners
        self.schedules: list[Schedule] = []
        today = hospital_day(utc_now())
        days = [today + timedelta(days=nth) for nth in range(1, DAYS + 1)]
        past_days = [today - timedelta(days=nth) for nth in range(1, DAYS + 1)]
        self.spread = [slot for each in ordinary for day in days for slot in self._plan(each, day, CAPACITY)]
        self.hot = next(self._plan(hot, days[0], HOT_CAPACITY))
        self.contended = list(self._plan(contended, days[0], CONTENDED_CAPACITY))
        past = [slot for each in ordinary for day in past_days for slot in self._plan(each, day, 2, taken=2)]
        self.history = list(visits(past, utc_now()))
        self.slots = [*past, *self.spread, self.hot, *self.contended]

    def _plan(self, practitioner_id: UUID, day: date, capacity: int, taken: int = 0) -> Iterator[Slot]:
        for session in Session:
            schedule = Schedule(uuid4(), practitioner_id, day, session)
            self.schedules.append(schedule)
            begin, end = session_hours(day, session)
            while begin < end:
                yield Slot(uuid4(), schedule.id, practitioner_id, day, begin, capacity, taken)
                begin += _SLOT

    def write(self, database_url: str, crowd: Iterable[Person]) -> None:
        """Fill the tables of appointments."""
        campus_id, department_id = uuid4(), uuid4()
        with psycopg.connect(database_url) as connection:
            _fill(connection, "campuses", "id code name_zh name_en", [(campus_id, "east", "东院区", "East campus")])
            _fill(
                connection,
                "departments",
                "id code campus_id name_zh name_en location_zh location_en pinyin initials",
                [(department_id, "cardio", campus_id, "心内科", "Cardiology", "二楼", "2nd floor", "xinneike", "xnk")],
            )
            _fill(
                connection,
                "practitioners",
                "id department_id title name_zh name_en pinyin initials",
                [(each, department_id, "chief", "王安", "Wang An", "wangan", "wa") for each in self.practitioners],
            )
            _fill(
                connection,
                "schedules",
                "id practitioner_id department_id date session number_type fee_fen places starts_at ends_at state"
                " slots_made last_number version",
                [
                    (
                        *(each.id, each.practitioner_id, department_id, each.date, each.session.value, "expert"),
                        *(5000, 100, *session_hours(each.date, each.session), "open", True, 0, 1),
                    )
                    for each in self.schedules
                ],
            )
            _fill(
                connection,
                "slots",
                "id schedule_id practitioner_id department_id date starts_at ends_at capacity taken suspended",
                [
                    (
                        *(each.id, each.schedule_id, each.practitioner_id, department_id, each.date),
                        *(each.starts_at, each.starts_at + _SLOT, each.capacity, each.taken, False),
                    )
                    for each in self.slots
                ],
            )
            patients = [(each.patient_id, "female", date(1980, 5, 1), True) for each in crowd]
            _fill(connection, "patients", "id sex birth_on verified", patients)
            write_history(connection, department_id, self.history)
        _analyze(database_url)

    def write_bare(self, database_url: str) -> None:
        """Make and fill the two tables of the bare service: the same slots."""
        with psycopg.connect(database_url) as connection:
            connection.execute(bare.TABLES)
            _fill(
                connection,
                "slots",
                "id practitioner_id date starts_at ends_at capacity taken",
                [
                    (
                        *(each.id, each.practitioner_id, each.date),
                        *(each.starts_at, each.starts_at + _SLOT, each.capacity, each.taken),
                    )
                    for each in self.slots
                ],
            )
            visits_of_old = [(each.id, each.slot.id, each.person_id, each.held_at) for each in self.history]
            _fill(connection, "appointments", "id slot_id patient_id held_at", visits_of_old)
        _analyze(database_url)


def make_crowd(people: int) -> list[Person]:
    """So many people, each with a token of their own."""
    return [Person(uuid4(), uuid4(), f"anx_{secrets.token_urlsafe(32)}") for _ in range(people)]


def write_accounts(database_url: str, crowd: list[Person]) -> None:
    """Fill the tables of identity."""
    now, until = utc_now(), utc_now() + timedelta(days=1)
    consented, scopes = json.dumps(in_force()), json.dumps(SCOPES)
    with psycopg.connect(database_url) as connection:
        accounts = [(each.account_id, f"+861{nth:010d}", consented, now) for nth, each in enumerate(crowd)]
        _fill(connection, "accounts", "id phone consented created_at", accounts)
        _fill(
            connection,
            "links",
            "id account_id patient_id place relation display_name scopes proof request_key created_at",
            [
                (
                    *(uuid4(), each.account_id, each.patient_id, 1, Relation.SELF.value, "王女士", scopes),
                    *(Proof.REGISTERED.value, str(each.patient_id), now),
                )
                for each in crowd
            ],
        )
        _fill(
            connection,
            "tokens",
            "id prefix token_hash account_id name created_at expires_at",
            [
                (uuid4(), each.token[:12], token_hash(each.token), each.account_id, "phone", now, until)
                for each in crowd
            ],
        )
    _analyze(database_url)


def _fill(connection: psycopg.Connection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    with copy(connection, table, columns) as lines:
        for row in rows:
            lines.write_row(row)


def _analyze(database_url: str) -> None:
    """What the database would find out by itself within minutes: how large its tables are."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
