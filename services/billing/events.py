"""The facts that billing publishes. Money is integer fen.

`billed_kind` and `billed_id` say what a bill is for: one of the words of `domain.BilledKind`, and the id of the thing.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from shared.events import fact


@fact("billing.invoice_issued.v1", subject="invoice_id")
class InvoiceIssued:
    """A bill is known and can be paid."""

    invoice_id: UUID
    billed_kind: str
    billed_id: UUID
    patient_id: UUID
    amount_fen: int


@fact("billing.invoice_paid.v1", subject="invoice_id")
class InvoicePaid:
    """The bill is paid in full. `payment_id` is null where nothing was to be paid."""

    invoice_id: UUID
    billed_kind: str
    billed_id: UUID
    patient_id: UUID
    payment_id: UUID | None
    amount_fen: int


@fact("billing.invoice_cancelled.v1", subject="invoice_id")
class InvoiceCancelled:
    """The bill is owed no longer; whatever was paid on it goes back."""

    invoice_id: UUID
    billed_kind: str
    billed_id: UUID
    patient_id: UUID
    amount_fen: int


@fact("billing.refund_succeeded.v1", subject="refund_id")
class RefundSucceeded:
    """The money is back where it came from (accepted by the wallet is not yet refunded)."""

    refund_id: UUID
    payment_id: UUID
    invoice_id: UUID
    billed_kind: str
    billed_id: UUID
    patient_id: UUID
    amount_fen: int


@fact("billing.balance_low.v1", subject="account_id")
class BalanceLow:
    """The deposits of a stay that goes on are nearly used up (fen; below 0 is owed). Told once on a hospital day."""

    account_id: UUID
    encounter_id: UUID
    patient_id: UUID
    balance_fen: int
    threshold_fen: int
    day: date


# ---------------------------------------------------------------------------------------------------- settlement


@fact("billing.settlement_opened.v1", subject="settlement_id")
class SettlementOpened:
    """A stay is being settled: whoever charges for it posts what is theirs, takes no more, and says so."""

    settlement_id: UUID
    encounter_id: UUID
    patient_id: UUID


@fact("billing.settlement_withdrawn.v1", subject="settlement_id")
class SettlementWithdrawn:
    """The settlement was called off before money moved: the stay may be charged again."""

    settlement_id: UUID
    encounter_id: UUID
    patient_id: UUID


@fact("billing.settlement_to_pay.v1", subject="settlement_id")
class SettlementToPay:
    """The person has signed, and the rest of the stay's bill is to be paid (fen, more than nothing)."""

    settlement_id: UUID
    encounter_id: UUID
    patient_id: UUID
    invoice_id: UUID
    amount_fen: int


@fact("billing.stay_settled.v1", subject="settlement_id")
class StaySettled:
    """A stay is settled for good (fen): what it cost, what insurers bear, what the person bore, what goes back."""

    settlement_id: UUID
    encounter_id: UUID
    patient_id: UUID
    total_fen: int
    insurer_fen: int
    own_fen: int
    refunded_fen: int
