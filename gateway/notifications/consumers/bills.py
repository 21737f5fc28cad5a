"""Bills: to be paid, paid, given back. Where the thing itself tells of its bill, the inbox is not told twice."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from gateway.notifications.domain import Telling
from shared.schemas import EventSchema


class InvoiceSchema(EventSchema):
    """`billing.invoice_issued.v1` and `billing.invoice_paid.v1`; the amount is in fen."""

    invoice_id = fields.UUID(required=True)
    billed_kind = fields.String(required=True)
    billed_id = fields.UUID(required=True)
    patient_id = fields.UUID(required=True)
    amount_fen = fields.Integer(required=True, strict=True)


class RefundSucceededSchema(InvoiceSchema):
    """`billing.refund_succeeded.v1`; the amount is in fen, `billed_kind` says what had been paid."""

    invoice_id = fields.UUID()
    refund_id = fields.UUID(required=True)


BY_ITSELF = frozenset({"appointment", "copy_request", "copy_top_up", "settlement"})
"""What tells of its own bill: the appointment, the request and the settlement say that money is due."""
PAID_BY_ITSELF = BY_ITSELF - {"settlement"}
"""What tells by itself that the money has arrived."""


def _issued(data: dict[str, Any]) -> str | None:
    own = data["billed_kind"] in BY_ITSELF or data["billed_kind"] == "deposit"
    return "bill_issued" if data["amount_fen"] and not own else None


def _paid(data: dict[str, Any]) -> str | None:
    """A bill of nothing is balanced by itself: nobody has paid."""
    return "bill_paid" if data["amount_fen"] else None


TELLINGS = {
    "billing.invoice_issued.v1": Telling(InvoiceSchema, _issued, "invoice_id"),
    "billing.invoice_paid.v1": Telling(
        InvoiceSchema, _paid, "invoice_id", notify=lambda data: data["billed_kind"] not in PAID_BY_ITSELF
    ),
    "billing.refund_succeeded.v1": Telling(RefundSucceededSchema, "refund_succeeded", "refund_id"),
}
