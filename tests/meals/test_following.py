"""Meals follow the patient: a move, fasting, another diet, the end of the stay, the settlement."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from services.meals.domain.food import Allergen
from services.meals.domain.meal_times import Meal
from services.meals.domain.orders import OrderState
from shared.database import Database
from shared.errors import NotYet
from tests.meals.kitchen import TODAY, TOMORROW, Kitchen, id_of
from tests.support.clock import StandingClock

TRAY = ("RICE150", "BASS", "BROCC")


@pytest.fixture
def kitchen(database: Database, clock: StandingClock) -> Kitchen:
    return Kitchen(database, clock)


def ended(kitchen: Kitchen) -> list[tuple[str, bool, bool]]:
    return [
        (each["reason"], each["instead"], each["may_choose"]) for kind, each in kitchen.told() if kind == "meal_ended"
    ]


# ----------------------------------------------------------------------------------------------- before the cut-off


def test_a_stricter_diet_ends_what_it_forbids_and_leaves_the_rest(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", "RICE150", "KUNGPAO")
    dinner = kitchen.order("Wang", "CHICKNS", "BOKLS", meal=Meal.DINNER)
    kitchen.diet("Wang", "LOW_SALT")
    assert kitchen.states() == [("lunch", "cancelled", "diet_changed"), ("dinner", "ordered", None)]
    assert kitchen.standing_fen() == dinner.amount_fen
    assert ended(kitchen) == [("diet_changed", False, True)]


def test_an_allergy_ends_a_meal_by_a_hidden_ingredient(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.allergy("Wang", Allergen.FISH)
    assert kitchen.states() == [("lunch", "cancelled", "allergy")]
    assert kitchen.standing_fen() == 0


def test_fasting_ends_the_meals_it_touches(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", "RICE150", meal=Meal.DINNER, day=TODAY)
    kitchen.order("Wang", *TRAY)
    kitchen.fast("Wang", kitchen.clock() + timedelta(hours=13))
    assert kitchen.states() == [("dinner", "ordered", None), ("lunch", "cancelled", "fasting")]


def test_a_looser_diet_changes_no_order(kitchen: Kitchen) -> None:
    kitchen.admit("Wang", "LOW_SALT")
    kitchen.order("Wang", "RICE150", "BOKLS")
    kitchen.diet("Wang")
    assert kitchen.states() == [("lunch", "ordered", None)]


def test_discharge_ends_everything_and_taking_it_back_brings_the_standard_meal(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.discharge()
    assert kitchen.states() == [("lunch", "cancelled", "discharged")]
    assert kitchen.standing_fen() == 0
    kitchen.stay("Wang", "discharge_cancelled", 3)
    kitchen.at(10, 0, TOMORROW)
    kitchen.freeze()
    assert kitchen.states()[-1] == ("lunch", "in_production", None)
    assert kitchen.standing_fen() > 0


NEWS = [
    ("admitted", 1, "07", "in_progress"),
    ("transferred", 2, "31", "in_progress"),
    ("discharged", 3, "31", "finished"),
]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whatever_news_comes_first_a_stay_that_is_over_has_no_meal(kitchen: Kitchen, order: Any) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    for position in (*order, *order):
        step, version, bed, state = NEWS[position]
        kitchen.stay("Wang", step, version, bed=bed, state=state)
    assert kitchen.states() == [("lunch", "cancelled", "discharged")]
    assert kitchen.standing_fen() == 0
    assert [kind for kind, _ in kitchen.told()].count("meal_charge_reversed") == 1


# ------------------------------------------------------------------------------------------------ after the cut-off


@pytest.fixture
def frozen(kitchen: Kitchen) -> Any:
    """Wang's lunch of today is in the kitchen: rice, fish and broccoli for a general diet."""
    kitchen.admit()
    order = kitchen.order("Wang", *TRAY)
    kitchen.at(10, 1, TOMORROW)
    kitchen.freeze()
    return kitchen.row(order.id)


def test_a_move_is_told_to_the_kitchen_and_the_tray_goes_to_the_new_bed(kitchen: Kitchen, frozen: Any) -> None:
    kitchen.stay("Wang", "transferred", 2, bed="31")
    assert kitchen.changes() == [("move", "transferred", "07")]
    kitchen.plate(frozen["id"])
    assert kitchen.hand_over(frozen["id"], bed="07").verdict == "elsewhere"
    assert kitchen.row(frozen["id"])["state"] is OrderState.PLATED
    assert kitchen.hand_over(frozen["id"], bed="31").verdict == "go"
    assert kitchen.row(frozen["id"])["state"] is OrderState.DELIVERED


