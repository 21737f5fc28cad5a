"""What people read of their meals: the week, a menu with its reasons, a bed's card, a companion's orders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain.dishes import Dish
from services.meals.domain.food import NAMES
from services.meals.domain.meal_times import Meal
from services.meals.domain.nutrition import SODIUM_OF_SALT, Nutrient
from services.meals.domain.orders import Order, Recipient
from services.meals.domain.sittings import OrderingRules, ServingTimes, Sitting, check_day
from services.meals.domain.suitability import objections, sentences
from services.meals.store import beds, order_tables, provisions, sittings
from services.meals.store import orders as store
from services.meals.store.wards import stays
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

Row = dict[str, Any]
WARD_STAFF = ("nurse", "dietitian")
orders = order_tables.orders


def _stay(uow: UnitOfWork, encounter_id: UUID, actor: Actor) -> Row:
    """A stay for whoever may see it. Raises NotFound, NotYours."""
    row = uow.session.execute(sa.select(stays).where(stays.c.encounter_id == encounter_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    own, patient_id = actor.patient_id, row["patient_id"]
    mine = own is not None and actor.acts_for(own) and store.person_of(uow, own) == store.person_of(uow, patient_id)
    if not mine and not actor.has(*WARD_STAFF):
        raise NotYours(patient_id)
    return dict(row)


def with_lines(uow: UnitOfWork, found: Sequence[Order]) -> list[Row]:
    """Orders with their dishes, as they leave through the door."""
    lines = store.lines_of(uow, [order.id for order in found])
    return [order_row(order, lines[order.id]) for order in found]


def order_row(order: Order, lines: Iterable[Any]) -> Row:
    """One order with its dishes."""
    return {**{column.name: getattr(order, column.name) for column in orders.c}, "dishes": list(lines)}


def sitting_row(sitting: Sitting, now: datetime) -> Row:
    """The hours of a meal, and whether it is still ordered."""
    return {
        "date": sitting.day,
        "meal": sitting.meal,
        "closes_at": sitting.closes_at,
        "begins_at": sitting.begins_at,
        "ends_at": sitting.ends_at,
        "frozen_at": sitting.frozen_at,
        "open": sitting.is_open(now),
    }


def list_stay_meals(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, first: date | None = None
) -> Row:
    """The meals of a stay, day by day: hours, cut-offs, what was ordered. A week and a day from today, or from `first`.

    An order that was cancelled by the person says that no meal is wanted. Raises NotFound, NotYours.
    """
    stay = _stay(uow, encounter_id, actor)
    start = first or hospital_day(now)
    last = start + timedelta(days=sittings.rules(uow).days_ahead - 1)
    query = (
        sa.select(Order)
        .where(
            orders.c.encounter_id == encounter_id,
            orders.c.recipient == Recipient.PATIENT,
            orders.c.meal_on.between(start, last),
        )
        .order_by(orders.c.ordered_at, orders.c.id)
    )
    newest: dict[tuple[date, Meal], Row] = {}
    for row in with_lines(uow, uow.session.execute(query).scalars().all()):
        newest[row["meal_on"], row["meal"]] = row
    return {
        "encounter_id": encounter_id,
        "patient_id": stay["patient_id"],
        "state": stay["state"],
        "encounter_class": stay["encounter_class"],
        "ward": {"zh": stay["ward_zh"] or "", "en": stay["ward_en"] or ""},
        "bed": stay["bed_label"],
        "bed_code": beds.code_of(uow, stay["bed_id"]) if stay["bed_id"] else None,
        "settling": store.is_being_settled(uow, encounter_id),
        "meals": [
            {**sitting_row(sitting, now), "order": newest.get(key)}
            for key, sitting in sittings.between(uow, start, last).items()
        ],
    }


def show_menu(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, meal_on: date, meal: Meal) -> Row:
    """A meal's menu for one patient: what the diet allows, and for everything else why not; and what was ordered.

    Raises NotFound, NotYours, DayNotOffered.
    """
    stay = _stay(uow, encounter_id, actor)
    check_day(meal_on, now, sittings.rules(uow))
    sitting = sittings.find(uow, meal_on, meal)
    need = provisions.need_at(uow, encounter_id, sitting, now)
    found = store.find_order_for(uow, encounter_id, meal_on, meal)
    zh, en = need.diet.name() if need.diet is not None else ("", "")
    return {
        **sitting_row(sitting, now),
        "encounter_id": encounter_id,
        "patient_id": stay["patient_id"],
        "fasting": bool(need.npo),
        "diet": {"zh": zh, "en": en} if need.diet is not None else None,
        "allergies": [{"zh": NAMES[each][0], "en": NAMES[each][1]} for each in sorted(need.allergens)],
        "settling": store.is_being_settled(uow, encounter_id),
        "order": with_lines(uow, [found])[0] if found is not None else None,
        "dishes": [
            {**_dish_row(dish), "because": sentences(objections(dish, need))}
            for dish in provisions.menu(uow, meal_on, meal)
        ],
    }


def _dish_row(dish: Dish) -> Row:
    return {
        "id": dish.id,
        "name": {"zh": dish.zh, "en": dish.en},
        "kind": dish.kind,
        "price_fen": dish.price_fen,
        "kcal": dish.amounts[Nutrient.ENERGY] // 1000,
        "salt_g": _grams(dish.amounts[Nutrient.SODIUM], SODIUM_OF_SALT),
        "carbohydrate_g": _grams(dish.amounts[Nutrient.CARBOHYDRATE], 1000),
        "allergens": sorted(dish.allergens),
    }


def _grams(amount: int, gram: int) -> str:
    """With one decimal, half up: "0.5"."""
    tenths = (20 * amount + gram) // (2 * gram)
    return f"{tenths // 10}.{tenths % 10}"


def show_bed(uow: UnitOfWork, *, actor: Actor, now: datetime, bed_code: str) -> Row:
    """What a bed's card leads to: the bed's name, and the stay only for whoever acts for the patient in it.

    Raises NotFound for a code that no bed carries.
    """
    bed = beds.find_bed(uow, bed_code)
    if bed is None:
        raise NotFound
    here = beds.stay_in(uow, bed["bed_id"])
    own = actor.patient_id
    mine = (
        here is not None
        and own is not None
        and actor.acts_for(own)
        and store.person_of(uow, own) == store.person_of(uow, here["patient_id"])
    )
    return {
        "ward": {"zh": bed["ward_zh"], "en": bed["ward_en"]},
        "bed": bed["bed_label"],
        "encounter_id": here["encounter_id"] if mine and here is not None else None,
    }


def show_companion_menu(
    uow: UnitOfWork, *, actor: Actor, now: datetime, bed_code: str, meal_on: date, meal: Meal
) -> Row:
    """A meal's menu for who keeps somebody company: normal food, nothing about the patient. Raises NotFound."""
    if beds.find_bed(uow, bed_code) is None:
        raise NotFound
    check_day(meal_on, now, sittings.rules(uow))
    return {
        **sitting_row(sittings.find(uow, meal_on, meal), now),
        "dishes": [{**_dish_row(dish), "because": []} for dish in provisions.menu(uow, meal_on, meal)],
    }


