"""Settling a stay: opened, checked, shown, signed, paid, insured, settled; and the charges that come too late."""

from services.billing.usecases.settlement.auditing import close_bill
from services.billing.usecases.settlement.concluding import carry_settlements_on, go_on
from services.billing.usecases.settlement.insuring import bear_alone, claim_again, claim_concluded, conclude_claim
from services.billing.usecases.settlement.late import decide_late_charge, note_late_charge
from services.billing.usecases.settlement.opening import (
    open_settlement,
    overrule_check,
    take_answer,
    withdraw_settlement,
)
from services.billing.usecases.settlement.signing import pay_settlement, present_settlement, sign_settlement

__all__ = [
    "bear_alone",
    "carry_settlements_on",
    "claim_again",
    "claim_concluded",
    "close_bill",
    "conclude_claim",
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
