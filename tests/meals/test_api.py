"""Staff of the wards and the kitchen read the patients that meals knows."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from services.meals import store
from shared.actor import Actor
from shared.database import Database
from tests.meals.hearsay import A, B, C, hear, merged, registered, verified
from tests.support.callers import FRONT_DESK, Caller, patient

AsCaller = Callable[[Actor], Caller]


def staff(role: str) -> Actor:
    return Actor(subject=f"staff:{role}", roles=(role,))


def accesses(database: Database) -> list[tuple[str, str, str, bool]]:
    log = store.toolbox.access_log
    with database.read() as uow:
        rows = uow.session.execute(sa.select(log).order_by(log.c.position))
        return [(row.subject, row.operation, str(row.patient_id), row.granted) for row in rows]


@pytest.mark.parametrize("role", ["nurse", "dietitian"])
def test_ward_staff_read_a_patient(as_caller: AsCaller, database: Database, role: str) -> None:
    hear(database, registered(A), verified(A))
    answer = as_caller(staff(role)).get(f"/v1/patients/{A}")
    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "id": A,
            "mrn": "100000001",
            "sex": "female",
            "birth_on": "1980-04-05",
            "verified": True,
            "merged_ids": [],
        },
    )
    assert accesses(database) == [(f"staff:{role}", "meals.get_patient", A, True)]


def test_the_canteen_sees_neither_sex_nor_birth_date(as_caller: AsCaller, database: Database) -> None:
    hear(database, registered(A), verified(A))
    answer = as_caller(staff("canteen")).get(f"/v1/patients/{A}").get_json()
    assert (answer["mrn"], answer["sex"], answer["birth_on"]) == ("100000001", None, None)


def test_a_record_that_has_ended_leads_to_the_one_that_goes_on(as_caller: AsCaller, database: Database) -> None:
    hear(database, registered(A), registered(B), registered(C), merged(A, C), merged(B, C))
    for asked in (A, B, C):
        answer = as_caller(staff("nurse")).get(f"/v1/patients/{asked}").get_json()
        assert (answer["id"], answer["merged_ids"]) == (C, [A, B])
    assert {patient_id for _, _, patient_id, _ in accesses(database)} == {C}


def test_a_chain_of_merges_is_followed_and_a_circle_ends(as_caller: AsCaller, database: Database) -> None:
    hear(database, registered(A), registered(B), registered(C), merged(A, B), merged(B, C))
    nurse = as_caller(staff("nurse"))
    assert nurse.get(f"/v1/patients/{A}").get_json()["id"] == C
    hear(database, merged(C, A))
    assert nurse.get(f"/v1/patients/{A}").status_code == 200


def test_a_patient_nobody_told_of_is_not_found(as_caller: AsCaller, database: Database) -> None:
    answer = as_caller(staff("nurse")).get(f"/v1/patients/{uuid.uuid4()}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert accesses(database) == []


@pytest.mark.parametrize("actor", [patient(uuid.UUID(A)), FRONT_DESK, staff("cashier"), staff("admin")])
def test_nobody_else_reads_patients_here(as_caller: AsCaller, database: Database, actor: Actor) -> None:
    hear(database, registered(A))
    assert as_caller(actor).get(f"/v1/patients/{A}").status_code == 403
    assert accesses(database) == []


def test_meals_is_alive_and_ready(as_caller: AsCaller) -> None:
    caller = as_caller(staff("nurse"))
    for path in ("/health/live", "/health/ready"):
        answer = caller.get(path)
        assert (answer.status_code, answer.get_json()) == (200, {"service": "meals", "status": "ok"})
