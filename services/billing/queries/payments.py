"""Reading bills, payments, refunds and the ledger.

A patient sees what they may pay for; the window, finance and auditors see all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import AccountState, BilledKind, Channel, InvoiceState, PaymentState, RefundState
from services.billing.store import (
    accounts,
    all_ids,
    invoice_lines,
    invoices,
    payments,
    postings,
    present_ids,
    refunds,
    same_patient,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

STAFF = ("front_desk", "cashier", "finance", "auditor")
Row = dict[str, Any]


def invoice(uow: UnitOfWork, *, actor: Actor, now: datetime, invoice_id: UUID) -> Row:
    """One bill with its lines."""
    row = _one(uow, invoices, actor, invoice_id)
    return _with_lines(uow, [row])[0]


def invoices_of(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    billed_kind: BilledKind | None = None,
    billed_id: UUID | None = None,
    patient_id: UUID | None = None,
    state: InvoiceState | None = None,
    after: UUID | None = None,
) -> Row:
    """Bills, the newest first, of a kind, of one thing, of a patient or in a state."""
    query = sa.select(invoices)
    if billed_kind is not None:
        query = query.where(invoices.c.billed_kind == billed_kind)
    if billed_id is not None:
        query = query.where(invoices.c.billed_id == billed_id)
    if state is not None:
        query = query.where(invoices.c.state == state)
    rows = _list(uow, query, invoices, invoices.c.issued_at, actor, patient_id, after, limit)
    return {"items": _with_lines(uow, rows)}


def payment(uow: UnitOfWork, *, actor: Actor, now: datetime, payment_id: UUID) -> Row:
    """One payment."""
    return _one(uow, payments, actor, payment_id)


def payments_of(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    invoice_id: UUID | None = None,
    patient_id: UUID | None = None,
    state: PaymentState | None = None,
    client_reference: str | None = None,
    after: UUID | None = None,
) -> Row:
    """Payments, the newest first."""
    query = sa.select(payments)
    if invoice_id is not None:
        query = query.where(payments.c.invoice_id == invoice_id)
    if state is not None:
        query = query.where(payments.c.state == state)
    if client_reference is not None:
        query = query.where(payments.c.client_reference == client_reference)
    return {"items": _list(uow, query, payments, payments.c.requested_at, actor, patient_id, after, limit)}


def refunds_of(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    invoice_id: UUID | None = None,
    patient_id: UUID | None = None,
    state: RefundState | None = None,
    channel: Channel | None = None,
    after: UUID | None = None,
) -> Row:
    """Refunds, the newest first."""
    query = sa.select(refunds)
    if invoice_id is not None:
        query = query.where(refunds.c.invoice_id == invoice_id)
    if state is not None:
        query = query.where(refunds.c.state == state)
    if channel is not None:
        query = query.where(refunds.c.channel == channel)
    return {"items": _list(uow, query, refunds, refunds.c.requested_at, actor, patient_id, after, limit)}


def accounts_of(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    patient_id: UUID | None = None,
    state: AccountState | None = None,
    after: UUID | None = None,
) -> Row:
    """Accounts of inpatient stays, the one heard of last first."""
    query = sa.select(accounts)
    if state is not None:
        query = query.where(accounts.c.state == state)
    return {"items": _list(uow, query, accounts, accounts.c.heard_at, actor, patient_id, after, limit)}


def ledger_summary(uow: UnitOfWork, *, actor: Actor, now: datetime) -> Row:
    """Every account's two sides, and the sums of bills, payments and refunds that must agree with them. Fen."""
    debits = _sides(uow, postings.c.debit_account)
    credits_ = _sides(uow, postings.c.credit_account)
    accounts = [
        {
            "account": name,
            "debit_fen": debits.get(name, 0),
            "credit_fen": credits_.get(name, 0),
            "balance_fen": debits.get(name, 0) - credits_.get(name, 0),
        }
        for name in sorted(debits | credits_)
    ]
    return {
        "accounts": accounts,
        "debit_fen": sum(debits.values()),
        "credit_fen": sum(credits_.values()),
        "invoices_issued_fen": _sum(uow, invoices.c.amount_fen, invoices.c.state != InvoiceState.CANCELLED),
        "invoices_paid_fen": _sum(uow, invoices.c.paid_fen),
        "invoices_refunded_fen": _sum(uow, invoices.c.refunded_fen),
        "payments_received_fen": _sum(uow, payments.c.received_fen),
        "payments_not_due_fen": _sum(uow, payments.c.received_fen, ~payments.c.counted),
        "refunds_asked_for_fen": _sum(uow, payments.c.returned_fen),
        "refunds_succeeded_fen": _sum(uow, refunds.c.amount_fen, refunds.c.state == RefundState.SUCCEEDED),
    }


