"""A settlement with the insurer in every mood: its answer binds, and nobody pays what they have not signed."""

from __future__ import annotations

import pytest

from services.billing import store, usecases
from services.billing.domain import InsuredKind
from services.billing.domain.settlement_errors import InsurerNotRefusing, MoneyHasMoved
from services.billing.providers import SEAL
from services.billing.store import stay_bills
from services.billing.timers import TIMERS
from shared.database import Database
from shared.settings import Settings
from simulators.insurer.moods import Mood
from tests.billing.factories import PlayedProvider, facts_of, paid
from tests.billing.insured import WORKED_EXAMPLE
from tests.billing.insurer import Insurance, open_insurance
from tests.billing.receipts import SECRET
from tests.billing.stays import StayCase
from tests.support.clock import StandingClock

TOTAL, FUND, ACCOUNT, CASH = 1_269_394, 912_616, 100_000, 256_778


class Ward:
    """One insured inpatient with the bill of the handbook's worked example, and the insurer."""

    def __init__(self, insurance: Insurance) -> None:
        self.insurance, self.clock = insurance, insurance.clock
        insurance.admit()
        insurance.insure()
        insurance.turn()
        self.case = StayCase(insurance.database, insurance.encounter_id, insurance.patient_id)
        self.case.charge(TOTAL, self.clock())

    def turn(self, times: int = 1) -> None:
        """Time passes, and the clock does what is due with everybody."""
        provider = PlayedProvider()
        for _ in range(times):
            self.clock.advance(seconds=60)
            self.fire(provider)

    def fire(self, provider: PlayedProvider) -> None:
        """Every timer once."""
        for timer in TIMERS:
            timer.fire(
                self.case.database,
                self.clock,
                {"sandbox_wallet": provider, "insurer": self.insurance.provider, SEAL: SECRET},
            )

    def pay(self) -> None:
        """Somebody pays what is due by phone."""
        self.case.act(usecases.pay_settlement, self.clock(), amount_fen=self.case.shown()["to_pay_fen"])
        provider = PlayedProvider()
        provider.orders |= {"open": paid(self.case.shown()["to_pay_fen"], f"T{self.clock().timestamp()}")}
        self.fire(provider)


