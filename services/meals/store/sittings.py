"""Meals of days: laid down when they are first asked for, shared by whoever orders, taken alone by whoever freezes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.meals.domain.meal_times import Meal
from services.meals.domain.sittings import DEFAULT_TIMES, OrderingRules, ServingTimes, Sitting, first_open
from services.meals.store.order_tables import ordering_rules, serving_times, sittings
from shared.clock import hospital_day
from shared.database import UnitOfWork

_LONGEST_AHEAD = 9
"""Days within which the next cut-off surely lies: meals are ordered at most a week before they are served."""

NEAR_DAYS = 2
"""Today and tomorrow are laid down before anybody orders: tomorrow's breakfast is frozen today."""


def times(uow: UnitOfWork) -> dict[Meal, ServingTimes]:
    """Cut-off and hours of each meal: the hospital's own, or the usual ones."""
    rows = uow.session.execute(sa.select(serving_times)).mappings().all()
    return {**DEFAULT_TIMES, **{row["meal"]: ServingTimes(**row) for row in rows}}


def set_times(uow: UnitOfWork, wanted: ServingTimes) -> None:
    """The hours of a meal from now on; meals that were laid down before keep theirs."""
    row = asdict(wanted)
    changes = {name: value for name, value in row.items() if name != "meal"}
    uow.insert_or_change(
        serving_times, row, key=serving_times.c.meal, changes=changes, returning=[serving_times.c.meal]
    )


def rules(uow: UnitOfWork) -> OrderingRules:
    """The hospital's rules of ordering, or the usual ones."""
    row = uow.session.execute(sa.select(ordering_rules)).mappings().one_or_none()
    return OrderingRules(**{name: value for name, value in row.items() if name != "id"}) if row else OrderingRules()


def set_rules(uow: UnitOfWork, wanted: OrderingRules) -> None:
    """The hospital's rules of ordering from now on."""
    row = {"id": 1, **asdict(wanted)}
    uow.insert_or_change(
        ordering_rules, row, key=ordering_rules.c.id, changes=asdict(wanted), returning=[ordering_rules.c.id]
    )


def sitting(row: Any) -> Sitting:
    """A row as a thing of the domain."""
    return Sitting(**row)


def lay_down(uow: UnitOfWork, days: list[date]) -> None:
    """See that all meals of these days are there; those that are keep their hours."""
    known = times(uow)
    rows = [asdict(known[meal].sitting(day)) for day in days for meal in Meal]
    uow.insert_once(sittings, rows, returning=[sittings.c.day])


def days_not_laid_down(uow: UnitOfWork, days: list[date]) -> list[date]:
    """Which of these days lack a meal."""
    query = sa.select(sittings.c.day).where(sittings.c.day.in_(days)).group_by(sittings.c.day)
    complete = set(uow.session.scalars(query.having(sa.func.count() == len(Meal))))
    return [day for day in days if day not in complete]


def join(uow: UnitOfWork, day: date, meal: Meal) -> Sitting:
    """A meal of a day, shared with others who order, and kept from being frozen until this unit ends."""
    wanted = sa.select(sittings).where(sittings.c.day == day, sittings.c.meal == meal).with_for_update(read=True)
    row = uow.session.execute(wanted).mappings().one_or_none()
    if row is None:
        lay_down(uow, [day])
        row = uow.session.execute(wanted).mappings().one()
    return sitting(row)


def join_to_order(uow: UnitOfWork, day: date, meal: Meal, now: datetime) -> Sitting:
    """A meal that people may still order, shared. Raises OrderingClosed, for late comers without touching its lock."""
    find(uow, day, meal).check_open(now)
    sitting = join(uow, day, meal)
    sitting.check_open(now)
    return sitting


def lay_down_near(uow: UnitOfWork, now: datetime) -> bool:
    """See that the meals of today and tomorrow are there; gives whether some were not."""
    today = hospital_day(now)
    missing = days_not_laid_down(uow, [today + timedelta(days=ahead) for ahead in range(NEAR_DAYS)])
    if missing:
        lay_down(uow, missing)
    return bool(missing)


def join_open(uow: UnitOfWork, now: datetime) -> None:
    """Share all meals that are not frozen yet: what changes who eats waits for a freeze that is under way, and no
    freeze begins before this unit has ended. A meal that is not laid down yet could not be shared, so that comes first.
    """
    lay_down_near(uow, now)
    query = sa.select(sittings.c.day).where(sittings.c.frozen_at.is_(None)).order_by(sittings.c.day, sittings.c.meal)
    uow.session.execute(query.with_for_update(read=True)).all()


def take_due(uow: UnitOfWork, now: datetime) -> Sitting | None:
    """The next meal whose cut-off is over and that nobody has frozen, taken alone.

    It waits for those who ordered in time and are not done; passing over the row would let a crowd of them put it off.
    """
    query = (
        sa.select(sittings)
        .where(sittings.c.frozen_at.is_(None), sittings.c.closes_at <= now)
        .order_by(sittings.c.closes_at, sittings.c.day)
        .limit(1)
        .with_for_update()
    )
    row = uow.session.execute(query).mappings().one_or_none()
    return sitting(row) if row is not None else None


def mark_frozen(uow: UnitOfWork, frozen: Sitting, now: datetime) -> None:
    """The list of a meal is fixed."""
    uow.session.execute(
        sittings.update().where(sittings.c.day == frozen.day, sittings.c.meal == frozen.meal).values(frozen_at=now)
    )


def find(uow: UnitOfWork, day: date, meal: Meal) -> Sitting:
    """A meal of a day for reading: as it was laid down, or as it will be."""
    row = uow.session.execute(sa.select(sittings).where(sittings.c.day == day, sittings.c.meal == meal)).mappings()
    found = row.one_or_none()
    return sitting(found) if found is not None else times(uow)[meal].sitting(day)


def first_open_at(uow: UnitOfWork, instant: datetime) -> Sitting:
    """The meal whose cut-off comes next after an instant, by the hospital's own hours."""
    day = hospital_day(instant)
    return first_open(between(uow, day, day + timedelta(days=_LONGEST_AHEAD)).values(), instant)


def between(uow: UnitOfWork, first: date, last: date) -> dict[tuple[date, Meal], Sitting]:
    """All meals from one day to another, as they were laid down or will be."""
    query = sa.select(sittings).where(sittings.c.day.between(first, last))
    laid = {(row["day"], row["meal"]): sitting(row) for row in uow.session.execute(query).mappings()}
    known = times(uow)
    days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    return {(day, meal): laid.get((day, meal)) or known[meal].sitting(day) for day in days for meal in Meal}
