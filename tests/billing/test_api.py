"""Billing's HTTP door: who may ask what, in which words the answers come, and bad input as problem documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing.domain import Channel
from shared.actor import Actor
from shared.database import Database
from tests.billing.factories import Case
from tests.support.callers import FRONT_DESK, Caller, patient
from tests.support.clock import StandingClock

AsCaller = Callable[[Actor], Caller]
FINANCE = Actor(subject="staff:finance", roles=("finance",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
YUAN_15 = {"amount": "15.00", "currency": "CNY"}
NOTHING = {"amount": "0.00", "currency": "CNY"}


@pytest.fixture
def case(database: Database, clock: StandingClock) -> Case:
    """A held appointment with its bill of 15.00."""
    made = Case(database)
    made.held(clock(), client_reference="phone-1")
    return made


def wish(case: Case, **changes: Any) -> dict[str, Any]:
    """The body of a wish to pay through the wallet."""
    body = {"invoice_id": str(case.invoice().id), "amount": YUAN_15, "channel": "sandbox_wallet"}
    return body | {"return_path": "/appointments", "client_reference": "tap-1"} | changes


def problem(answer: Any) -> tuple[int, str, str]:
    """Status, media type and code of a refusal."""
    return answer.status_code, answer.content_type, answer.json["code"]


PROBLEM = "application/problem+json"


def test_a_patient_reads_the_bill(as_caller: AsCaller, case: Case) -> None:
    invoice = case.invoice()
    expected = {
        "id": str(invoice.id),
        "number": invoice.number,
        "state": "issued",
        "billed_kind": "appointment",
        "billed_id": str(case.appointment_id),
        "patient_id": str(case.patient_id),
        "amount": YUAN_15,
        "due": YUAN_15,
        "paid": NOTHING,
        "refunded": NOTHING,
        "client_reference": "phone-1",
        "issued_at": "2026-11-23T01:00:00+00:00",
        "cancelled_at": None,
        "lines": [
            {
                "text": {"zh": "挂号费 · 心血管内科 · 李慧敏", "en": "Registration fee · Cardiology · Li Huimin"},
                "amount": YUAN_15,
            }
        ],
        "version": 1,
    }
    caller = as_caller(case.payer)
    assert caller.get(f"/v1/invoices/{invoice.id}").json == expected
    of_it = {"billed_kind": "appointment", "billed_id": case.appointment_id}
    for query in ({}, {"patient_id": case.patient_id}, of_it):
        assert caller.get("/v1/invoices", **query).json == {"items": [expected]}


def test_a_wish_to_pay_is_answered_and_the_same_key_gives_the_same_answer(as_caller: AsCaller, case: Case) -> None:
    caller = as_caller(case.payer)
    first = caller.post("/v1/payments", wish(case), key="one-tap-1")
    again = caller.post("/v1/payments", wish(case), key="one-tap-1")
    other = caller.post("/v1/payments", wish(case, return_path="/"), key="one-tap-1")
    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert problem(other) == (422, PROBLEM, "idempotency_key_reused")
    payment = case.payment(UUID(first.json["id"]))
    shown = caller.get(f"/v1/payments/{payment.id}").json
    assert shown == first.json
    assert {name: shown[name] for name in ("state", "pay_url", "channel", "amount", "client_reference", "problem")} == {
        "state": "requested",
        "pay_url": None,
        "channel": "sandbox_wallet",
        "amount": YUAN_15,
        "client_reference": "tap-1",
        "problem": None,
    }
    assert caller.get("/v1/payments", client_reference="tap-1").json == {"items": [shown]}
    assert caller.get("/v1/payments", client_reference="tap-2").json == {"items": []}


def test_a_second_payment_names_the_one_to_go_on_with(as_caller: AsCaller, case: Case) -> None:
    caller = as_caller(case.payer)
    first = caller.post("/v1/payments", wish(case)).json["id"]
    second = caller.post("/v1/payments", wish(case), key="second-try")
    assert (*problem(second), second.json["payment_id"]) == (409, PROBLEM, "payment_in_progress", first)
    assert caller.post(f"/v1/payments/{first}/cancellation").json["state"] == "cancelled"
    assert caller.post("/v1/payments", wish(case), key="second-try").status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "15.00"}, "amount"),
        ({"amount": {"amount": "15", "currency": "CNY"}}, "amount"),
        ({"amount": {"amount": "15.00", "currency": "USD"}}, "amount"),
        ({"amount": {"amount": 15, "currency": "CNY"}}, "amount"),
        ({"channel": "alipay"}, "channel"),
        ({"invoice_id": "417"}, "invoice_id"),
        ({"invoice_id": None}, "invoice_id"),
        ({"return_path": "https://elsewhere.example/"}, "return_path"),
        ({"return_path": "//elsewhere.example/"}, "return_path"),
        ({"return_path": "/\\elsewhere.example/"}, "return_path"),
        ({"return_path": "/" + "a" * 300}, "return_path"),
        ({"return_path": "/a b"}, "return_path"),
        ({"client_reference": "r" * 81}, "client_reference"),
        ({"client_reference": "a\u0000b"}, "client_reference"),
        ({"tip": "1.00"}, "tip"),
    ],
)
def test_bad_input_names_its_member_and_changes_nothing(
    as_caller: AsCaller, case: Case, changes: dict[str, Any], field: str
) -> None:
    answer = as_caller(case.payer).post("/v1/payments", wish(case, **changes))
    assert problem(answer) == (422, PROBLEM, "invalid_request")
    assert list(answer.json["errors"]["json"]) == [field]
    assert case.payments() == []


@pytest.mark.parametrize("missing", ["invoice_id", "amount", "channel"])
def test_what_is_missing_is_named(as_caller: AsCaller, case: Case, missing: str) -> None:
    body = wish(case)
    del body[missing]
    answer = as_caller(case.payer).post("/v1/payments", body)
    assert (*problem(answer), list(answer.json["errors"]["json"])) == (422, PROBLEM, "invalid_request", [missing])
    assert case.payments() == []


def test_another_amount_than_is_due_is_refused_with_what_is_due(as_caller: AsCaller, case: Case) -> None:
    answer = as_caller(case.payer).post("/v1/payments", wish(case, amount={"amount": "14.99", "currency": "CNY"}))
    assert (*problem(answer), answer.json["due"]) == (422, PROBLEM, "amount_not_due", "15.00")
    assert case.payments() == []


def test_a_strangers_ids_look_like_nothing_there_and_the_access_log_knows(as_caller: AsCaller, case: Case) -> None:
    payment_id = as_caller(case.payer).post("/v1/payments", wish(case)).json["id"]
    stranger = as_caller(patient(uuid4(), account="account:stranger"))
    for path in (f"/v1/invoices/{case.invoice().id}", f"/v1/payments/{payment_id}"):
        assert problem(stranger.get(path)) == (404, PROBLEM, "not_found")
        assert stranger.get(path).json == stranger.get(path.replace(path[-36:], str(uuid4()))).json
    assert problem(stranger.get("/v1/invoices", patient_id=case.patient_id)) == (404, PROBLEM, "not_found")
    assert stranger.get("/v1/invoices", billed_id=case.appointment_id).json == {"items": []}
    assert stranger.get("/v1/payments", invoice_id=case.invoice().id).json == {"items": []}
    assert problem(stranger.post("/v1/payments", wish(case))) == (404, PROBLEM, "not_found")
    assert problem(stranger.post(f"/v1/payments/{payment_id}/cancellation")) == (404, PROBLEM, "not_found")
    assert [row["state"] for row in case.payments()] == ["requested"]
    with case.database.read() as uow:
        log = uow.toolbox.access_log
        refused = sa.select(log.c.patient_id).where(log.c.subject == "account:stranger", log.c.granted.is_(False))
        assert set(uow.session.execute(refused).scalars()) == {case.patient_id}


def test_an_account_without_a_patient_has_no_bills(as_caller: AsCaller, case: Case) -> None:
    nobody = Actor(subject="account:new", roles=("patient",))
    assert problem(as_caller(nobody).get("/v1/invoices")) == (404, PROBLEM, "not_found")
    assert problem(as_caller(nobody).get(f"/v1/invoices/{case.invoice().id}")) == (404, PROBLEM, "not_found")


@pytest.mark.parametrize("role", ["front_desk", "cashier", "finance", "auditor"])
def test_the_window_finance_and_auditors_read_every_bill(as_caller: AsCaller, case: Case, role: str) -> None:
    caller = as_caller(Actor(subject=f"staff:{role}", roles=(role,)))
    assert [each["id"] for each in caller.get("/v1/invoices").json["items"]] == [str(case.invoice().id)]
    assert caller.get("/v1/payments").json == {"items": []}
    assert caller.get("/v1/refunds").json == {"items": []}


@pytest.mark.parametrize("role", ["doctor", "nurse", "canteen", "admin", "service", "public", "triage"])
def test_nobody_else_reads_or_pays(as_caller: AsCaller, case: Case, role: str) -> None:
    caller = as_caller(Actor(subject=f"staff:{role}", roles=(role,)))
    for path in ("/v1/invoices", f"/v1/invoices/{case.invoice().id}", "/v1/payments", "/v1/refunds"):
        assert problem(caller.get(path)) == (403, PROBLEM, "forbidden")
    assert problem(caller.get("/v1/ledger/summary")) == (403, PROBLEM, "forbidden")
    assert problem(caller.post("/v1/payments", wish(case))) == (403, PROBLEM, "forbidden")
    assert case.payments() == []


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_who_only_reads_cannot_pay(as_caller: AsCaller, case: Case, role: str) -> None:
    answer = as_caller(Actor(subject=f"staff:{role}", roles=(role,))).post("/v1/payments", wish(case))
    assert problem(answer) == (403, PROBLEM, "forbidden")
    assert case.payments() == []


def test_cash_is_taken_and_given_back_at_the_window(as_caller: AsCaller, case: Case, clock: StandingClock) -> None:
    cashier = as_caller(CASHIER)
    cash = wish(case, channel="cash")
    assert problem(as_caller(case.payer).post("/v1/payments", cash)) == (403, PROBLEM, "cash_at_window_only")
    assert cashier.post("/v1/payments", cash).json["state"] == "succeeded"
    case.cancelled(clock())
    waiting = cashier.get("/v1/refunds", channel="cash", state="requested").json["items"]
    assert [(each["amount"], each["reason"]) for each in waiting] == [(YUAN_15, "appointment_cancelled")]
    path = f"/v1/refunds/{waiting[0]['id']}/payout"
    assert problem(as_caller(case.payer).post(path)) == (403, PROBLEM, "forbidden")
    assert cashier.post(path).json["state"] == "succeeded"
    assert problem(as_caller(FRONT_DESK).post(path)) == (409, PROBLEM, "refund_not_payable_in_cash")
    assert as_caller(case.payer).get("/v1/refunds", invoice_id=case.invoice().id).json["items"][0]["state"] == (
        "succeeded"
    )


def test_finance_sees_the_ledger_balance(as_caller: AsCaller, case: Case, clock: StandingClock) -> None:
    case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH)
    summary = as_caller(FINANCE).get("/v1/ledger/summary").json
    assert summary["debit"] == summary["credit"] == {"amount": "30.00", "currency": "CNY"}
    assert summary["payments_received"] == summary["invoices_paid"] == YUAN_15
    assert summary["accounts"] == [
        {"account": "cash_drawer", "debit": YUAN_15, "credit": NOTHING, "balance": YUAN_15},
        {
            "account": "outpatient_income",
            "debit": NOTHING,
            "credit": YUAN_15,
            "balance": {"amount": "-15.00", "currency": "CNY"},
        },
        {"account": "patient_receivables", "debit": YUAN_15, "credit": YUAN_15, "balance": NOTHING},
    ]


def test_long_lists_come_in_pages(as_caller: AsCaller, database: Database, clock: StandingClock) -> None:
    ids = []
    for minute in (0, 0, 1, 2):
        case = Case(database)
        case.held(clock.advance(minutes=minute))
        ids.append(str(case.invoice().id))
    desk = as_caller(FRONT_DESK)
    first = [each["id"] for each in desk.get("/v1/invoices", limit=3).json["items"]]
    rest = [each["id"] for each in desk.get("/v1/invoices", limit=3, after=first[-1]).json["items"]]
    assert (len(first), len(rest), first[:2]) == (3, 1, [ids[3], ids[2]])
    assert sorted(first + rest) == sorted(ids)
    for query in ({"limit": 0}, {"limit": 201}, {"limit": "many"}, {"after": "x"}, {"order": "amount"}):
        assert problem(desk.get("/v1/invoices", **query)) == (422, PROBLEM, "invalid_request")
