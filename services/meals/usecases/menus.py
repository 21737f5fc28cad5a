"""Menus: made from the week's rhythm for the days ahead, and changed by the dietitian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.meals import store
from services.meals.domain import DAYS_AHEAD, DishUnknown, Meal, MealTime, MenuPast, menu_codes
from services.meals.store import sittings
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def make_menus(uow: UnitOfWork, *, now: datetime, limit: int = 100) -> int:
    """Make the menus of the coming seven days that are not there yet; those that are stay as they are."""
    first = hospital_day(now)
    last = first + timedelta(days=DAYS_AHEAD - 1)
    made = store.days_with_menu(uow, first, last)
    days = [first + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
    missing = [each for day in days for meal in Meal if (each := MealTime(day, meal)) not in made]
    if not missing:
        return 0
    ids = {dish.code: dish.id for dish in store.dishes_by_id(uow).values() if dish.active}
    if not ids:
        return 0
    for each in missing:
        store.open_menu(uow, each, [ids[code] for code in menu_codes(each) if code in ids], by="system:meals", now=now)
    return len(missing)


def set_menu(
    uow: UnitOfWork, *, actor: Actor, now: datetime, day: date, meal: Meal, dish_ids: Sequence[UUID]
) -> dict[str, Any]:
    """Let a meal have exactly these dishes, in this order. Raises MenuPast after its cut-off, and DishUnknown."""
    time = MealTime(day, meal)
    if sittings.find(uow, day, meal).closes_at <= now:
        raise MenuPast
    wanted = list(dict.fromkeys(dish_ids))
    known = store.dishes_by_id(uow, wanted)
    if any(each not in known or not known[each].active for each in wanted):
        raise DishUnknown
    store.change_menu(uow, time, wanted, by=actor.subject, now=now)
    return {"day": day, "meal": meal, "dishes": [known[each] for each in wanted]}
