"""What people, other services and the clock can ask of billing: one function each."""

from services.billing.usecases.accounts import follow_stay
from services.billing.usecases.claims import (
    open_claim,
    settle_claim,
    take_due_claims,
    undo_claim,
)
from services.billing.usecases.copies import bill_copies, end_copies, lapse_copies, settle_copies
from services.billing.usecases.insurance import conclude_person, estimate_stay, record_coverage, take_due_persons
from services.billing.usecases.invoices import Text, end_bill, issue_bill, lapse_bill
from services.billing.usecases.patients import remember_merger
from services.billing.usecases.payments import (
    accept_notification,
    call_off_payment,
    conclude_payment,
    request_payment,
    take_due_payments,
    take_new_payments,
)
from services.billing.usecases.receipts import (
    conclude_receipt,
    correct_receipt,
    issue_receipt,
    request_receipt,
    take_due_receipts,
)
from services.billing.usecases.refunds import conclude_refund, give_back, pay_out_refund, take_due_refunds
from services.billing.usecases.settlement import (
    bear_alone,
    carry_settlements_on,
    claim_again,
    claim_concluded,
    close_bill,
    conclude_claim,
    decide_late_charge,
    note_late_charge,
    open_settlement,
    overrule_check,
    pay_settlement,
    present_settlement,
    sign_settlement,
    take_answer,
    withdraw_settlement,
)
from services.billing.usecases.stuck import look_after_stuck, retry_stuck, reverse_claim, set_aside_stuck
from services.billing.usecases.visits import cancel_invoice, end_unpaid, issue_invoice

__all__ = [
    "Text",
    "accept_notification",
    "bear_alone",
    "bill_copies",
    "call_off_payment",
    "cancel_invoice",
    "carry_settlements_on",
    "claim_again",
    "claim_concluded",
    "close_bill",
    "conclude_claim",
    "conclude_payment",
    "conclude_person",
    "conclude_receipt",
    "conclude_refund",
    "correct_receipt",
    "decide_late_charge",
    "end_bill",
    "end_copies",
    "end_unpaid",
    "estimate_stay",
    "follow_stay",
    "give_back",
    "issue_bill",
    "issue_invoice",
    "issue_receipt",
    "lapse_bill",
    "lapse_copies",
    "look_after_stuck",
    "note_late_charge",
    "open_claim",
    "open_settlement",
    "overrule_check",
    "pay_out_refund",
    "pay_settlement",
    "present_settlement",
    "record_coverage",
    "remember_merger",
    "request_payment",
    "request_receipt",
    "retry_stuck",
    "reverse_claim",
    "set_aside_stuck",
    "settle_claim",
    "settle_copies",
    "sign_settlement",
    "take_answer",
    "take_due_claims",
    "take_due_payments",
    "take_due_persons",
    "take_due_receipts",
    "take_due_refunds",
    "take_new_payments",
    "undo_claim",
    "withdraw_settlement",
]
