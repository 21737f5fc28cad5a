"""The receipts of a settled stay: the fiscal one for medical fees, an income voucher for meals and the like."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.billing import store
from services.billing.domain.receipt import FEE_CATEGORIES, ReceiptContent, ReceiptKind
from services.billing.domain.settlement import Settlement
from services.billing.usecases.receipts import request_receipt
from shared.actor import Actor
from shared.database import UnitOfWork


def ask_for_receipts(uow: UnitOfWork, settlement: Settlement, *, actor: Actor, now: datetime) -> None:
    """Have the clock issue what this settlement needs; what costs nothing has no receipt, and nobody waits for it."""
    about: dict[str, Any] = {
        "subject_id": settlement.id,
        "encounter_id": settlement.encounter_id,
        "patient_id": settlement.patient_id,
        "actor": actor,
        "now": now,
    }
    if settlement.medical_fen:
        request_receipt(uow, kind=ReceiptKind.MEDICAL, content=_medical(uow, settlement), **about)
    if settlement.non_medical_fen:
        request_receipt(uow, kind=ReceiptKind.INCOME, content=_income(settlement), **about)


def _medical(uow: UnitOfWork, settlement: Settlement) -> ReceiptContent:
    coverage = store.coverage_of(uow, settlement.account_id)
    insured = coverage.insured.kind if coverage is not None and settlement.shares.insurer_fen else None
    return ReceiptContent(
        total_fen=settlement.medical_fen,
        categories=[
            {"code": each["code"], "name": FEE_CATEGORIES[each["code"]], "amount_fen": each["amount_fen"]}
            for each in settlement.categories
            if each["code"] in FEE_CATEGORIES
        ],
        items=[],
        prepaid_fen=settlement.deposits_fen,
        added_fen=settlement.paid_fen,
        refunded_fen=settlement.returned_fen,
        fund_fen=settlement.fund_fen,
        other_fen=settlement.other_fen,
        account_fen=settlement.personal_account_fen,
        cash_fen=settlement.cash_fen,
        own_share_fen=settlement.own_share_fen,
        own_expense_fen=settlement.own_expense_fen,
        insured_kind=insured.value if insured else "none",
        psn_no=coverage.psn_no if coverage is not None and insured else None,
    )


def _income(settlement: Settlement) -> ReceiptContent:
    total = settlement.non_medical_fen
    return ReceiptContent(
        total_fen=total,
        categories=[{"code": "meals", "name": "住院膳食费", "amount_fen": total}],
        items=[],
        cash_fen=total,
        own_expense_fen=total,
    )
