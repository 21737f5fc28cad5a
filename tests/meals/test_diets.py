"""Diets, fasting and allergies of a stay: one diet at a time, effective by cut-off; fasting and allergy at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from services.meals import store, usecases
from services.meals.domain import (
    DEFAULT_TIMES,
    Allergen,
    DietImpossible,
    DietUnknown,
    Meal,
    MealTime,
    NotForThisRole,
    Sitting,
    StayNotOpen,
    VerbalOrderUsed,
    objections,
)
from services.meals.seed.dishes import DISHES
from shared.clock import from_iso
from shared.database import Database
from shared.door import Door
from shared.errors import NotFound
from tests.meals.hearsay import hear
from tests.meals.stays import (
    DIETITIAN,
    DOCTOR,
    NURSE,
    STAY,
    admit,
    allergic,
    diet_now,
    discharged,
    do,
    fast,
    history,
    order_diet,
)
from tests.support.clock import StandingClock

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LUNCH, DINNER = MealTime(MONDAY, Meal.LUNCH), MealTime(MONDAY, Meal.DINNER)


def sitting(time: MealTime) -> Sitting:
    """A meal with the hours that are usual."""
    return DEFAULT_TIMES[time.meal].sitting(time.day)


def at(clock: StandingClock, wall: str, day: str = "2026-11-23") -> None:
    """The hospital's wall clock."""
    clock.now = from_iso(f"{day}T{wall}:00+08:00")


def allowed(door: Door, code: str, time: MealTime) -> bool:
    """Whether a dish may be ordered for a meal."""
    with door.database.read() as uow:
        need = store.need_for(uow, STAY, sitting(time), now=door.clock())
    assert need is not None
    return not objections(DISHES[code], need)


def refused(door: Door, error: type[Exception], act: Any, *arguments: Any, **more: Any) -> None:
    """The act is refused, and nothing of the diet has changed."""
    before = diet_now(door)
    with pytest.raises(error):
        act(door, *arguments, **more)
    assert diet_now(door) == before


@pytest.mark.parametrize(
    ("wall", "first"),
    [
        ("09:59", LUNCH),
        ("10:00", DINNER),
        ("14:59", DINNER),
        ("15:00", MealTime(TUESDAY, Meal.BREAKFAST)),
        ("19:59", MealTime(TUESDAY, Meal.BREAKFAST)),
        ("20:00", MealTime(TUESDAY, Meal.LUNCH)),
        ("23:59", MealTime(TUESDAY, Meal.LUNCH)),
        ("00:00", LUNCH),
    ],
)
def test_an_order_affects_the_first_meal_whose_cut_off_is_later(
    door: Door, clock: StandingClock, wall: str, first: Any
) -> None:
    at(clock, wall)
    with door.database.read() as uow:
        found = store.sittings.first_open_at(uow, clock.now)
    assert (found.day, found.meal) == (first.day, first.meal)


def test_a_hospitals_own_cut_off_decides_what_an_order_affects(
    door: Door, database: Database, clock: StandingClock
) -> None:
    hours = replace(DEFAULT_TIMES[Meal.LUNCH], closes=time(8, 30))
    with database.write() as uow:
        store.sittings.set_times(uow, hours)
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    order_diet(door, "GENERAL", "LOW_SALT")
    assert diet_now(door)["first_meal"]["meal"] == Meal.DINNER
    with database.read() as uow:
        need = store.need_for(uow, STAY, store.sittings.find(uow, MONDAY, Meal.LUNCH), now=clock.now)
    assert need is not None
    assert need.diet is None


