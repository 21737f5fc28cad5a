"""Money that goes back to where it came from: an intent first, succeeded only when the provider says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.billing.domain.errors import RefundNotPayableInCash
from services.billing.domain.ledger import Channel


class RefundState(StrEnum):
    """`accepted` by the provider is not yet refunded; `unknown` is asked about, never repeated blindly."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OPEN_REFUNDS = frozenset({RefundState.REQUESTED, RefundState.ACCEPTED, RefundState.UNKNOWN})


class RefundReason(StrEnum):
    """Why money goes back."""

    APPOINTMENT_CANCELLED = "appointment_cancelled"
    MEAL_CANCELLED = "meal_cancelled"
    COPY_REQUEST_ENDED = "copy_request_ended"
    FEWER_PAGES = "fewer_pages"
    DEPOSIT_CALLED_OFF = "deposit_called_off"
    DEPOSIT_LEFT_OVER = "deposit_left_over"
    SETTLEMENT_WITHDRAWN = "settlement_withdrawn"
    SETTLEMENT_SURPLUS = "settlement_surplus"
    LATE_CHARGE_ENDED = "late_charge_ended"
    LATE_CORRECTION = "late_correction"
    PAID_TOO_LATE = "paid_too_late"
    NOT_DUE = "not_due"
    AMOUNT_MISMATCH = "amount_mismatch"


@dataclass(eq=False, kw_only=True)
class Refund:
    """A refund of one payment in fen. Its id is the idempotency key that the provider sees."""

    id: UUID
    payment_id: UUID
    invoice_id: UUID
    patient_id: UUID
    channel: Channel
    amount_fen: int
    reason: RefundReason
    requested_at: datetime
    state: RefundState = RefundState.REQUESTED
    problem: str | None = None
    paid_out_by: str | None = None
    ended_at: datetime | None = None
    tries: int = 0
    next_try_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether the provider may still pay it."""
        return self.state in OPEN_REFUNDS

    @property
    def is_owed(self) -> bool:
        """Whether the money is not back yet; a refused refund is owed until the window hands it out."""
        return self.state is not RefundState.SUCCEEDED

    def accept(self) -> bool:
        """The provider has taken the refund on. False when it had ended before."""
        if not self.is_open:
            return False
        self.state, self.problem = RefundState.ACCEPTED, None
        return True

    def succeed(self, now: datetime) -> bool:
        """The money is back. False when that was heard before."""
        if self.state is RefundState.SUCCEEDED:
            return False
        self.state, self.problem, self.ended_at, self.next_try_at = RefundState.SUCCEEDED, None, now, None
        return True

    def refuse(self, problem: str, now: datetime) -> bool:
        """The provider will not pay it; the hospital still owes it, and the window may hand out cash."""
        if not self.is_open:
            return False
        self.state, self.problem, self.ended_at, self.next_try_at = RefundState.REFUSED, problem, now, None
        return True

    def doubt(self, problem: str) -> bool:
        """No clear answer. What the provider is known to have accepted stays accepted."""
        if not self.is_open:
            return False
        if self.state is not RefundState.ACCEPTED:
            self.state = RefundState.UNKNOWN
        self.problem = problem
        return True

    def pay_out(self, by: str, now: datetime) -> None:
        """Hand out cash at the window: for cash payments, and where the provider refused. Once."""
        in_cash = self.channel is Channel.CASH and self.is_open
        if not in_cash and self.state is not RefundState.REFUSED:
            raise RefundNotPayableInCash
        self.channel, self.paid_out_by = Channel.CASH, by
        self.succeed(now)


@dataclass(frozen=True, kw_only=True)
class RefundIntent:
    """One attempt to have a refund paid, written down before the provider is called."""

    refund_id: UUID
    payment_id: UUID
    channel: Channel
    amount_fen: int
    ask_first: bool


class RefundOutcome(StrEnum):
    """What a provider can say about a refund."""

    ACCEPTED = "accepted"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class RefundAnswer:
    """A provider's answer about a refund."""

    outcome: RefundOutcome
    problem: str = ""
