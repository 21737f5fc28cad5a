"""Paying a bill: asked for at the door, carried out with the provider by the clock, ended by what the provider says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.billing import store
from services.billing.domain import (
    CashAtWindowOnly,
    Channel,
    Consequences,
    Invoice,
    OrderAnswer,
    OrderIntent,
    OrderOutcome,
    OrderStep,
    Payment,
    PaymentEnded,
    PaymentInProgress,
    PaymentState,
    TransactionMismatch,
    bookkeeping,
    next_step,
    next_try,
)
from services.billing.domain.stuck import StuckKind
from services.billing.usecases.invoices import finish
from services.billing.usecases.patients import may_pay_for
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours

ORDER_LIFETIME = timedelta(minutes=15)
"""How long an order can be paid at the provider: as long as a place is held. After that a new payment is asked for."""

WINDOW = ("front_desk", "cashier")
ATTEMPT_SECONDS = 10
"""How long an attempt may take before it counts as cut off: the next one begins by asking."""
NOTIFIED_SECONDS = 10
"""How long a notification is waited for before the provider is asked."""
UNCLEAR_SECONDS = 2
LONGEST_SECONDS = 60


def request_payment(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    invoice_id: UUID,
    amount_fen: int,
    channel: Channel,
    return_path: str = "/",
    client_reference: str | None = None,
) -> Payment:
    """Somebody wants to pay a bill: the patient, whoever may pay for them, or the window.

    The amount (fen) must be exactly what is still due. Cash is taken by the window only and ends at once; anything else
    is an intent that the clock carries to the provider. Raises NotFound, NotYours, InvoiceIsCancelled,
    InvoiceAlreadyPaid, AmountNotDue, CashAtWindowOnly and PaymentInProgress (which names the payment to go on with).
    """
    invoice = store.lock_invoice(uow, invoice_id)
    if invoice is None:
        raise NotFound
    _check_may_pay(uow, actor, invoice.patient_id)
    if channel is Channel.CASH and not actor.has(*WINDOW):
        raise CashAtWindowOnly
    return begin_payment(
        uow,
        invoice,
        actor=actor,
        now=now,
        amount_fen=amount_fen,
        channel=channel,
        return_path=return_path,
        client_reference=client_reference,
    )


def begin_payment(
    uow: UnitOfWork,
    invoice: Invoice,
    *,
    actor: Actor,
    now: datetime,
    amount_fen: int,
    channel: Channel,
    return_path: str = "/",
    client_reference: str | None = None,
) -> Payment:
    """A payment (fen) of a locked bill, by somebody who may. Raises as `request_payment` does of the bill."""
    invoice.check_payable(amount_fen)
    for other in store.lock_payments_of(uow, invoice):
        if other.is_live:
            raise PaymentInProgress(payment_id=other.id)
    payment = _new(invoice, actor, now, channel, return_path, client_reference)
    uow.session.add(payment)
    if channel is Channel.CASH:
        done = bookkeeping.receive(invoice, payment, paid_fen=amount_fen, transaction_id=None, now=now, new_id=uuid4)
        finish(uow, done, actor=actor, now=now)
    return payment


def call_off_payment(uow: UnitOfWork, *, actor: Actor, now: datetime, payment_id: UUID) -> Payment:
    """Somebody wants to pay in another way: have the provider close the order, so that this payment ends.

    It ends when the provider says so, which may be that the money has come after all. Raises NotFound, NotYours and
    PaymentEnded.
    """
    found = store.lock_payment(uow, payment_id)
    if found is None:
        raise NotFound
    _, payment = found
    _check_may_pay(uow, actor, payment.patient_id)
    if not payment.is_live:
        raise PaymentEnded
    payment.want_closed("called_off", now)
    return payment


def _check_may_pay(uow: UnitOfWork, actor: Actor, patient_id: UUID) -> None:
    if not actor.has(*WINDOW) and not may_pay_for(uow, actor, patient_id):
        raise NotYours(patient_id)


def _new(
    invoice: Invoice, actor: Actor, now: datetime, channel: Channel, return_path: str, client_reference: str | None
) -> Payment:
    return Payment(
        id=uuid4(),
        invoice_id=invoice.id,
        billed_kind=invoice.billed_kind,
        billed_id=invoice.billed_id,
        patient_id=invoice.patient_id,
        channel=channel,
        amount_fen=invoice.due_fen,
        requested_by=actor.subject,
        request_id=actor.request_id,
        requested_at=now,
        expires_at=now + ORDER_LIFETIME,
        return_path=return_path,
        client_reference=client_reference,
        next_try_at=now,
    )


def take_new_payments(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[OrderIntent]:
    """Payments that were just asked for: people wait for the provider's page. The attempt is written down."""
    return _attempts(uow, store.due_payments(uow, now=now, limit=limit, new=True), now)


