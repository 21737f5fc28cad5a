"""What the clock does: makes slots, says when the time to pay is over, tells whoever is booked in what is suspended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from services.appointments import domain, usecases
from services.appointments.domain import Session
from services.appointments.store.tables import slots
from services.appointments.timers import TIMERS
from tests.appointments.hospital import Hospital, minutes
from tests.support.callers import FRONT_DESK, patient

BY_NAME = {each.name: each for each in TIMERS}


def fire(hospital: Hospital, name: str) -> int:
    return BY_NAME[name].fire(hospital.database, hospital.clock)


def number_of_slots(hospital: Hospital) -> int:
    with hospital.database.read() as uow:
        return int(uow.session.scalar(sa.select(sa.func.count()).select_from(slots)) or 0)


# ------------------------------------------------------------------------------------------------------------- slots


def test_slots_are_made_once_for_the_coming_two_weeks(hospital: Hospital) -> None:
    for days in (0, 14, 15):
        hospital.plan(days=days)
    hospital.plan(days=1, session=Session.EVENING)

    assert fire(hospital, "make slots") == 3
    assert number_of_slots(hospital) == 8 + 8 + 5
    assert fire(hospital, "make slots") == 0

    hospital.clock.advance(days=1)
    assert fire(hospital, "make slots") == 1
    assert number_of_slots(hospital) == 8 + 8 + 8 + 5


def test_a_suspended_session_gets_no_slots(hospital: Hospital) -> None:
    schedule = hospital.plan()
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=schedule.id)
    assert fire(hospital, "make slots") == 0
    assert number_of_slots(hospital) == 0


def test_sessions_are_served_in_portions_until_none_is_left(hospital: Hospital) -> None:
    for days in (1, 2, 3):
        hospital.plan(days=days)
    assert [hospital.run(usecases.make_slots, limit=2) for _ in range(3)] == [2, 1, 0]
    assert number_of_slots(hospital) == 24


# ------------------------------------------------------------------------------------------------------------ expiry


def test_an_unpaid_place_comes_back_when_its_time_has_run_out_and_billing_found_no_money(hospital: Hospital) -> None:
    slot_id, who = hospital.slot(places=8), hospital.patient()
    held = hospital.hold(slot_id, who)
    hospital.about_invoice("issued", held.id)

    hospital.clock.advance(minutes=14, seconds=59)
    assert fire(hospital, "expire holds") == 0
    hospital.clock.advance(seconds=1)
    assert fire(hospital, "expire holds") == 1
    assert fire(hospital, "expire holds") == 0

    waiting = hospital.appointment(held.id)
    assert (waiting.state, waiting.lapsed_at, hospital.taken(slot_id)) == ("pending", hospital.clock(), 1)
    assert hospital.facts(full=True)[-1] == (
        "appointments.appointment_lapsed.v1",
        {"appointment_id": str(held.id), "patient_id": str(who)},
    )
    for _ in range(2):
        hospital.about_invoice("cancelled", held.id)

    expired = hospital.appointment(held.id)
    assert (expired.state, expired.cancel_reason) == ("cancelled", "expired")
    assert hospital.taken(slot_id) == 0
    assert hospital.facts() == ["held", "payable", "lapsed", "cancelled"]
    assert hospital.facts(full=True)[-1] == (
        "appointments.appointment_cancelled.v1",
        {
            "appointment_id": str(held.id),
            "patient_id": str(who),
            "reason": "expired",
            "starts_at": "2026-11-24T00:00:00Z",
            "department": {"zh": "心血管内科", "en": "Cardiology"},
            "practitioner": {"zh": "陈思远", "en": "Chen Siyuan"},
        },
    )
    assert hospital.hold(slot_id, hospital.patient()).slot_id == slot_id


def test_a_payment_made_in_time_books_however_late_it_is_heard(hospital: Hospital) -> None:
    slot_id = hospital.slot()
    held = hospital.hold(slot_id, hospital.patient())
    hospital.about_invoice("issued", held.id)
    hospital.clock.advance(hours=5)
    assert fire(hospital, "expire holds") == 1

    hospital.about_invoice("paid", held.id)

    booked = hospital.appointment(held.id)
    assert (booked.state, booked.number, hospital.taken(slot_id)) == ("booked", 1, 1)
    assert hospital.facts() == ["held", "payable", "lapsed", "booked"]
    before = hospital.everything()
    assert fire(hospital, "expire holds") == 0
    hospital.about_invoice("cancelled", held.id)
    assert hospital.everything() == before


def test_while_billing_has_not_decided_the_patient_can_still_give_the_place_back(hospital: Hospital) -> None:
    slot_id, who = hospital.slot(), hospital.patient()
    held = hospital.hold(slot_id, who)
    hospital.about_invoice("issued", held.id)
    hospital.clock.advance(minutes=15)
    assert fire(hospital, "expire holds") == 1
    before = hospital.everything()
    with pytest.raises(domain.HoldEnded):
        hospital.run(usecases.extend_hold, actor=patient(who), appointment_id=held.id)
    assert hospital.everything() == before

    hospital.run(usecases.cancel_appointment, actor=patient(who), appointment_id=held.id)
    for what in ("cancelled", "paid"):
        hospital.about_invoice(what, held.id)

    assert hospital.appointment(held.id).cancel_reason == "by_patient"
    assert hospital.taken(slot_id) == 0
    assert hospital.facts() == ["held", "payable", "lapsed", "cancelled"]


def test_an_invoice_that_does_not_come_keeps_the_place_for_two_hours(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.clock.advance(minutes=119)
    assert fire(hospital, "expire holds") == 0
    hospital.clock.advance(minutes=1)
    assert fire(hospital, "expire holds") == 1
    assert hospital.appointment(held.id).cancel_reason == "expired"


def test_who_was_given_more_time_has_it(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice("issued", held.id)
    hospital.run(usecases.extend_hold, actor=FRONT_DESK, appointment_id=held.id)
    hospital.clock.advance(minutes=24)
    assert fire(hospital, "expire holds") == 0
    hospital.clock.advance(minutes=1)
    assert fire(hospital, "expire holds") == 1


def test_booked_and_cancelled_appointments_do_not_expire(hospital: Hospital) -> None:
    first, second = hospital.slots(places=16)[:2]
    hospital.booked(first, hospital.patient())
    given_back = hospital.hold(second, hospital.patient())
    hospital.run(usecases.cancel_appointment, actor=FRONT_DESK, appointment_id=given_back.id)
    before = hospital.everything()
    hospital.clock.advance(days=3)
    assert fire(hospital, "expire holds") == 0
    assert hospital.everything() == before


def test_several_places_of_one_slot_come_back_together(hospital: Hospital) -> None:
    slot_id = hospital.slot(places=24)
    for _ in range(3):
        hospital.hold(slot_id, hospital.patient())
    hospital.clock.advance(hours=2)
    assert hospital.run(usecases.expire_holds, limit=2) == 2
    assert hospital.taken(slot_id) == 1
    assert hospital.run(usecases.expire_holds, limit=2) == 1
    assert hospital.taken(slot_id) == 0


# -------------------------------------------------------------------------------------------------------- suspension


def test_everybody_in_a_suspended_session_is_cancelled_by_the_hospital(hospital: Hospital) -> None:
    first, second = hospital.slots(places=16)[:2]
    booked, held = hospital.booked(first, hospital.patient()), hospital.hold(second, hospital.patient())
    elsewhere = hospital.hold(hospital.slot(days=2), hospital.patient())
    hospital.clock.now = booked.starts_at - minutes(5)  # no deadline protects or binds anybody here

    assert fire(hospital, "cancel suspended") == 0
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=booked.schedule_id)
    assert fire(hospital, "cancel suspended") == 2
    assert fire(hospital, "cancel suspended") == 0

    assert [hospital.appointment(each.id).cancel_reason for each in (booked, held, elsewhere)] == [
        "by_hospital",
        "by_hospital",
        None,
    ]
    assert (hospital.taken(first), hospital.taken(second)) == (0, 0)
    assert hospital.facts()[-2:] == ["cancelled", "cancelled"]


def test_a_payment_that_crosses_the_suspension_ends_cancelled_by_the_hospital(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    hospital.about_invoice("issued", held.id)
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=held.schedule_id)
    hospital.about_invoice("paid", held.id)
    assert hospital.appointment(held.id).state == "booked"
    assert fire(hospital, "cancel suspended") == 1
    assert hospital.appointment(held.id).cancel_reason == "by_hospital"
