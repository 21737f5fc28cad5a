"""What can be read: departments, practitioners, days and slots for everybody; appointments for whom they concern."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.appointments import domain, store
from services.appointments.domain import TITLES, Appointment, Names, Title
from services.appointments.store.tables import (
    appointments,
    campuses,
    departments,
    practitioners,
    schedules,
    slots,
)
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound

MOST_ITEMS = 500

# What everybody looks at when a day is opened is put together once, not for every look.
_SLOTS_OF_DAY = (
    sa.select(
        slots.c.id,
        slots.c.starts_at,
        slots.c.ends_at,
        (slots.c.capacity - slots.c.taken).label("places_left"),
        schedules.c.session,
        schedules.c.fee_fen,
    )
    .join(schedules, schedules.c.id == slots.c.schedule_id)
    .where(slots.c.practitioner_id == sa.bindparam("practitioner_id"), slots.c.date == sa.bindparam("date"))
    .where(slots.c.starts_at > sa.bindparam("now"), sa.not_(slots.c.suspended))
    .order_by(slots.c.starts_at, slots.c.id)
)


def list_departments(uow: UnitOfWork, *, actor: Actor, now: datetime, search: str = "") -> dict[str, Any]:
    """All departments, or those whose name, pinyin or initials match, with what is free in the released days."""
    free = _free_places(uow, now, slots.c.department_id)
    query = (
        sa.select(
            departments,
            campuses.c.name_zh.label("campus_zh"),
            campuses.c.name_en.label("campus_en"),
            sa.func.coalesce(free.c.places_left, 0).label("places_left"),
            free.c.earliest_at,
        )
        .join(campuses, campuses.c.id == departments.c.campus_id)
        .outerjoin(free, free.c.owner == departments.c.id)
        .where(_matches(search, departments))
        .order_by(campuses.c.code, departments.c.pinyin, departments.c.id)
        .limit(MOST_ITEMS)
    )
    return {"items": [_department(row) for row in uow.session.execute(query)]}


def _department(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "name": Names(row.name_zh, row.name_en),
        "campus": Names(row.campus_zh, row.campus_en),
        "location": Names(row.location_zh, row.location_en),
        "min_age": row.min_age,
        "max_age": row.max_age,
        "sex": row.sex,
        "places_left": row.places_left,
        "earliest_at": row.earliest_at,
    }


def list_practitioners(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    department_id: UUID | None = None,
    search: str = "",
) -> dict[str, Any]:
    """Practitioners and general clinics, of one department or by name, whoever can be booked soonest first."""
    matching = _matches(search, practitioners)
    if search and department_id is None:
        matching |= _matches(search, departments)
    if department_id is not None:
        matching &= practitioners.c.department_id == department_id
    within = slots.c.department_id == department_id if department_id is not None else sa.true()
    return {"items": _practitioners(uow, now, matching, within)}


def get_practitioner(uow: UnitOfWork, *, actor: Actor, now: datetime, practitioner_id: UUID) -> dict[str, Any]:
    """One practitioner or general clinic."""
    found = _practitioners(uow, now, practitioners.c.id == practitioner_id, slots.c.practitioner_id == practitioner_id)
    if not found:
        raise NotFound
    return found[0]


def _practitioners(
    uow: UnitOfWork, now: datetime, condition: sa.ColumnElement[bool], within: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    """Practitioners that match; `within` names the slots that can concern them, so that no others are counted."""
    free = _free_places(uow, now, slots.c.practitioner_id, within)
    newest_fee = (
        sa.select(schedules.c.fee_fen)
        .where(schedules.c.practitioner_id == practitioners.c.id)
        .order_by(schedules.c.date.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            practitioners,
            departments.c.name_zh.label("department_zh"),
            departments.c.name_en.label("department_en"),
            departments.c.location_zh,
            departments.c.location_en,
            campuses.c.name_zh.label("campus_zh"),
            campuses.c.name_en.label("campus_en"),
            sa.func.coalesce(free.c.fee_fen, newest_fee).label("fee_fen"),
            sa.func.coalesce(free.c.places_left, 0).label("places_left"),
            free.c.earliest_at,
        )
        .join(departments, departments.c.id == practitioners.c.department_id)
        .join(campuses, campuses.c.id == departments.c.campus_id)
        .outerjoin(free, free.c.owner == practitioners.c.id)
        .where(condition)
        .order_by(
            practitioners.c.title != Title.GENERAL_CLINIC.value,
            free.c.earliest_at.is_(None),
            free.c.earliest_at,
            practitioners.c.pinyin,
            practitioners.c.id,
        )
        .limit(MOST_ITEMS)
    )
    return [_practitioner(row) for row in uow.session.execute(query)]


def _practitioner(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": Names(row.name_zh, row.name_en),
        "title": TITLES[Title(row.title)],
        "title_code": row.title,
        "speciality": Names(row.speciality_zh, row.speciality_en) if row.speciality_zh else None,
        "department_id": row.department_id,
        "department": Names(row.department_zh, row.department_en),
        "campus": Names(row.campus_zh, row.campus_en),
        "location": Names(row.location_zh, row.location_en),
        "fee_fen": row.fee_fen,
        "places_left": row.places_left,
        "earliest_at": row.earliest_at,
    }


def list_days(uow: UnitOfWork, *, actor: Actor, now: datetime, practitioner_id: UUID) -> dict[str, Any]:
    """The released days of a practitioner from today on: open, full, suspended, or off when nothing can be booked."""
    _require_practitioner(uow, practitioner_id)
    today, last = hospital_day(now), store.current_rules(uow, now).last_open_day(now)
    query = (
        sa.select(
            slots.c.date,
            sa.func.sum(sa.case((slots.c.suspended, 0), else_=1)).label("held_sessions"),
            sa.func.sum(sa.case((slots.c.suspended, 0), else_=slots.c.capacity - slots.c.taken)).label("places_left"),
        )
        .where(slots.c.practitioner_id == practitioner_id, slots.c.date.between(today, last), slots.c.starts_at > now)
        .group_by(slots.c.date)
    )
    found = {row.date: row for row in uow.session.execute(query)}
    days = [today + timedelta(days=ahead) for ahead in range((last - today).days + 1)]
    return {"items": [_day(day, found.get(day)) for day in days]}


def _day(day: date, row: Any) -> dict[str, Any]:
    if row is None:
        return {"date": day, "state": "off", "places_left": 0}
    state = "suspended" if not row.held_sessions else "open" if row.places_left else "full"
    return {"date": day, "state": state, "places_left": row.places_left}


def list_slots(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    practitioner_id: UUID,
    date: date,
) -> dict[str, Any]:
    """The slots of one released day that have not begun, full ones included."""
    asked = {"practitioner_id": practitioner_id, "date": date, "now": now}
    found = list(uow.session.execute(_SLOTS_OF_DAY, asked).mappings())
    if not found:
        _require_practitioner(uow, practitioner_id)
    elif date > store.current_rules(uow, now).last_open_day(now):
        return {"items": []}
    return {"items": found}


def list_appointments(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    patient_id: UUID | None = None,
    state: domain.State | None = None,
    before: datetime | None = None,
    limit: int = 100,
) -> dict[str, Any]:
    """Appointments, those held last first: of one natural person, or (front desk, auditor) of the whole hospital."""
    if patient_id is None and not actor.has("front_desk", "auditor"):
        patient_id = actor.patient_id
        if patient_id is None:
            return {"items": []}
    conditions: list[sa.ColumnElement[bool]] = []
    if patient_id is not None:
        conditions.append(appointments.c.patient_id.in_(_require_rights(uow, actor, patient_id)))
    if state is not None:
        conditions.append(appointments.c.state == state.value)
    if before is not None:
        conditions.append(appointments.c.held_at < before)
    return {"items": store.find_appointments(uow, *conditions, limit=limit)}


def get_appointment(uow: UnitOfWork, *, actor: Actor, now: datetime, appointment_id: UUID) -> Appointment:
    """One appointment."""
    found = store.find_appointments(uow, appointments.c.id == appointment_id, limit=1)
    if not found:
        raise NotFound
    _require_rights(uow, actor, found[0].patient_id)
    return found[0]


def get_booking_rules(uow: UnitOfWork, *, actor: Actor, now: datetime) -> domain.BookingRules:
    """The hospital's booking rules at this instant."""
    return store.current_rules(uow, now)


