"""Putting a meal on the account of a stay, once, and taking it back, once (handbook section 4.6)."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from services.meals.domain.orders import Order
from services.meals.events import MealCharged, MealChargeReversed
from services.meals.store import orders as store
from shared.actor import Actor
from shared.database import UnitOfWork


def charge(uow: UnitOfWork, order: Order, *, actor: Actor, now: datetime) -> None:
    """Charge the present choice of a locked order. What costs nothing leaves no trace."""
    if not order.amount_fen:
        return
    order.charge_id = uuid4()
    uow.session.flush()
    store.add_charge(uow, order.charge_id, order, now)
    uow.publish(charged(order), actor=actor, now=now)


def charged(order: Order) -> MealCharged:
    """The fact of an order's charge."""
    if order.charge_id is None:
        raise ValueError("an order without a charge")
    return MealCharged(
        charge_id=order.charge_id,
        order_id=order.id,
        encounter_id=order.encounter_id,
        patient_id=order.patient_id,
        amount_fen=order.amount_fen,
        text_zh=order.text_zh,
        text_en=order.text_en,
        meal_on=order.meal_on,
        meal=order.meal.value,
    )


def take_back(uow: UnitOfWork, order: Order, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take back the charge that stands, if one does."""
    if order.charge_id is None:
        return
    charge_id, order.charge_id = order.charge_id, None
    store.reverse_charge(uow, charge_id, reason, now)
    fact = MealChargeReversed(
        charge_id=charge_id,
        order_id=order.id,
        encounter_id=order.encounter_id,
        patient_id=order.patient_id,
        amount_fen=store.charged_fen(uow, charge_id),
        reason=reason,
    )
    uow.publish(fact, actor=actor, now=now)
