"""A part of a payment goes back while the bill stays in force; deposits are held, never earned."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.billing.domain import (
    BOOKS,
    BilledKind,
    Channel,
    InvoiceState,
    LedgerAccount,
    MoreThanLeft,
    PaymentState,
    PostingKind,
    RefundReason,
    bookkeeping,
)
from tests.billing.things import NOW, bill, pay

NEW_ID = {"now": NOW, "new_id": uuid4}
WALLET = LedgerAccount.SANDBOX_WALLET
PAYABLE = LedgerAccount.REFUNDS_PAYABLE


def paid(kind: BilledKind) -> tuple[Any, Any, list[tuple[str, str, str, int]]]:
    """A bill of 15.00 of a kind, issued and paid through the wallet, with its postings."""
    invoice = bill(InvoiceState.DRAFT, billed_kind=kind)
    done = bookkeeping.issue(invoice, NOW)
    payment = pay(PaymentState.OPEN)
    came = bookkeeping.receive(invoice, payment, paid_fen=1500, transaction_id="T1", **NEW_ID)
    return invoice, payment, rows(done) + rows(came)


def rows(done: bookkeeping.Consequences) -> list[tuple[str, str, str, int]]:
    return [(each.kind, each.debit, each.credit, each.amount_fen) for each in done.postings]


def give_back(invoice: Any, payment: Any, fen: int) -> bookkeeping.Consequences:
    return bookkeeping.give_back(invoice, payment, amount_fen=fen, reason=RefundReason.FEWER_PAGES, **NEW_ID)


def balances(postings: list[tuple[str, str, str, int]]) -> dict[str, int]:
    """Debit less credit of each account; accounts at nothing are left out."""
    sums: dict[str, int] = {}
    for _, debit, credit, fen in postings:
        sums[debit] = sums.get(debit, 0) + fen
        sums[credit] = sums.get(credit, 0) - fen
    return {account: fen for account, fen in sums.items() if fen}


def test_a_part_goes_back_and_the_bill_stays_paid() -> None:
    invoice, payment, _ = paid(BilledKind.COPY_REQUEST)
    done = give_back(invoice, payment, 400)
    (refund,) = done.refunds
    assert (refund.amount_fen, refund.reason, refund.payment_id, refund.channel) == (
        400,
        RefundReason.FEWER_PAGES,
        payment.id,
        Channel.SANDBOX_WALLET,
    )
    assert rows(done) == [(PostingKind.GIVEN_BACK, LedgerAccount.COPYING_INCOME, PAYABLE, 400)]
    assert done.postings[0].reference == refund.id
    assert (payment.left_fen, payment.returned_fen) == (1100, 400)
    assert (invoice.state, invoice.paid_fen, invoice.refunded_fen) == (InvoiceState.BALANCED, 1500, 0)
    (fact,) = bookkeeping.refund_paid(invoice, payment, refund).facts
    assert (fact.amount_fen, fact.billed_kind, fact.billed_id) == (400, "copy_request", invoice.billed_id)  # type: ignore[union-attr]
    assert invoice.refunded_fen == 400


@pytest.mark.parametrize("fen", [0, -1, 1501])
def test_more_than_is_left_or_nothing_is_refused_and_nothing_changes(fen: int) -> None:
    invoice, payment, _ = paid(BilledKind.DEPOSIT)
    with pytest.raises(MoreThanLeft) as refused:
        give_back(invoice, payment, fen)
    assert refused.value.facts == {"left": "15.00"}
    assert (payment.returned_fen, payment.left_fen, invoice.refunded_fen) == (0, 1500, 0)


def test_several_parts_never_go_beyond_the_payment() -> None:
    invoice, payment, _ = paid(BilledKind.DEPOSIT)
    for fen in (700, 800):
        give_back(invoice, payment, fen)
    with pytest.raises(MoreThanLeft) as refused:
        give_back(invoice, payment, 1)
    assert refused.value.facts == {"left": "0.00"}
    assert payment.returned_fen == 1500


def test_nothing_more_goes_back_of_a_cancelled_bill_or_of_money_that_was_never_counted() -> None:
    invoice, payment, _ = paid(BilledKind.COPY_REQUEST)
    bookkeeping.cancel(invoice, [payment], **NEW_ID)
    with pytest.raises(MoreThanLeft):
        give_back(invoice, payment, 1)
    stray = pay(PaymentState.SUCCEEDED, counted=False)
    with pytest.raises(MoreThanLeft):
        give_back(bill(InvoiceState.BALANCED), stray, 1)


@pytest.mark.parametrize("kind", list(BilledKind))
def test_what_went_back_before_is_not_earned_and_not_taken_twice_when_the_bill_ends(kind: BilledKind) -> None:
    invoice, payment, postings = paid(kind)
    first = give_back(invoice, payment, 400)
    ended = bookkeeping.cancel(invoice, [payment], **NEW_ID)
    assert [each.amount_fen for each in ended.refunds] == [1100]
    assert [each.reason for each in ended.refunds] == [BOOKS[kind].ended]
    assert balances(postings + rows(first) + rows(ended)) == {WALLET: 1500, PAYABLE: -1500}
    for refund in (*first.refunds, *ended.refunds):
        postings = postings + rows(bookkeeping.refund_paid(invoice, payment, refund))
    assert balances(postings + rows(first) + rows(ended)) == {}


@pytest.mark.parametrize(
    ("kind", "account"),
    [
        (BilledKind.APPOINTMENT, "outpatient_income"),
        (BilledKind.MEAL_ORDER, "meals_income"),
        (BilledKind.COPY_REQUEST, "copying_income"),
        (BilledKind.COPY_TOP_UP, "copying_income"),
        (BilledKind.DEPOSIT, "prepayments"),
        (BilledKind.SETTLEMENT, "stay_receivables"),
    ],
    ids=str,
)
def test_each_kind_of_bill_has_its_account(kind: BilledKind, account: str) -> None:
    _, _, postings = paid(kind)
    assert balances(postings) == {WALLET: 1500, account: -1500}


def test_a_deposit_that_nobody_paid_leaves_no_trace_in_the_ledger() -> None:
    invoice = bill(InvoiceState.DRAFT, billed_kind=BilledKind.DEPOSIT)
    done = bookkeeping.issue(invoice, NOW)
    ended = bookkeeping.cancel(invoice, [], **NEW_ID)
    assert (done.postings, ended.postings, ended.refunds) == ([], [], [])
    assert (invoice.state, isinstance(invoice.id, UUID)) == (InvoiceState.CANCELLED, True)
