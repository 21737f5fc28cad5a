"""No sequence of bills, payments, answers, notifications, cancellations and refunds loses or makes a fen."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from services.billing import queries, store, usecases
from services.billing.domain import Channel, OrderAnswer, OrderOutcome, RefundAnswer, RefundOutcome
from shared.actor import Actor
from shared.database import Database
from shared.errors import DomainError
from shared.service import Service
from tests.billing.factories import Case, forget
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))

TRANSACTIONS = st.sampled_from(["T1", "T2", "T3", "T4"])
NO_MONEY = [each for each in OrderOutcome if each is not OrderOutcome.PAID]
PAID = st.builds(
    OrderAnswer,
    outcome=st.just(OrderOutcome.PAID),
    paid_fen=st.sampled_from([1500, 1500, 1500, 1499, 1501]),
    transaction_id=TRANSACTIONS,
)
NOT_PAID = st.builds(
    OrderAnswer, outcome=st.sampled_from(NO_MONEY), pay_url=st.just("http://wallet/1"), problem=st.just("played")
)
ORDER_ANSWERS = PAID | NOT_PAID
REFUND_ANSWERS = st.builds(RefundAnswer, outcome=st.sampled_from(list(RefundOutcome)), problem=st.just("played"))
TOLD = {OrderOutcome.PAID, OrderOutcome.FAILED, OrderOutcome.CLOSED}


class Billing(RuleBasedStateMachine):
    """Two appointments on a real database, with people, messages and the wallet played by chance."""

    open: Callable[[], Database]

    def __init__(self) -> None:
        super().__init__()
        self.database = type(self).open()
        self.clock = StandingClock()
        self.cases = [Case(self.database) for _ in range(2)]
        self.orders: list[Any] = []
        self.refunds: list[Any] = []

    @rule(number=st.integers(0, 1), fee=st.sampled_from([1500, 1500, 0]))
    def an_appointment_is_held(self, number: int, fee: int) -> None:
        self.cases[number].held(self.clock.advance(seconds=1), fee_fen=fee)

    @rule(number=st.integers(0, 1))
    def an_appointment_is_cancelled(self, number: int) -> None:
        self.cases[number].cancelled(self.clock.advance(seconds=1))

    @rule(number=st.integers(0, 1), channel=st.sampled_from(list(Channel)), amount=st.sampled_from([1500, 1500, 1499]))
    def somebody_asks_to_pay(self, number: int, channel: Channel, amount: int) -> None:
        now = self.clock.advance(seconds=1)
        self.try_to(lambda: self.cases[number].ask_to_pay(now, actor=CASHIER, channel=channel, amount_fen=amount))

    @rule(number=st.integers(0, 1), answer=ORDER_ANSWERS, is_cancelled=st.booleans(), refunded=REFUND_ANSWERS)
    def an_appointment_goes_its_way(
        self, number: int, answer: OrderAnswer, is_cancelled: bool, refunded: RefundAnswer
    ) -> None:
        self.an_appointment_is_held(number, 1500)
        self.somebody_asks_to_pay(number, Channel.SANDBOX_WALLET, 1500)
        self.the_clock_carries_payments(0, [answer, answer])
        if is_cancelled:
            self.an_appointment_is_cancelled(number)
        self.the_clock_carries_refunds(0, [refunded, refunded])

    @rule(seconds=st.sampled_from([0, 10, 1000]), answers=st.lists(ORDER_ANSWERS, min_size=2, max_size=2))
    def the_clock_carries_payments(self, seconds: int, answers: list[OrderAnswer]) -> None:
        now = self.clock.advance(seconds=seconds)
        for take in (usecases.take_new_payments, usecases.take_due_payments):
            with self.database.write() as uow:
                intents = list(take(uow, now=now, limit=2))
            self.orders += intents
            for intent, answer in zip(intents, answers, strict=False):
                self.the_wallet_answers(intent, answer)

    @rule(seconds=st.sampled_from([0, 10, 1000]), answers=st.lists(REFUND_ANSWERS, min_size=2, max_size=2))
    def the_clock_carries_refunds(self, seconds: int, answers: list[RefundAnswer]) -> None:
        with self.database.write() as uow:
            intents = list(usecases.take_due_refunds(uow, now=self.clock.advance(seconds=seconds), limit=2))
        self.refunds += intents
        for intent, answer in zip(intents, answers, strict=False):
            self.the_wallet_answers_about_a_refund(intent, answer)

    @precondition(lambda self: self.orders)
    @rule(number=st.integers(0, 99), answer=ORDER_ANSWERS)
    def an_answer_comes_late(self, number: int, answer: OrderAnswer) -> None:
        self.the_wallet_answers(self.orders[number % len(self.orders)], answer)

    @precondition(lambda self: self.refunds)
    @rule(number=st.integers(0, 99), answer=REFUND_ANSWERS)
    def an_answer_about_a_refund_comes_late(self, number: int, answer: RefundAnswer) -> None:
        self.the_wallet_answers_about_a_refund(self.refunds[number % len(self.refunds)], answer)

    @rule(number=st.integers(0, 99), answer=ORDER_ANSWERS.filter(lambda answer: answer.outcome in TOLD))
    def the_wallet_tells_by_itself(self, number: int, answer: OrderAnswer) -> None:
        ids = self.ids(store.payments)
        if ids:
            told = {name: getattr(answer, name) for name in ("outcome", "paid_fen", "transaction_id", "problem")}
            payment_id = ids[number % len(ids)]
            self.decide(usecases.accept_notification, payment_id=payment_id, **told)

    @rule()
    def the_window_hands_out_what_it_may(self) -> None:
        for refund_id in self.ids(store.refunds):
            self.decide(usecases.pay_out_refund, refund_id=refund_id)

    def ids(self, table: sa.Table) -> list[Any]:
        """What there is, the oldest first."""
        with self.database.read() as uow:
            return list(uow.session.execute(sa.select(table.c.id).order_by(table.c.requested_at)).scalars())

    def decide(self, use_case: Any, **arguments: Any) -> None:
        """Go through the door's savepoint; a refusal must leave nothing behind."""

        def go() -> None:
            with self.database.write() as uow, uow.savepoint():
                use_case(uow, actor=CASHIER, now=self.clock(), **arguments)

        self.try_to(go)

    @staticmethod
    def try_to(action: Callable[[], Any]) -> None:
        """A refusal, or a bill that is not there yet, is no defect."""
        with contextlib.suppress(DomainError, sa.exc.NoResultFound):
            action()

    def the_wallet_answers(self, intent: Any, answer: OrderAnswer) -> None:
        """A timer hears what became of an order."""
        with self.database.write() as uow:
            usecases.conclude_payment(uow, intent=intent, answer=answer, now=self.clock())

    def the_wallet_answers_about_a_refund(self, intent: Any, answer: RefundAnswer) -> None:
        """A timer hears what became of a refund."""
        with self.database.write() as uow:
            usecases.conclude_refund(uow, intent=intent, answer=answer, now=self.clock())

    @invariant()
    def not_a_fen_is_lost_or_made(self) -> None:
        with self.database.read() as uow:
            summary = queries.ledger_summary(uow, actor=FINANCE, now=self.clock())
            bills = uow.session.execute(sa.select(store.invoices)).mappings().all()
            payments = uow.session.execute(sa.select(store.payments)).mappings().all()
        balances = {each["account"]: each["balance_fen"] for each in summary["accounts"]}
        held = balances.get("sandbox_wallet", 0) + balances.get("cash_drawer", 0)
        owed_back = summary["refunds_asked_for_fen"] - summary["refunds_succeeded_fen"]
        assert summary["debit_fen"] == summary["credit_fen"]
        assert sum(balances.values()) == 0
        assert summary["payments_received_fen"] == summary["invoices_paid_fen"] + summary["payments_not_due_fen"]
        assert held == summary["payments_received_fen"] - summary["refunds_succeeded_fen"]
        assert -balances.get("refunds_payable", 0) == owed_back
        assert -balances.get("outpatient_income", 0) == summary["invoices_issued_fen"]
        unpaid = sum(bill["amount_fen"] - bill["paid_fen"] for bill in bills if bill["state"] != "cancelled")
        assert balances.get("patient_receivables", 0) == unpaid
        counted = sum(each["returned_fen"] for each in payments if each["counted"])
        assert summary["invoices_refunded_fen"] <= counted
        if owed_back == 0:
            assert summary["invoices_refunded_fen"] == counted
        for bill in bills:
            assert 0 <= bill["refunded_fen"] <= bill["paid_fen"] <= bill["amount_fen"]
            assert (bill["state"] == "balanced") <= (bill["paid_fen"] == bill["amount_fen"])
        for payment in payments:
            assert 0 <= payment["returned_fen"] <= payment["received_fen"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_money_is_conserved_through_any_sequence(
    service: Service, backend: str, open_database: Callable[[Service, str], Database]
) -> None:
    database = open_database(service, backend)

    def emptied() -> Database:
        forget(database)
        return database

    machine = type("PlayedBilling", (Billing,), {"open": staticmethod(emptied)})
    run_state_machine_as_test(machine, settings=hypothesis_settings(max_examples=60, stateful_step_count=25))
