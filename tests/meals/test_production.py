"""The cut-off: each meal is frozen once, nobody goes hungry, and the list is what was ordered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from services.meals import store
from services.meals.domain.dishes import Part
from services.meals.domain.meal_times import Meal
from services.meals.queries import production as queries
from services.meals.store import order_tables as tables
from services.meals.usecases import orders, production, rules
from shared.database import Database
from shared.errors import NotFound
from tests.meals.kitchen import COOK, TODAY, TOMORROW, Kitchen, id_of
from tests.support.clock import StandingClock

TRAY = ("RICE150", "BASS", "BROCC")


@pytest.fixture
def kitchen(database: Database, clock: StandingClock) -> Kitchen:
    return Kitchen(database, clock)


def board(kitchen: Kitchen, day: Any = TOMORROW, meal: Meal = Meal.LUNCH) -> dict[str, Any]:
    with kitchen.database.read() as uow:
        return queries.show_production(uow, actor=COOK, now=kitchen.clock(), meal_on=day, meal=meal)


def portions(shown: dict[str, Any]) -> dict[str, int]:
    return {dish["name"]["zh"]: dish["portions"] for dish in shown["dishes"]}


def test_a_meal_is_frozen_once_and_its_list_is_what_was_ordered(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.admit("Li", "LOW_SALT", bed="08")
    kitchen.order("Wang", *TRAY)
    kitchen.order("Li", "RICE150", "BOKLS")
    kitchen.at(9, 59, TOMORROW)
    kitchen.freeze()
    assert board(kitchen)["frozen_at"] is None
    kitchen.at(10, 0, TOMORROW)
    assert kitchen.freeze() == 1
    assert kitchen.freeze() == 0
    shown = board(kitchen)
    assert portions(shown) == {"米饭": 2, "清蒸鲈鱼": 1, "蒜蓉西兰花": 1, "水煮小青菜（低盐低油）": 1}
    assert [(group["diet"]["zh"], group["portions"]) for group in shown["groups"]] == [("普食", 3), ("普食 · 低盐", 2)]
    assert shown["progress"] == {"trays": 2, "plated": 0, "delivered": 0, "refused": 0, "absent": 0, "stopped": 0}
    codes = [row["tray_code"] for name in ("Wang", "Li") for row in kitchen.rows(name)]
    assert len(set(codes)) == 2
    assert all(len(code) == 8 for code in codes)


def test_who_chose_nothing_gets_the_diets_standard_meal_and_is_charged_once(kitchen: Kitchen) -> None:
    kitchen.admit("Wang", "DIABETIC", "LOW_SALT")
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    [row] = [each for each in kitchen.rows() if each["meal"] is Meal.LUNCH]
    assert (row["chosen"].value, row["state"].value, row["diet_zh"]) == (
        "standing",
        "in_production",
        "普食 · 低盐 · 糖尿病",
    )
    assert row["amount_fen"] > 0
    assert kitchen.standing_fen() == sum(each["amount_fen"] for each in kitchen.rows())
    assert kitchen.plate(row["id"]).verdict == "go"


@pytest.mark.parametrize("why", ["fasting", "discharged", "settling", "declined", "rule"])
def test_nobody_else_gets_a_standard_meal(kitchen: Kitchen, why: str) -> None:
    kitchen.admit()
    kitchen.at(19)
    kitchen.freeze()
    already = len(kitchen.rows())
    if why == "fasting":
        kitchen.fast("Wang")
    elif why == "discharged":
        kitchen.discharge()
    elif why == "settling":
        kitchen.settle("Wang")
    elif why == "declined":
        kitchen.run(orders.decline_meal, encounter_id=id_of("Wang"), meal_on=TOMORROW, meal=Meal.BREAKFAST)
        already += 1
    else:
        rule = {"days_ahead": 7, "standing_meal": False, "companion_minutes": 15, "keeps_hours": 2}
        kitchen.run(rules.set_ordering_rules, **rule)
    kitchen.at(20)
    kitchen.freeze()
    assert len(kitchen.rows()) == already
    assert kitchen.standing_fen() == sum(row["amount_fen"] for row in kitchen.rows() if row["charge_id"])


def test_who_has_no_diet_order_is_shown_to_the_kitchen_instead_of_going_hungry_unseen(kitchen: Kitchen) -> None:
    kitchen.stay("Wang", "admitted", 1)
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    assert kitchen.rows() == []
    assert [(each["bed"], each["reason"]) for each in board(kitchen)["without_meal"]] == [("07", "no_diet_order")]
    kitchen.diet("Wang")
    late = kitchen.run(orders.serve_late_meal, encounter_id=id_of("Wang"), meal_on=TOMORROW, meal=Meal.LUNCH)
    assert (late.chosen.value, late.state.value) == ("late", "in_production")
    assert kitchen.changes() == [("add", "late", "07")]
    assert board(kitchen)["without_meal"] == []
    with pytest.raises(orders.MealAlreadyOrdered):
        kitchen.run(orders.serve_late_meal, encounter_id=id_of("Wang"), meal_on=TOMORROW, meal=Meal.LUNCH)


def test_what_a_changed_recipe_forbids_is_found_at_the_cut_off(kitchen: Kitchen) -> None:
    kitchen.admit("Wang", "LOW_SALT")
    kitchen.order("Wang", "RICE150", "BOKLS")
    with kitchen.database.write() as uow:
        salty = store.lock_dish(uow, kitchen.dish("BOKLS"))
        assert salty is not None
        salt = store.ingredients_by_code(uow, ["SALT"])["SALT"]
        parts = [part for part in salty.parts if part.ingredient != salt]
        changed = replace(salty, version=salty.version + 1, parts=(*parts, Part(salt, 9000)))
        store.change_recipe(uow, changed, by="staff:dietitian", now=kitchen.clock(), reason="")
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    lunch = [each for each in kitchen.states() if each[0] == "lunch"]
    assert lunch == [("lunch", "cancelled", "diet_changed"), ("lunch", "in_production", None)]


def test_an_unpaid_companion_is_not_cooked_for(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.at(9, 50, TOMORROW)
    unpaid = kitchen.companion_order("RICE150", payer="Zhao")
    paid = kitchen.companion_order("RICE150", payer="Qian")
    kitchen.billed(paid.id, "invoice_paid")
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    assert kitchen.row(unpaid.id)["state"].value == "cancelled"
    assert kitchen.row(paid.id)["state"].value == "in_production"
    assert [group["diet"]["zh"] for group in board(kitchen)["groups"]] == ["普食", "陪护餐"]


def test_after_an_outage_of_days_nothing_is_cooked_for_meals_that_are_over(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.freeze()
    kitchen.at(9, 0, TOMORROW)
    kitchen.freeze()
    assert {(row["meal_on"], row["meal"].value) for row in kitchen.rows()} == set()
    with kitchen.database.read() as uow:
        count = sa.select(sa.func.count()).where(tables.sittings.c.frozen_at.is_not(None))
        frozen = uow.session.execute(count).scalar_one()
    assert frozen == 4, "three meals of yesterday and today's breakfast"


def test_a_change_is_seen_once(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    kitchen.fast("Wang")
    [change] = board(kitchen)["changes"]
    assert (change["kind"].value, change["seen_at"], change["tray"]["tray_code"] is not None) == ("stop", None, True)
    first = kitchen.run(production.acknowledge_change, actor=COOK, change_id=change["id"])
    kitchen.clock.advance(minutes=1)
    assert kitchen.run(production.acknowledge_change, change_id=change["id"]) == first
    with pytest.raises(NotFound):
        kitchen.run(production.acknowledge_change, change_id=id_of("no change"))


def test_labels_say_what_is_so_now(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.companion_order("RICE150")
    kitchen.billed(next(r["id"] for r in kitchen.rows() if r["recipient"].value == "companion"), "invoice_paid")
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    kitchen.stay("Wang", "transferred", 2, bed="31")
    with kitchen.database.read() as uow:
        shown = queries.list_trays(uow, actor=COOK, now=kitchen.clock(), meal_on=TOMORROW, meal=Meal.LUNCH)
    mine, companions = shown["items"]
    assert (mine["bed"], mine["name"], mine["recipient"], mine["fasting"]) == ("31", "W*", "patient", None)
    assert (companions["bed"], companions["name"], companions["mrn"]) == ("31", None, None)
    assert (mine["eat_before"] - mine["produced_at"]).total_seconds() == 2 * 3600


def test_the_board_without_a_meal_shows_what_is_cooked_or_served_now(kitchen: Kitchen) -> None:
    kitchen.at(12, 0)
    with kitchen.database.read() as uow:
        shown = queries.show_production(uow, actor=COOK, now=kitchen.clock())
    assert (shown["date"], shown["meal"]) == (TODAY, Meal.LUNCH)
