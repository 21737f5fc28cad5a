"""What meals tells of a stay that is being settled: the golden example that billing reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from services.meals.events import StayChargesCompleted
from shared.events import envelope

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"


def test_meals_tells_that_a_stay_is_charged_as_the_example_says() -> None:
    example = json.loads((CONTRACTS / "meals.stay_charges_completed.v1.json").read_text(encoding="utf-8"))
    event = StayChargesCompleted(
        settlement_id=UUID("5e77a1c0-0001-4a00-8000-000000000001"),
        encounter_id=UUID("7a0f6d52-9c1b-4f0e-8f53-2b8d1f0c7e10"),
        charge_count=9,
        amount_fen=13500,
    )
    made = envelope(
        event,
        id_=UUID(example["id"]),
        time=datetime.fromisoformat(example["time"]).astimezone(UTC),
        actor=example["actor"],
        correlation_id=example["correlationid"],
    )
    assert made | {"sequence": example["sequence"]} == example
