"""Vouchers: what is given for a paid deposit, in the transaction in which its money is counted."""

from __future__ import annotations

from datetime import datetime

from services.billing import store
from services.billing.domain import BilledKind
from services.billing.events import InvoicePaid
from shared.clock import hospital_day
from shared.database import UnitOfWork


def give_voucher(uow: UnitOfWork, paid: InvoicePaid, *, now: datetime) -> None:
    """A deposit is paid: it gets its voucher with the next number of the hospital's day; other bills get none."""
    if paid.billed_kind == BilledKind.DEPOSIT and paid.payment_id is not None:
        store.give_voucher(
            uow,
            deposit_id=paid.billed_id,
            payment_id=paid.payment_id,
            amount_fen=paid.amount_fen,
            day=hospital_day(now),
            now=now,
        )
