"""Bills of copies of records: prepaid by the pages to be expected, settled by the real ones (handbook 5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.billing import store
from services.billing.domain import BilledKind, Invoice, InvoiceState, RefundReason
from services.billing.usecases.invoices import Text, end_bill, issue_bill, lapse_bill
from services.billing.usecases.refunds import give_back
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotYet

_PREPAID, _REST = BilledKind.COPY_REQUEST, BilledKind.COPY_TOP_UP


def bill_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """Somebody asks for copies: the prepayment (`amount_fen`) is billed once."""
    line = Text(data["text_zh"], data["text_en"], data["amount_fen"])
    return _bill(uow, _PREPAID, data, line, actor, now)


def end_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """There will be no copies, for whatever reason: nothing is owed, and everything that was paid goes back."""
    for kind in (_PREPAID, _REST):
        end_bill(uow, kind=kind, billed_id=data["request_id"], actor=actor, now=now)


def bill_postage(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """A parcel that came back is sent once more: its postage is billed once, by the parcel's own id."""
    line = Text(data["text_zh"], data["text_en"], data["amount_fen"])
    return issue_bill(
        uow,
        kind=_REST,
        billed_id=data["shipment_id"],
        patient_id=data["patient_id"],
        lines=[line],
        actor=actor,
        now=now,
    )


def end_postage(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The second postage is not needed any more: nothing is owed, what was paid goes back."""
    end_bill(uow, kind=_REST, billed_id=data["shipment_id"], actor=actor, now=now)


def lapse_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> Invoice | None:
    """The time to pay is over: billing decides whether the request has expired, because it knows the money."""
    return lapse_bill(uow, kind=_PREPAID, billed_id=data["request_id"], actor=actor, now=now)


def settle_copies(uow: UnitOfWork, *, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """The pages are counted: the surplus over `final_fen` goes back, what is missing is billed; equal is nothing.

    A request that has ended meanwhile is left alone: all of its money is going back. Raises NotYet while the prepayment
    is not known to be paid here.
    """
    request_id = data["request_id"]
    heard = store.lock_billed(uow, _PREPAID, request_id)
    invoice = store.lock_invoice_of(uow, _PREPAID, request_id)
    if heard.cancelled_at is not None:
        return
    if invoice is None or invoice.state is not InvoiceState.BALANCED:
        raise NotYet(f"the prepayment of copy request {request_id}")
    rest = data["final_fen"] - invoice.amount_fen
    if rest > 0:
        _bill(uow, _REST, data, Text(data["text_zh"], data["text_en"], rest), actor, now)
    payments = store.lock_payments_of(uow, invoice)
    surplus = sum(each.left_fen for each in payments) - data["final_fen"]  # of what is left: heard again, it is nothing
    for payment in payments:
        part = min(max(surplus, 0), payment.left_fen)
        if part:
            give_back(
                uow, payment_id=payment.id, amount_fen=part, reason=RefundReason.FEWER_PAGES, actor=actor, now=now
            )
        surplus -= part


def _bill(
    uow: UnitOfWork, kind: BilledKind, data: Mapping[str, Any], line: Text, actor: Actor, now: datetime
) -> Invoice | None:
    return issue_bill(
        uow,
        kind=kind,
        billed_id=data["request_id"],
        patient_id=data["patient_id"],
        lines=[line],
        actor=actor,
        now=now,
    )
