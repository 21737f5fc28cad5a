"""The golden examples on both sides: billing publishes exactly them, and reads those of the others."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.billing.consumers import SUBSCRIPTIONS
from services.billing.events import (
    BalanceLow,
    InvoiceCancelled,
    InvoiceIssued,
    InvoicePaid,
    RefundSucceeded,
    SettlementOpened,
    SettlementToPay,
    SettlementWithdrawn,
    StaySettled,
)
from shared.database import Database
from shared.errors import NotYet
from shared.events import FACTS, envelope
from tests.billing.factories import Case, hear
from tests.support.clock import StandingClock

CONTRACTS = Path(__file__).parents[2] / "shared" / "contracts"
INVOICE = UUID("6f1d7c52-3a44-4e0b-9a53-0c8f5f7c1b10")
APPOINTMENT = UUID("6f1c2d3e-0001-4a00-8000-000000000001")
PATIENT = UUID("6f1c2d3e-0002-4a00-8000-000000000002")
PAYMENT = UUID("9a2b4c1e-77d0-4f0a-8c2f-51f6f2d3aa20")
REFUND = UUID("4be3c7d9-1f02-46f5-b0f7-0f6b6f1c9e30")
STAY = {
    "settlement_id": UUID("5e77a1c0-0001-4a00-8000-000000000001"),
    "encounter_id": UUID("7a0f6d52-9c1b-4f0e-8f53-2b8d1f0c7e10"),
    "patient_id": UUID("6f1c7c52-2f4e-4a53-9a1c-0d6b8f0e7a11"),
}
IDS = {
    "invoice_id": INVOICE,
    "billed_kind": "appointment",
    "billed_id": APPOINTMENT,
    "patient_id": PATIENT,
    "amount_fen": 1500,
}


def golden(type_: str) -> dict[str, Any]:
    """The example of a message."""
    loaded: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize(
    "event",
    [
        BalanceLow(
            account_id=UUID("5e77a1c0-0003-4a00-8000-000000000003"),
            encounter_id=STAY["encounter_id"],
            patient_id=STAY["patient_id"],
            balance_fen=32050,
            threshold_fen=50000,
            day=date(2026, 11, 23),
        ),
        InvoiceIssued(**IDS),
        InvoicePaid(**IDS, payment_id=PAYMENT),
        InvoiceCancelled(**IDS),
        RefundSucceeded(**IDS, refund_id=REFUND, payment_id=PAYMENT),
        SettlementOpened(**STAY),
        SettlementWithdrawn(**STAY),
        SettlementToPay(**STAY, invoice_id=UUID("6f1d7c52-3a44-4e0b-9a53-0c8f5f7c1b11"), amount_fen=6778),
        StaySettled(**STAY, total_fen=1269394, insurer_fen=962616, own_fen=306778, refunded_fen=193222),
    ],
)
def test_billing_tells_its_facts_as_the_examples_say(event: Any) -> None:
    example = golden(event.type)
    made = envelope(
        event,
        id_=UUID(example["id"]),
        time=datetime.fromisoformat(example["time"]).astimezone(UTC),
        actor=example["actor"],
        correlation_id=example["correlationid"],
    )
    assert made | {"sequence": example["sequence"]} == example


def test_every_fact_of_billing_has_its_example() -> None:
    published = {type_ for type_ in FACTS if type_.startswith("billing.")}
    assert {path.stem for path in CONTRACTS.glob("billing.*.json")} == published


@pytest.mark.parametrize("type_", sorted(SUBSCRIPTIONS))
def test_billing_reads_what_the_others_tell(database: Database, clock: StandingClock, type_: str) -> None:
    with contextlib.suppress(NotYet):  # of something that this empty billing has not heard of: it is read all the same
        hear(database, type_, golden(type_)["data"], clock())


@pytest.mark.parametrize("end", ["appointment_cancelled", "appointment_lapsed"])
def test_the_examples_of_appointments_end_with_a_cancelled_bill(
    database: Database, clock: StandingClock, end: str
) -> None:
    data = golden("appointments.appointment_held.v1")["data"]
    hear(database, "appointments.appointment_held.v1", data, clock())
    case = Case(database, UUID(data["appointment_id"]), UUID(data["patient_id"]))
    assert (case.invoice().state, case.invoice().amount_fen) == ("issued", data["fee_fen"])
    ended = golden(f"appointments.{end}.v1")["data"] | {"appointment_id": data["appointment_id"]}
    hear(database, f"appointments.{end}.v1", ended, clock())
    assert case.invoice().state == "cancelled"