@pytest.fixture
def ward(database: Database, settings: Settings, clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Ward:
    for module in (store, stay_bills):
        monkeypatch.setattr(module, "insured_lines", lambda _uow, _account: WORKED_EXAMPLE)
    return Ward(open_insurance(database, settings, clock))


def test_the_insurer_pre_settles_at_once_and_settles_after_the_signature(ward: Ward) -> None:
    ward.case.deposit(3_000_00, ward.clock())
    ward.case.close(ward.clock())
    shown = ward.case.shown()
    assert (shown["basis"], shown["fund_fen"], shown["personal_account_fen"], shown["cash_fen"]) == (
        "estimate",
        FUND,
        ACCOUNT,
        CASH,
    )
    ward.turn()
    assert ward.insurance.calls() == ["1101", "2301", "2303"]
    ward.case.sign(ward.clock())
    assert (ward.case.settlement().stage, ward.case.shown()["to_return_fen"]) == ("paid", 43_222)
    ward.turn()
    settled = ward.case.settlement()
    assert (settled.stage, settled.basis, settled.insured_at) == ("settled", "binding", ward.clock())
    assert (settled.own_share_fen, settled.own_expense_fen, settled.returned_fen) == (295_278, 61_500, 43_222)
    assert ward.case.summary() == {
        "cash_drawer": 3_000_00,
        "insurer_receivables": FUND + ACCOUNT,
        "inpatient_income": -TOTAL,
        "refunds_payable": -43_222,
    }
    assert facts_of(ward.case.database)[-1] == "billing.stay_settled.v1"


def test_what_is_due_is_paid_before_the_insurer_settles(ward: Ward) -> None:
    ward.case.deposit(2_000_00, ward.clock())
    ward.case.close(ward.clock())
    ward.turn()
    ward.case.sign(ward.clock())
    assert ward.case.shown()["to_pay_fen"] == 56_778
    ward.turn(3)
    assert ward.insurance.calls() == ["1101", "2301", "2303"]
    ward.pay()
    ward.turn()
    assert (ward.case.settlement().stage, ward.case.settlement().paid_fen) == ("settled", 56_778)
    assert ward.insurance.movements() == [("settlement", FUND, ACCOUNT)]


def test_where_the_binding_answer_differs_the_person_signs_again_and_pays_the_rest(ward: Ward) -> None:
    ward.case.deposit(2_000_00, ward.clock())
    ward.case.close(ward.clock())
    ward.turn()
    ward.case.sign(ward.clock())
    ward.insurance.mood("2304", Mood.DIFFERING)
    ward.pay()
    ward.turn()
    settlement = ward.case.settlement()
    assert (settlement.stage, settlement.basis, settlement.cash_fen) == ("presented", "binding", CASH + 1_000)
    with pytest.raises(MoneyHasMoved):
        ward.case.act(usecases.withdraw_settlement, ward.clock(), reason="太晚")
    ward.case.sign(ward.clock())
    assert ward.case.shown()["to_pay_fen"] == 1_000
    ward.pay()
    ward.turn()
    assert (ward.case.settlement().stage, ward.case.settlement().paid_fen) == ("settled", 57_778)
    assert ward.insurance.movements() == [("settlement", FUND - 1_000, ACCOUNT)]
    assert ward.case.summary() == {
        "cash_drawer": 2_000_00,
        "sandbox_wallet": 57_778,
        "insurer_receivables": FUND + ACCOUNT - 1_000,
        "inpatient_income": -TOTAL,
    }


def test_a_pre_settlement_that_differs_is_what_the_person_reads(ward: Ward) -> None:
    ward.insurance.mood("2303", Mood.DIFFERING)
    ward.case.close(ward.clock())
    ward.case.act(usecases.present_settlement, ward.clock())
    before = ward.case.shown()
    ward.turn()
    after = ward.case.shown()
    assert (before["cash_fen"], after["cash_fen"], after["basis"]) == (CASH, CASH + 1_000, "estimate")
    assert before["digest"] != after["digest"]


@pytest.mark.parametrize("mood", [Mood.LOST, Mood.UNKNOWN, Mood.SILENT])
def test_an_unclear_answer_is_asked_about_and_nothing_is_settled_twice(ward: Ward, mood: Mood) -> None:
    ward.case.deposit(3_000_00, ward.clock())
    ward.case.close(ward.clock())
    ward.turn()
    ward.insurance.mood("2304", mood)
    ward.case.sign(ward.clock())
    ward.turn()
    assert ward.case.settlement().stage == "paid"
    for _ in range(10):
        ward.turn()
    assert ward.case.settlement().stage == "settled"
    assert ward.insurance.movements() == [("settlement", FUND, ACCOUNT)]


def test_a_refusal_waits_for_somebody_to_ask_again(ward: Ward) -> None:
    ward.case.deposit(3_000_00, ward.clock())
    ward.case.close(ward.clock())
    ward.turn()
    ward.case.sign(ward.clock())
    with pytest.raises(InsurerNotRefusing):
        ward.case.act(usecases.claim_again, ward.clock())
    ward.insurance.mood("2304", Mood.REFUSING)
    ward.turn()
    assert (ward.case.settlement().stage, ward.case.settlement().claim_problem) == (
        "paid",
        "refused_for_demonstration",
    )
    ward.case.act(usecases.claim_again, ward.clock())
    ward.turn(3)
    assert (ward.case.settlement().stage, ward.case.settlement().claim_problem) == ("settled", None)
    assert ward.insurance.movements() == [("settlement", FUND, ACCOUNT)]


def test_a_refusal_may_leave_the_person_to_bear_it_who_signs_again(ward: Ward) -> None:
    ward.case.deposit(3_000_00, ward.clock())
    ward.case.close(ward.clock())
    ward.turn()
    ward.case.sign(ward.clock())
    ward.insurance.mood("2304", Mood.REFUSING)
    ward.turn()
    ward.case.act(usecases.bear_alone, ward.clock(), reason="参保地不支持")
    assert (ward.case.settlement().stage, ward.case.settlement().basis) == ("presented", "self_pay")
    ward.case.sign(ward.clock())
    assert ward.case.shown()["to_pay_fen"] == TOTAL - 3_000_00
    ward.pay()
    ward.turn()
    assert ward.case.settlement().stage == "settled"
    assert ward.insurance.movements() == []
    assert ward.case.summary() == {
        "cash_drawer": 3_000_00,
        "sandbox_wallet": TOTAL - 3_000_00,
        "inpatient_income": -TOTAL,
    }


def test_called_off_the_claim_is_undone(ward: Ward) -> None:
    ward.case.close(ward.clock())
    ward.turn()
    ward.case.act(usecases.withdraw_settlement, ward.clock(), reason="改天")
    ward.turn(2)
    assert ward.insurance.movements() == []
    ward.case.close(ward.clock())
    assert ward.case.settlement().basis == "estimate"


def test_whom_the_insurer_does_not_know_pays_alone(ward: Ward) -> None:
    ward.insurance.insure(InsuredKind.EMPLOYEE, "3299999999")
    ward.insurance.turn()
    ward.case.close(ward.clock())
    assert (ward.case.shown()["basis"], ward.case.shown()["cash_fen"]) == ("self_pay", TOTAL)
