"""The sandbox wallet under a standing clock, with a hospital that hears its notifications."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from shared.clock import iso
from shared.settings import Settings
from simulators.wallet.app import create_app
from simulators.wallet.books import Books
from simulators.wallet.signature import signature
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session


@dataclass
class Hospital:
    """What the hospital was told, and how it answers."""

    told: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    status: int = 200

    def app(self) -> Flask:
        """The hospital's public address."""
        app = Flask("hospital")

        @app.post("/callbacks/sandbox-wallet")
        def hear() -> Response:
            self.told.append((dict(request.headers), json.loads(request.get_data())))
            return Response(status=self.status)

        return app


@dataclass
class Wallet:
    """The wallet, and the merchant who calls it."""

    app: Flask
    clock: StandingClock
    secret: str
    hospital: Hospital
    network: InProcessAdapter
    restart: Callable[[], Flask]

    @property
    def books(self) -> Books:
        books: Books = self.app.extensions["wallet.books"]
        return books

    def order(self, **changes: Any) -> dict[str, Any]:
        """An order over 15.00."""
        return {
            "merchant": "hospital",
            "merchant_order_id": "p-1",
            "amount_fen": 1500,
            "number": "AX20261123-04172283",
            "subject": {"zh": "挂号费 · 心血管内科", "en": "Registration fee · Cardiology"},
            "notify_url": "http://127.0.0.1:8080/callbacks/sandbox-wallet",
            "return_url": "http://127.0.0.1:8080/appointments",
            "expires_at": iso(self.clock().replace(minute=15)),
        } | changes

    def call(self, method: str, path: str, body: Any = None, *, seconds: int = 0, **changes: Any) -> TestResponse:
        """A signed call of the merchant."""
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        timestamp = str(int(self.clock().timestamp()) + seconds)
        headers = {
            "Wallet-Timestamp": timestamp,
            "Wallet-Nonce": "n1",
            "Wallet-Signature": signature(self.secret, method, path, timestamp, "n1", data),
        }
        return self.app.test_client().open(path, method=method, data=data, headers=headers | changes)

    def placed(self, **changes: Any) -> dict[str, Any]:
        """Place an order; gives the wallet's answer."""
        answer: dict[str, Any] = self.call("POST", "/orders", self.order(**changes)).json
        return answer

    def tap(self, order: dict[str, Any], outcome: str, **query: str) -> TestResponse:
        """A person taps on the page."""
        path = str(order["pay_url"]).removeprefix("http://127.0.0.1:8090")
        return self.app.test_client().post(path, data={"outcome": outcome}, query_string=query)

    def page(self, order: dict[str, Any], **options: Any) -> TestResponse:
        """The page of an order."""
        return self.app.test_client().get(str(order["pay_url"]).removeprefix("http://127.0.0.1:8090"), **options)

    def now(self, merchant_order_id: str = "p-1") -> dict[str, Any]:
        """The order as the merchant is told."""
        answer: dict[str, Any] = self.call("GET", f"/orders/{merchant_order_id}").json
        return answer

    def work(self, seconds: float = 0) -> int:
        """Time passes, and the wallet does what is due."""
        self.clock.advance(seconds=seconds)
        done: int = self.app.extensions["wallet.deliveries"].work()
        return done


@pytest.fixture
def wallet(settings: Settings, clock: StandingClock) -> Wallet:
    hospital = Hospital()
    network = InProcessAdapter({settings.url("gateway"): hospital.app()})

    def start() -> Flask:
        return create_app(settings, clock=clock, session=in_process_session(network), in_background=False)

    return Wallet(start(), clock, settings.secrets["wallet_secret"], hospital, network, start)
