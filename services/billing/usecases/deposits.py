"""Deposits of a stay: asked for, paid like any bill, held as a liability, with a voucher (handbook section 3.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import BilledKind
from services.billing.domain.settlement_errors import BillClosed
from services.billing.domain.stay_money import check_deposit
from services.billing.usecases.invoices import Text, issue_bill, lapse_bill
from services.billing.usecases.patients import may_pay_for
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

WINDOW = ("front_desk", "cashier")
TIME_TO_PAY = timedelta(minutes=30)
_CLOCK = Actor.system("billing", "timer")


def ask_for_deposit(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, amount_fen: int
) -> dict[str, Any]:
    """Somebody wants to pay a deposit for a stay: a bill of kind `deposit` that can be paid for half an hour.

    The patient, whoever may pay for them, or the window. Raises NotFound, NotYours, DepositNotValid
    and BillClosed (a closed bill is paid by its settlement).
    """
    account = store.lock_accounts(uow, [encounter_id]).get(encounter_id)
    if account is None:
        raise NotFound
    if not actor.has(*WINDOW) and not may_pay_for(uow, actor, account.patient_id):
        raise NotYours(account.patient_id)
    check_deposit(amount_fen)
    settlement = store.settlement_of(uow, account.id)
    if settlement is not None and settlement.bill_is_closed:
        raise BillClosed
    deposit_id = uuid4()
    row = {
        "id": deposit_id,
        "account_id": account.id,
        "encounter_id": encounter_id,
        "patient_id": account.patient_id,
        "amount_fen": amount_fen,
        "asked_by": actor.subject,
        "asked_at": now,
        "lapses_at": now + TIME_TO_PAY,
    }
    store.add_deposit(uow, row)
    invoice = issue_bill(
        uow,
        kind=BilledKind.DEPOSIT,
        billed_id=deposit_id,
        patient_id=account.patient_id,
        lines=[Text("住院预交金", "Deposit for the stay", amount_fen)],
        actor=actor,
        now=now,
    )
    return {**row, "invoice_id": invoice.id if invoice else None}


def end_unpaid_deposits(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """Timer: a deposit that nobody paid in time is asked for no longer; a payment under way is waited for."""
    due = store.due_deposits(uow, now=now, limit=limit)
    for deposit_id in due:
        if store.has_live_payment(uow, deposit_id):
            store.deposit_is_over(uow, deposit_id, now + TIME_TO_PAY)
            continue
        store.deposit_is_over(uow, deposit_id, None)
        lapse_bill(uow, kind=BilledKind.DEPOSIT, billed_id=deposit_id, actor=_CLOCK, now=now)
    return len(due)
