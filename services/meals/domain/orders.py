"""A meal order: who eats, what was chosen, and everything that may become of it (handbook sections 4.2, 4.5-4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.meals.domain.meal_times import MEAL_NAMES, Meal
from shared.errors import Conflict, Refused


class Recipient(StrEnum):
    """Who eats: the two are never mixed, at one bed either."""

    PATIENT = "patient"
    COMPANION = "companion"


class Chosen(StrEnum):
    """How the order came about."""

    PERSON = "person"
    STANDING = "standing"
    REPLACEMENT = "replacement"
    LATE = "late"


class OrderState(StrEnum):
    """Where a meal is on its way from the phone to the bed."""

    AWAITING_PAYMENT = "awaiting_payment"
    ORDERED = "ordered"
    IN_PRODUCTION = "in_production"
    PLATED = "plated"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ABSENT = "absent"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


BEFORE_FREEZE = frozenset({OrderState.AWAITING_PAYMENT, OrderState.ORDERED})
IN_KITCHEN = frozenset({OrderState.IN_PRODUCTION, OrderState.PLATED, OrderState.ABSENT})
UNDELIVERED = BEFORE_FREEZE | IN_KITCHEN
"""What may still be stopped: an absent patient's tray is kept warm and tried again."""
ON_ROUND = frozenset({OrderState.PLATED, OrderState.ABSENT})
ENDED = frozenset({OrderState.STOPPED, OrderState.CANCELLED})
"""Nobody eats this: its place is free for another order."""


class EndReason(StrEnum):
    """Why a meal is not eaten."""

    PERSON = "person"
    UNPAID = "unpaid"
    DIET_CHANGED = "diet_changed"
    ALLERGY = "allergy"
    FASTING = "fasting"
    DISCHARGED = "discharged"
    SETTLEMENT = "settlement"


MEDICAL = frozenset({EndReason.DIET_CHANGED, EndReason.ALLERGY, EndReason.FASTING})
"""The diet decided, not the person: the money goes back after the cut-off too, and another meal is found if it may."""


class StayEnded(Conflict):
    """The stay is over: nobody eats in this bed for it any more."""


class MealsForInpatientsOnly(Refused):
    """Meals go on the account of an inpatient stay; who is not admitted as an inpatient has none."""


class SettlementUnderWay(Conflict):
    """The bill of this stay is being settled: no more meals are put on it."""


class DishNotOnMenu(Refused):
    """A dish that was chosen is not on this meal's menu."""


class DishNotAllowed(Refused):
    """The diet in force forbids a dish that was chosen."""


class PatientFasting(Refused):
    """The patient must not eat at the time of this meal."""


class NothingChosen(Refused):
    """A meal holds at least one dish."""


class MealHasEnded(Conflict):
    """This meal was cancelled, stopped or handed out before."""


class MealAlreadyOrdered(Conflict):
    """This person has a meal of their own at this bed for this day and meal."""


class MealStillOpen(Conflict):
    """The cut-off of this meal is not over yet: it is ordered like any other."""


class NoStandardMeal(Refused):
    """Nothing on this meal's menu suits the diet in force: the dietitian has to say what is served."""


class BedEmpty(Conflict):
    """Nobody lies in this bed: there is nobody to keep company."""


MOST_OF_ONE_DISH = 4
MOST_DISHES = 10


class Wish(NamedTuple):
    """So many portions of a dish."""

    dish_id: UUID
    portions: int


@dataclass(frozen=True)
class OrderLine:
    """A dish of an order, as it was when it was ordered: a later price or name changes nothing. Fen for one portion."""

    number: int
    dish_id: UUID
    name_zh: str
    name_en: str
    portions: int
    price_fen: int

    @property
    def amount_fen(self) -> int:
        """Price of all portions."""
        return self.price_fen * self.portions


@dataclass(eq=False, kw_only=True)
class Order:
    """One meal for one person. `choice` counts what was chosen in turn; `charge_id` is the charge that stands.

    `patient_id` is the record on whose account it goes: the patient's own, or for a companion the payer's.
    """

    id: UUID
    recipient: Recipient
    encounter_id: UUID
    patient_id: UUID
    meal_on: date
    meal: Meal
    chosen: Chosen
    ordered_by: str
    ordered_at: datetime
    amount_fen: int = 0
    choice: int = 1
    state: OrderState = OrderState.ORDERED
    client_reference: str | None = None
    charge_id: UUID | None = None
    invoice_id: UUID | None = None
    pay_until: datetime | None = None
    paid_at: datetime | None = None
    refunded_fen: int = 0
    diet_zh: str | None = None
    diet_en: str | None = None
    tray_code: str | None = None
    plated_at: datetime | None = None
    plated_by: str | None = None
    handed_over_at: datetime | None = None
    handed_over_by: str | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    version: int = 1

    @property
    def is_companions(self) -> bool:
        """Whether a companion eats this."""
        return self.recipient is Recipient.COMPANION

    @property
    def text_zh(self) -> str:
        """What stands on the bill: 午餐 11月24日."""
        who = "陪护" if self.is_companions else ""
        return f"{who}{MEAL_NAMES[self.meal][0]} {self.meal_on.month}月{self.meal_on.day}日"

    @property
    def text_en(self) -> str:
        """What stands on the bill, in English."""
        who = "Companion's " if self.is_companions else ""
        word = MEAL_NAMES[self.meal][1]
        return f"{who}{word if who else word.capitalize()}, {self.meal_on.isoformat()}"

    def choose(self, lines: Sequence[OrderLine]) -> None:
        """Take another choice of dishes before the cut-off."""
        self.choice += 1
        self.amount_fen = sum(line.amount_fen for line in lines)
        self.chosen = Chosen.PERSON

    def end(self, reason: EndReason, now: datetime) -> bool:
        """Nobody will eat this: a tray that is made is stopped, anything before is cancelled. False when it had ended.

        What was handed out or refused stays as it is.
        """
        if self.state not in UNDELIVERED:
            return False
        self.state = OrderState.STOPPED if self.state in ON_ROUND else OrderState.CANCELLED
        self.end_reason = reason
        self.ended_at = now
        return True

    def be_paid(self, now: datetime) -> bool:
        """A companion's money has come. False when the order does not wait for it (any more)."""
        if self.state is not OrderState.AWAITING_PAYMENT:
            return False
        self.state = OrderState.ORDERED
        self.paid_at = now
        return True

    def plate(self, by: str, now: datetime) -> bool:
        """The tray is as its label says and has left the kitchen. False when it had left before."""
        if self.state in ON_ROUND:
            return False
        if self.state is not OrderState.IN_PRODUCTION:
            raise MealHasEnded(state=self.state.value)
        self.state = OrderState.PLATED
        self.plated_by, self.plated_at = by, now
        return True

    def hand_over(self, outcome: OrderState, by: str, now: datetime) -> None:
        """At the bed: delivered, refused, or the person was away. Raises MealHasEnded for a tray not on the round."""
        if self.state not in ON_ROUND:
            raise MealHasEnded(state=self.state.value)
        self.state = outcome
        self.handed_over_by, self.handed_over_at = by, now


def total_fen(lines: Sequence[OrderLine]) -> int:
    """The price of a choice."""
    return sum(line.amount_fen for line in lines)
