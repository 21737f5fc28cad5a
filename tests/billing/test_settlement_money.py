"""From the signature to the end: paying the rest, giving back the surplus, the ledger, and what goes on by itself."""

from __future__ import annotations

import pytest

from services.billing import usecases
from services.billing.domain import Channel, InvoiceAlreadyPaid, PaymentInProgress
from services.billing.domain.settlement import Stage
from services.billing.domain.settlement_errors import (
    AmountChanged,
    MoneyHasMoved,
    NotInStage,
    SignatureEmpty,
)
from services.billing.providers import SEAL
from services.billing.timers import TIMERS
from shared.database import Database
from shared.errors import NotFound
from tests.billing.factories import PlayedProvider, facts_of, paid
from tests.billing.receipts import SECRET
from tests.billing.stays import CASHIER, StayCase
from tests.support.clock import StandingClock


@pytest.fixture
def case(database: Database, clock: StandingClock) -> StayCase:
    made = StayCase(database)
    made.tell("admitted", clock())
    return made


def run_clock(case: StayCase, clock: StandingClock, provider: PlayedProvider | None = None) -> None:
    """The timers, as a worker that has just been started."""
    outside = {"sandbox_wallet": provider or PlayedProvider(), SEAL: SECRET}
    for timer in TIMERS:
        timer.fire(case.database, clock, outside)


def test_what_is_still_due_becomes_a_bill_that_any_phone_pays(case: StayCase, clock: StandingClock) -> None:
    case.deposit(3_000, clock())
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    assert (case.settlement().stage, case.shown()["to_pay_fen"]) == (Stage.SIGNED, 5_000)
    case.act(usecases.pay_settlement, clock(), amount_fen=5_000)
    provider = PlayedProvider()
    provider.orders |= {"open": paid(5_000)}
    run_clock(case, clock, provider)
    settled = case.settlement()
    assert (settled.stage, settled.deposits_fen, settled.paid_fen, settled.returned_fen) == ("settled", 3_000, 5_000, 0)
    assert (settled.paid_at, settled.settled_at, settled.insured_at) == (clock(), clock(), None)
    assert case.summary() == {"sandbox_wallet": 5_000, "cash_drawer": 3_000, "inpatient_income": -8_000}
    assert facts_of(case.database)[-1] == "billing.stay_settled.v1"
    assert facts_of(case.database).count("billing.settlement_to_pay.v1") == 1


def test_the_surplus_goes_back_to_the_latest_deposit_first(case: StayCase, clock: StandingClock) -> None:
    first = case.deposit(5_000, clock())
    second = case.deposit(2_000, clock.advance(hours=1))
    case.charge(4_500, clock())
    case.close(clock())
    case.sign(clock())
    assert (case.settlement().stage, case.settlement().returned_fen) == ("settled", 2_500)
    parts = {row["payment_id"]: (row["amount_fen"], row["reason"]) for row in case.refunds()}
    assert parts == {second: (2_000, "deposit_left_over"), first: (500, "deposit_left_over")}
    assert case.summary() == {"cash_drawer": 7_000, "inpatient_income": -4_500, "refunds_payable": -2_500}
    for row in case.refunds():
        case.do(usecases.pay_out_refund, clock(), actor=CASHIER, refund_id=row["id"])
    assert case.summary() == {"cash_drawer": 4_500, "inpatient_income": -4_500}
    assert [each["state"] for each in case.shown()["refunds"]] == ["succeeded", "succeeded"]


def test_where_deposits_cover_exactly_nothing_is_paid_and_nothing_goes_back(
    case: StayCase, clock: StandingClock
) -> None:
    case.deposit(4_500, clock())
    case.charge(4_500, clock())
    case.close(clock())
    case.sign(clock())
    assert (case.settlement().stage, case.refunds()) == ("settled", [])
    assert case.summary() == {"cash_drawer": 4_500, "inpatient_income": -4_500}


def test_meals_are_income_of_their_own(case: StayCase, clock: StandingClock) -> None:
    case.deposit(6_000, clock())
    case.charge(4_500, clock())
    case.meal(1_500, clock())
    case.open(clock())
    case.meals_answer(clock(), count=1, fen=1_500)
    case.overrule_all(clock())
    case.act(usecases.close_bill, clock())
    case.sign(clock())
    assert case.summary() == {"cash_drawer": 6_000, "inpatient_income": -4_500, "meals_income": -1_500}


def test_a_stay_that_cost_nothing_gives_every_deposit_back(case: StayCase, clock: StandingClock) -> None:
    case.deposit(4_500, clock())
    case.close(clock())
    case.sign(clock())
    assert (case.settlement().stage, case.settlement().returned_fen) == ("settled", 4_500)


