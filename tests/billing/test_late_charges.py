"""Charges against the closing of a bill: on the bill or a case of their own, never lost, never on a settled bill."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.billing import usecases
from services.billing.domain import Channel
from services.billing.domain.late_charge import LateChargeState
from services.billing.domain.settlement_errors import AlreadySettling, BillClosed, LateChargeClosed, NotInStage
from shared.database import Database
from shared.errors import DomainError
from shared.service import Service
from tests.billing.stays import CASHIER, StayCase
from tests.support.clock import StandingClock


@pytest.fixture
def case(database: Database, clock: StandingClock) -> StayCase:
    made = StayCase(database)
    made.tell("admitted", clock())
    return made


def settled(case: StayCase, clock: StandingClock, fen: int = 8_000) -> None:
    """A stay that is settled, covered by its deposit."""
    case.deposit(10_000, clock())
    case.charge(fen, clock())
    case.close(clock())
    case.sign(clock())
    assert case.settlement().stage == "settled"


def decide(case: StayCase, clock: StandingClock, way: str, reason: str = "护士漏记") -> Any:
    [late] = case.late()
    return case.do(
        usecases.decide_late_charge,
        clock(),
        actor=CASHIER,
        late_charge_id=late.id,
        way=LateChargeState(way),
        reason=reason,
    )


def test_a_charge_after_closing_is_a_case_and_leaves_the_bill_alone(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    before = {name: case.shown()[name] for name in ("medical_fen", "digest", "categories", "charge_count")}
    line = case.charge(1_200, clock())
    case.meal(1_500, clock())
    assert {name: case.shown()[name] for name in before} == before
    late = sorted(case.late(), key=lambda each: each.amount_fen)
    assert [(each.amount_fen, each.state) for each in late] == [(1_200, "open"), (1_500, "open")]
    assert late[0].charge_id == line


def test_a_settled_bill_never_changes(case: StayCase, clock: StandingClock) -> None:
    settled(case, clock)
    before = case.shown()
    case.charge(1_200, clock())
    after = case.shown()
    assert {name: after[name] for name in ("total_fen", "own_fen", "deposits_fen", "digest")} == {
        name: before[name] for name in ("total_fen", "own_fen", "deposits_fen", "digest")
    }


def test_a_new_bill_to_the_patient(case: StayCase, clock: StandingClock) -> None:
    settled(case, clock)
    case.charge(1_200, clock())
    late = decide(case, clock, "billed")
    assert (late.state, late.decided_by, late.reason) == ("billed", CASHIER.subject, "护士漏记")
    summary = case.summary()
    assert (summary["patient_receivables"], summary["inpatient_income"]) == (1_200, -9_200)
    assert "stay_receivables" not in summary
    with case.database.read() as uow:
        bill = (
            uow.session.connection()
            .exec_driver_sql("SELECT id, amount_fen FROM invoices WHERE billed_kind = 'late_charge'")
            .one()
        )
    assert bill.amount_fen == 1_200


def test_the_hospital_bears_it(case: StayCase, clock: StandingClock) -> None:
    settled(case, clock)
    before = case.summary()
    case.charge(1_200, clock())
    assert decide(case, clock, "borne").state == "borne"
    assert case.summary() == before


def test_what_is_due_back_goes_back_to_the_deposit(case: StayCase, clock: StandingClock) -> None:
    case.deposit(10_000, clock())
    line = case.charge(1_200, clock())
    case.charge(6_800, clock())
    case.close(clock())
    case.sign(clock())
    case.take_back(line, clock())
    decide(case, clock, "given_back")
    assert sorted(row["amount_fen"] for row in case.refunds()) == [1_200, 2_000]
    assert case.summary() == {"cash_drawer": 10_000, "inpatient_income": -6_800, "refunds_payable": -3_200}


def test_a_meal_and_its_reversal_after_closing_are_two_cases(case: StayCase, clock: StandingClock) -> None:
    settled(case, clock)
    meal = case.meal(1_500, clock())
    case.meal_reversed(meal, 1_500, clock())
    case.meal_reversed(meal, 1_500, clock())
    assert sorted(each.amount_fen for each in case.late()) == [-1_500, 1_500]


def test_a_case_is_decided_once_and_only_after_the_settlement(case: StayCase, clock: StandingClock) -> None:
    case.deposit(10_000, clock())
    case.charge(8_000, clock())
    case.close(clock())
    case.charge(1_200, clock())
    with pytest.raises(NotInStage):
        decide(case, clock, "borne")
    case.sign(clock())
    decide(case, clock, "borne")
    with pytest.raises(LateChargeClosed):
        decide(case, clock, "billed")
    assert [each.state for each in case.late()] == ["borne"]


def test_called_off_a_late_charge_is_on_the_bill_like_any_other(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.charge(1_200, clock())
    case.act(usecases.withdraw_settlement, clock(), reason="还要换药")
    assert [each.state for each in case.late()] == ["absorbed"]
    clock.advance(seconds=1)
    case.close(clock())
    assert case.shown()["medical_fen"] == 9_200


def test_no_deposit_is_asked_for_once_the_bill_is_closed(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    with pytest.raises(BillClosed):
        case.ask_for_deposit(5_000, clock())


def test_a_deposit_that_nobody_paid_is_called_off_by_the_signature(case: StayCase, clock: StandingClock) -> None:
    bill = case.ask_for_deposit(5_000, clock())
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    with pytest.raises(DomainError) as refusal:
        case.pay_cash(bill, 5_000, clock())
    assert refusal.value.code == "invoice_cancelled"


def test_the_cashiers_office_sees_the_cases_by_age(case: StayCase, clock: StandingClock, as_caller: Any) -> None:
    settled(case, clock)
    case.charge(1_200, clock())
    [item] = as_caller(CASHIER).get("/v1/late-charges", state="open").get_json()["items"]
    assert (item["amount"]["amount"], item["text"]["zh"], item["is_settled"]) == ("12.00", "换药", True)
    assert as_caller(CASHIER).get("/v1/late-charges", state="borne").get_json() == {"items": []}


# --------------------------------------------------------------------------------------------------- at one moment


@pytest.fixture
def second_database(database: Database, service: Service) -> Iterator[Database]:
    """The same database as another process opens it."""
    other = Database(database.url.render_as_string(hide_password=False), service.toolbox)
    yield other
    other.close()


def together(*jobs: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; gives each one's result or the refusal's code."""
    gate = threading.Barrier(len(jobs))

    def one(job: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return job()
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [each.result(timeout=60) for each in [pool.submit(one, job) for job in jobs]]


def twin(case: StayCase, database: Database) -> StayCase:
    """The same stay as the other process sees it."""
    return StayCase(database, case.encounter_id, case.patient_id)


@pytest.mark.parametrize("turn", range(3))
def test_two_nurses_open_one_settlement(
    case: StayCase, second_database: Database, clock: StandingClock, turn: int
) -> None:
    other = twin(case, second_database)
    outcomes = together(lambda: case.open(clock()).stage, lambda: other.open(clock()).stage)
    assert sorted(outcomes) == [AlreadySettling.code, "opened"]


@pytest.mark.parametrize("turn", range(3))
def test_charging_while_the_bill_closes_is_on_the_bill_or_a_case(
    case: StayCase, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.charge(8_000, clock())
    case.open(clock())
    case.meals_answer(clock())
    case.overrule_all(clock())
    other = twin(case, second_database)
    together(lambda: case.act(usecases.close_bill, clock()), lambda: other.charge(1_200, clock()))
    assert (case.shown()["medical_fen"], [each.amount_fen for each in case.late()]) in [(9_200, []), (8_000, [1_200])]


@pytest.mark.parametrize("turn", range(3))
def test_signing_twice_gives_the_surplus_back_once(
    case: StayCase, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.deposit(10_000, clock())
    case.charge(8_000, clock())
    case.close(clock())
    case.act(usecases.present_settlement, clock())
    other = twin(case, second_database)
    together(lambda: case.sign(clock()), lambda: other.sign(clock()))
    assert [row["amount_fen"] for row in case.refunds()] == [2_000]
    assert case.settlement().stage == "settled"


@pytest.mark.parametrize("turn", range(3))
def test_calling_off_against_paying_ends_with_one_of_them(
    case: StayCase, second_database: Database, clock: StandingClock, turn: int
) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    bill, other = case.shown()["invoice_id"], twin(case, second_database)
    arguments = {"invoice_id": bill, "amount_fen": 8_000, "channel": Channel.CASH}
    together(
        lambda: case.do(usecases.request_payment, clock(), actor=CASHIER, **arguments),
        lambda: other.act(usecases.withdraw_settlement, clock(), reason="改天"),
    )
    with case.database.write() as uow:
        usecases.carry_settlements_on(uow, now=clock(), limit=10)
    stage, summary = case.settlement().stage, case.summary()
    assert (stage, summary) in [
        ("settled", {"cash_drawer": 8_000, "inpatient_income": -8_000}),
        ("withdrawn", {}),
    ]
