"""Billing decides whether a place has expired: unpaid ends the bill, paid keeps it, in whatever order that is heard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from uuid import uuid4

import pytest

from services.billing import queries, usecases
from services.billing.domain import Channel, OrderOutcome
from shared.actor import Actor
from shared.database import Database
from shared.service import Service
from tests.billing.factories import Case, facts_of
from tests.billing.test_concurrency import TURNS, in_balance, together, twin
from tests.support.clock import StandingClock

ISSUED, PAID, CANCELLED = "billing.invoice_issued.v1", "billing.invoice_paid.v1", "billing.invoice_cancelled.v1"
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))


@pytest.fixture
def case(database: Database) -> Case:
    """An appointment that billing has not heard of."""
    return Case(database)


@pytest.fixture
def second_database(database: Database, service: Service) -> Iterator[Database]:
    """The same database as another process opens it."""
    other = Database(database.url.render_as_string(hide_password=False), service.toolbox)
    yield other
    other.close()


def pay_in_the_wallet(case: Case, clock: StandingClock) -> None:
    """The wallet tells that the asked-for payment was made."""
    with case.database.write() as uow:
        usecases.accept_notification(
            uow,
            actor=Actor.system("billing"),
            now=clock(),
            payment_id=case.payments()[0]["id"],
            outcome=OrderOutcome.PAID,
            paid_fen=1500,
            transaction_id="T1",
            problem="",
        )


def everything(case: Case) -> tuple[object, ...]:
    """All that must stay as it was."""
    invoice = case.invoice()
    bill = (invoice.state, invoice.paid_fen, invoice.refunded_fen, invoice.version)
    return (bill, case.payments(), case.refunds(), case.postings(), facts_of(case.database))


def test_an_unpaid_bill_is_cancelled_and_nothing_is_owed(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    assert case.lapsed(clock()) == (CANCELLED,)
    assert case.invoice().state == "cancelled"
    assert case.refunds() == []
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=Actor.system("billing"), now=clock())
    assert all(account["balance_fen"] == 0 for account in summary["accounts"])


def test_a_paid_bill_stays_paid(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    case.ask_to_pay(clock())
    pay_in_the_wallet(case, clock)
    before = everything(case)
    assert case.lapsed(clock()) == ()
    assert everything(case) == before
    assert (case.invoice().state, facts_of(case.database)) == ("balanced", [ISSUED, PAID])


def test_what_costs_nothing_is_paid_and_does_not_expire(case: Case, clock: StandingClock) -> None:
    assert case.lapsed(clock()) == ()
    assert case.held(clock(), fee_fen=0) == (ISSUED, PAID)
    assert case.lapsed(clock()) == ()
    assert case.invoice().state == "balanced"


def test_an_order_open_at_the_wallet_is_to_be_closed_and_late_money_goes_back(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    payment_id = case.ask_to_pay(clock())
    with case.database.write() as uow:
        usecases.take_new_payments(uow, now=clock(), limit=10)
    case.lapsed(clock())
    payment = case.payment(payment_id)
    assert (payment.closing, payment.next_try_at) == (True, clock())

    pay_in_the_wallet(case, clock)

    assert [(row["amount_fen"], row["reason"], row["state"]) for row in case.refunds()] == [
        (1500, "paid_too_late", "requested")
    ]
    assert facts_of(case.database) == [ISSUED, CANCELLED]


def test_a_bill_first_heard_of_when_its_time_is_over_ends_as_it_begins(case: Case, clock: StandingClock) -> None:
    assert case.lapsed(clock()) == ()
    assert case.lapsed(clock()) == ()
    assert case.held(clock()) == (ISSUED, CANCELLED)
    assert case.held(clock()) == ()
    assert (case.invoice().state, case.invoice().paid_fen) == ("cancelled", 0)


@pytest.mark.parametrize("order", sorted(set(permutations(["held", "lapsed", "lapsed", "cancelled"]))))
def test_held_lapsed_and_cancelled_in_any_order_leave_nothing_owed(
    case: Case, clock: StandingClock, order: tuple[str, ...]
) -> None:
    for message in order:
        getattr(case, message)(clock())
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=Actor.system("billing"), now=clock())
    assert all(account["balance_fen"] == 0 for account in summary["accounts"])
    no_bill = order.index("cancelled") < order.index("held")
    assert facts_of(case.database) == ([] if no_bill else [ISSUED, CANCELLED])


def test_the_place_given_back_after_it_was_paid_in_time_brings_the_money_back(case: Case, clock: StandingClock) -> None:
    case.held(clock())
    case.ask_to_pay(clock())
    pay_in_the_wallet(case, clock)
    case.lapsed(clock())
    assert case.cancelled(clock()) == (CANCELLED,)
    assert case.lapsed(clock()) == ()
    assert [(row["amount_fen"], row["reason"]) for row in case.refunds()] == [(1500, "appointment_cancelled")]


@pytest.mark.parametrize("turn", range(TURNS))
def test_time_running_out_against_the_money_coming_has_one_winner(
    case: Case, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.held(clock())
    case.ask_to_pay(clock())
    other = twin(case, second_database)

    assert together(lambda: pay_in_the_wallet(case, clock), lambda: other.lapsed(clock()))[0] is None

    assert case.invoice().paid_fen == 1500
    outcome = (case.invoice().state, [row["reason"] for row in case.refunds()], facts_of(case.database))
    assert outcome in (("balanced", [], [ISSUED, PAID]), ("cancelled", ["paid_too_late"], [ISSUED, CANCELLED]))
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(TURNS))
def test_time_running_out_against_cash_on_the_counter_takes_it_or_refuses_it(
    case: Case, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.held(clock())
    other = twin(case, second_database)

    taken, _ = together(
        lambda: case.ask_to_pay(clock(), actor=CASHIER, channel=Channel.CASH), lambda: other.lapsed(clock())
    )

    refused = taken == "invoice_cancelled"
    assert (case.invoice().state, case.invoice().paid_fen) == (("cancelled", 0) if refused else ("balanced", 1500))
    assert case.refunds() == []
    assert facts_of(case.database) == ([ISSUED, CANCELLED] if refused else [ISSUED, PAID])
    in_balance(case, clock)


@pytest.mark.parametrize("turn", range(TURNS))
def test_heard_twice_at_the_same_moment_it_is_decided_once(
    case: Case, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.held(clock())
    together(lambda: case.lapsed(clock()), lambda: twin(case, second_database).lapsed(clock()))
    assert facts_of(case.database) == [ISSUED, CANCELLED]
    unknown = Case(case.database, uuid4())
    together(lambda: unknown.held(clock()), lambda: twin(unknown, second_database).lapsed(clock()))
    assert facts_of(case.database)[2:] == [ISSUED, CANCELLED]