def test_a_diet_follows_the_one_before_and_both_stay_on_record(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    begun = clock.now
    at(clock, "10:30")
    order_diet(door, "SOFT", "LOW_SALT")
    assert history(door) == [(1, "普食", begun, clock.now), (2, "软食 · 低盐", clock.now, None)]
    shown = diet_now(door)
    assert (shown["order"]["version"], shown["order"]["name"]["zh"]) == (2, "软食 · 低盐")
    assert [each["version"] for each in shown["history"]] == [2, 1]


def test_a_new_diet_counts_from_the_first_meal_whose_cut_off_is_later(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    at(clock, "10:00")
    order_diet(door, "GENERAL", "LOW_SALT")
    assert allowed(door, "PORKCEL", LUNCH)
    assert not allowed(door, "PORKCEL", DINNER)


def test_a_stricter_diet_stops_the_tray_that_is_plated_after_it(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    at(clock, "10:30")
    order_diet(door, "GENERAL", "LOW_SALT")
    with database.read() as uow:
        need = store.need_of(uow, STAY, clock.now, sitting(LUNCH))
        earlier = store.need_of(uow, STAY, clock.now - timedelta(minutes=1), sitting(LUNCH))
    assert need is not None
    assert earlier is not None
    assert (need.diet_version, earlier.diet_version) == (2, 1)
    assert [each.code for each in objections(DISHES["PORKCEL"], need)] == ["limit"]
    assert objections(DISHES["PORKCEL"], earlier) == ()


def test_the_database_holds_one_active_diet_for_a_stay(door: Door, database: Database) -> None:
    admit(database)
    order = order_diet(door)
    row = {
        **{column.name: getattr(order, column.name) for column in store.diet_orders.c},
        "id": uuid4(),
        "version": 2,
        "source": "doctor",
    }
    with pytest.raises(IntegrityError), database.write() as uow:
        uow.session.execute(store.diet_orders.insert().values(row))


def test_an_impossible_or_unknown_diet_is_refused(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    refused(door, DietImpossible, order_diet, "GENERAL", "HIGH_PROTEIN", "LOW_PROTEIN")
    refused(door, DietUnknown, order_diet, "NPO")
    refused(door, DietUnknown, order_diet, "GENERAL", "LOW_JOY")


def test_the_first_meal_may_be_the_nurses_word_and_no_other(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    assert diet_now(door)["may_be_verbal"]
    refused(door, NotForThisRole, order_diet, verbal=True)
    order = order_diet(door, "SOFT", verbal=True, actor=NURSE)
    assert (order.source, order.ends_at) == ("verbal", sitting(LUNCH).closes_at)
    assert allowed(door, "PUMPKIN", LUNCH)
    assert not allowed(door, "PUMPKIN", DINNER)
    refused(door, VerbalOrderUsed, order_diet, "SOFT", verbal=True, actor=NURSE)
    at(clock, "10:01")
    shown = diet_now(door)
    assert (shown["order"], [each["code"] for each in shown["warnings"]]) == (None, ["diet_order_missing"])
    order_diet(door, "SOFT")
    assert allowed(door, "PUMPKIN", DINNER)
    assert allowed(door, "PUMPKIN", LUNCH)
    assert diet_now(door)["warnings"] == []


def test_who_enters_an_order_says_by_whose_word_it_holds(door: Door, database: Database) -> None:
    admit(database)
    assert [order_diet(door, actor=each).source for each in (DOCTOR, NURSE, DIETITIAN)] == [
        "doctor",
        "doctor",
        "dietitian",
    ]


def test_liquids_alone_warn_after_three_days(door: Door, database: Database, clock: StandingClock) -> None:
    admit(database)
    order_diet(door, "LIQUID")
    clock.advance(days=2)
    order_diet(door, "COLD_LIQUID")
    clock.advance(days=1)
    assert diet_now(door)["warnings"] == []
    clock.advance(seconds=1)
    assert [each["code"] for each in diet_now(door)["warnings"]] == ["liquid_too_long"]
    order_diet(door, "SEMI_LIQUID")
    assert diet_now(door)["warnings"] == []


def test_nothing_is_ordered_for_who_is_not_here_or_has_gone(door: Door, database: Database) -> None:
    with pytest.raises(NotFound):
        order_diet(door)
    admit(database)
    order_diet(door)
    hear(database, discharged())
    refused(door, StayNotOpen, order_diet, "SOFT")
    refused(door, StayNotOpen, fast)
    refused(door, StayNotOpen, allergic, Allergen.EGG)
    for use_case, arguments in (
        (usecases.cancel_npo, {"npo_id": uuid4()}),
        (usecases.withdraw_allergy, {"allergy_id": uuid4(), "reason": "x"}),
    ):
        with pytest.raises(NotFound):
            do(door, use_case, **arguments)


@pytest.mark.parametrize("act", ["diet", "npo", "resume", "allergy", "withdrawal", "cancellation"])
def test_orders_are_looked_at_again_after_every_change(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    admit(database)
    order_diet(door)
    noted = allergic(door, Allergen.SOY)
    planned = fast(door, from_at=door.clock() + timedelta(hours=9))
    if act == "resume":
        fast(door)
    asked: list[Any] = []
    monkeypatch.setattr(usecases.orders, "recheck", lambda _uow, **given: asked.append(given["encounter_id"]))
    acts = {
        "diet": lambda: order_diet(door, "SOFT"),
        "npo": lambda: fast(door),
        "resume": lambda: order_diet(door, "SOFT", resumes=True),
        "allergy": lambda: allergic(door, Allergen.EGG),
        "withdrawal": lambda: do(door, usecases.withdraw_allergy, allergy_id=noted.id, reason="x"),
        "cancellation": lambda: do(door, usecases.cancel_npo, npo_id=planned.id),
    }
    acts[act]()
    assert asked == [STAY]