def take_due_payments(uow: UnitOfWork, *, now: datetime, limit: int) -> Sequence[OrderIntent]:
    """Payments to ask about (a notification may be lost), and orders to close. The attempt is written down."""
    return _attempts(uow, store.due_payments(uow, now=now, limit=limit, new=False), now)


def _attempts(uow: UnitOfWork, due: Sequence[Payment], now: datetime) -> list[OrderIntent]:
    invoices = store.invoices_by_id(uow, {payment.invoice_id for payment in due})
    intents = [_intent(payment, invoices[payment.invoice_id], now) for payment in due]
    for payment in due:
        payment.tries += 1
        payment.next_try_at = next_try(now, payment.tries, first=ATTEMPT_SECONDS, longest=LONGEST_SECONDS)
    return intents


def _intent(payment: Payment, invoice: Invoice, now: datetime) -> OrderIntent:
    return OrderIntent(
        payment_id=payment.id,
        channel=payment.channel,
        step=next_step(payment, now),
        may_open=payment.state is not PaymentState.OPEN and now < payment.expires_at,
        amount_fen=payment.amount_fen,
        number=invoice.number,
        subject_zh=invoice.lines[0].text_zh,
        subject_en=invoice.lines[0].text_en,
        return_path=payment.return_path,
        expires_at=payment.expires_at,
    )


def conclude_payment(uow: UnitOfWork, *, intent: OrderIntent, answer: OrderAnswer, now: datetime) -> None:
    """Write down what the provider said. Money that came counts whatever the payment's state was meanwhile.

    An amount that the provider itself names wrongly fails the payment and goes back; no clear answer is asked about.
    """
    found = store.lock_payment(uow, intent.payment_id)
    if found is None:
        return
    invoice, payment = found
    actor = Actor.system("billing", payment.request_id)
    if answer.outcome is OrderOutcome.PAID:
        finish(uow, _money_came(uow, invoice, payment, answer, now), actor=actor, now=now)
    else:
        _no_money_yet(payment, intent, answer, now)
    if payment.is_live:
        _ask_again(payment, now)
        if payment.problem:
            note = {"what": intent.step.value, "outcome": answer.outcome.value, "problem": payment.problem}
            store.note(uow, StuckKind.PAYMENT, payment.id, **note, now=now)


def _money_came(
    uow: UnitOfWork, invoice: Invoice, payment: Payment, answer: OrderAnswer, now: datetime
) -> Consequences:
    if payment.received_fen:
        return Consequences()
    owner = store.payment_of_transaction(uow, payment.channel, answer.transaction_id or "")
    if owner not in {None, payment.id}:
        payment.doubt(TransactionMismatch.code)
        return Consequences()
    rule = bookkeeping.receive if answer.paid_fen == payment.amount_fen else bookkeeping.receive_wrong_sum
    return rule(invoice, payment, paid_fen=answer.paid_fen, transaction_id=answer.transaction_id, now=now, new_id=uuid4)


def _no_money_yet(payment: Payment, intent: OrderIntent, answer: OrderAnswer, now: datetime) -> None:
    nothing_there = answer.outcome is OrderOutcome.NOT_FOUND and (
        intent.step is OrderStep.CLOSE or now >= payment.expires_at
    )
    if answer.outcome is OrderOutcome.OPENED:
        payment.opened(answer.pay_url)
    elif answer.outcome is OrderOutcome.FAILED:
        payment.fail(answer.problem, now)
    elif answer.outcome is OrderOutcome.CLOSED or nothing_there:
        payment.close(answer.problem or "order_expired", now)
    else:
        payment.doubt(answer.problem or "provider_silent")


def _ask_again(payment: Payment, now: datetime) -> None:
    first = NOTIFIED_SECONDS if payment.state is PaymentState.OPEN and not payment.closing else UNCLEAR_SECONDS
    payment.next_try_at = next_try(now, payment.tries, first=first, longest=LONGEST_SECONDS)


def accept_notification(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    payment_id: UUID,
    outcome: OrderOutcome,
    paid_fen: int,
    transaction_id: str | None,
    problem: str,
) -> Payment:
    """The provider tells, signed, how an order ended. Told again, nothing changes and the answer is the same.

    Raises NotFound for an order we never asked for, AmountMismatch for another amount than asked for (nothing is
    entered; the clock asks the provider itself), TransactionMismatch for a transaction of another payment.
    """
    found = store.lock_payment(uow, payment_id)
    if found is None:
        raise NotFound
    invoice, payment = found
    if outcome is OrderOutcome.FAILED:
        payment.fail(problem, now)
    elif outcome is OrderOutcome.CLOSED:
        payment.close(problem, now)
    else:
        owner = store.payment_of_transaction(uow, payment.channel, transaction_id or "")
        if owner not in {None, payment.id}:
            raise TransactionMismatch
        done = bookkeeping.receive(
            invoice, payment, paid_fen=paid_fen, transaction_id=transaction_id, now=now, new_id=uuid4
        )
        finish(uow, done, actor=Actor.system("billing", payment.request_id), now=now)
    return payment
