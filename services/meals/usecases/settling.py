"""The bill of a stay is settled: meals puts nothing more on it, and says what stands (the barrier, handbook 4.6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.meals.domain.orders import EndReason
from services.meals.events import StayChargesCompleted
from services.meals.store import lock_stay, sittings
from services.meals.store import orders as store
from services.meals.usecases.ending import end, tell
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotYet


def close_stay(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A settlement was opened: every meal of this stay whose round has not begun ends, with its money.

    A meal whose round has begun stays on the bill: it is made, and the patient is there to eat it. From now on nothing
    is added or taken back; the answer tells how many charges stand, and their sum. Withdrawn before it was heard of,
    the opening changes nothing. Raises NotYet while the stay is unknown here.
    """
    encounter_id = data["encounter_id"]
    stay = lock_stay(uow, encounter_id)
    if stay is None:
        raise NotYet("a settlement of a stay that is not known here yet")
    known = store.note_settlement(uow, data["settlement_id"], encounter_id, opened_at=now)
    if known["withdrawn_at"] is not None:
        return
    sittings.join_open(uow, now)
    for order in store.lock_orders_of(uow, encounter_id):
        sitting = sittings.join(uow, order.meal_on, order.meal)
        if order.is_companions or sitting.is_served(now):
            continue
        end(uow, order, sitting, stay, reason=EndReason.SETTLEMENT, actor=actor, now=now)
        tell(uow, order, sitting, EndReason.SETTLEMENT, instead=False, actor=actor, now=now)
    uow.session.flush()
    standing = store.standing_charges(uow, encounter_id)
    fact = StayChargesCompleted(
        settlement_id=data["settlement_id"],
        encounter_id=encounter_id,
        charge_count=standing.count,
        amount_fen=standing.amount_fen,
    )
    uow.publish(fact, actor=actor, now=now)


def reopen_stay(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A settlement was withdrawn: meals are ordered again, and the standard meal comes at the next cut-off."""
    lock_stay(uow, data["encounter_id"])
    store.note_settlement(uow, data["settlement_id"], data["encounter_id"], withdrawn_at=now)
