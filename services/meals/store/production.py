"""The kitchen's lists: who eats at a meal, the frozen list, and the changes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import EndReason, Order, OrderState, Recipient
from services.meals.domain.production import ProductionLine
from services.meals.domain.sittings import Sitting
from services.meals.store.order_tables import (
    charges,
    order_lines,
    orders,
    production_changes,
    production_lines,
    settlements,
)
from services.meals.store.wards import stays
from shared.database import ChangeEach, UnitOfWork

Row = dict[str, Any]


def add_change(uow: UnitOfWork, row: Row) -> None:
    """One line of the change list."""
    uow.insert(production_changes, [row])


def see_change(uow: UnitOfWork, change_id: UUID, by: str, now: datetime) -> Row | None:
    """The kitchen has seen a change; who saw it first counts."""
    mine = production_changes.c.id == change_id
    first = {
        "seen_at": sa.func.coalesce(production_changes.c.seen_at, now),
        "seen_by": sa.func.coalesce(production_changes.c.seen_by, by),
    }
    changed = production_changes.update().where(mine).values(first).returning(*production_changes.c)
    row = uow.session.execute(changed).mappings().one_or_none()
    return dict(row) if row is not None else None


def lock_orders_for(uow: UnitOfWork, day: date, meal: Meal) -> Sequence[Order]:
    """All orders of a meal that wait for the kitchen, or still for their money."""
    query = (
        sa.select(Order)
        .where(
            orders.c.meal_on == day,
            orders.c.meal == meal,
            orders.c.state.in_([OrderState.ORDERED, OrderState.AWAITING_PAYMENT]),
        )
        .order_by(orders.c.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return uow.session.execute(query).scalars().all()


def stays_without_meal(uow: UnitOfWork, sitting: Sitting) -> list[Row]:
    """Inpatients in a bed who have no meal, did not say that they want none, and whose bill is not being settled.

    Three plain lists, compared here: as one statement its plan is quadratic until the database has counted its rows.
    """
    of_meal = (
        sa.select(orders.c.encounter_id, orders.c.ended_at, orders.c.end_reason)
        .where(orders.c.meal_on == sitting.day, orders.c.meal == sitting.meal, orders.c.recipient == Recipient.PATIENT)
        .order_by(orders.c.ordered_at, orders.c.ended_at.is_(None))
    )
    newest = {row.encounter_id: row for row in uow.session.execute(of_meal)}
    served = {id_ for id_, row in newest.items() if row.ended_at is None or row.end_reason is EndReason.PERSON}
    settled = set(
        uow.session.scalars(
            sa.select(settlements.c.encounter_id).where(
                settlements.c.opened_at.is_not(None), settlements.c.withdrawn_at.is_(None)
            )
        )
    )
    in_bed = sa.select(stays).where(
        stays.c.state == "in_progress", stays.c.encounter_class == "IMP", stays.c.bed_id.is_not(None)
    )
    without = served | settled
    rows = uow.session.execute(in_bed.order_by(stays.c.ward_code, stays.c.bed_label, stays.c.encounter_id)).mappings()
    return [dict(row) for row in rows if row["encounter_id"] not in without]


def add_orders(uow: UnitOfWork, made: Sequence[Order], lines: Sequence[Row], charged: Sequence[Row]) -> None:
    """Many orders at once, with their dishes and charges."""
    names = [column.name for column in orders.c]
    uow.insert(orders, [{name: getattr(order, name) for name in names} for order in made])
    uow.insert(order_lines, lines)
    uow.insert(charges, charged)


_INTO_PRODUCTION = ChangeEach(
    orders,
    by=("id",),
    given={"code": sa.String(), "group_zh": sa.String(), "group_en": sa.String()},
    values=lambda given: {
        "state": OrderState.IN_PRODUCTION,
        "tray_code": given["code"],
        "diet_zh": given["group_zh"],
        "diet_en": given["group_en"],
        "version": orders.c.version + 1,
    },
)


def begin_production(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    """Locked orders go to the kitchen: {of_id, code, group_zh, group_en}."""
    uow.change_each(_INTO_PRODUCTION, rows)


def add_production(uow: UnitOfWork, sitting: Sitting, lines: Sequence[ProductionLine]) -> None:
    """The frozen list of a meal."""
    uow.insert(production_lines, [{"day": sitting.day, "meal": sitting.meal, **asdict(line)} for line in lines])
