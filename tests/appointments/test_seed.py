"""The demo hospital: large enough to look real, the same every time, and made only once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.appointments import queries, seed
from services.appointments.seed.departments import demo_departments
from services.appointments.seed.doctors import demo_doctors
from services.appointments.store.tables import schedules, slots
from shared.calendar import is_working_day
from shared.database import Database
from shared.door import Door
from shared.service import Service
from shared.settings import Settings
from tests.support.callers import FRONT_DESK
from tests.support.clock import StandingClock


@pytest.fixture
def door(service: Service, open_database: Callable[..., Database], clock: StandingClock) -> Door:
    return Door(open_database(service, "sqlite"), clock)


def count(door: Door, table: sa.Table) -> int:
    with door.database.read() as uow:
        return int(uow.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def items(door: Door, query: Any, **arguments: Any) -> list[Any]:
    with door.database.read() as uow:
        found: list[Any] = query(uow, actor=FRONT_DESK, now=door.clock(), **arguments)["items"]
    return found


def test_the_demo_hospital_can_be_booked_as_soon_as_it_is_made(door: Door, settings: Settings) -> None:
    seed.seed(door, settings)

    departments = items(door, queries.list_departments)
    assert len(departments) == 61
    assert {each["campus"].en for each in departments} == {
        "Main Campus",
        "Third Hospital Campus",
        "East Lake Campus",
        "New Town Campus",
    }
    assert [each["code"] for each in departments if not each["places_left"]] == []
    practitioners = items(door, queries.list_practitioners)
    assert Counter(each["title_code"] == "general_clinic" for each in practitioners) == {False: 300, True: 61}
    assert [each["name"].zh for each in practitioners if not each["places_left"]] == []
    assert {each["fee_fen"] for each in practitioners} == {1500, 2000, 2500, 3500, 10000}
    with door.database.read() as uow:
        planned = {row.date for row in uow.session.execute(sa.select(schedules.c.date).distinct())}
        waiting = uow.session.scalar(sa.select(sa.func.count()).where(sa.not_(schedules.c.slots_made)))
    assert sorted(planned) == [date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(14)]
    assert waiting == 0


def test_made_again_it_only_adds_the_days_that_came_into_sight(
    door: Door, settings: Settings, clock: StandingClock
) -> None:
    seed.seed(door, settings)
    before = (count(door, schedules), count(door, slots))
    seed.seed(door, settings)
    assert (count(door, schedules), count(door, slots)) == before

    clock.advance(days=1)
    seed.seed(door, settings)
    monday = len(list(seed.sessions(demo_doctors(seed.SEED_NUMBER), date(2026, 12, 7))))
    assert count(door, schedules) == before[0] + monday


def test_one_number_makes_one_hospital() -> None:
    assert demo_doctors(1) == demo_doctors(1)
    assert demo_doctors(1) != demo_doctors(2)
    doctors = demo_doctors(seed.SEED_NUMBER)
    day = date(2026, 11, 24)
    assert list(seed.sessions(doctors, day)) == list(seed.sessions(doctors, day))
    names = [each.name.zh for each in doctors]
    assert len(names) == len(set(names)) == 361
    codes = [each.code for each in demo_departments()]
    assert len(codes) == len(set(codes)) == 61


def test_clinics_follow_the_official_calendar() -> None:
    doctors = demo_doctors(seed.SEED_NUMBER)
    held = {day: len(list(seed.sessions(doctors, day))) for day in (date(2026, 10, day) for day in range(1, 15))}
    assert {day for day, number in held.items() if number > 200} == {day for day in held if is_working_day(day)}
    assert {number for day, number in held.items() if not is_working_day(day)} == {15}
