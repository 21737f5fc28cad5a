"""Bills of copies of records: prepaid when submitted, settled by real pages, given back when the request ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from services.billing import store
from services.billing.domain import BilledKind, Invoice, InvoiceState, RefundReason, bookkeeping
from services.billing.usecases.invoices import Text, end_bill, finish, issue_bill, lapse_bill
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotYet


def bill_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """Somebody asks for copies: the prepayment is billed to the applicant's own record, once."""
    return issue_bill(
        uow,
        kind=BilledKind.COPY_REQUEST,
        billed_id=data["request_id"],
        patient_id=data["patient_id"],
        lines=[Text(data["text_zh"], data["text_en"], data["amount_fen"])],
        actor=actor,
        now=now,
    )


def end_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The request is refused or withdrawn: prepayment and top-up are owed no longer, and what was paid goes back."""
    for kind in (BilledKind.COPY_REQUEST, BilledKind.COPY_TOP_UP):
        end_bill(uow, kind=kind, billed_id=data["request_id"], actor=actor, now=now)


def end_unpaid_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """The time to pay is over: an unpaid prepayment ends, a paid one stands."""
    return lapse_bill(uow, kind=BilledKind.COPY_REQUEST, billed_id=data["request_id"], actor=actor, now=now)


def settle_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The pages are counted (`final_fen`): the surplus of the prepayment goes back, or the rest is billed.

    Heard again, nothing changes. A request that has ended is left alone. Raises NotYet until the prepayment is paid.
    """
    request_id, final_fen = data["request_id"], data["final_fen"]
    if store.lock_billed(uow, BilledKind.COPY_REQUEST, request_id).cancelled_at is not None:
        return
    invoice = store.lock_invoice_of(uow, BilledKind.COPY_REQUEST, request_id)
    if invoice is None or invoice.state is InvoiceState.ISSUED:
        raise NotYet(f"copy request {request_id}")
    if invoice.state is not InvoiceState.BALANCED:
        return
    if final_fen > invoice.amount_fen:
        issue_bill(
            uow,
            kind=BilledKind.COPY_TOP_UP,
            billed_id=request_id,
            patient_id=data["patient_id"],
            lines=[Text(data["text_zh"], data["text_en"], final_fen - invoice.amount_fen)],
            actor=actor,
            now=now,
        )
    else:
        _give_surplus_back(uow, invoice, final_fen, actor, now)


def _give_surplus_back(uow: UnitOfWork, invoice: Invoice, final_fen: int, actor: Actor, now: datetime) -> None:
    for payment in store.lock_payments_of(uow, invoice):
        surplus_fen = payment.left_fen - final_fen
        if surplus_fen > 0:
            reason = RefundReason.FEWER_PAGES
            done = bookkeeping.give_back(invoice, payment, amount_fen=surplus_fen, reason=reason, now=now, new_id=uuid4)
            finish(uow, done, actor=actor, now=now)
