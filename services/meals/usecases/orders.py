"""Ordering, changing and cancelling a patient's meal; and looking again when the diet has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import (
    Chosen,
    DishNotAllowed,
    DishNotOnMenu,
    EndReason,
    MealAlreadyOrdered,
    MealHasEnded,
    MealsForInpatientsOnly,
    MealStillOpen,
    NoStandardMeal,
    NothingChosen,
    Order,
    OrderLine,
    PatientFasting,
    Recipient,
    SettlementUnderWay,
    StayEnded,
    Wish,
    total_fen,
)
from services.meals.domain.sittings import OrderingClosed, Sitting, check_day
from services.meals.domain.standing import Tray
from services.meals.domain.suitability import sentences, tray_objections
from services.meals.store import lock_stay, provisions, sittings
from services.meals.store import orders as store
from services.meals.usecases.charging import charge, take_back
from services.meals.usecases.ending import Stay, end, end_forbidden, judge, lines_of_tray, serve_standard
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

ORDERING_STAFF = ("nurse", "dietitian")
INPATIENT = "IMP"
IN_PROGRESS = "in_progress"


def place_order(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    encounter_id: UUID,
    meal_on: date,
    meal: Meal,
    dishes: Sequence[Wish],
    client_reference: str | None = None,
) -> Order:
    """Order a meal for a patient, or choose again before the cut-off; it goes on the account of the stay, once.

    By whoever may pay for the patient, or by the ward. Raises NotFound, NotYours, StayEnded, MealsForInpatientsOnly,
    SettlementUnderWay, DayNotOffered, OrderingClosed, NothingChosen, DishNotOnMenu, PatientFasting, DishNotAllowed.
    """
    stay = locked_stay(uow, encounter_id, actor)
    check_may_eat(uow, stay)
    check_day(meal_on, now, sittings.rules(uow))
    sitting = sittings.join_to_order(uow, meal_on, meal, now)
    tray = chosen_tray(uow, sitting, dishes)
    _check_allowed(uow, stay, sitting, tray, now)
    lines = lines_of_tray(tray)
    order = store.lock_order_for(uow, encounter_id, meal_on, meal)
    if order is None:
        order = _new(stay, sitting, lines, actor, now, client_reference)
        uow.session.add(order)
        uow.session.flush()
        store.add_lines(uow, order, lines)
        charge(uow, order, actor=actor, now=now)
    else:
        _choose_again(uow, order, lines, actor, now)
    return order


def locked_stay(uow: UnitOfWork, encounter_id: UUID, actor: Actor, scope: str = "pay") -> Stay:
    """The stay, locked, for whoever may order in it. Raises NotFound, NotYours."""
    stay = lock_stay(uow, encounter_id)
    if stay is None:
        raise NotFound
    if not actor.has(*ORDERING_STAFF) and not _acts_for(uow, actor, stay["patient_id"], scope):
        raise NotYours(stay["patient_id"])
    return stay


def _acts_for(uow: UnitOfWork, actor: Actor, patient_id: UUID, scope: str) -> bool:
    own = actor.patient_id
    return (
        own is not None and actor.acts_for(own, scope) and store.person_of(uow, own) == store.person_of(uow, patient_id)
    )


def check_may_eat(uow: UnitOfWork, stay: Stay) -> None:
    """Whether meals go on the account of this stay. Raises StayEnded, MealsForInpatientsOnly, SettlementUnderWay."""
    if stay["state"] != IN_PROGRESS:
        raise StayEnded
    if stay["encounter_class"] != INPATIENT:
        raise MealsForInpatientsOnly
    if store.is_being_settled(uow, stay["encounter_id"]):
        raise SettlementUnderWay


def chosen_tray(uow: UnitOfWork, sitting: Sitting, wishes: Sequence[Wish]) -> Tray:
    """The dishes that were chosen, from this meal's menu. Raises NothingChosen, DishNotOnMenu."""
    if not wishes:
        raise NothingChosen
    menu = {dish.id: dish for dish in provisions.menu(uow, sitting.day, sitting.meal)}
    missing = [str(wish.dish_id) for wish in wishes if wish.dish_id not in menu]
    if missing:
        raise DishNotOnMenu(dishes=missing)
    portions: dict[UUID, int] = {}
    for wish in wishes:
        portions[wish.dish_id] = portions.get(wish.dish_id, 0) + wish.portions
    return [(menu[dish_id], count) for dish_id, count in portions.items()]


def _check_allowed(uow: UnitOfWork, stay: Stay, sitting: Sitting, tray: Tray, now: datetime) -> None:
    need = provisions.need_at(uow, stay["encounter_id"], sitting, now)
    found = tray_objections(tray, need)
    if any(each.code == "npo" for each in found):
        raise PatientFasting
    if found:
        raise DishNotAllowed(because=sentences(found))


