"""Adding a patient: records decides who they are, identity who acts for them, and dying in between does no harm."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from gateway.identity.domain import AlreadyLinked, FamilyLimitReached, Proof, Relation
from gateway.identity.door import Identity, Opened
from gateway.web import session
from gateway.web.family import redeem_link_code, register_patient
from shared.client import ServiceProblem, ServiceUnreachable
from shared.settings import Settings
from tests.gateway.conftest import Services

PATIENT = {"id": str(uuid.UUID(int=7)), "name": "王小雨", "mrn": "A0000007"}
PERSON = {"document_type": "01", "document_number": "329900201001010019"}


@pytest.fixture
def opened(log_in: Any) -> Opened:
    made: Opened = log_in()
    return made


@pytest.fixture
def account(opened: Opened) -> uuid.UUID:
    assert opened.log_in.account_id is not None
    return opened.log_in.account_id


@contextmanager
def page_of(app: Flask, opened: Opened) -> Iterator[None]:
    with app.test_request_context("/", headers={"Cookie": f"{session.COOKIE}={opened.token}"}):
        yield


def test_a_person_is_registered_and_then_acted_for(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity
) -> None:
    services.answer("/v1/patients", 201, PATIENT)
    with page_of(app, opened):
        link = register_patient(key="form-0001", relation=Relation.CHILD, name="王小雨", phone=None, **PERSON)
    assert (str(link.patient_id), link.display_name, link.proof) == (PATIENT["id"], "王小雨", Proof.REGISTERED)
    assert identity.links(account) == [link]
    (asked,) = services.asked
    assert (asked.path, asked.headers["idempotency-key"]) == ("/v1/patients", "form-0001")
    assert json.loads(asked.body) == {"name": "王小雨", **PERSON}
    assert (asked.actor.subject, asked.actor.patient_id) == (f"account:{account}", None)


def test_whoever_dies_between_registering_and_linking_sends_the_form_again(
    app: Flask,
    opened: Opened,
    account: uuid.UUID,
    services: Services,
    identity: Identity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.answer("/v1/patients", 201, PATIENT)

    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Identity, "link_patient", die)
        with page_of(app, opened), pytest.raises(KeyboardInterrupt):
            register_patient(key="form-0001", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert identity.links(account) == []
    for _ in range(2):
        with page_of(app, opened):
            link = register_patient(key="form-0001", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert identity.links(account) == [link]
    assert {asked.headers["idempotency-key"] for asked in services.asked} == {"form-0001"}
    assert {asked.actor.patient_id for asked in services.asked} == {None}


def test_a_new_form_for_a_person_this_account_registered_makes_the_link(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity
) -> None:
    exists = {"status": 409, "code": "patient_exists", "patient_id": PATIENT["id"]}
    services.answer("/v1/patients", 409, exists)
    with page_of(app, opened):
        link = register_patient(key="form-0002", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert [str(each.patient_id) for each in identity.links(account)] == [PATIENT["id"]]
    with page_of(app, opened), pytest.raises(AlreadyLinked):
        register_patient(key="form-0003", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert identity.links(account) == [link]


def test_a_person_somebody_else_registered_is_not_linked_by_knowing_their_number(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity
) -> None:
    services.answer("/v1/patients", 409, {"status": 409, "code": "patient_exists"})
    with page_of(app, opened), pytest.raises(ServiceProblem) as refusal:
        register_patient(key="form-0001", relation=Relation.SELF, name="王小雨", **PERSON)
    assert refusal.value.code == "patient_exists"
    assert identity.links(account) == []


def test_a_code_from_the_front_desk_links_the_patient_it_stands_for(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity
) -> None:
    services.answer("/v1/link-codes/redemption", 200, PATIENT | {"name": None})
    with page_of(app, opened):
        link = redeem_link_code(key="form-0001", relation=Relation.PARENT, code="ABCD2345")
    assert (link.relation, link.proof, link.display_name) == (Relation.PARENT, Proof.LINK_CODE, "A0000007")
    assert identity.links(account) == [link]
    assert json.loads(services.asked[0].body) == {"code": "ABCD2345"}


def test_a_wrong_code_links_nobody(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity
) -> None:
    services.answer("/v1/link-codes/redemption", 422, {"status": 422, "code": "link_code_wrong"})
    with page_of(app, opened), pytest.raises(ServiceProblem):
        redeem_link_code(key="form-0001", relation=Relation.PARENT, code="WRONG222")
    assert identity.links(account) == []


def test_a_full_family_asks_records_for_nothing(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, link: Any
) -> None:
    for number in range(1, 6):
        link(account, uuid.UUID(int=number), Relation.OTHER)
    with page_of(app, opened), pytest.raises(FamilyLimitReached):
        register_patient(key="form-0001", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert services.asked == []


def test_when_records_is_down_nothing_is_linked(
    app: Flask, opened: Opened, account: uuid.UUID, services: Services, identity: Identity, settings: Settings
) -> None:
    services.adapter.unreachable.add(settings.url("records"))
    with page_of(app, opened), pytest.raises(ServiceUnreachable):
        register_patient(key="form-0001", relation=Relation.CHILD, name="王小雨", **PERSON)
    assert identity.links(account) == []
