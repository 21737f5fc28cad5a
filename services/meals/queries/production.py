"""What the kitchen and the round read: the list of a meal, its changes and progress, labels, and the round by bed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain.food import NAMES
from services.meals.domain.meal_times import Meal
from services.meals.domain.npo import NPO_NAMES
from services.meals.domain.orders import UNDELIVERED, Order, OrderState
from services.meals.domain.production import COMPANIONS, ProductionLine, add_up, progress
from services.meals.domain.sittings import Sitting
from services.meals.domain.suitability import Need
from services.meals.queries.orders import sitting_row
from services.meals.store import order_tables, provisions, sittings
from services.meals.store import orders as store
from services.meals.store import production as kitchen
from services.meals.store.wards import patients, stays
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork

Row = dict[str, Any]
orders, changes = order_tables.orders, order_tables.production_changes
IN_LIST = (OrderState.ORDERED, OrderState.AWAITING_PAYMENT)


def show_production(
    uow: UnitOfWork, *, actor: Actor, now: datetime, meal_on: date | None = None, meal: Meal | None = None
) -> Row:
    """The board of one meal: the frozen list, or before the cut-off what is ordered so far; changes and progress.

    Without a meal it is the one that is cooked or served now.
    """
    sitting = _sitting(uow, now, meal_on, meal)
    frozen = sitting.frozen_at is not None
    lines = _frozen_lines(uow, sitting) if frozen else _expected_lines(uow, sitting, now)
    return {
        **sitting_row(sitting, now),
        "groups": _grouped(lines),
        "dishes": _by_dish(lines),
        "progress": progress(_states(uow, sitting)),
        "changes": _changes(uow, sitting),
        "without_meal": _without_meal(uow, sitting, now),
        "wards": _wards(uow, sitting),
    }


def _sitting(uow: UnitOfWork, now: datetime, meal_on: date | None, meal: Meal | None) -> Sitting:
    if meal_on is not None and meal is not None:
        return sittings.find(uow, meal_on, meal)
    today = hospital_day(now)
    upcoming = sittings.between(uow, today, today + timedelta(days=1)).values()
    return next(each for each in sorted(upcoming, key=lambda each: each.ends_at) if not each.is_over(now))


def _frozen_lines(uow: UnitOfWork, sitting: Sitting) -> list[ProductionLine]:
    table = order_tables.production_lines
    query = sa.select(table).where(table.c.day == sitting.day, table.c.meal == sitting.meal)
    names = ("diet_zh", "diet_en", "dish_id", "name_zh", "name_en", "portions")
    return [ProductionLine(**{name: row[name] for name in names}) for row in uow.session.execute(query).mappings()]


def _expected_lines(uow: UnitOfWork, sitting: Sitting, now: datetime) -> list[ProductionLine]:
    """What is ordered so far, without the standard meals that come at the cut-off."""
    query = sa.select(Order).where(
        orders.c.meal_on == sitting.day, orders.c.meal == sitting.meal, orders.c.state == OrderState.ORDERED
    )
    found = uow.session.execute(query).scalars().all()
    needs = provisions.needs(uow, [each.encounter_id for each in found if not each.is_companions], sitting, now)
    lines = store.lines_of(uow, [each.id for each in found])
    wanted = []
    for order in found:
        zh, en = COMPANIONS if order.is_companions else _diet_name(needs[order.encounter_id])
        wanted += [
            ProductionLine(zh, en, line.dish_id, line.name_zh, line.name_en, line.portions) for line in lines[order.id]
        ]
    return add_up(wanted)


def _diet_name(need: Need) -> tuple[str, str]:
    return need.diet.name() if need.diet is not None else ("无膳食医嘱", "no diet order")


def _grouped(lines: Sequence[ProductionLine]) -> list[Row]:
    groups: dict[str, Row] = {}
    for line in sorted(lines, key=lambda each: (each.diet_zh, each.name_zh)):
        group = groups.setdefault(
            line.diet_zh, {"diet": {"zh": line.diet_zh, "en": line.diet_en}, "portions": 0, "dishes": []}
        )
        group["portions"] += line.portions
        group["dishes"].append(_line(line))
    return list(groups.values())


def _by_dish(lines: Sequence[ProductionLine]) -> list[Row]:
    everybody = [ProductionLine("", "", line.dish_id, line.name_zh, line.name_en, line.portions) for line in lines]
    return sorted((_line(each) for each in add_up(everybody)), key=lambda each: -each["portions"])


def _line(line: ProductionLine) -> Row:
    return {"dish_id": line.dish_id, "name": {"zh": line.name_zh, "en": line.name_en}, "portions": line.portions}


def _states(uow: UnitOfWork, sitting: Sitting) -> Mapping[str, int]:
    query = (
        sa.select(orders.c.state, sa.func.count())
        .where(orders.c.meal_on == sitting.day, orders.c.meal == sitting.meal)
        .group_by(orders.c.state)
    )
    return {row[0].value: row[1] for row in uow.session.execute(query)}


def _changes(uow: UnitOfWork, sitting: Sitting) -> list[Row]:
    query = (
        sa.select(changes)
        .where(changes.c.day == sitting.day, changes.c.meal == sitting.meal)
        .order_by(changes.c.seen_at.is_not(None), changes.c.noted_at.desc(), changes.c.id)
    )
    rows = [dict(row) for row in uow.session.execute(query).mappings()]
    known = _with_stays(uow, sitting, [row["order_id"] for row in rows])
    return [
        {
            **row,
            "ward": {"zh": row["ward_zh"], "en": row["ward_en"]},
            "bed": row["bed_label"],
            "tray": known[row["order_id"]],
        }
        for row in rows
    ]


def _without_meal(uow: UnitOfWork, sitting: Sitting, now: datetime) -> list[Row]:
    """After the cut-off: inpatients for whom nothing was found, and why; somebody has to look at each."""
    if sitting.frozen_at is None or sitting.is_over(now):
        return []
    hungry = kitchen.stays_without_meal(uow, sitting)
    needs = provisions.needs(uow, [stay["encounter_id"] for stay in hungry], sitting, now)
    found = []
    for stay in hungry:
        need = needs[stay["encounter_id"]]
        reason = "fasting" if need.npo else "no_diet_order" if need.diet is None else "nothing_suits"
        found.append(
            {"ward": {"zh": stay["ward_zh"], "en": stay["ward_en"]}, "bed": stay["bed_label"], "reason": reason}
        )
    return found


def _wards(uow: UnitOfWork, sitting: Sitting) -> list[Row]:
    """The wards to which trays of this meal go, with how many."""
    query = (
        sa.select(stays.c.ward_id, stays.c.ward_code, stays.c.ward_zh, stays.c.ward_en, sa.func.count().label("trays"))
        .join(orders, orders.c.encounter_id == stays.c.encounter_id)
        .where(
            orders.c.meal_on == sitting.day,
            orders.c.meal == sitting.meal,
            orders.c.ended_at.is_(None),
            orders.c.tray_code.is_not(None),
            stays.c.ward_id.is_not(None),
        )
        .group_by(stays.c.ward_id, stays.c.ward_code, stays.c.ward_zh, stays.c.ward_en)
        .order_by(stays.c.ward_code)
    )
    return [
        {"id": row.ward_id, "name": {"zh": row.ward_zh, "en": row.ward_en}, "trays": row.trays}
        for row in uow.session.execute(query)
    ]


# ------------------------------------------------------------------------------------------------- labels and round


def list_trays(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    meal_on: date | None = None,
    meal: Meal | None = None,
    ward_id: UUID | None = None,
) -> Row:
    """The trays of a meal in the order of wards and beds, with everything that stands on their labels.

    Where a tray goes, what must not be eaten and fasting are as they are now, not as they were at the cut-off.
    """
    sitting = _sitting(uow, now, meal_on, meal)
    rows = _with_stays(uow, sitting, None, ward_id)
    ids = {row["encounter_id"] for row in rows.values() if row["recipient"] == "patient"}
    needs = provisions.needs(uow, sorted(ids, key=str), sitting, now)
    keeps = timedelta(hours=sittings.rules(uow).keeps_hours)
    items = []
    for row in rows.values():
        need = needs.get(row["encounter_id"]) if row["recipient"] == "patient" else None
        made = row["plated_at"] or now
        items.append({**row, **_warnings(need), "produced_at": made, "eat_before": made + keeps})
    return {**sitting_row(sitting, now), "items": items}


def _warnings(need: Need | None) -> Row:
    if need is None:
        return {"allergens": [], "fasting": None}
    allergens = [NAMES[each] for each in sorted(need.allergens)]
    npo = NPO_NAMES[need.npo[0].kind] if need.npo else None
    return {
        "allergens": [{"zh": zh, "en": en} for zh, en in allergens],
        "fasting": {"zh": npo[0], "en": npo[1]} if npo else None,
    }


def _with_stays(
    uow: UnitOfWork, sitting: Sitting, order_ids: Sequence[UUID] | None, ward_id: UUID | None = None
) -> dict[UUID, Row]:
    """Orders of a meal with dishes, and where and who their patients are now; those named, or all on trays."""
    query = (
        sa.select(Order, stays, patients.c.mrn, patients.c.name_masked)
        .join(stays, stays.c.encounter_id == orders.c.encounter_id)
        .outerjoin(patients, patients.c.id == stays.c.patient_id)
        .where(orders.c.meal_on == sitting.day, orders.c.meal == sitting.meal)
        .order_by(
            stays.c.ward_code,
            sa.func.length(stays.c.bed_label),
            stays.c.bed_label,
            orders.c.recipient.desc(),
            orders.c.id,
        )
    )
    if order_ids is not None:
        query = query.where(orders.c.id.in_(order_ids))
    else:
        query = query.where(orders.c.tray_code.is_not(None), orders.c.ended_at.is_(None))
    if ward_id is not None:
        query = query.where(stays.c.ward_id == ward_id)
    found = uow.session.execute(query).mappings().all()
    lines = store.lines_of(uow, [row["Order"].id for row in found])
    return {row["Order"].id: _tray(dict(row), lines[row["Order"].id]) for row in found}


def _tray(row: Row, lines: Sequence[Any]) -> Row:
    order: Order = row["Order"]
    mine = not order.is_companions
    return {
        "order_id": order.id,
        "encounter_id": order.encounter_id,
        "recipient": order.recipient.value,
        "state": order.state,
        "end_reason": order.end_reason,
        "tray_code": order.tray_code,
        "diet": {"zh": order.diet_zh or "", "en": order.diet_en or ""},
        "dishes": list(lines),
        "plated_at": order.plated_at,
        "handed_over_at": order.handed_over_at,
        "ward": {"zh": row["ward_zh"] or "", "en": row["ward_en"] or ""},
        "ward_id": row["ward_id"],
        "bed": row["bed_label"],
        "patient_id": row["patient_id"],
        "mrn": row["mrn"] if mine else None,
        "name": row["name_masked"] if mine else None,
        "undelivered": order.state in UNDELIVERED,
    }


def list_bed_cards(uow: UnitOfWork, *, actor: Actor, now: datetime, ward_id: UUID) -> Row:
    """The codes of a ward's beds, for printing their cards."""
    table = order_tables.bed_codes
    query = sa.select(table).where(table.c.ward_id == ward_id)
    rows = uow.session.execute(query.order_by(sa.func.length(table.c.bed_label), table.c.bed_label)).mappings().all()
    return {
        "items": [
            {"bed": row["bed_label"], "bed_code": row["bed_code"], "ward": {"zh": row["ward_zh"], "en": row["ward_en"]}}
            for row in rows
        ]
    }
