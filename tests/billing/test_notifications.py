"""The wallet's notifications at the door: signed, fresh, readable, and of the right amount, or nothing happens."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from services.billing.providers import signature
from shared.actor import Actor
from shared.database import Database
from shared.service import Service
from shared.settings import Settings
from shared.web import ACTOR_HEADER, create_app
from tests.billing.factories import Case, facts_of
from tests.support.callers import SIGNER
from tests.support.clock import StandingClock

PROBLEM = "application/problem+json"


class WalletAtTheDoor:
    """Sends notifications as the wallet would, or not quite."""

    def __init__(self, http: FlaskClient, secret: str, clock: StandingClock, payment_id: UUID) -> None:
        self.http, self.secret, self.clock, self.payment_id = http, secret, clock, payment_id

    def body(self, **changes: Any) -> bytes:
        """15.00 were paid."""
        told = {
            "notification_id": uuid4().hex,
            "merchant_order_id": str(self.payment_id),
            "order_id": "o1",
            "state": "paid",
            "reason": None,
            "paid_fen": 1500,
            "currency": "CNY",
            "transaction_id": "SW1",
        }
        return json.dumps(told | changes).encode()

    def send(
        self, body: bytes, *, secret: str | None = None, seconds: int = 0, key: str | None = None, **headers: str
    ) -> tuple[int, str]:
        """Sign and send; gives status and code."""
        timestamp = str(int(self.clock().timestamp()) + seconds)
        signed = {
            "Wallet-Timestamp": timestamp,
            "Wallet-Nonce": "n1",
            "Wallet-Signature": signature((secret or self.secret).encode(), timestamp, "n1", body),
            "Idempotency-Key": key or uuid4().hex,
            "Content-Type": "application/json",
            ACTOR_HEADER: SIGNER.sign(Actor(subject="public", roles=("public",)), self.clock()),
        }
        answer = self.http.post("/v1/callbacks/sandbox-wallet", data=body, headers=signed | headers)
        assert answer.content_type == ("application/json" if answer.status_code == 200 else PROBLEM)
        return answer.status_code, answer.json["code"]


@pytest.fixture
def case(database: Database, clock: StandingClock) -> Case:
    """A bill whose payment is under way."""
    made = Case(database)
    made.held(clock())
    made.ask_to_pay(clock())
    return made


@pytest.fixture
def wallet(service: Service, settings: Settings, clock: StandingClock, case: Case) -> WalletAtTheDoor:
    http = create_app(service, settings, database=case.database, clock=clock).test_client()
    return WalletAtTheDoor(http, settings.secrets["wallet_secret"], clock, case.payments()[0]["id"])


def nothing_changed(case: Case) -> None:
    """The payment waits, the bill is unpaid, the ledger knows only the bill."""
    assert [row["state"] for row in case.payments()] == ["requested"]
    assert (case.invoice().paid_fen, len(case.postings())) == (0, 1)
    assert facts_of(case.database) == ["billing.invoice_issued.v1"]


def test_a_signed_notification_pays_the_bill(wallet: WalletAtTheDoor, case: Case) -> None:
    assert wallet.send(wallet.body()) == (200, "accepted")
    assert (case.payments()[0]["state"], case.invoice().state) == ("succeeded", "balanced")


def test_replayed_under_the_same_or_another_key_it_is_answered_the_same_and_changes_nothing(
    wallet: WalletAtTheDoor, case: Case
) -> None:
    body = wallet.body()
    assert wallet.send(body, key="notice-01") == (200, "accepted")
    before = (case.payments(), case.postings(), facts_of(case.database), case.invoice().version)
    assert wallet.send(body, key="notice-01") == (200, "accepted")
    assert wallet.send(body) == (200, "accepted")
    assert wallet.send(wallet.body(), seconds=200) == (200, "accepted")
    assert (case.payments(), case.postings(), facts_of(case.database), case.invoice().version) == before


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "x" * 48},
        {"Wallet-Signature": ""},
        {"Wallet-Signature": "0" * 64},
        {"Wallet-Signature": "签名"},
        {"Wallet-Timestamp": "1"},
        {"Wallet-Nonce": "n2"},
    ],
)
def test_a_forged_notification_is_refused(wallet: WalletAtTheDoor, case: Case, forged: dict[str, str]) -> None:
    forged = {name: value.encode().decode("latin-1") for name, value in forged.items()}
    assert wallet.send(wallet.body(), **forged) == (403, "notification_forged")  # type: ignore[arg-type]
    nothing_changed(case)


def test_a_notification_whose_body_was_changed_on_the_way_is_forged(wallet: WalletAtTheDoor, case: Case) -> None:
    signed_over = signature(wallet.secret.encode(), str(int(wallet.clock().timestamp())), "n1", wallet.body())
    assert wallet.send(wallet.body(paid_fen=1), **{"Wallet-Signature": signed_over}) == (403, "notification_forged")
    nothing_changed(case)


@pytest.mark.parametrize("seconds", [-301, 301, -86400])
def test_a_stale_notification_is_refused(wallet: WalletAtTheDoor, case: Case, seconds: int) -> None:
    assert wallet.send(wallet.body(), seconds=seconds) == (403, "notification_stale")
    nothing_changed(case)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_fresh_enough(wallet: WalletAtTheDoor, seconds: int) -> None:
    assert wallet.send(wallet.body(), seconds=seconds) == (200, "accepted")


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "open", "pay_url": "http://wallet/1"},
        {"state": "lost"},
        {"state": None},
        {"paid_fen": "1500"},
        {"paid_fen": 0},
        {"paid_fen": -1500},
        {"paid_fen": 1500.0},
        {"paid_fen": True},
        {"currency": "USD"},
        {"transaction_id": None},
        {"transaction_id": "x" * 81},
        {"merchant_order_id": "417"},
        {"merchant_order_id": None},
    ],
)
def test_a_notification_that_makes_no_sense_is_refused(
    wallet: WalletAtTheDoor, case: Case, changes: dict[str, Any]
) -> None:
    assert wallet.send(wallet.body(**changes)) == (422, "notification_malformed")
    nothing_changed(case)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'"paid"'])
def test_a_notification_that_is_no_document_is_refused(wallet: WalletAtTheDoor, case: Case, body: bytes) -> None:
    assert wallet.send(body) == (422, "notification_malformed")
    nothing_changed(case)


@pytest.mark.parametrize("amount", [1, 1499, 1501, 150000])
def test_another_amount_is_refused_and_enters_nothing(wallet: WalletAtTheDoor, case: Case, amount: int) -> None:
    assert wallet.send(wallet.body(paid_fen=amount)) == (422, "amount_mismatch")
    nothing_changed(case)


def test_an_order_of_somebody_else_is_not_found(wallet: WalletAtTheDoor, case: Case) -> None:
    assert wallet.send(wallet.body(merchant_order_id=str(uuid4()))) == (404, "not_found")
    nothing_changed(case)


def test_a_second_transaction_for_a_paid_order_is_a_conflict(wallet: WalletAtTheDoor, case: Case) -> None:
    wallet.send(wallet.body())
    assert wallet.send(wallet.body(transaction_id="SW2")) == (409, "transaction_mismatch")
    assert len(case.postings()) == 2


@pytest.mark.parametrize(
    ("reason", "state"),
    [("insufficient_balance", "failed"), ("user_cancelled", "cancelled"), ("order_expired", "cancelled")],
)
def test_an_order_that_ended_without_money_ends_the_payment(
    wallet: WalletAtTheDoor, case: Case, reason: str, state: str
) -> None:
    ended = {"state": "closed", "reason": reason, "paid_fen": 0, "transaction_id": None}
    assert wallet.send(wallet.body(**ended)) == (200, "accepted")
    assert [(row["state"], row["problem"]) for row in case.payments()] == [(state, reason)]
    assert (case.invoice().state, len(case.postings())) == ("issued", 1)


def test_the_door_wants_a_key_and_a_caller_signed_by_the_gateway(wallet: WalletAtTheDoor, case: Case) -> None:
    assert wallet.send(wallet.body(), **{"Idempotency-Key": ""}) == (400, "idempotency_key_missing")
    assert wallet.send(wallet.body(), **{ACTOR_HEADER: ""}) == (401, "actor_rejected")
    nothing_changed(case)
