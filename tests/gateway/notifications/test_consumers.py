"""Who is told of what: every account that acts for the patient, once, without medical content."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.app import SERVICE
from gateway.identity.domain import Link
from gateway.identity.door import Identity, Opened
from gateway.notifications import consumers
from gateway.notifications.door import Notifications
from gateway.web.notices import in_words
from shared.actor import Actor
from shared.database import Database
from tests.support.clock import MONDAY_MORNING, StandingClock

CONTRACTS = Path(__file__).resolve().parents[3] / "shared" / "contracts"
KINDS = {
    "appointments.appointment_held.v1": "appointment_held",
    "appointments.appointment_payable.v1": "appointment_payable",
    "appointments.appointment_booked.v1": "appointment_booked",
    "appointments.appointment_cancelled.v1": "appointment_cancelled",
    "billing.refund_succeeded.v1": "refund_succeeded",
    "billing.settlement_opened.v1": "settlement_opened",
    "billing.settlement_to_pay.v1": "settlement_to_pay",
    "billing.settlement_withdrawn.v1": "settlement_withdrawn",
    "billing.stay_settled.v1": "settlement_done",
    "records.encounter_admitted.v1": "stay_admitted",
    "records.encounter_transferred.v1": "stay_transferred",
    "records.encounter_discharged.v1": "stay_discharged",
    "records.encounter_admission_cancelled.v1": "stay_admission_cancelled",
    "records.encounter_transfer_cancelled.v1": "stay_transfer_cancelled",
    "records.encounter_discharge_cancelled.v1": "stay_discharge_cancelled",
    "records.copy_request_moved.v1": "copy_ask_correction",
    "meals.meal_ended.v1": "meal_to_choose",
}
SOMETIMES = {"billing.invoice_issued.v1", "billing.invoice_paid.v1", "meals.meal_charged.v1"}
"""Facts of which some are told and some are not."""


@pytest.fixture
def inbox(database: Database, clock: StandingClock) -> Notifications:
    return Notifications(database, clock=clock)


def golden(type_: str) -> dict[str, Any]:
    """The data of the example; what it says of a stay happens on the morning of the test."""
    data: dict[str, Any] = json.loads((CONTRACTS / f"{type_}.json").read_text())["data"]
    return data | {"at": MONDAY_MORNING.isoformat()} if "at" in data else data


def hear(database: Database, clock: StandingClock, type_: str, data: dict[str, Any]) -> None:
    """As the worker does it."""
    subscription = SERVICE.subscriptions[type_]
    loaded = subscription.schema().load(data)
    with database.write() as uow:
        subscription.use_case(uow, data=loaded, actor=Actor.system("appointments"), now=clock.now)


def test_the_gateway_hears_what_people_are_told_of_and_mergers() -> None:
    assert set(consumers.SUBSCRIPTIONS) == {*KINDS, *SOMETIMES}
    assert set(SERVICE.subscriptions) == {*KINDS, *SOMETIMES, "records.patient_merged.v1"}


@pytest.mark.parametrize("type_", KINDS)
def test_every_account_that_acts_for_the_patient_is_told_once(
    type_: str,
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    data = golden(type_)
    patient = uuid.UUID(data["patient_id"])
    mother, father, stranger = (log_in(f"1990000000{number}").log_in.account_id for number in range(3))
    assert None not in {mother, father, stranger}
    for account in (mother, father):
        link(account, patient)
    link(stranger, uuid.uuid4())
    hear(database, clock, type_, data)
    hear(database, clock, type_, data | {"added_later": "ignored"})
    for account in (mother, father):
        (notice,) = inbox.inbox(account)
        assert (notice.kind, notice.patient_id, notice.created_at) == (KINDS[type_], patient, clock.now)
        assert notice.is_unread is True
        told = in_words(notice, "zh-CN")
        assert (bool(told.title), "{" in told.text, told.path.count("{")) == (True, False, 0)
        assert inbox.unread(account) == 1
    assert inbox.inbox(stranger) == []


@pytest.mark.parametrize("type_", KINDS)
def test_a_notice_keeps_what_people_read_and_nothing_more(
    type_: str,
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    data = golden(type_)
    account = log_in().log_in.account_id
    assert account is not None
    link(account, uuid.UUID(data["patient_id"]))
    hear(database, clock, type_, data | {"diagnosis": "secret", "phone": "19900000001"})
    (notice,) = inbox.inbox(account)
    kept = json.dumps([notice.parameters, [dict(each.parameters) for each in inbox.timeline([notice.patient_id])]])
    assert [word for word in ("secret", "19900000001", "diagnosis", "phone", data["patient_id"]) if word in kept] == []


@pytest.mark.parametrize("type_", KINDS)
def test_a_patient_for_whom_nobody_acts_is_no_error(
    type_: str,
    inbox: Notifications,
    identity: Identity,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    data = golden(type_)
    hear(database, clock, type_, data)
    account = log_in().log_in.account_id
    assert account is not None
    patient = uuid.UUID(data["patient_id"])
    link(account, patient)
    identity.unlink_patient(account, patient)
    hear(database, clock, type_, data)
    assert inbox.inbox(account) == []


def test_after_a_merger_both_families_are_told(
    inbox: Notifications,
    database: Database,
    log_in: Callable[..., Opened],
    link: Callable[..., Link],
    clock: StandingClock,
) -> None:
    merged = golden("records.patient_merged.v1")
    booked = golden("appointments.appointment_booked.v1")
    one, other = log_in("19900000001").log_in.account_id, log_in("19900000002").log_in.account_id
    assert None not in {one, other}
    link(one, uuid.UUID(merged["patient_id"]))
    link(other, uuid.UUID(merged["merged_into"]))
    hear(database, clock, "records.patient_merged.v1", merged)
    for number, patient in enumerate((merged["patient_id"], merged["merged_into"])):
        about = {"patient_id": patient, "appointment_id": str(uuid.UUID(int=number + 1))}
        hear(database, clock, "appointments.appointment_booked.v1", booked | about)
    assert (inbox.unread(one), inbox.unread(other)) == (2, 2)
