"""The facts that meals tells the others. Money is integer fen."""

from __future__ import annotations

from uuid import UUID

from shared.events import fact


@fact("meals.stay_charges_completed.v1", subject="settlement_id")
class StayChargesCompleted:
    """Meals has told every charge of a stay that is being settled, and takes no more orders for it.

    `charge_count` is the number of meals charged and not reversed, `amount_fen` their sum.
    """

    settlement_id: UUID
    encounter_id: UUID
    charge_count: int
    amount_fen: int
