"""Money and calls that did not end: each of them is on the list with a way out, and each way out has its refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.billing import store
from services.billing.domain import OrderAnswer, OrderOutcome, RefundAnswer, RefundOutcome
from services.billing.timers import TIMERS
from shared.actor import Actor
from shared.database import Database
from shared.settings import Settings
from simulators.insurer.moods import Mood
from tests.billing.factories import Case, PlayedProvider, paid
from tests.billing.insurer import NURSE, Insurance, open_insurance
from tests.billing.receipts import ask as ask_for_receipt
from tests.billing.receipts import fire as issue
from tests.support.callers import FRONT_DESK, Caller
from tests.support.clock import StandingClock

FINANCE = Actor(subject="staff:finance", roles=("finance",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
As = Callable[[Actor], Caller]


class Desk:
    """The page of stuck money as somebody sees it."""

    def __init__(self, as_caller: As, actor: Actor = FINANCE) -> None:
        self.caller = as_caller(actor)

    def items(self, **query: Any) -> list[dict[str, Any]]:
        """What is on the list."""
        found: list[dict[str, Any]] = self.caller.get("/v1/stuck", **query).get_json()["items"]
        return found

    def act(self, kind: str, reference: object, act: str, **body: Any) -> tuple[int, str]:
        """Do something about one; gives the status and the code of a refusal."""
        answer = self.caller.post(f"/v1/stuck/{kind}/{reference}/{act}", body)
        return answer.status_code, answer.get_json().get("code", "")

    def history(self, kind: str, reference: object) -> list[tuple[str, str, str | None]]:
        """What was tried, the newest first."""
        shown = self.caller.get(f"/v1/stuck/{kind}/{reference}").get_json()
        return [(each["what"], each["outcome"], each["problem"]) for each in shown["history"]]


@pytest.fixture
def desk(as_caller: As) -> Desk:
    return Desk(as_caller)


def fire(database: Database, clock: StandingClock, provider: PlayedProvider) -> None:
    for timer in TIMERS:
        if "insurer" not in timer.name and "receipts" not in timer.name:
            timer.fire(database, clock, {"sandbox_wallet": provider})


@pytest.fixture
def silent() -> PlayedProvider:
    """A wallet of which nothing is heard."""
    provider = PlayedProvider()
    unclear = OrderAnswer(outcome=OrderOutcome.UNKNOWN, problem="provider_silent")
    provider.orders |= {"open": unclear, "ask": unclear, "close": unclear}
    return provider


@pytest.fixture
def payment(database: Database, clock: StandingClock, silent: PlayedProvider) -> UUID:
    """A payment that nobody knows the end of."""
    case = Case(database)
    case.held(clock())
    payment_id = case.ask_to_pay(clock())
    fire(database, clock, silent)
    return payment_id


@pytest.fixture
def refund(database: Database, clock: StandingClock) -> UUID:
    """A refund that the wallet refuses to pay."""
    case, provider = Case(database), PlayedProvider()
    provider.orders["open"] = paid()
    provider.refunds["refund"] = RefundAnswer(outcome=RefundOutcome.REFUSED, problem="account_closed")
    case.held(clock())
    case.ask_to_pay(clock())
    fire(database, clock, provider)
    case.cancelled(clock())
    fire(database, clock, provider)
    [row] = case.refunds()
    found: UUID = row["id"]
    return found


@pytest.fixture
def insurance(database: Database, settings: Settings, clock: StandingClock) -> Insurance:
    made = open_insurance(database, settings, clock)
    made.admit()
    made.insure()
    made.turn()
    return made


@pytest.fixture
def claim(insurance: Insurance) -> UUID:
    """A claim that was settled without anybody hearing of it."""
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("any", Mood.LOST, calls=2)
    insurance.turn()
    insurance.later(10)
    return claim_id


def test_nothing_is_stuck_at_first(desk: Desk) -> None:
    shown = desk.caller.get("/v1/stuck").get_json()
    assert shown == {"items": [], "counts": {"payment": 0, "refund": 0, "claim": 0, "receipt": 0}, "set_aside": 0}


def test_everything_that_did_not_end_is_in_one_list_the_oldest_first(
    desk: Desk, payment: UUID, refund: UUID, claim: UUID, database: Database, clock: StandingClock
) -> None:
    ask_for_receipt(database, clock)
    assert [each["kind"] for each in desk.items()] == ["payment", "refund", "claim"]
    clock.advance(seconds=61)
    shown = {each["kind"]: each for each in desk.items()}
    assert shown["payment"]["ways"] == ["retry", "call_off", "set_aside"]
    assert (shown["payment"]["state"], shown["payment"]["problem"]) == ("unknown", "provider_silent")
    assert shown["payment"]["number"].startswith("AX2026")
    assert shown["refund"]["ways"] == ["pay_out", "set_aside"]
    assert (shown["refund"]["problem"], shown["refund"]["amount"]["amount"]) == ("account_closed", "15.00")
    assert shown["claim"]["ways"] == ["retry", "reverse", "set_aside"]
    assert (shown["claim"]["state"], shown["claim"]["tries"]) == ("unknown", 2)
    assert shown["receipt"]["ways"] == ["retry", "set_aside"]
    assert [each["reference"] for each in desk.items(kind="claim")] == [str(claim)]


def test_what_is_simply_on_its_way_is_not_stuck(desk: Desk, database: Database, clock: StandingClock) -> None:
    case = Case(database)
    case.held(clock())
    case.ask_to_pay(clock())
    fire(database, clock, PlayedProvider())
    assert desk.items() == []
    clock.advance(seconds=61)
    assert [each["state"] for each in desk.items()] == ["open"]


def test_a_payment_is_asked_about_at_once_when_somebody_wants_it(
    desk: Desk, payment: UUID, database: Database, clock: StandingClock, silent: PlayedProvider
) -> None:
    for _ in range(4):
        clock.advance(seconds=30)
        fire(database, clock, silent)
    silent.orders["ask"] = paid()
    fire(database, clock, silent)
    assert desk.items()[0]["state"] == "unknown"
    assert desk.act("payment", payment, "retry") == (200, "")
    fire(database, clock, silent)
    assert desk.items() == []
    assert desk.history("payment", payment)[0] == ("retry", "asked_for", None)
    assert desk.history("payment", payment)[-1] == ("open", "unknown", "provider_silent")
    assert desk.act("payment", payment, "retry") == (409, "nothing_stuck")


def test_a_claim_is_asked_about_at_once(desk: Desk, claim: UUID, insurance: Insurance) -> None:
    insurance.turn()
    assert insurance.read(claim).state == "unknown"
    assert desk.act("claim", claim, "retry") == (200, "")
    insurance.turn()
    assert insurance.read(claim).state == "settled"
    assert desk.items() == []
    told = [(what, outcome) for what, outcome, _ in desk.history("claim", claim)]
    assert told == [
        ("ask", "settled"),
        ("retry", "asked_for"),
        *[("ask", "unknown")],
        *[("settle", "unknown"), ("presettle", "presettled")],
    ]
    assert desk.act("claim", claim, "retry") == (409, "nothing_stuck")


def test_a_claim_without_an_end_is_reversed(desk: Desk, claim: UUID, insurance: Insurance) -> None:
    answer = desk.caller.post(f"/v1/claims/{claim}/reversal", {"reason": "病人改自费"})
    assert answer.status_code == 200
    assert desk.items()[0]["ways"] == ["retry", "set_aside"]
    again = desk.caller.post(f"/v1/claims/{claim}/reversal", {"reason": "病人改自费"})
    assert (again.status_code, again.get_json()["code"]) == (409, "claim_over")
    insurance.later()
    assert (insurance.read(claim).state, len(insurance.movements())) == ("reversed", 2)
    assert desk.items() == []
    assert ("reverse", "asked_for", "病人改自费") in desk.history("claim", claim)


def test_a_claim_that_is_settled_for_good_is_not_reversed_here(desk: Desk, insurance: Insurance) -> None:
    claim_id = insurance.claim()
    insurance.turn()
    insurance.turn()
    answer = desk.caller.post(f"/v1/claims/{claim_id}/reversal", {"reason": "病人改自费"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "claim_over")
    assert desk.caller.post(f"/v1/claims/{uuid4()}/reversal", {"reason": "病人改自费"}).status_code == 404
    assert insurance.read(claim_id).state == "settled"


def test_a_refund_that_the_wallet_refuses_is_paid_out_in_cash(desk: Desk, as_caller: As, refund: UUID) -> None:
    assert desk.act("refund", refund, "retry") == (422, "retry_not_possible")
    assert as_caller(CASHIER).post(f"/v1/refunds/{refund}/payout").status_code == 200
    assert desk.items() == []
    assert desk.act("refund", refund, "retry") == (409, "nothing_stuck")
    again = as_caller(CASHIER).post(f"/v1/refunds/{refund}/payout")
    assert (again.status_code, again.get_json()["code"]) == (409, "refund_not_payable_in_cash")


def test_what_is_set_aside_leaves_the_list_and_the_clock_goes_on_asking(
    desk: Desk, as_caller: As, payment: UUID, database: Database, clock: StandingClock, silent: PlayedProvider
) -> None:
    assert desk.act("payment", payment, "set-aside", reason="")[0] == 422
    assert len(desk.items()) == 1
    assert desk.act("payment", payment, "set-aside", reason="已电话核实，等银行") == (200, "")
    assert desk.items() == []
    assert desk.caller.get("/v1/stuck").get_json()["set_aside"] == 1
    [aside] = desk.items(set_aside="true")
    assert (aside["reason"], aside["set_aside_by"]) == ("已电话核实，等银行", FINANCE.subject)
    asked = len(silent.asked)
    clock.advance(seconds=60)
    fire(database, clock, silent)
    assert len(silent.asked) == asked + 1


def test_somebody_looks_after_it_and_others_see_who(desk: Desk, as_caller: As, payment: UUID) -> None:
    assert Desk(as_caller, CASHIER).act("payment", payment, "care") == (200, "")
    assert desk.items()[0]["owner"] == CASHIER.subject
    assert desk.act("payment", payment, "care") == (200, "")
    assert desk.items()[0]["owner"] == FINANCE.subject


@pytest.mark.parametrize("act", ["retry", "care", "set-aside"])
@pytest.mark.parametrize("kind", ["payment", "refund", "claim", "receipt", "nothing"])
def test_what_is_not_there_is_not_found(desk: Desk, kind: str, act: str) -> None:
    body = {"reason": "不明原因"} if act == "set-aside" else {}
    assert desk.act(kind, uuid4(), act, **body) == (404, "not_found")
    assert desk.caller.get(f"/v1/stuck/{kind}/{uuid4()}").status_code == 404


def test_an_issued_receipt_is_stuck_no_longer(
    desk: Desk, database: Database, clock: StandingClock, settings: Settings
) -> None:
    ask_for_receipt(database, clock)
    clock.advance(seconds=61)
    [stuck] = desk.items()
    assert desk.act("receipt", stuck["reference"], "retry") == (200, "")
    issue(database, clock)
    assert desk.items() == []
    assert desk.act("receipt", stuck["reference"], "retry") == (409, "nothing_stuck")


def test_only_cashier_and_finance_act_and_auditors_read(as_caller: As, payment: UUID, database: Database) -> None:
    auditor = replace(FINANCE, roles=("auditor",))
    assert len(Desk(as_caller, auditor).items()) == 1
    for actor in (auditor, NURSE, FRONT_DESK):
        assert Desk(as_caller, actor).act("payment", payment, "set-aside", reason="不归他管")[0] == 403
        assert Desk(as_caller, actor).act("payment", payment, "retry")[0] == 403
        assert as_caller(actor).post(f"/v1/claims/{uuid4()}/reversal", {"reason": "不归他管"}).status_code == 403
    assert as_caller(NURSE).get("/v1/stuck").status_code == 403
    with database.read() as uow:
        assert uow.session.execute(sa.select(sa.func.count()).select_from(store.stuck_cases)).scalar_one() == 0
