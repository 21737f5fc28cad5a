"""Holding, cancelling, extending and suspending, on a real database."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from services.appointments import domain, usecases
from services.appointments.domain import Appointment, Audience, Session, State
from shared.actor import Actor
from shared.errors import DomainError, NotFound, NotYours
from tests.appointments.hospital import Hospital, minutes
from tests.support.callers import FRONT_DESK, patient

ADMIN = Actor(subject="staff:admin", roles=("admin",))


request = Hospital.request


def codes(results: list[Appointment | DomainError]) -> list[str]:
    return [each.code if isinstance(each, DomainError) else each.state.value for each in results]


# ---------------------------------------------------------------------------------------------------------- holding


def test_everybody_who_asks_together_gets_an_answer_of_their_own_in_order(hospital: Hospital) -> None:
    first, second = hospital.slots(places=9)[:2]  # two places, then one
    anna, ben, chloe, dora = (hospital.patient() for _ in range(4))

    results = hospital.hold_all(
        request(first, anna),
        request(second, ben),
        request(second, chloe),
        request(first, anna),
        request(first, chloe),
        request(first, dora),
        request(uuid.uuid4(), dora),
        request(first, uuid.uuid4()),
        request(first, dora, patient(anna)),
    )

    assert codes(results) == [
        "pending",
        "pending",
        "slot_taken",
        "already_in_session",
        "pending",
        "slot_taken",
        "not_found",
        "patient_not_yet_known",
        "not_found",
    ]
    assert (hospital.taken(first), hospital.taken(second), hospital.count()) == (2, 1, 3)
    assert hospital.facts() == ["held", "held", "held"]


def test_a_held_place_reads_back_as_it_was_told(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    assert hospital.appointment(held.id) == held


def test_a_refused_hold_leaves_nothing_behind(hospital: Hospital) -> None:
    slot_id = hospital.slot(places=8)
    hospital.hold(slot_id, hospital.patient())
    late = hospital.patient()
    before = hospital.everything()
    with pytest.raises(domain.SlotTaken):
        hospital.hold(slot_id, late)
    assert hospital.everything() == before


def test_a_patient_books_for_the_person_in_their_token_only(hospital: Hospital) -> None:
    slot_id, own, other = hospital.slot(places=16), hospital.patient(), hospital.patient()
    before = hospital.everything()
    with pytest.raises(NotYours):
        hospital.hold(slot_id, other, patient(own))
    with pytest.raises(NotYours):
        hospital.hold(slot_id, own, patient(own, "see"))
    assert hospital.everything() == before
    assert hospital.hold(slot_id, own, patient(own, "see", "pay")).patient_id == own


def test_somebody_elses_patient_and_an_unknown_one_look_the_same(hospital: Hospital) -> None:
    slot_id, own = hospital.slot(), hospital.patient()
    results = hospital.hold_all(
        request(slot_id, hospital.patient(), patient(own)), request(slot_id, uuid.uuid4(), patient(own))
    )
    assert codes(results) == ["not_found", "not_found"]


def test_the_limits_count_a_natural_person_over_all_their_ids(hospital: Hospital) -> None:
    first, second = hospital.slots(places=16)[:2]
    former, remaining = hospital.patient(), hospital.patient()
    hospital.hold(first, former)
    hospital.merge(former, into=remaining)
    before = hospital.everything()
    for each in (former, remaining):
        with pytest.raises(domain.AlreadyInSession):
            hospital.hold(second, each)
    assert hospital.everything() == before


def test_mergers_are_followed_over_several_steps(hospital: Hospital) -> None:
    slot_id = hospital.slot(places=16)
    first, second, third = (hospital.patient() for _ in range(3))
    hospital.merge(second, into=third)
    hospital.merge(first, into=second)
    held = hospital.hold(slot_id, first, patient(third))
    assert (held.patient_id, held.person_id) == (first, third)
    with pytest.raises(domain.AlreadyInSession):
        hospital.hold(slot_id, second)


def test_the_remaining_record_decides_about_age_and_sex(hospital: Hospital) -> None:
    children = hospital.open_department("PEDI", "儿科", "Paediatrics", Audience(max_age=14))
    slot_id = hospital.slot(hospital.engage(children, "刘晓宁", "Liu Xiaoning"))
    grown, child = hospital.patient(), hospital.patient(birth_on=date(2018, 1, 1))
    with pytest.raises(domain.AgeNotServed):
        hospital.hold(slot_id, grown)
    hospital.merge(grown, into=child)
    assert hospital.hold(slot_id, grown).person_id == child


def test_a_place_that_was_given_back_can_be_held_again_by_the_same_person(hospital: Hospital) -> None:
    slot_id, who = hospital.slot(places=8), hospital.patient()
    first = hospital.hold(slot_id, who)
    hospital.run(usecases.cancel_appointment, actor=FRONT_DESK, appointment_id=first.id)
    second = hospital.hold(slot_id, who)
    assert (hospital.taken(slot_id), hospital.count(), second.nth_open) == (1, 2, 1)


def test_visits_on_several_days_are_counted_against_the_limit(hospital: Hospital) -> None:
    hospital.set_rules(open_limit=3)
    who = hospital.patient()
    for days in (1, 2, 3):
        hospital.hold(hospital.slot(days=days), who)
    fourth = hospital.slot(days=4)
    with pytest.raises(domain.OpenLimit):
        hospital.hold(fourth, who)
    assert [hospital.count(nth_open=nth) for nth in (1, 2, 3, 4)] == [1, 1, 1, 0]


def test_the_fee_of_a_held_place_is_the_fee_of_its_session(hospital: Hospital) -> None:
    assert hospital.hold(hospital.slot(fee_fen=2500), hospital.patient()).fee_fen == 2500


# ------------------------------------------------------------------------------------------- cancelling, extending


def test_a_cancelled_place_comes_back_exactly_once(hospital: Hospital) -> None:
    slot_id, who = hospital.slot(), hospital.patient()
    held = hospital.hold(slot_id, who)

    cancelled = hospital.run(usecases.cancel_appointment, actor=patient(who), appointment_id=held.id)

    assert (cancelled.state, cancelled.version) == (State.CANCELLED, 2)
    assert hospital.appointment(held.id) == cancelled
    before = hospital.everything()
    with pytest.raises(domain.AlreadyCancelled):
        hospital.run(usecases.cancel_appointment, actor=patient(who), appointment_id=held.id)
    assert hospital.everything() == before
    assert hospital.taken(slot_id) == 0
    assert hospital.facts() == ["held", "cancelled"]


def test_the_deadline_that_was_promised_holds_when_the_rules_change(hospital: Hospital) -> None:
    booked = hospital.booked(hospital.slot(), hospital.patient())
    hospital.set_rules(cancel_minutes=24 * 60)
    hospital.clock.now = booked.starts_at - minutes(31)
    actor = patient(booked.patient_id)
    cancelled = hospital.run(usecases.cancel_appointment, actor=actor, appointment_id=booked.id)
    assert cancelled.cancel_reason == "by_patient"


@pytest.mark.parametrize("use_case", [usecases.cancel_appointment, usecases.extend_hold])
def test_nobody_touches_the_appointment_of_another_or_one_that_is_not_there(
    hospital: Hospital, use_case: object
) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice("issued", held.id)
    stranger = patient(hospital.patient())
    before = hospital.everything()
    with pytest.raises(NotYours):
        hospital.run(use_case, actor=stranger, appointment_id=held.id)
    with pytest.raises(NotFound):
        hospital.run(use_case, actor=stranger, appointment_id=uuid.uuid4())
    assert hospital.everything() == before


def test_more_time_to_pay_is_kept(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice("issued", held.id)
    extended = hospital.run(usecases.extend_hold, actor=FRONT_DESK, appointment_id=held.id)
    assert extended.held_until == hospital.clock() + minutes(25)
    assert hospital.appointment(held.id) == extended


# --------------------------------------------------------------------------------------------------------- planning


def test_a_suspended_session_takes_nobody_any_more(hospital: Hospital) -> None:
    slot_id = hospital.slot(places=16)
    held = hospital.hold(slot_id, hospital.patient())

    suspended = hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=held.schedule_id)

    assert (suspended.state, suspended.version) == ("suspended", 2)
    assert hospital.schedule_row(held.schedule_id).state == "suspended"
    before = hospital.everything()
    with pytest.raises(domain.SlotSuspended):
        hospital.hold(slot_id, hospital.patient())
    with pytest.raises(domain.ScheduleSuspended):
        hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=held.schedule_id)
    with pytest.raises(NotFound):
        hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=uuid.uuid4())
    assert hospital.everything() == before


def test_a_session_that_is_over_is_not_suspended(hospital: Hospital) -> None:
    schedule = hospital.plan(days=0)
    hospital.clock.now = schedule.ends_at
    with pytest.raises(domain.DayPassed):
        hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=schedule.id)
    assert hospital.schedule_row(schedule.id).state == "open"


def plan(hospital: Hospital, **changes: object) -> domain.Schedule:
    wish = {
        "practitioner_id": hospital.doctor.id,
        "date": date(2026, 11, 25),
        "session": Session.MORNING,
        "number_type": domain.NumberType.EXPERT,
        "fee_fen": 3500,
        "places": 20,
    }
    made: domain.Schedule = hospital.run(usecases.plan_session, actor=FRONT_DESK, **(wish | changes))
    return made


def test_a_practitioner_has_a_session_once(hospital: Hospital) -> None:
    planned = plan(hospital)
    assert hospital.schedule_row(planned.id).fee_fen == 3500
    before = hospital.everything()
    with pytest.raises(domain.ScheduleExists):
        plan(hospital, fee_fen=9900)
    with pytest.raises(NotFound):
        plan(hospital, practitioner_id=uuid.uuid4())
    with pytest.raises(domain.DayPassed):
        plan(hospital, date=date(2026, 11, 22))
    assert hospital.everything() == before


def test_rules_change_from_their_day_on_and_keep_what_is_not_named(hospital: Hospital) -> None:
    tomorrow = hospital.clock() + minutes(24 * 60)
    hospital.set_rules(hold_minutes=20)
    hospital.set_rules(effective_from=tomorrow, open_limit=2)
    now, then = hospital.rules(), hospital.rules(tomorrow)
    assert (now.hold_minutes, now.open_limit, then.hold_minutes, then.open_limit) == (20, 5, 20, 2)
    with pytest.raises(domain.RulesExist):
        hospital.set_rules(effective_from=tomorrow, open_limit=4)
    with pytest.raises(domain.RuleNotValid):
        hospital.set_rules(hold_minutes=0)
