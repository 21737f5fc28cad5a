"""Opening a settlement, the barrier, overruling and calling off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.billing import usecases
from services.billing.domain.settlement_errors import (
    AlreadySettling,
    ChecklistOpen,
    DischargeInFuture,
    NothingToOverrule,
    NotInStage,
    StayNotKnown,
)
from shared.database import Database
from tests.billing.factories import facts_of
from tests.billing.stays import CASHIER, FINANCE, NURSE, StayCase
from tests.support.callers import patient
from tests.support.clock import StandingClock


@pytest.fixture
def case(database: Database, clock: StandingClock) -> StayCase:
    made = StayCase(database)
    made.tell("admitted", clock())
    return made


def test_opening_asks_every_source_of_charges(case: StayCase, clock: StandingClock) -> None:
    settlement = case.open(clock())
    assert (settlement.stage, settlement.opened_by, settlement.opened_at) == ("opened", NURSE.subject, clock())
    assert facts_of(case.database) == ["billing.settlement_opened.v1"]
    assert case.shown()["to_pay_fen"] == 0


def test_a_stay_that_billing_has_not_heard_of_waits(database: Database, clock: StandingClock) -> None:
    with pytest.raises(StayNotKnown):
        StayCase(database).open(clock())
    assert facts_of(database) == []


def test_a_second_nurse_is_led_to_the_settlement_that_is_there(case: StayCase, clock: StandingClock) -> None:
    first = case.open(clock())
    with pytest.raises(AlreadySettling) as refusal:
        case.open(clock())
    assert refusal.value.facts == {"settlement_id": first.id}
    assert facts_of(case.database) == ["billing.settlement_opened.v1"]


def test_a_discharge_order_of_the_future_is_none(case: StayCase, clock: StandingClock) -> None:
    with pytest.raises(DischargeInFuture):
        case.open(clock(), discharge_ordered_at=clock() + timedelta(minutes=6))
    assert case.open(clock(), discharge_ordered_at=clock() + timedelta(minutes=5)).stage == "opened"


def test_the_bill_does_not_close_before_meals_has_answered(case: StayCase, clock: StandingClock) -> None:
    case.open(clock())
    for code in [each for each in case.open_checks() if each != "meals_posted"]:
        case.act(usecases.overrule_check, clock(), code=code, reason="核对过了")
    with pytest.raises(ChecklistOpen) as refusal:
        case.act(usecases.close_bill, clock())
    assert refusal.value.facts == {"open": ["meals_posted"]}
    assert case.settlement().stage == "opened"
    case.meals_answer(clock())
    case.act(usecases.close_bill, clock())
    assert (case.settlement().stage, case.settlement().checked_at) == ("checked", clock())


def test_what_meals_counted_must_be_on_the_bill(case: StayCase, clock: StandingClock) -> None:
    case.open(clock())
    case.meals_answer(clock(), count=1, fen=1500)
    [meals] = [each for each in case.shown()["checks"] if each["code"] == "meals_posted"]
    assert meals["state"] == "waiting"
    assert meals["facts"] == {"posted_count": 0, "posted_fen": 0, "told_count": 1, "told_fen": 1500}
    case.meals_answer(clock())  # said again, the later word counts
    case.meals_answer(clock())
    assert "meals_posted" not in case.open_checks()


def test_an_answer_about_nothing_changes_nothing(case: StayCase, clock: StandingClock) -> None:
    data = {"settlement_id": uuid4(), "charge_count": 1, "amount_fen": 1}
    case.do(usecases.take_answer, clock(), data=data)


@pytest.mark.parametrize("actor", [NURSE, CASHIER, FINANCE], ids=lambda actor: actor.subject)
def test_a_named_person_overrules_with_a_reason_that_is_shown(case: StayCase, clock: StandingClock, actor: Any) -> None:
    case.open(clock())
    case.act(usecases.overrule_check, clock(), actor=actor, code="meals_posted", reason="食堂停电，已电话核对")
    [meals] = [each for each in case.shown()["checks"] if each["code"] == "meals_posted"]
    assert (meals["state"], meals["overruled_by"], meals["reason"], meals["overruled_at"]) == (
        "overruled",
        actor.subject,
        "食堂停电，已电话核对",
        clock(),
    )


def test_what_is_done_is_not_overruled(case: StayCase, clock: StandingClock) -> None:
    case.open(clock())
    case.meals_answer(clock())
    with pytest.raises(NothingToOverrule):
        case.act(usecases.overrule_check, clock(), code="meals_posted", reason="不需要")
    assert [each["reason"] for each in case.shown()["checks"] if each["reason"]] == []


def test_an_overruled_item_is_still_seen_on_the_closed_bill(case: StayCase, clock: StandingClock) -> None:
    case.close(clock())
    assert {each["reason"] for each in case.shown()["checks"]} == {"核对过了"}
    with pytest.raises(NotInStage):
        case.act(usecases.overrule_check, clock(), code="meals_posted", reason="太晚")


def test_called_off_the_stay_may_be_charged_again_and_settled_anew(case: StayCase, clock: StandingClock) -> None:
    case.close(clock())
    case.act(usecases.withdraw_settlement, clock(), reason="病人改天走")
    assert (case.settlement().stage, case.settlement().withdrawn_reason) == ("withdrawn", "病人改天走")
    assert facts_of(case.database) == ["billing.settlement_opened.v1", "billing.settlement_withdrawn.v1"]
    clock.advance(seconds=1)
    assert case.open(clock()).stage == "opened"


def test_a_settlement_is_called_off_once(case: StayCase, clock: StandingClock) -> None:
    case.open(clock())
    case.act(usecases.withdraw_settlement, clock(), reason="病人改天走")
    with pytest.raises(NotInStage):
        case.act(usecases.withdraw_settlement, clock(), reason="再来一次")
    assert facts_of(case.database).count("billing.settlement_withdrawn.v1") == 1


def test_who_may_see_a_settlement(case: StayCase, clock: StandingClock, as_caller: Any) -> None:
    settlement = case.open(clock())
    own, other = patient(case.patient_id), patient(uuid4())
    for actor in (NURSE, CASHIER, FINANCE, own):
        found = as_caller(actor).get("/v1/settlements", encounter_id=str(case.encounter_id)).get_json()
        assert [each["id"] for each in found["items"]] == [str(settlement.id)]
        assert as_caller(actor).get(f"/v1/settlements/{settlement.id}").status_code == 200
    assert as_caller(other).get(f"/v1/settlements/{settlement.id}").status_code == 404
    assert as_caller(other).get("/v1/settlements", patient_id=str(case.patient_id)).status_code == 404
    assert as_caller(other).get("/v1/settlements", encounter_id=str(case.encounter_id)).get_json() == {"items": []}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("overrules", {"code": "meals_posted", "reason": "核对过了"}),
        ("bill", {}),
        ("presentation", {}),
        ("signature", {"digest": "0" * 16, "signer": "patient", "typed": "王建国"}),
        ("payment", {"amount": {"amount": "1.00", "currency": "CNY"}}),
        ("withdrawal", {"reason": "改天"}),
    ],
)
def test_a_patient_does_not_drive_the_settlement(
    case: StayCase, clock: StandingClock, as_caller: Any, path: str, body: Any
) -> None:
    settlement = case.open(clock())
    answer = as_caller(patient(case.patient_id)).post(f"/v1/settlements/{settlement.id}/{path}", body)
    assert answer.status_code == 403
    assert case.settlement().version == settlement.version
