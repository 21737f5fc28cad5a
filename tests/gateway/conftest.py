"""The gateway in a test: its own database, its door to identity, and services that write down who asked them what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request

from gateway.api.operations import Published, PublishedOperation
from gateway.app import SERVICE, create_app
from gateway.clients import Clients
from gateway.identity.domain import Link, Proof, Relation
from gateway.identity.door import Identity, Opened
from shared.actor import Actor, ActorVerifier
from shared.database import Database
from shared.service import Service
from shared.settings import SERVICES, Settings
from tests.support.callers import PUBLIC_KEY
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session

PHONE = "19900000001"
HERE = "10.0.0.1"


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture
def identity(database: Database, clock: StandingClock, settings: Settings) -> Identity:
    return Identity(database, settings.secrets["session_secret"], is_demo=True, clock=clock)


@pytest.fixture
def log_in(identity: Identity) -> Callable[..., Opened]:
    """`log_in(phone)` asks for a code and logs in with it; `agree=False` leaves the consents out."""

    def by_code(phone: str = PHONE, *, agree: bool = True) -> Opened:
        identity.request_code(phone, address=HERE)
        opened = identity.log_in_with_code(phone, identity.demo_messages()[0].code, address=HERE)
        if agree:
            assert opened.log_in.account_id is not None
            versions = {text.code: text.version for text in identity.texts}
            identity.give_consents(opened.log_in.account_id, versions, language="zh")
        return opened

    return by_code


@pytest.fixture
def link(identity: Identity) -> Callable[..., Link]:
    """`link(account_id, patient_id, relation)` with a proof and a key of its own."""

    def make(account_id: Any, patient_id: Any, relation: Relation = Relation.SELF, **values: Any) -> Link:
        given = {"display_name": "王小明", "proof": Proof.REGISTERED, "request_key": f"key-{patient_id}"}
        return identity.link_patient(account_id, patient_id, relation=relation, **(given | values))

    return make


@dataclass(frozen=True)
class Asked:
    """What a service was asked, and by whom."""

    service: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    actor: Actor


@dataclass
class Services:
    """Services that answer what the test lays out for them, and keep what they were asked."""

    adapter: InProcessAdapter
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[int, Any, dict[str, str]]] = field(default_factory=dict)

    def answer(self, path: str, status: int, body: Any, **headers: str) -> None:
        self.answers[path] = (status, body, headers)


@pytest.fixture
def services(settings: Settings, clock: StandingClock) -> Services:
    adapter = InProcessAdapter({})
    made = Services(adapter)
    for name in SERVICES:
        adapter.applications[settings.url(name)] = _service(name, made, clock)
    return made


def _service(name: str, services: Services, clock: StandingClock) -> Flask:
    app = Flask(name)
    verifier = ActorVerifier(PUBLIC_KEY)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        headers = {key.lower(): value for key, value in request.headers}
        actor = verifier.verify(headers["anxin-actor"], clock())
        query = request.query_string.decode()
        services.asked.append(Asked(name, request.method, f"/{path}", query, headers, request.get_data(), actor))
        status, body, extra = services.answers.get(f"/{path}", (200, {"items": []}, {}))
        media_type = "application/json" if status < 400 else "application/problem+json"
        return Response(app.json.dumps(body), status=status, content_type=media_type, headers=extra)

    return app


def operation(
    service: str, method: str, path: str, *roles: str, formats: dict[str, str] | None = None
) -> PublishedOperation:
    """One published operation."""
    name = f"{service}.{method.lower()}_{path.strip('/').replace('/', '_').replace('{', '').replace('}', '')}"
    return PublishedOperation(name, service, method, path, frozenset(roles), formats or {})


PUBLISHED = Published(
    operations=(
        operation("appointments", "GET", "/departments", "public", "patient"),
        operation("appointments", "GET", "/appointments", "patient", "front_desk"),
        operation("appointments", "POST", "/appointments", "patient", "front_desk"),
        operation("records", "GET", "/patients", "front_desk"),
        operation("records", "GET", "/patients/{patient_id}", "patient", formats={"patient_id": "uuid"}),
        operation("meals", "GET", "/dishes/{name}", "public"),
    ),
    document=b'{"openapi": "3.1.0"}',
)


@pytest.fixture
def app(database: Database, settings: Settings, clock: StandingClock, services: Services) -> Flask:
    session = in_process_session(services.adapter)
    clients = Clients.make(settings, clock=clock, sessions=dict.fromkeys(SERVICES, session))
    return create_app(settings, database=database, clients=clients, clock=clock, operations=PUBLISHED)
