"""What a merchant can ask of the wallet: sent twice it has one effect, and without a signature none."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.wallet.signature import signature
from tests.simulators.wallet.conftest import Wallet


def refused(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which is a problem document."""
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


def test_an_order_can_be_placed_and_asked_about(wallet: Wallet) -> None:
    answer = wallet.call("POST", "/orders", wallet.order())
    order = answer.json
    assert answer.status_code == 201
    assert order == {
        "merchant": "hospital",
        "merchant_order_id": "p-1",
        "number": "AX20261123-04172283",
        "amount_fen": 1500,
        "state": "open",
        "reason": None,
        "paid_fen": 0,
        "refunded_fen": 0,
        "order_id": order["order_id"],
        "transaction_id": None,
        "currency": "CNY",
        "pay_url": f"http://127.0.0.1:8090/pay/{order['order_id']}",
    }
    assert wallet.now() == order


def test_the_same_order_again_is_the_same_order(wallet: Wallet) -> None:
    first = wallet.placed()
    again = wallet.call("POST", "/orders", wallet.order())
    assert (again.status_code, again.json) == (200, first)
    other = wallet.call("POST", "/orders", wallet.order(amount_fen=1))
    assert refused(other) == (409, "order_id_reused")
    assert wallet.now() == first


@pytest.mark.parametrize(
    "changes",
    [
        {"merchant": "somebody"},
        {"merchant_order_id": ""},
        {"merchant_order_id": "x" * 65},
        {"merchant_order_id": 1},
        {"amount_fen": 0},
        {"amount_fen": -1},
        {"amount_fen": 15.0},
        {"amount_fen": "1500"},
        {"amount_fen": True},
        {"amount_fen": 10**9},
        {"number": "a\nb"},
        {"subject": "挂号费"},
        {"subject": {"zh": "挂号费"}},
        {"notify_url": "http://elsewhere.example/"},
        {"notify_url": "http://127.0.0.1:8080.elsewhere.example/"},
        {"return_url": "http://127.0.0.1:8080"},
        {"return_url": "javascript:alert(1)"},
        {"expires_at": "tomorrow"},
        {"expires_at": "2026-11-23T01:15:00"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(wallet: Wallet, changes: dict[str, Any]) -> None:
    assert refused(wallet.call("POST", "/orders", wallet.order(**changes))) == (422, "invalid_request")
    assert wallet.books.all("SELECT * FROM orders") == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_document_is_refused(wallet: Wallet, body: bytes) -> None:
    assert refused(wallet.call("POST", "/orders", body)) == (422, "invalid_request")
    assert refused(wallet.call("POST", "/refunds", body)) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Wallet-Signature": "0" * 64}, "signature_wrong"),
        ({"Wallet-Signature": ""}, "signature_wrong"),
        ({"Wallet-Nonce": "n2"}, "signature_wrong"),
        ({"Wallet-Timestamp": "soon"}, "signature_wrong"),
        ({"seconds": -301}, "request_stale"),
        ({"seconds": 301}, "request_stale"),
    ],
)
def test_whoever_is_not_the_merchant_is_not_answered(wallet: Wallet, changes: dict[str, Any], code: str) -> None:
    order = wallet.placed()
    for method, path, body in (
        ("POST", "/orders", wallet.order(merchant_order_id="p-2")),
        ("GET", "/orders/p-1", None),
        ("POST", "/orders/p-1/closure", {}),
        ("POST", "/refunds", {}),
        ("GET", "/refunds/r-1", None),
    ):
        assert refused(wallet.call(method, path, body, **changes)) == (401, code)
    assert wallet.now() == order
    assert len(wallet.books.all("SELECT * FROM orders")) == 1


def test_a_signature_is_good_for_its_own_path_only(wallet: Wallet) -> None:
    wallet.placed()
    timestamp = str(int(wallet.clock().timestamp()))
    elsewhere = signature(wallet.secret, "POST", "/orders/p-2/closure", timestamp, "n1", b"{}")
    answer = wallet.call("POST", "/orders/p-1/closure", {}, **{"Wallet-Signature": elsewhere})
    assert refused(answer) == (401, "signature_wrong")
    assert wallet.now()["state"] == "open"


def test_every_answer_is_signed_refusals_too(wallet: Wallet) -> None:
    wallet.placed()
    for answer in (wallet.call("GET", "/orders/p-1"), wallet.call("GET", "/orders/p-2")):
        timestamp, nonce = answer.headers["Wallet-Timestamp"], answer.headers["Wallet-Nonce"]
        expected = signature(wallet.secret, timestamp, nonce, answer.get_data())
        assert (answer.headers["Wallet-Signature"], timestamp) == (expected, str(int(wallet.clock().timestamp())))


def test_what_is_not_there_is_not_found(wallet: Wallet) -> None:
    assert refused(wallet.call("GET", "/orders/p-1")) == (404, "order_not_found")
    assert refused(wallet.call("POST", "/orders/p-1/closure", {})) == (404, "order_not_found")
    assert refused(wallet.call("GET", "/refunds/r-1")) == (404, "refund_not_found")


def test_a_closed_order_cannot_be_paid(wallet: Wallet) -> None:
    order = wallet.placed()
    closed = wallet.call("POST", "/orders/p-1/closure", {}).json
    assert (closed["state"], closed["reason"]) == ("closed", "closed_by_merchant")
    wallet.tap(order, "paid")
    assert wallet.now() == closed
    assert wallet.books.all("SELECT * FROM movements") == []


def test_a_paid_order_stays_paid_when_it_is_to_be_closed(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "paid")
    closed = wallet.call("POST", "/orders/p-1/closure", {}).json
    assert (closed["state"], closed["paid_fen"]) == ("paid", 1500)


def test_an_order_expires(wallet: Wallet) -> None:
    order = wallet.placed()
    wallet.clock.advance(minutes=15)
    wallet.tap(order, "paid")
    assert (wallet.now()["state"], wallet.now()["reason"]) == ("closed", "order_expired")
    assert wallet.books.all("SELECT * FROM movements") == []


# --------------------------------------------------------------------------------------------------------- refunds


def refund(wallet: Wallet, **changes: Any) -> Any:
    """Ask for 15.00 back."""
    body = {"merchant": "hospital", "merchant_refund_id": "r-1", "merchant_order_id": "p-1", "amount_fen": 1500}
    return wallet.call("POST", "/refunds", body | changes)


def test_a_refund_is_accepted_first_and_paid_a_moment_later(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "never_told")
    accepted = refund(wallet).json
    assert (accepted["state"], accepted["amount_fen"]) == ("processing", 1500)
    assert wallet.work() == 1
    assert wallet.call("GET", "/refunds/r-1").json == accepted | {"state": "succeeded"}
    assert [(row["kind"], row["amount_fen"]) for row in wallet.books.all("SELECT * FROM movements")] == [
        ("payment", 1500),
        ("refund", 1500),
    ]


def test_the_same_refund_again_is_the_same_refund(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "never_told")
    first = refund(wallet).json
    assert refund(wallet).json == first
    wallet.work()
    assert refund(wallet).json == first | {"state": "succeeded"}
    assert wallet.work() == 0
    assert wallet.now()["refunded_fen"] == 1500
    assert refused(refund(wallet, amount_fen=1)) == (409, "refund_id_reused")


def test_no_more_goes_back_than_was_paid(wallet: Wallet) -> None:
    wallet.tap(wallet.placed(), "never_told")
    assert refused(refund(wallet, amount_fen=1501)) == (422, "refund_exceeds_payment")
    assert refund(wallet, amount_fen=1000).status_code == 200
    assert refused(refund(wallet, amount_fen=501, merchant_refund_id="r-2")) == (422, "refund_exceeds_payment")
    assert refund(wallet, amount_fen=500, merchant_refund_id="r-2").status_code == 200
    assert wallet.now()["refunded_fen"] == 1500


@pytest.mark.parametrize("changes", [{"amount_fen": 0}, {"merchant_refund_id": ""}, {"merchant": "x"}])
def test_a_refund_that_makes_no_sense_is_refused(wallet: Wallet, changes: dict[str, Any]) -> None:
    wallet.tap(wallet.placed(), "never_told")
    assert refused(refund(wallet, **changes)) == (422, "invalid_request")
    assert wallet.now()["refunded_fen"] == 0


def test_nothing_goes_back_of_an_order_that_was_not_paid(wallet: Wallet) -> None:
    wallet.placed()
    assert refused(refund(wallet)) == (422, "refund_exceeds_payment")
    assert refused(refund(wallet, merchant_order_id="p-2")) == (404, "order_not_found")
    assert wallet.books.all("SELECT * FROM refunds") == []
