"""Named locks and finders. Locks are always taken in one order: what is billed, invoice, payment, refund."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import (
    OPEN_REFUNDS,
    BilledKind,
    Channel,
    Consequences,
    Invoice,
    Payment,
    PaymentState,
    Refund,
)
from services.billing.store.tables import billed, invoices, payments, postings, refunds
from shared.database import UnitOfWork


class Heard(NamedTuple):
    """What billing has heard of the end of what it bills: that it is no more, and that its time to pay is over."""

    cancelled_at: datetime | None
    lapsed_at: datetime | None


def lock_billed(uow: UnitOfWork, kind: BilledKind, id_: UUID) -> Heard:
    """Lock what is known of a thing to be billed, from the first message about it on."""
    uow.insert_once(billed, [{"kind": kind, "id": id_}], returning=[billed.c.id])
    query = sa.select(billed.c.cancelled_at, billed.c.lapsed_at).where(_is(kind, id_)).with_for_update()
    row = uow.session.execute(query).one()
    return Heard(row.cancelled_at, row.lapsed_at)


def remember_cancelled(uow: UnitOfWork, kind: BilledKind, id_: UUID, now: datetime) -> None:
    """Keep the end of a locked thing, so that a message that comes later finds it."""
    uow.session.execute(billed.update().where(_is(kind, id_)).values(cancelled_at=now))


def remember_lapsed(uow: UnitOfWork, kind: BilledKind, id_: UUID, now: datetime) -> None:
    """Keep that the time to pay of a locked thing is over, so that a message that comes later finds it."""
    uow.session.execute(billed.update().where(_is(kind, id_)).values(lapsed_at=now))


def _is(kind: BilledKind, id_: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(billed.c.kind == kind, billed.c.id == id_)


def _locked(uow: UnitOfWork, query: Any) -> Any:
    """The one row, read again under its lock: what was read before the lock is worth nothing."""
    locked = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.execute(locked).scalar_one_or_none()


def lock_invoice(uow: UnitOfWork, invoice_id: UUID) -> Invoice | None:
    """A bill for changing."""
    found: Invoice | None = _locked(uow, sa.select(Invoice).where(invoices.c.id == invoice_id))
    return found


def lock_invoice_of(uow: UnitOfWork, kind: BilledKind, id_: UUID) -> Invoice | None:
    """The bill of a thing for changing."""
    query = sa.select(Invoice).where(invoices.c.billed_kind == kind, invoices.c.billed_id == id_)
    found: Invoice | None = _locked(uow, query)
    return found


def lock_payments_of(uow: UnitOfWork, invoice: Invoice) -> Sequence[Payment]:
    """All payments of a locked bill for changing, in the order of their ids."""
    query = sa.select(Payment).where(payments.c.invoice_id == invoice.id).order_by(payments.c.id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return uow.session.execute(locked).scalars().all()


def lock_payment(uow: UnitOfWork, payment_id: UUID) -> tuple[Invoice, Payment] | None:
    """A payment and its bill for changing."""
    owner = sa.select(payments.c.invoice_id).where(payments.c.id == payment_id).scalar_subquery()
    invoice: Invoice | None = _locked(uow, sa.select(Invoice).where(invoices.c.id == owner))
    if invoice is None:
        return None
    payment: Payment = _locked(uow, sa.select(Payment).where(payments.c.id == payment_id))
    return invoice, payment


def lock_refund(uow: UnitOfWork, refund_id: UUID) -> tuple[Invoice, Payment, Refund] | None:
    """A refund, its payment and its bill for changing."""
    owner = sa.select(refunds.c.payment_id).where(refunds.c.id == refund_id)
    payment_id = uow.session.execute(owner).scalar_one_or_none()
    found = lock_payment(uow, payment_id) if payment_id else None
    if found is None:
        return None
    refund: Refund = _locked(uow, sa.select(Refund).where(refunds.c.id == refund_id))
    return *found, refund


def payment_of_transaction(uow: UnitOfWork, channel: Channel, transaction_id: str) -> UUID | None:
    """Which payment a provider's transaction belongs to."""
    query = sa.select(payments.c.id).where(
        payments.c.channel == channel, payments.c.provider_transaction_id == transaction_id
    )
    return uow.session.execute(query).scalar_one_or_none()


def due_payments(uow: UnitOfWork, *, now: datetime, limit: int, new: bool) -> Sequence[Payment]:
    """Payments whose order at the provider is to be moved on: those never tried, or all others; nobody else's."""
    is_new = sa.and_(payments.c.state == PaymentState.REQUESTED, payments.c.tries == 0, ~payments.c.closing)
    query = (
        sa.select(Payment)
        .where(payments.c.next_try_at <= now, is_new if new else ~is_new)
        .order_by(payments.c.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return uow.session.execute(query).scalars().all()


def due_refunds(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[Refund]:
    """Refunds that a provider is to be asked for or about; nobody else's."""
    query = (
        sa.select(Refund)
        .where(refunds.c.next_try_at <= now, refunds.c.state.in_(sorted(OPEN_REFUNDS)))
        .order_by(refunds.c.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return uow.session.execute(query).scalars().all()


def invoices_by_id(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Invoice]:
    """Bills for reading."""
    query = sa.select(Invoice).where(invoices.c.id.in_(list(ids)))
    return {invoice.id: invoice for invoice in uow.session.execute(query).scalars()}


def keep(uow: UnitOfWork, done: Consequences, *, now: datetime) -> None:
    """Write down what followed: new refunds, and the rows of the ledger."""
    uow.session.add_all(done.refunds)
    uow.session.flush()
    uow.insert(
        postings,
        [
            {
                "kind": each.kind,
                "reference": each.reference,
                "invoice_id": each.invoice_id,
                "stay_account_id": each.stay_account_id,
                "debit_account": each.debit,
                "credit_account": each.credit,
                "amount_fen": each.amount_fen,
                "posted_at": now,
            }
            for each in done.postings
        ],
    )
