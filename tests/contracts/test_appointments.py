"""The golden examples that appointments publishes, and those it reads."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.appointments import events
from services.appointments.consumers import SUBSCRIPTIONS
from shared.clock import from_iso
from shared.events import FACTS, envelope

CONTRACTS = Path(__file__).resolve().parents[2] / "shared" / "contracts"


def golden(type_: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text(encoding="utf-8"))
    return document


APPOINTMENT = UUID("6f1c2d3e-0001-4a00-8000-000000000001")
PATIENT = UUID("6f1c2d3e-0002-4a00-8000-000000000002")
NAMES = {
    "department": {"zh": "心血管内科", "en": "Cardiology"},
    "practitioner": {"zh": "陈思远", "en": "Chen Siyuan"},
}
STARTS_AT = from_iso("2026-11-24T00:00:00Z")

PUBLISHED = [
    events.AppointmentHeld(
        appointment_id=APPOINTMENT,
        patient_id=PATIENT,
        slot_id=UUID("6f1c2d3e-0003-4a00-8000-000000000003"),
        fee_fen=3500,
        starts_at=STARTS_AT,
        client_reference="phone-1",
        **NAMES,
    ),
    events.AppointmentPayable(
        appointment_id=APPOINTMENT, patient_id=PATIENT, held_until=from_iso("2026-11-23T01:15:02Z")
    ),
    events.AppointmentLapsed(appointment_id=APPOINTMENT, patient_id=PATIENT),
    events.AppointmentBooked(appointment_id=APPOINTMENT, patient_id=PATIENT, starts_at=STARTS_AT, number=1, **NAMES),
    events.AppointmentCancelled(
        appointment_id=APPOINTMENT, patient_id=PATIENT, reason="by_patient", starts_at=STARTS_AT, **NAMES
    ),
]


@pytest.mark.parametrize("fact", PUBLISHED, ids=lambda fact: fact.type)
def test_what_appointments_publishes_is_its_golden_example(fact: Any) -> None:
    example = golden(fact.type)
    made = envelope(
        fact,
        id_=UUID(example["id"]),
        time=from_iso(example["time"]),
        actor=example["actor"],
        correlation_id=example["correlationid"],
    )
    assert {**made, "sequence": example["sequence"]} == example


def test_every_fact_of_appointments_has_an_example_here() -> None:
    own = {type_ for type_ in FACTS if type_.startswith("appointments.")}
    assert own == {fact.type for fact in PUBLISHED}


READ = {
    "records.patient_registered.v1": {
        "patient_id": UUID("6f1c7c52-2f4e-4a53-9a1c-0d6b8f0e7a11"),
        "verified": True,
        "sex": "male",
        "birth_on": date(1956, 3, 8),
    },
    "records.patient_verified.v1": {
        "patient_id": UUID("b3a0d1f4-94c2-4d0e-8f0a-51c2f7e6a922"),
        "sex": "female",
        "birth_on": date(1983, 8, 24),
    },
    "records.patient_merged.v1": {
        "patient_id": UUID("b3a0d1f4-94c2-4d0e-8f0a-51c2f7e6a922"),
        "merged_into": UUID("6f1c7c52-2f4e-4a53-9a1c-0d6b8f0e7a11"),
    },
}


@pytest.mark.parametrize("type_", READ)
def test_appointments_reads_what_records_publishes(type_: str) -> None:
    assert SUBSCRIPTIONS[type_].schema().load(golden(type_)["data"]) == READ[type_]


@pytest.mark.parametrize("what", ["issued", "paid", "cancelled"])
def test_appointments_reads_what_billing_publishes(what: str) -> None:
    data = golden(f"billing.invoice_{what}.v1")["data"]
    read = SUBSCRIPTIONS[f"billing.invoice_{what}.v1"].schema().load(data)
    ids = {name: UUID(data[name]) for name in ("invoice_id", "billed_id")}
    assert read == {"billed_kind": "appointment", **ids}


def test_appointments_subscribes_to_nothing_that_is_not_tested_here() -> None:
    billing = {f"billing.invoice_{what}.v1" for what in ("issued", "paid", "cancelled")}
    assert set(SUBSCRIPTIONS) == {*READ, *billing}


def test_what_leaves_the_hospitals_service_holds_ids_times_amounts_and_names_of_clinics_only() -> None:
    told = {field.name for fact in PUBLISHED for field in fields(fact)}
    assert told == {
        *("appointment_id", "patient_id", "slot_id", "fee_fen", "starts_at", "held_until", "number", "reason"),
        *("department", "practitioner", "client_reference"),
    }
