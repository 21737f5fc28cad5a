"""Bills, payments and refunds as plain things, in any state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.billing.domain import (
    BilledKind,
    Channel,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Payment,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def bill(state: InvoiceState, **changes: Any) -> Invoice:
    """A bill of 15.00 in two lines."""
    amounts = {} if state is InvoiceState.DRAFT else {"amount_fen": 1500}
    lines = [
        InvoiceLine(number=1, text_zh="挂号费", text_en="Registration fee", amount_fen=1200),
        InvoiceLine(number=2, text_zh="病历本", text_en="Record book", amount_fen=300),
    ]
    paid = {"paid_fen": 1500} if state is InvoiceState.BALANCED else {}
    values: dict[str, Any] = {"id": uuid4(), "number": "AX20261123-00000001", "lines": lines, **amounts, **paid}
    billed: dict[str, Any] = {"billed_kind": BilledKind.APPOINTMENT, "billed_id": uuid4(), "patient_id": uuid4()}
    return Invoice(state=state, **(billed | values | changes))


def pay(state: PaymentState, **changes: Any) -> Payment:
    """A payment of 15.00 through the wallet."""
    settled = {"received_fen": 1500, "provider_transaction_id": "T1"} if state is PaymentState.SUCCEEDED else {}
    values: dict[str, Any] = {"tries": 1, "next_try_at": NOW, **settled}
    return Payment(
        id=uuid4(),
        invoice_id=uuid4(),
        billed_kind=BilledKind.APPOINTMENT,
        billed_id=uuid4(),
        patient_id=uuid4(),
        channel=Channel.SANDBOX_WALLET,
        amount_fen=1500,
        requested_by="account:one",
        request_id="r",
        requested_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
        state=state,
        **(values | changes),
    )


def give_back(state: RefundState, channel: Channel = Channel.SANDBOX_WALLET) -> Refund:
    """A refund of 15.00."""
    return Refund(
        id=uuid4(),
        payment_id=uuid4(),
        invoice_id=uuid4(),
        patient_id=uuid4(),
        channel=channel,
        amount_fen=1500,
        reason=RefundReason.APPOINTMENT_CANCELLED,
        requested_at=NOW,
        state=state,
    )
