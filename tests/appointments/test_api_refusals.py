"""What the HTTP door of appointments refuses: always a problem document with a stable code, and nothing is changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from shared.actor import Actor
from tests.appointments.hospital import Hospital
from tests.support.callers import FRONT_DESK, Caller, patient

Callers = Callable[[Any], Caller]
AUDITOR = Actor(subject="staff:auditor", roles=("auditor",))


def problem(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    document = answer.get_json()
    assert document["status"] == answer.status_code
    return answer.status_code, document["code"]


@pytest.mark.parametrize("backend", ["sqlite"])  # refused before any database is asked
@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, ["patient_id", "slot_id"]),
        ({"slot_id": "SLOT"}, ["patient_id"]),
        ({"slot_id": "1", "patient_id": "PATIENT"}, ["slot_id"]),
        ({"slot_id": 1, "patient_id": "PATIENT"}, ["slot_id"]),
        ({"slot_id": None, "patient_id": "PATIENT"}, ["slot_id"]),
        ({"slot_id": "SLOT", "patient_id": "PATIENT", "fee": "0.01"}, ["fee"]),
        ({"slot_id": "SLOT", "patient_id": "PATIENT", "state": "booked"}, ["state"]),
        ({"slot_id": "SLOT", "patient_id": "PATIENT", "client_reference": "x" * 65}, ["client_reference"]),
        ({"slot_id": "SLOT", "patient_id": "PATIENT", "client_reference": "a\u0000b"}, ["client_reference"]),
        ({"slot_id": "SLOT", "patient_id": "PATIENT", "client_reference": ""}, ["client_reference"]),
        ([], ["_schema"]),
        ("slot", ["_schema"]),
    ],
)
def test_a_body_of_the_wrong_form_is_refused_by_its_members(
    hospital: Hospital, as_caller: Callers, body: Any, wrong: list[str]
) -> None:
    known = {"SLOT": str(hospital.slot()), "PATIENT": str(hospital.patient())}
    if isinstance(body, dict):
        body = {name: known.get(str(value), value) for name, value in body.items()}
    before = hospital.everything()

    answer = as_caller(FRONT_DESK).post("/v1/appointments", body)

    assert problem(answer) == (422, "invalid_request")
    assert sorted(answer.get_json()["errors"]["json"]) == wrong
    assert hospital.everything() == before


@pytest.mark.parametrize("backend", ["sqlite"])  # refused before any database is asked
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/appointments", {"patient_id": "42"}),
        ("/v1/appointments", {"state": "arrived"}),
        ("/v1/appointments", {"limit": "0"}),
        ("/v1/appointments", {"limit": "201"}),
        ("/v1/appointments", {"before": "2026-11-23T01:00:00"}),
        ("/v1/appointments", {"sort": "name"}),
        ("/v1/departments", {"search": "x" * 61}),
        ("/v1/practitioners", {"department_id": "CARD"}),
        ("/v1/practitioners/{doctor}/slots", {}),
        ("/v1/practitioners/{doctor}/slots", {"date": "24/11/2026"}),
    ],
)
def test_a_query_of_the_wrong_form_is_refused(
    hospital: Hospital, as_caller: Callers, path: str, query: dict[str, str]
) -> None:
    answer = as_caller(FRONT_DESK).get(path.format(doctor=hospital.doctor.id), **query)
    assert problem(answer) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/practitioners/{id}", {}),
        ("/v1/practitioners/{id}/days", {}),
        ("/v1/practitioners/{id}/slots", {"date": "2026-11-24"}),
        ("/v1/appointments/{id}", {}),
        ("/v1/appointments/42", {}),
    ],
)
def test_what_is_not_there_is_not_found(
    hospital: Hospital, as_caller: Callers, path: str, query: dict[str, str]
) -> None:
    assert problem(as_caller(FRONT_DESK).get(path.format(id=uuid.uuid4()), **query)) == (404, "not_found")


def test_another_patients_appointment_looks_as_if_it_were_not_there_but_the_log_knows(
    hospital: Hospital, as_caller: Callers
) -> None:
    own, other = hospital.patient(), hospital.patient()
    held = hospital.hold(hospital.slot(), other)
    caller = as_caller(patient(own))
    before = hospital.everything()

    answers = [
        caller.get(f"/v1/appointments/{held.id}"),
        caller.get("/v1/appointments", patient_id=other),
        caller.post(f"/v1/appointments/{held.id}/cancellation"),
        caller.post(f"/v1/appointments/{held.id}/extension"),
        caller.post("/v1/appointments", {"slot_id": str(held.slot_id), "patient_id": str(other)}),
        caller.get(f"/v1/appointments/{uuid.uuid4()}"),
    ]

    assert {problem(each) for each in answers} == {(404, "not_found")}
    assert all(each.get_json() == answers[0].get_json() for each in answers)
    assert hospital.everything() == before
    assert hospital.accesses() == [
        (other, "appointments.get_appointment", False),
        (other, "appointments.list_appointments", False),
    ]


def test_every_look_at_an_appointment_is_in_the_log(hospital: Hospital, as_caller: Callers) -> None:
    who = hospital.patient()
    held = hospital.hold(hospital.slot(), who)
    as_caller(patient(who)).get(f"/v1/appointments/{held.id}")
    as_caller(AUDITOR).get("/v1/appointments")
    assert hospital.accesses() == [
        (who, "appointments.get_appointment", True),
        (who, "appointments.list_appointments", True),
    ]


ROLES = (
    *("patient", "companion", "nurse", "doctor", "dietitian", "canteen", "cashier", "finance", "records_officer"),
    *("front_desk", "triage", "auditor", "admin", "service", "public"),
)
EVERYBODY = set(ROLES)
POLICY: dict[tuple[str, str], set[str]] = {
    ("GET", "/v1/departments"): EVERYBODY,
    ("GET", "/v1/practitioners"): EVERYBODY,
    ("GET", "/v1/practitioners/{id}"): EVERYBODY,
    ("GET", "/v1/practitioners/{id}/days"): EVERYBODY,
    ("GET", "/v1/practitioners/{id}/slots"): EVERYBODY,
    ("GET", "/v1/appointments"): {"patient", "front_desk", "auditor"},
    ("GET", "/v1/appointments/{id}"): {"patient", "front_desk", "auditor"},
    ("POST", "/v1/appointments"): {"patient", "front_desk"},
    ("POST", "/v1/appointments/{id}/cancellation"): {"patient", "front_desk"},
    ("POST", "/v1/appointments/{id}/extension"): {"patient", "front_desk"},
    ("POST", "/v1/campuses"): {"admin", "front_desk"},
    ("POST", "/v1/departments"): {"admin", "front_desk"},
    ("POST", "/v1/practitioners"): {"admin", "front_desk"},
    ("POST", "/v1/schedules"): {"admin", "front_desk"},
    ("POST", "/v1/schedules/{id}/suspension"): {"admin", "front_desk"},
    ("GET", "/v1/booking-rules"): EVERYBODY,
    ("POST", "/v1/booking-rules"): {"admin"},
}


@pytest.mark.parametrize("operation", POLICY, ids=" ".join)
def test_each_operation_is_for_its_roles_and_nobody_else(
    hospital_on: Callable[[str], Hospital], make_callers: Callable[[Hospital], Callers], operation: tuple[str, str]
) -> None:
    hospital = hospital_on("sqlite")
    as_caller = make_callers(hospital)
    method, path = operation
    path = path.format(id=uuid.uuid4())
    refused = set()
    for role in ROLES:
        caller = as_caller(Actor(subject=f"some:{role}", roles=(role,)))
        answer = caller.get(path) if method == "GET" else caller.post(path)
        if answer.status_code == 403:
            assert problem(answer) == (403, "forbidden")
            refused.add(role)
    assert refused == EVERYBODY - POLICY[operation]


def test_a_post_without_a_key_is_not_looked_at(hospital: Hospital, as_caller: Callers) -> None:
    body = {"slot_id": str(hospital.slot()), "patient_id": str(hospital.patient())}
    before = hospital.everything()
    answer = as_caller(FRONT_DESK).post("/v1/appointments", body, key="short")
    assert problem(answer) == (400, "idempotency_key_missing")
    assert hospital.everything() == before


def test_the_same_key_gives_the_same_answer_and_another_body_is_refused(hospital: Hospital, as_caller: Callers) -> None:
    first, second = hospital.slots()[:2]
    body = {"slot_id": str(first), "patient_id": str(hospital.patient())}
    caller = as_caller(FRONT_DESK)

    answers = [caller.post("/v1/appointments", body, key="one-tap-one-key") for _ in range(2)]
    other = caller.post("/v1/appointments", {**body, "slot_id": str(second)}, key="one-tap-one-key")

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].get_data() == answers[1].get_data()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert problem(other) == (422, "idempotency_key_reused")
    assert (hospital.count(), hospital.facts()) == (1, ["held"])


def test_a_refusal_is_remembered_but_not_that_a_patient_is_not_known_yet(
    hospital: Hospital, as_caller: Callers
) -> None:
    slot_id, newcomer = hospital.slot(places=16), uuid.uuid4()
    caller = as_caller(FRONT_DESK)
    body = {"slot_id": str(slot_id), "patient_id": str(newcomer)}

    early = caller.post("/v1/appointments", body, key="the-newcomers-key")
    hospital.hear(
        "records.patient_registered.v1",
        {"patient_id": str(newcomer), "verified": False, "sex": None, "birth_on": None},
    )
    unseen = caller.post("/v1/appointments", body, key="the-newcomers-key")
    hospital.hear("records.patient_verified.v1", {"patient_id": str(newcomer), "sex": None, "birth_on": None})
    again = caller.post("/v1/appointments", body, key="the-newcomers-key")
    afresh = caller.post("/v1/appointments", body)

    assert problem(early) == (409, "patient_not_yet_known")
    assert problem(unseen) == problem(again) == (422, "patient_not_verified")
    assert afresh.status_code == 201


def test_one_bad_request_does_not_spoil_a_good_one_in_the_same_slot(hospital: Hospital, as_caller: Callers) -> None:
    slot_id = hospital.slot(places=8)
    caller = as_caller(FRONT_DESK)
    assert caller.post("/v1/appointments", {"slot_id": str(slot_id), "patient_id": "x"}).status_code == 422
    body = {"slot_id": str(slot_id), "patient_id": str(hospital.patient())}
    assert caller.post("/v1/appointments", body).status_code == 201
    full = caller.post("/v1/appointments", {**body, "patient_id": str(hospital.patient())})
    assert problem(full) == (409, "slot_taken")


def test_keys_belong_to_who_used_them(hospital: Hospital, as_caller: Callers) -> None:
    slot_id, anna, ben = hospital.slot(places=16), hospital.patient(), hospital.patient()
    for who, account in ((anna, "account:anna"), (ben, "account:ben")):
        caller = as_caller(patient(who, account=account))
        body = {"slot_id": str(slot_id), "patient_id": str(who)}
        assert caller.post("/v1/appointments", body, key="the-same-key").get_json()["patient_id"] == str(who)
    with hospital.database.read() as uow:
        keys = uow.toolbox.idempotency_keys
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(keys)) == 2
