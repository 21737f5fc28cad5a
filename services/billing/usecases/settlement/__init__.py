"""Settling a stay: opened, checked, shown, signed, paid, insured, settled; and the charges that come too late."""

from services.billing.usecases.settlement.auditing import close_bill
from services.billing.usecases.settlement.concluding import carry_settlements_on, go_on
from services.billing.usecases.settlement.late import decide_late_charge, note_late_charge
from services.billing.usecases.settlement.opening import (
    open_settlement,
    overrule_check,
    take_answer,
    withdraw_settlement,
)
from services.billing.usecases.settlement.signing import pay_settlement, present_settlement, sign_settlement

__all__ = [
    "carry_settlements_on",
    "close_bill",
    "decide_late_charge",
    "go_on",
    "note_late_charge",
    "open_settlement",
    "overrule_check",
    "pay_settlement",
    "present_settlement",
    "sign_settlement",
    "take_answer",
    "withdraw_settlement",
]
