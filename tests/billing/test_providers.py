"""What the sandbox wallet's answers, silences and nonsense mean to billing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import requests
import responses

from services.billing.domain import (
    Channel,
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    OrderStep,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
)
from services.billing.providers import SandboxWallet, providers, signature
from shared.settings import Settings
from tests.support.clock import StandingClock

WALLET = "http://127.0.0.1:8090"
SECRET = "s" * 48
PAYMENT = UUID("9a2b4c1e-77d0-4f0a-8c2f-51f6f2d3aa20")
REFUND = UUID("4be3c7d9-1f02-46f5-b0f7-0f6b6f1c9e30")
ORDER = {"state": "open", "reason": None, "pay_url": f"{WALLET}/pay/1", "paid_fen": 0, "currency": "CNY"}
PAID = ORDER | {"state": "paid", "paid_fen": 1500, "transaction_id": "SW1"}

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def wallet(clock: StandingClock) -> SandboxWallet:
    return SandboxWallet(WALLET, secret=SECRET, site="http://127.0.0.1:8080", clock=clock)


@pytest.fixture
def network() -> Any:
    with responses.RequestsMock() as mock:
        yield mock


def signed(clock: StandingClock, document: Any, status: int = 200, *, secret: str = SECRET, seconds: int = 0) -> Answer:
    """An answer as the wallet signs it."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    timestamp = str(int(clock().timestamp()) + seconds)
    headers = {
        "Wallet-Timestamp": timestamp,
        "Wallet-Nonce": "n1",
        "Wallet-Signature": signature(secret.encode(), timestamp, "n1", body),
    }
    return status, headers, body


def answers(network: Any, method: str, path: str, answer: Answer) -> None:
    """Let the wallet answer like this."""
    status, headers, body = answer
    network.add(method, WALLET + path, body=body, status=status, headers=headers, content_type="application/json")


def order(clock: StandingClock) -> OrderIntent:
    """An order over 15.00."""
    return OrderIntent(
        payment_id=PAYMENT,
        channel=Channel.SANDBOX_WALLET,
        step=OrderStep.OPEN,
        may_open=True,
        amount_fen=1500,
        number="AX20261123-04172283",
        subject_zh="挂号费",
        subject_en="Registration fee",
        return_path="/appointments",
        expires_at=clock() + timedelta(minutes=15),
    )


GIVE_BACK = RefundIntent(
    refund_id=REFUND, payment_id=PAYMENT, channel=Channel.SANDBOX_WALLET, amount_fen=1500, ask_first=False
)


def test_an_order_is_placed_under_the_payments_id_and_signed(
    wallet: SandboxWallet, network: Any, clock: StandingClock
) -> None:
    answers(network, "POST", "/orders", signed(clock, ORDER, 201))
    assert wallet.open_order(order(clock)) == OrderAnswer(outcome=OrderOutcome.OPENED, pay_url=f"{WALLET}/pay/1")
    request = network.calls[0].request
    assert json.loads(request.body) == {
        "merchant": "hospital",
        "merchant_order_id": str(PAYMENT),
        "amount_fen": 1500,
        "number": "AX20261123-04172283",
        "subject": {"zh": "挂号费", "en": "Registration fee"},
        "notify_url": "http://127.0.0.1:8080/callbacks/sandbox-wallet",
        "return_url": "http://127.0.0.1:8080/appointments",
        "expires_at": "2026-11-23T01:15:00Z",
    }
    timestamp, nonce = request.headers["Wallet-Timestamp"], request.headers["Wallet-Nonce"]
    expected = signature(SECRET.encode(), "POST", "/orders", timestamp, nonce, request.body)
    assert request.headers["Wallet-Signature"] == expected
    assert (timestamp, request.req_kwargs["timeout"]) == (str(int(clock().timestamp())), (1.0, 4.0))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (ORDER, OrderAnswer(outcome=OrderOutcome.OPENED, pay_url=f"{WALLET}/pay/1")),
        (PAID, OrderAnswer(outcome=OrderOutcome.PAID, paid_fen=1500, transaction_id="SW1")),
        (
            ORDER | {"state": "closed", "reason": "user_cancelled"},
            OrderAnswer(outcome=OrderOutcome.CLOSED, problem="user_cancelled"),
        ),
        (
            ORDER | {"state": "closed", "reason": "insufficient_balance"},
            OrderAnswer(outcome=OrderOutcome.FAILED, problem="insufficient_balance"),
        ),
    ],
)
def test_each_state_of_an_order_is_understood(
    wallet: SandboxWallet, network: Any, clock: StandingClock, document: dict[str, Any], expected: OrderAnswer
) -> None:
    for method, path in (("GET", f"/orders/{PAYMENT}"), ("POST", f"/orders/{PAYMENT}/closure"), ("POST", "/orders")):
        answers(network, method, path, signed(clock, document))
    assert wallet.query_order(PAYMENT) == expected
    assert wallet.close_order(PAYMENT) == expected
    assert wallet.open_order(order(clock)) == expected