def _sides(uow: UnitOfWork, column: sa.Column[str]) -> dict[str, int]:
    query = sa.select(column, sa.func.sum(postings.c.amount_fen)).group_by(column)
    return {name: int(total) for name, total in uow.session.execute(query)}


def _sum(uow: UnitOfWork, column: sa.Column[int], *conditions: sa.ColumnElement[bool]) -> int:
    return int(uow.session.execute(sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(*conditions)).scalar_one())


def _one(uow: UnitOfWork, table: sa.Table, actor: Actor, id_: UUID) -> Row:
    row = uow.session.execute(sa.select(table).where(table.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound
    found = of_present_patients(uow, [dict(row)])[0]
    if not actor.has(*STAFF) and not acts_for(uow, actor, found["patient_id"]):
        raise NotYours(found["patient_id"])
    return found


def _list(
    uow: UnitOfWork,
    query: sa.Select[Any],
    table: sa.Table,
    age: sa.Column[Any],
    actor: Actor,
    patient_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """Rows the actor may see, the newest first, after the row `after` of the page before."""
    if not actor.has(*STAFF):
        wanted = patient_id or actor.patient_id
        if wanted is None:
            raise NotFound
        if not acts_for(uow, actor, wanted):
            raise NotYours(wanted)
        patient_id = wanted
    if patient_id is not None:
        query = query.where(table.c.patient_id.in_(all_ids(uow, patient_id)))
    if after is not None:
        last = sa.select(age, table.c.id).where(table.c.id == after).subquery()
        query = query.where(
            sa.tuple_(age, table.c.id) < sa.tuple_(sa.select(last.c[0]).scalar_subquery(), sa.literal(after, sa.Uuid))
        )
    rows = uow.session.execute(query.order_by(age.desc(), table.c.id.desc()).limit(limit)).mappings()
    return of_present_patients(uow, [dict(row) for row in rows])


def acts_for(uow: UnitOfWork, actor: Actor, patient_id: UUID) -> bool:
    """Whether the actor may see this patient's bills: under whichever id either of them is known."""
    own = actor.patient_id
    return own is not None and actor.acts_for(own, "pay") and same_patient(uow, own, patient_id)


def of_present_patients(uow: UnitOfWork, rows: list[Row]) -> list[Row]:
    """The rows with the ids under which their patients go on."""
    present = present_ids(uow, {row["patient_id"] for row in rows})
    return [{**row, "patient_id": present[row["patient_id"]]} for row in rows]


def _with_lines(uow: UnitOfWork, rows: Sequence[Row]) -> list[Row]:
    ids = [row["id"] for row in rows]
    query = sa.select(invoice_lines).where(invoice_lines.c.invoice_id.in_(ids)).order_by(invoice_lines.c.number)
    lines: dict[UUID, list[Row]] = {id_: [] for id_ in ids}
    for line in uow.session.execute(query).mappings():
        text = {"zh": line["text_zh"], "en": line["text_en"]}
        lines[line["invoice_id"]].append({"text": text, "amount_fen": line["amount_fen"]})
    return [
        {
            **row,
            "lines": lines[row["id"]],
            "due_fen": row["amount_fen"] - row["paid_fen"] if row["state"] is InvoiceState.ISSUED else 0,
        }
        for row in rows
    ]
