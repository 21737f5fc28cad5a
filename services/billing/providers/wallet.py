"""What a payment provider must be able to do, and the sandbox wallet that does it.

Signatures of the sandbox wallet: HMAC-SHA256 with the shared secret, in lower-case hex, over the lines named below,
each ended by a line feed. Requests: method, path, timestamp, nonce, body. Answers and notifications: timestamp, nonce,
body.
The headers are `Wallet-Timestamp` (Unix seconds), `Wallet-Nonce` and `Wallet-Signature`; more than five minutes off is
stale. What cannot be verified or read is no answer: the outcome is unknown and will be asked about.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import requests

from services.billing.domain import (
    NotificationForged,
    NotificationMalformed,
    NotificationStale,
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
)
from services.billing.providers.signing import Unclear, signature
from shared.client import pooled_session
from shared.clock import Clock, iso, utc_now

MERCHANT = "hospital"
FRESH_SECONDS = 300
TIMEOUT_SECONDS = (1.0, 4.0)
_HTTP_OK = 200
_NOTHING_DONE = frozenset({400, 401, 403, 409, 413, 415, 422})
"""Statuses by which the wallet says that it did not do what was asked for."""


class PaymentProvider(Protocol):
    """What billing needs of a provider. No call raises for what the other side does: no clear answer is `unknown`."""

    def open_order(self, intent: OrderIntent) -> OrderAnswer:
        """Let a payment be paid; sent again with the same payment id it is the same order."""
        ...

    def query_order(self, payment_id: UUID) -> OrderAnswer:
        """What became of an order."""
        ...

    def close_order(self, payment_id: UUID) -> OrderAnswer:
        """Close an order so that it can no longer be paid; tells if it was paid before."""
        ...

    def refund(self, intent: RefundIntent) -> RefundAnswer:
        """Give money back; sent again with the same refund id it is the same refund."""
        ...

    def query_refund(self, refund_id: UUID) -> RefundAnswer:
        """What became of a refund."""
        ...

    def check_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> dict[str, Any]:
        """Verify and read what the provider tells by itself: payment_id, outcome, paid_fen, transaction_id, problem."""
        ...


class SandboxWallet:
    """The demo hospital's wallet. `site` is the address of the gateway, for notifications and for the way back."""

    def __init__(
        self,
        address: str,
        *,
        secret: str,
        site: str,
        session: requests.Session | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._address, self._site = address, site
        self._secret = secret.encode()
        self._session = session or pooled_session(8)
        self._clock = clock

    def open_order(self, intent: OrderIntent) -> OrderAnswer:
        """POST /orders; a refusal means that there is no order."""
        body = {
            "merchant": MERCHANT,
            "merchant_order_id": str(intent.payment_id),
            "amount_fen": intent.amount_fen,
            "number": intent.number,
            "subject": {"zh": intent.subject_zh, "en": intent.subject_en},
            "notify_url": f"{self._site}/callbacks/sandbox-wallet",
            "return_url": f"{self._site}{intent.return_path}",
            "expires_at": iso(intent.expires_at),
        }
        return self._order("POST", "/orders", body)

    def query_order(self, payment_id: UUID) -> OrderAnswer:
        """GET /orders/{merchant's id}."""
        return self._order("GET", f"/orders/{payment_id}")

    def close_order(self, payment_id: UUID) -> OrderAnswer:
        """POST /orders/{merchant's id}/closure."""
        return self._order("POST", f"/orders/{payment_id}/closure", {})

    def refund(self, intent: RefundIntent) -> RefundAnswer:
        """POST /refunds; a refusal means that no money moves."""
        body = {
            "merchant": MERCHANT,
            "merchant_refund_id": str(intent.refund_id),
            "merchant_order_id": str(intent.payment_id),
            "amount_fen": intent.amount_fen,
        }
        return self._refund("POST", "/refunds", body)

    def query_refund(self, refund_id: UUID) -> RefundAnswer:
        """GET /refunds/{merchant's id}."""
        return self._refund("GET", f"/refunds/{refund_id}")

    def check_notification(self, headers: Mapping[str, str], body: bytes, now: datetime) -> dict[str, Any]:
        """Raises NotificationForged, NotificationStale or NotificationMalformed."""
        self._check_signature(headers, body, now)
        try:
            order = json.loads(body)
            answer = _read_order(order)
            payment_id = UUID(order["merchant_order_id"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotificationMalformed from error
        if answer.outcome is OrderOutcome.OPENED:
            raise NotificationMalformed
        return {
            "payment_id": payment_id,
            "outcome": answer.outcome,
            "paid_fen": answer.paid_fen,
            "transaction_id": answer.transaction_id,
            "problem": answer.problem,
        }

    def _order(self, method: str, path: str, body: dict[str, Any] | None = None) -> OrderAnswer:
        try:
            status, answer = self._send(method, path, body)
            if status < _HTTP_OK + 100:
                return _read_order(answer)
            problem = str(answer["code"])
        except (Unclear, ValueError, KeyError, TypeError) as error:
            return OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem=_silence(error))
        if problem == "order_not_found":
            return OrderAnswer(outcome=OrderOutcome.NOT_FOUND, problem=problem)
        refused = status in _NOTHING_DONE and path == "/orders"
        return OrderAnswer(outcome=OrderOutcome.FAILED if refused else OrderOutcome.UNKNOWN, problem=problem[:80])

    def _refund(self, method: str, path: str, body: dict[str, Any] | None = None) -> RefundAnswer:
        try:
            status, answer = self._send(method, path, body)
            if status < _HTTP_OK + 100:
                return _read_refund(answer)
            problem = str(answer["code"])
        except (Unclear, ValueError, KeyError, TypeError) as error:
            return RefundAnswer(outcome=RefundOutcome.UNKNOWN, problem=_silence(error))
        if problem == "refund_not_found":
            return RefundAnswer(outcome=RefundOutcome.NOT_FOUND, problem=problem)
        refused = status in _NOTHING_DONE and method == "POST"
        return RefundAnswer(outcome=RefundOutcome.REFUSED if refused else RefundOutcome.UNKNOWN, problem=problem[:80])

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """One signed request. Raises Unclear when no verified JSON object comes back in time."""
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        timestamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "Wallet-Timestamp": timestamp,
            "Wallet-Nonce": nonce,
            "Wallet-Signature": signature(self._secret, method, path, timestamp, nonce, data),
        }
        try:
            response = self._session.request(
                method, self._address + path, data=data, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
            self._check_signature(response.headers, response.content, self._clock())
            answer = json.loads(response.content)
        except requests.RequestException as error:
            raise Unclear("provider_silent") from error
        except (NotificationForged, NotificationStale, ValueError) as error:
            raise Unclear("provider_unreadable") from error
        if not isinstance(answer, dict):
            raise Unclear("provider_unreadable")
        return response.status_code, answer

    def _check_signature(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        timestamp, nonce = headers.get("Wallet-Timestamp", ""), headers.get("Wallet-Nonce", "")
        given = headers.get("Wallet-Signature", "")
        wanted = signature(self._secret, timestamp, nonce, body)
        if not given.isascii() or not hmac.compare_digest(given, wanted):
            raise NotificationForged
        if not timestamp.isdecimal() or abs(now.timestamp() - int(timestamp)) > FRESH_SECONDS:
            raise NotificationStale


def _silence(error: Exception) -> str:
    return str(error) if isinstance(error, Unclear) else "provider_unreadable"


def _read_order(order: dict[str, Any]) -> OrderAnswer:
    """The wallet's words for an order in ours. Raises ValueError, KeyError or TypeError for what makes no sense."""
    state, reason = order["state"], order.get("reason") or ""
    if state == "open":
        return OrderAnswer(outcome=OrderOutcome.OPENED, pay_url=_text(order["pay_url"], 500))
    if state == "paid":
        paid = order["paid_fen"]
        if type(paid) is not int or paid <= 0 or order["currency"] != "CNY":
            raise ValueError("a paid order needs an amount")
        return OrderAnswer(outcome=OrderOutcome.PAID, paid_fen=paid, transaction_id=_text(order["transaction_id"], 80))
    if state == "closed":
        failed = reason == "insufficient_balance"
        outcome = OrderOutcome.FAILED if failed else OrderOutcome.CLOSED
        return OrderAnswer(outcome=outcome, problem=_text(reason, 80))
    raise ValueError("an order in no known state")


def _read_refund(refund: dict[str, Any]) -> RefundAnswer:
    outcomes = {
        "succeeded": RefundOutcome.SUCCEEDED,
        "processing": RefundOutcome.ACCEPTED,
        "refused": RefundOutcome.REFUSED,
    }
    return RefundAnswer(outcome=outcomes[refund["state"]], problem=str(refund.get("reason") or "")[:80])


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ValueError("a text is missing or too long")
    return value
