"""What goes on by itself once the person has signed: paid, insured, settled; after any crash from where it was."""

from __future__ import annotations

from datetime import datetime

from services.billing import store
from services.billing.domain import InvoiceState, RefundReason
from services.billing.domain.receipt import ReceiptContent, ReceiptKind
from services.billing.domain.settlement import Settlement, Stage
from services.billing.domain.splitting import Source, split_surplus
from services.billing.domain.statement import Statement
from services.billing.domain.stay_books import settle_books
from services.billing.domain.stay_receipts import meals_content, medical_content
from services.billing.events import StaySettled
from services.billing.usecases.claims import settle_claim
from services.billing.usecases.invoices import finish
from services.billing.usecases.receipts import request_receipt
from services.billing.usecases.refunds import give_back
from services.billing.usecases.settlement.receipting import ask_for_receipts
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork


def statement_now(uow: UnitOfWork, account: store.StayAccount, settlement: Settlement) -> Statement:
    """What the person bears beside the money that is there now (fen)."""
    return settlement.statement(
        deposits_fen=_held(store.deposits_of(uow, account.id)), paid_fen=_held(store.paid_on(uow, settlement.id))
    )


def _held(sources: list[Source]) -> int:
    return sum(each.left_fen for each in sources)


def carry_settlements_on(uow: UnitOfWork, *, now: datetime, limit: int) -> int:
    """The clock takes every settlement on that waits for nobody; gives how many moved."""
    moved = 0
    for settlement_id in store.due_settlements(uow, limit=limit):
        found = store.lock_settlement(uow, settlement_id)
        if found is not None and go_on(uow, *found, actor=Actor.system("billing"), now=now):
            moved += 1
    return moved


def go_on(uow: UnitOfWork, account: store.StayAccount, settlement: Settlement, *, actor: Actor, now: datetime) -> bool:
    """Take a locked settlement on as far as it goes without a person or the insurer; tells whether it moved."""
    before = settlement.stage
    if settlement.stage is Stage.SIGNED and _is_paid(uow, settlement):
        settlement.pay(now)
        if settlement.waits_for_insurer:
            settle_claim(uow, account_id=account.id, now=now)
    if settlement.stage is Stage.PAID and not settlement.waits_for_insurer:
        _end(uow, account, settlement, actor, now)
    if settlement.stage is Stage.INSURED:
        _end(uow, account, settlement, actor, now)
    return settlement.stage is not before


def _is_paid(uow: UnitOfWork, settlement: Settlement) -> bool:
    invoice = store.lock_bill_to_pay(uow, settlement)
    return invoice is not None and invoice.state is InvoiceState.BALANCED


def _end(uow: UnitOfWork, account: store.StayAccount, settlement: Settlement, actor: Actor, now: datetime) -> None:
    """Settle for good, or show the amounts again when they differ from what was signed."""
    statement = statement_now(uow, account, settlement)
    if settlement.must_sign_again(statement):
        settlement.present(now)
        return
    deposits, paid = store.deposits_of(uow, account.id), store.paid_on(uow, settlement.id)
    own = {each.payment_id for each in paid}
    parts = split_surplus(statement.to_return_fen, [*paid, *deposits])
    for part in parts:
        reason = RefundReason.SETTLEMENT_SURPLUS if part.payment_id in own else RefundReason.DEPOSIT_LEFT_OVER
        give_back(uow, payment_id=part.payment_id, amount_fen=part.amount_fen, reason=reason, actor=actor, now=now)
    from_deposits = sum(part.amount_fen for part in parts if part.payment_id not in own)
    settlement.settle(statement, now)
    done = settle_books(settlement, deposits_used_fen=statement.deposits_fen - from_deposits)
    finish(uow, done, actor=actor, now=now)
    _ask_for_receipts(uow, account, settlement, actor, now)
    store.close_account(uow, account.id, now)
    ask_for_receipts(uow, settlement, actor=actor, now=now)
    fact = StaySettled(
        settlement_id=settlement.id,
        encounter_id=settlement.encounter_id,
        patient_id=settlement.patient_id,
        total_fen=statement.total_fen,
        insurer_fen=settlement.shares.insurer_fen,
        own_fen=statement.own_fen,
        refunded_fen=statement.to_return_fen,
    )
    uow.publish(fact, actor=actor, now=now)


def _ask_for_receipts(
    uow: UnitOfWork, account: store.StayAccount, settlement: Settlement, actor: Actor, now: datetime
) -> None:
    """Medical fees get the fiscal receipt, meals and the like the hospital's own; neither holds up the discharge."""
    bill, coverage = store.stay_bill(uow, account.id), store.coverage_of(uow, account.id)
    about = {
        "insured_kind": coverage.kind.value if coverage and settlement.insured_at else "none",
        "psn_no": coverage.psn_no if coverage and settlement.insured_at else None,
        "stay_from": hospital_day(account.opened_at).isoformat() if account.opened_at else None,
        "stay_to": hospital_day(account.closed_at or settlement.discharge_ordered_at).isoformat(),
    }
    contents: dict[ReceiptKind, ReceiptContent] = {}
    if settlement.medical_fen:
        contents[ReceiptKind.MEDICAL] = medical_content(settlement, bill.lines, **about)
    if settlement.non_medical_fen:
        contents[ReceiptKind.INCOME] = meals_content(settlement, bill.meals)
    for kind, content in contents.items():
        request_receipt(
            uow,
            kind=kind,
            subject_id=settlement.id,
            encounter_id=settlement.encounter_id,
            patient_id=settlement.patient_id,
            content=content,
            actor=actor,
            now=now,
        )
