"""Records' HTTP door: who may do what, whose data are told to whom, and what wrong requests get."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from services.records import store, usecases
from shared.actor import Actor
from shared.database import Database
from shared.door import Door
from shared.sealing import Sealer
from shared.service import Service
from shared.settings import Settings
from shared.web import create_app
from tests.records.people import ACCOUNT, DESK, OFFICER, OTHER_ACCOUNT, WANG_NUMBER, do, sent
from tests.records.requests import AUDITOR, CHILD, DUCK, NURSE, WANG, AsCaller, on_sqlite
from tests.support.callers import patient
from tests.support.clock import StandingClock


def register(as_caller: AsCaller, body: dict[str, Any] | None = None, actor: Actor = ACCOUNT) -> dict[str, Any]:
    answer = as_caller(actor).post("/v1/patients", body or WANG)
    assert answer.status_code == 201
    return dict(answer.get_json())


def take_duck(door: Door, settings: Settings) -> uuid.UUID:
    sealer = Sealer(settings.secrets["document_key"])
    taken: usecases.Taken = do(door, usecases.take_message, sealer=sealer, message=sent())
    return taken.patient_id


def access_rows(database: Database) -> list[tuple[str, str, str, bool]]:
    log = store.toolbox.access_log
    columns = (log.c.subject, log.c.operation, log.c.patient_id, log.c.granted)
    with database.read() as uow:
        rows = uow.session.execute(sa.select(*columns).order_by(log.c.position))
        return [(row[0], row[1], str(row[2]), row[3]) for row in rows]


def test_an_account_registers_a_person_and_reads_them(as_caller: AsCaller, database: Database) -> None:
    made = register(as_caller)
    assert made == {
        "id": made["id"],
        "mrn": "100000016",
        "name": "王建国",
        "sex": "male",
        "birth_on": "1956-03-08",
        "document_type": "01",
        "document_number_masked": "329900********0017",
        "verified": True,
        "merged_into": None,
        "phone_masked": "199****0001",
        "version": 1,
    }
    read = as_caller(patient(uuid.UUID(made["id"]))).get(f"/v1/patients/{made['id']}")
    assert read.get_json() == {**made, "guardian": None}
    assert access_rows(database) == [("account:one", "records.get_patient", made["id"], True)]


def test_the_same_request_twice_registers_once(as_caller: AsCaller, database: Database) -> None:
    first = as_caller(ACCOUNT).post("/v1/patients", WANG, key="key-00001")
    again = as_caller(ACCOUNT).post("/v1/patients", WANG, key="key-00001")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    with database.read() as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(store.patients)) == 1


def test_a_child_is_shown_with_its_guardian(as_caller: AsCaller) -> None:
    made = register(as_caller, CHILD)
    answer = as_caller(DESK).get(f"/v1/patients/{made['id']}").get_json()
    assert answer["guardian"] == {
        "name": "王建国",
        "document_type": "01",
        "document_number_masked": "329900********0017",
        "phone_masked": "199****0001",
    }


def test_a_known_person_is_told_apart_only_to_those_who_may_know(as_caller: AsCaller) -> None:
    made = register(as_caller)
    for actor, knows in ((ACCOUNT, True), (OTHER_ACCOUNT, False), (DESK, True)):
        answer = as_caller(actor).post("/v1/patients", WANG)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "patient_exists")
        assert answer.get_json().get("patient_id") == (made["id"] if knows else None)


def test_another_persons_patient_looks_like_none_and_is_noted(as_caller: AsCaller, database: Database) -> None:
    made = register(as_caller)
    stranger = as_caller(patient(uuid.uuid4(), account="account:two"))
    nobody = stranger.get(f"/v1/patients/{uuid.uuid4()}")
    for path in (f"/v1/patients/{made['id']}", f"/v1/patients/{made['id']}/accesses"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.get_json()) == (404, nobody.get_json())
    assert access_rows(database) == [
        ("account:two", "records.get_patient", made["id"], False),
        ("account:two", "records.list_accesses", made["id"], False),
    ]


def test_a_grant_without_sight_tells_nothing(as_caller: AsCaller) -> None:
    made = register(as_caller)
    assert as_caller(patient(uuid.UUID(made["id"]), "pay")).get(f"/v1/patients/{made['id']}").status_code == 404


def test_whoever_acts_for_a_record_that_has_ended_sees_where_it_goes_on(as_caller: AsCaller) -> None:
    ended, survivor = register(as_caller), register(as_caller, CHILD)
    answer = as_caller(OFFICER).post(f"/v1/patients/{ended['id']}/merger", {"into": survivor["id"]})
    assert (answer.status_code, answer.get_json()["merged_into"]) == (200, survivor["id"])
    me = as_caller(patient(uuid.UUID(ended["id"])))
    assert me.get(f"/v1/patients/{ended['id']}").get_json()["merged_into"] == survivor["id"]
    assert me.get(f"/v1/patients/{survivor['id']}").get_json()["mrn"] == survivor["mrn"]
    backwards = as_caller(patient(uuid.UUID(survivor["id"])))
    assert backwards.get(f"/v1/patients/{ended['id']}").status_code == 404


@on_sqlite
@pytest.mark.parametrize(
    "search", [WANG_NUMBER, WANG_NUMBER.lower(), "100000016", "100 000 016", "王建", "建国", " 王建国 "]
)
def test_the_desk_finds_a_patient_and_the_search_is_noted(as_caller: AsCaller, database: Database, search: str) -> None:
    made = register(as_caller)
    answer = as_caller(DESK).get("/v1/patients", search=search).get_json()
    assert answer == {"items": [made], "more": False}
    assert access_rows(database) == [("staff:front-desk", "records.search_patients", made["id"], True)]


@on_sqlite
@pytest.mark.parametrize("search", ["王", "李建国", "100000024", WANG_NUMBER[:-1], "%%", "__", "'; --"])
def test_a_search_that_fits_nobody_finds_nobody(as_caller: AsCaller, search: str) -> None:
    register(as_caller)
    assert as_caller(DESK).get("/v1/patients", search=search).get_json() == {"items": [], "more": False}


def test_a_search_gives_twenty_and_says_that_there_are_more(as_caller: AsCaller) -> None:
    for number in range(21):
        name = "Donald Duck" + " Junior" * (number == 0)
        register(as_caller, {**DUCK, "name": name, "sex": "male", "document_number": f"GB12345{number:02d}"})
    answer = as_caller(DESK).get("/v1/patients", search="Donald D").get_json()
    assert (len(answer["items"]), answer["more"]) == (20, True)
    one = as_caller(DESK).get("/v1/patients", search="junior").get_json()
    assert [each["name"] for each in one["items"]] == ["Donald Duck Junior"]


def test_the_desk_verifies_a_patient_of_a_message_and_hands_out_a_code(
    as_caller: AsCaller, door: Door, settings: Settings
) -> None:
    patient_id = take_duck(door, settings)
    refused = as_caller(DESK).post(f"/v1/patients/{patient_id}/link-codes")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "patient_not_verified")
    answer = as_caller(DESK).post(f"/v1/patients/{patient_id}/verification", DUCK)
    assert (answer.status_code, answer.get_json()["verified"]) == (200, True)
    again = as_caller(DESK).post(f"/v1/patients/{patient_id}/verification", DUCK)
    assert (again.status_code, again.get_json()["code"]) == (409, "already_verified")
    code = as_caller(DESK).post(f"/v1/patients/{patient_id}/link-codes").get_json()
    assert code["valid_until"] == "2026-11-23T01:30:00+00:00"
    linked = as_caller(ACCOUNT).post("/v1/link-codes/redemption", {"code": code["code"]})
    assert (linked.status_code, linked.get_json()["id"]) == (200, str(patient_id))


def test_a_code_is_the_same_for_the_same_request_and_stored_nowhere(as_caller: AsCaller, database: Database) -> None:
    made = register(as_caller)
    path = f"/v1/patients/{made['id']}/link-codes"
    first = as_caller(DESK).post(path, key="key-00001").get_json()
    assert as_caller(DESK).post(path, key="key-00001").get_json() == first
    with database.read() as uow:
        tables = [uow.session.execute(sa.select(each)).all() for each in store.metadata.tables.values()]
    assert first["code"] not in str(tables)


def test_wrong_codes_are_counted_once_per_request(as_caller: AsCaller, clock: StandingClock) -> None:
    caller = as_caller(ACCOUNT)
    first = caller.post("/v1/link-codes/redemption", {"code": "AAAAAAAA"}, key="key-00001")
    again = caller.post("/v1/link-codes/redemption", {"code": "AAAAAAAA"}, key="key-00001")
    assert (first.status_code, first.get_json()["tries_left"]) == (422, 4)
    assert again.get_json() == first.get_json()
    for left in (3, 2, 1, 0):
        assert caller.post("/v1/link-codes/redemption", {"code": "AAAAAAAA"}).get_json()["tries_left"] == left
    locked = caller.post("/v1/link-codes/redemption", {"code": "AAAAAAAA"})
    assert (locked.status_code, locked.get_json()["code"]) == (422, "too_many_tries")
    assert locked.get_json()["locked_until"] == "2026-11-23T01:30:00Z"


def test_patients_read_who_looked_at_their_data(as_caller: AsCaller, clock: StandingClock) -> None:
    made = register(as_caller)
    for _ in range(3):
        as_caller(NURSE).get(f"/v1/patients/{made['id']}")
    clock.advance(minutes=1)
    me = as_caller(patient(uuid.UUID(made["id"])))
    first = me.get(f"/v1/patients/{made['id']}/accesses", limit=2).get_json()
    assert [each["subject"] for each in first["items"]] == ["staff:nurse", "staff:nurse"]
    assert first["items"][0] == {
        "at": "2026-11-23T01:00:00+00:00",
        "subject": "staff:nurse",
        "roles": ["nurse"],
        "operation": "records.get_patient",
        "purpose": "care",
        "granted": True,
    }
    rest = me.get(f"/v1/patients/{made['id']}/accesses", limit=2, before=first["next"]).get_json()
    assert ([each["subject"] for each in rest["items"]], rest["next"]) == (["staff:nurse"], None)
    newest = as_caller(AUDITOR).get(f"/v1/patients/{made['id']}/accesses").get_json()["items"][0]
    assert (newest["subject"], newest["operation"]) == ("account:one", "records.list_accesses")


def test_the_document_of_the_door_names_what_a_search_takes(service: Service, settings: Settings) -> None:
    api = create_app(service, settings).extensions["anxin.api"]
    [parameter] = api.spec.to_dict()["paths"]["/v1/patients"]["get"]["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("search", "query", True)
