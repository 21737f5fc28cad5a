"""Stays over HTTP: nurse and desk lay patients in beds, and whoever looks is noted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.records import store
from services.records.domain import location_id
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from tests.records.people import DESK, OFFICER, merge, register, take
from tests.records.requests import AUDITOR, CANTEEN, NURSE, AsCaller, on_sqlite
from tests.records.stays import another, bed, open_ward
from tests.support.callers import patient

DOCTOR = Actor(subject="staff:doctor", roles=("doctor",))
CASHIER = Actor(subject="staff:cashier", roles=("cashier",))
WARD_ID = location_id("MAIN", "CARD1")
MAIN = {"id": str(location_id("MAIN")), "code": "MAIN", "name": {"zh": "本部", "en": "Main Campus"}}
CARD1 = {"id": str(WARD_ID), "code": "CARD1", "name": {"zh": "心内一病区", "en": "Cardiology, Ward 1"}}


def admit(as_caller: AsCaller, patient_id: UUID, label: str, actor: Actor = NURSE, **more: Any) -> dict[str, Any]:
    body = {"patient_id": str(patient_id), "bed_id": str(bed(label)), **more}
    answer = as_caller(actor).post("/v1/encounters", body)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())


def accesses(database: Database) -> list[tuple[str, str, str, bool]]:
    log = store.toolbox.access_log
    query = sa.select(log.c.subject, log.c.operation, log.c.patient_id, log.c.granted).order_by(log.c.position)
    with database.read() as uow:
        return [(row[0], row[1], str(row[2]), row[3]) for row in uow.session.execute(query)]


def test_a_nurse_admits_moves_discharges_and_takes_back(as_caller: AsCaller, door: Door, database: Database) -> None:
    person = register(door)
    open_ward(door)
    stay = admit(as_caller, person.id, "07", at="2026-11-23T08:30:00+08:00")
    assert stay == {
        "id": stay["id"],
        "patient_id": str(person.id),
        "class": "IMP",
        "state": "in_progress",
        "campus": MAIN,
        "ward": CARD1,
        "bed": {"id": str(bed("07")), "label": "07"},
        "started_at": "2026-11-23T00:30:00+00:00",
        "ended_at": None,
        "steps": [
            {
                "kind": "admission",
                "at": "2026-11-23T00:30:00+00:00",
                "recorded_at": stay["steps"][0]["recorded_at"],
                "cancelled": False,
            }
        ],
        "version": 1,
    }
    nurse, path = as_caller(NURSE), f"/v1/encounters/{stay['id']}"
    moved = nurse.post(f"{path}/transfer", {"bed_id": str(bed("31"))}).get_json()
    assert (moved["bed"]["label"], moved["version"]) == ("31", 2)
    ended = nurse.post(f"{path}/discharge", {}).get_json()
    assert (ended["state"], ended["bed"]["label"], ended["version"]) == ("finished", "31", 3)
    back = nurse.post(f"{path}/cancellation", {"step": "discharge"}).get_json()
    assert (back["state"], back["ended_at"], [each["cancelled"] for each in back["steps"]]) == (
        "in_progress",
        None,
        [False, False, True],
    )
    acts = ("admit_patient", "transfer_patient", "discharge_patient", "cancel_last_step")
    assert accesses(database) == [("staff:nurse", f"records.{act}", str(person.id), True) for act in acts]


def test_the_same_admission_sent_twice_is_one(as_caller: AsCaller, door: Door) -> None:
    person = register(door)
    open_ward(door)
    body = {"patient_id": str(person.id), "bed_id": str(bed("07"))}
    first, again = (as_caller(NURSE).post("/v1/encounters", body, key="key-00001") for _ in range(2))
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_the_list_answers_like_the_acts(as_caller: AsCaller, door: Door, database: Database) -> None:
    person = register(door)
    open_ward(door)
    stay = admit(as_caller, person.id, "07", DESK, **{"class": "EMER"})
    listed = as_caller(DOCTOR).get("/v1/encounters", patient_id=str(person.id)).get_json()
    assert listed == {"items": [stay]}
    assert accesses(database)[-1] == ("staff:doctor", "records.list_encounters", str(person.id), True)


def test_one_stay_comes_with_who_lies_there(as_caller: AsCaller, door: Door, database: Database) -> None:
    ended, person = register(door), another(door)
    open_ward(door)
    stay = admit(as_caller, ended.id, "07")
    merge(door, ended.id, person.id)
    found = as_caller(NURSE).get(f"/v1/encounters/{stay['id']}").get_json()
    who = found.pop("patient")
    assert found == {**stay, "patient_id": str(person.id)}
    assert who == {
        "id": str(person.id),
        "mrn": person.mrn,
        "name": person.name,
        "sex": person.sex,
        "birth_on": person.birth_on.isoformat() if person.birth_on else None,
        "verified": True,
    }
    assert accesses(database)[-1] == ("staff:nurse", "records.get_encounter", str(person.id), True)
    assert as_caller(patient(person.id)).get(f"/v1/encounters/{stay['id']}").status_code == 200
    assert as_caller(CANTEEN).get(f"/v1/encounters/{stay['id']}").status_code == 403


def test_somebody_elses_stay_looks_like_none_and_is_noted(as_caller: AsCaller, door: Door, database: Database) -> None:
    person, other = register(door), another(door)
    open_ward(door)
    stay = admit(as_caller, person.id, "07")
    caller = as_caller(patient(other.id))
    answers = [caller.get(f"/v1/encounters/{each}") for each in (stay["id"], uuid4())]
    assert [(each.status_code, each.get_json()["code"]) for each in answers] == [(404, "not_found")] * 2
    assert accesses(database)[-1][1:] == ("records.get_encounter", str(person.id), False)


def test_a_patient_sees_their_own_stays_and_nobody_elses(as_caller: AsCaller, door: Door, database: Database) -> None:
    person, other = register(door), another(door)
    open_ward(door)
    stay = admit(as_caller, person.id, "07")
    own = as_caller(patient(person.id)).get("/v1/encounters", patient_id=str(person.id)).get_json()
    assert [each["id"] for each in own["items"]] == [stay["id"]]
    for asked in (person.id, uuid4()):
        answer = as_caller(patient(other.id, account="account:two")).get("/v1/encounters", patient_id=str(asked))
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert accesses(database)[-1] == ("account:two", "records.list_encounters", str(person.id), False)


def test_a_stay_is_found_under_every_record_of_the_person(as_caller: AsCaller, door: Door) -> None:
    ended, survivor = register(door), another(door)
    open_ward(door)
    stay = admit(as_caller, ended.id, "07")
    merge(door, ended.id, survivor.id)
    for asked in (ended.id, survivor.id):
        listed = as_caller(OFFICER).get("/v1/encounters", patient_id=str(asked)).get_json()
        assert [each["id"] for each in listed["items"]] == [stay["id"]]
    [occupied] = [
        each for each in as_caller(NURSE).get(f"/v1/wards/{WARD_ID}/beds").get_json()["items"] if each["occupant"]
    ]
    assert occupied["occupant"]["patient_id"] == str(survivor.id)


def test_a_ward_tells_who_lies_where_and_notes_whom_it_told_of(
    as_caller: AsCaller, door: Door, database: Database
) -> None:
    person, unverified = register(door), take(door)
    open_ward(door)
    stay = admit(as_caller, person.id, "08")
    admit(as_caller, unverified.patient_id, "31")
    nurse = as_caller(NURSE)
    assert nurse.get("/v1/wards").get_json() == {
        "items": [{**CARD1, "campus": MAIN, "as_sent": False, "beds": 3, "taken": 2}]
    }
    answer = nurse.get(f"/v1/wards/{WARD_ID}/beds").get_json()
    assert answer["ward"] == {**CARD1, "campus": MAIN, "as_sent": False, "beds": 3, "taken": 2}
    assert [(each["room"], each["label"], (each["occupant"] or {}).get("mrn")) for each in answer["items"]] == [
        ("01", "07", None),
        ("01", "08", person.mrn),
        ("02", "31", unverified.mrn),
    ]
    assert answer["items"][1]["occupant"] == {
        "encounter_id": stay["id"],
        "class": "IMP",
        "patient_id": str(person.id),
        "mrn": person.mrn,
        "name": "王建国",
        "sex": "male",
        "birth_on": "1956-03-08",
        "verified": True,
        "started_at": stay["started_at"],
        "version": 1,
    }
    assert answer["without_bed"] == []
    noted = [each for each in accesses(database) if each[1] == "records.list_beds"]
    assert {each[2] for each in noted} == {str(person.id), str(unverified.patient_id)}


def test_wards_can_be_asked_for_by_campus(as_caller: AsCaller, door: Door) -> None:
    open_ward(door)
    assert len(as_caller(NURSE).get("/v1/wards", campus="MAIN").get_json()["items"]) == 1
    assert as_caller(NURSE).get("/v1/wards", campus="LAKE").get_json() == {"items": []}
    assert as_caller(NURSE).get(f"/v1/wards/{uuid4()}/beds").status_code == 404


def test_a_refusal_comes_with_its_code(as_caller: AsCaller, door: Door) -> None:
    one, other = register(door), another(door)
    open_ward(door)
    stay = admit(as_caller, one.id, "07")
    nurse = as_caller(NURSE)
    taken = nurse.post("/v1/encounters", {"patient_id": str(other.id), "bed_id": str(bed("07"))})
    assert (taken.status_code, taken.get_json()["code"]) == (409, "bed_taken")
    twice = nurse.post("/v1/encounters", {"patient_id": str(one.id), "bed_id": str(bed("08"))})
    assert (twice.status_code, twice.get_json()["code"], twice.get_json()["encounter_id"]) == (
        409,
        "already_admitted",
        stay["id"],
    )
    unknown = nurse.post("/v1/encounters", {"patient_id": str(other.id), "bed_id": str(uuid4())})
    assert (unknown.status_code, unknown.get_json()["code"]) == (422, "bed_unknown")
    early = nurse.post(f"/v1/encounters/{stay['id']}/discharge", {"at": "2020-01-01T00:00:00Z"})
    assert (early.status_code, early.get_json()["code"]) == (422, "discharge_before_admission")


SOME_ID = "0197d000-0000-7000-8000-000000000009"


@on_sqlite
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/encounters", {"patient_id": "7", "bed_id": SOME_ID}),
        ("/v1/encounters", {"patient_id": SOME_ID, "bed_id": SOME_ID, "class": "AMB"}),
        ("/v1/encounters", {"patient_id": SOME_ID, "bed_id": SOME_ID, "at": "2026-11-23T08:30:00"}),
        ("/v1/encounters", {"patient_id": SOME_ID}),
        (f"/v1/encounters/{SOME_ID}/transfer", {}),
        (f"/v1/encounters/{SOME_ID}/cancellation", {"step": "leave"}),
        (f"/v1/encounters/{SOME_ID}/discharge", {"why": "tired"}),
    ],
)
def test_what_is_not_well_formed_is_refused(as_caller: AsCaller, path: str, body: dict[str, Any]) -> None:
    answer = as_caller(NURSE).post(path, body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")


@on_sqlite
def test_only_ward_and_desk_move_patients(as_caller: AsCaller, database: Database) -> None:
    for actor in (DOCTOR, CASHIER, OFFICER, AUDITOR, CANTEEN, patient(uuid4())):
        for path in ("", f"/{uuid4()}/transfer", f"/{uuid4()}/discharge", f"/{uuid4()}/cancellation"):
            assert as_caller(actor).post(f"/v1/encounters{path}", {}).status_code == 403
    for actor in (CASHIER, CANTEEN, patient(uuid4())):
        for path in ("/v1/wards", f"/v1/wards/{uuid4()}/beds"):
            assert as_caller(actor).get(path).status_code == 403
    assert accesses(database) == []
