"""Fasting and allergies of a stay act at once; eating begins again with a new diet order and never by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.meals import usecases
from services.meals.domain import (
    Allergen,
    AllergyEnded,
    AllergyKnown,
    Meal,
    MealTime,
    NpoEnded,
    NpoHasBegun,
    NpoInForce,
    NpoUntilBeforeFrom,
)
from shared.clock import from_iso
from shared.database import Database
from shared.door import Door
from tests.meals.stays import (
    admit,
    allergic,
    diet_now,
    do,
    fast,
    order_diet,
)
from tests.meals.test_diets import DINNER, LUNCH, TUESDAY, allowed, at, refused
from tests.support.clock import StandingClock


def test_fasting_acts_at_once_and_never_ends_by_itself(door: Door, database: Database, clock: StandingClock) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    assert allowed(door, "RICE150", LUNCH)
    at(clock, "10:45")
    fast(door, until_at=clock.now + timedelta(hours=4))
    assert not allowed(door, "RICE150", LUNCH)
    assert not allowed(door, "RICE150", MealTime(date(2026, 12, 24), Meal.DINNER))
    at(clock, "23:00")
    shown = diet_now(door)
    assert [(each["in_force"], each["overdue"]) for each in shown["npo"]] == [(True, True)]
    assert [each["code"] for each in shown["warnings"]] == ["npo_overdue"]
    assert not allowed(door, "RICE150", MealTime(TUESDAY, Meal.LUNCH))


def test_eating_begins_again_with_a_new_diet_order_that_says_so(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    fast(door)
    refused(door, NpoInForce, order_diet, "LIQUID")
    at(clock, "13:00")
    order_diet(door, "LIQUID", resumes=True)
    shown = diet_now(door)
    assert (shown["npo"], [each["ended_by"] for each in shown["npo_history"]]) == ([], ["staff:doctor"])
    assert allowed(door, "MILK", DINNER)


def test_fasting_that_is_planned_leaves_the_meals_before_it(
    door: Door, database: Database, clock: StandingClock
) -> None:
    admit(database)
    at(clock, "09:00")
    order_diet(door)
    planned = fast(door, from_at=from_iso("2026-11-24T00:00:00+08:00"))
    assert allowed(door, "RICE150", DINNER)
    assert not allowed(door, "RICE150", MealTime(TUESDAY, Meal.BREAKFAST))
    order_diet(door, "SOFT")
    do(door, usecases.cancel_npo, npo_id=planned.id)
    assert allowed(door, "CONGEE", MealTime(TUESDAY, Meal.BREAKFAST))
    with pytest.raises(NpoEnded):
        do(door, usecases.cancel_npo, npo_id=planned.id)


def test_fasting_that_has_begun_cannot_be_taken_back(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    npo = fast(door)
    refused(door, NpoHasBegun, do, usecases.cancel_npo, npo_id=npo.id)
    refused(door, NpoUntilBeforeFrom, fast, until_at=door.clock())


def test_an_allergy_acts_at_once_and_can_be_taken_back(door: Door, database: Database) -> None:
    admit(database)
    order_diet(door)
    assert allowed(door, "CARP", DINNER)
    noted = allergic(door, Allergen.SOY, reaction="荨麻疹")
    assert not allowed(door, "CARP", DINNER)
    assert allowed(door, "BASS", LUNCH)
    refused(door, AllergyKnown, allergic, Allergen.SOY)
    do(door, usecases.withdraw_allergy, allergy_id=noted.id, reason="记错了人")
    assert allowed(door, "CARP", DINNER)
    assert diet_now(door)["allergies"] == []
    with pytest.raises(AllergyEnded):
        do(door, usecases.withdraw_allergy, allergy_id=noted.id, reason="再来一次")
    allergic(door, Allergen.SOY)
    assert [each["allergen"] for each in diet_now(door)["allergies"]] == ["soy"]
