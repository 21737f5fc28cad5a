"""The outpatient office over HTTP: from a new campus to the first patient, a suspended session, and new rules."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from services.appointments import usecases
from shared.actor import Actor
from tests.appointments.hospital import Hospital
from tests.support.callers import FRONT_DESK, Caller, patient

Callers = Callable[[Any], Caller]
ADMIN = Actor(subject="staff:admin", roles=("admin",))

EAST = {"code": "EAST", "name": {"zh": "东院区", "en": "East Campus"}}
PEDIATRICS = {
    "code": "PEDI",
    "campus": "EAST",
    "name": {"zh": "儿科", "en": "Paediatrics"},
    "location": {"zh": "2号楼1层", "en": "Building 2, floor 1"},
    "max_age": 14,
}


def created(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.get_json()
    document: dict[str, Any] = answer.get_json()
    return document


LIU = {
    "name": {"zh": "刘晓宁", "en": "Liu Xiaoning"},
    "title": "associate_chief",
    "speciality": {"zh": "儿童哮喘", "en": "Asthma in children"},
}
AFTERNOON = {
    "date": "2026-11-24",
    "session": "afternoon",
    "number_type": "expert",
    "fee": {"amount": "25.00", "currency": "CNY"},
    "places": 14,
}


def test_a_new_campus_sees_its_first_patient(hospital: Hospital, as_caller: Callers) -> None:
    office = as_caller(ADMIN)
    campus = created(office.post("/v1/campuses", EAST))
    department = created(office.post("/v1/departments", PEDIATRICS))
    doctor = created(office.post("/v1/practitioners", {"department_id": department["id"], **LIU}))
    schedule = created(office.post("/v1/schedules", {"practitioner_id": doctor["id"], **AFTERNOON}))
    hospital.run(usecases.make_slots, limit=10)

    assert campus == {"id": campus["id"], **EAST}
    assert department == {
        "id": department["id"],
        "code": "PEDI",
        "name": PEDIATRICS["name"],
        "location": PEDIATRICS["location"],
        "min_age": None,
        "max_age": 14,
        "sex": None,
    }
    assert doctor["title_code"] == "associate_chief"
    assert schedule == {
        "id": schedule["id"],
        "practitioner_id": doctor["id"],
        "department_id": department["id"],
        **AFTERNOON,
        "starts_at": "2026-11-24T05:30:00+00:00",
        "ends_at": "2026-11-24T09:00:00+00:00",
        "state": "open",
        "version": 1,
    }
    slots = office.get(f"/v1/practitioners/{doctor['id']}/slots", date="2026-11-24").get_json()["items"]
    assert [each["places_left"] for each in slots] == [2] * 7
    adult = as_caller(FRONT_DESK).post(
        "/v1/appointments", {"slot_id": slots[0]["id"], "patient_id": str(hospital.patient())}
    )
    assert (adult.status_code, adult.get_json()["code"], adult.get_json()["max_age"]) == (422, "age_not_served", 14)


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("campuses", {"code": "MAIN", "name": EAST["name"]}, 409, "code_taken"),
        ("campuses", {"code": "main", "name": EAST["name"]}, 422, "invalid_request"),
        ("campuses", {"code": "EAST", "name": {"zh": "东院区"}}, 422, "invalid_request"),
        ("departments", {**PEDIATRICS, "campus": "WEST"}, 404, "not_found"),
        ("departments", {**PEDIATRICS, "campus": "MAIN", "code": "CARD"}, 409, "code_taken"),
        ("departments", {**PEDIATRICS, "campus": "MAIN", "min_age": 15}, 422, "invalid_request"),
        ("departments", {**PEDIATRICS, "campus": "MAIN", "sex": "women"}, 422, "invalid_request"),
        (
            "practitioners",
            {"department_id": str(uuid.UUID(int=1)), "name": EAST["name"], "title": "chief"},
            404,
            "not_found",
        ),
        (
            "practitioners",
            {"department_id": str(uuid.UUID(int=1)), "name": EAST["name"], "title": "wizard"},
            422,
            "invalid_request",
        ),
    ],
)
def test_the_office_is_told_what_is_wrong(
    hospital: Hospital, as_caller: Callers, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    office = as_caller(ADMIN)
    before = (office.get("/v1/departments").get_json(), office.get("/v1/practitioners").get_json())
    answer = office.post(f"/v1/{path}", body)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert (office.get("/v1/departments").get_json(), office.get("/v1/practitioners").get_json()) == before


@pytest.mark.parametrize("backend", ["sqlite"])  # refused before any database is asked
@pytest.mark.parametrize(
    "changes",
    [
        {"fee": {"amount": "-1.00", "currency": "CNY"}},
        {"fee": {"amount": "10000.01", "currency": "CNY"}},
        {"fee": {"amount": "25", "currency": "CNY"}},
        {"fee": {"amount": "25.00", "currency": "USD"}},
        {"fee": 2500},
        {"places": 0},
        {"places": 201},
        {"places": "20"},
        {"session": "night"},
        {"date": "2026-02-30"},
        {"number_type": None},
        {"slots": 8},
    ],
)
def test_a_session_with_an_impossible_value_is_not_planned(
    hospital: Hospital, as_caller: Callers, changes: dict[str, Any]
) -> None:
    body = {
        "practitioner_id": str(hospital.doctor.id),
        "date": "2026-11-24",
        "session": "morning",
        "number_type": "expert",
        "fee": {"amount": "25.00", "currency": "CNY"},
        "places": 20,
    }
    before = hospital.everything()
    answer = as_caller(ADMIN).post("/v1/schedules", {**body, **changes})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
    assert hospital.everything() == before


def test_a_suspended_session_is_told_and_cannot_be_suspended_again(hospital: Hospital, as_caller: Callers) -> None:
    schedule = hospital.plan()
    office = as_caller(FRONT_DESK)
    suspended = office.post(f"/v1/schedules/{schedule.id}/suspension")
    assert (suspended.status_code, suspended.get_json()["state"]) == (200, "suspended")
    again = office.post(f"/v1/schedules/{schedule.id}/suspension")
    assert (again.status_code, again.get_json()["code"]) == (409, "schedule_suspended")


def test_a_patient_takes_more_time_and_then_gives_the_place_back(hospital: Hospital, as_caller: Callers) -> None:
    who = hospital.patient()
    held = hospital.hold(hospital.slot(), who)
    caller = as_caller(patient(who))
    early = caller.post(f"/v1/appointments/{held.id}/extension")
    hospital.about_invoice("issued", held.id)

    extended = caller.post(f"/v1/appointments/{held.id}/extension")
    again = caller.post(f"/v1/appointments/{held.id}/extension")
    cancelled = caller.post(f"/v1/appointments/{held.id}/cancellation")
    late = caller.post(f"/v1/appointments/{held.id}/cancellation")

    assert [each.status_code for each in (early, extended, again, cancelled, late)] == [409, 200, 409, 200, 409]
    assert [each.get_json()["code"] for each in (early, again, late)] == [
        "not_payable",
        "already_extended",
        "already_cancelled",
    ]
    assert extended.get_json()["held_until"] == "2026-11-23T01:25:00+00:00"
    assert late.get_json()["reason"] == "by_patient"
    told = cancelled.get_json()
    assert (told["state"], told["cancel_reason"], told["held_until"], told["version"]) == (
        "cancelled",
        "by_patient",
        None,
        4,
    )


def test_the_rules_can_be_read_and_changed(hospital: Hospital, as_caller: Callers) -> None:
    office = as_caller(ADMIN)
    before = office.get("/v1/booking-rules").get_json()
    assert (before["hold_minutes"], before["release_days"], before["open_limit"]) == (15, 7, 5)

    changed = office.post("/v1/booking-rules", {"hold_minutes": 10, "verified_only": False})
    wrong = office.post("/v1/booking-rules", {"hold_minutes": 0})

    after = {**before, "hold_minutes": 10, "verified_only": False}
    assert (changed.status_code, changed.get_json()) == (201, after)
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "rule_not_valid")
    assert office.get("/v1/booking-rules").get_json() == after
