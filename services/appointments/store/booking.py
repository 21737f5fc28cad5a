"""Locks, finders and writers of appointments: a few set-based statements for however many are asked for at once.

Locks are taken in the order patients, appointments, schedules, slots, each by id, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.appointments.domain import (
    Appointment,
    Audience,
    BookingRules,
    Names,
    Person,
    Reason,
    Sex,
    Slot,
    State,
    Title,
)
from services.appointments.store.tables import (
    IS_OPEN,
    IS_SUSPENDED,
    WAITS_FOR_ITS_TIME,
    appointments,
    booking_rules,
    campuses,
    departments,
    patients,
    practitioners,
    schedules,
    slots,
)
from shared.database import ChangeEach, UnitOfWork

_NAMES = (
    practitioners.c.name_zh.label("practitioner_zh"),
    practitioners.c.name_en.label("practitioner_en"),
    practitioners.c.title.label("title_code"),
    departments.c.name_zh.label("department_zh"),
    departments.c.name_en.label("department_en"),
    campuses.c.name_zh.label("campus_zh"),
    campuses.c.name_en.label("campus_en"),
    departments.c.location_zh,
    departments.c.location_en,
)
_PLAIN = [each.name for each in fields(Appointment) if each.name in appointments.c]


def _with_names(table: sa.Table) -> sa.FromClause:
    return (
        table.join(practitioners, practitioners.c.id == table.c.practitioner_id)
        .join(departments, departments.c.id == table.c.department_id)
        .join(campuses, campuses.c.id == departments.c.campus_id)
    )


def _location(row: Any) -> Names:
    return Names(f"{row.campus_zh} {row.location_zh}", f"{row.location_en}, {row.campus_en}")


def _read() -> sa.Select[Any]:
    return sa.select(appointments, *_NAMES).select_from(_with_names(appointments))


# What a rush asks for is put together once, not for every crowd: composing costs more than asking.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_RULES = (
    sa.select(booking_rules.c.rules)
    .where(booking_rules.c.effective_from <= sa.bindparam("now"))
    .order_by(booking_rules.c.effective_from.desc())
    .limit(1)
)
_FAMILY = sa.select(patients).where(patients.c.id.in_(_IDS) | patients.c.merged_into.in_(_IDS)).order_by(patients.c.id)
_LOCKED_FAMILY = _FAMILY.with_for_update(key_share=True)
_LOCKED_SLOTS = (
    sa.select(
        *(slots.c[name] for name in ("id", "schedule_id", "practitioner_id", "department_id", "date")),
        *(slots.c[name] for name in ("starts_at", "ends_at", "capacity", "taken", "suspended")),
        schedules.c.fee_fen,
        departments.c.min_age,
        departments.c.max_age,
        departments.c.sex,
        *_NAMES,
    )
    .select_from(_with_names(slots).join(schedules, schedules.c.id == slots.c.schedule_id))
    .where(slots.c.id.in_(_IDS))
    .order_by(slots.c.id)
    .with_for_update(of=slots, key_share=True)
)
_SLOTS_IN_ORDER = sa.select(slots.c.id).where(slots.c.id.in_(_IDS)).order_by(slots.c.id).with_for_update(key_share=True)
_OPEN_OF_PEOPLE = _read().where(appointments.c.person_id.in_(_IDS), IS_OPEN)
_LOCKED_APPOINTMENT = (
    _read().where(appointments.c.id == sa.bindparam("of_id")).with_for_update(of=appointments, key_share=True)
)
_CHANGE_TAKEN = ChangeEach(
    slots, by=("id",), given={"more": sa.Integer()}, values=lambda given: {"taken": slots.c.taken + given["more"]}
)
_CHANGING = ("state", "cancel_reason", "held_until", "extended", "number", "invoice_id", "lapsed_at")
_CHANGE_APPOINTMENT = (
    appointments.update()
    .where(appointments.c.id == sa.bindparam("of_id"), appointments.c.version == sa.bindparam("of_version"))
    .values({name: sa.bindparam(f"to_{name}") for name in _CHANGING} | {"version": appointments.c.version + 1})
)


def current_rules(uow: UnitOfWork, now: datetime) -> BookingRules:
    """The hospital's booking rules at this instant."""
    return BookingRules.of(uow.session.scalar(_RULES, {"now": now}) or {})


def persons(uow: UnitOfWork, patient_ids: Collection[UUID], *, lock: bool = False) -> dict[UUID, Person]:
    """The natural person behind each known patient id, mergers followed; unknown ids are left out.

    With `lock`, two units that decide about one person's limits wait for each other.
    """
    known: dict[UUID, Any] = {}
    asked: set[UUID] = set()
    wanted = set(patient_ids)
    while wanted:
        asked |= wanted
        rows = uow.session.execute(_LOCKED_FAMILY if lock else _FAMILY, {"ids": list(wanted)}).all()
        known |= {row.id: row for row in rows}
        wanted = ({row.id for row in rows} | {row.merged_into for row in rows if row.merged_into}) - asked
    return _grouped(known, patient_ids)


def _grouped(known: Mapping[UUID, Any], patient_ids: Collection[UUID]) -> dict[UUID, Person]:
    roots = {each: _root(known, each) for each in known}
    people = {
        root: Person(
            id=root,
            aliases=frozenset(each for each, its_root in roots.items() if its_root == root),
            sex=Sex(known[root].sex) if known[root].sex else None,
            birth_on=known[root].birth_on,
            verified=known[root].verified,
        )
        for root in set(roots.values())
    }
    return {each: people[roots[each]] for each in patient_ids if each in roots}


