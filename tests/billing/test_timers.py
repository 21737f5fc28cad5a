"""The clock carries payments and refunds to their provider: asked once, asked about when silent, never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.billing import usecases
from services.billing.domain import OrderAnswer, OrderOutcome, RefundAnswer, RefundOutcome
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from tests.billing.factories import Case, PlayedProvider, facts_of, paid
from tests.support.clock import StandingClock

OPEN_ORDERS, ASK, REFUND = TIMERS[:3]
NOT_FOUND = OrderAnswer(outcome=OrderOutcome.NOT_FOUND, problem="order_not_found")
SILENT = OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem="provider_silent")


class Hospital:
    """One bill, one provider, and the clock between them."""

    def __init__(self, database: Database, clock: StandingClock) -> None:
        self.case, self.clock, self.provider = Case(database), clock, PlayedProvider()
        self.case.held(clock())

    def fire(self, *timers: Any) -> int:
        """Let the clock do what is due now."""
        outside = {"sandbox_wallet": self.provider}
        return sum(timer.fire(self.case.database, self.clock, outside) for timer in timers or TIMERS)

    def state(self, payment_id: UUID) -> tuple[str, str | None]:
        """A payment's state and problem."""
        payment = self.case.payment(payment_id)
        return payment.state, payment.problem

    def refund(self) -> tuple[str, str | None]:
        """The refund's state and problem."""
        row = self.case.refunds()[0]
        return row["state"], row["problem"]


@pytest.fixture
def hospital(database: Database, clock: StandingClock) -> Hospital:
    return Hospital(database, clock)


@pytest.fixture
def paid_and_cancelled(hospital: Hospital, clock: StandingClock) -> Hospital:
    """15.00 came, then the appointment was cancelled."""
    hospital.case.ask_to_pay(clock())
    hospital.provider.orders["open"] = paid()
    hospital.fire(OPEN_ORDERS)
    hospital.case.cancelled(clock())
    hospital.provider.asked.clear()
    return hospital


def test_a_new_payment_becomes_an_open_order_with_its_page(hospital: Hospital, clock: StandingClock) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    assert hospital.fire() == 1
    payment = hospital.case.payment(payment_id)
    assert (payment.state, payment.pay_url, payment.tries) == ("open", "http://wallet/pay/1", 0)
    assert payment.next_try_at == clock() + timedelta(seconds=10)
    assert hospital.fire() == 0
    assert hospital.provider.asked == ["open"]


def test_a_lost_notification_is_found_by_asking(hospital: Hospital, clock: StandingClock) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    hospital.provider.orders["ask"] = paid()
    clock.advance(seconds=10)
    assert hospital.fire() == 1
    assert (hospital.state(payment_id), hospital.case.invoice().state) == (("succeeded", None), "balanced")
    assert facts_of(hospital.case.database) == ["billing.invoice_issued.v1", "billing.invoice_paid.v1"]


def test_an_open_order_is_asked_about_with_growing_delay(hospital: Hospital, clock: StandingClock) -> None:
    hospital.case.ask_to_pay(clock())
    hospital.fire()
    asked = []
    for second in range(121):
        asked += [second] * hospital.fire()
        clock.advance(seconds=1)
    assert asked == [10, 20, 40, 80]


def test_an_unknown_answer_is_asked_about_and_never_repeated_blindly(hospital: Hospital, clock: StandingClock) -> None:
    hospital.provider.orders = {"open": SILENT, "ask": paid()}
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    assert hospital.state(payment_id) == ("unknown", "provider_silent")
    clock.advance(seconds=2)
    hospital.fire()
    assert hospital.provider.asked == ["open", "ask"]
    assert hospital.state(payment_id) == ("succeeded", None)


def test_an_order_that_never_arrived_is_opened_after_asking(hospital: Hospital, clock: StandingClock) -> None:
    hospital.provider.orders = {"open": SILENT, "ask": NOT_FOUND}
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    del hospital.provider.orders["open"]
    clock.advance(seconds=2)
    hospital.fire()
    assert hospital.provider.asked == ["open", "ask", "open"]
    assert hospital.state(payment_id) == ("open", None)


