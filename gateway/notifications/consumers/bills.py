"""Bills of every kind: to be paid, paid, given back. Of an appointment's bill the appointment itself tells."""

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


ASKED_FOR = frozenset({"copy_top_up", "late_charge", "meal_order"})
"""Bills that somebody else's act makes, so that the person has to be told that there is something to pay.

Of a stay's settlement `billing.settlement_to_pay.v1` tells.
"""


def _issued(data: dict[str, Any]) -> str | None:
    return "bill_issued" if data["billed_kind"] in ASKED_FOR and data["amount_fen"] else None


def _paid(data: dict[str, Any]) -> str | None:
    """A bill of nothing is balanced by itself: nobody has paid."""
    return "bill_paid" if data["amount_fen"] else None


TELLINGS = {
    "billing.invoice_issued.v1": Telling(InvoiceSchema, _issued, "invoice_id"),
    "billing.invoice_paid.v1": Telling(
        InvoiceSchema, _paid, "invoice_id", notify=lambda data: data["billed_kind"] != "appointment"
    ),
    "billing.refund_succeeded.v1": Telling(RefundSucceededSchema, "refund_succeeded", "refund_id"),
}