def _root(known: Mapping[UUID, Any], patient_id: UUID) -> UUID:
    """Follow mergers to who remains; a circle, which records never makes, ends where it began to repeat."""
    seen = {patient_id}
    while (into := known[patient_id].merged_into) in known and into not in seen:
        seen.add(into)
        patient_id = into
    return patient_id


def lock_slots(uow: UnitOfWork, slot_ids: Collection[UUID]) -> dict[UUID, Slot]:
    """Slots under lock, in id order, with what a booking needs of their schedule, department and practitioner."""
    rows = uow.session.execute(_LOCKED_SLOTS, {"ids": list(slot_ids)})
    return {row.id: _slot(row) for row in rows}


def _slot(row: Any) -> Slot:
    return Slot(
        id=row.id,
        schedule_id=row.schedule_id,
        practitioner_id=row.practitioner_id,
        department_id=row.department_id,
        date=row.date,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        taken=row.taken,
        suspended=row.suspended,
        fee_fen=row.fee_fen,
        department=Names(row.department_zh, row.department_en),
        practitioner=Names(row.practitioner_zh, row.practitioner_en),
        title=Title(row.title_code),
        location=_location(row),
        audience=Audience(row.min_age, row.max_age, Sex(row.sex) if row.sex else None),
    )


def change_taken(uow: UnitOfWork, changes: Mapping[UUID, int], *, locked: bool = False) -> None:
    """Take (or give back) so many places of each slot; the database refuses to go above its capacity.

    Slots that are not `locked` yet are locked now, in id order.
    """
    rows = [{"of_id": slot_id, "more": more} for slot_id, more in sorted(changes.items()) if more]
    if len(rows) > 1 and not locked:
        uow.session.execute(_SLOTS_IN_ORDER, {"ids": [row["of_id"] for row in rows]})
    uow.change_each(_CHANGE_TAKEN, rows)


def _appointment(row: Any) -> Appointment:
    plain: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    plain |= {
        "state": State(plain["state"]),
        "cancel_reason": Reason(plain["cancel_reason"]) if plain["cancel_reason"] else None,
        "title_code": Title(row.title_code),
        "department": Names(row.department_zh, row.department_en),
        "practitioner": Names(row.practitioner_zh, row.practitioner_en),
        "location": _location(row),
    }
    return Appointment(**plain)


def open_appointments(uow: UnitOfWork, people: Iterable[Person]) -> list[Appointment]:
    """Every open appointment of these natural persons, under whichever of their ids."""
    ids = {alias for person in people for alias in person.aliases}
    return [_appointment(row) for row in uow.session.execute(_OPEN_OF_PEOPLE, {"ids": list(ids)})]


def add_appointments(uow: UnitOfWork, new: Iterable[Appointment]) -> None:
    """Write down new appointments."""
    uow.insert(appointments, [{name: getattr(each, name) for name in _PLAIN} for each in new])


def find_appointments(uow: UnitOfWork, *conditions: sa.ColumnElement[bool], limit: int) -> list[Appointment]:
    """Appointments as they stand, without a lock, the newest first."""
    query = _read().where(*conditions).order_by(appointments.c.held_at.desc(), appointments.c.id).limit(limit)
    return [_appointment(row) for row in uow.session.execute(query)]


def lock_appointment(uow: UnitOfWork, appointment_id: UUID) -> Appointment | None:
    """One appointment under lock."""
    row = uow.session.execute(_LOCKED_APPOINTMENT, {"of_id": appointment_id}).first()
    return _appointment(row) if row else None


def lock_due_holds(uow: UnitOfWork, *, now: datetime, limit: int) -> list[Appointment]:
    """Unpaid appointments whose time has just run out; those that somebody else is working on are passed over."""
    due = (
        _read()
        .where(WAITS_FOR_ITS_TIME, appointments.c.held_until <= now)
        .order_by(appointments.c.held_until)
        .limit(limit)
        .with_for_update(of=appointments, key_share=True, skip_locked=True)
    )
    return [_appointment(row) for row in uow.session.execute(due)]


def lock_suspended(uow: UnitOfWork, *, since: date, limit: int) -> list[Appointment]:
    """Open appointments in sessions, from a day on, that do not take place."""
    suspended = sa.select(schedules.c.id).where(IS_SUSPENDED, schedules.c.date >= since)
    query = (
        _read()
        .where(appointments.c.schedule_id.in_(suspended), IS_OPEN)
        .limit(limit)
        .with_for_update(of=appointments, key_share=True, skip_locked=True)
    )
    return [_appointment(row) for row in uow.session.execute(query)]


class Stale(Exception):
    """An appointment was changed since it was read: a lock was forgotten. Nothing of this unit may stay."""


def change_appointments(uow: UnitOfWork, changed: Collection[Appointment]) -> list[Appointment]:
    """Write changed appointments under their next version; each must still have the version that was read."""
    if not changed:
        return []
    rows = [
        {f"to_{name}": getattr(each, name) for name in _CHANGING} | {"of_id": each.id, "of_version": each.version}
        for each in changed
    ]
    if uow.session.connection().execute(_CHANGE_APPOINTMENT, rows).rowcount != len(rows):
        raise Stale
    return [replace(each, version=each.version + 1) for each in changed]


def next_number(uow: UnitOfWork, schedule_id: UUID) -> int:
    """The next number of a session's order. A number is given once, whatever becomes of its appointment."""
    statement = (
        schedules.update()
        .where(schedules.c.id == schedule_id)
        .values(last_number=schedules.c.last_number + 1)
        .returning(schedules.c.last_number)
    )
    return int(uow.session.execute(statement).scalar_one())
