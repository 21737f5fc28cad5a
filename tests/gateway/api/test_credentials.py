"""Tokens and sessions at the API's door: stolen, expired, forged, and used from another site."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.identity.domain import Link, Relation
from gateway.identity.door import Identity, Opened
from gateway.web.session import COOKIE, FORM_TOKEN_HEADER
from tests.gateway.conftest import Services
from tests.support.clock import StandingClock

LogIn = Callable[..., Opened]
ME, CHILD = uuid.UUID(int=1), uuid.UUID(int=2)
PATH = "/api/v1/appointments/appointments"


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def cookie(opened: Opened) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={opened.token}"}


@pytest.mark.parametrize(
    "header",
    [
        *("", "Bearer", "Bearer ", "Bearer x", "Basic YWRtaW46YWRtaW4="),
        *("bearer anx_" + "0" * 43, "Bearer " + "x" * 9000),
        *("Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdGFmZjphZG1pbiJ9.", "Bearer ' OR 1=1 --"),
    ],
)
def test_a_token_that_is_none_is_refused_and_never_taken_for_the_public(
    http: FlaskClient, services: Services, header: str
) -> None:
    for path in (PATH, "/api/v1/appointments/departments"):
        response = http.get(path, headers={"Authorization": header})
        assert (response.status_code, response.get_json()["code"]) == (401, "not_logged_in")
    assert services.asked == []


def test_a_token_ends_with_its_day_and_with_its_revocation(
    http: FlaskClient, services: Services, identity: Identity, log_in: LogIn, clock: StandingClock
) -> None:
    token = identity.create_token(name="test", days=1, account_id=log_in().log_in.account_id)
    headers = {"Authorization": f"Bearer {token}"}
    assert http.get(PATH, headers=headers).status_code == 200
    clock.advance(days=1)
    assert http.get(PATH, headers=headers).status_code == 401
    assert len(services.asked) == 1


def test_a_session_acts_for_its_patient_or_for_the_one_that_is_named(
    http: FlaskClient, services: Services, log_in: LogIn, link: Callable[..., Link]
) -> None:
    opened = log_in()
    link(opened.log_in.account_id, ME)
    link(opened.log_in.account_id, CHILD, Relation.CHILD)
    http.get(PATH, headers=cookie(opened))
    http.get(PATH, headers={**cookie(opened), "Anxin-Patient": str(CHILD)})
    assert [asked.actor.patient_id for asked in services.asked] == [ME, CHILD]


def test_a_session_that_has_ended_is_nobody(
    http: FlaskClient, services: Services, identity: Identity, log_in: LogIn
) -> None:
    opened = log_in()
    identity.log_out(opened.log_in.session_id)
    assert http.get(PATH, headers=cookie(opened)).status_code == 401
    assert services.asked == []


def test_a_session_changes_something_only_with_its_own_form_token(
    http: FlaskClient, services: Services, identity: Identity, log_in: LogIn
) -> None:
    opened, other = log_in(), log_in("19900000002")
    own = {FORM_TOKEN_HEADER: identity.form_token(opened.token)}
    foreign = {FORM_TOKEN_HEADER: identity.form_token(other.token)}
    for headers in ({}, foreign, {FORM_TOKEN_HEADER: ""}, own | {"Origin": "https://evil.example"}):
        response = http.post(PATH, json={}, headers={**cookie(opened), **headers})
        assert (response.status_code, response.get_json()["code"]) == (400, "form_expired")
    assert services.asked == []
    assert http.post(PATH, json={}, headers={**cookie(opened), **own}).status_code == 200
    assert http.post(PATH, json={}, headers={**cookie(opened), **own, "Origin": "http://localhost"}).status_code == 200
    assert len(services.asked) == 2


def test_without_consent_nothing_is_asked_for_by_session_or_token(
    http: FlaskClient, services: Services, identity: Identity, log_in: LogIn
) -> None:
    opened = log_in(agree=False)
    token = identity.create_token(name="test", days=1, account_id=opened.log_in.account_id)
    for headers in (cookie(opened), {"Authorization": f"Bearer {token}"}):
        response = http.get(PATH, headers=headers)
        assert (response.status_code, response.get_json()["code"]) == (403, "consent_missing")
    assert services.asked == []
    assert http.get("/api/v1/appointments/departments", headers=cookie(opened)).status_code == 200


def test_an_unlinked_patient_is_gone_on_the_next_request(
    http: FlaskClient, services: Services, identity: Identity, log_in: LogIn, link: Callable[..., Link]
) -> None:
    opened = log_in()
    link(opened.log_in.account_id, ME)
    token = identity.create_token(name="test", days=1, account_id=opened.log_in.account_id)
    headers = {"Authorization": f"Bearer {token}", "Anxin-Patient": str(ME)}
    assert http.get(PATH, headers=headers).status_code == 200
    identity.unlink_patient(opened.log_in.account_id, ME)
    assert http.get(PATH, headers=headers).status_code == 404
    assert len(services.asked) == 1
