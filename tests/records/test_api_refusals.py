"""Records' HTTP door says no: to other roles, to requests that are not as declared, to what a rule forbids."""

from __future__ import annotations

from typing import Any

import pytest

from shared.actor import Actor
from shared.door import Door
from tests.records.people import ACCOUNT, DESK, OFFICER, WANG_NUMBER, everything
from tests.records.requests import AUDITOR, CANTEEN, CHILD, NURSE, WANG, AsCaller, on_sqlite

ANY = "00000000-0000-4000-8000-000000000000"
FORBIDDEN = [
    (ACCOUNT, "GET", "/v1/patients"),
    (ACCOUNT, "POST", f"/v1/patients/{ANY}/verification"),
    (ACCOUNT, "POST", f"/v1/patients/{ANY}/merger"),
    (ACCOUNT, "POST", f"/v1/patients/{ANY}/link-codes"),
    (OFFICER, "POST", "/v1/patients"),
    (OFFICER, "POST", f"/v1/patients/{ANY}/link-codes"),
    (DESK, "POST", "/v1/link-codes/redemption"),
    (DESK, "GET", f"/v1/patients/{ANY}/accesses"),
    (CANTEEN, "GET", f"/v1/patients/{ANY}"),
    (AUDITOR, "GET", f"/v1/patients/{ANY}"),
    (NURSE, "POST", "/v1/patients"),
]


@on_sqlite
@pytest.mark.parametrize(("actor", "method", "path"), FORBIDDEN)
def test_a_role_may_do_only_what_is_its_own(as_caller: AsCaller, actor: Actor, method: str, path: str) -> None:
    caller = as_caller(actor)
    answer = caller.get(path) if method == "GET" else caller.post(path, {})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "forbidden")


WRONG = [
    {},
    {**WANG, "extra": 1},
    {**WANG, "name": 7},
    {**WANG, "name": ""},
    {**WANG, "name": "王" * 61},
    {**WANG, "name": "王\x00建国"},
    {**WANG, "document_type": "1"},
    {**WANG, "document_number": "1" * 41},
    {**WANG, "birth_on": "1956-02-30"},
    {**WANG, "birth_on": 1956},
    {**WANG, "sex": "unknown"},
    {**WANG, "phone": "1" * 21},
    {**WANG, "guardian": None},
    {**WANG, "guardian": "王建国"},
    {**CHILD, "guardian": {"name": "王建国"}},
    {**WANG, "verified": True},
    [WANG],
]


@on_sqlite
@pytest.mark.parametrize("body", WRONG)
def test_a_request_that_is_not_as_declared_changes_nothing(as_caller: AsCaller, door: Door, body: Any) -> None:
    answer = as_caller(ACCOUNT).post("/v1/patients", body)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid_request")
    assert {name for name, rows in everything(door).items() if rows} == set()


@on_sqlite
@pytest.mark.parametrize("path", ["/v1/patients/1", "/v1/patients/../accesses", "/v1/patient"])
def test_a_path_that_is_not_there_is_not_found(as_caller: AsCaller, path: str) -> None:
    assert as_caller(DESK).get(path).status_code == 404


@on_sqlite
@pytest.mark.parametrize("query", [{}, {"search": ""}, {"search": "王" * 61}, {"search": "王建国", "limit": "5"}])
def test_a_search_that_is_not_as_declared_is_refused(as_caller: AsCaller, query: dict[str, str]) -> None:
    assert as_caller(DESK).get("/v1/patients", **query).status_code == 422


def test_a_rule_that_says_no_names_the_field(as_caller: AsCaller) -> None:
    answer = as_caller(ACCOUNT).post("/v1/patients", {**WANG, "birth_on": "1956-03-09"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert (answer.get_json()["code"], answer.get_json()["member"]) == ("birth_date_mismatch", "birth_on")
    assert WANG_NUMBER not in answer.get_data(as_text=True)
