"""The hospital's own numbers: cut-offs and hours of meals, and rules of ordering (handbook sections 4.5 to 4.7)."""

from __future__ import annotations

from datetime import datetime, time

from services.meals.domain.meal_times import Meal
from services.meals.domain.sittings import OrderingRules, ServingTimes
from services.meals.store import sittings
from shared.actor import Actor
from shared.database import UnitOfWork


def set_serving_times(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    meal: Meal,
    days_before: int,
    closes: time,
    begins: time,
    ends: time,
) -> ServingTimes:
    """Until when a meal is ordered and when it is at the beds, by the hospital's clock.

    Days that are laid down already keep their hours: nothing that was promised changes. Raises ServingTimesInvalid.
    """
    wanted = ServingTimes(meal, days_before, closes, begins, ends)
    wanted.check()
    sittings.set_times(uow, wanted)
    return wanted


def set_ordering_rules(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    days_ahead: int,
    standing_meal: bool,
    companion_minutes: int,
    keeps_hours: int,
) -> OrderingRules:
    """How far ahead orders are taken, whether who chooses nothing gets the standard meal, how long money is awaited."""
    wanted = OrderingRules(days_ahead, standing_meal, companion_minutes, keeps_hours)
    sittings.set_rules(uow, wanted)
    return wanted
