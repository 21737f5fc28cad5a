"""Reading the account of a stay: its daily list, its lines, its deposits, its non-medical ledger.

A patient sees what they may pay for; the ward, the window, finance and auditors see all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing import store
from services.billing.domain import BilledKind, InvoiceState
from services.billing.domain.charging import FeeCategory
from services.billing.domain.non_medical import tally
from services.billing.domain.stay_money import ARREARS_THRESHOLD_FEN, Balance
from services.billing.queries.payments import Row, acts_for, of_present_patients
from services.billing.store import (
    accounts,
    charge_lines,
    deposits,
    invoices,
    payments,
    refunds,
)
from services.billing.store.charge_tables import charge_rests, deposit_vouchers
from shared.actor import Actor
from shared.clock import day_bounds, hospital_day
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

READERS = ("nurse", "front_desk", "cashier", "finance", "auditor")


def stay_account(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """What a stay has and costs by now: by category, day by day, its deposits and its balance."""
    account = _account(uow, actor, encounter_id)
    balance = store.balances(uow, [account["id"]])[account["id"]]
    return {
        **account,
        "ward": {"zh": account["ward_zh"], "en": account["ward_en"]},
        **_balance(balance),
        "threshold_fen": ARREARS_THRESHOLD_FEN,
        "is_low": account["closed_at"] is None and balance.is_low,
        "suggested_deposit_fen": balance.suggested_deposit_fen,
        "categories": _categories(store.totals_by_category(uow, account["id"])),
        "days": _days(uow, account["id"]),
        "deposits": _deposits(uow, account),
    }


def stay_day(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, day: date) -> Row:
    """The list of one hospital day with its total, and how the stay stood at its end (today: stands now)."""
    account = _account(uow, actor, encounter_id)
    of_day = sa.and_(charge_lines.c.account_id == account["id"], charge_lines.c.listed_on == day)
    items = _lines(
        uow, sa.select(charge_lines).where(of_day).order_by(charge_lines.c.category, charge_lines.c.position)
    )
    by_category: dict[str, int] = {}
    for item in items:
        by_category[item["category"].value] = by_category.get(item["category"].value, 0) + item["amount_fen"]
    balance = _balance_at(uow, account, day)
    return {
        "encounter_id": encounter_id,
        "patient_id": account["patient_id"],
        "day": day,
        "items": items,
        "categories": _categories(by_category),
        "amount_fen": sum(by_category.values()),
        "to_date_fen": balance.medical_fen,
        **_balance(balance),
    }


def stay_charges(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, limit: int, after: UUID | None = None
) -> Row:
    """The lines of a stay, the one entered last first, each with what is left of it."""
    account = _account(uow, actor, encounter_id)
    query = sa.select(charge_lines).where(charge_lines.c.account_id == account["id"])
    if after is not None:
        last = sa.select(charge_lines.c.position).where(charge_lines.c.id == after).scalar_subquery()
        query = query.where(charge_lines.c.position < last)
    return {"items": _lines(uow, query.order_by(charge_lines.c.position.desc()).limit(limit))}


def stay_non_medical(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID) -> Row:
    """Meals and the like of a stay, the newest day first, apart from the medical fees."""
    account = _account(uow, actor, encounter_id)
    lines = store.non_medical(uow, encounter_id)
    stands = tally(lines)
    items = [
        {
            "charge_id": line.charge_id,
            "entry": line.entry,
            "text": {"zh": line.text_zh, "en": line.text_en},
            "amount_fen": line.amount_fen,
            "charged_on": line.charged_on,
            "reason": line.reason,
        }
        for line in sorted(lines, key=lambda each: each.charged_on, reverse=True)
    ]
    owner = {"encounter_id": encounter_id, "patient_id": account["patient_id"]}
    return {**owner, "items": items, "count": stands.count, "amount_fen": stands.amount_fen}


def low_balances(uow: UnitOfWork, *, actor: Actor, now: datetime, ward_id: UUID | None = None) -> Row:
    """Stays that go on and whose balance is below the threshold, the lowest first."""
    columns = ("id", "encounter_id", "patient_id", "ward_zh", "ward_en")
    query = sa.select(*(accounts.c[name] for name in columns)).where(accounts.c.closed_at.is_(None))
    if ward_id is not None:
        query = query.where(accounts.c.ward_id == ward_id)
    rows = [dict(row) for row in uow.session.execute(query).mappings()]
    balances = store.balances(uow, [row["id"] for row in rows])
    low = [
        {**row, "ward": {"zh": row["ward_zh"], "en": row["ward_en"]}, **_balance(balances[row["id"]])}
        for row in rows
        if balances[row["id"]].is_low
    ]
    return {"items": of_present_patients(uow, sorted(low, key=lambda row: int(row["balance_fen"])))}


def _account(uow: UnitOfWork, actor: Actor, encounter_id: UUID) -> Row:
    row = (
        uow.session.execute(sa.select(accounts).where(accounts.c.encounter_id == encounter_id)).mappings().one_or_none()
    )
    if row is None:
        raise NotFound
    found = of_present_patients(uow, [dict(row)])[0]
    if not actor.has(*READERS) and not acts_for(uow, actor, found["patient_id"]):
        raise NotYours(found["patient_id"])
    return found


def _balance(balance: Balance) -> Row:
    return {
        "held_fen": balance.held_fen,
        "medical_fen": balance.medical_fen,
        "non_medical_fen": balance.non_medical_fen,
        "balance_fen": balance.balance_fen,
    }


def _categories(totals: Mapping[str, int]) -> list[Row]:
    return [{"category": FeeCategory(code), "amount_fen": fen} for code, fen in sorted(totals.items())]


def _days(uow: UnitOfWork, account_id: UUID) -> list[Row]:
    other = sa.case((charge_lines.c.listed_on != charge_lines.c.charged_on, 1), else_=0)
    returned = sa.case((charge_lines.c.returns.is_not(None), 1), else_=0)
    query = (
        sa.select(
            charge_lines.c.listed_on,
            sa.func.sum(charge_lines.c.amount_fen),
            sa.func.count(),
            sa.func.max(other) + sa.func.max(returned),
        )
        .where(charge_lines.c.account_id == account_id)
        .group_by(charge_lines.c.listed_on)
        .order_by(charge_lines.c.listed_on.desc())
    )
    return [
        {"day": day, "amount_fen": int(fen), "lines": count, "corrections": bool(corrected)}
        for day, fen, count, corrected in uow.session.execute(query)
    ]


def _lines(uow: UnitOfWork, query: sa.Select[Any]) -> list[Row]:
    rows = [dict(row) for row in uow.session.execute(query).mappings()]
    rest = sa.select(charge_rests.c.line_id, charge_rests.c.quantity_left)
    found = uow.session.execute(rest.where(charge_rests.c.line_id.in_([row["id"] for row in rows])))
    left = {row.line_id: row.quantity_left for row in found}
    return of_present_patients(uow, [line_row(row, left.get(row["id"])) for row in rows])


def line_row(row: Mapping[str, Any], quantity_left: Any = None) -> Row:
    """A line as it is told."""
    return {
        **row,
        "name": {"zh": row["name_zh"], "en": row["name_en"]},
        "unit": {"zh": row["unit_zh"], "en": row["unit_en"]},
        "department": {"zh": row["department_zh"], "en": row["department_en"]},
        "quantity_left": quantity_left,
    }


def _deposits(uow: UnitOfWork, account: Row) -> Sequence[Row]:
    """The deposits of an account, the newest first; those that nobody paid in time are left out."""
    query = (
        sa.select(
            deposits.c.id,
            deposits.c.amount_fen,
            deposits.c.asked_at,
            invoices.c.id.label("invoice_id"),
            invoices.c.state,
            deposit_vouchers.c.number.label("voucher"),
            payments.c.channel,
            payments.c.ended_at.label("paid_at"),
            sa.func.coalesce(payments.c.received_fen - payments.c.returned_fen, 0).label("left_fen"),
        )
        .join(invoices, sa.and_(invoices.c.billed_kind == BilledKind.DEPOSIT, invoices.c.billed_id == deposits.c.id))
        .outerjoin(deposit_vouchers, deposit_vouchers.c.deposit_id == deposits.c.id)
        .outerjoin(payments, payments.c.id == deposit_vouchers.c.payment_id)
        .where(deposits.c.account_id == account["id"], invoices.c.state != InvoiceState.CANCELLED)
        .order_by(deposits.c.asked_at.desc(), deposits.c.id)
    )
    owner = {"encounter_id": account["encounter_id"], "patient_id": account["patient_id"]}
    return [{**row, **owner} for row in uow.session.execute(query).mappings()]


def _balance_at(uow: UnitOfWork, account: Row, day: date) -> Balance:
    """How a stay stood at the end of a hospital day, from rows that are never rewritten."""
    _, end = day_bounds(day)
    mine = sa.and_(payments.c.billed_kind == BilledKind.DEPOSIT, payments.c.billed_id == deposits.c.id)
    held = (
        sa.select(sa.func.coalesce(sa.func.sum(payments.c.received_fen), 0))
        .select_from(deposits.join(payments, mine))
        .where(deposits.c.account_id == account["id"], payments.c.counted, payments.c.ended_at < end)
    )
    gone = (
        sa.select(sa.func.coalesce(sa.func.sum(refunds.c.amount_fen), 0))
        .select_from(deposits.join(payments, mine).join(refunds, refunds.c.payment_id == payments.c.id))
        .where(deposits.c.account_id == account["id"], payments.c.counted, refunds.c.requested_at < end)
    )
    medical = sa.select(sa.func.coalesce(sa.func.sum(charge_lines.c.amount_fen), 0)).where(
        charge_lines.c.account_id == account["id"], charge_lines.c.listed_on <= day
    )
    heard = [line for line in store.non_medical(uow, account["encounter_id"]) if hospital_day(line.heard_at) <= day]
    return Balance(
        held_fen=int(uow.session.execute(held).scalar_one()) - int(uow.session.execute(gone).scalar_one()),
        medical_fen=int(uow.session.execute(medical).scalar_one()),
        non_medical_fen=tally(heard).amount_fen,
    )
