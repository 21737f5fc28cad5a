"""Real threads and real commits: whoever comes at the same moment, money is taken once and given back once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from services.billing import queries, usecases
from services.billing.domain import Channel, OrderOutcome
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.door import Call, Door
from shared.errors import DomainError
from shared.idempotency import Claim
from shared.service import Service
from tests.billing.factories import Case, PlayedProvider, facts_of, paid
from tests.support.clock import StandingClock

CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
FINANCE = Actor(subject="staff:finance", roles=("finance",))
OPEN_ORDERS, ASK, REFUND, *_ = TIMERS
TURNS = 4


@pytest.fixture
def second_database(database: Database, service: Service) -> Iterator[Database]:
    """The same database as another process opens it: no lock of this process is shared."""
    url = database.url.render_as_string(hide_password=False)
    other = Database(url, service.toolbox)
    yield other
    other.close()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; gives each one's result or the refusal it got."""
    gate = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(one, job) for job in jobs]]


def in_balance(case: Case, clock: StandingClock) -> None:
    """Debits equal credits, and the ledger says what bills and payments say."""
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=FINANCE, now=clock())
    assert summary["debit_fen"] == summary["credit_fen"]
    assert summary["payments_received_fen"] == summary["invoices_paid_fen"] + summary["payments_not_due_fen"]


def twin(case: Case, database: Database) -> Case:
    """The same case as the other process sees it."""
    return Case(database, case.appointment_id, case.patient_id)


@pytest.mark.parametrize("turn", range(TURNS))
def test_two_cashiers_with_two_keys_take_the_money_once(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    case.held(clock())
    invoice_id = case.invoice().id

    def take(place: Database, key: str) -> int:
        call = Call(
            actor=CASHIER,
            arguments={"invoice_id": invoice_id, "amount_fen": 1500, "channel": Channel.CASH},
            claim=Claim(CASHIER.subject, key, key),
            render=lambda payment: str(payment.id),
            status=201,
        )
        return Door(place, clock).run(usecases.request_payment, call).status

    assert sorted(together(lambda: take(database, "k-one"), lambda: take(second_database, "k-two"))) == [201, 409]
    assert [row["state"] for row in case.payments()] == ["succeeded"]
    assert case.invoice().paid_fen == 1500
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_phone_and_the_window_do_not_both_pay(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    case.held(clock())
    phone, window = together(
        lambda: case.ask_to_pay(clock()),
        lambda: twin(case, second_database).ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH),
    )
    outcomes = {phone, window} & {"payment_in_progress", "invoice_already_paid"}
    assert len(outcomes) == 1
    assert len(case.payments()) == 1
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(TURNS))
def test_cancelling_against_paying_ends_with_the_money_back_or_never_taken(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    case.held(clock())
    payment_id = case.ask_to_pay(clock())

    def pay() -> None:
        with database.write() as uow:
            usecases.accept_notification(
                uow,
                actor=CASHIER,
                now=clock(),
                payment_id=payment_id,
                outcome=OrderOutcome.PAID,
                paid_fen=1500,
                transaction_id=f"T{uuid4()}",
                problem="",
            )

    assert together(pay, lambda: twin(case, second_database).cancelled(clock()))[0] is None
    invoice = case.invoice()
    assert (invoice.state, invoice.paid_fen) == ("cancelled", 1500)
    assert [row["amount_fen"] for row in case.refunds()] == [1500]
    assert facts_of(database).count("billing.invoice_cancelled.v1") == 1
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(TURNS))
def test_held_and_cancelled_heard_at_the_same_moment_leave_no_bill_to_pay(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    together(lambda: case.held(clock()), lambda: twin(case, second_database).cancelled(clock()))
    issued = "billing.invoice_issued.v1" in facts_of(database)
    assert facts_of(database) == (["billing.invoice_issued.v1", "billing.invoice_cancelled.v1"] if issued else [])


@pytest.mark.parametrize("turn", range(TURNS))
def test_one_notification_sent_twice_at_once_is_entered_once(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    case.held(clock())
    payment_id = case.ask_to_pay(clock())

    def tell(place: Database) -> None:
        with place.write() as uow:
            usecases.accept_notification(
                uow,
                actor=CASHIER,
                now=clock(),
                payment_id=payment_id,
                outcome=OrderOutcome.PAID,
                paid_fen=1500,
                transaction_id="T1",
                problem="",
            )

    assert together(lambda: tell(database), lambda: tell(second_database)) == [None, None]
    assert facts_of(database) == ["billing.invoice_issued.v1", "billing.invoice_paid.v1"]
    assert len(case.postings()) == 2


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_refund_is_handed_out_once_by_two_windows(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case = Case(database)
    case.held(clock())
    case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH)
    together(lambda: case.cancelled(clock()), lambda: twin(case, second_database).cancelled(clock()))
    (refund,) = case.refunds()

    def hand_out(place: Database) -> str:
        with place.write() as uow:
            return usecases.pay_out_refund(uow, actor=CASHIER, now=clock(), refund_id=refund["id"]).state

    outcomes = together(lambda: hand_out(database), lambda: hand_out(second_database))
    assert sorted(outcomes) == ["refund_not_payable_in_cash", "succeeded"]
    assert case.invoice().refunded_fen == 1500
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(3))
def test_two_workers_open_each_order_and_make_each_refund_once(
    database: Database, second_database: Database, clock: StandingClock, turn: int
) -> None:
    cases = [Case(database) for _ in range(12)]
    provider = PlayedProvider()
    for number, case in enumerate(cases):
        case.held(clock())
        case.ask_to_pay(clock())
        provider.orders[str(number)] = paid(transaction=f"T{number}")
    answers = iter([paid(transaction=f"T{number}") for number in range(len(cases))])
    lock = threading.Lock()

    def next_answer(_intent: Any) -> Any:
        with lock:
            provider.asked.append("open")
            return next(answers)

    provider.open_order = next_answer  # type: ignore[method-assign]
    outside = {"sandbox_wallet": provider}

    def work(timer: Any, place: Database) -> Callable[[], int]:
        return lambda: timer.fire(place, clock, outside)

    assert sum(together(work(OPEN_ORDERS, database), work(OPEN_ORDERS, second_database))) == 12
    for case in cases:
        case.cancelled(clock())
    assert sum(together(work(REFUND, database), work(REFUND, second_database))) == 12
    assert sorted(provider.asked) == ["open"] * 12 + ["refund"] * 12
    assert {case.invoice().refunded_fen for case in cases} == {1500}
    assert facts_of(database).count("billing.refund_succeeded.v1") == 12
    in_balance(cases[0], clock)