def _new(
    stay: Stay, sitting: Sitting, lines: Sequence[OrderLine], actor: Actor, now: datetime, reference: str | None
) -> Order:
    return Order(
        id=uuid4(),
        recipient=Recipient.PATIENT,
        encounter_id=stay["encounter_id"],
        patient_id=stay["patient_id"],
        meal_on=sitting.day,
        meal=sitting.meal,
        chosen=Chosen.PERSON,
        ordered_by=actor.subject,
        ordered_at=now,
        amount_fen=total_fen(lines),
        client_reference=reference,
    )


def _choose_again(uow: UnitOfWork, order: Order, lines: Sequence[OrderLine], actor: Actor, now: datetime) -> None:
    """The old choice is kept beside the new one; the charge changes only where the sum does."""
    same_sum = order.amount_fen == total_fen(lines)
    if not same_sum:
        take_back(uow, order, reason="changed", actor=actor, now=now)
    order.choose(lines)
    uow.session.flush()
    store.add_lines(uow, order, lines)
    if not same_sum:
        charge(uow, order, actor=actor, now=now)


def cancel_order(uow: UnitOfWork, *, actor: Actor, now: datetime, order_id: UUID) -> Order:
    """Cancel a meal before the cut-off: all of its money goes back, and no standard meal comes in its place.

    A companion's meal is cancelled by who pays for it. Raises NotFound, NotYours, OrderingClosed, MealHasEnded.
    """
    encounter_id = store.stay_of_order(uow, order_id)
    stay = lock_stay(uow, encounter_id) if encounter_id else None
    if stay is None:
        raise NotFound
    sitting = sittings.join(uow, *store.meal_of_order(uow, order_id))
    order = store.lock_order(uow, order_id)
    if order is None:
        raise NotFound
    staff_may = actor.has(*ORDERING_STAFF) and not order.is_companions
    if not staff_may and not _acts_for(uow, actor, order.patient_id, "pay"):
        raise NotYours(order.patient_id)
    if order.ended_at is not None:
        raise MealHasEnded(state=order.state.value)
    sitting.check_open(now)
    end(uow, order, sitting, stay, reason=EndReason.PERSON, actor=actor, now=now)
    return order


def decline_meal(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, meal_on: date, meal: Meal
) -> Order:
    """No meal is wanted: what was ordered is cancelled, and the standard meal does not come.

    Raises NotFound, NotYours, StayEnded, MealsForInpatientsOnly, SettlementUnderWay, DayNotOffered, OrderingClosed.
    """
    stay = locked_stay(uow, encounter_id, actor)
    check_may_eat(uow, stay)
    check_day(meal_on, now, sittings.rules(uow))
    sitting = sittings.join_to_order(uow, meal_on, meal, now)
    order = store.lock_order_for(uow, encounter_id, meal_on, meal)
    if order is None:
        order = _new(stay, sitting, [], actor, now, None)
        uow.session.add(order)
    end(uow, order, sitting, stay, reason=EndReason.PERSON, actor=actor, now=now)
    return order


def serve_late_meal(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, meal_on: date, meal: Meal
) -> Order:
    """After the cut-off the ward has the standard meal made for somebody who has none: just admitted, or eating again.

    Raises NotFound, StayEnded, MealsForInpatientsOnly, SettlementUnderWay; MealStillOpen before the cut-off,
    MealAlreadyOrdered, OrderingClosed when the round is over, NoStandardMeal when the diet allows nothing of the menu.
    """
    stay = locked_stay(uow, encounter_id, actor)
    check_may_eat(uow, stay)
    sitting = sittings.join(uow, meal_on, meal)
    if sitting.frozen_at is None:
        raise MealStillOpen
    if sitting.is_over(now):
        raise OrderingClosed(closed_at=sitting.ends_at)
    if store.lock_order_for(uow, encounter_id, meal_on, meal) is not None:
        raise MealAlreadyOrdered
    order = serve_standard(uow, stay, sitting, chosen=Chosen.LATE, actor=actor, now=now)
    if order is None:
        raise NoStandardMeal
    return order


def recheck(uow: UnitOfWork, *, encounter_id: UUID, actor: Actor, now: datetime) -> None:
    """The diet, an allergy or fasting of a stay has changed: whatever of it is now forbidden and not yet eaten ends.

    Called by whoever changes these, in the same unit of work, after the change is written. A meal whose hours are over
    was eaten, or is compared again at the bed.
    """
    uow.session.flush()
    stay = lock_stay(uow, encounter_id)
    if stay is None:
        return
    sittings.join_open(uow, now)
    for order in store.lock_orders_of(uow, encounter_id):
        sitting = sittings.join(uow, order.meal_on, order.meal)
        if order.is_companions or sitting.is_over(now):
            continue
        found = judge(uow, order, sitting, now)
        if found:
            end_forbidden(uow, order, sitting, stay, found, actor=actor, now=now)
