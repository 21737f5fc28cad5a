"""The facts that meals tells the others. Money is integer fen; `meal` is breakfast, lunch or dinner.

A meal is charged to the stay's own ledger, which is no insurer's business, when it is ordered; ended for whatever
reason with a right to the money, the charge is taken back whole. Whoever keeps the ledger keeps each `charge_id` once.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.events import fact


@fact("meals.meal_charged.v1", subject="charge_id")
class MealCharged:
    """A meal goes on the account of a stay. Another choice of the same meal is another charge of the same order."""

    charge_id: UUID
    order_id: UUID
    encounter_id: UUID
    patient_id: UUID
    amount_fen: int
    text_zh: str
    text_en: str
    meal_on: date
    meal: str


@fact("meals.meal_charge_reversed.v1", subject="charge_id")
class MealChargeReversed:
    """A charge is taken back, whole; it may be heard before the charge itself."""

    charge_id: UUID
    order_id: UUID
    encounter_id: UUID
    patient_id: UUID
    amount_fen: int
    reason: str


@fact("meals.companion_meal_ordered.v1", subject="order_id")
class CompanionMealOrdered:
    """A companion wants a meal and pays at once; `patient_id` is the payer's own record."""

    order_id: UUID
    encounter_id: UUID
    patient_id: UUID
    amount_fen: int
    text_zh: str
    text_en: str


@fact("meals.companion_meal_cancelled.v1", subject="order_id")
class CompanionMealCancelled:
    """A companion's meal is not made: its bill is owed no longer, and what was paid goes back."""

    order_id: UUID
    reason: str


@fact("meals.meal_ended.v1", subject="order_id")
class MealEnded:
    """A patient's meal will not be eaten though nobody of the family said so: they are told.

    `reason` is diet_changed, allergy, fasting, discharged or settlement. `instead` says whether another meal that the
    diet allows is on its way; `may_choose` whether there is time to choose one.
    """

    order_id: UUID
    encounter_id: UUID
    patient_id: UUID
    meal_on: date
    meal: str
    reason: str
    instead: bool
    may_choose: bool


@fact("meals.stay_charges_completed.v1", subject="settlement_id")
class StayChargesCompleted:
    """Meals has told every charge of a stay that is being settled, and takes no more orders for it.

    `charge_count` is the number of meals charged and not reversed, `amount_fen` their sum.
    """

    settlement_id: UUID
    encounter_id: UUID
    charge_count: int
    amount_fen: int
