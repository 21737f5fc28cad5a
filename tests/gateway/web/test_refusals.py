"""What people and machines see when something did not work: never a stack trace."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import BadRequest

from gateway.identity.domain import FamilyLimitReached, TooManyTries
from shared.client import ServiceProblem, ServiceUnreachable
from shared.database import Busy
from shared.errors import Forbidden, NotFound

WRONG = {
    "forbidden": (Forbidden(), 403, "forbidden"),
    "limit": (FamilyLimitReached(), 422, "family_limit_reached"),
    "missing": (NotFound(), 404, "not_found"),
    "slow": (TooManyTries(), 429, "too_many_tries"),
    "request": (BadRequest(), 400, "invalid_request"),
    "service": (ServiceProblem(409, {"code": "slot_taken", "status": 409}), 409, "slot_taken"),
    "silence": (ServiceUnreachable("Timeout"), 503, "service_unavailable"),
    "busy": (Busy("locked"), 503, "service_unavailable"),
    "bug": (RuntimeError("secret 19900000001"), 500, "service_failed"),
}

broken = Blueprint("broken", __name__)


@broken.get("/broken/<kind>")
@broken.get("/api/v1/broken/<kind>")
def fail(kind: str) -> str:
    raise WRONG[kind][0]


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    app.register_blueprint(broken)
    return app.test_client()


@pytest.mark.parametrize("kind", WRONG)
def test_a_person_reads_a_page(http: FlaskClient, kind: str) -> None:
    response = http.get(f"/broken/{kind}")
    text = response.get_data(as_text=True)
    assert (response.status_code, response.content_type) == (WRONG[kind][1], "text/html; charset=utf-8")
    assert "<!doctype html>" in text
    assert "Traceback" not in text
    assert "19900000001" not in text


@pytest.mark.parametrize("kind", [kind for kind in WRONG if kind != "service"])
def test_a_machine_reads_a_problem_document(http: FlaskClient, kind: str) -> None:
    response = http.get(f"/api/v1/broken/{kind}")
    document = response.get_json()
    assert response.content_type == "application/problem+json"
    assert (response.status_code, document["status"], document["code"]) == (WRONG[kind][1], *WRONG[kind][1:])
    assert "19900000001" not in response.get_data(as_text=True)


def test_a_page_that_is_not_there_is_a_page(http: FlaskClient) -> None:
    response = http.get("/nowhere")
    assert (response.status_code, response.content_type) == (404, "text/html; charset=utf-8")
    wrong_method = http.delete("/design")
    assert wrong_method.status_code == 405
    assert set(wrong_method.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_gateway_says_whether_it_lives_and_whether_its_database_answers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = app.test_client()
    for path in ("/health/live", "/health/ready"):
        assert (http.get(path).status_code, http.get(path).get_json()["service"]) == (200, "gateway")
    monkeypatch.setattr(type(app.extensions["anxin.identity"].database), "read", lambda _: 1 / 0)
    assert http.get("/health/live").status_code == 200
    response = http.get("/health/ready")
    assert (response.status_code, response.get_json()["code"]) == (503, "service_unavailable")
