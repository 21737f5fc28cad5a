"""Giving money back: intents that the clock carries to the provider, and cash that the window hands out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import (
    Invoice,
    Payment,
    Refund,
    RefundAnswer,
    RefundIntent,
    RefundOutcome,
    RefundReason,
    bookkeeping,
    next_try,
)
from services.billing.domain.stuck import StuckKind
from services.billing.usecases.invoices import finish
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

ATTEMPT_SECONDS = 10
UNCLEAR_SECONDS = 2
LONGEST_SECONDS = 300


def take_due_refunds(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[RefundIntent]:
    """Refunds to be made or asked about. The attempt is written down before the provider hears of it."""
    intents = []
    for refund in store.due_refunds(uow, now=now, limit=limit):
        intents.append(
            RefundIntent(
                refund_id=refund.id,
                payment_id=refund.payment_id,
                channel=refund.channel,
                amount_fen=refund.amount_fen,
                ask_first=refund.tries > 0,
            )
        )
        refund.tries += 1
        refund.next_try_at = next_try(now, refund.tries, first=ATTEMPT_SECONDS, longest=LONGEST_SECONDS)
    return intents


def conclude_refund(uow: UnitOfWork, *, intent: RefundIntent, answer: RefundAnswer, now: datetime) -> None:
    """Write down what the provider said of a refund: accepted is not yet refunded, no clear answer is asked about."""
    found = store.lock_refund(uow, intent.refund_id)
    if found is None:
        return
    invoice, payment, refund = found
    if answer.outcome is RefundOutcome.SUCCEEDED:
        if refund.succeed(now):
            _has_gone_back(uow, invoice, payment, refund, Actor.system("billing", payment.request_id), now)
    elif answer.outcome is RefundOutcome.REFUSED:
        refund.refuse(answer.problem, now)
    elif answer.outcome is RefundOutcome.ACCEPTED:
        refund.accept()
    else:
        refund.doubt(answer.problem or "provider_silent")
    if refund.is_owed:
        store.note(
            uow,
            StuckKind.REFUND,
            refund.id,
            what="ask" if intent.ask_first else "refund",
            outcome=answer.outcome.value,
            problem=answer.problem,
            now=now,
        )
    if refund.is_open:
        refund.next_try_at = next_try(now, refund.tries, first=UNCLEAR_SECONDS, longest=LONGEST_SECONDS)


def give_back(
    uow: UnitOfWork, *, payment_id: UUID, amount_fen: int, reason: RefundReason, actor: Actor, now: datetime
) -> Refund:
    """Give back a part (fen) of a payment whose bill stays in force, through the channel it came by.

    Cash waits for the window to hand it out. Raises NotFound, and MoreThanLeft (changing nothing) for more than the
    payment still holds.
    """
    found = store.lock_payment(uow, payment_id)
    if found is None:
        raise NotFound
    invoice, payment = found
    done = bookkeeping.give_back(invoice, payment, amount_fen=amount_fen, reason=reason, now=now, new_id=uuid4)
    finish(uow, done, actor=actor, now=now)
    return done.refunds[0]


def pay_out_refund(uow: UnitOfWork, *, actor: Actor, now: datetime, refund_id: UUID) -> Refund:
    """The window hands out a refund in cash: of a cash payment, or where the provider refused to pay it back.

    Raises NotFound, and RefundNotPayableInCash for a refund on its way through its own channel or paid already.
    """
    found = store.lock_refund(uow, refund_id)
    if found is None:
        raise NotFound
    invoice, payment, refund = found
    refund.pay_out(actor.subject, now)
    _has_gone_back(uow, invoice, payment, refund, actor, now)
    return refund


def _has_gone_back(
    uow: UnitOfWork, invoice: Invoice, payment: Payment, refund: Refund, actor: Actor, now: datetime
) -> None:
    finish(uow, bookkeeping.refund_paid(invoice, payment, refund), actor=actor, now=now)
