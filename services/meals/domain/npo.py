"""Fasting: no food, nothing at all, or for now; it ends with a new diet order and never by itself (handbook 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Refused


class NpoKind(StrEnum):
    """What must not be taken."""

    NO_FOOD = "no_food"
    NOTHING_BY_MOUTH = "nothing_by_mouth"
    FOR_NOW = "for_now"


NPO_NAMES = {
    NpoKind.NO_FOOD: ("禁食", "no food"),
    NpoKind.NOTHING_BY_MOUTH: ("禁食禁水", "nothing by mouth"),
    NpoKind.FOR_NOW: ("暂禁食", "no food for now"),
}


class NpoReason(StrEnum):
    """Why somebody fasts."""

    SURGERY = "surgery"
    BLOOD_TEST = "blood_test"
    ULTRASOUND = "ultrasound"
    ENDOSCOPY = "endoscopy"
    CONTRAST_CT = "contrast_ct"
    BOWEL = "bowel"
    CONDITION = "condition"
    OTHER = "other"


FASTING_HOURS = {"clear_fluids": 2, "breast_milk": 4, "milk": 6, "starch": 6, "fatty_food": 8}
"""The least hours before anaesthesia, for a stomach that empties normally."""


class NpoUntilBeforeFrom(Refused):
    """Fasting ends before it begins."""


class NpoHasBegun(Conflict):
    """Fasting that has begun ends with a new diet order."""


class NpoEnded(Conflict):
    """This fasting order has ended."""


class NpoInForce(Conflict):
    """The patient is fasting: say that eating begins again, or leave the diet as it is."""


@dataclass(eq=False, kw_only=True)
class Npo:
    """A fasting order: it is expected to end at `until_at`, and holds until `ended_at`, when eating began again."""

    id: UUID
    encounter_id: UUID
    kind: NpoKind
    reason: NpoReason
    from_at: datetime
    until_at: datetime | None
    ordered_at: datetime
    ordered_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    cancelled: bool = False
    version: int = 1

    def is_in_force(self, at: datetime) -> bool:
        """Whether somebody must not eat at this instant, whatever its expected end said."""
        return self.touches(at, at)

    def touches(self, first: datetime, last: datetime) -> bool:
        """Whether it holds at any moment from `first` to `last`."""
        return not self.cancelled and self.from_at <= last and (self.ended_at is None or first < self.ended_at)

    def is_overdue(self, now: datetime) -> bool:
        """Its expected end has passed, and no new diet order has come yet."""
        return self.is_in_force(now) and self.until_at is not None and self.until_at <= now

    def end(self, at: datetime, by: str) -> None:
        """Eating begins again."""
        self.ended_at, self.ended_by = at, by

    def cancel(self, at: datetime, by: str) -> None:
        """It will not be needed. Raises NpoEnded, NpoHasBegun."""
        if self.ended_at is not None:
            raise NpoEnded
        if self.from_at <= at:
            raise NpoHasBegun
        self.end(at, by)
        self.cancelled = True


def last_meal_before(anaesthesia_at: datetime, *, hours: int = FASTING_HOURS["fatty_food"]) -> datetime:
    """Until when a full meal may be eaten before anaesthesia at this instant."""
    return anaesthesia_at - timedelta(hours=hours)
