"""Bills, payments, refunds, accounts and the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import current_app, request

from services.billing import queries, usecases
from services.billing.api.blueprint import blueprint
from services.billing.schemas.payments import (
    AccountsQuerySchema,
    AccountsSchema,
    EmptySchema,
    InvoiceSchema,
    InvoicesQuerySchema,
    InvoicesSchema,
    LedgerSummarySchema,
    NotificationAnswerSchema,
    PaymentRequestSchema,
    PaymentSchema,
    PaymentsQuerySchema,
    PaymentsSchema,
    RefundSchema,
    RefundsQuerySchema,
    RefundsSchema,
)
from shared.operations import read, run

PAYERS = ("patient", "front_desk", "cashier")
READERS = (*PAYERS, "finance", "auditor")


def _owner(row: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"]]


def _owners(page: dict[str, Any]) -> list[UUID]:
    return [row["patient_id"] for row in page["items"]]


@blueprint.query(
    "/invoices", InvoicesSchema, allow=READERS, args=InvoicesQuerySchema, patients=_owners, purpose="billing"
)
def list_invoices(**wanted: Any) -> Any:
    """Bills of a kind, of one thing or of a patient, the newest first."""
    return read(queries.invoices_of, **wanted)


@blueprint.query("/invoices/<uuid:invoice_id>", InvoiceSchema, allow=READERS, patients=_owner, purpose="billing")
def show_invoice(invoice_id: UUID) -> Any:
    """One bill."""
    return read(queries.invoice, invoice_id=invoice_id)


@blueprint.command("/payments", PaymentSchema, allow=PAYERS, body=PaymentRequestSchema, status=201)
def request_payment(**body: Any) -> Any:
    """Ask to pay a bill; through the wallet it is carried out within a second, watch its state."""
    return run(usecases.request_payment, **body)


@blueprint.query(
    "/payments", PaymentsSchema, allow=READERS, args=PaymentsQuerySchema, patients=_owners, purpose="billing"
)
def list_payments(**wanted: Any) -> Any:
    """Payments, the newest first."""
    return read(queries.payments_of, **wanted)


@blueprint.query("/payments/<uuid:payment_id>", PaymentSchema, allow=READERS, patients=_owner, purpose="billing")
def show_payment(payment_id: UUID) -> Any:
    """One payment."""
    return read(queries.payment, payment_id=payment_id)


@blueprint.command("/payments/<uuid:payment_id>/cancellation", PaymentSchema, allow=PAYERS, body=EmptySchema)
def call_off_payment(payment_id: UUID) -> Any:
    """Have the provider close an order, to pay in another way."""
    return run(usecases.call_off_payment, payment_id=payment_id)


@blueprint.query("/refunds", RefundsSchema, allow=READERS, args=RefundsQuerySchema, patients=_owners, purpose="billing")
def list_refunds(**wanted: Any) -> Any:
    """Refunds, the newest first."""
    return read(queries.refunds_of, **wanted)


@blueprint.command("/refunds/<uuid:refund_id>/payout", RefundSchema, allow=("front_desk", "cashier"), body=EmptySchema)
def pay_out_refund(refund_id: UUID) -> Any:
    """Hand out a refund in cash at the window."""
    return run(usecases.pay_out_refund, refund_id=refund_id)


@blueprint.command("/callbacks/sandbox-wallet", NotificationAnswerSchema, allow=("public",))
def accept_sandbox_wallet_notification() -> Any:
    """The sandbox wallet tells how an order ended; signed by the wallet over the body as it is."""
    wallet = current_app.extensions["anxin.outside"]["sandbox_wallet"]
    now = current_app.extensions["anxin.door"].clock()
    notification = wallet.check_notification(request.headers, request.get_data(), now)
    return run(usecases.accept_notification, **notification)


@blueprint.query("/ledger/summary", LedgerSummarySchema, allow=("finance", "auditor"))
def summarise_ledger() -> Any:
    """Every account's two sides, beside what bills, payments and refunds say."""
    return read(queries.ledger_summary)


@blueprint.query(
    "/accounts", AccountsSchema, allow=READERS, args=AccountsQuerySchema, patients=_owners, purpose="billing"
)
def list_accounts(**wanted: Any) -> Any:
    """Accounts of inpatient stays."""
    return read(queries.accounts_of, **wanted)
