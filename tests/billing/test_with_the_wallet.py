"""Billing and the sandbox wallet together, each with its own books, in one process and without a socket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from services.billing import queries, usecases
from services.billing.domain import Channel
from services.billing.providers import SandboxWallet
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.money import to_amount
from shared.service import Service
from shared.settings import Settings
from shared.web import ACTOR_HEADER, create_app
from simulators.wallet.app import create_app as create_wallet
from tests.billing.factories import Case, facts_of
from tests.support.callers import SIGNER
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session


@dataclass
class Town:
    """Billing, the wallet and the door between them."""

    case: Case
    billing: Flask
    wallet: Flask
    clock: StandingClock
    network: InProcessAdapter

    def turn(self) -> None:
        """Let both clocks do what is due."""
        for timer in TIMERS:
            timer.fire(self.case.database, self.clock, self.billing.extensions["anxin.outside"])
        self.wallet_turn()

    def wallet_turn(self) -> None:
        """Let only the wallet's clock do what is due."""
        self.wallet.extensions["wallet.deliveries"].work()

    def waiting(self) -> list[str]:
        """The last answer to each notification that the hospital has not taken."""
        query = "SELECT last_answer FROM notifications WHERE delivered_at IS NULL"
        return [row["last_answer"] for row in self.wallet.extensions["wallet.books"].all(query)]

    def later(self, seconds: int, turns: int = 1) -> None:
        """Time passes, and what is due is done, several times over."""
        for _ in range(turns):
            self.clock.advance(seconds=seconds)
            self.turn()

    def ask(self) -> UUID:
        """The person asks to pay and has the wallet's page a moment later."""
        payment_id = self.case.ask_to_pay(self.clock())
        self.turn()
        return payment_id

    def standing(self, payment_id: UUID) -> tuple[str, str | None, str, str]:
        """The payment's state and problem, the bill's state, and what the wallet holds for the hospital."""
        payment = self.case.payment(payment_id)
        return payment.state, payment.problem, self.case.invoice().state, self.balance()

    def agrees(self) -> bool:
        """Whether the ledger's wallet account and the wallet's own books say the same."""
        with self.case.database.read() as uow:
            summary = queries.ledger_summary(uow, actor=Actor.system("billing"), now=self.clock())
        balances = {each["account"]: each["balance_fen"] for each in summary["accounts"]}
        return f"¥{to_amount(balances.get('sandbox_wallet', 0))}" == self.balance()

    def tap(self, payment_id: UUID, outcome: str) -> Any:
        """The person taps an outcome on the wallet's page."""
        address = str(self.case.payment(payment_id).pay_url).removeprefix("http://127.0.0.1:8090")
        return self.wallet.test_client().post(address, data={"outcome": outcome})

    def balance(self) -> str:
        """What the wallet says that the hospital has with it."""
        page = self.wallet.test_client().get("/books?lang=en").get_data(as_text=True)
        found = re.search(r"<dt>Balance</dt><dd>(.*?)</dd>", page)
        return re.sub(r"<[^>]+>", "", found[1]) if found else "¥0.00"


