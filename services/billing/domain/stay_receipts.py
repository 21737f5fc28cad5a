"""What the receipts of a settled stay say: medical fees on one, meals and the like on another (section 3.14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from services.billing.domain.charging import ChargeLine
from services.billing.domain.non_medical import Entry, NonMedicalLine
from services.billing.domain.receipt import ReceiptContent
from services.billing.domain.settlement import Settlement

NAMES = {
    "01": "床位费",
    "02": "诊察费",
    "03": "检查费",
    "04": "化验费",
    "05": "治疗费",
    "06": "手术费",
    "07": "护理费",
    "08": "卫生材料费",
    "09": "西药费",
    "10": "中药饮片费",
    "11": "中成药费",
    "12": "一般诊疗费",
    "13": "挂号费",
    "14": "其他费",
}
"""The national fee categories as they stand on the receipt."""


def medical_content(settlement: Settlement, lines: Iterable[ChargeLine], **about: Any) -> ReceiptContent:
    """The receipt of the medical fees. Deposits, what was paid besides and what went back stand on it in fen."""
    categories = [
        {"code": each["code"], "name": NAMES[each["code"]], "amount_fen": each["amount_fen"]}
        for each in settlement.categories
        if each["code"] in NAMES
    ]
    return ReceiptContent(
        total_fen=settlement.medical_fen,
        categories=categories,
        items=[_item(line) for line in lines],
        prepaid_fen=settlement.deposits_fen,
        added_fen=settlement.paid_fen,
        refunded_fen=settlement.returned_fen,
        fund_fen=settlement.fund_fen,
        other_fen=settlement.other_fen,
        account_fen=settlement.personal_account_fen,
        cash_fen=settlement.cash_fen,
        own_share_fen=settlement.own_share_fen,
        own_expense_fen=settlement.own_expense_fen,
        **about,
    )


def meals_content(settlement: Settlement, lines: Sequence[NonMedicalLine]) -> ReceiptContent:
    """The hospital's own receipt of what is no medical fee."""
    total = settlement.non_medical_fen
    reversed_ = {line.charge_id for line in lines if line.entry is Entry.REVERSAL}
    items = [
        {"code": "meal", "name": line.text_zh, "unit": "份", "quantity": "1", "amount_fen": line.amount_fen}
        for line in lines
        if line.entry is Entry.CHARGE and line.charge_id not in reversed_
    ]
    return ReceiptContent(
        total_fen=total,
        categories=[{"code": "meals", "name": "餐费", "amount_fen": total}],
        items=items,
        cash_fen=total,
        own_expense_fen=total,
    )


def _item(line: ChargeLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name_zh,
        "unit": line.unit_zh,
        "quantity": f"{line.quantity.normalize():f}",
        "unit_price": f"{line.price:.2f}",
        "amount_fen": line.amount_fen,
    }