def last_planned_day(uow: UnitOfWork) -> date | None:
    """The last day for which any session is planned."""
    last: date | None = uow.session.scalar(sa.select(sa.func.max(schedules.c.date)))
    return last


def _require_rights(uow: UnitOfWork, actor: Actor, patient_id: UUID) -> frozenset[UUID]:
    person = store.persons(uow, {patient_id}).get(patient_id)
    aliases = person.aliases if person else frozenset({patient_id})
    if not actor.has("auditor"):
        domain.require_rights(actor, patient_id=patient_id, aliases=aliases, scope="see")
    return aliases


def _require_practitioner(uow: UnitOfWork, practitioner_id: UUID) -> None:
    if not store.department_of(uow, {practitioner_id}):
        raise NotFound


def _free_places(
    uow: UnitOfWork, now: datetime, owner: sa.Column[Any], within: sa.ColumnElement[bool] | None = None
) -> sa.Subquery:
    """What can be booked now, by department or practitioner: places, the first instant, the lowest fee."""
    last = store.current_rules(uow, now).last_open_day(now)
    free = slots.c.taken < slots.c.capacity
    return (
        sa.select(
            owner.label("owner"),
            sa.func.sum(slots.c.capacity - slots.c.taken).label("places_left"),
            sa.func.min(sa.case((free, slots.c.starts_at))).label("earliest_at"),
            sa.func.min(schedules.c.fee_fen).label("fee_fen"),
        )
        .join(schedules, schedules.c.id == slots.c.schedule_id)
        .where(slots.c.date.between(hospital_day(now), last), slots.c.starts_at > now, sa.not_(slots.c.suspended))
        .where(sa.true() if within is None else within)
        .group_by(owner)
        .subquery()
    )


def _matches(search: str, table: sa.Table) -> sa.ColumnElement[bool]:
    """Chinese, English, pinyin or initials as somebody types them; an empty search matches all."""
    typed = "".join(unicodedata.normalize("NFKC", search).lower().split())
    if not typed:
        return sa.true()
    english = sa.func.replace(sa.func.lower(table.c.name_en), " ", "")
    return sa.or_(
        table.c.name_zh.contains(typed, autoescape=True),
        english.contains(typed, autoescape=True),
        table.c.pinyin.contains(typed, autoescape=True),
        table.c.initials.contains(typed, autoescape=True),
    )