def _door_of(billing: Flask, clock: StandingClock) -> Any:
    """The gateway's public callback address: it signs the caller as nobody and forwards the rest as it is."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = f"/v1{environ['PATH_INFO']}"
        nobody = Actor(subject="public", roles=("public",))
        environ[f"HTTP_{ACTOR_HEADER.upper().replace('-', '_')}"] = SIGNER.sign(nobody, clock())
        return billing(environ, start_response)

    return application


@pytest.fixture
def town(service: Service, database: Database, settings: Settings, clock: StandingClock) -> Town:
    network = InProcessAdapter({})
    session = in_process_session(network)
    billing = create_app(service, settings, database=database, clock=clock)
    wallet = create_wallet(settings, clock=clock, session=session, in_background=False)
    billing.extensions["anxin.outside"] = {
        "sandbox_wallet": SandboxWallet(
            settings.url("wallet"),
            secret=settings.secrets["wallet_secret"],
            site=settings.url("gateway"),
            session=session,
            clock=clock,
        )
    }
    network.applications |= {
        settings.url("wallet"): wallet,
        settings.url("gateway"): _door_of(billing, clock),
    }
    made = Town(Case(database), billing, wallet, clock, network)
    made.case.held(clock())
    return made


def test_a_bill_is_paid_in_the_wallet_and_given_back_when_the_appointment_is_cancelled(town: Town) -> None:
    payment_id = town.ask()
    assert town.standing(payment_id) == ("open", None, "issued", "¥0.00")
    answer = town.tap(payment_id, "paid")
    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1:8080/appointments")
    town.turn()
    assert town.standing(payment_id) == ("succeeded", None, "balanced", "¥15.00")
    town.case.cancelled(town.clock())
    town.turn()
    town.later(5)
    assert [row["state"] for row in town.case.refunds()] == ["succeeded"]
    assert (town.case.invoice().paid_fen, town.case.invoice().refunded_fen) == (1500, 1500)
    assert town.standing(payment_id) == ("succeeded", None, "cancelled", "¥0.00")
    assert facts_of(town.case.database) == [
        "billing.invoice_issued.v1",
        "billing.invoice_paid.v1",
        "billing.invoice_cancelled.v1",
        "billing.refund_succeeded.v1",
    ]


def test_a_notification_that_comes_late_is_not_waited_for(town: Town) -> None:
    payment_id = town.ask()
    town.tap(payment_id, "told_late")
    town.turn()
    assert town.standing(payment_id) == ("open", None, "issued", "¥15.00")
    town.later(10)
    assert town.standing(payment_id) == ("succeeded", None, "balanced", "¥15.00")
    before = (facts_of(town.case.database), town.case.postings(), town.case.payment(payment_id).version)
    town.later(90, turns=2)
    assert (facts_of(town.case.database), town.case.postings(), town.case.payment(payment_id).version) == before
    assert town.agrees()


def test_a_notification_that_comes_twice_is_entered_once(town: Town) -> None:
    payment_id = town.ask()
    town.tap(payment_id, "told_twice")
    town.later(1, turns=3)
    assert town.standing(payment_id) == ("succeeded", None, "balanced", "¥15.00")
    assert len(town.case.postings()) == 2
    assert facts_of(town.case.database) == ["billing.invoice_issued.v1", "billing.invoice_paid.v1"]
    assert town.waiting() == []


def test_a_payment_whose_notification_never_comes_is_found(town: Town) -> None:
    payment_id = town.ask()
    town.tap(payment_id, "never_told")
    town.turn()
    assert town.standing(payment_id) == ("open", None, "issued", "¥15.00")
    town.later(10)
    assert town.standing(payment_id) == ("succeeded", None, "balanced", "¥15.00")


@pytest.mark.parametrize(("outcome", "state"), [("insufficient_balance", "failed"), ("user_cancelled", "cancelled")])
def test_a_payment_without_money_ends_and_the_bill_can_be_paid_anew(town: Town, outcome: str, state: str) -> None:
    first = town.ask()
    town.tap(first, outcome)
    town.turn()
    assert town.standing(first) == (state, outcome, "issued", "¥0.00")
    second = town.ask()
    town.tap(second, "paid")
    town.turn()
    assert town.standing(second) == ("succeeded", None, "balanced", "¥15.00")


def test_an_altered_amount_is_refused_and_what_was_taken_goes_back(town: Town) -> None:
    payment_id = town.ask()
    town.tap(payment_id, "amount_altered")
    town.turn()
    assert town.standing(payment_id) == ("open", None, "issued", "¥14.99")
    assert (town.case.invoice().paid_fen, len(town.case.postings())) == (0, 1)
    assert town.waiting() == ["422"]
    town.later(10)
    town.later(2, turns=3)
    assert town.standing(payment_id) == ("failed", "amount_mismatch", "issued", "¥0.00")
    assert [(row["amount_fen"], row["state"], row["reason"]) for row in town.case.refunds()] == [
        (1499, "succeeded", "amount_mismatch")
    ]
    assert town.case.invoice().refunded_fen == 0
    assert town.agrees()
    second = town.ask()
    town.tap(second, "paid")
    town.turn()
    assert town.standing(second) == ("succeeded", None, "balanced", "¥15.00")


def test_paid_too_late_goes_back_by_itself(town: Town) -> None:
    payment_id = town.ask()
    town.tap(payment_id, "told_late")
    town.case.cancelled(town.clock(), "expired")
    town.later(2, turns=4)
    assert town.standing(payment_id) == ("succeeded", None, "cancelled", "¥0.00")
    assert [(row["reason"], row["state"]) for row in town.case.refunds()] == [("paid_too_late", "succeeded")]
    assert "billing.invoice_paid.v1" not in facts_of(town.case.database)
    assert town.agrees()


def test_an_expired_hold_closes_the_order_so_that_nobody_pays_for_nothing(town: Town) -> None:
    payment_id = town.ask()
    town.case.cancelled(town.clock(), "expired")
    town.turn()
    assert town.standing(payment_id) == ("cancelled", "closed_by_merchant", "cancelled", "¥0.00")
    town.tap(payment_id, "paid")
    town.later(10)
    assert town.balance() == "¥0.00"


def test_an_order_that_nobody_pays_expires_at_the_wallet(town: Town) -> None:
    payment_id = town.ask()
    town.later(60, turns=14)
    assert town.case.payment(payment_id).state == "open"
    town.clock.advance(minutes=2)
    town.tap(payment_id, "paid")
    town.turn()
    assert town.standing(payment_id) == ("cancelled", "order_expired", "issued", "¥0.00")


def test_a_wallet_that_is_down_leaves_the_payment_in_doubt_until_it_is_back(town: Town) -> None:
    town.network.unreachable.add("http://127.0.0.1:8090")
    payment_id = town.ask()
    assert town.standing(payment_id) == ("unknown", "provider_silent", "issued", "¥0.00")
    town.network.unreachable.clear()
    town.later(2)
    assert town.standing(payment_id) == ("open", None, "issued", "¥0.00")


def test_a_hospital_that_is_down_is_told_when_it_is_back(town: Town) -> None:
    payment_id = town.ask()
    town.network.unreachable.add("http://127.0.0.1:8080")
    town.tap(payment_id, "paid")
    town.wallet_turn()
    assert town.waiting() == ["ConnectionError"]
    town.network.unreachable.clear()
    town.clock.advance(seconds=1)
    town.wallet_turn()
    assert (town.waiting(), town.case.payment(payment_id).state) == ([], "succeeded")


def test_a_payment_called_off_is_closed_with_the_wallet_and_cash_can_be_taken(town: Town) -> None:
    payment_id = town.ask()
    with town.case.database.write() as uow:
        usecases.call_off_payment(uow, actor=town.case.payer, now=town.clock(), payment_id=payment_id)
    town.turn()
    assert town.standing(payment_id) == ("cancelled", "closed_by_merchant", "issued", "¥0.00")
    cashier = Actor(subject="staff:cashier", roles=("cashier",))
    cash = town.case.ask_to_pay(town.clock(), actor=cashier, channel=Channel.CASH)
    assert town.standing(cash) == ("succeeded", None, "balanced", "¥0.00")