@pytest.mark.parametrize(
    "error",
    [requests.ConnectTimeout(), requests.ReadTimeout(), requests.ConnectionError(), requests.TooManyRedirects()],
)
def test_silence_is_unknown_and_never_a_failure(
    wallet: SandboxWallet, network: Any, clock: StandingClock, error: Exception
) -> None:
    for method, path in (
        ("POST", "/orders"),
        ("GET", f"/orders/{PAYMENT}"),
        ("POST", f"/orders/{PAYMENT}/closure"),
        ("POST", "/refunds"),
        ("GET", f"/refunds/{REFUND}"),
    ):
        network.add(method, WALLET + path, body=error)
    silent = OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem="provider_silent")
    assert [wallet.open_order(order(clock)), wallet.query_order(PAYMENT), wallet.close_order(PAYMENT)] == [silent] * 3
    unanswered = RefundAnswer(outcome=RefundOutcome.UNKNOWN, problem="provider_silent")
    assert [wallet.refund(GIVE_BACK), wallet.query_refund(REFUND)] == [unanswered] * 2


UNREADABLE: list[Any] = [
    b"",
    b"<html>500</html>",
    b"\xff",
    b"[]",
    b"null",
    {},
    {"state": "lost"},
    ORDER | {"pay_url": None},
    ORDER | {"pay_url": "x" * 501},
    PAID | {"paid_fen": "1500"},
    PAID | {"paid_fen": 0},
    PAID | {"paid_fen": True},
    PAID | {"currency": "USD"},
    PAID | {"transaction_id": ""},
    ORDER | {"state": "closed", "reason": None},
]


@pytest.mark.parametrize("document", UNREADABLE)
@pytest.mark.parametrize("status", [200, 500])
def test_a_signed_answer_that_makes_no_sense_is_unknown(
    wallet: SandboxWallet, network: Any, clock: StandingClock, document: Any, status: int
) -> None:
    answers(network, "GET", f"/orders/{PAYMENT}", signed(clock, document, status))
    expected = OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem="provider_unreadable")
    assert wallet.query_order(PAYMENT) == expected


@pytest.mark.parametrize("forgery", [{"secret": "x" * 48}, {"seconds": 301}, {"seconds": -301}])
def test_an_answer_that_the_wallet_did_not_sign_just_now_is_unknown(
    wallet: SandboxWallet, network: Any, clock: StandingClock, forgery: dict[str, Any]
) -> None:
    answers(network, "GET", f"/orders/{PAYMENT}", signed(clock, PAID, **forgery))
    answers(network, "GET", f"/refunds/{REFUND}", signed(clock, {"state": "succeeded"}, **forgery))
    assert wallet.query_order(PAYMENT).outcome is OrderOutcome.UNKNOWN
    assert wallet.query_refund(REFUND).outcome is RefundOutcome.UNKNOWN


def test_an_unsigned_page_of_a_proxy_is_unknown(wallet: SandboxWallet, network: Any) -> None:
    network.add("GET", f"{WALLET}/orders/{PAYMENT}", status=404, json={"code": "order_not_found"})
    assert wallet.query_order(PAYMENT).outcome is OrderOutcome.UNKNOWN