def test_a_stricter_diet_after_the_cut_off_replaces_the_meal(kitchen: Kitchen, frozen: Any) -> None:
    before = kitchen.standing_fen()
    kitchen.allergy("Wang", Allergen.FISH)
    assert kitchen.states() == [("lunch", "cancelled", "allergy"), ("lunch", "in_production", None)]
    assert sorted(kitchen.changes()) == [("add", "replacement", "07"), ("stop", "allergy", "07")]
    instead = kitchen.rows()[-1]
    assert kitchen.standing_fen() == instead["amount_fen"] != before
    assert ended(kitchen) == [("allergy", True, False)]
    assert kitchen.plate(instead["id"]).verdict == "go"


def test_fasting_after_the_cut_off_stops_the_meal_and_gives_the_money_back(kitchen: Kitchen, frozen: Any) -> None:
    kitchen.plate(frozen["id"])
    kitchen.fast("Wang")
    assert kitchen.states() == [("lunch", "stopped", "fasting")]
    assert kitchen.changes() == [("stop", "fasting", "07")]
    assert kitchen.standing_fen() == 0
    assert kitchen.hand_over(frozen["id"]).verdict == "stop"


def test_what_was_eaten_stays_eaten_and_charged(kitchen: Kitchen, frozen: Any) -> None:
    kitchen.plate(frozen["id"])
    kitchen.hand_over(frozen["id"])
    kitchen.allergy("Wang", Allergen.FISH)
    kitchen.fast("Wang")
    kitchen.discharge()
    assert kitchen.states() == [("lunch", "delivered", None)]
    assert kitchen.standing_fen() == frozen["amount_fen"]


# --------------------------------------------------------------------------------------------------------- the barrier


def completed(kitchen: Kitchen) -> list[tuple[int, int]]:
    found = [each for kind, each in kitchen.told() if kind == "stay_charges_completed"]
    return [(each["charge_count"], each["amount_fen"]) for each in found]


def test_a_settlement_ends_later_meals_and_tells_what_stands(kitchen: Kitchen) -> None:
    kitchen.admit()
    lunch = kitchen.order("Wang", "RICE150", day=TODAY)
    kitchen.order("Wang", "CHICKNS", day=TODAY, meal=Meal.DINNER)
    kitchen.order("Wang", *TRAY)
    kitchen.at(11, 5)
    kitchen.freeze()
    kitchen.settle("Wang")
    assert [state for _, state, _ in kitchen.states()] == ["in_production", "cancelled", "cancelled"]
    assert completed(kitchen) == [(1, lunch.amount_fen)]
    assert kitchen.standing_fen() == lunch.amount_fen
    kitchen.discharge()
    assert kitchen.standing_fen() == lunch.amount_fen, "its round had begun: it stays on the bill"
    kitchen.at(15, 1)
    kitchen.freeze()
    assert len(kitchen.rows()) == 3, "no standard meal while the bill is being settled"


def test_a_meal_whose_round_has_not_begun_goes_with_the_settlement_even_from_the_kitchen(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", "RICE150", day=TODAY)
    kitchen.at(10, 30)
    kitchen.freeze()
    kitchen.settle("Wang")
    assert kitchen.states() == [("lunch", "cancelled", "settlement")]
    assert kitchen.changes() == [("stop", "settlement", "07")]
    assert completed(kitchen) == [(0, 0)]


def test_a_settlement_that_was_withdrawn_before_it_was_heard_of_changes_nothing(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.order("Wang", *TRAY)
    kitchen.settle("Wang", "withdrawn")
    kitchen.settle("Wang", "opened")
    assert (kitchen.states(), completed(kitchen)) == ([("lunch", "ordered", None)], [])


def test_a_second_settlement_is_answered_again(kitchen: Kitchen) -> None:
    kitchen.admit()
    kitchen.settle("Wang")
    kitchen.settle("Wang", "withdrawn")
    order = kitchen.order("Wang", "RICE150", day=TODAY)
    kitchen.at(11, 5)
    kitchen.freeze()
    kitchen.settle("Wang", number=2)
    assert completed(kitchen) == [(0, 0), (1, order.amount_fen)]


def test_a_settlement_of_an_unknown_stay_waits(kitchen: Kitchen) -> None:
    with pytest.raises(NotYet):
        kitchen.settle("nobody yet")
    assert completed(kitchen) == []
    assert kitchen.rows("nobody yet") == []
    assert id_of("nobody yet") != id_of("Wang")