def list_companion_meals(uow: UnitOfWork, *, actor: Actor, now: datetime, payer_id: UUID) -> Row:
    """The companion's meals that go on a payer's record, the newest meal first. Raises NotYours."""
    if not actor.acts_for(payer_id):
        raise NotYours(payer_id)
    query = (
        sa.select(Order)
        .where(orders.c.patient_id == payer_id, orders.c.recipient == Recipient.COMPANION)
        .order_by(orders.c.meal_on.desc(), orders.c.ordered_at.desc(), orders.c.id)
        .limit(60)
    )
    rows = with_lines(uow, uow.session.execute(query).scalars().all())
    return {"patient_id": payer_id, "items": [{**row, **_where(uow, row, now)} for row in rows]}


def _where(uow: UnitOfWork, row: Row, now: datetime) -> Row:
    sitting = sittings.find(uow, row["meal_on"], row["meal"])
    return {"closes_at": sitting.closes_at, "begins_at": sitting.begins_at, "open": sitting.is_open(now)}


def show_order(uow: UnitOfWork, *, actor: Actor, now: datetime, order_id: UUID) -> Row:
    """One order, for the ward, or for whoever acts for the patient it is billed to. Raises NotFound, NotYours."""
    order = uow.session.get(Order, order_id)
    if order is None:
        raise NotFound
    own = actor.patient_id
    mine = (
        own is not None and actor.acts_for(own) and store.person_of(uow, own) == store.person_of(uow, order.patient_id)
    )
    if not mine and (order.is_companions or not actor.has(*WARD_STAFF)):
        raise NotYours(order.patient_id)
    row = with_lines(uow, [order])[0]
    return {**row, **_where(uow, row, now)}


def get_rules(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """The hospital's rules of ordering, and the hours of its meals."""
    rules: OrderingRules = sittings.rules(uow)
    times: dict[Meal, ServingTimes] = sittings.times(uow)
    return {"rules": rules, "times": [times[meal] for meal in Meal]}
