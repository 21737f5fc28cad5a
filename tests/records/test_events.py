"""What records tells the others has the form of the golden examples."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.records import events
from services.records.domain import StepKind
from shared.clock import from_iso
from shared.door import Door
from shared.events import FACTS, envelope
from tests.records.people import facts, merge, register, sent, take
from tests.records.stays import admit, bed, cancel, discharge, transfer
from tests.support.clock import MONDAY_MORNING

CONTRACTS = Path(__file__).resolve().parents[2] / "shared" / "contracts"
PERSONS = ["records.patient_registered.v1", "records.patient_verified.v1", "records.patient_merged.v1"]
STAYS = [
    f"records.encounter_{each}.v1"
    for each in (
        "admitted",
        "transferred",
        "discharged",
        "discharge_cancelled",
        "transfer_cancelled",
        "admission_cancelled",
    )
]
COPIES = [
    f"records.copy_request_{each}.v1" for each in ("submitted", "lapsed", "refused", "withdrawn", "measured", "moved")
]
PARCELS = [f"records.copy_postage_{each}.v1" for each in ("due", "withdrawn")]
TYPES = [*PERSONS, *STAYS, *COPIES, *PARCELS, "records.diet_order_received.v1"]


def golden(type_: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text(encoding="utf-8"))
    return found


def from_json(name: str, value: Any) -> Any:
    if name in {"shipment_id", "patient_id", "merged_into", "encounter_id", "order_id", "request_id", "applicant_id"}:
        return UUID(value)
    if name in {"at", "started_at", "ended_at"}:
        return from_iso(value) if value else None
    return date.fromisoformat(value) if name == "birth_on" else value


@pytest.mark.parametrize("type_", TYPES)
def test_a_fact_makes_the_envelope_of_its_golden_example(type_: str) -> None:
    example = golden(type_)
    fact = FACTS[type_](**{name: from_json(name, value) for name, value in example["data"].items()})
    made = envelope(
        fact,
        id_=UUID(example["id"]),
        time=MONDAY_MORNING,
        actor=example["actor"],
        correlation_id=example["correlationid"],
    )
    assert {**made, "time": example["time"], "sequence": example["sequence"]} == example


def test_every_fact_of_records_has_a_golden_example() -> None:
    own = [type_ for type_, kind in FACTS.items() if kind.__module__ == events.__name__]
    assert sorted(own) == sorted(TYPES)


def test_the_outbox_holds_what_the_golden_examples_show(door: Door) -> None:
    survivor, taken = register(door), take(door, sent())
    merge(door, taken.patient_id, survivor.id)
    with door.database.read() as uow:
        written = uow.session.scalars(sa.select(uow.toolbox.outbox.c.envelope)).all()
    assert [each["type"] for each in written] == [PERSONS[0], PERSONS[0], PERSONS[2]]
    for each in written:
        example = golden(each["type"])
        assert each.keys() == example.keys() - {"sequence"}
        assert each["data"].keys() == example["data"].keys()
        assert (each["source"], each["subject"]) == ("/records", each["data"]["patient_id"])


def test_a_stay_tells_what_its_golden_examples_show(door: Door) -> None:
    patient = register(door)
    stay = admit(door, patient.id, bed("07"))
    transfer(door, stay.id, bed("31"))
    discharge(door, stay.id)
    for kind in (StepKind.DISCHARGE, StepKind.TRANSFER, StepKind.ADMISSION):
        cancel(door, stay.id, kind)
    written = [each for each in facts(door) if each["type"] in STAYS]
    assert [each["type"] for each in written] == STAYS
    for each in written:
        example = golden(each.pop("type"))["data"]
        assert each.keys() == example.keys()
        for member in ("campus", "ward", "bed"):
            assert each[member].keys() == example[member].keys()
        for member in ("encounter_class", "state", "campus", "version"):
            assert each[member] == example[member]
        assert each["bed"]["label"] == example["bed"]["label"]
