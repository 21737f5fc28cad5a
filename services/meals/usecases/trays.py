"""The two hard stops after the kitchen: at plating and at the bed (handbook section 4.8).

Each compares the tray once more with the diet, allergies and fasting in force. A tray that must not go on is stopped
with a reason; its money goes back, and another meal is found where the diet allows one.
"""

from __future__ import annotations

from datetime import datetime

from services.meals.domain.orders import ENDED, ON_ROUND, Order, OrderState
from services.meals.domain.trays import (
    Checked,
    Handover,
    IdentifierMissing,
    TrayNotPlated,
    TrayUnknown,
    Verdict,
    read_tray_code,
)
from services.meals.store import beds, lock_stay, sittings
from services.meals.store import orders as store
from services.meals.usecases.ending import Stay, end_forbidden, judge
from shared.actor import Actor
from shared.database import UnitOfWork


def plate_tray(uow: UnitOfWork, *, actor: Actor, now: datetime, tray_code: str) -> Checked:
    """The tray is as its label says and is to leave the kitchen. Scanned twice it has left once. Raises TrayUnknown."""
    order, stay = _tray(uow, tray_code)
    if order.state in ENDED:
        return Checked(Verdict.STOP, order, stay)
    stopped = _stopped(uow, order, stay, actor, now)
    if stopped is not None:
        return stopped
    order.plate(actor.subject, now)
    return Checked(Verdict.GO, order, stay)


def hand_over_tray(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    tray_code: str,
    outcome: Handover,
    bed_code: str | None = None,
    wristband: str | None = None,
) -> Checked:
    """At the bed: the tray's code beside the bed's code or the wristband's number, then how it ended.

    At a wrong bed nothing changes and the answer says where the tray belongs. Raises TrayUnknown, IdentifierMissing,
    TrayNotPlated, MealHasEnded.
    """
    if not bed_code and not wristband:
        raise IdentifierMissing
    order, stay = _tray(uow, tray_code)
    if order.state in ENDED:
        return Checked(Verdict.STOP, order, stay)
    if order.state is OrderState.IN_PRODUCTION:
        raise TrayNotPlated
    if not _is_here(uow, stay, bed_code, wristband):
        return Checked(Verdict.ELSEWHERE, order, stay)
    if order.state in ON_ROUND:
        stopped = _stopped(uow, order, stay, actor, now)
        if stopped is not None:
            return stopped
    order.hand_over(OrderState(outcome.value), actor.subject, now)
    return Checked(Verdict.GO, order, stay)


def _tray(uow: UnitOfWork, tray_code: str) -> tuple[Order, Stay]:
    found = store.stay_of_tray(uow, read_tray_code(tray_code))
    if found is None:
        raise TrayUnknown
    order_id, encounter_id = found
    stay = lock_stay(uow, encounter_id)
    order = store.lock_order(uow, order_id)
    if stay is None or order is None:
        raise TrayUnknown
    return order, stay


def _is_here(uow: UnitOfWork, stay: Stay, bed_code: str | None, wristband: str | None) -> bool:
    """Whether what was scanned at the bed is where, or whose, this tray is."""
    if bed_code:
        bed = beds.find_bed(uow, bed_code.strip().rpartition("/")[2])
        if bed is None or bed["bed_id"] != stay["bed_id"]:
            return False
    return not wristband or store.carries_wristband(uow, stay["patient_id"], wristband)


def _stopped(uow: UnitOfWork, order: Order, stay: Stay, actor: Actor, now: datetime) -> Checked | None:
    sitting = sittings.join(uow, order.meal_on, order.meal)
    found = judge(uow, order, sitting, now)
    if not found:
        return None
    instead = end_forbidden(uow, order, sitting, stay, found, actor=actor, now=now)
    return Checked(Verdict.STOP, order, stay, found, instead.id if instead is not None else None)
