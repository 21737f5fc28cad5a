"""Reading settlements and late charges. A patient sees their own; ward, cashier, finance and auditors see all."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing import store
from services.billing.domain import BilledKind, RefundReason
from services.billing.domain.checklist import checklist
from services.billing.domain.late_charge import LateChargeState
from services.billing.domain.settlement import OVER, Settlement, Stage
from services.billing.domain.statement import Statement, self_pay
from services.billing.queries.payments import Row, acts_for, of_present_patients
from services.billing.store import (
    invoices,
    late_charges,
    payments,
    refunds,
    settlement_overrules,
    settlement_signatures,
    settlements,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

READERS = ("nurse", "cashier", "finance", "auditor")
_SURPLUS = (RefundReason.SETTLEMENT_SURPLUS, RefundReason.DEPOSIT_LEFT_OVER, RefundReason.LATE_CORRECTION)


def settlement(uow: UnitOfWork, *, actor: Actor, now: datetime, settlement_id: UUID) -> Row:
    """One settlement, with its amounts and its checklist as they are now."""
    found = uow.session.get(Settlement, settlement_id)
    if found is None:
        raise NotFound
    if not actor.has(*READERS) and not acts_for(uow, actor, found.patient_id):
        raise NotYours(found.patient_id)
    return of_present_patients(uow, [_shown(uow, found)])[0]


def settlements_of(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    encounter_id: UUID | None = None,
    patient_id: UUID | None = None,
) -> Row:
    """The settlements of a stay or a patient, the newest first; after them those that were called off."""
    order = (settlements.c.withdrawn_at.is_not(None), settlements.c.opened_at.desc(), settlements.c.id.desc())
    query = sa.select(Settlement).order_by(*order).limit(20)
    if not actor.has(*READERS):
        wanted = patient_id or actor.patient_id
        if wanted is None:
            raise NotFound
        if not acts_for(uow, actor, wanted):
            raise NotYours(wanted)
        patient_id = wanted
    if patient_id is not None:
        query = query.where(settlements.c.patient_id.in_(store.all_ids(uow, patient_id)))
    if encounter_id is not None:
        query = query.where(settlements.c.encounter_id == encounter_id)
    found = uow.session.execute(query).scalars()
    return {"items": of_present_patients(uow, [_shown(uow, each) for each in found])}


def late_charges_of(uow: UnitOfWork, *, actor: Actor, now: datetime, state: LateChargeState | None = None) -> Row:
    """Late charges, the oldest first."""
    query = (
        sa.select(late_charges, settlements.c.stage)
        .join(settlements, settlements.c.id == late_charges.c.settlement_id)
        .order_by(late_charges.c.opened_at, late_charges.c.id)
        .limit(200)
    )
    if state is not None:
        query = query.where(late_charges.c.state == state)
    rows = [
        {
            **row,
            "text": {"zh": row["text_zh"], "en": row["text_en"]},
            "is_settled": row["stage"] is Stage.SETTLED,
        }
        for row in uow.session.execute(query).mappings()
    ]
    return {"items": of_present_patients(uow, rows)}


def _shown(uow: UnitOfWork, found: Settlement) -> Row:
    columns = {column.name: getattr(found, column.name) for column in settlements.c}
    account = store.stay_account(uow, found.account_id)
    return {
        **columns,
        **_amounts(uow, found),
        "checks": _checks(uow, account, found),
        "signature": _signature(uow, found),
        "admitted_at": account.opened_at,
        "receipted_at": _receipted_at(uow, found),
        **_bill_and_payment(uow, found),
        "refunds": _refunds(uow, found),
    }


def _amounts(uow: UnitOfWork, found: Settlement) -> Row:
    """The amounts of the closed bill, of the bill so far while it is open; with the money that is there, or was."""
    shares, non_medical, categories = found.shares, found.non_medical_fen, found.categories
    count = found.charge_count
    if found.stage is Stage.OPENED:
        bill = store.stay_bill(uow, found.account_id)
        shares, non_medical = self_pay(bill.medical_fen), bill.non_medical_fen
        categories, count = bill.categories, bill.count
    deposits, paid = found.deposits_fen, found.paid_fen
    if found.stage not in OVER:
        deposits = sum(each.left_fen for each in store.deposits_of(uow, found.account_id))
        paid = sum(each.left_fen for each in store.paid_on(uow, found.id))
    told = Statement(
        settlement_id=found.id,
        shares=shares,
        non_medical_fen=non_medical,
        deposits_fen=deposits,
        paid_fen=paid,
    )
    return {
        "categories": categories,
        "charge_count": count,
        "medical_fen": shares.total_fen,
        "fund_fen": shares.fund_fen,
        "other_fen": shares.other_fen,
        "personal_account_fen": shares.personal_account_fen,
        "insurer_fen": shares.insurer_fen,
        "cash_fen": shares.cash_fen,
        "own_share_fen": shares.own_share_fen,
        "own_expense_fen": shares.own_expense_fen,
        "non_medical_fen": non_medical,
        "total_fen": told.total_fen,
        "own_fen": told.own_fen,
        "deposits_fen": deposits,
        "paid_fen": paid,
        "to_pay_fen": told.to_pay_fen if found.stage not in OVER else 0,
        "to_return_fen": told.to_return_fen,
        "digest": told.digest,
    }


def _checks(uow: UnitOfWork, account: store.StayAccount, found: Settlement) -> list[Row]:
    """The checklist while the bill is open; afterwards what was passed over remains to be seen."""
    table = settlement_overrules
    query = sa.select(table).where(table.c.settlement_id == found.id)
    overrules = {row["code"]: row for row in uow.session.execute(query).mappings()}
    none: dict[str, Any] = {"overruled_by": None, "reason": None, "overruled_at": None}
    rows = []
    for check in checklist(store.audited_stay(uow, account, found), overrules):
        if found.stage is not Stage.OPENED and check.code not in overrules:
            continue
        why = {name: overrules[check.code][name] for name in none} if check.code in overrules else none
        rows.append({"code": check.code, "state": check.state, "owner": check.owner, "facts": dict(check.facts), **why})
    return rows


def _signature(uow: UnitOfWork, found: Settlement) -> Row | None:
    if found.signed_id is None:
        return None
    query = sa.select(settlement_signatures).where(settlement_signatures.c.id == found.signed_id)
    return dict(uow.session.execute(query).mappings().one())


def _bill_and_payment(uow: UnitOfWork, found: Settlement) -> Row:
    """The bill of what was signed last, and its newest payment."""
    if found.signed_id is None:
        return {"invoice_id": None, "payment": None}
    mine = sa.and_(invoices.c.billed_kind == BilledKind.SETTLEMENT, invoices.c.billed_id == found.signed_id)
    invoice_id = uow.session.execute(sa.select(invoices.c.id).where(mine)).scalar_one_or_none()
    query = (
        sa.select(payments)
        .where(payments.c.invoice_id == invoice_id)
        .order_by(payments.c.requested_at.desc(), payments.c.id.desc())
        .limit(1)
    )
    newest = uow.session.execute(query).mappings().one_or_none()
    return {"invoice_id": invoice_id, "payment": dict(newest) if newest else None}


def _receipted_at(uow: UnitOfWork, found: Settlement) -> datetime | None:
    """When the last receipt of the stay was issued; None while one is still to be issued. A free stay has none."""
    if found.settled_at is None:
        return None
    if not found.medical_fen and not found.non_medical_fen:
        return found.settled_at
    query = sa.select(store.receipt_requests.c.receipt_id, store.receipts.c.issued_at).join(
        store.receipts, store.receipts.c.id == store.receipt_requests.c.receipt_id, isouter=True
    )
    rows = uow.session.execute(query.where(store.receipt_requests.c.subject_id == found.id)).all()
    issued: list[datetime] = [row.issued_at for row in rows if row.receipt_id]
    return max(issued) if rows and len(issued) == len(rows) else None


def _refunds(uow: UnitOfWork, found: Settlement) -> list[Row]:
    """What goes back of this stay, part by part."""
    ids = store.payment_ids_of(uow, found.account_id, found.id)
    query = (
        sa.select(refunds.c.amount_fen, refunds.c.channel, refunds.c.state, payments.c.ended_at.label("paid_at"))
        .join(payments, payments.c.id == refunds.c.payment_id)
        .where(refunds.c.payment_id.in_(ids), refunds.c.reason.in_(_SURPLUS))
        .order_by(refunds.c.requested_at, payments.c.ended_at.desc())
    )
    return [dict(row) for row in uow.session.execute(query).mappings()]
