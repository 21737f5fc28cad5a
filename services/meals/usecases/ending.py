"""Ending meals that nobody will eat, with their money and what the kitchen must know; and what is served instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.meals.domain.orders import (
    IN_KITCHEN,
    MEDICAL,
    Chosen,
    EndReason,
    Order,
    OrderLine,
    OrderState,
    Recipient,
)
from services.meals.domain.production import ChangeKind
from services.meals.domain.sittings import Sitting
from services.meals.domain.standing import Tray, standing_tray
from services.meals.domain.suitability import Objection, tray_objections
from services.meals.domain.trays import new_tray_code
from services.meals.events import CompanionMealCancelled, MealEnded
from services.meals.store import orders as order_store
from services.meals.store import production as kitchen
from services.meals.store import provisions
from services.meals.usecases.charging import charge, take_back
from shared.actor import Actor
from shared.database import UnitOfWork

Stay = dict[str, Any]


def end(
    uow: UnitOfWork,
    order: Order,
    sitting: Sitting,
    stay: Stay,
    *,
    reason: EndReason,
    actor: Actor,
    now: datetime,
    refund: bool = True,
) -> bool:
    """End a locked order: its money goes back, the kitchen hears of it when it has begun. False when it had ended."""
    was_in_kitchen = order.state in IN_KITCHEN
    if not order.end(reason, now):
        return False
    if order.is_companions:
        uow.publish(CompanionMealCancelled(order_id=order.id, reason=reason.value), actor=actor, now=now)
    elif refund:
        take_back(uow, order, reason=reason.value, actor=actor, now=now)
    if was_in_kitchen:
        note_change(uow, ChangeKind.STOP, order, stay, reason=reason.value, now=now)
    return True


def note_change(uow: UnitOfWork, kind: ChangeKind, order: Order, stay: Stay, *, reason: str, now: datetime) -> None:
    """Tell the kitchen what to do differently from its frozen list."""
    uow.session.flush()
    kitchen.add_change(
        uow,
        {
            "id": uuid4(),
            "day": order.meal_on,
            "meal": order.meal,
            "kind": kind,
            "order_id": order.id,
            "reason": reason,
            "ward_zh": stay["ward_zh"],
            "ward_en": stay["ward_en"],
            "bed_label": stay["bed_label"],
            "noted_at": now,
        },
    )


def judge(uow: UnitOfWork, order: Order, sitting: Sitting, now: datetime) -> tuple[Objection, ...]:
    """All reasons against a patient's meal by the diet, allergies and fasting in force; a companion's has none."""
    if order.is_companions:
        return ()
    lines = order_store.lines_of(uow, [order.id])[order.id]
    need = provisions.need_at(uow, order.encounter_id, sitting, now)
    dishes = provisions.dishes(uow, [line.dish_id for line in lines])
    return tray_objections([(dishes[line.dish_id], line.portions) for line in lines], need)


def reason_of(objections: Sequence[Objection]) -> EndReason:
    """What to call a meal's end: fasting before allergy before anything else of the diet."""
    codes = {each.code for each in objections}
    if "npo" in codes:
        return EndReason.FASTING
    return EndReason.ALLERGY if "allergen" in codes else EndReason.DIET_CHANGED


def end_forbidden(
    uow: UnitOfWork,
    order: Order,
    sitting: Sitting,
    stay: Stay,
    objections: Sequence[Objection],
    *,
    actor: Actor,
    now: datetime,
) -> Order | None:
    """End a meal that the diet in force forbids, find another one where the kitchen has begun, and tell the family.

    Before the cut-off there is time to choose, and the standard meal comes for who does not. Gives what is served
    instead, if anything.
    """
    reason = reason_of(objections)
    if not end(uow, order, sitting, stay, reason=reason, actor=actor, now=now):
        return None
    instead = None
    if sitting.frozen_at is not None and reason in MEDICAL:
        instead = serve_standard(uow, stay, sitting, chosen=Chosen.REPLACEMENT, actor=actor, now=now)
    tell(uow, order, sitting, reason, instead=instead is not None, actor=actor, now=now)
    return instead


def tell(
    uow: UnitOfWork, order: Order, sitting: Sitting, reason: EndReason, *, instead: bool, actor: Actor, now: datetime
) -> None:
    """Let the family hear of the end of a meal."""
    fact = MealEnded(
        order_id=order.id,
        encounter_id=order.encounter_id,
        patient_id=order.patient_id,
        meal_on=order.meal_on,
        meal=order.meal.value,
        reason=reason.value,
        instead=instead,
        may_choose=sitting.is_open(now) and reason in MEDICAL,
    )
    uow.publish(fact, actor=actor, now=now)


def serve_standard(
    uow: UnitOfWork, stay: Stay, sitting: Sitting, *, chosen: Chosen, actor: Actor, now: datetime
) -> Order | None:
    """Have the kitchen make the diet's standard meal after its list was frozen. None when there is none, or no time.

    The stay is locked. Nothing is made while the bill is being settled.
    """
    if sitting.is_over(now) or order_store.is_being_settled(uow, stay["encounter_id"]):
        return None
    need = provisions.need_at(uow, stay["encounter_id"], sitting, now)
    tray = standing_tray(provisions.menu(uow, sitting.day, sitting.meal), need)
    if not tray or need.diet is None:
        return None
    lines = lines_of_tray(tray)
    order = Order(
        id=uuid4(),
        recipient=Recipient.PATIENT,
        encounter_id=stay["encounter_id"],
        patient_id=stay["patient_id"],
        meal_on=sitting.day,
        meal=sitting.meal,
        chosen=chosen,
        ordered_by=actor.subject,
        ordered_at=now,
        amount_fen=sum(line.amount_fen for line in lines),
        state=OrderState.IN_PRODUCTION,
        tray_code=new_tray_code(),
    )
    order.diet_zh, order.diet_en = need.diet.name()
    uow.session.flush()
    uow.session.add(order)
    uow.session.flush()
    order_store.add_lines(uow, order, lines)
    charge(uow, order, actor=actor, now=now)
    note_change(uow, ChangeKind.ADD, order, stay, reason=chosen.value, now=now)
    return order


def lines_of_tray(tray: Tray) -> list[OrderLine]:
    """A tray's dishes at today's prices and names."""
    return [
        OrderLine(number, dish.id, dish.zh, dish.en, portions, dish.price_fen)
        for number, (dish, portions) in enumerate(tray, 1)
    ]
