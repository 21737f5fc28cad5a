"""The demo hospital 示范市人民医院 (Demonstration City People's Hospital): nothing in it is real.

Everything is drawn from one number and from the day it is made for, so the same day always has the same sessions,
whenever the seed runs. Run again, it adds the days that have come into sight since, and otherwise nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid5

from services.appointments import queries, usecases
from services.appointments.domain import Campus, Department, Practitioner, Schedule, Session, Title, session_hours
from services.appointments.seed.departments import CAMPUSES, OPEN_AT_WEEKENDS, WITH_EVENING, demo_departments
from services.appointments.seed.doctors import FEES_FEN, NUMBER_TYPES, PLACES, DemoDoctor, demo_doctors
from shared.calendar import is_working_day
from shared.clock import hospital_day
from shared.door import Door
from shared.settings import Settings

SEED_NUMBER = 329900
DAYS = 14

_NAMESPACE = UUID("5c0b7d5e-6a0e-4f0f-9b1d-0a8e3f2c9900")
_SATURDAY, _SUNDAY = 5, 6
_HALF_DAYS = (Session.MORNING, Session.AFTERNOON)
_HALF_DAYS_A_WEEK = {Title.ATTENDING: 4, Title.ASSOCIATE_CHIEF: 4, Title.CHIEF: 3, Title.RENOWNED: 2}


def id_of(kind: str, key: str) -> UUID:
    """The id of a thing of the demo hospital: the same in every installation."""
    return uuid5(_NAMESPACE, f"{SEED_NUMBER} {kind} {key}")


def seed(door: Door, settings: Settings) -> None:  # noqa: ARG001 (the same form in every service)
    """Make what is missing: campuses, departments and doctors once, and the sessions of the coming two weeks."""
    today = hospital_day(door.clock())
    with door.database.read() as uow:
        planned = queries.last_planned_day(uow)
    last = today + timedelta(days=DAYS - 1)
    if planned is not None and planned >= last:
        return
    doctors = demo_doctors(SEED_NUMBER)
    if planned is None:
        _open_hospital(door, doctors)
    first = max(today, planned + timedelta(days=1)) if planned else today
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    with door.database.write() as uow:
        usecases.plan_sessions(uow, schedules=[each for day in days for each in sessions(doctors, day)])
    _make_slots(door)


def _open_hospital(door: Door, doctors: list[DemoDoctor]) -> None:
    with door.database.write() as uow:
        usecases.open_campuses(
            uow, campuses=[Campus(id=id_of("campus", code), code=code, name=name) for code, name in CAMPUSES.items()]
        )
        usecases.open_departments(
            uow,
            departments=[
                Department(
                    id=id_of("department", each.code),
                    code=each.code,
                    name=each.name,
                    campus_id=id_of("campus", each.campus),
                    location=each.location,
                    audience=each.audience,
                )
                for each in demo_departments()
            ],
        )
        usecases.engage_practitioners(
            uow,
            practitioners=[
                Practitioner(
                    id=id_of("practitioner", each.key),
                    department_id=id_of("department", each.department),
                    name=each.name,
                    title=each.title,
                    speciality=each.speciality,
                )
                for each in doctors
            ],
        )


def _make_slots(door: Door) -> None:
    portion = 500
    handled = portion
    while handled == portion:
        with door.database.write() as uow:
            handled = usecases.make_slots(uow, now=door.clock(), limit=portion)


def sessions(doctors: list[DemoDoctor], day: date) -> Iterator[Schedule]:
    """The sessions of one day: all clinics on working days, make-up days included; a few mornings otherwise."""
    for doctor in doctors:
        for session in _sessions_of(doctor, day):
            starts_at, ends_at = session_hours(day, session)
            yield Schedule(
                id=id_of("schedule", f"{doctor.key} {day} {session}"),
                practitioner_id=id_of("practitioner", doctor.key),
                department_id=id_of("department", doctor.department),
                date=day,
                session=session,
                number_type=NUMBER_TYPES[doctor.title],
                fee_fen=FEES_FEN[doctor.title],
                places=PLACES[doctor.title],
                starts_at=starts_at,
                ends_at=ends_at,
            )


def _sessions_of(doctor: DemoDoctor, day: date) -> list[Session]:
    is_general = doctor.title is Title.GENERAL_CLINIC
    if not is_working_day(day):
        return [Session.MORNING] if is_general and doctor.department in OPEN_AT_WEEKENDS else []
    if is_general:
        return [*_HALF_DAYS, *([Session.EVENING] if doctor.department in WITH_EVENING else [])]
    # A weekend day that is worked for a holiday follows the plan of the weekday beside it.
    weekday = {_SATURDAY: 4, _SUNDAY: 0}.get(day.weekday(), day.weekday())
    return [session for planned, session in _week_of(doctor) if planned == weekday]


def _week_of(doctor: DemoDoctor) -> list[tuple[int, Session]]:
    """The half days on which a doctor sees outpatients in every week."""
    draw = random.Random(f"week {SEED_NUMBER} {doctor.key}")
    half_days = [(weekday, session) for weekday in range(5) for session in _HALF_DAYS]
    return draw.sample(half_days, _HALF_DAYS_A_WEEK[doctor.title])
