"""What people can ask of billing, with its refusals; each refusal leaves everything as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.billing import usecases
from services.billing.domain import (
    AmountMismatch,
    AmountNotDue,
    CashAtWindowOnly,
    Channel,
    InvoiceAlreadyPaid,
    InvoiceIsCancelled,
    OrderOutcome,
    PaymentEnded,
    PaymentInProgress,
    RefundNotPayableInCash,
    TransactionMismatch,
)
from shared.actor import Actor
from shared.database import Database
from shared.errors import NotFound, NotYours
from tests.billing.factories import Case, facts_of
from tests.support.callers import FRONT_DESK, patient
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
NOBODY = Actor(subject="public", roles=("public",))


@pytest.fixture
def case(database: Database, clock: StandingClock) -> Case:
    """A held appointment with its bill of 15.00."""
    made = Case(database)
    made.held(clock())
    return made


def notify(case: Case, payment_id: UUID, clock: StandingClock, **changes: Any) -> None:
    """The wallet tells that 15.00 came."""
    told: dict[str, Any] = {"outcome": OrderOutcome.PAID, "paid_fen": 1500, "transaction_id": "T1", "problem": ""}
    with case.database.write() as uow:
        usecases.accept_notification(uow, actor=NOBODY, now=clock(), payment_id=payment_id, **(told | changes))


def refused(case: Case, clock: StandingClock, refusal: type[Exception], **changes: Any) -> None:
    """Asking to pay like this is refused and leaves no payment and no fact behind."""
    before = (len(case.payments()), facts_of(case.database), vars(case.invoice())["version"])
    with pytest.raises(refusal):
        case.ask_to_pay(clock(), **changes)
    assert (len(case.payments()), facts_of(case.database), vars(case.invoice())["version"]) == before


def test_a_patient_asks_to_pay_and_the_intent_is_written_down(case: Case, clock: StandingClock) -> None:
    payment = case.payment(case.ask_to_pay(clock(), client_reference="phone-1"))
    assert (payment.state, payment.amount_fen, payment.channel) == ("requested", 1500, "sandbox_wallet")
    assert (payment.pay_url, payment.client_reference, payment.next_try_at) == (None, "phone-1", clock())
    assert payment.expires_at == clock() + timedelta(minutes=15)
    assert case.postings() == [("invoice_issued", "patient_receivables", "outpatient_income", 1500)]


def test_cash_at_the_window_pays_the_bill_at_once(case: Case, clock: StandingClock) -> None:
    payment = case.payment(case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH))
    assert (payment.state, payment.received_fen, payment.requested_by) == ("succeeded", 1500, "staff:cashier")
    assert case.invoice().state == "balanced"
    assert case.postings()[1:] == [("payment_received", "cash_drawer", "patient_receivables", 1500)]
    assert facts_of(case.database) == ["billing.invoice_issued.v1", "billing.invoice_paid.v1"]


def test_a_patient_cannot_pay_in_cash_by_phone(case: Case, clock: StandingClock) -> None:
    refused(case, clock, CashAtWindowOnly, channel=Channel.CASH)


@pytest.mark.parametrize("amount", [1499, 1501, 0, -1500, 3000])
def test_only_what_is_due_can_be_paid(case: Case, clock: StandingClock, amount: int) -> None:
    refused(case, clock, AmountNotDue, amount_fen=amount)


def test_a_bill_that_is_not_there_cannot_be_paid(case: Case, clock: StandingClock) -> None:
    refused(case, clock, NotFound, invoice_id=uuid4())


def test_another_patients_bill_cannot_be_paid(case: Case, clock: StandingClock) -> None:
    refused(case, clock, NotYours, actor=patient(uuid4()))


def test_a_relative_who_may_only_see_cannot_pay(case: Case, clock: StandingClock) -> None:
    refused(case, clock, NotYours, actor=patient(case.patient_id, "see"))


def test_a_relative_who_may_pay_can_pay(case: Case, clock: StandingClock) -> None:
    relative = patient(case.patient_id, "see", "pay", account="account:daughter")
    assert case.payment(case.ask_to_pay(clock(), actor=relative)).requested_by == "account:daughter"


def test_the_front_desk_can_let_anybody_pay_by_phone(case: Case, clock: StandingClock) -> None:
    assert case.payment(case.ask_to_pay(clock(), actor=FRONT_DESK)).state == "requested"


def test_a_bill_has_one_payment_at_a_time(case: Case, clock: StandingClock) -> None:
    first = case.ask_to_pay(clock())
    with pytest.raises(PaymentInProgress) as refusal:
        case.ask_to_pay(clock())
    assert refusal.value.facts == {"payment_id": first}
    refused(case, clock, PaymentInProgress, actor=CASHIER, channel=Channel.CASH)


def test_a_paid_bill_cannot_be_paid_again(case: Case, clock: StandingClock) -> None:
    notify(case, case.ask_to_pay(clock()), clock)
    refused(case, clock, InvoiceAlreadyPaid)


def test_a_cancelled_bill_cannot_be_paid(case: Case, clock: StandingClock) -> None:
    case.cancelled(clock())
    refused(case, clock, InvoiceIsCancelled)


def test_after_a_failed_payment_the_bill_can_be_paid_anew(case: Case, clock: StandingClock) -> None:
    notify(case, case.ask_to_pay(clock()), clock, outcome=OrderOutcome.FAILED, problem="insufficient_balance")
    clock.advance(seconds=1)
    notify(case, case.ask_to_pay(clock()), clock)
    assert [(row["state"], row["problem"]) for row in case.payments()] == [
        ("failed", "insufficient_balance"),
        ("succeeded", None),
    ]
    assert case.invoice().state == "balanced"


# -------------------------------------------------------------------------------------------------- notifications


def test_a_notification_pays_the_bill_and_replaying_it_changes_nothing(case: Case, clock: StandingClock) -> None:
    payment_id = case.ask_to_pay(clock())
    notify(case, payment_id, clock)
    before = (case.invoice().version, case.payment(payment_id).version, case.postings(), facts_of(case.database))
    notify(case, payment_id, clock)
    assert (
        case.invoice().version,
        case.payment(payment_id).version,
        case.postings(),
        facts_of(case.database),
    ) == before
    assert (case.payment(payment_id).state, case.invoice().paid_fen) == ("succeeded", 1500)


def test_a_notification_of_another_amount_is_refused_and_enters_nothing(case: Case, clock: StandingClock) -> None:
    payment_id = case.ask_to_pay(clock())
    with pytest.raises(AmountMismatch):
        notify(case, payment_id, clock, paid_fen=1499)
    assert (case.payment(payment_id).state, case.invoice().paid_fen, len(case.postings())) == ("requested", 0, 1)
    assert facts_of(case.database) == ["billing.invoice_issued.v1"]


def test_a_notification_of_an_order_that_was_never_asked_for_is_not_found(case: Case, clock: StandingClock) -> None:
    with pytest.raises(NotFound):
        notify(case, uuid4(), clock)
    assert len(case.postings()) == 1


def test_one_transaction_cannot_pay_two_bills(case: Case, clock: StandingClock) -> None:
    other = Case(case.database)
    other.held(clock())
    notify(case, case.ask_to_pay(clock()), clock)
    payment_id = other.ask_to_pay(clock())
    with pytest.raises(TransactionMismatch):
        notify(other, payment_id, clock)
    assert (other.payment(payment_id).state, other.invoice().paid_fen, len(other.postings())) == ("requested", 0, 1)


def test_a_cancellation_told_after_the_money_came_changes_nothing(case: Case, clock: StandingClock) -> None:
    payment_id = case.ask_to_pay(clock())
    notify(case, payment_id, clock)
    notify(case, payment_id, clock, outcome=OrderOutcome.CLOSED, problem="user_cancelled")
    assert (case.payment(payment_id).state, case.invoice().state) == ("succeeded", "balanced")


# ------------------------------------------------------------------------------------- calling off and paying out


def test_a_payment_that_nobody_has_heard_of_is_called_off_at_once(case: Case, clock: StandingClock) -> None:
    payment_id = case.ask_to_pay(clock())
    with case.database.write() as uow:
        usecases.call_off_payment(uow, actor=case.payer, now=clock(), payment_id=payment_id)
    assert (case.payment(payment_id).state, case.payment(payment_id).problem) == ("cancelled", "called_off")
    assert case.payment(case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH)).state == "succeeded"


@pytest.mark.parametrize(
    ("actor", "refusal"), [(patient(uuid4()), NotYours), (CASHIER, PaymentEnded), (FRONT_DESK, PaymentEnded)]
)
def test_a_payment_that_has_ended_or_is_anothers_cannot_be_called_off(
    case: Case, clock: StandingClock, actor: Actor, refusal: type[Exception]
) -> None:
    payment_id = case.ask_to_pay(clock())
    notify(case, payment_id, clock)
    with pytest.raises(refusal), case.database.write() as uow:
        usecases.call_off_payment(uow, actor=actor, now=clock(), payment_id=payment_id)
    assert case.payment(payment_id).state == "succeeded"


def test_cash_goes_back_over_the_window_once(case: Case, clock: StandingClock) -> None:
    case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH)
    case.cancelled(clock())
    refund_id = case.refunds()[0]["id"]
    with case.database.write() as uow:
        usecases.pay_out_refund(uow, actor=CASHIER, now=clock(), refund_id=refund_id)
    with pytest.raises(RefundNotPayableInCash), case.database.write() as uow:
        usecases.pay_out_refund(uow, actor=FRONT_DESK, now=clock(), refund_id=refund_id)
    assert [(row["state"], row["paid_out_by"]) for row in case.refunds()] == [("succeeded", "staff:cashier")]
    assert case.invoice().refunded_fen == 1500
    assert case.postings()[-1] == ("refund_paid", "refunds_payable", "cash_drawer", 1500)


def test_a_refund_that_is_not_there_cannot_be_paid_out(case: Case, clock: StandingClock) -> None:
    with pytest.raises(NotFound), case.database.write() as uow:
        usecases.pay_out_refund(uow, actor=CASHIER, now=clock(), refund_id=uuid4())
