"""The bill's and the payment's own rules: every state with every action, without a database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.billing.domain import (
    AmountMismatch,
    AmountNotDue,
    InvoiceAlreadyIssued,
    InvoiceAlreadyPaid,
    InvoiceIsCancelled,
    InvoiceLine,
    InvoiceNotIssued,
    InvoiceState,
    OrderStep,
    PaymentState,
    TransactionMismatch,
    next_step,
)
from tests.billing.things import NOW, bill, pay

# ------------------------------------------------------------------------------------------------------- the bill


def test_issuing_a_draft_adds_up_its_lines() -> None:
    invoice = bill(InvoiceState.DRAFT)
    invoice.issue(NOW)
    assert (invoice.state, invoice.amount_fen, invoice.due_fen, invoice.issued_at) == ("issued", 1500, 1500, NOW)


def test_a_free_bill_is_balanced_at_once() -> None:
    invoice = bill(InvoiceState.DRAFT, lines=[InvoiceLine(number=1, text_zh="免费", text_en="Free", amount_fen=0)])
    invoice.issue(NOW)
    assert (invoice.state, invoice.amount_fen, invoice.due_fen) == ("balanced", 0, 0)


@pytest.mark.parametrize("state", [InvoiceState.ISSUED, InvoiceState.BALANCED, InvoiceState.CANCELLED])
def test_a_bill_is_issued_once(state: InvoiceState) -> None:
    invoice = bill(state)
    with pytest.raises(InvoiceAlreadyIssued):
        invoice.issue(NOW)
    assert (invoice.state, invoice.issued_at) == (state, None)


@pytest.mark.parametrize(
    ("state", "amount", "refusal"),
    [
        (InvoiceState.DRAFT, 1500, InvoiceNotIssued),
        (InvoiceState.BALANCED, 1500, InvoiceAlreadyPaid),
        (InvoiceState.CANCELLED, 1500, InvoiceIsCancelled),
        (InvoiceState.ISSUED, 1499, AmountNotDue),
        (InvoiceState.ISSUED, 1501, AmountNotDue),
        (InvoiceState.ISSUED, 0, AmountNotDue),
        (InvoiceState.ISSUED, -1500, AmountNotDue),
    ],
)
def test_a_bill_says_why_it_cannot_be_paid(state: InvoiceState, amount: int, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        bill(state).check_payable(amount)


def test_an_issued_bill_can_be_paid_with_exactly_what_is_due() -> None:
    bill(InvoiceState.ISSUED).check_payable(1500)
    bill(InvoiceState.ISSUED, paid_fen=500).check_payable(1000)


@pytest.mark.parametrize(
    ("state", "amount", "counted", "paid", "after"),
    [
        (InvoiceState.DRAFT, 1500, False, 0, InvoiceState.DRAFT),
        (InvoiceState.ISSUED, 1500, True, 1500, InvoiceState.BALANCED),
        (InvoiceState.ISSUED, 500, True, 500, InvoiceState.ISSUED),
        (InvoiceState.ISSUED, 1501, False, 0, InvoiceState.ISSUED),
        (InvoiceState.BALANCED, 1, False, 1500, InvoiceState.BALANCED),
        (InvoiceState.CANCELLED, 1500, True, 1500, InvoiceState.CANCELLED),
        (InvoiceState.CANCELLED, 1501, False, 0, InvoiceState.CANCELLED),
    ],
)
def test_a_bill_takes_no_more_than_it_asks_for(
    state: InvoiceState, amount: int, counted: bool, paid: int, after: InvoiceState
) -> None:
    invoice = bill(state)
    assert invoice.take(amount) is counted
    assert (invoice.paid_fen, invoice.state) == (paid, after)


@pytest.mark.parametrize("state", [InvoiceState.DRAFT, InvoiceState.ISSUED, InvoiceState.BALANCED])
def test_any_bill_can_be_cancelled(state: InvoiceState) -> None:
    invoice = bill(state)
    assert invoice.cancel(NOW)
    assert (invoice.state, invoice.cancelled_at, invoice.due_fen) == ("cancelled", NOW, 0)


def test_a_cancelled_bill_stays_as_it_was_cancelled_first() -> None:
    invoice = bill(InvoiceState.CANCELLED, cancelled_at=NOW)
    assert not invoice.cancel(NOW + timedelta(days=1))
    assert invoice.cancelled_at == NOW


# ---------------------------------------------------------------------------------------------------- the payment

LIVE = [PaymentState.REQUESTED, PaymentState.OPEN, PaymentState.UNKNOWN]
ENDED = [PaymentState.SUCCEEDED, PaymentState.FAILED, PaymentState.CANCELLED]


@pytest.mark.parametrize("state", LIVE)
def test_a_payment_that_has_not_ended_follows_the_provider(state: PaymentState) -> None:
    opened, failed, closed, doubted = (pay(state) for _ in range(4))
    assert opened.opened("http://wallet/1")
    assert (opened.state, opened.pay_url) == ("open", "http://wallet/1")
    assert failed.fail("insufficient_balance", NOW)
    assert (failed.state, failed.problem, failed.ended_at, failed.next_try_at) == (
        "failed",
        "insufficient_balance",
        NOW,
        None,
    )
    assert closed.close("user_cancelled", NOW)
    assert (closed.state, closed.problem) == ("cancelled", "user_cancelled")
    assert doubted.doubt("provider_silent")
    assert doubted.state == ("open" if state is PaymentState.OPEN else "unknown")


@pytest.mark.parametrize("state", ENDED)
def test_a_payment_that_has_ended_hears_no_more_of_orders(state: PaymentState) -> None:
    payment = pay(state)
    before = vars(payment).copy()
    assert not payment.opened("http://wallet/1")
    assert not payment.fail("insufficient_balance", NOW)
    assert not payment.close("user_cancelled", NOW)
    assert not payment.doubt("provider_silent")
    payment.want_closed("called_off", NOW)
    assert vars(payment) == before


@pytest.mark.parametrize("state", [*LIVE, PaymentState.FAILED, PaymentState.CANCELLED])
def test_money_that_came_wins_over_whatever_was_thought_before(state: PaymentState) -> None:
    payment = pay(state, problem="provider_silent", closing=True)
    assert payment.receive(1500, "T1", NOW)
    assert (payment.state, payment.received_fen, payment.provider_transaction_id) == ("succeeded", 1500, "T1")
    assert (payment.problem, payment.closing, payment.next_try_at, payment.ended_at) == (None, False, None, NOW)


def test_money_heard_of_twice_is_received_once() -> None:
    payment = pay(PaymentState.SUCCEEDED)
    assert not payment.receive(1500, "T1", NOW)
    assert payment.received_fen == 1500


@pytest.mark.parametrize(
    ("state", "amount", "transaction", "refusal"),
    [
        (PaymentState.OPEN, 1499, "T1", AmountMismatch),
        (PaymentState.CANCELLED, 1501, "T1", AmountMismatch),
        (PaymentState.SUCCEEDED, 1499, "T1", AmountMismatch),
        (PaymentState.SUCCEEDED, 1500, "T2", TransactionMismatch),
    ],
)
def test_money_that_does_not_match_changes_nothing(
    state: PaymentState, amount: int, transaction: str, refusal: type[Exception]
) -> None:
    payment = pay(state)
    before = vars(payment).copy()
    with pytest.raises(refusal):
        payment.receive(amount, transaction, NOW)
    assert vars(payment) == before


@pytest.mark.parametrize("state", [*LIVE, PaymentState.FAILED, PaymentState.CANCELLED])
def test_a_wrong_sum_fails_the_payment(state: PaymentState) -> None:
    payment = pay(state)
    assert payment.receive_wrong_sum(1499, "T1", NOW)
    assert (payment.state, payment.received_fen, payment.problem) == ("failed", 1499, "amount_mismatch")
    with pytest.raises(AmountMismatch):
        payment.receive(1499, "T1", NOW)


def test_a_paid_payment_cannot_be_of_a_wrong_sum_afterwards() -> None:
    payment = pay(PaymentState.SUCCEEDED)
    assert not payment.receive_wrong_sum(1499, "T2", NOW)
    assert (payment.state, payment.received_fen) == ("succeeded", 1500)


@pytest.mark.parametrize(
    ("state", "tries", "after", "closing"),
    [
        (PaymentState.REQUESTED, 0, PaymentState.CANCELLED, False),
        (PaymentState.REQUESTED, 1, PaymentState.REQUESTED, True),
        (PaymentState.OPEN, 0, PaymentState.OPEN, True),
        (PaymentState.UNKNOWN, 3, PaymentState.UNKNOWN, True),
    ],
)
def test_an_unwanted_payment_is_closed_with_the_provider_unless_nobody_has_heard_of_it(
    state: PaymentState, tries: int, after: PaymentState, closing: bool
) -> None:
    payment = pay(state, tries=tries)
    payment.want_closed("called_off", NOW)
    assert (payment.state, payment.closing) == (after, closing)


@pytest.mark.parametrize(
    ("state", "changes", "minutes", "step"),
    [
        (PaymentState.REQUESTED, {"tries": 0}, 0, OrderStep.OPEN),
        (PaymentState.REQUESTED, {"tries": 1}, 0, OrderStep.ASK),
        (PaymentState.UNKNOWN, {"tries": 4}, 0, OrderStep.ASK),
        (PaymentState.UNKNOWN, {"tries": 4}, 20, OrderStep.ASK),
        (PaymentState.OPEN, {}, 14, OrderStep.ASK),
        (PaymentState.OPEN, {}, 15, OrderStep.CLOSE),
        (PaymentState.OPEN, {"closing": True}, 0, OrderStep.CLOSE),
        (PaymentState.REQUESTED, {"closing": True}, 0, OrderStep.CLOSE),
    ],
)
def test_what_may_have_been_sent_is_asked_about_first(
    state: PaymentState, changes: dict[str, Any], minutes: int, step: OrderStep
) -> None:
    assert next_step(pay(state, **changes), NOW + timedelta(minutes=minutes)) is step
