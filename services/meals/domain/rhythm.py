"""The week's rhythm from which menus are made, and what holidays add (handbook sections 4.10, 11.5).

A menu names dishes by code. Some are there every day, so that the stricter diets always find a meal; the others change:
two or three staples, two of meat, two half meat, two vegetables and a soup.
"""

from __future__ import annotations

from datetime import date

from services.meals.domain.meal_times import Meal, MealTime

DAYS_AHEAD = 7
"""For how many days from today on there is a menu."""

_SMOOTH = ("LIQMILK", "MILK", "LOTUSNS", "RICEWATER", "CLEARBROTH", "PUMPKIN", "CHICKPUREE", "TUBEFEED")
_BREAKFAST = (
    *("CONGEE", "MILLET", "OATS", "MANTOU", "LPSTARCH", "BOILEGG", "EGGCUST", "EGGWHITE"),
    *("SOYMILK", "YOGURT", "LOTUS"),
    *_SMOOTH,
)
_MAIN = (
    *("RICE150", "RICE50", "CONGEE", "LPSTARCH", "EGGWHITE", "EGGCUST", "CHICKNS", "BASSNS", "PORKNI"),
    *("CABBNS", "BOKLS", "POTATO", "MELONNS"),
    *_SMOOTH,
)
EVERY_DAY = {Meal.BREAKFAST: _BREAKFAST, Meal.LUNCH: _MAIN, Meal.DINNER: _MAIN}

WEEK: dict[Meal, tuple[str, ...]] = {
    Meal.BREAKFAST: (
        "WHOLEBUN PICKLES APPLE",
        "SWEETPOT CONGEEPORK ORANGE",
        "CORNCOB NOODLE APPLE",
        "WHOLEBUN RICENOODLE ORANGE",
        "SWEETPOT CONGEEPORK APPLE",
        "CORNCOB PICKLES ORANGE",
        "WHOLEBUN NOODLE FUNGUSPEAR",
    ),
    Meal.LUNCH: (
        "BROWNRICE BEEFLS CARP EGGTOM TOFUVEG BOKCHOY BROCC WMELON APPLE",
        "MANTOU BASS KUNGPAO PORKCEL SHRIMPTOFU BROCC OYSTERLETT LAVER ORANGE",
        "BROWNRICE CHICKLF BEEFTOM EGGTOM VEGMIX BOKCHOY BROADBEAN WMELON APPLE",
        "WHOLEBUN BEEFNI CHICKMUSH TOFUVEG PORKCEL BROCC BOKCHOY SEAWEEDTOFU ORANGE",
        "BROWNRICE BASS MEATBALL EGGTOM SHRIMPTOFU OYSTERLETT BROCC WMELON APPLE",
        "DUMPLING BEEFLS FRIEDFISH VEGMIX EGGTOM BOKCHOY BROCC LIVERSOUP ORANGE",
        "BROWNRICE CHICKLF MEATBALL TOFUVEG PORKCEL BROCC OYSTERLETT LAVER FUNGUSPEAR",
    ),
    Meal.DINNER: (
        "NOODLE CHICKMUSH BASS VEGMIX PORKCEL BROCC OYSTERLETT LAVER SALADCOR",
        "MILLET BEEFNI MEATBALL EGGTOM TOFUVEG BOKCHOY WMELON SWEETPOT",
        "RICENOODLE CARP CHICKLF PORKCEL SHRIMPTOFU BROCC BOKCHOY SEAWEEDTOFU",
        "MILLET BASS KUNGPAO EGGTOM VEGMIX OYSTERLETT BROCC WMELON SALADCOR",
        "NOODLE BEEFLS CHICKMUSH TOFUVEG PORKCEL BOKCHOY BROADBEAN LAVER",
        "RICENOODLE BASS MEATBALL SHRIMPTOFU TOFUVEG BROCC BOKCHOY WMELON",
        "MILLET BEEFTOM CHICKLF EGGTOM VEGMIX BOKCHOY BROCC SEAWEEDTOFU CORNCOB",
    ),
}
"""What changes, from Monday to Sunday."""

_LUNCH_AND_DINNER = (Meal.LUNCH, Meal.DINNER)
HOLIDAYS: dict[str, tuple[tuple[str, ...], tuple[Meal, ...], tuple[str, ...]]] = {
    "冬至": (("DUMPLING",), _LUNCH_AND_DINNER, ("2026-12-22", "2027-12-22")),
    "腊八": (("LABA",), (Meal.BREAKFAST,), ("2027-01-15", "2028-01-04")),
    "春节": (("DUMPLING", "TANGYUAN"), _LUNCH_AND_DINNER, ("2027-02-06", "2028-01-26")),
    "元宵": (("TANGYUAN",), _LUNCH_AND_DINNER, ("2027-02-20", "2028-02-09")),
    "清明": (("QINGTUAN",), (Meal.LUNCH,), ("2027-04-05", "2028-04-04")),
    "端午": (("ZONGZI",), _LUNCH_AND_DINNER, ("2027-06-09", "2028-05-28")),
    "中秋": (("MOONCAKE", "MOONCAKENS"), _LUNCH_AND_DINNER, ("2027-09-15", "2028-10-03")),
}
"""What a holiday adds to which meals, and on which days of the coming years it falls."""


def menu_codes(time: MealTime) -> tuple[str, ...]:
    """The dishes of a meal by the rhythm: the holiday's first, then the day's own, then those of every day."""
    own = WEEK[time.meal][time.day.weekday()].split()
    return tuple(dict.fromkeys([*holiday_codes(time), *own, *EVERY_DAY[time.meal]]))


def holiday_codes(time: MealTime) -> tuple[str, ...]:
    """What the holiday of this day adds to this meal, if it is one."""
    found = (codes for codes, meals, days in HOLIDAYS.values() if time.meal in meals and time.day.isoformat() in days)
    return tuple(code for codes in found for code in codes)


def holiday_of(day: date) -> str | None:
    """The name of the holiday with a dish of its own, if this day is one."""
    return next((name for name, (_, _, days) in HOLIDAYS.items() if day.isoformat() in days), None)
