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
from shared.database import UnitOfWork

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
    """Inpatients in a bed who have no meal, did not say that they want none, and whose bill is not being settled."""
    later = orders.alias("later")
    newer = sa.select(later.c.id).where(
        later.c.encounter_id == orders.c.encounter_id,
        later.c.meal_on == orders.c.meal_on,
        later.c.meal == orders.c.meal,
        later.c.recipient == Recipient.PATIENT,
        later.c.ordered_at > orders.c.ordered_at,
    )
    declined = sa.and_(orders.c.end_reason == EndReason.PERSON, ~newer.exists())
    has = sa.select(orders.c.id).where(
        orders.c.encounter_id == stays.c.encounter_id,
        orders.c.meal_on == sitting.day,
        orders.c.meal == sitting.meal,
        orders.c.recipient == Recipient.PATIENT,
        sa.or_(orders.c.ended_at.is_(None), declined),
    )
    settled = sa.select(settlements.c.settlement_id).where(
        settlements.c.encounter_id == stays.c.encounter_id,
        settlements.c.opened_at.is_not(None),
        settlements.c.withdrawn_at.is_(None),
    )
    query = sa.select(stays).where(
        stays.c.state == "in_progress",
        stays.c.encounter_class == "IMP",
        stays.c.bed_id.is_not(None),
        ~has.exists(),
        ~settled.exists(),
    )
    rows = uow.session.execute(query.order_by(stays.c.ward_code, stays.c.bed_label, stays.c.encounter_id)).mappings()
    return [dict(row) for row in rows]


def add_orders(uow: UnitOfWork, made: Sequence[Order], lines: Sequence[Row], charged: Sequence[Row]) -> None:
    """Many orders at once, with their dishes and charges."""
    names = [column.name for column in orders.c]
    uow.insert(orders, [{name: getattr(order, name) for name in names} for order in made])
    uow.insert(order_lines, lines)
    uow.insert(charges, charged)


def begin_production(uow: UnitOfWork, rows: Sequence[Row]) -> None:
    """Orders go to the kitchen: {order_id, code, group_zh, group_en}."""
    if not rows:
        return
    statement = (
        orders.update()
        .where(orders.c.id == sa.bindparam("order_id"))
        .values(
            state=OrderState.IN_PRODUCTION,
            tray_code=sa.bindparam("code"),
            diet_zh=sa.bindparam("group_zh"),
            diet_en=sa.bindparam("group_en"),
            version=orders.c.version + 1,
        )
    )
    uow.session.connection().execute(statement, list(rows))


def add_production(uow: UnitOfWork, sitting: Sitting, lines: Sequence[ProductionLine]) -> None:
    """The frozen list of a meal."""
    uow.insert(production_lines, [{"day": sitting.day, "meal": sitting.meal, **asdict(line)} for line in lines])
