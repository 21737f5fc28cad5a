"""Receipts that tests ask for: one content, one seal, and short ways to ask and to issue."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from services.billing import store, usecases
from services.billing.domain.receipt import Receipt, ReceiptContent, ReceiptKind, Seal
from services.billing.providers import SEAL
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from tests.billing.insurer import NURSE
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
NOBODY = Actor(subject="public", roles=("public",))
SECRET = Seal("s" * 48)
CONTENT = ReceiptContent(
    total_fen=100_00,
    categories=[
        {"code": "01", "name": "床位费", "amount_fen": 90_00},
        {"code": "09", "name": "西药费", "amount_fen": 10_00},
    ],
    items=[
        {"code": "B1", "name": "床位费", "unit": "天", "quantity": "2", "unit_price": "45.00", "amount_fen": 90_00},
        {"code": "M1", "name": "阿司匹林", "unit": "盒", "quantity": "1", "unit_price": "10.00", "amount_fen": 10_00},
    ],
    prepaid_fen=80_00,
    refunded_fen=20_00,
    fund_fen=40_00,
    account_fen=10_00,
    cash_fen=50_00,
    own_share_fen=45_00,
    own_expense_fen=15_00,
    insured_kind="employee",
    psn_no="3299000001",
)
FIRE = next(timer for timer in TIMERS if timer.name == "issue receipts")


def ask(database: Database, clock: StandingClock, **changes: Any) -> dict[str, Any]:
    """A stay is settled and gets a receipt; gives what it is for."""
    about: dict[str, Any] = {"subject_id": uuid4(), "encounter_id": uuid4(), "patient_id": uuid4()}
    about |= {"kind": ReceiptKind.MEDICAL, "content": CONTENT, **changes}
    with database.write() as uow:
        usecases.request_receipt(uow, actor=NURSE, now=clock(), **about)
    return about


def issued(database: Database) -> list[Receipt]:
    """All receipts by number."""
    with database.read() as uow:
        return list(uow.session.execute(sa.select(Receipt).order_by(store.receipts.c.number)).scalars())


def fire(database: Database, clock: StandingClock, seal: Any = SECRET) -> None:
    FIRE.fire(database, clock, {SEAL: seal})