def test_a_worker_killed_while_it_asked_leaves_an_intent_that_asks_first(
    hospital: Hospital, clock: StandingClock
) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    with hospital.case.database.write() as uow:
        assert len(usecases.take_new_payments(uow, now=clock(), limit=10)) == 1
    assert hospital.fire() == 0
    clock.advance(seconds=10)
    assert hospital.fire() == 1
    assert hospital.provider.asked == ["ask"]
    assert hospital.state(payment_id) == ("open", None)


def test_a_silent_wallet_leaves_the_payment_unknown_until_it_speaks(hospital: Hospital, clock: StandingClock) -> None:
    hospital.provider.orders = {"open": SILENT, "ask": SILENT}
    payment_id = hospital.case.ask_to_pay(clock())
    for _ in range(40):
        hospital.fire()
        clock.advance(minutes=1)
    assert hospital.state(payment_id) == ("unknown", "provider_silent")
    assert hospital.provider.asked[:2] == ["open", "ask"]
    assert "open" not in hospital.provider.asked[1:]
    hospital.provider.orders["ask"] = NOT_FOUND
    hospital.fire()
    assert hospital.state(payment_id) == ("cancelled", "order_not_found")


def test_an_order_that_the_wallet_does_not_know_any_more_stays_open_until_its_time_is_over(
    hospital: Hospital, clock: StandingClock
) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    hospital.provider.orders["ask"] = NOT_FOUND
    clock.advance(seconds=10)
    hospital.fire()
    assert hospital.state(payment_id) == ("open", "order_not_found")
    assert hospital.provider.asked == ["open", "ask"]


def test_a_refused_order_fails_the_payment(hospital: Hospital, clock: StandingClock) -> None:
    hospital.provider.orders["open"] = OrderAnswer(outcome=OrderOutcome.FAILED, problem="invalid_request")
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    assert hospital.state(payment_id) == ("failed", "invalid_request")


def test_an_order_whose_time_has_run_out_is_closed(hospital: Hospital, clock: StandingClock) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    clock.advance(minutes=15)
    hospital.fire()
    assert hospital.provider.asked == ["open", "close"]
    assert hospital.state(payment_id) == ("cancelled", "closed_by_merchant")


def test_an_order_of_a_cancelled_appointment_is_closed_and_if_it_was_paid_the_money_goes_back(
    hospital: Hospital, clock: StandingClock
) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    hospital.case.cancelled(clock(), "expired")
    hospital.provider.orders["close"] = paid()
    hospital.fire()
    assert hospital.provider.asked == ["open", "close", "refund"]
    assert (hospital.state(payment_id), hospital.refund()) == (("succeeded", None), ("succeeded", None))
    invoice = hospital.case.invoice()
    assert (invoice.state, invoice.paid_fen, invoice.refunded_fen) == ("cancelled", 1500, 1500)
    assert "billing.invoice_paid.v1" not in facts_of(hospital.case.database)


def test_a_silent_wallet_is_asked_again_to_close_an_order(hospital: Hospital, clock: StandingClock) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    hospital.case.cancelled(clock())
    hospital.provider.orders["close"] = SILENT
    hospital.fire()
    assert hospital.state(payment_id) == ("open", "provider_silent")
    hospital.provider.orders["close"] = NOT_FOUND
    clock.advance(seconds=2)
    hospital.fire()
    assert hospital.state(payment_id) == ("cancelled", "order_not_found")


def test_a_wrong_sum_that_the_wallet_confirms_goes_back_and_the_bill_can_be_paid_anew(
    hospital: Hospital, clock: StandingClock
) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire()
    hospital.provider.orders["ask"] = paid(1499)
    clock.advance(seconds=10)
    hospital.fire()
    assert hospital.state(payment_id) == ("failed", "amount_mismatch")
    assert [(row["reason"], row["amount_fen"], row["state"]) for row in hospital.case.refunds()] == [
        ("amount_mismatch", 1499, "succeeded")
    ]
    invoice = hospital.case.invoice()
    assert (invoice.state, invoice.paid_fen, invoice.refunded_fen) == ("issued", 0, 0)
    assert hospital.case.payment(hospital.case.ask_to_pay(clock())).state == "requested"


