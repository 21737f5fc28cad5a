"""Meals of a day: when they are ordered until, when they are served, and their share of the day (handbook 4.1, 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from shared.clock import at_hospital, hospital_day


class Meal(StrEnum):
    """The meals that are ordered."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


MEAL_NAMES = {
    Meal.BREAKFAST: ("早餐", "breakfast"),
    Meal.LUNCH: ("午餐", "lunch"),
    Meal.DINNER: ("晚餐", "dinner"),
}

CUT_OFFS = {Meal.BREAKFAST: (-1, time(20)), Meal.LUNCH: (0, time(10)), Meal.DINNER: (0, time(15))}
"""Days from the meal's own day, and the hospital's wall clock: breakfast is ordered by 20:00 of the day before."""

SERVED = {
    Meal.BREAKFAST: (time(6, 30), time(8)),
    Meal.LUNCH: (time(11), time(12, 30)),
    Meal.DINNER: (time(16, 30), time(18)),
}
"""When trays are at the beds."""

SPLIT = {Meal.BREAKFAST: Fraction(30, 100), Meal.LUNCH: Fraction(40, 100), Meal.DINNER: Fraction(30, 100)}
"""The share of the day's limit that one meal may use: 30, 40, 30 % of the 25-30 / 40 / 30-35 % that are usual."""


@dataclass(frozen=True, order=True)
class MealTime:
    """One meal of one hospital day."""

    day: date
    meal: Meal

    @property
    def cut_off(self) -> datetime:
        """Until when it can be ordered; the kitchen's list is frozen then."""
        days, at = CUT_OFFS[self.meal]
        return at_hospital(self.day + timedelta(days=days), at)

    @property
    def served(self) -> tuple[datetime, datetime]:
        """From when until when it is handed out."""
        first, last = SERVED[self.meal]
        return at_hospital(self.day, first), at_hospital(self.day, last)


def meals_from(now: datetime) -> Iterator[MealTime]:
    """The meals whose cut-off is later than this instant, the earliest cut-off first, without end."""
    day = hospital_day(now)
    while True:
        times = (MealTime(day + timedelta(days=ahead), meal) for ahead in (0, 1) for meal in Meal)
        here = [each for each in times if hospital_day(each.cut_off) == day]
        yield from (each for each in sorted(here, key=lambda each: each.cut_off) if each.cut_off > now)
        day += timedelta(days=1)


def first_meal_after(now: datetime) -> MealTime:
    """The first meal that an order at this instant affects: the first whose cut-off is later (handbook 4.2)."""
    return next(meals_from(now))