def test_a_redirect_is_not_followed(wallet: SandboxWallet, network: Any, clock: StandingClock) -> None:
    status, headers, body = signed(clock, {"code": "moved"}, 302)
    headers["Location"] = "http://elsewhere.example/"
    answers(network, "GET", f"/orders/{PAYMENT}", (status, headers, body))
    assert wallet.query_order(PAYMENT) == OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem="moved")


@pytest.mark.parametrize(
    ("status", "code", "placed", "asked"),
    [
        (422, "invalid_request", OrderOutcome.FAILED, OrderOutcome.UNKNOWN),
        (409, "order_id_reused", OrderOutcome.FAILED, OrderOutcome.UNKNOWN),
        (401, "signature_wrong", OrderOutcome.FAILED, OrderOutcome.UNKNOWN),
        (404, "order_not_found", OrderOutcome.NOT_FOUND, OrderOutcome.NOT_FOUND),
        (429, "too_many_requests", OrderOutcome.UNKNOWN, OrderOutcome.UNKNOWN),
        (500, "failed", OrderOutcome.UNKNOWN, OrderOutcome.UNKNOWN),
        (503, "busy", OrderOutcome.UNKNOWN, OrderOutcome.UNKNOWN),
    ],
)
def test_a_refusal_fails_a_new_order_but_says_nothing_of_an_old_one(
    wallet: SandboxWallet,
    network: Any,
    clock: StandingClock,
    status: int,
    code: str,
    placed: OrderOutcome,
    asked: OrderOutcome,
) -> None:
    answers(network, "POST", "/orders", signed(clock, {"code": code}, status))
    answers(network, "GET", f"/orders/{PAYMENT}", signed(clock, {"code": code}, status))
    assert wallet.open_order(order(clock)) == OrderAnswer(outcome=placed, problem=code)
    assert wallet.query_order(PAYMENT) == OrderAnswer(outcome=asked, problem=code)


@pytest.mark.parametrize(
    ("status", "document", "outcome"),
    [
        (200, {"state": "succeeded"}, RefundOutcome.SUCCEEDED),
        (200, {"state": "processing"}, RefundOutcome.ACCEPTED),
        (200, {"state": "refused", "reason": "account_closed"}, RefundOutcome.REFUSED),
        (200, {"state": "lost"}, RefundOutcome.UNKNOWN),
        (422, {"code": "refund_exceeds_payment"}, RefundOutcome.REFUSED),
        (404, {"code": "refund_not_found"}, RefundOutcome.NOT_FOUND),
        (500, {"code": "failed"}, RefundOutcome.UNKNOWN),
        (500, b"<html>", RefundOutcome.UNKNOWN),
    ],
)
def test_each_answer_about_a_refund_is_understood(
    wallet: SandboxWallet, network: Any, clock: StandingClock, status: int, document: Any, outcome: RefundOutcome
) -> None:
    answers(network, "POST", "/refunds", signed(clock, document, status))
    assert wallet.refund(GIVE_BACK).outcome is outcome
    assert json.loads(network.calls[0].request.body) == {
        "merchant": "hospital",
        "merchant_refund_id": str(REFUND),
        "merchant_order_id": str(PAYMENT),
        "amount_fen": 1500,
    }


def test_a_refusal_to_tell_about_a_refund_says_nothing_of_it(
    wallet: SandboxWallet, network: Any, clock: StandingClock
) -> None:
    answers(network, "GET", f"/refunds/{REFUND}", signed(clock, {"code": "signature_wrong"}, 401))
    assert wallet.query_refund(REFUND) == RefundAnswer(outcome=RefundOutcome.UNKNOWN, problem="signature_wrong")


def test_the_wallet_is_the_provider_of_its_channel(settings: Settings) -> None:
    assert list(providers(settings)) == [Channel.SANDBOX_WALLET, "insurer", "receipt_seal"]


def test_the_signature_is_what_the_documentation_says() -> None:
    assert signature(b"secret", "1700000000", "n1", b"{}") == (
        "3b3d051e9b03b2a7e32dd6d92caef3d468988820f5e559f723e63aa8f1f8950f"
    )
