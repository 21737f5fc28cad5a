"""Whatever is cut off wherever, money is entered once: notifications, payments and refunds at each database call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.billing import queries, usecases
from services.billing.domain import OrderOutcome
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.door import Call, Door
from shared.idempotency import Claim
from shared.service import Service
from tests.billing.factories import Case, PlayedProvider, facts_of, forget, paid
from tests.support.clock import StandingClock
from tests.support.crashes import CallCounter, Crash, crash_points, watched

NOBODY = Actor(subject="public", roles=("public",))
PAID_FACTS = ["billing.invoice_issued.v1", "billing.invoice_paid.v1"]
BACK_FACTS = [*PAID_FACTS, "billing.invoice_cancelled.v1", "billing.refund_succeeded.v1"]

Setting = tuple[Case, PlayedProvider]


def fire_all(case: Case, provider: PlayedProvider, clock: StandingClock) -> None:
    """Let the clock do what is due, as a worker that has just been started."""
    for timer in TIMERS:
        timer.fire(case.database, clock, {"sandbox_wallet": provider})


def bill_to_pay(database: Database, clock: StandingClock) -> Setting:
    """A payment that was just asked for, and a wallet that has the money at the first call."""
    case, provider = Case(database), PlayedProvider()
    provider.orders |= {"open": paid(), "ask": paid()}
    case.held(clock())
    case.ask_to_pay(clock())
    return case, provider


def money_to_give_back(database: Database, clock: StandingClock) -> Setting:
    """A refund that is due."""
    case, provider = bill_to_pay(database, clock)
    fire_all(case, provider, clock)
    case.cancelled(clock())
    return case, provider


def notification(database: Database, clock: StandingClock) -> Setting:
    """An order that the person has just paid in the wallet."""
    case, provider = bill_to_pay(database, clock)
    with database.write() as uow:
        usecases.take_new_payments(uow, now=clock(), limit=1)
    return case, provider


def hear_notification(case: Case, _provider: PlayedProvider, clock: StandingClock) -> None:
    """The wallet tells under its notification's key, and again until it is answered."""
    told = {"outcome": OrderOutcome.PAID, "paid_fen": 1500, "transaction_id": "T1", "problem": ""}
    call = Call(
        actor=NOBODY,
        arguments={"payment_id": case.payments()[0]["id"], **told},
        claim=Claim("public", "notice-1", "f"),
        render=lambda _payment: {"code": "accepted"},
    )
    answer = Door(case.database, clock).run(usecases.accept_notification, call)
    assert (answer.status, answer.body) == (200, '{"code":"accepted"}')


@pytest.mark.parametrize(
    ("prepare", "act", "facts"),
    [
        (bill_to_pay, fire_all, PAID_FACTS),
        (money_to_give_back, fire_all, BACK_FACTS),
        (notification, hear_notification, PAID_FACTS),
    ],
    ids=["a payment carried to the wallet", "a refund carried to the wallet", "a notification"],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_cut_off_anywhere_and_begun_again_it_happens_once(
    service: Service,
    open_database: Callable[[Service, str], Database],
    clock: StandingClock,
    backend: str,
    prepare: Callable[[Database, StandingClock], Setting],
    act: Callable[[Case, PlayedProvider, StandingClock], None],
    facts: list[str],
) -> None:
    database = open_database(service, backend)
    with watched(CallCounter(), database) as counter:
        setting = prepare(database, clock)
        before = counter.calls
        act(*setting, clock)
        calls = counter.calls - before
    undisturbed = standing(setting[0], clock)
    crashes = 0
    for number, after in crash_points(calls):
        forget(database)
        case, provider = prepare(database, clock)
        with pytest.raises(Crash), watched(CallCounter(number, after=after), database):
            act(case, provider, clock)
        crashes += 1
        clock.advance(seconds=60)
        act(case, provider, clock)
        clock.advance(seconds=60)
        fire_all(case, provider, clock)
        assert facts_of(database) == facts, (number, after)
        assert standing(case, clock) == undisturbed, (number, after)
    assert crashes == 2 * calls > 20


def standing(case: Case, clock: StandingClock) -> dict[str, Any]:
    """What the ledger, the bill, its payments and its refunds say."""
    with case.database.read() as uow:
        summary = queries.ledger_summary(uow, actor=NOBODY, now=clock())
    return summary | {
        "invoice": (case.invoice().state, case.invoice().paid_fen, case.invoice().refunded_fen),
        "payments": [(row["state"], row["received_fen"], row["returned_fen"]) for row in case.payments()],
        "refunds": [(row["state"], row["amount_fen"]) for row in case.refunds()],
        "postings": case.postings(),
    }
