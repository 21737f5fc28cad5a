"""What the kitchen offers at a meal, and what somebody needs at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from services.meals.domain.diet_orders import DietOrder
from services.meals.domain.dishes import Dish
from services.meals.domain.food import Allergen
from services.meals.domain.meal_times import Meal, MealTime
from services.meals.domain.npo import Npo
from services.meals.domain.sittings import Sitting
from services.meals.domain.suitability import Need
from services.meals.store.diets import allergies, diet_orders, need_for, need_of, npo_orders
from services.meals.store.dishes import dishes_by_id, menu_of
from services.meals.store.wards import stays
from shared.database import UnitOfWork
from shared.errors import NotFound

_AT_ONCE = 500


def menu(uow: UnitOfWork, day: date, meal: Meal) -> list[Dish]:
    """The dishes of a meal in the order of its menu."""
    return menu_of(uow, MealTime(day, meal))


def dishes(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Dish]:
    """Dishes as they are cooked now."""
    return dishes_by_id(uow, ids)


def need_at(uow: UnitOfWork, encounter_id: UUID, sitting: Sitting, now: datetime) -> Need:
    """What counts for a patient at a meal: until the list is frozen as for who orders, then whatever is in force now.

    Raises NotFound for an unknown stay.
    """
    if sitting.frozen_at is None:
        need = need_for(uow, encounter_id, sitting, now=now)
    else:
        need = need_of(uow, encounter_id, now, sitting)
    if need is None:
        raise NotFound
    return need


def needs(uow: UnitOfWork, encounter_ids: Sequence[UUID], sitting: Sitting, now: datetime) -> dict[UUID, Need]:
    """What counts for many patients at a meal (as `need_at`), in a few queries."""
    found: dict[UUID, Need] = {}
    for start in range(0, len(encounter_ids), _AT_ONCE):
        found.update(_needs(uow, encounter_ids[start : start + _AT_ONCE], sitting, now))
    return found


def _needs(uow: UnitOfWork, ids: Sequence[UUID], sitting: Sitting, now: datetime) -> dict[UUID, Need]:
    time = MealTime(sitting.day, sitting.meal)
    first, last = sitting.begins_at, sitting.ends_at
    diets: dict[UUID, DietOrder] = {}
    for order in uow.session.scalars(sa.select(DietOrder).where(diet_orders.c.encounter_id.in_(ids))):
        if sitting.frozen_at is not None and order.holds_at(now):
            diets[order.encounter_id] = order
        elif order.holds_before(sitting.closes_at):
            diets.setdefault(order.encounter_id, order)
    fasting: dict[UUID, list[Npo]] = {}
    for npo in uow.session.scalars(sa.select(Npo).where(npo_orders.c.encounter_id.in_(ids))):
        if npo.touches(max(first, now), max(last, now)):
            fasting.setdefault(npo.encounter_id, []).append(npo)
    allergens: dict[UUID, set[Allergen]] = {}
    known = sa.select(allergies.c.encounter_id, allergies.c.allergen)
    for row in uow.session.execute(known.where(allergies.c.encounter_id.in_(ids), allergies.c.ended_at.is_(None))):
        allergens.setdefault(row.encounter_id, set()).add(row.allergen)
    patients = sa.select(stays.c.encounter_id, stays.c.patient_id).where(stays.c.encounter_id.in_(ids))
    found = {}
    for row in uow.session.execute(patients):
        held = diets.get(row.encounter_id)
        found[row.encounter_id] = Need(
            encounter_id=row.encounter_id,
            patient_id=row.patient_id,
            time=time,
            at=now,
            diet=held.diet if held is not None else None,
            diet_order_id=held.id if held is not None else None,
            diet_version=held.version if held is not None else None,
            allergens=frozenset(allergens.get(row.encounter_id, ())),
            npo=tuple(fasting.get(row.encounter_id, ())),
        )
    return found
