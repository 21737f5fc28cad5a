"""Freezing a meal on PostgreSQL: half of the patients have ordered, the others get the standard meal of their diet.

`python -m bench.meals [MEALS]` (default 6000; goal: 5 seconds). Beside it the database's own time: the same rows put
into the same tables by plain statements, without a rule. The server is named by ANXIN_TEST_POSTGRES_URL.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from bench.processes import new_database
from services.meals import store
from services.meals.app import SERVICE
from services.meals.domain import Diet
from services.meals.domain.meal_times import Meal, MealTime
from services.meals.domain.sittings import DEFAULT_TIMES
from services.meals.domain.standing import standing_tray
from services.meals.domain.suitability import Need
from services.meals.seed import fill_kitchen
from services.meals.store import order_tables as tables
from services.meals.store import provisions, sittings
from services.meals.usecases import make_menus
from services.meals.usecases.production import freeze_due
from shared.clock import hospital_day, utc_now
from shared.database import Database, UnitOfWork, upgrade
from shared.door import Door

GOAL_SECONDS = 5.0
DIETS = ((), (), (), ("LOW_SALT",), ("DIABETIC",), ("DIABETIC", "LOW_SALT"), ("LOW_FAT",), ("LOW_PURINE",))
"""About as mixed as a hospital: more than half eat normally."""

Row = dict[str, Any]


def fill(database: Database, meals: int) -> MealTime:
    """So many inpatients with a diet; every second one has ordered the meal that is about to be frozen."""
    now = utc_now()
    time_ = MealTime(hospital_day(now) + timedelta(days=1), Meal.DINNER)
    with database.write() as uow:
        fill_kitchen(uow, Door(database))
        make_menus(uow, now=now)
        sittings.lay_down(uow, [time_.day + timedelta(days=ahead) for ahead in (-1, 0, 1)])
        others = sa.or_(tables.sittings.c.day != time_.day, tables.sittings.c.meal != time_.meal)
        uow.session.execute(tables.sittings.update().where(others).values(frozen_at=now))
        menu = provisions.menu(uow, time_.day, time_.meal)
        diets = {codes: Diet(texture="GENERAL", restrictions=frozenset(codes)) for codes in DIETS}
        trays = {codes: standing_tray(menu, _need(diet, time_)) for codes, diet in diets.items()}
        stays, orders, lines, charges = [], [], [], []
        diet_rows = []
        for number, codes in zip(range(meals), cycle(DIETS), strict=False):
            stay = _stay(number)
            stays.append(stay)
            diet_rows.append(_diet_row(stay, codes))
            if number % 2:
                order = _order(stay, time_, sum(dish.price_fen for dish, _ in trays[codes]))
                orders.append(order)
                charges.append(_charge(order))
                lines += [_line(order, position, dish) for position, (dish, _) in enumerate(trays[codes], 1)]
        uow.insert(store.stays, stays)
        uow.insert(store.diet_orders, diet_rows)
        uow.insert(tables.orders, orders)
        uow.insert(tables.order_lines, lines)
        uow.insert(tables.charges, charges)
    return time_


def _need(diet: Diet, time_: MealTime) -> Need:
    return Need(encounter_id=uuid4(), patient_id=uuid4(), time=time_, at=utc_now(), diet=diet)


def _stay(number: int) -> Row:
    ward = number // 45
    return {
        "encounter_id": uuid4(),
        "patient_id": uuid4(),
        "encounter_class": "IMP",
        "state": "in_progress",
        "campus_code": "MAIN",
        "ward_id": uuid4(),
        "ward_code": f"W{ward:03d}",
        "ward_zh": f"第{ward}病区",
        "ward_en": f"Ward {ward}",
        "bed_id": uuid4(),
        "bed_label": f"{number % 45:02d}",
        "started_at": utc_now(),
        "ended_at": None,
        "version": 1,
    }


def _diet_row(stay: Row, codes: tuple[str, ...]) -> Row:
    before = utc_now() - timedelta(days=1)
    return {
        "id": uuid4(),
        "encounter_id": stay["encounter_id"],
        "version": 1,
        "texture": "GENERAL",
        "restrictions": list(codes),
        "energy_kcal": None,
        "exclusions": [],
        "source": "doctor",
        "ordered_by": "staff:doctor",
        "ordered_at": before,
        "starts_at": before,
        "ends_at": None,
        "note": "",
        "placer_number": "",
    }


def _order(stay: Row, time_: MealTime, amount_fen: int) -> Row:
    nothing = {column.name: None for column in tables.orders.c}
    return {
        **nothing,
        "id": uuid4(),
        "recipient": "patient",
        "encounter_id": stay["encounter_id"],
        "patient_id": stay["patient_id"],
        "meal_on": time_.day,
        "meal": time_.meal,
        "chosen": "person",
        "state": "ordered",
        "amount_fen": amount_fen,
        "choice": 1,
        "ordered_by": "account:one",
        "ordered_at": utc_now(),
        "charge_id": uuid4(),
        "refunded_fen": 0,
        "version": 1,
    }


def _charge(order: Row) -> Row:
    return {
        "id": order["charge_id"],
        "order_id": order["id"],
        "choice": 1,
        "encounter_id": order["encounter_id"],
        "amount_fen": order["amount_fen"],
        "charged_at": order["ordered_at"],
    }


def _line(order: Row, number: int, dish: Any) -> Row:
    return {
        "order_id": order["id"],
        "choice": 1,
        "number": number,
        "dish_id": dish.id,
        "name_zh": dish.zh,
        "name_en": dish.en,
        "portions": 1,
        "price_fen": dish.price_fen,
    }


def freeze(database: Database, time_: MealTime) -> None:
    """The cut-off of the meal is over."""
    with database.write() as uow:
        freeze_due(uow, now=DEFAULT_TIMES[time_.meal].sitting(time_.day).closes_at, limit=100)


def bare(database: Database) -> None:
    """The rows that a freeze leaves behind, put in once more by plain statements; undone afterwards."""
    outbox = store.toolbox.outbox
    with database.read() as uow:
        standing = _rows(uow, sa.select(tables.orders).where(tables.orders.c.chosen == "standing"))
        ids = [row["id"] for row in standing]
        lines = _rows(uow, sa.select(tables.order_lines).where(tables.order_lines.c.order_id.in_(ids)))
        charges = _rows(uow, sa.select(tables.charges).where(tables.charges.c.order_id.in_(ids)))
        facts = _rows(uow, sa.select(outbox.c.id, outbox.c.type, outbox.c.envelope))
    new = {row["id"]: uuid4() for row in standing}
    fresh = {"ended_at": utc_now(), "end_reason": "settlement", "state": "cancelled", "tray_code": None}
    rows = [{**row, **fresh, "id": new[row["id"]], "charge_id": uuid4()} for row in standing]
    work = database.engine.connect()
    with work as connection, connection.begin() as transaction:
        connection.execute(tables.orders.update().where(tables.orders.c.chosen == "person").values(version=2))
        connection.execute(tables.orders.insert(), rows)
        connection.execute(tables.order_lines.insert(), [{**row, "order_id": new[row["order_id"]]} for row in lines])
        connection.execute(
            tables.charges.insert(), [{**row, "id": uuid4(), "order_id": new[row["order_id"]]} for row in charges]
        )
        connection.execute(outbox.insert(), [{**row, "id": uuid4()} for row in facts])
        transaction.rollback()


def _rows(uow: UnitOfWork, query: Any) -> list[Row]:
    return [dict(row) for row in uow.session.execute(query).mappings()]


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of this process's processor."""
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    work()
    return time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_utime - used


def main() -> None:
    meals = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    with new_database() as url:
        database = Database(url, SERVICE.toolbox)
        upgrade(database.engine, SERVICE.migrations)
        meal = fill(database, meals)
        ours, ours_cpu = timed(lambda: freeze(database, meal))
        with database.read() as uow:
            made = uow.session.scalar(
                sa.select(sa.func.count()).where(
                    tables.orders.c.state == "in_production", tables.orders.c.meal == meal.meal
                )
            )
        plain, plain_cpu = timed(lambda: bare(database))
        database.close()
    print(f"freezing {made} meals, half of them standard meals (goal: {GOAL_SECONDS:.0f} s)\n")
    print(f"{'':<44}{'seconds':>9}{'CPU':>9}")
    print(f"{'freeze: judged, coded, charged, told':<44}{ours:>9.2f}{ours_cpu:>9.2f}")
    print(f"{'  the same rows by plain statements':<44}{plain:>9.2f}{plain_cpu:>9.2f}")


if __name__ == "__main__":
    main()
