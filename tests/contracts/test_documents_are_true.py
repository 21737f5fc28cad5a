"""Each service's OpenAPI document against the service itself: whatever the document allows is answered as it says."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import Case, openapi
from schemathesis.specs.openapi.checks import positive_data_acceptance
from schemathesis.transport.wsgi import WSGI_TRANSPORT

from shared.actor import Actor
from shared.cli import load
from shared.database import Database
from shared.service import Service
from shared.settings import SERVICES, Settings
from shared.web import ACTOR_HEADER, create_app
from tests.support.callers import SIGNER
from tests.support.clock import StandingClock

EVERY_ROLE = (
    *("patient", "companion", "nurse", "doctor", "dietitian", "canteen", "cashier", "finance"),
    *("records_officer", "front_desk", "triage", "auditor", "admin", "public"),
)
SOMEBODY = Actor(
    subject="staff:everything", roles=EVERY_ROLE, patient_id=uuid.UUID(int=1), scopes=("see", "pay", "sign")
)


def _ask(app: Flask, case: Case, clock: StandingClock) -> None:
    headers = {ACTOR_HEADER: SIGNER.sign(SOMEBODY, clock())}
    if case.method == "POST":
        headers["Idempotency-Key"] = uuid.uuid4().hex
    answer = WSGI_TRANSPORT.send(case, headers=headers, app=app)
    # A rule may refuse what the document allows (somebody who is not there, a document that does not count).
    case.validate_response(answer, excluded_checks=[positive_data_acceptance])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_answers_as_its_document_says(
    name: str, open_database: Callable[[Service, str], Database], settings: Settings, clock: StandingClock
) -> None:
    service = load(name)
    app = create_app(service, settings, database=open_database(service, "sqlite"), clock=clock)
    document = json.loads(json.dumps(app.extensions["anxin.api"].spec.to_dict()))
    asked = set()
    for found in openapi.from_dict(document).get_all_operations():
        operation = found.ok()

        @examples(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def every_case(case: Case) -> None:
            _ask(app, case, clock)

        every_case()
        asked.add(operation.label)
    assert len(asked) == sum(len({"get", "post"} & set(path)) for path in document["paths"].values())
