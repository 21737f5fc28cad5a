"""What the clock does: carry payments and refunds to their providers, and ask about those that stay silent."""

from __future__ import annotations

from collections.abc import Mapping

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
from services.billing.providers import PaymentProvider
from shared.timers import IntentTimer

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


TIMERS = [
    IntentTimer("open payment orders", 0.5, usecases.take_new_payments, move_order_on, usecases.conclude_payment),
    IntentTimer("ask about payments", 2.0, usecases.take_due_payments, move_order_on, usecases.conclude_payment),
    IntentTimer("make refunds", 1.0, usecases.take_due_refunds, move_refund_on, usecases.conclude_refund),
]
