"""A payment of a bill: an intent first, then what the provider says happened. Money that came always wins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.billing.domain.billed import BilledKind
from services.billing.domain.errors import AmountMismatch, TransactionMismatch
from services.billing.domain.ledger import Channel


class PaymentState(StrEnum):
    """`unknown` means: being checked with the provider, never "failed, pay again"."""

    REQUESTED = "requested"
    OPEN = "open"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


LIVE = frozenset({PaymentState.REQUESTED, PaymentState.OPEN, PaymentState.UNKNOWN})
"""The states in which money may still come; a bill has at most one such payment, by constraint."""

AMOUNT_MISMATCH = "amount_mismatch"


@dataclass(eq=False, kw_only=True)
class Payment:
    """One attempt to pay a bill. Amounts in fen.

    `received_fen` is what the provider really took, `returned_fen` what refunds were asked for of it, `counted`
    whether the bill counts it as paid. `closing` asks the provider to close its order. `problem` is a stable code.
    """

    id: UUID
    invoice_id: UUID
    billed_kind: BilledKind
    billed_id: UUID
    patient_id: UUID
    channel: Channel
    amount_fen: int
    requested_by: str
    request_id: str
    requested_at: datetime
    expires_at: datetime
    return_path: str = "/"
    client_reference: str | None = None
    state: PaymentState = PaymentState.REQUESTED
    pay_url: str | None = None
    provider_transaction_id: str | None = None
    received_fen: int = 0
    returned_fen: int = 0
    counted: bool = False
    closing: bool = False
    problem: str | None = None
    ended_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    version: int = 1

    @property
    def is_live(self) -> bool:
        """Whether money may still come."""
        return self.state in LIVE

    @property
    def left_fen(self) -> int:
        """What the bill still has of this payment: counted, and not yet asked to go back. Fen."""
        return self.received_fen - self.returned_fen if self.counted else 0

    def opened(self, pay_url: str) -> bool:
        """The provider has an open order. False when the payment has ended meanwhile."""
        if not self.is_live:
            return False
        if self.state is not PaymentState.OPEN:
            self.tries = 0  # from now on the tries are questions about an open order
        self.state, self.pay_url, self.problem = PaymentState.OPEN, pay_url, None
        return True

    def receive(self, received_fen: int, transaction_id: str | None, now: datetime) -> bool:
        """The provider took the money, whatever we thought before. False when this was heard before.

        Raises AmountMismatch for another amount than asked for, TransactionMismatch when the payment was already made
        by another transaction; nothing changes then.
        """
        if self.received_fen:
            if transaction_id != self.provider_transaction_id:
                raise TransactionMismatch
            if received_fen != self.received_fen or self.state is not PaymentState.SUCCEEDED:
                raise AmountMismatch
            return False
        if received_fen != self.amount_fen:
            raise AmountMismatch
        self.received_fen, self.provider_transaction_id, self.problem = received_fen, transaction_id, None
        self._end(PaymentState.SUCCEEDED, now)
        return True

    def receive_wrong_sum(self, received_fen: int, transaction_id: str | None, now: datetime) -> bool:
        """The provider itself says that it took another amount than asked for: the payment has failed."""
        if self.received_fen:
            return False
        self.received_fen, self.provider_transaction_id, self.problem = received_fen, transaction_id, AMOUNT_MISMATCH
        self._end(PaymentState.FAILED, now)
        return True

    def fail(self, problem: str, now: datetime) -> bool:
        """The provider says that no money will come. False when the payment had ended before."""
        return self._end_without_money(PaymentState.FAILED, problem, now)

    def close(self, problem: str, now: datetime) -> bool:
        """The order is closed at the provider and can no longer be paid. False when the payment had ended before."""
        return self._end_without_money(PaymentState.CANCELLED, problem, now)

    def doubt(self, problem: str) -> bool:
        """No clear answer: an order that is known to be open stays open, anything else is unknown until asked."""
        if not self.is_live:
            return False
        if self.state is not PaymentState.OPEN:
            self.state = PaymentState.UNKNOWN
        self.problem = problem
        return True

    def want_closed(self, problem: str, now: datetime) -> None:
        """Have the order closed; one that the provider has never heard of ends at once, for this reason."""
        if self.state is PaymentState.REQUESTED and self.tries == 0:
            self.close(problem, now)
        elif self.is_live:
            self.closing, self.next_try_at = True, now

    def _end_without_money(self, state: PaymentState, problem: str, now: datetime) -> bool:
        if not self.is_live:
            return False
        self.problem = problem
        self._end(state, now)
        return True

    def _end(self, state: PaymentState, now: datetime) -> None:
        self.state, self.ended_at, self.next_try_at, self.closing = state, now, None, False


class OrderStep(StrEnum):
    """What to do next with the provider's order of a payment."""

    OPEN = "open"
    ASK = "ask"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True)
class OrderIntent:
    """One attempt to move a payment's order on, written down before the provider is called."""

    payment_id: UUID
    channel: Channel
    step: OrderStep
    may_open: bool
    """Whether an order that the provider has never heard of may be opened now (asked first, so never blindly)."""
    amount_fen: int
    number: str
    subject_zh: str
    subject_en: str
    return_path: str
    expires_at: datetime


class OrderOutcome(StrEnum):
    """What a provider can say about an order."""

    OPENED = "opened"
    PAID = "paid"
    FAILED = "failed"
    CLOSED = "closed"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class OrderAnswer:
    """A provider's answer. `problem` is a stable code for what did not work."""

    outcome: OrderOutcome
    pay_url: str = ""
    transaction_id: str | None = None
    paid_fen: int = 0
    problem: str = ""


def next_step(payment: Payment, now: datetime) -> OrderStep:
    """Open what is new, close what is no longer wanted or has run out, otherwise ask first."""
    if payment.closing or (payment.state is PaymentState.OPEN and now >= payment.expires_at):
        return OrderStep.CLOSE
    if payment.state is PaymentState.REQUESTED and payment.tries == 0:
        return OrderStep.OPEN
    return OrderStep.ASK
