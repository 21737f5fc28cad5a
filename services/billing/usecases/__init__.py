"""What people, other services and the clock can ask of billing: one function each."""

from services.billing.usecases.accounts import (
    follow_stay,
    follower,
)
from services.billing.usecases.arrears import (
    look_at_balances,
)
from services.billing.usecases.charge_files import (
    take_charge_file,
)
from services.billing.usecases.charging import (
    charge_stay,
    return_charge,
)
from services.billing.usecases.claims import (
    open_claim,
    settle_claim,
    take_due_claims,
    undo_claim,
)
from services.billing.usecases.companion_meals import (
    bill_companion_meal,
    end_companion_meal,
)
from services.billing.usecases.copies import (
    bill_copies,
    bill_postage,
    end_copies,
    end_postage,
    lapse_copies,
    settle_copies,
)
from services.billing.usecases.daily_charges import (
    charge_days,
)
from services.billing.usecases.deposits import (
    ask_for_deposit,
    end_unpaid_deposits,
)
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
from services.billing.usecases.price_list import (
    open_price_list,
    set_price,
)
from services.billing.usecases.receipts import (
    conclude_receipt,
    correct_receipt,
    issue_receipt,
    request_receipt,
    take_due_receipts,
)
from services.billing.usecases.refunds import (
    conclude_refund,
    give_back,
    pay_out_refund,
    take_due_refunds,
)
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
from services.billing.usecases.stay_meals import (
    enter_meal,
    reverse_meal,
)
from services.billing.usecases.stuck import (
    look_after_stuck,
    retry_stuck,
    reverse_claim,
    set_aside_stuck,
)
from services.billing.usecases.visits import (
    cancel_invoice,
    end_unpaid,
    issue_invoice,
)

__all__ = [
    "Text",
    "accept_notification",
    "ask_for_deposit",
    "bear_alone",
    "bill_companion_meal",
    "bill_copies",
    "bill_postage",
    "call_off_payment",
    "cancel_invoice",
    "carry_settlements_on",
    "charge_days",
    "charge_stay",
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
    "end_companion_meal",
    "end_copies",
    "end_postage",
    "end_unpaid",
    "end_unpaid_deposits",
    "enter_meal",
    "estimate_stay",
    "follow_stay",
    "follower",
    "give_back",
    "issue_bill",
    "issue_invoice",
    "issue_receipt",
    "lapse_bill",
    "lapse_copies",
    "look_after_stuck",
    "look_at_balances",
    "note_late_charge",
    "open_claim",
    "open_price_list",
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
    "return_charge",
    "reverse_claim",
    "reverse_meal",
    "set_aside_stuck",
    "set_price",
    "settle_claim",
    "settle_copies",
    "sign_settlement",
    "take_answer",
    "take_charge_file",
    "take_due_claims",
    "take_due_payments",
    "take_due_persons",
    "take_due_receipts",
    "take_due_refunds",
    "take_new_payments",
    "undo_claim",
    "withdraw_settlement",
]
