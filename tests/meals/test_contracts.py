"""The golden examples that meals publishes: exactly what its facts look like on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.meals import events
from shared.events import FACTS, envelope
from tests.meals.hearsay import golden

STAY = {
    "encounter_id": UUID("7a0f6d52-9c1b-4f0e-8f53-2b8d1f0c7e10"),
    "patient_id": UUID("6f1c7c52-2f4e-4a53-9a1c-0d6b8f0e7a11"),
}
ORDER = UUID("0d2a6c11-0001-4a00-8000-00000000000a")
CHARGE = UUID("0d2a6c11-0002-4a00-8000-00000000000b")
COMPANION = UUID("0d2a6c11-0003-4a00-8000-00000000000c")
MEAL = {"meal_on": date(2026, 11, 24), "meal": "lunch"}

PUBLISHED = [
    events.MealCharged(
        charge_id=CHARGE,
        order_id=ORDER,
        amount_fen=2350,
        text_zh="午餐 11月24日",
        text_en="Lunch, 2026-11-24",
        **STAY,
        **MEAL,
    ),
    events.MealChargeReversed(charge_id=CHARGE, order_id=ORDER, amount_fen=2350, reason="fasting", **STAY),
    events.CompanionMealOrdered(
        order_id=COMPANION,
        encounter_id=STAY["encounter_id"],
        patient_id=UUID("6f1c2d3e-0002-4a00-8000-000000000002"),
        amount_fen=1500,
        text_zh="陪护午餐 11月24日",
        text_en="Companion's lunch, 2026-11-24",
    ),
    events.CompanionMealCancelled(order_id=COMPANION, reason="unpaid"),
    events.MealEnded(order_id=ORDER, reason="fasting", instead=False, may_choose=True, **STAY, **MEAL),
]


@pytest.mark.parametrize("fact", PUBLISHED, ids=lambda fact: fact.type)
def test_meals_tells_its_facts_as_the_examples_say(fact: Any) -> None:
    example = golden(fact.type)
    made = envelope(
        fact,
        id_=UUID(example["id"]),
        time=datetime.fromisoformat(example["time"]).astimezone(UTC),
        actor=example["actor"],
        correlation_id=example["correlationid"],
    )
    assert made | {"sequence": example["sequence"]} == example


def test_every_fact_of_meals_has_its_example() -> None:
    own = {type_ for type_ in FACTS if type_.startswith("meals.")}
    assert own == {fact.type for fact in PUBLISHED} | {"meals.stay_charges_completed.v1"}
