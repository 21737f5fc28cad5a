"""What reaches the services, as whom, and what never does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.identity import usecases
from gateway.identity.domain import Link
from gateway.identity.door import Identity, Opened
from shared.actor import Actor, ActorSigner, new_key_pair
from tests.gateway.conftest import Services
from tests.support.callers import SIGNER
from tests.support.clock import StandingClock

ME, STRANGER = uuid.UUID(int=1), uuid.UUID(int=2)
BOOKING = b'{"slot_id": "1", "patient_id": "2"}'


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def account(log_in: Callable[..., Opened], link: Callable[..., Link]) -> uuid.UUID:
    opened = log_in()
    assert opened.log_in.account_id is not None
    link(opened.log_in.account_id, ME)
    return opened.log_in.account_id


@pytest.fixture
def bearer(identity: Identity, account: uuid.UUID) -> dict[str, str]:
    return {"Authorization": f"Bearer {identity.create_token(name='test', days=1, account_id=account)}"}


@pytest.fixture
def desk(identity: Identity, clock: StandingClock) -> dict[str, str]:
    with identity.database.write() as uow:
        usecases.add_staff_member(
            uow, now=clock.now, user_name="desk", display_name="周敏", password_hash="-", roles=["front_desk"]
        )
        credential = usecases.admit_password_try(
            uow, now=clock.now, user_name="desk", name_key="n", address_key="a", limits=identity.limits
        )
    token = identity.create_token(name="test", days=1, staff_id=credential.staff_id)
    return {"Authorization": f"Bearer {token}"}


def code_of(response: TestResponse) -> tuple[int, str]:
    assert response.content_type == "application/problem+json"
    document = response.get_json()
    assert document["status"] == response.status_code
    return response.status_code, document["code"]


def test_a_request_arrives_as_it_was_sent_and_the_answer_comes_back(
    http: FlaskClient, services: Services, bearer: dict[str, str], account: uuid.UUID
) -> None:
    services.answer("/v1/appointments", 201, {"id": "7"}, **{"ETag": '"3"', "Idempotency-Replayed": "true"})
    response = http.post(
        "/api/v1/appointments/appointments?one=1&two=%E6%98%9F",
        data=BOOKING,
        content_type="application/json",
        headers={**bearer, "Idempotency-Key": "key-of-this", "X-Request-Id": "tap-0001", "Anxin-Patient": str(ME)},
    )
    assert (response.status_code, response.get_json()) == (201, {"id": "7"})
    assert response.headers["ETag"] == '"3"'
    assert response.headers["Idempotency-Replayed"] == "true"
    assert response.headers["X-Request-Id"] == "tap-0001"
    (asked,) = services.asked
    assert (asked.service, asked.method, asked.path) == ("appointments", "POST", "/v1/appointments")
    assert (asked.query, asked.body) == ("one=1&two=%E6%98%9F", BOOKING)
    assert asked.headers["idempotency-key"] == "key-of-this"
    assert asked.actor == Actor(
        subject=f"account:{account}",
        roles=("patient",),
        patient_id=ME,
        scopes=("see", "pay", "sign"),
        request_id="tap-0001",
    )


def test_without_a_patient_named_nobody_is_acted_for(
    http: FlaskClient, services: Services, bearer: dict[str, str]
) -> None:
    assert http.get("/api/v1/appointments/appointments", headers=bearer).status_code == 200
    assert (services.asked[0].actor.patient_id, services.asked[0].actor.scopes) == (None, ())


@pytest.mark.parametrize("patient", [str(STRANGER), "not-an-id", "", "00000000"])
def test_a_patient_of_others_looks_as_if_not_there_and_nothing_is_asked(
    http: FlaskClient, services: Services, bearer: dict[str, str], desk: dict[str, str], patient: str
) -> None:
    for who in (bearer, desk):
        response = http.get("/api/v1/appointments/appointments", headers={**who, "Anxin-Patient": patient})
        assert code_of(response) == (404, "not_found")
    assert services.asked == []


def test_identity_headers_from_outside_stay_outside(
    http: FlaskClient, services: Services, bearer: dict[str, str], account: uuid.UUID, clock: StandingClock
) -> None:
    admin = Actor(subject="staff:evil", roles=("admin", "front_desk"), patient_id=STRANGER, scopes=("see",))
    forged = {
        "Anxin-Actor": SIGNER.sign(admin, clock.now),
        "X-Anxin-Roles": "admin",
        "X-Forwarded-User": "admin",
        "X-Forwarded-For": "127.0.0.1",
        "Cookie": "anxin_session=stolen; other=1",
        "Forwarded": "for=127.0.0.1",
    }
    assert http.get("/api/v1/appointments/appointments", headers={**bearer, **forged}).status_code == 200
    (asked,) = services.asked
    assert (asked.actor.subject, asked.actor.roles) == (f"account:{account}", ("patient",))
    assert asked.actor.patient_id is None
    assert set(asked.headers) <= {"anxin-actor", "accept", "host", "content-length"}


def test_a_forged_actor_without_a_token_is_nobody(http: FlaskClient, services: Services, clock: StandingClock) -> None:
    admin = Actor(subject="staff:evil", roles=("front_desk",))
    for signer in (SIGNER, ActorSigner(new_key_pair()[0])):
        headers = {"Anxin-Actor": signer.sign(admin, clock.now)}
        assert code_of(http.get("/api/v1/records/patients", headers=headers)) == (401, "not_logged_in")
    assert services.asked == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/records/secrets"),
        ("GET", "/api/v1/records/patients/"),
        ("GET", "/api/v1/records/patients/not-an-id"),
        ("GET", f"/api/v1/records/patients/{ME}/accesses"),
        ("GET", "/api/v1/unknown/patients"),
        ("GET", "/api/v1/appointments/../records/patients"),
        ("GET", "/api/v1/meals/dishes/../../patients"),
        ("GET", "/api/v1/meals/dishes/a%2Fb"),
        ("GET", "/api/v1/appointments//departments"),
        ("GET", "/api/v2/appointments/departments"),
        ("GET", "/api/"),
        ("GET", "/health/secret"),
        ("GET", "/callbacks/unknown"),
    ],
)
def test_what_is_not_published_is_not_there(
    http: FlaskClient, services: Services, desk: dict[str, str], method: str, path: str
) -> None:
    response = http.open(path, method=method, headers=desk)
    assert response.status_code in {404, 308}
    assert services.asked == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_published_is_named_with_those_that_are(
    http: FlaskClient, services: Services, desk: dict[str, str], method: str
) -> None:
    response = http.open("/api/v1/appointments/appointments", method=method, headers=desk)
    assert code_of(response) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))
    assert services.asked == []


def test_another_role_is_refused_before_the_service_hears_of_it(
    http: FlaskClient, services: Services, bearer: dict[str, str], desk: dict[str, str]
) -> None:
    assert code_of(http.get("/api/v1/records/patients?search=x", headers=bearer)) == (403, "forbidden")
    assert code_of(http.get(f"/api/v1/records/patients/{ME}", headers=desk)) == (403, "forbidden")
    assert services.asked == []


def test_the_public_sees_what_is_public_and_nothing_else(http: FlaskClient, services: Services) -> None:
    assert http.get("/api/v1/appointments/departments").get_json() == {"items": []}
    assert (services.asked[0].actor.subject, services.asked[0].actor.roles) == ("public", ("public",))
    response = http.get("/api/v1/appointments/appointments")
    assert code_of(response) == (401, "not_logged_in")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert code_of(http.get("/api/v1/appointments/departments", headers={"Anxin-Patient": str(ME)}))[0] == 401
    assert len(services.asked) == 1


def test_names_in_a_path_arrive_quoted(http: FlaskClient, services: Services) -> None:
    http.get("/api/v1/meals/dishes/%E8%B1%86%20%3F%23")
    assert services.asked[0].path == "/v1/dishes/豆 ?#"
    assert services.asked[0].query == ""


@pytest.mark.parametrize("name", ["%2e", "%2e%2e"])
def test_a_name_cannot_climb(http: FlaskClient, services: Services, name: str) -> None:
    assert http.get(f"/api/v1/meals/dishes/{name}").status_code == 404
    assert services.asked == []


@pytest.mark.parametrize("given", ["short", "x" * 65, "has space in it", "quote'inside", "新的请求编号一二三"])
def test_a_request_id_that_cannot_be_one_is_replaced(http: FlaskClient, services: Services, given: str) -> None:
    header = given.encode().decode("latin-1")
    response = http.get("/api/v1/appointments/departments", headers={"X-Request-Id": header})
    assert response.headers["X-Request-Id"] == services.asked[0].actor.request_id
    assert len(response.headers["X-Request-Id"]) == 16


def test_a_body_over_the_limit_goes_no_further(http: FlaskClient, services: Services, bearer: dict[str, str]) -> None:
    big = b'"' + b"x" * (1 << 20) + b'"'
    response = http.post("/api/v1/appointments/appointments", data=big, headers=bearer, content_type="application/json")
    assert code_of(response) == (413, "request_too_large")
    assert services.asked == []


def test_a_query_over_the_limit_goes_no_further(http: FlaskClient, services: Services) -> None:
    assert code_of(http.get("/api/v1/appointments/departments?search=" + "x" * 2000)) == (400, "invalid_request")
    assert services.asked == []


def test_a_service_that_is_down_is_said_to_be_and_the_others_go_on(
    http: FlaskClient, services: Services, bearer: dict[str, str], settings: Any
) -> None:
    services.adapter.unreachable.add(settings.url("appointments"))
    response = http.get("/api/v1/appointments/departments")
    assert code_of(response) == (503, "service_unavailable")
    assert response.headers["Retry-After"] == "2"
    assert http.get("/api/v1/meals/dishes/rice").status_code == 200


def test_a_service_s_problem_comes_back_word_for_word(
    http: FlaskClient, services: Services, bearer: dict[str, str]
) -> None:
    told = {"type": "urn:anxin:problem:slot_taken", "title": "slot taken", "status": 409, "code": "slot_taken"}
    services.answer("/v1/appointments", 409, told, **{"Retry-After": "1"})
    response = http.post("/api/v1/appointments/appointments", data=BOOKING, headers=bearer)
    assert (response.status_code, response.get_json()) == (409, told)
    assert response.headers["Retry-After"] == "1"
    assert response.content_type == "application/problem+json"


def test_no_other_site_may_read_an_answer(http: FlaskClient, services: Services, bearer: dict[str, str]) -> None:
    services.answer("/v1/departments", 200, {"items": []}, **{"Access-Control-Allow-Origin": "*", "Set-Cookie": "a=b"})
    response = http.get("/api/v1/appointments/departments", headers={**bearer, "Origin": "https://evil.example"})
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
