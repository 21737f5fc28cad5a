"""Registering a person over the API, and acting for them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gateway.api.operations import Published, PublishedOperation
from gateway.app import create_app
from gateway.clients import Clients
from gateway.identity.domain import Link, Proof, Relation
from gateway.identity.door import Identity, Opened
from shared.database import Database
from shared.settings import SERVICES, Settings
from tests.gateway.conftest import Services
from tests.support.clock import StandingClock
from tests.support.in_process import in_process_session

PATIENT = {"id": str(uuid.UUID(int=7)), "name": "王小雨", "mrn": "A0000007"}
PERSON = {"name": "王小雨", "document_type": "01", "document_number": "329900201001010019"}
BOTH = frozenset({"patient", "front_desk"})
Send = Callable[..., TestResponse]


@pytest.fixture
def app(database: Database, settings: Settings, clock: StandingClock, services: Services) -> Flask:
    operations = (
        PublishedOperation("records.register_patient", "records", "POST", "/patients", BOTH, {}),
        PublishedOperation("records.redeem_link_code", "records", "POST", "/link-codes/redemption", BOTH, {}),
    )
    session = in_process_session(services.adapter)
    clients = Clients.make(settings, clock=clock, sessions=dict.fromkeys(SERVICES, session))
    published = Published(operations, b"{}")
    return create_app(settings, database=database, clients=clients, clock=clock, operations=published)


@pytest.fixture
def account(log_in: Callable[..., Opened]) -> uuid.UUID:
    account = log_in().log_in.account_id
    assert account is not None
    return account


@pytest.fixture
def send(app: Flask, identity: Identity, account: uuid.UUID) -> Send:
    token = identity.create_token(name="test", days=1, account_id=account)

    def post(path: str = "/patients", body: Any = PERSON, **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key-0001"} | headers
        return app.test_client().post(f"/api/v1/records{path}", json=body, headers=sent)

    return post


def test_whoever_registers_a_person_acts_for_them(
    send: Send, services: Services, identity: Identity, account: uuid.UUID
) -> None:
    services.answer("/v1/patients", 201, PATIENT)
    for _ in range(2):
        response = send(**{"Anxin-Relation": "child"})
        assert (response.status_code, response.get_json()) == (201, PATIENT)
    (made,) = identity.links(account)
    assert (str(made.patient_id), made.relation, made.proof) == (PATIENT["id"], Relation.CHILD, Proof.REGISTERED)
    assert [json.loads(asked.body) for asked in services.asked] == [PERSON, PERSON]


def test_a_retry_looks_the_same_to_records_whoever_is_acted_for(
    send: Send, services: Services, account: uuid.UUID, link: Callable[..., Link]
) -> None:
    link(account, uuid.UUID(int=1))
    services.answer("/v1/patients", 201, PATIENT)
    send()
    send(**{"Anxin-Patient": str(uuid.UUID(int=1))})
    assert [asked.actor.patient_id for asked in services.asked] == [None, None]


def test_a_code_from_the_front_desk_is_the_proof(
    send: Send, services: Services, identity: Identity, account: uuid.UUID
) -> None:
    services.answer("/v1/link-codes/redemption", 200, PATIENT | {"name": None})
    assert send("/link-codes/redemption", {"code": "ABCD2345"}).status_code == 200
    (made,) = identity.links(account)
    assert (made.relation, made.proof, made.display_name) == (Relation.OTHER, Proof.LINK_CODE, "A0000007")


@pytest.mark.parametrize("relation", ["", "boss", "SELF", "self; DROP"])
def test_a_relation_that_does_not_exist_registers_nobody(
    send: Send, services: Services, identity: Identity, account: uuid.UUID, relation: str
) -> None:
    response = send(**{"Anxin-Relation": relation})
    assert (response.status_code, response.get_json()["code"]) == (400, "invalid_request")
    assert services.asked == []
    assert identity.links(account) == []


def test_a_full_family_registers_nobody(
    send: Send, services: Services, account: uuid.UUID, link: Callable[..., Link]
) -> None:
    for number in range(1, 6):
        link(account, uuid.UUID(int=100 + number), Relation.OTHER)
    response = send()
    assert (response.status_code, response.get_json()["code"]) == (422, "family_limit_reached")
    assert services.asked == []


def test_what_records_refuses_links_nobody(
    send: Send, services: Services, identity: Identity, account: uuid.UUID
) -> None:
    services.answer("/v1/patients", 409, {"status": 409, "code": "patient_exists"})
    assert send().status_code == 409
    assert identity.links(account) == []