# ---------------------------------------------------------------------------------------------------- signatures


def test_a_deposit_that_came_after_reading_needs_a_new_signature(case: StayCase, clock: StandingClock) -> None:
    asked = case.ask_for_deposit(3_000, clock())
    case.charge(8_000, clock())
    case.close(clock())
    case.act(usecases.present_settlement, clock())
    digest = case.shown()["digest"]
    case.pay_cash(asked, 3_000, clock())
    with pytest.raises(AmountChanged):
        case.sign(clock(), digest=digest)
    assert (case.settlement().stage, case.shown()["signature"]) == ("presented", None)
    case.sign(clock())
    assert case.shown()["to_pay_fen"] == 5_000


def test_a_slip_of_the_finger_is_no_signature(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    with pytest.raises(SignatureEmpty):
        case.sign(clock(), strokes=[[[1, 1]]])
    assert (case.settlement().stage, case.shown()["invoice_id"]) == ("presented", None)


def test_a_signature_is_kept_with_what_was_signed_and_who_saw_it(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock(), signer="family", strokes=[], typed="王小明")
    signature = case.shown()["signature"]
    assert {name: signature[name] for name in ("signer", "typed", "own_fen", "to_pay_fen", "to_return_fen")} == {
        "signer": "family",
        "typed": "王小明",
        "own_fen": 8_000,
        "to_pay_fen": 8_000,
        "to_return_fen": 0,
    }
    assert (signature["witnessed_by"], signature["signed_at"]) == ("staff:nurse", clock())


def test_it_is_signed_once(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    with pytest.raises(NotInStage):
        case.sign(clock())


# --------------------------------------------------------------------------------------------------------- paying


def test_paying_twice_takes_the_money_once(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    case.act(usecases.pay_settlement, clock(), amount_fen=8_000)
    with pytest.raises(PaymentInProgress):
        case.act(usecases.pay_settlement, clock(), amount_fen=8_000)
    provider = PlayedProvider()
    provider.orders |= {"open": paid(8_000)}
    run_clock(case, clock, provider)
    with pytest.raises(NotInStage):
        case.act(usecases.pay_settlement, clock(), amount_fen=8_000)
    invoice_id = case.shown()["invoice_id"]
    with pytest.raises(InvoiceAlreadyPaid):
        case.do(
            usecases.request_payment,
            clock(),
            actor=CASHIER,
            invoice_id=invoice_id,
            amount_fen=8_000,
            channel=Channel.CASH,
        )
    assert case.summary() == {"sandbox_wallet": 8_000, "inpatient_income": -8_000}


def test_cash_at_the_window_settles_too(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    case.do(
        usecases.request_payment,
        clock(),
        actor=CASHIER,
        invoice_id=case.shown()["invoice_id"],
        amount_fen=8_000,
        channel=Channel.CASH,
    )
    assert case.settlement().stage == "signed"
    run_clock(case, clock)
    assert (case.settlement().stage, case.summary()["cash_drawer"]) == ("settled", 8_000)


def test_called_off_while_a_phone_pays_the_money_goes_back(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    case.act(usecases.pay_settlement, clock(), amount_fen=8_000)
    provider = PlayedProvider()
    run_clock(case, clock, provider)
    case.act(usecases.withdraw_settlement, clock(), reason="账不对")
    provider.orders |= {"close": paid(8_000)}
    run_clock(case, clock, provider)
    clock.advance(seconds=60)
    run_clock(case, clock, provider)
    assert [row["state"] for row in case.refunds()] == ["succeeded"]
    assert case.summary() == {}


def test_once_paid_it_is_not_called_off(case: StayCase, clock: StandingClock) -> None:
    case.charge(8_000, clock())
    case.close(clock())
    case.sign(clock())
    case.do(
        usecases.request_payment,
        clock(),
        actor=CASHIER,
        invoice_id=case.shown()["invoice_id"],
        amount_fen=8_000,
        channel=Channel.CASH,
    )
    with pytest.raises(MoneyHasMoved):
        case.act(usecases.withdraw_settlement, clock(), reason="账不对")
    run_clock(case, clock)
    assert case.settlement().stage == "settled"
    with pytest.raises(MoneyHasMoved):
        case.act(usecases.withdraw_settlement, clock(), reason="账不对")


def test_a_settlement_that_is_not_there_is_not_found(case: StayCase, clock: StandingClock) -> None:
    for use_case in (usecases.close_bill, usecases.present_settlement):
        with pytest.raises(NotFound):
            case.do(use_case, clock(), settlement_id=case.encounter_id)
