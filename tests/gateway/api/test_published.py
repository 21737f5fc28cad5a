"""The built files: fresh, complete, and one true document."""

from __future__ import annotations

import json
import re
import uuid
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.api.operations import PublishedOperation, published
from gateway.app import create_app
from gateway.clients import Clients
from gateway.identity import usecases
from gateway.identity.domain import STAFF_ROLES
from gateway.identity.door import Identity
from shared.database import Database
from shared.settings import SERVICES, Settings
from tests.gateway.conftest import Services
from tests.support.clock import StandingClock
from tests.support.in_process import in_process_session

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "gateway" / "api"
PUBLISHED = published()


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    loader = SourceFileLoader("build_openapi", str(ROOT / "scripts" / "build-openapi"))
    spec = spec_from_loader("build_openapi", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def operations_of(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        operation["operationId"]: (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(references(each) for each in value))
    return set()


@pytest.mark.parametrize("name", ["operations.json", "openapi.json"])
def test_the_built_files_are_as_new_as_the_services(builder: ModuleType, name: str) -> None:
    assert (FOLDER / name).read_text() == builder.built()[name], "run scripts/build-openapi"


def test_a_service_that_changed_makes_the_files_stale(builder: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    before = builder.built()
    real = builder.service_document

    def changed(name: str) -> dict[str, Any]:
        document: dict[str, Any] = real(name)
        if name == "records":
            document["paths"]["/v1/patients"]["get"]["x-roles"] = ["nobody"]
        return document

    monkeypatch.setattr(builder, "service_document", changed)
    assert {name for name, text in builder.built().items() if text != before[name]} == {
        "operations.json",
        "openapi.json",
    }


def test_an_operation_without_roles_is_published_to_nobody(builder: ModuleType) -> None:
    operation = {"operationId": "records.secret", "x-roles": [], "responses": {}}
    assert builder.operations({"records": {"paths": {"/v1/secret": {"get": operation}}}}) == []


def test_the_allow_list_and_the_document_name_the_same_operations() -> None:
    document = json.loads(PUBLISHED.document)
    described = operations_of(document)
    assert {each.id for each in PUBLISHED.operations} == set(described)
    for each in PUBLISHED.operations:
        path, method, operation = described[each.id]
        assert (path, method) == (f"/v1/{each.service}{each.path}", each.method.lower())
        assert set(operation["x-roles"]) == each.roles
        assert operation["security"] == ([] if each.is_public else [{"bearer": []}])


def test_every_name_in_the_document_leads_somewhere_and_carries_its_service() -> None:
    document = json.loads(PUBLISHED.document)
    assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": "/api"}])
    for reference in references(document):
        _, _, kind, name = reference.split("/")
        assert name.partition(".")[0] in {"appointments", "billing", "meals", "records"}
        assert name in document["components"][kind]


def test_every_post_asks_for_its_idempotency_key() -> None:
    document = json.loads(PUBLISHED.document)
    for path, method, operation in operations_of(document).values():
        keys = [each["required"] for each in operation.get("parameters", []) if each.get("name") == "Idempotency-Key"]
        assert keys == ([True] if method == "post" else []), path


def test_what_providers_report_has_its_own_place_and_is_no_part_of_the_api() -> None:
    assert [each.id for each in PUBLISHED.operations if "callback" in each.path] == []


@pytest.fixture
def whole(database: Database, settings: Settings, clock: StandingClock, services: Services) -> FlaskClient:
    """The gateway with everything that is really published."""
    session = in_process_session(services.adapter)
    clients = Clients.make(settings, clock=clock, sessions=dict.fromkeys(SERVICES, session))
    return create_app(settings, database=database, clients=clients, clock=clock).test_client()


def address_of(operation: PublishedOperation) -> str:
    return f"/api/v1/{operation.service}" + re.sub(r"{\w+}", str(uuid.UUID(int=1)), operation.path)


def test_every_operation_refuses_strangers_and_every_role_that_it_does_not_name(
    whole: FlaskClient, services: Services, identity: Identity, clock: StandingClock
) -> None:
    tokens = {role: token_of(identity, clock, role) for role in STAFF_ROLES}
    for operation in PUBLISHED.operations:
        for role, token in {"": "", **tokens}.items():
            if operation.is_public or role in operation.roles:
                continue
            headers = {"Authorization": f"Bearer {token}"} if role else {}
            response = whole.open(address_of(operation), method=operation.method, headers=headers)
            refused = (403, "forbidden") if role else (401, "not_logged_in")
            assert (response.status_code, response.get_json()["code"]) == refused, (operation.id, role)
    assert services.asked == []


def test_every_operation_reaches_its_service_for_every_role_that_it_names(
    whole: FlaskClient, services: Services, identity: Identity, clock: StandingClock
) -> None:
    expected = []
    for role in STAFF_ROLES:
        headers = {"Authorization": f"Bearer {token_of(identity, clock, role)}"}
        for operation in PUBLISHED.operations:
            if operation.is_public or role in operation.roles:
                assert whole.open(address_of(operation), method=operation.method, headers=headers).status_code == 200
                path = address_of(operation).removeprefix(f"/api/v1/{operation.service}")
                expected.append((operation.service, operation.method, f"/v1{path}", (role,)))
    asked = [(each.service, each.method, each.path, each.actor.roles) for each in services.asked]
    assert asked == expected


def token_of(identity: Identity, clock: StandingClock, role: str) -> str:
    with identity.database.write() as uow:
        usecases.add_staff_member(
            uow, now=clock.now, user_name=role, display_name=role, password_hash="-", roles=[role]
        )
        credential = usecases.admit_password_try(
            uow, now=clock.now, user_name=role, name_key=role, address_key="a", limits=identity.limits
        )
    return identity.create_token(name="test", days=1, staff_id=credential.staff_id)


def test_the_gateway_serves_exactly_the_built_files(app: Flask) -> None:
    response = app.test_client().get("/api/openapi.json")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert response.get_json() == {"openapi": "3.1.0"}
