"""The HTTP door: deny by default, one error shape, and every refusal leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.actor import Actor
from shared.database import Database, UnitOfWork
from shared.problems import MEDIA_TYPE
from shared.service import Service
from shared.settings import Settings
from shared.web import create_app
from tests.support import toy
from tests.support.callers import Caller, patient
from tests.support.clock import StandingClock

ONE = patient(toy.UUID(int=1))
NOTHING = {"numbers": [], "facts": [], "keys": []}

As = Callable[[Actor], Caller]


def test_a_post_goes_through_the_door(as_caller: As, database: Database) -> None:
    caller = as_caller(ONE)
    first = caller.post("/v1/numbers", {"number": 7}, key="the-same-key")
    again = caller.post("/v1/numbers", {"number": 7}, key="the-same-key")
    assert (first.status_code, first.json["number"]) == (201, 7)
    assert (again.status_code, again.json) == (201, first.json)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["X-Request-Id"] == ONE.request_id
    assert toy.state_of(database) == {"numbers": [7], "facts": ["toy.number_kept.v1"], "keys": [201]}


def test_a_list_use_case_answers_one_caller_like_any_other(as_caller: As, database: Database) -> None:
    caller = as_caller(ONE)
    assert caller.post("/v1/numbers/together", {"number": 7}).status_code == 201
    assert caller.post("/v1/numbers/together", {"number": 13}).json["code"] == "number_unlucky"
    assert toy.state_of(database)["numbers"] == [7]


@pytest.mark.parametrize(
    ("_case", "body", "status", "code"),
    [
        ("wrong type", {"number": "seven"}, 422, "invalid_request"),
        ("a number as text", {"number": "7"}, 422, "invalid_request"),
        ("missing member", {}, 422, "invalid_request"),
        ("extra member", {"number": 7, "admin": True}, 422, "invalid_request"),
        ("too long", {"number": 7, "remark": "x" * 11}, 422, "invalid_request"),
        ("null", {"number": None}, 422, "invalid_request"),
        ("NUL character", {"number": 7, "remark": "a\0b"}, 422, "invalid_request"),
        ("a list", [1], 422, "invalid_request"),
        ("refused by a rule", {"number": 13}, 422, "number_unlucky"),
    ],
)
def test_bad_input_is_a_problem_document_and_changes_nothing(
    as_caller: As, database: Database, _case: str, body: Any, status: int, code: str
) -> None:
    answer = as_caller(ONE).post("/v1/numbers", body)
    assert (answer.status_code, answer.content_type, answer.json["code"]) == (status, MEDIA_TYPE, code)
    assert answer.json["status"] == status
    kept = [status] if code == "number_unlucky" else []
    assert toy.state_of(database) == {**NOTHING, "keys": kept}


@pytest.mark.parametrize(
    ("_case", "data", "content_type", "status"),
    [
        ("no JSON", b"{", "application/json", 400),
        ("wrong encoding", b'{"number": "\xff"}', "application/json", 400),
        ("lone surrogate", b'{"number": 7, "remark": "a\\ud800"}', "application/json", 422),
        ("a form", b"number=7", "application/x-www-form-urlencoded", 422),
        ("too large", b" " * (1 << 20) + b"{}", "application/json", 413),
    ],
)
def test_what_is_no_json_is_a_problem_document(
    as_caller: As, database: Database, _case: str, data: bytes, content_type: str, status: int
) -> None:
    caller = as_caller(ONE)
    headers = {**caller._headers(), "Idempotency-Key": "some-key"}
    answer = caller.http.post("/v1/numbers", data=data, content_type=content_type, headers=headers)
    assert (answer.status_code, answer.content_type) == (status, MEDIA_TYPE)
    assert toy.state_of(database) == NOTHING


@pytest.mark.parametrize("key", ["", "short", "k" * 81, "ключ-ключ", "with\ttab-inside"])
def test_a_post_without_a_proper_key_is_not_looked_at(as_caller: As, database: Database, key: str) -> None:
    caller = as_caller(ONE)
    headers = {**caller._headers(), "Idempotency-Key": key.encode().decode("latin-1")}
    answer = caller.http.post("/v1/numbers", json={"number": 7}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_missing")
    assert toy.state_of(database) == NOTHING


def test_an_unsigned_caller_is_turned_away_on_every_route(as_caller: As, database: Database) -> None:
    http = as_caller(ONE).http
    for rule in http.application.url_map.iter_rules():
        if rule.endpoint in {"live", "ready"}:
            continue
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = http.open(rule.rule, method=method, headers={"X-Actor": "account:one", "X-Roles": "admin"})
            assert (answer.status_code, answer.json["code"]) == (401, "actor_rejected")
    assert toy.state_of(database) == NOTHING


def test_a_role_that_is_not_named_may_not_and_an_empty_list_is_for_nobody(as_caller: As, database: Database) -> None:
    auditor = as_caller(Actor(subject="staff:auditor", roles=("auditor",)))
    assert auditor.get("/v1/numbers").status_code == 200
    assert auditor.post("/v1/numbers", {"number": 7}).json["code"] == "forbidden"
    everybody = Actor(subject="staff:all", roles=("patient", "admin", "auditor", "public", "service"))
    assert as_caller(everybody).get("/v1/nobody").json["code"] == "forbidden"
    assert as_caller(Actor(subject="account:none")).get("/v1/numbers").json["code"] == "forbidden"
    assert toy.state_of(database) == NOTHING


def test_a_wrong_method_says_which_are_right(as_caller: As) -> None:
    caller = as_caller(ONE)
    answer = caller.http.delete("/v1/numbers", headers=caller._headers())
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_error_of_ours_tells_no_trace(
    service: Service, database: Database, settings: Settings, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UnitOfWork, "insert", lambda *_: 1 / 0)
    http = create_app(service, settings, database=database, clock=clock).test_client()
    answer = Caller(http, ONE, clock).post("/v1/numbers", {"number": 7})
    assert (answer.status_code, answer.json["code"]) == (500, "service_failed")
    assert "ZeroDivision" not in answer.text
    assert toy.state_of(database) == NOTHING


def test_health_tells_whether_the_database_answers(
    service: Service, settings: Settings, database: Database, clock: StandingClock
) -> None:
    http = create_app(service, settings, database=database, clock=clock).test_client()
    assert http.get("/health/live").json == {"service": "toy", "status": "ok"}
    assert http.get("/health/ready").json == {"service": "toy", "status": "ok"}
    gone = Database(f"sqlite:///{settings.data_dir}/no-such-folder/toy.sqlite3", toy.toolbox)
    http = create_app(service, settings, database=gone, clock=clock).test_client()
    assert http.get("/health/live").status_code == 200
    answer = http.get("/health/ready")
    assert (answer.status_code, answer.json["code"]) == (503, "service_unavailable")


def test_the_document_names_roles_key_and_every_status(as_caller: As) -> None:
    document = as_caller(ONE).http.application.extensions["anxin.api"].spec.to_dict()
    post = document["paths"]["/v1/numbers"]["post"]
    assert post["operationId"] == "toy.keep"
    assert post["x-roles"] == ["patient"]
    assert [parameter["name"] for parameter in post["parameters"]] == ["Idempotency-Key"]
    assert set(post["responses"]) >= {"201", "400", "401", "403", "404", "405", "409", "413", "422", "500", "503"}