def test_a_transaction_of_another_payment_leaves_the_payment_in_doubt(hospital: Hospital, clock: StandingClock) -> None:
    other = Hospital(hospital.case.database, clock)
    other.provider.orders["open"] = paid(transaction="T7")
    other.case.ask_to_pay(clock())
    other.fire(OPEN_ORDERS)
    hospital.provider.orders["open"] = paid(transaction="T7")
    payment_id = hospital.case.ask_to_pay(clock())
    hospital.fire(OPEN_ORDERS)
    assert hospital.state(payment_id) == ("unknown", "transaction_mismatch")
    assert hospital.case.invoice().paid_fen == 0


def test_an_answer_that_comes_after_the_notification_changes_nothing(hospital: Hospital, clock: StandingClock) -> None:
    payment_id = hospital.case.ask_to_pay(clock())
    with hospital.case.database.write() as uow:
        intent = usecases.take_new_payments(uow, now=clock(), limit=10)[0]
    with hospital.case.database.write() as uow:
        usecases.accept_notification(
            uow,
            actor=Actor.system("billing"),
            now=clock(),
            payment_id=payment_id,
            outcome=OrderOutcome.PAID,
            paid_fen=1500,
            transaction_id="T1",
            problem="",
        )
    version = hospital.case.payment(payment_id).version
    for answer in (paid(), paid(1499), SILENT, NOT_FOUND, hospital.provider.open_order(intent)):
        with hospital.case.database.write() as uow:
            usecases.conclude_payment(uow, intent=intent, answer=answer, now=clock())
    assert hospital.state(payment_id) == ("succeeded", None)
    assert hospital.case.payment(payment_id).version == version
    assert len(hospital.case.postings()) == 2


def test_money_goes_back_under_one_key(paid_and_cancelled: Hospital) -> None:
    assert paid_and_cancelled.fire() == 1
    assert paid_and_cancelled.fire() == 0
    assert paid_and_cancelled.provider.asked == ["refund"]
    assert paid_and_cancelled.refund() == ("succeeded", None)
    assert facts_of(paid_and_cancelled.case.database)[-1] == "billing.refund_succeeded.v1"


def test_accepted_is_not_yet_refunded(paid_and_cancelled: Hospital, clock: StandingClock) -> None:
    hospital = paid_and_cancelled
    hospital.provider.refunds["refund"] = RefundAnswer(outcome=RefundOutcome.ACCEPTED)
    hospital.fire()
    assert (hospital.refund(), hospital.case.invoice().refunded_fen) == (("accepted", None), 0)
    clock.advance(seconds=2)
    hospital.fire()
    assert hospital.provider.asked == ["refund", "ask refund"]
    assert (hospital.refund(), hospital.case.invoice().refunded_fen) == (("succeeded", None), 1500)


def test_an_unknown_refund_is_asked_about_before_it_is_sent_again(
    paid_and_cancelled: Hospital, clock: StandingClock
) -> None:
    hospital = paid_and_cancelled
    hospital.provider.refunds["refund"] = RefundAnswer(outcome=RefundOutcome.UNKNOWN, problem="provider_silent")
    hospital.provider.refunds["ask"] = RefundAnswer(outcome=RefundOutcome.NOT_FOUND)
    hospital.fire()
    assert hospital.refund() == ("unknown", "provider_silent")
    del hospital.provider.refunds["refund"]
    clock.advance(seconds=2)
    hospital.fire()
    assert hospital.provider.asked == ["refund", "ask refund", "refund"]
    assert hospital.refund() == ("succeeded", None)


def test_a_refused_refund_is_still_owed_and_can_be_paid_at_the_window(
    paid_and_cancelled: Hospital, clock: StandingClock
) -> None:
    hospital = paid_and_cancelled
    hospital.provider.refunds["refund"] = RefundAnswer(outcome=RefundOutcome.REFUSED, problem="account_closed")
    hospital.fire()
    clock.advance(days=1)
    assert hospital.fire() == 0
    assert (hospital.refund(), hospital.case.invoice().refunded_fen) == (("refused", "account_closed"), 0)
    cashier = Actor(subject="staff:cashier", roles=("cashier",))
    with hospital.case.database.write() as uow:
        usecases.pay_out_refund(uow, actor=cashier, now=clock(), refund_id=hospital.case.refunds()[0]["id"])
    assert hospital.case.postings()[-1] == ("refund_paid", "refunds_payable", "cash_drawer", 1500)
    assert hospital.case.invoice().refunded_fen == 1500
