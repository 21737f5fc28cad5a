"""Meals follow the patient: to another bed, and to an end when the stay ends (handbook section 4.6)."""

from __future__ import annotations

from datetime import datetime

from services.meals.domain.orders import IN_KITCHEN, EndReason
from services.meals.domain.production import ChangeKind
from services.meals.domain.trays import new_bed_code
from services.meals.store import beds, sittings
from services.meals.store import orders as store
from services.meals.usecases.ending import Stay, end, note_change, tell
from shared.actor import Actor
from shared.database import UnitOfWork

IN_PROGRESS = "in_progress"


def follow(uow: UnitOfWork, before: Stay | None, after: Stay, *, actor: Actor, now: datetime) -> None:
    """What is newest of a stay was kept; `before` is what was known, both locked.

    Its bed has a code. A stay that is over, or never was, ends every meal not handed out: the money goes back, unless
    the bill is being settled and the round had begun (then it stays on the bill). A move is told to the kitchen.
    """
    beds.keep_bed(uow, after, new_bed_code())
    if before is None:
        return
    sittings.join_open(uow, now)
    if after["state"] != IN_PROGRESS:
        _end_all(uow, after, actor, now)
    elif before["bed_id"] != after["bed_id"]:
        for order in store.lock_orders_of(uow, after["encounter_id"]):
            if order.state in IN_KITCHEN and not sittings.join(uow, order.meal_on, order.meal).is_over(now):
                note_change(uow, ChangeKind.MOVE, order, before, reason="transferred", now=now)


def _end_all(uow: UnitOfWork, stay: Stay, actor: Actor, now: datetime) -> None:
    settling = store.is_being_settled(uow, stay["encounter_id"])
    for order in store.lock_orders_of(uow, stay["encounter_id"]):
        sitting = sittings.join(uow, order.meal_on, order.meal)
        if sitting.is_over(now):
            continue
        refund = not (settling and sitting.is_served(now))
        end(uow, order, sitting, stay, reason=EndReason.DISCHARGED, actor=actor, now=now, refund=refund)
        if not order.is_companions:
            tell(uow, order, sitting, EndReason.DISCHARGED, instead=False, actor=actor, now=now)
