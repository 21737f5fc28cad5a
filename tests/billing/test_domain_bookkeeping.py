"""What each event of money does to bill, payment, refunds and ledger at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from services.billing.domain import (
    AmountMismatch,
    Channel,
    Consequences,
    Invoice,
    InvoiceLine,
    InvoiceState,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    bookkeeping,
)
from services.billing.events import InvoiceCancelled, InvoiceIssued, InvoicePaid, RefundSucceeded
from tests.billing.things import NOW, bill, give_back, pay


def entries(done: Consequences) -> list[tuple[str, str, str, int]]:
    """The postings as (kind, debit, credit, fen)."""
    return [(each.kind, each.debit, each.credit, each.amount_fen) for each in done.postings]


def receive(invoice: Invoice, payment: Payment, fen: int = 1500, rule: Any = bookkeeping.receive) -> Consequences:
    """The provider says that the money came."""
    done: Consequences = rule(invoice, payment, paid_fen=fen, transaction_id="T1", now=NOW, new_id=uuid4)
    return done


def test_an_issued_bill_is_owed_by_the_patient_and_earned_by_the_hospital() -> None:
    invoice = bill(InvoiceState.DRAFT)
    done = bookkeeping.issue(invoice, NOW)
    assert entries(done) == [("invoice_issued", "patient_receivables", "outpatient_income", 1500)]
    assert done.facts == [
        InvoiceIssued(
            invoice_id=invoice.id,
            billed_kind="appointment",
            billed_id=invoice.billed_id,
            patient_id=invoice.patient_id,
            amount_fen=1500,
        )
    ]


def test_a_free_bill_is_told_as_paid_without_a_payment_and_leaves_the_ledger_alone() -> None:
    invoice = bill(InvoiceState.DRAFT, lines=[InvoiceLine(number=1, text_zh="免费", text_en="Free", amount_fen=0)])
    done = bookkeeping.issue(invoice, NOW)
    assert done.postings == []
    assert [type(fact) for fact in done.facts] == [InvoiceIssued, InvoicePaid]
    assert (done.facts[1].payment_id, done.facts[1].amount_fen) == (None, 0)  # type: ignore[union-attr]


def test_a_payment_in_time_pays_the_bill() -> None:
    invoice, payment = bill(InvoiceState.ISSUED), pay(PaymentState.OPEN)
    done = receive(invoice, payment)
    assert entries(done) == [("payment_received", "sandbox_wallet", "patient_receivables", 1500)]
    assert (invoice.state, payment.counted, done.refunds) == ("balanced", True, [])
    assert done.facts == [
        InvoicePaid(
            invoice_id=invoice.id,
            billed_kind="appointment",
            billed_id=invoice.billed_id,
            patient_id=invoice.patient_id,
            payment_id=payment.id,
            amount_fen=1500,
        )
    ]


def test_a_payment_heard_of_again_has_no_consequences() -> None:
    invoice, payment = bill(InvoiceState.ISSUED), pay(PaymentState.OPEN)
    receive(invoice, payment)
    assert receive(invoice, payment) == Consequences()


def test_cash_lies_in_the_drawer() -> None:
    invoice, payment = bill(InvoiceState.ISSUED), pay(PaymentState.REQUESTED)
    payment.channel = Channel.CASH
    assert entries(receive(invoice, payment)) == [("payment_received", "cash_drawer", "patient_receivables", 1500)]


def test_a_payment_after_the_cancellation_is_counted_and_goes_back() -> None:
    invoice, payment = bill(InvoiceState.CANCELLED), pay(PaymentState.OPEN)
    done = receive(invoice, payment)
    assert entries(done) == [
        ("payment_received", "sandbox_wallet", "patient_receivables", 1500),
        ("refund_owed", "patient_receivables", "refunds_payable", 1500),
    ]
    assert (invoice.paid_fen, payment.returned_fen, done.facts) == (1500, 1500, [])
    assert [(each.reason, each.amount_fen, each.next_try_at) for each in done.refunds] == [("paid_too_late", 1500, NOW)]


@pytest.mark.parametrize("state", [InvoiceState.BALANCED, InvoiceState.DRAFT])
def test_money_that_no_bill_waits_for_is_held_for_its_payer_and_goes_back(state: InvoiceState) -> None:
    invoice, payment = bill(state), pay(PaymentState.CANCELLED)
    before = invoice.paid_fen
    done = receive(invoice, payment)
    assert entries(done) == [("payment_not_due", "sandbox_wallet", "refunds_payable", 1500)]
    assert (invoice.paid_fen, payment.counted, payment.state) == (before, False, "succeeded")
    assert [(each.reason, each.amount_fen) for each in done.refunds] == [("not_due", 1500)]


def test_an_amount_that_does_not_match_touches_nothing() -> None:
    invoice, payment = bill(InvoiceState.ISSUED), pay(PaymentState.OPEN)
    before = (vars(invoice).copy(), vars(payment).copy())
    with pytest.raises(AmountMismatch):
        receive(invoice, payment, 1499)
    assert (vars(invoice), vars(payment)) == before


def test_a_wrong_sum_that_the_provider_confirms_goes_back_whole_and_the_bill_stays_unpaid() -> None:
    invoice, payment = bill(InvoiceState.ISSUED), pay(PaymentState.OPEN)
    done = receive(invoice, payment, 1499, bookkeeping.receive_wrong_sum)
    assert entries(done) == [("payment_not_due", "sandbox_wallet", "refunds_payable", 1499)]
    assert (invoice.state, invoice.paid_fen, payment.state) == ("issued", 0, "failed")
    assert [(each.reason, each.amount_fen) for each in done.refunds] == [("amount_mismatch", 1499)]
    assert receive(invoice, payment, 1499, bookkeeping.receive_wrong_sum) == Consequences()


def test_cancelling_an_unpaid_bill_takes_the_income_back_and_closes_the_open_order() -> None:
    invoice, payment = bill(InvoiceState.ISSUED, issued_at=NOW), pay(PaymentState.OPEN)
    done = bookkeeping.cancel(invoice, [payment], now=NOW, new_id=uuid4)
    assert entries(done) == [("invoice_cancelled", "outpatient_income", "patient_receivables", 1500)]
    assert (payment.closing, payment.next_try_at, done.refunds) == (True, NOW, [])
    assert done.facts == [
        InvoiceCancelled(
            invoice_id=invoice.id,
            billed_kind="appointment",
            billed_id=invoice.billed_id,
            patient_id=invoice.patient_id,
            amount_fen=invoice.amount_fen,
        )
    ]


def test_cancelling_a_paid_bill_owes_the_money_back() -> None:
    invoice = bill(InvoiceState.BALANCED, issued_at=NOW)
    payments = [pay(PaymentState.SUCCEEDED, counted=True), pay(PaymentState.FAILED)]
    done = bookkeeping.cancel(invoice, payments, now=NOW, new_id=uuid4)
    assert entries(done) == [
        ("invoice_cancelled", "outpatient_income", "patient_receivables", 1500),
        ("refund_owed", "patient_receivables", "refunds_payable", 1500),
    ]
    assert [(each.payment_id, each.amount_fen, each.reason) for each in done.refunds] == [
        (payments[0].id, 1500, "appointment_cancelled")
    ]
    assert payments[0].returned_fen == 1500


def test_cancelling_again_has_no_consequences() -> None:
    invoice = bill(InvoiceState.CANCELLED, issued_at=NOW)
    assert bookkeeping.cancel(invoice, [pay(PaymentState.OPEN)], now=NOW, new_id=uuid4) == Consequences()


def test_money_that_is_on_its_way_back_is_not_owed_twice() -> None:
    invoice = bill(InvoiceState.BALANCED, issued_at=NOW)
    surplus = pay(PaymentState.SUCCEEDED, counted=False, returned_fen=1500)
    done = bookkeeping.cancel(invoice, [surplus], now=NOW, new_id=uuid4)
    assert done.refunds == []


def test_a_draft_that_is_cancelled_never_was_in_the_ledger() -> None:
    assert bookkeeping.cancel(bill(InvoiceState.DRAFT), [], now=NOW, new_id=uuid4).postings == []


def test_a_cash_refund_waits_for_the_window_and_not_for_the_clock() -> None:
    invoice = bill(InvoiceState.BALANCED, issued_at=NOW)
    payment = pay(PaymentState.SUCCEEDED, counted=True)
    payment.channel = Channel.CASH
    done = bookkeeping.cancel(invoice, [payment], now=NOW, new_id=uuid4)
    assert [(each.channel, each.next_try_at) for each in done.refunds] == [("cash", None)]


@pytest.mark.parametrize(("counted", "refunded"), [(True, 1500), (False, 0)])
def test_a_refund_that_arrived_is_owed_no_longer(counted: bool, refunded: int) -> None:
    invoice = bill(InvoiceState.CANCELLED, paid_fen=1500)
    payment, refund = pay(PaymentState.SUCCEEDED, counted=counted), give_back(RefundState.SUCCEEDED)
    done = bookkeeping.refund_paid(invoice, payment, refund)
    assert entries(done) == [("refund_paid", "refunds_payable", "sandbox_wallet", 1500)]
    assert invoice.refunded_fen == refunded
    assert done.facts == [_told(refund, payment, invoice)]


def _told(refund: Refund, payment: Payment, invoice: Invoice) -> RefundSucceeded:
    bill: dict[str, Any] = {"invoice_id": invoice.id, "billed_kind": "appointment", "billed_id": invoice.billed_id}
    about = bill | {"patient_id": invoice.patient_id, "amount_fen": 1500}
    return RefundSucceeded(refund_id=refund.id, payment_id=payment.id, **about)
