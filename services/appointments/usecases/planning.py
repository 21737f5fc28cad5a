"""What the outpatient office does: open departments, engage practitioners, plan and suspend sessions, set rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.appointments import domain, store
from services.appointments.domain import (
    Audience,
    BookingRules,
    Campus,
    Department,
    Names,
    NumberType,
    Practitioner,
    Schedule,
    Session,
    Title,
)
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound


def open_campuses(uow: UnitOfWork, *, campuses: Sequence[Campus]) -> None:
    """Open sites of the hospital; those whose code is there already stay as they are."""
    store.add_campuses(uow, campuses)


def open_departments(uow: UnitOfWork, *, departments: Sequence[Department]) -> None:
    """Open departments; those whose code is there already stay as they are."""
    store.add_departments(uow, departments)


def engage_practitioners(uow: UnitOfWork, *, practitioners: Sequence[Practitioner]) -> None:
    """Put practitioners on the list; those who are there already stay as they are."""
    store.add_practitioners(uow, practitioners)


def plan_sessions(uow: UnitOfWork, *, schedules: Sequence[Schedule]) -> int:
    """Plan sessions; a session that a practitioner already has on that day stays as it is. Gives how many were new."""
    return len(store.add_schedules(uow, schedules))


def open_campus(uow: UnitOfWork, *, actor: Actor, now: datetime, code: str, name: Names) -> Campus:
    """Open a site of the hospital (`code_taken`)."""
    campus = Campus(id=uuid4(), code=code, name=name)
    if not store.add_campuses(uow, [campus]):
        raise domain.CodeTaken
    return campus


def open_department(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    code: str,
    campus: str,
    name: Names,
    location: Names,
    audience: Audience,
) -> Department:
    """Open a department on a campus, for everybody or for an audience (`code_taken`; unknown campus: not found)."""
    campus_id = store.campus_ids(uow).get(campus)
    if campus_id is None:
        raise NotFound
    department = Department(id=uuid4(), code=code, campus_id=campus_id, name=name, location=location, audience=audience)
    if not store.add_departments(uow, [department]):
        raise domain.CodeTaken
    return department


def engage_practitioner(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    department_id: UUID,
    name: Names,
    title: Title,
    speciality: Names | None,
) -> Practitioner:
    """Put a practitioner, or the general clinic of a department, on the list (unknown department: not found)."""
    if not store.has_department(uow, department_id):
        raise NotFound
    practitioner = Practitioner(id=uuid4(), department_id=department_id, name=name, title=title, speciality=speciality)
    store.add_practitioners(uow, [practitioner])
    return practitioner


def plan_session(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    practitioner_id: UUID,
    date: date,
    session: Session,
    number_type: NumberType,
    fee_fen: int,
    places: int,
) -> Schedule:
    """Plan a practitioner's session with its fee (fen) and places; its slots are made by the clock.

    Refused for a day that has passed and for a session that is planned already (`day_passed`, `schedule_exists`).
    """
    department_id = store.department_of(uow, {practitioner_id}).get(practitioner_id)
    if department_id is None:
        raise NotFound
    starts_at, ends_at = domain.session_hours(date, session)
    if ends_at <= now:
        raise domain.DayPassed
    schedule = Schedule(
        id=uuid4(),
        practitioner_id=practitioner_id,
        department_id=department_id,
        date=date,
        session=session,
        number_type=number_type,
        fee_fen=fee_fen,
        places=places,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    if not store.add_schedules(uow, [schedule]):
        raise domain.ScheduleExists
    return schedule


def suspend_schedule(uow: UnitOfWork, *, actor: Actor, now: datetime, schedule_id: UUID) -> Schedule:
    """A session does not take place (停诊): nobody can book it from now on.

    Whoever has a place in it is cancelled by the hospital within seconds, and gets the money back (`schedule_suspended`
    when it was suspended before, `day_passed` when it is over).
    """
    schedule = store.lock_schedule(uow, schedule_id)
    if schedule is None:
        raise NotFound
    if schedule.state == "suspended":
        raise domain.ScheduleSuspended
    if schedule.ends_at <= now:
        raise domain.DayPassed
    store.suspend(uow, schedule)
    return replace(schedule, state="suspended", version=schedule.version + 1)


def make_slots(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: divide the sessions of the coming days into slots. Run again or twice at once, it makes each slot once."""
    today = hospital_day(now)
    last = today + timedelta(days=store.current_rules(uow, now).slots_days_ahead)
    due = store.lock_schedules_without_slots(uow, first=today, last=last, limit=limit)
    store.make_slots(uow, due)
    return len(due)


def set_booking_rules(
    uow: UnitOfWork, *, actor: Actor, now: datetime, effective_from: datetime | None = None, **changes: Any
) -> BookingRules:
    """Set the hospital's booking rules from an instant on (now by default); what is not named stays as it was then.

    Appointments that exist keep the deadlines they were given. Refused when a value makes no sense (`rule_not_valid`).
    """
    begins = max(effective_from or now, now)
    rules = replace(store.current_rules(uow, begins), **changes)
    domain.check_rules(rules)
    if not store.add_rules(uow, effective_from=begins, values=asdict(rules), set_by=actor.subject):
        raise domain.RulesExist
    return rules
