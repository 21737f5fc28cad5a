"""Diet orders, allergies of a stay, and orders that came by message (handbook 4.2, 4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.meals.domain.diets import Diet
from services.meals.domain.food import Allergen
from shared.errors import Conflict, Forbidden, Refused


class DietSource(StrEnum):
    """By whose word a diet holds."""

    DOCTOR = "doctor"
    DIETITIAN = "dietitian"
    VERBAL = "verbal"
    MESSAGE = "message"


class StayNotOpen(Conflict):
    """The stay has ended: there is nothing to order for it."""


class VerbalOrderUsed(Conflict):
    """The first meal was arranged by word of mouth: from the second one on a diet order is needed."""


class NotForThisRole(Forbidden):
    """This needs another role."""


class AllergyKnown(Conflict):
    """This allergy is noted already."""


class AllergyEnded(Conflict):
    """This allergy was taken back already."""


@dataclass(eq=False, kw_only=True)
class DietOrder:
    """One diet of a stay, in force from `starts_at` until the next one's start (`ends_at`); `version` counts them."""

    id: UUID
    encounter_id: UUID
    version: int
    texture: str
    restrictions: list[str]
    energy_kcal: int | None
    exclusions: list[str]
    source: DietSource
    ordered_by: str
    ordered_at: datetime
    starts_at: datetime
    ends_at: datetime | None = None
    note: str = ""
    placer_number: str = ""

    @property
    def diet(self) -> Diet:
        """What may be eaten."""
        return Diet(
            texture=self.texture,
            restrictions=frozenset(self.restrictions),
            energy_kcal=self.energy_kcal,
            exclusions=frozenset(self.exclusions),
        )

    def holds_before(self, instant: datetime) -> bool:
        """Whether it is what counts for a meal whose cut-off is this instant: the order must be earlier than that."""
        return self.starts_at < instant and (self.ends_at is None or instant <= self.ends_at)

    def holds_at(self, instant: datetime) -> bool:
        """Whether it is in force at this instant."""
        return self.starts_at <= instant and (self.ends_at is None or instant < self.ends_at)

    def make_room(self, starts_at: datetime) -> None:
        """Another order follows from `starts_at` on: this one ends there, or never begins."""
        if self.ends_at is None or self.ends_at > starts_at:
            self.ends_at = max(self.starts_at, starts_at)


@dataclass(eq=False, kw_only=True)
class Allergy:
    """Something that a person must not meet in food during this stay; it acts at once."""

    id: UUID
    encounter_id: UUID
    allergen: Allergen
    reaction: str
    noted_by: str
    noted_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None
    end_reason: str = ""

    def end(self, by: str, at: datetime, reason: str) -> None:
        """It was noted wrongly. Raises AllergyEnded."""
        if self.ended_at is not None:
            raise AllergyEnded
        self.ended_by, self.ended_at, self.end_reason = by, at, reason


def check_verbal(former: Iterable[DietOrder]) -> None:
    """The nurse's word counts for the first meal after admission only. Raises VerbalOrderUsed."""
    if any(former):
        raise VerbalOrderUsed


class WarningCode(StrEnum):
    """What the page says beside a diet."""

    LIQUID_TOO_LONG = "liquid_too_long"
    DIET_ORDER_MISSING = "diet_order_missing"
    NPO_OVERDUE = "npo_overdue"


def liquid_too_long(orders: Iterable[DietOrder], now: datetime) -> bool:
    """Whether the diet in force is a liquid one, and liquid diets have followed each other for more than their days."""
    history = sorted((each for each in orders if each.ends_at != each.starts_at), key=lambda each: each.starts_at)
    since: datetime | None = None
    longest: int | None = None
    for order in history:
        if order.starts_at > now:
            break
        longest = order.diet.basis.longest_days
        since = (since or order.starts_at) if longest is not None else None
    return since is not None and longest is not None and now - since > timedelta(days=longest)


class ReceivedState(StrEnum):
    """What became of an order that came by message."""

    APPLIED = "applied"
    OPEN = "open"
    SETTLED = "settled"
    DISMISSED = "dismissed"


class MeaningUnknown(Refused):
    """A code cannot mean this."""


class ReceivedOrderSettled(Conflict):
    """Somebody has dealt with this order already."""


@dataclass(eq=False, kw_only=True)
class ReceivedOrder:
    """A diet order as another system sent it: `codes` word for word, `unknown` those that nobody here understands."""

    id: UUID
    encounter_id: UUID
    sender: str
    placer_number: str
    control: str
    codes: list[dict[str, str]]
    text: str
    starts_at: datetime | None
    received_at: datetime
    state: ReceivedState
    unknown: list[dict[str, str]] = field(default_factory=list)
    problem: str = ""
    diet_order_id: UUID | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str = ""
    version: int = 1

    def check_open(self) -> None:
        """Raises ReceivedOrderSettled unless somebody still has to deal with it."""
        if self.state is not ReceivedState.OPEN:
            raise ReceivedOrderSettled

    def settle(self, state: ReceivedState, *, by: str, at: datetime, reason: str = "") -> None:
        """Somebody has dealt with it. Raises ReceivedOrderSettled."""
        self.check_open()
        self.state, self.settled_by, self.settled_at, self.reason = state, by, at, reason
