"""Working days in China, from the official calendar: public holidays, days off, and the weekends worked for them.

The State Council announces each year's make-up days late in the year before; until then only the statutory holidays of
that year are known. Source: the `holidays` library, which follows those notices.
"""

from __future__ import annotations

from datetime import date
from functools import cache

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices and ordinary clinics work on this hospital day."""
    off, worked = _year(day.year)
    if day in worked:
        return True
    return day.weekday() < _SATURDAY and day not in off


@cache
def _year(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The days off of a year, and the weekend days worked in exchange for them."""
    import holidays  # noqa: PLC0415 (half a second that only planners need)

    calendar = holidays.country_holidays("CN", years=year)
    worked: set[date] = getattr(calendar, "weekend_workdays", set())
    return frozenset(calendar), frozenset(day for day in worked if day.year == year)
