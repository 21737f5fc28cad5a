"""Claims with a real insurer in every mood: its answer binds, and nothing is ever settled twice."""

from __future__ import annotations

import pytest

from services.billing.domain import InsuredKind
from services.billing.domain.insurance_errors import (
    InsuranceNumberMissing,
)
from shared.database import Database
from shared.settings import Settings
from simulators.insurer.moods import Mood
from tests.billing.insurer import Insurance, open_insurance
from tests.support.clock import StandingClock

SETTLED = ("settlement", 9_126_16, 1_000_00)
UNDONE = ("cancellation", -9_126_16, -1_000_00)


@pytest.fixture
def insurance(database: Database, settings: Settings, clock: StandingClock) -> Insurance:
    made = open_insurance(database, settings, clock)
    made.admit()
    made.insure()
    made.turn()
    return made


def test_a_person_is_confirmed_by_the_insurer(insurance: Insurance) -> None:
    found = insurance.coverage()
    assert (found.state, found.kind, found.account_balance_fen) == ("confirmed", InsuredKind.EMPLOYEE, 1_000_00)
    insurance.insure(InsuredKind.EMPLOYEE, "3299000003")
    assert (insurance.coverage().state, insurance.coverage().account_balance_fen) == ("asked", 0)
    insurance.turn()
    assert (insurance.coverage().state, insurance.coverage().kind) == ("confirmed", InsuredKind.RESIDENT)
    insurance.insure(InsuredKind.EMPLOYEE, "3299999999")
    insurance.turn()
    found = insurance.coverage()
    assert (found.state, found.problem, found.insured.kind) == ("refused", "person_not_insured", InsuredKind.NONE)
    insurance.insure(InsuredKind.NONE, None)
    assert (insurance.coverage().state, insurance.coverage().next_try_at) == ("entered", None)


def test_an_insurer_that_says_nothing_of_a_person_is_asked_again(insurance: Insurance) -> None:
    insurance.mood("1101", Mood.SILENT, calls=2)
    insurance.insure(InsuredKind.RETIRED, "3299000002")
    insurance.turn()
    insurance.later()
    found = insurance.coverage()
    assert (found.state, found.problem, found.kind) == ("asked", "insurer_unreadable", InsuredKind.RETIRED)
    insurance.later()
    assert (insurance.coverage().state, insurance.coverage().problem) == ("confirmed", None)


def test_an_insured_person_needs_a_number(insurance: Insurance) -> None:
    before = vars(insurance.coverage())["version"]
    with pytest.raises(InsuranceNumberMissing):
        insurance.insure(InsuredKind.EMPLOYEE, None)
    assert insurance.coverage().version == before


def test_a_stay_is_pre_settled_first_and_settled_when_somebody_wants_it(insurance: Insurance) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.differs, claim.is_waiting) == ("presettled", 0, False)
    assert claim.presettled == claim.estimate
    assert claim.amounts.psn_cash_pay == 2_567_78
    insurance.later(600)
    assert insurance.movements() == []
    insurance.settle()
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.is_binding, claim.next_try_at) == ("settled", True, None)
    assert claim.settled == claim.presettled
    assert insurance.movements() == [SETTLED]
    insurance.settle()
    insurance.later(600, turns=3)
    assert insurance.calls() == ["1101", "2301", "2303", "2304"]


def test_with_settle_it_goes_on_by_itself(insurance: Insurance) -> None:
    claim_id = insurance.claim()
    insurance.turn()
    insurance.turn()
    assert insurance.read(claim_id).state == "settled"
    assert insurance.movements() == [SETTLED]


@pytest.mark.parametrize("mood", [Mood.LOST, Mood.UNKNOWN])
@pytest.mark.parametrize("times", [1, 3])
def test_done_but_unheard_it_is_asked_about_and_never_settled_twice(
    insurance: Insurance, mood: Mood, times: int
) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("any", mood, calls=times)
    insurance.turn()
    assert insurance.read(claim_id).state == "unknown"
    insurance.later(400, turns=times)
    assert insurance.read(claim_id).state == "settled"
    assert insurance.movements() == [SETTLED]
    assert insurance.calls()[3:] == ["2304", *["5203"] * times]


@pytest.mark.parametrize("times", [1, 4])
def test_not_done_and_unheard_it_is_asked_about_and_then_sent_again(insurance: Insurance, times: int) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("any", Mood.SILENT, calls=times)
    insurance.turn()
    assert (insurance.read(claim_id).state, insurance.read(claim_id).problem) == ("unknown", "insurer_unreadable")
    insurance.later(400, turns=times)
    assert insurance.read(claim_id).state == "settled"
    assert insurance.movements() == [SETTLED]
    assert insurance.calls()[3:] == ["2304", *["5203"] * times, "2304"]


