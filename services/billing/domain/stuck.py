"""Money and calls that did not end: what can be done about each (handbook sections 3.11 and 3.15)."""

from __future__ import annotations

from enum import StrEnum

from services.billing.domain.claim import ClaimState
from services.billing.domain.ledger import Channel
from services.billing.domain.payment import LIVE, PaymentState
from services.billing.domain.refund import OPEN_REFUNDS, RefundState


class StuckKind(StrEnum):
    """What can get stuck."""

    PAYMENT = "payment"
    REFUND = "refund"
    CLAIM = "claim"
    RECEIPT = "receipt"


class WayOut(StrEnum):
    """What a person can do about it. The clock goes on trying whatever they choose."""

    RETRY = "retry"
    CALL_OFF = "call_off"
    PAY_OUT = "pay_out"
    REVERSE = "reverse"
    SET_ASIDE = "set_aside"


GRACE_SECONDS = 60
"""What is younger than this and without a problem is on its way, not stuck."""


def ways_for_payment(state: PaymentState) -> tuple[WayOut, ...]:
    """Ask the provider again now, or have it close the order; nothing once it has ended."""
    return (WayOut.RETRY, WayOut.CALL_OFF, WayOut.SET_ASIDE) if state in LIVE else ()


def ways_for_refund(state: RefundState, channel: Channel) -> tuple[WayOut, ...]:
    """Ask again now; cash where it was cash, or where the provider refuses; nothing once the money is back."""
    if state is RefundState.SUCCEEDED:
        return ()
    pay_out = state is RefundState.REFUSED or channel is Channel.CASH
    asks = state in OPEN_REFUNDS and channel is not Channel.CASH
    return (*((WayOut.RETRY,) if asks else ()), *((WayOut.PAY_OUT,) if pay_out else ()), WayOut.SET_ASIDE)


def ways_for_claim(state: ClaimState, *, is_waiting: bool) -> tuple[WayOut, ...]:
    """Ask again now, or undo it; one that is being undone is only asked again."""
    if not is_waiting:
        return ()
    undo = () if state is ClaimState.REVERSING else (WayOut.REVERSE,)
    return (WayOut.RETRY, *undo, WayOut.SET_ASIDE)


def ways_for_receipt() -> tuple[WayOut, ...]:
    """A receipt that is due is tried again."""
    return (WayOut.RETRY, WayOut.SET_ASIDE)
