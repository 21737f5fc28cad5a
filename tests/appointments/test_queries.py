"""What everybody can look up, and what patients see of their own."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from services.appointments import queries, usecases
from services.appointments.domain import Audience, Session, Sex, State, Title
from shared.actor import Actor
from shared.errors import NotYours
from tests.appointments.hospital import Hospital, minutes
from tests.support.callers import FRONT_DESK, patient

PUBLIC = Actor(subject="gateway", roles=("public",))


def ask(hospital: Hospital, query: Any, actor: Actor = PUBLIC, **arguments: Any) -> Any:
    with hospital.database.read() as uow:
        return query(uow, actor=actor, now=hospital.clock(), **arguments)


def items(hospital: Hospital, query: Any, actor: Actor = PUBLIC, **arguments: Any) -> list[Any]:
    found: list[Any] = ask(hospital, query, actor, **arguments)["items"]
    return found


# ----------------------------------------------------------------------------------------------------------- search


SEARCHES = {
    "心血管": ["CARD"],
    "xinxueguan": ["CARD"],
    "Xin Xue Guan": ["CARD"],
    "xxg": ["CARD"],
    "XXGNK": ["CARD"],
    "ＸＸＧ": ["CARD"],  # full-width letters, as Chinese keyboards send them
    "cardio": ["CARD"],
    "ear, nose": ["ENT"],
    "ebhk": ["ENT"],
    "科": ["CARD", "ENT"],
    "": ["CARD", "ENT"],
    "   ": ["CARD", "ENT"],
    "%": [],
    "_": [],
    "'; DROP TABLE slots; --": [],
    "zzz": [],
}


def test_a_department_is_found_as_people_type_it(hospital: Hospital) -> None:
    hospital.open_department("ENT", "耳鼻喉科", "Ear, Nose and Throat")
    found = {
        typed: sorted(each["code"] for each in items(hospital, queries.list_departments, search=typed))
        for typed in SEARCHES
    }
    assert found == SEARCHES


def test_a_doctor_is_found_by_name_and_by_department(hospital: Hospital) -> None:
    other = hospital.open_department("ENT", "耳鼻喉科", "Ear, Nose and Throat")
    hospital.engage(other, "许文静", "Xu Wenjing")
    for typed in ("陈思远", "思远", "chensiyuan", "csy", "chen si", "Siyuan", "心血管", "xxg"):
        found = items(hospital, queries.list_practitioners, search=typed)
        assert [each["name"].zh for each in found] == ["陈思远"], typed


def test_the_practitioners_of_a_department_begin_with_its_general_clinic_then_who_is_free_soonest(
    hospital: Hospital,
) -> None:
    general = hospital.engage(
        hospital.department, "心血管内科普通门诊", "Cardiology general clinic", Title.GENERAL_CLINIC
    )
    soon = hospital.engage(hospital.department, "周海宁", "Zhou Haining", Title.ATTENDING)
    hospital.slot(days=3)
    hospital.slot(soon, days=2, fee_fen=2000, places=16)
    elsewhere = hospital.open_department("ENT", "耳鼻喉科", "Ear, Nose and Throat")
    hospital.engage(elsewhere, "许文静", "Xu Wenjing")

    found = items(hospital, queries.list_practitioners, department_id=hospital.department.id)

    assert [each["id"] for each in found] == [general.id, soon.id, hospital.doctor.id]
    assert [each["title"].zh for each in found] == ["普通门诊", "主治医师", "主任医师"]
    assert [(each["places_left"], each["fee_fen"]) for each in found] == [(0, None), (16, 2000), (8, 3500)]
    assert found[0]["earliest_at"] is None
    assert ask(hospital, queries.get_practitioner, practitioner_id=soon.id) == found[1]
    assert items(hospital, queries.list_practitioners, department_id=uuid.uuid4()) == []


# ------------------------------------------------------------------------------------------------- what can be booked


def test_only_what_can_be_booked_now_counts_as_free(hospital: Hospital) -> None:
    begun = hospital.slot(days=0, places=8)  # Monday 08:00, an hour ago; six of eight half hours are still to come
    tomorrow = hospital.slot(days=1, places=8)
    hospital.slot(days=8, places=8)  # not released
    suspended = hospital.hold(hospital.slot(days=2, places=8), hospital.patient())
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=suspended.schedule_id)
    hospital.hold(tomorrow, hospital.patient())

    [department] = items(hospital, queries.list_departments)

    assert department["places_left"] == 5 + 7
    assert department["earliest_at"] == hospital.clock() + minutes(30)
    assert hospital.taken(begun) == 0


def test_days_are_open_full_suspended_or_off(hospital: Hospital) -> None:
    hospital.slot(days=1)
    for slot_id in hospital.slots(days=2, places=2):
        hospital.hold(slot_id, hospital.patient())
    stopped = hospital.hold(hospital.slot(days=3), hospital.patient())
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=stopped.schedule_id)
    half = hospital.hold(hospital.slot(days=4), hospital.patient())
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=half.schedule_id)
    hospital.slot(days=4, session=Session.AFTERNOON, places=7)

    days = items(hospital, queries.list_days, practitioner_id=hospital.doctor.id)

    assert [(each["state"], each["places_left"]) for each in days] == [
        ("off", 0),
        ("open", 8),
        ("full", 0),
        ("suspended", 0),
        ("open", 7),
        ("off", 0),
        ("off", 0),
        ("off", 0),
    ]
    assert [(each["date"] - hospital.today).days for each in days] == list(range(8))


def test_before_the_release_hour_the_seventh_day_is_not_shown(hospital: Hospital) -> None:
    hospital.slot(days=7)
    hospital.clock.advance(hours=-3)
    assert len(items(hospital, queries.list_days, practitioner_id=hospital.doctor.id)) == 7
    day = {"practitioner_id": hospital.doctor.id, "date": hospital.today + timedelta(days=7)}
    assert items(hospital, queries.list_slots, **day) == []
    hospital.clock.advance(hours=3)
    assert len(items(hospital, queries.list_slots, **day)) == 8


def test_the_slots_of_a_day_show_full_ones_and_leave_out_what_began_or_is_suspended(hospital: Hospital) -> None:
    places = hospital.slots(days=0, places=16)
    evening = hospital.hold(hospital.slot(days=0, session=Session.EVENING), hospital.patient())
    hospital.run(usecases.suspend_schedule, actor=FRONT_DESK, schedule_id=evening.schedule_id)
    for _ in range(2):
        hospital.hold(places[4], hospital.patient())

    shown = items(hospital, queries.list_slots, practitioner_id=hospital.doctor.id, date=hospital.today)

    assert [each["id"] for each in shown] == places[3:]  # 09:00 has begun
    assert [each["places_left"] for each in shown] == [2, 0, 2, 2, 2]


def test_a_department_tells_whom_it_sees(hospital: Hospital) -> None:
    hospital.open_department("GYNE", "妇科", "Gynaecology", Audience(min_age=12, sex=Sex.FEMALE))
    [found] = items(hospital, queries.list_departments, search="fk")
    assert (found["min_age"], found["max_age"], found["sex"]) == (12, None, "female")


# ------------------------------------------------------------------------------------------------------ appointments


def test_a_patient_sees_their_own_newest_first_also_from_before_a_merger(hospital: Hospital) -> None:
    former, own, other = (hospital.patient() for _ in range(3))
    first = hospital.hold(hospital.slot(days=1), former)
    hospital.clock.advance(minutes=1)
    second = hospital.hold(hospital.slot(days=2), own)
    hospital.hold(hospital.slot(days=3), other)
    hospital.merge(former, into=own)

    for actor, wanted in ((patient(own), own), (patient(own), former), (patient(former), own), (patient(own), None)):
        seen = items(hospital, queries.list_appointments, actor, patient_id=wanted)
        assert seen == [second, first]
    assert ask(hospital, queries.get_appointment, patient(own), appointment_id=first.id) == first


def test_appointments_are_listed_by_state_and_page_by_page(hospital: Hospital) -> None:
    held = []
    for days in (1, 2, 3):
        held.append(hospital.hold(hospital.slot(days=days), hospital.patient()))
        hospital.clock.advance(minutes=1)
    hospital.run(usecases.cancel_appointment, actor=FRONT_DESK, appointment_id=held[0].id)
    listed = queries.list_appointments

    assert [each.id for each in items(hospital, listed, FRONT_DESK, state=State.CANCELLED)] == [held[0].id]
    first_page = items(hospital, listed, FRONT_DESK, limit=2)
    assert [each.id for each in first_page] == [held[2].id, held[1].id]
    rest = items(hospital, listed, FRONT_DESK, limit=2, before=first_page[-1].held_at)
    assert [each.id for each in rest] == [held[0].id]


def test_an_auditor_sees_all_appointments_and_a_stranger_none(hospital: Hospital) -> None:
    held = hospital.hold(hospital.slot(), hospital.patient())
    auditor = Actor(subject="staff:auditor", roles=("auditor",))
    assert items(hospital, queries.list_appointments, auditor) == [held]
    assert ask(hospital, queries.get_appointment, auditor, appointment_id=held.id) == held
    stranger = patient(hospital.patient())
    assert items(hospital, queries.list_appointments, stranger) == []
    with pytest.raises(NotYours):
        items(hospital, queries.list_appointments, stranger, patient_id=held.patient_id)
    assert items(hospital, queries.list_appointments, Actor(subject="account:new", roles=("patient",))) == []
