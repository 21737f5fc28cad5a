"""The courier simulator under a standing clock, and a hospital that asks for labels and hears its notices."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from shared.settings import Settings
from simulators.courier.app import create_app
from simulators.courier.books import Books
from simulators.courier.moods import Mood, choose
from simulators.signature import signature
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session


@dataclass
class Hospital:
    """What the hospital was told, and how it answers."""

    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200

    def app(self) -> Flask:
        """The hospital's public address."""
        app = Flask("hospital")

        @app.post("/callbacks/courier")
        def hear() -> Response:
            self.told.append((dict(request.headers), request.get_data()))
            return Response(status=self.status)

        return app


@dataclass
class Courier:
    """The courier, and the hospital that calls it."""

    app: Flask
    clock: StandingClock
    secret: str
    hospital: Hospital
    waited: list[float]

    @property
    def books(self) -> Books:
        """Its books."""
        books: Books = self.app.extensions["courier.books"]
        return books

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """A signed request; `headers` replace those of the signature."""
        data = b"" if body is None else json.dumps(body).encode()
        timestamp = str(int(self.clock().timestamp()))
        signed = {
            "Courier-Timestamp": timestamp,
            "Courier-Nonce": "n1",
            "Courier-Signature": signature(self.secret, method, path, timestamp, "n1", data),
        }
        return self.app.test_client().open(path, method=method, data=data, headers=signed | headers)

    def label(self, **changes: Any) -> TestResponse:
        """Ask for a label."""
        receiver = {
            "name": "王小明",
            "phone": "19900000002",
            "province": "32",
            "city": "徐州市",
            "street": "和平路 1 号",
        }
        wanted = {
            "sender_reference": "shipment-1",
            "receiver": receiver | changes.pop("receiver", {}),
            "notify_url": "http://127.0.0.1:8080/callbacks/courier",
        }
        return self.send("POST", "/api/parcels", wanted | changes)

    def parcel(self, reference: str = "shipment-1") -> dict[str, Any]:
        """The parcel as the courier tells it."""
        parcel: dict[str, Any] = self.send("GET", f"/api/parcels/{reference}").json or {}
        return parcel

    def tap(self, tracking_number: str, state: str) -> TestResponse:
        """A person taps what happens."""
        return self.app.test_client().post(f"/parcels/{tracking_number}", data={"state": state})

    def mood(self, mood: Mood, calls: int = 1) -> None:
        """How the next calls or notices go."""
        choose(self.books, mood, calls)

    def deliver(self) -> int:
        """Notices that are due go out."""
        sent: int = self.app.extensions["courier.deliveries"].work()
        return sent

    def told(self) -> list[list[str]]:
        """The states of the parcel in each notice that arrived."""
        return [[event["state"] for event in json.loads(body)["events"]] for _, body in self.hospital.told]


@pytest.fixture
def courier(settings: Settings, clock: StandingClock) -> Courier:
    hospital, waited = Hospital(), []  # type: ignore[var-annotated]
    network = InProcessAdapter({settings.url("gateway"): hospital.app()})
    app = create_app(
        settings, clock=clock, session=in_process_session(network), pause=waited.append, in_background=False
    )
    return Courier(app, clock, settings.secrets["courier_secret"], hospital, waited)
