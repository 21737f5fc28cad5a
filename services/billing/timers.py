"""What the clock does: payments, refunds and claims at the other side, the days of stays, deposits, balances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.billing import usecases
from services.billing.domain import (
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    OrderStep,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
)
from services.billing.domain.claim import ClaimAnswer, ClaimIntent, ClaimOutcome, ClaimStep
from services.billing.domain.coverage import PersonAnswer, PersonIntent
from services.billing.domain.receipt import ReceiptIntent, Seal
from services.billing.providers import INSURER, SEAL, Insurer, PaymentProvider
from shared.timers import IntentTimer, Timer

Providers = Mapping[str, PaymentProvider]


def move_order_on(outside: Providers, intent: OrderIntent) -> OrderAnswer:
    """One step with the provider. What may have been sent before is asked about first, never repeated blindly."""
    provider = outside[intent.channel]
    if intent.step is OrderStep.CLOSE:
        return provider.close_order(intent.payment_id)
    if intent.step is OrderStep.OPEN:
        return provider.open_order(intent)
    answer = provider.query_order(intent.payment_id)
    if answer.outcome is OrderOutcome.NOT_FOUND and intent.may_open:
        return provider.open_order(intent)
    return answer


def move_refund_on(outside: Providers, intent: RefundIntent) -> RefundAnswer:
    """Ask for a refund under its own key; after the first attempt, ask what happened before asking for it again."""
    provider = outside[intent.channel]
    if intent.ask_first:
        answer = provider.query_refund(intent.refund_id)
        if answer.outcome is not RefundOutcome.NOT_FOUND:
            return answer
    return provider.refund(intent)


def ask_person(outside: Mapping[str, Any], intent: PersonIntent) -> PersonAnswer:
    """Ask the insurer how somebody is insured; asking twice does no harm."""
    insurer: Insurer = outside[INSURER]
    return insurer.ask_person(intent.psn_no)


def move_claim_on(outside: Mapping[str, Any], intent: ClaimIntent) -> ClaimAnswer:
    """One step with the insurer. What may have been sent is asked about before it is sent again or undone."""
    insurer: Insurer = outside[INSURER]
    if intent.step is ClaimStep.PRESETTLE:
        return insurer.presettle(intent)
    if intent.step is ClaimStep.SETTLE:
        return insurer.settle(intent)
    if intent.step is ClaimStep.CANCEL:
        return insurer.cancel(intent)
    found = insurer.query(intent)
    if intent.step is ClaimStep.ASK:
        return insurer.settle(intent) if found.outcome is ClaimOutcome.NOT_FOUND else found
    is_clear = found.outcome in {ClaimOutcome.NOT_FOUND, ClaimOutcome.SETTLED}
    return insurer.reverse(intent) if is_clear else found


def lend_seal(outside: Mapping[str, Any], _intent: ReceiptIntent) -> Seal:
    """The seal lies outside, because it holds a secret; a receipt is marked as it is issued."""
    seal: Seal = outside[SEAL]
    return seal


TIMERS: list[IntentTimer | Timer] = [
    IntentTimer("open payment orders", 0.5, usecases.take_new_payments, move_order_on, usecases.conclude_payment),
    IntentTimer("ask about payments", 2.0, usecases.take_due_payments, move_order_on, usecases.conclude_payment),
    IntentTimer("make refunds", 1.0, usecases.take_due_refunds, move_refund_on, usecases.conclude_refund),
    IntentTimer(
        "ask the insurer about persons",
        1.0,
        usecases.take_due_persons,
        ask_person,
        usecases.conclude_person,
        party=INSURER,
        at_once=5,
    ),
    IntentTimer(
        "carry claims to the insurer",
        0.5,
        usecases.take_due_claims,
        move_claim_on,
        usecases.conclude_claim,
        party=INSURER,
        at_once=5,
    ),
    IntentTimer("issue receipts", 0.5, usecases.take_due_receipts, lend_seal, usecases.conclude_receipt, party=SEAL),
    Timer("carry settlements on", 0.5, usecases.carry_settlements_on),
    Timer("charge bed and nursing days", 60.0, usecases.charge_days),
    Timer("end unpaid deposits", 30.0, usecases.end_unpaid_deposits),
    Timer("look at balances", 60.0, usecases.look_at_balances),
]
