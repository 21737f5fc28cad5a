"""Who may enter and read how somebody is insured, and that store and migrations agree about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.billing import store
from shared.actor import Actor
from shared.database import Database
from shared.settings import Settings
from tests.billing.insurer import NURSE, Insurance, open_insurance
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
INSURED = {"kind": "employee", "psn_no": "3299000001"}


@pytest.fixture
def insurance(database: Database, settings: Settings, clock: StandingClock) -> Insurance:
    made = open_insurance(database, settings, clock)
    made.admit()
    return made


@pytest.fixture
def path(insurance: Insurance) -> str:
    return f"/v1/stays/{insurance.encounter_id}"


def test_migrations_and_store_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), store.metadata) == []


def test_a_stay_is_self_paid_until_somebody_enters_an_insurance(
    insurance: Insurance, path: str, as_caller: Callable[[Actor], Caller]
) -> None:
    shown = as_caller(CASHIER).get(f"{path}/coverage").get_json()
    assert (shown["kind"], shown["is_entered"], shown["psn_no_end"]) == ("none", False, None)
    entered = as_caller(NURSE).post(f"{path}/coverage", INSURED)
    assert (entered.status_code, entered.get_json()["state"], entered.get_json()["psn_no_end"]) == (
        200,
        "asked",
        "0001",
    )
    insurance.turn()
    own = as_caller(patient(insurance.patient_id)).get(f"{path}/coverage").get_json()
    assert (own["state"], own["account_balance"]) == ("confirmed", {"amount": "1000.00", "currency": "CNY"})
    assert "3299000001" not in str(own)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "employee"}, "insurance_number_missing"),
        ({"kind": "employee", "psn_no": "1"}, "invalid_request"),
        ({"kind": "duke", "psn_no": "3299000001"}, "invalid_request"),
        ({}, "invalid_request"),
    ],
    ids=["no number", "no such number", "no such kind", "nothing"],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    path: str, as_caller: Callable[[Actor], Caller], body: dict[str, Any], code: str
) -> None:
    answer = as_caller(NURSE).post(f"{path}/coverage", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert as_caller(NURSE).get(f"{path}/coverage").get_json()["is_entered"] is False


def test_only_ward_and_desk_enter_and_only_who_pays_reads(
    insurance: Insurance, path: str, as_caller: Callable[[Actor], Caller]
) -> None:
    for roles in (("patient",), ("finance",), ("canteen",), ("admin",)):
        other = Actor(subject="staff:other", roles=roles, patient_id=insurance.patient_id, scopes=("see", "pay"))
        assert as_caller(other).post(f"{path}/coverage", INSURED).status_code == 403
    for actor in (patient(uuid4()), patient(insurance.patient_id, "see")):
        for what in ("coverage", "claims"):
            assert as_caller(actor).get(f"{path}/{what}").status_code == 404
    assert as_caller(FRONT_DESK).get(f"/v1/stays/{uuid4()}/coverage").status_code == 404
    assert as_caller(NURSE).post(f"/v1/stays/{uuid4()}/coverage", INSURED).status_code == 404


def test_a_claim_is_shown_with_estimate_and_answer_side_by_side(
    insurance: Insurance, path: str, as_caller: Callable[[Actor], Caller]
) -> None:
    insurance.insure()
    insurance.turn()
    insurance.claim(settle=False)
    [shown] = as_caller(NURSE).get(f"{path}/claims").get_json()["items"]
    assert (shown["state"], shown["presettled"], shown["total"]["amount"]) == ("requested", None, "12693.94")
    insurance.turn()
    [shown] = as_caller(patient(insurance.patient_id)).get(f"{path}/claims").get_json()["items"]
    assert shown["presettled"] == shown["estimate"]
    assert shown["presettled"]["psn_cash_pay"]["amount"] == "2567.78"