def test_an_insurer_out_of_reach_is_tried_with_a_growing_pause(insurance: Insurance) -> None:
    insurance.network.unreachable.add("http://127.0.0.1:8091")
    claim_id = insurance.claim()
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.problem, claim.sent) == ("requested", "insurer_silent", False)
    for _ in range(12):
        insurance.later(300)
    claim = insurance.read(claim_id)
    assert claim.next_try_at is not None
    assert (claim.next_try_at - insurance.clock()).total_seconds() == 300
    insurance.network.unreachable.clear()
    insurance.later(300, turns=2)
    assert insurance.read(claim_id).state == "settled"


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.LOST, Mood.UNKNOWN, Mood.BROKEN])
@pytest.mark.parametrize("infno", ["2301", "2303"])
def test_a_pre_settlement_without_a_clear_answer_is_simply_asked_for_again(
    insurance: Insurance, infno: str, mood: Mood
) -> None:
    insurance.mood(infno, mood)
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    expected = "presettled" if (infno, mood) == ("2301", Mood.BROKEN) else "requested"
    assert insurance.read(claim_id).state == expected
    insurance.later()
    assert (insurance.read(claim_id).state, insurance.movements()) == ("presettled", [])


@pytest.mark.parametrize("infno", ["2301", "2303", "2304"])
def test_a_clear_no_ends_the_claim_and_the_stay_can_be_claimed_anew(insurance: Insurance, infno: str) -> None:
    insurance.mood(infno, Mood.REFUSING)
    claim_id = insurance.claim()
    insurance.turn()
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.problem, claim.next_try_at) == ("refused", "refused_for_demonstration", None)
    assert insurance.movements() == []
    again = insurance.claim()
    insurance.turn()
    insurance.turn()
    assert insurance.read(again).state == "settled"
    assert insurance.movements() == [SETTLED]


def test_a_no_after_silence_is_made_sure_of_by_a_reversal(insurance: Insurance) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("2304", Mood.SILENT)
    insurance.mood("2304", Mood.REFUSING)
    insurance.turn()
    insurance.later()
    assert insurance.read(claim_id).state == "reversing"
    insurance.later()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.problem) == ("reversed", "refused_for_demonstration")
    assert insurance.calls()[3:] == ["2304", "5203", "2304", "5203", "2601"]
    late = insurance.provider.settle(insurance.intent(claim_id))
    assert (late.outcome, insurance.movements()) == ("reversed", [])


def test_amounts_that_do_not_add_up_are_no_answer(insurance: Insurance) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("any", Mood.BROKEN, calls=3)
    insurance.turn()
    insurance.later(400, turns=2)
    claim = insurance.read(claim_id)
    assert (claim.state, claim.problem, claim.settled) == ("unknown", "insurer_answer_broken", None)
    insurance.later(400)
    assert insurance.read(claim_id).state == "settled"


def test_a_settlement_that_differs_is_kept_beside_the_estimate(insurance: Insurance) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.mood("2304", Mood.DIFFERING)
    insurance.settle()
    insurance.turn()
    claim = insurance.read(claim_id)
    assert (claim.state, claim.differs) == ("settled", 10_00)
    assert claim.amounts.hifp_pay == 9_116_16
    assert insurance.movements() == [("settlement", 9_116_16, 1_000_00)]


def test_undone_before_it_was_sent_nothing_is_said_to_the_insurer(insurance: Insurance) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.undo()
    assert insurance.read(claim_id).state == "reversed"
    insurance.later(400)
    assert insurance.calls() == ["1101", "2301", "2303"]


def test_a_known_settlement_is_cancelled(insurance: Insurance) -> None:
    claim_id = insurance.claim()
    insurance.turn()
    insurance.turn()
    insurance.undo()
    insurance.undo()
    assert insurance.read(claim_id).state == "reversing"
    insurance.turn()
    assert insurance.read(claim_id).state == "reversed"
    assert insurance.movements() == [SETTLED, UNDONE]
    assert insurance.calls()[3:] == ["2304", "2305"]


@pytest.mark.parametrize(
    ("mood", "movements"),
    [(Mood.LOST, [SETTLED, UNDONE]), (Mood.UNKNOWN, [SETTLED, UNDONE]), (Mood.SILENT, [])],
)
def test_an_unclear_settlement_is_asked_about_and_then_reversed(
    insurance: Insurance, mood: Mood, movements: list[tuple[str, int, int]]
) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    insurance.mood("2304", mood)
    insurance.turn()
    insurance.undo()
    insurance.turn()
    assert (insurance.read(claim_id).state, insurance.movements()) == ("reversed", movements)
    assert insurance.calls()[3:] == ["2304", "5203", "2601"]


@pytest.mark.parametrize("mood", [Mood.SILENT, Mood.LOST, Mood.UNKNOWN, Mood.REFUSING])
@pytest.mark.parametrize("infno", ["5203", "2305", "2601"])
def test_a_reversal_goes_on_until_it_is_clear(insurance: Insurance, infno: str, mood: Mood) -> None:
    claim_id = insurance.claim(settle=False)
    insurance.turn()
    insurance.settle()
    if infno != "2305":
        insurance.mood("2304", Mood.LOST)
    insurance.turn()
    insurance.undo()
    insurance.mood(infno, mood)
    insurance.turn()
    assert insurance.read(claim_id).state == "reversing"
    insurance.later(turns=2)
    assert insurance.read(claim_id).state == "reversed"
    assert insurance.movements() == [SETTLED, UNDONE]
