"""The hospital's own booking rules as data, and every reason for which it says no."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.clock import HOSPITAL_ZONE, hospital_day
from shared.errors import Conflict, NotReady, Refused


@dataclass(frozen=True, kw_only=True)
class BookingRules:
    """What one hospital may set; the defaults are common in city hospitals. Days are hospital days."""

    release_days: int = 7
    """A day is opened for booking so many days ahead ..."""
    release_minute: int = 7 * 60
    """... at this minute of the day (07:00): never in the small hours."""
    hold_minutes: int = 15
    """An unpaid place is kept so long, counted from the moment the invoice is known."""
    invoice_wait_minutes: int = 120
    """Until the invoice is known the place is kept so long at most: a silent queue expires nobody."""
    extension_minutes: int = 10
    """Somebody who needs more time to pay gets so much, once."""
    cancel_minutes: int = 30
    """A booked visit can be cancelled online until so long before the slot begins."""
    open_limit: int = 5
    """So many visits may one natural person have before them."""
    day_limit: int = 2
    """So many visits on one day."""
    department_day_limit: int = 1
    """So many visits in one department on one day."""
    slots_days_ahead: int = 14
    """Slots are made of schedules so many days ahead."""
    verified_only: bool = True
    """Real-name booking: a person whose papers nobody has seen or checked cannot book."""

    def last_open_day(self, now: datetime) -> date:
        """The last day whose places are released at this instant."""
        wall = now.astimezone(HOSPITAL_ZONE)
        released = wall.hour * 60 + wall.minute >= self.release_minute
        return hospital_day(now) + timedelta(days=self.release_days if released else self.release_days - 1)

    @staticmethod
    def of(values: dict[str, Any]) -> BookingRules:
        """Rules from stored values; a name this version does not know is passed over, a missing one is the default."""
        known = {each.name for each in fields(BookingRules)}
        return BookingRules(**{name: value for name, value in values.items() if name in known})

    @property
    def release_time(self) -> time:
        """When a new day is opened, on the hospital's wall."""
        return time(self.release_minute // 60, self.release_minute % 60)


class PatientNotYetKnown(NotReady):
    """This patient was registered moments ago and is not known here yet: send the same request again shortly."""


class PatientNotVerified(Refused):
    """The patient's papers must be checked at the front desk before a visit can be booked."""


class SlotSuspended(Conflict):
    """This session does not take place."""


class SlotBegan(Conflict):
    """The time of this slot has begun."""


class SlotNotReleased(Refused):
    """This day is not open for booking yet."""


class SlotTaken(Conflict):
    """No place is left in this slot."""


class AgeNotServed(Refused):
    """This department does not see patients of this age."""


class SexNotServed(Refused):
    """This department does not see patients of this sex."""


class AlreadyInSession(Conflict):
    """This person already has a place with this practitioner in this session."""


class DepartmentDayLimit(Refused):
    """This person already has as many visits in this department on this day as the hospital allows."""


class DayLimit(Refused):
    """This person already has as many visits on this day as the hospital allows."""


class OpenLimit(Refused):
    """This person already has as many visits ahead as the hospital allows."""


class AlreadyCancelled(Conflict):
    """This appointment is cancelled already."""


class CancellationTooLate(Refused):
    """The deadline for cancelling online has passed; the front desk can help."""


class VisitBegan(Refused):
    """The time of this visit has begun: it cannot be cancelled any more."""


class AlreadyExtended(Conflict):
    """The time to pay was extended once already."""


class NotPayable(Conflict):
    """There is no time to extend: this appointment is not waiting for its payment."""


class HoldEnded(Conflict):
    """The time to pay has ended."""


class ScheduleExists(Conflict):
    """This practitioner already has this session on this day."""


class CodeTaken(Conflict):
    """This code is in use."""


class ScheduleSuspended(Conflict):
    """This session is suspended already."""


class DayPassed(Refused):
    """This day has passed."""


class RuleNotValid(Refused):
    """A rule with this value would stop booking or make no sense."""


class RulesExist(Conflict):
    """There are booking rules that begin at this very instant."""


_LIMITS = {
    "release_days": (0, 90),
    "release_minute": (0, 24 * 60 - 1),
    "hold_minutes": (1, 120),
    "invoice_wait_minutes": (5, 24 * 60),
    "extension_minutes": (0, 60),
    "cancel_minutes": (0, 7 * 24 * 60),
    "open_limit": (1, 50),
    "day_limit": (1, 20),
    "department_day_limit": (1, 20),
    "slots_days_ahead": (0, 120),
}


def check_rules(rules: BookingRules) -> None:
    """Refuse a rule outside of sensible bounds, naming it (`rule_not_valid`)."""
    for name, (low, high) in _LIMITS.items():
        if not low <= getattr(rules, name) <= high:
            raise RuleNotValid(rule=name, lowest=low, highest=high)


def age_on(birth_on: date, day: date) -> int:
    """Completed years on a day; somebody born on 29 February grows older on 1 March."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
