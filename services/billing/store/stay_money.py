"""A stay's non-medical ledger, its deposits, and its balance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain import AccountState, BilledKind, PaymentState
from services.billing.domain.non_medical import Entry, NonMedicalLine
from services.billing.domain.stay_money import Balance, voucher_number
from services.billing.store.charge_tables import (
    arrears_warnings,
    charge_lines,
    deposit_vouchers,
    deposits,
    non_medical_lines,
    voucher_counts,
)
from services.billing.store.tables import accounts, payments
from shared.database import UnitOfWork

_LINE = tuple(non_medical_lines.c[name] for name in NonMedicalLine.__dataclass_fields__)


class HeldDeposit(NamedTuple):
    """A deposit that was paid: what came, and what is left after refunds that were asked for. Fen."""

    deposit_id: UUID
    payment_id: UUID
    paid_at: datetime
    paid_fen: int
    left_fen: int


class StayToLookAt(NamedTuple):
    """A locked account whose balance is to be looked at today."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID


def add_non_medical(uow: UnitOfWork, line: NonMedicalLine) -> bool:
    """Enter a line of the non-medical ledger; False when it was entered before."""
    return bool(uow.insert_once(non_medical_lines, [asdict(line)], returning=[non_medical_lines.c.position]))


def non_medical(uow: UnitOfWork, encounter_id: UUID) -> Sequence[NonMedicalLine]:
    """All lines of a stay's non-medical ledger, in the order in which they came."""
    query = sa.select(*_LINE).where(non_medical_lines.c.encounter_id == encounter_id)
    rows = uow.session.execute(query.order_by(non_medical_lines.c.position)).mappings()
    return [NonMedicalLine(**row) for row in rows]


def held_deposits(uow: UnitOfWork, account_id: UUID) -> Sequence[HeldDeposit]:
    """The paid deposits of an account, the earliest first, with what each still holds."""
    query = (
        sa.select(deposits.c.id, payments.c.id, payments.c.ended_at, payments.c.received_fen, payments.c.returned_fen)
        .join(payments, sa.and_(payments.c.billed_kind == BilledKind.DEPOSIT, payments.c.billed_id == deposits.c.id))
        .where(deposits.c.account_id == account_id, payments.c.counted)
        .order_by(payments.c.ended_at, payments.c.id)
    )
    rows = uow.session.execute(query)
    return [
        HeldDeposit(id_, paid_by, at, received, received - returned) for id_, paid_by, at, received, returned in rows
    ]


def add_deposit(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """Keep the wish to pay a deposit."""
    uow.insert(deposits, [row])


def due_deposits(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Deposits that nobody paid in time; locked, nobody else's."""
    query = (
        sa.select(deposits.c.id)
        .where(deposits.c.lapses_at <= now)
        .order_by(deposits.c.lapses_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(uow.session.execute(query).scalars())


def deposit_is_over(uow: UnitOfWork, deposit_id: UUID, lapses_at: datetime | None) -> None:
    """Look at an unpaid deposit again later, or never (None)."""
    uow.session.execute(deposits.update().where(deposits.c.id == deposit_id).values(lapses_at=lapses_at))


def has_live_payment(uow: UnitOfWork, deposit_id: UUID) -> bool:
    """Whether money for a deposit may still come."""
    live = (PaymentState.REQUESTED, PaymentState.OPEN, PaymentState.UNKNOWN)
    query = sa.select(sa.func.count()).where(
        payments.c.billed_kind == BilledKind.DEPOSIT,
        payments.c.billed_id == deposit_id,
        payments.c.state.in_(live),
    )
    return bool(uow.session.execute(query).scalar_one())


def give_voucher(
    uow: UnitOfWork, *, deposit_id: UUID, payment_id: UUID, amount_fen: int, day: date, now: datetime
) -> str:
    """Give a paid deposit its voucher with the next number of the day; the row of the day is locked till the end."""
    uow.insert_once(voucher_counts, [{"day": day, "last": 0}], returning=[voucher_counts.c.day])
    next_ = voucher_counts.update().where(voucher_counts.c.day == day).values(last=voucher_counts.c.last + 1)
    last = uow.session.execute(next_.returning(voucher_counts.c.last)).scalar_one()
    number = voucher_number(day, last)
    row = {"number": number, "deposit_id": deposit_id, "payment_id": payment_id, "amount_fen": amount_fen}
    uow.insert(deposit_vouchers, [row | {"issued_at": now}])
    return number


def balances(uow: UnitOfWork, account_ids: Iterable[UUID]) -> dict[UUID, Balance]:
    """What each of these accounts has and costs by now, in three statements whatever their number."""
    ids = list(account_ids)
    held = _sums(
        uow,
        sa.select(deposits.c.account_id, sa.func.sum(payments.c.received_fen - payments.c.returned_fen))
        .join(payments, sa.and_(payments.c.billed_kind == BilledKind.DEPOSIT, payments.c.billed_id == deposits.c.id))
        .where(deposits.c.account_id.in_(ids), payments.c.counted)
        .group_by(deposits.c.account_id),
    )
    medical = _sums(
        uow,
        sa.select(charge_lines.c.account_id, sa.func.sum(charge_lines.c.amount_fen))
        .where(charge_lines.c.account_id.in_(ids))
        .group_by(charge_lines.c.account_id),
    )
    non_medical_ = _sums(uow, _standing().where(accounts.c.id.in_(ids)).group_by(accounts.c.id))
    return {
        id_: Balance(
            held_fen=held.get(id_, 0), medical_fen=medical.get(id_, 0), non_medical_fen=non_medical_.get(id_, 0)
        )
        for id_ in ids
    }


def _standing() -> sa.Select[Any]:
    """Charges of the non-medical ledger that were not reversed, by account."""
    taken_back = non_medical_lines.alias()
    is_reversed = (
        sa.select(taken_back.c.position)
        .where(taken_back.c.charge_id == non_medical_lines.c.charge_id, taken_back.c.entry == Entry.REVERSAL)
        .exists()
    )
    return (
        sa.select(accounts.c.id, sa.func.sum(non_medical_lines.c.amount_fen))
        .join(non_medical_lines, non_medical_lines.c.encounter_id == accounts.c.encounter_id)
        .where(non_medical_lines.c.entry == Entry.CHARGE, ~is_reversed)
    )


def _sums(uow: UnitOfWork, query: sa.Select[Any]) -> dict[UUID, int]:
    return {id_: int(total) for id_, total in uow.session.execute(query)}


def due_for_balance(uow: UnitOfWork, *, today: date, limit: int) -> Sequence[StayToLookAt]:
    """Open accounts whose balance nobody looked at today; locked, nobody else's."""
    seen = accounts.c.balance_looked_at_on
    query = (
        sa.select(accounts.c.id, accounts.c.encounter_id, accounts.c.patient_id)
        .where(accounts.c.state == AccountState.OPEN, sa.or_(seen.is_(None), seen < today))
        .order_by(accounts.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [StayToLookAt(*row) for row in uow.session.execute(query)]


def balance_is_looked_at(uow: UnitOfWork, account_ids: Iterable[UUID], today: date) -> None:
    """The balance of these locked accounts was looked at today."""
    mine = accounts.c.id.in_(list(account_ids))
    uow.session.execute(accounts.update().where(mine).values(balance_looked_at_on=today))


def keep_warnings(uow: UnitOfWork, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Keep that people are warned today; gives the accounts of which that is new."""
    return {
        row.account_id for row in uow.insert_once(arrears_warnings, rows, returning=[arrears_warnings.c.account_id])
    }
