"""What records hears of the others: of billing, how the money for copies stands. Persons begin here."""

from __future__ import annotations

from collections.abc import Mapping

from services.records import usecases
from services.records.schemas.copies import InvoiceAmountSchema, InvoiceCancelledSchema
from shared.service import Subscription

SUBSCRIPTIONS: Mapping[str, Subscription] = {
    "billing.invoice_issued.v1": Subscription(InvoiceAmountSchema, usecases.copies.note_invoice),
    "billing.invoice_paid.v1": Subscription(InvoiceAmountSchema, usecases.postage.note_payment),
    "billing.invoice_cancelled.v1": Subscription(InvoiceCancelledSchema, usecases.postage.note_cancelled_invoice),
    "billing.refund_succeeded.v1": Subscription(InvoiceAmountSchema, usecases.copies.note_refund),
}
