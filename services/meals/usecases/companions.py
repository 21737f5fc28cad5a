"""Companions' meals: normal food, brought to the patient's bed, paid at once through billing (handbook section 4.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import (
    BedEmpty,
    Chosen,
    EndReason,
    MealAlreadyOrdered,
    Order,
    OrderState,
    Recipient,
    Wish,
    total_fen,
)
from services.meals.domain.production import COMPANIONS
from services.meals.domain.sittings import check_day
from services.meals.events import CompanionMealCancelled, CompanionMealOrdered
from services.meals.store import beds, lock_stay, sittings
from services.meals.store import orders as store
from services.meals.usecases.ending import Stay, lines_of_tray
from services.meals.usecases.orders import chosen_tray
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours


def order_companion_meal(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    bed_code: str,
    payer_id: UUID,
    meal_on: date,
    meal: Meal,
    dishes: Sequence[Wish],
    client_reference: str | None = None,
) -> Order:
    """Order a meal for whoever keeps a patient company, by the code at the bed: no right to the patient is needed.

    It is billed to the payer's own record, carries its own label, and ends unpaid after a quarter of an hour or at the
    cut-off. Raises NotFound for an unknown code, NotYours, BedEmpty, DayNotOffered, OrderingClosed, NothingChosen,
    DishNotOnMenu, MealAlreadyOrdered.
    """
    stay = _stay_at(uow, bed_code)
    if not actor.acts_for(payer_id, "pay"):
        raise NotYours(payer_id)
    rules = sittings.rules(uow)
    check_day(meal_on, now, rules)
    sitting = sittings.join_to_order(uow, meal_on, meal, now)
    lines = lines_of_tray(chosen_tray(uow, sitting, dishes))
    if store.has_companion_order(uow, stay["encounter_id"], payer_id, meal_on, meal):
        raise MealAlreadyOrdered
    order = Order(
        id=uuid4(),
        recipient=Recipient.COMPANION,
        encounter_id=stay["encounter_id"],
        patient_id=payer_id,
        meal_on=meal_on,
        meal=meal,
        chosen=Chosen.PERSON,
        ordered_by=actor.subject,
        ordered_at=now,
        amount_fen=total_fen(lines),
        client_reference=client_reference,
        state=OrderState.AWAITING_PAYMENT,
        pay_until=min(now + timedelta(minutes=rules.companion_minutes), sitting.closes_at),
    )
    order.diet_zh, order.diet_en = COMPANIONS
    uow.session.add(order)
    uow.session.flush()
    store.add_lines(uow, order, lines)
    uow.publish(_ordered(order), actor=actor, now=now)
    return order


def _stay_at(uow: UnitOfWork, bed_code: str) -> Stay:
    """The stay of whoever lies in a bed now, locked. Raises NotFound, BedEmpty."""
    bed = beds.find_bed(uow, bed_code)
    if bed is None:
        raise NotFound
    here = beds.stay_in(uow, bed["bed_id"])
    stay = lock_stay(uow, here["encounter_id"]) if here else None
    if stay is None or stay["state"] != "in_progress" or stay["bed_id"] != bed["bed_id"]:
        raise BedEmpty
    return stay


def _ordered(order: Order) -> CompanionMealOrdered:
    return CompanionMealOrdered(
        order_id=order.id,
        encounter_id=order.encounter_id,
        patient_id=order.patient_id,
        amount_fen=order.amount_fen,
        text_zh=order.text_zh,
        text_en=order.text_en,
    )


def expire_unpaid(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """End companions' meals whose money did not come in time; billing ends the bill and returns what comes later."""
    due = store.due_companion_orders(uow, now=now, limit=limit)
    for order in due:
        order.end(EndReason.UNPAID, now)
        fact = CompanionMealCancelled(order_id=order.id, reason=EndReason.UNPAID.value)
        uow.publish(fact, actor=Actor.system("meals"), now=now)
    return len(due)


def note_invoice_issued(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The bill of a companion's meal is there and can be paid."""
    order = _billed(uow, data)
    if order is not None:
        order.invoice_id = data["invoice_id"]


def note_invoice_paid(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A companion's meal is paid: it goes to the kitchen. One that has ended stays so; billing returns the money."""
    order = _billed(uow, data)
    if order is not None:
        order.invoice_id = data["invoice_id"]
        order.be_paid(now)


def note_invoice_cancelled(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The bill of a companion's meal is owed no longer: a meal that waits for it ends."""
    order = _billed(uow, data)
    if order is not None and order.state is OrderState.AWAITING_PAYMENT:
        order.end(EndReason.UNPAID, now)


def note_refund(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Money of a companion's meal is back where it came from (fen)."""
    order = _billed(uow, data)
    if order is not None:
        order.refunded_fen += data["amount_fen"]


def _billed(uow: UnitOfWork, data: dict[str, Any]) -> Order | None:
    """The companion's meal that a fact of billing is about, locked after its stay; None for bills of other things."""
    if data["billed_kind"] != "meal_order":
        return None
    encounter_id = store.stay_of_order(uow, data["billed_id"])
    if encounter_id is None:
        return None
    lock_stay(uow, encounter_id)
    return store.lock_order(uow, data["billed_id"])
