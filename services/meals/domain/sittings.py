"""A sitting: one meal of one hospital day, its cut-off and its hours; and the hospital's own rules (4.5-4.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.meals.domain.meal_times import CUT_OFFS, SERVED, Meal
from services.meals.domain.rhythm import DAYS_AHEAD
from shared.clock import at_hospital, hospital_day
from shared.errors import Conflict, Refused


class DayNotOffered(Refused):
    """Meals are ordered from today on, as many days ahead as the hospital's rule says."""


class OrderingClosed(Conflict):
    """The cut-off of this meal is over: the kitchen has its list."""


class ServingTimesInvalid(Refused):
    """A meal is ordered until before it is served, and served from an hour before the hour it ends."""


@dataclass(frozen=True)
class ServingTimes:
    """When a meal is ordered until and when it is at the beds, by the clock on the hospital's wall.

    `days_before`: how many days before the meal's own day the cut-off lies (0 or more).
    """

    meal: Meal
    days_before: int
    closes: time
    begins: time
    ends: time

    def check(self) -> None:
        """Whether the hours follow one another. Raises ServingTimesInvalid."""
        if not self.begins < self.ends or (self.days_before == 0 and self.closes > self.begins):
            raise ServingTimesInvalid

    def sitting(self, day: date) -> Sitting:
        """This meal on a day."""
        return Sitting(
            day=day,
            meal=self.meal,
            closes_at=at_hospital(day - timedelta(days=self.days_before), self.closes),
            begins_at=at_hospital(day, self.begins),
            ends_at=at_hospital(day, self.ends),
            frozen_at=None,
        )


DEFAULT_TIMES: Mapping[Meal, ServingTimes] = {
    meal: ServingTimes(meal, -CUT_OFFS[meal][0], CUT_OFFS[meal][1], *SERVED[meal]) for meal in Meal
}
"""20:00 of the day before, 10:00 and 15:00 (handbook section 4.5), until the hospital sets its own."""


@dataclass(frozen=True)
class OrderingRules:
    """What each hospital decides for itself.

    `days_ahead`: for how many days orders are taken, today included. `standing_meal`: whether an inpatient without an
    order gets the standard meal of the diet at the cut-off. `companion_minutes`: how long a companion's meal waits for
    its money. `keeps_hours`: a tray is eaten within so many hours of being made (handbook section 4.9).
    """

    days_ahead: int = DAYS_AHEAD
    standing_meal: bool = True
    companion_minutes: int = 15
    keeps_hours: int = 2


@dataclass(frozen=True)
class Sitting:
    """One meal of one day, as it was laid down when the first order for it came; instants in UTC."""

    day: date
    meal: Meal
    closes_at: datetime
    begins_at: datetime
    ends_at: datetime
    frozen_at: datetime | None

    @property
    def key(self) -> tuple[date, Meal]:
        """Day and meal."""
        return self.day, self.meal

    def is_open(self, now: datetime) -> bool:
        """Whether people may still order, change and cancel."""
        return self.frozen_at is None and now < self.closes_at

    def check_open(self, now: datetime) -> None:
        """Raises OrderingClosed, which tells when it closed."""
        if not self.is_open(now):
            raise OrderingClosed(closed_at=self.closes_at)

    def is_served(self, now: datetime) -> bool:
        """Whether the round has begun."""
        return now >= self.begins_at

    def is_over(self, now: datetime) -> bool:
        """Whether nothing is served any more."""
        return now >= self.ends_at


def check_day(day: date, now: datetime, rules: OrderingRules) -> None:
    """Whether meals of a day may be asked for today. Raises DayNotOffered."""
    ahead = (day - hospital_day(now)).days
    if not 0 <= ahead < rules.days_ahead:
        raise DayNotOffered(days_ahead=rules.days_ahead)


def first_open(sittings: Iterable[Sitting], now: datetime) -> Sitting:
    """The meal that an order at this instant affects first: the one whose cut-off comes next (handbook 4.2)."""
    return min((each for each in sittings if each.closes_at > now), key=lambda each: each.closes_at)
