"""Meals of a day: when they are ordered until, when they are served, and their share of the day (handbook 4.1, 4.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from fractions import Fraction


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
