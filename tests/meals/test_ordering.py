"""Ordering a meal: for whom, from what, until when; charged once, and given back before the cut-off."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import (
    DishNotAllowed,
    DishNotOnMenu,
    MealHasEnded,
    NothingChosen,
    OrderState,
    PatientFasting,
    SettlementUnderWay,
    StayEnded,
    Wish,
)
from services.meals.domain.sittings import DayNotOffered, OrderingClosed
from services.meals.usecases import orders, rules
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound, NotYours
from tests.meals.kitchen import TODAY, TOMORROW, Kitchen, id_of
from tests.support.callers import patient
from tests.support.clock import StandingClock

TRAY = ("RICE150", "BASS", "BROCC")


@pytest.fixture
def kitchen(database: Database, clock: StandingClock) -> Kitchen:
    return Kitchen(database, clock)


def price(kitchen: Kitchen, *codes: str) -> int:
    known = {dish.code: dish.price_fen for dish in kitchen.menu()}
    return sum(known[code] for code in codes)


def test_the_family_orders_and_the_stay_is_charged_once(kitchen: Kitchen) -> None:
    kitchen.admit()
    order = kitchen.order("Wang", *TRAY)
    assert (order.state, order.amount_fen) == (OrderState.ORDERED, price(kitchen, *TRAY))
    [(kind, told)] = kitchen.told()
    assert (kind, told["amount_fen"], told["text_zh"], told["meal_on"], told["meal"]) == (
        "meal_charged",
        price(kitchen, *TRAY),
        "午餐 11月24日",
        "2026-11-24",
        "lunch",
    )


def test_another_choice_before_the_cut_off_replaces_the_first_and_its_charge(kitchen: Kitchen) -> None:
    kitchen.admit()
    first = kitchen.order("Wang", *TRAY)
    again = kitchen.order("Wang", "RICE150", "BOKLS")
    assert (again.id, again.choice) == (first.id, 2)
    assert [kind for kind, _ in kitchen.told()] == ["meal_charged", "meal_charge_reversed", "meal_charged"]
    assert kitchen.standing_fen() == price(kitchen, "RICE150", "BOKLS")
    assert len(kitchen.rows()) == 1


def test_the_same_sum_is_not_charged_again(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.order("Wang", *TRAY)
    assert [kind for kind, _ in kitchen.told()] == ["meal_charged"]


def test_a_cancelled_meal_gives_all_of_its_money_back(kitchen: Kitchen) -> None:
    kitchen.admit()
    order = kitchen.order("Wang", *TRAY)
    kitchen.cancel(order.id)
    assert kitchen.states() == [("lunch", "cancelled", "person")]
    assert kitchen.standing_fen() == 0
    with pytest.raises(MealHasEnded):
        kitchen.cancel(order.id)
    assert kitchen.order("Wang", *TRAY).id != order.id


def test_after_the_cut_off_nothing_is_ordered_changed_or_cancelled(kitchen: Kitchen) -> None:
    kitchen.admit()
    order = kitchen.order("Wang", *TRAY)
    kitchen.at(9, 59, TOMORROW)
    kitchen.order("Wang", *TRAY)
    kitchen.at(10, 0, TOMORROW)
    for act in (
        lambda: kitchen.order("Wang", "RICE150"),
        lambda: kitchen.cancel(order.id),
        lambda: kitchen.run(orders.decline_meal, encounter_id=id_of("Wang"), meal_on=TOMORROW, meal=Meal.LUNCH),
    ):
        with pytest.raises(OrderingClosed) as refused:
            act()
        assert refused.value.facts["closed_at"] == kitchen.clock()
    assert kitchen.states() == [("lunch", "ordered", None)]


@pytest.mark.parametrize(
    ("meal", "day", "hour", "minute", "closed"),
    [
        (Meal.BREAKFAST, TOMORROW, 19, 59, False),
        (Meal.BREAKFAST, TOMORROW, 20, 0, True),
        (Meal.DINNER, TODAY, 14, 59, False),
        (Meal.DINNER, TODAY, 15, 0, True),
        (Meal.LUNCH, TODAY, 9, 59, False),
        (Meal.LUNCH, TODAY, 10, 0, True),
    ],
)
def test_cut_offs_are_by_the_clock_on_the_wall(
    kitchen: Kitchen, meal: Meal, day: object, hour: int, minute: int, closed: bool
) -> None:
    kitchen.admit()
    kitchen.at(hour, minute)
    code = "CONGEE"
    if closed:
        with pytest.raises(OrderingClosed):
            kitchen.order("Wang", code, day=day, meal=meal)
        assert kitchen.rows() == []
    else:
        assert kitchen.order("Wang", code, day=day, meal=meal).state is OrderState.ORDERED


def test_a_hospital_sets_its_own_cut_off_and_what_was_laid_down_keeps_its_hours(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.run(
        rules.set_serving_times,
        meal=Meal.LUNCH,
        days_before=1,
        closes=time(18),
        begins=time(11),
        ends=time(13),
    )
    kitchen.at(19)
    assert kitchen.order("Wang", "RICE150").state is OrderState.ORDERED, "tomorrow was promised until ten"
    later = TOMORROW + timedelta(days=1)
    kitchen.at(18, 30, TOMORROW)
    with pytest.raises(OrderingClosed):
        kitchen.order("Wang", "RICE150", day=later)


def test_meals_are_ordered_for_a_week(kitchen: Kitchen) -> None:
    kitchen.admit()
    assert kitchen.order("Wang", "RICE150", day=TODAY + timedelta(days=6)).state is OrderState.ORDERED
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=7)):
        with pytest.raises(DayNotOffered):
            kitchen.order("Wang", "RICE150", day=day)


def test_what_the_diet_forbids_is_refused_with_its_reasons(kitchen: Kitchen) -> None:
    kitchen.admit("Wang", "DIABETIC", "LOW_SALT")
    with pytest.raises(DishNotAllowed) as refused:
        kitchen.order("Wang", "RICE150", "CARP", day=TODAY, meal=Meal.LUNCH)
    assert {each["code"] for each in refused.value.facts["because"]} >= {"limit"}
    assert kitchen.rows() == []
    assert kitchen.told() == []


def test_who_fasts_orders_nothing(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.fast("Wang")
    with pytest.raises(PatientFasting):
        kitchen.order("Wang", *TRAY)
    assert kitchen.rows() == []


def test_dishes_come_from_the_menu(kitchen: Kitchen) -> None:
    kitchen.admit()
    with pytest.raises(NothingChosen):
        kitchen.order("Wang")
    with pytest.raises(DishNotOnMenu):
        kitchen.run(
            orders.place_order,
            encounter_id=id_of("Wang"),
            meal_on=TOMORROW,
            meal=Meal.LUNCH,
            dishes=[Wish(id_of("no dish"), 1)],
        )


@pytest.mark.parametrize(
    "stranger",
    [
        patient(id_of("somebody else")),
        patient(id_of("patient Wang"), "see"),
        Actor(subject="staff:cook", roles=("canteen",)),
        Actor(subject="account:one", roles=("patient",)),
    ],
    ids=["another patient", "who may only see", "the canteen", "nobody's proxy"],
)
def test_nobody_else_orders_or_cancels(kitchen: Kitchen, stranger: Actor) -> None:
    kitchen.admit()
    order = kitchen.order("Wang", *TRAY)
    with pytest.raises(NotYours):
        kitchen.order("Wang", "RICE150", actor=stranger)
    with pytest.raises(NotYours):
        kitchen.run(orders.cancel_order, actor=stranger, order_id=order.id)
    with pytest.raises(NotFound):
        kitchen.run(orders.cancel_order, order_id=id_of("no order"))
    assert kitchen.states() == [("lunch", "ordered", None)]


def test_a_record_that_was_merged_away_is_still_the_same_person(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.admit("Li", bed="08")
    kitchen.hear(
        "records.patient_merged.v1", patient_id=str(id_of("patient Wang")), merged_into=str(id_of("patient Li"))
    )
    assert kitchen.order("Wang", *TRAY, actor=kitchen.family("Li")).state is OrderState.ORDERED


def test_who_has_gone_home_or_settles_orders_no_more(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.settle("Wang")
    with pytest.raises(SettlementUnderWay):
        kitchen.order("Wang", *TRAY)
    kitchen.settle("Wang", "withdrawn")
    kitchen.order("Wang", *TRAY)
    kitchen.discharge()
    with pytest.raises(StayEnded):
        kitchen.order("Wang", *TRAY)
    assert kitchen.states() == [("lunch", "cancelled", "discharged")]
