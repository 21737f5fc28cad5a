"""All of Anxin in one process: services, gateway and wallet on real databases, a broker in memory, a clock by hand.

Nothing sleeps and nothing opens a socket: `turn()` lets everything happen that is due at the present instant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app as create_gateway
from gateway.clients import Clients
from services.billing.domain.receipt import Seal
from services.billing.providers import INSURER, SEAL, HttpInsurer, SandboxWallet
from services.records.providers import ParcelCourier
from services.records.providers import outside as make_records_outside
from shared.cli import GATEWAY, load
from shared.database import Database
from shared.messaging.pump import Pump
from shared.sealing import Sealer
from shared.service import Service
from shared.settings import SERVICES, Settings
from shared.web import create_app
from simulators.courier.app import create_app as create_courier
from simulators.insurer.app import create_app as create_insurer
from simulators.wallet.app import create_app as create_wallet
from tests.support.clock import StandingClock
from tests.support.in_process import InProcessAdapter, in_process_session

COURIER = "courier"
OpenDatabase = Callable[[Service, str], Database]


def services() -> list[Service]:
    """The four services and the gateway's worker share."""
    return [load(name) for name in (*SERVICES, GATEWAY)]


@dataclass
class WholeHospital:
    """The processes of a running Anxin, turned by hand."""

    settings: Settings
    clock: StandingClock
    databases: Mapping[str, Database]
    network: InProcessAdapter = field(default_factory=lambda: InProcessAdapter({}))
    apps: dict[str, Flask] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = in_process_session(self.network)
        for name in SERVICES:
            self.apps[name] = create_app(load(name), self.settings, database=self.databases[name], clock=self.clock)
        self.wallet_provider = SandboxWallet(
            self.settings.url("wallet"),
            secret=self.settings.secrets["wallet_secret"],
            site=self.settings.url(GATEWAY),
            session=session,
            clock=self.clock,
        )
        self.insurer_provider = HttpInsurer(
            self.settings.url(INSURER),
            secret=self.settings.secrets["insurer_secret"],
            session=session,
            clock=self.clock,
        )
        self.courier_provider = ParcelCourier(
            self.settings.url(COURIER),
            secret=self.settings.secrets["courier_secret"],
            site=self.settings.url(GATEWAY),
            sealer=Sealer(self.settings.secrets["document_key"]),
            session=session,
            clock=self.clock,
        )
        self.outside: dict[str, Any] = {"sandbox_wallet": self.wallet_provider, INSURER: self.insurer_provider}
        self.outside[SEAL] = Seal(self.settings.secrets["receipt_secret"])
        self.apps["billing"].extensions["anxin.outside"] = self.outside
        of_records = replace(make_records_outside(self.settings), courier=self.courier_provider)
        self.apps["records"].extensions["anxin.outside"] = of_records
        self.apps[GATEWAY] = create_gateway(
            self.settings,
            database=self.databases[GATEWAY],
            clients=Clients.make(self.settings, clock=self.clock, sessions=dict.fromkeys(SERVICES, session)),
            clock=self.clock,
        )
        self.apps[INSURER] = create_insurer(self.settings, clock=self.clock, pause=lambda _seconds: None)
        self.apps[COURIER] = create_courier(
            self.settings, clock=self.clock, session=session, pause=lambda _seconds: None, in_background=False
        )
        self.apps["wallet"] = create_wallet(self.settings, clock=self.clock, session=session, in_background=False)
        self.network.applications.update({self.settings.url(name): app for name, app in self.apps.items()})
        self.pump = Pump(
            services(), self.databases, self.clock, outside={"billing": self.outside, "records": of_records}
        )

    def turn(self) -> None:
        """Everything that is due happens: facts travel, timers fire, jobs go on, wallet and courier send notices."""
        while self.pump.run_until_quiet() + sum(each.work() for each in self._deliveries()):
            pass

    def _deliveries(self) -> list[Any]:
        return [self.apps[name].extensions[f"{name}.deliveries"] for name in ("wallet", COURIER)]

    def pass_time(self, **duration: float) -> None:
        """Move the clock and let what became due happen."""
        self.clock.advance(**duration)
        self.turn()

    def phone(self) -> FlaskClient:
        """A new browser on a phone."""
        return self.apps[GATEWAY].test_client()

    def close(self) -> None:
        """Give back what the pump holds; databases are closed by whoever opened them."""
        self.pump.close()


def open_hospital(open_database: OpenDatabase, settings: Settings, clock: StandingClock, backend: str) -> WholeHospital:
    """A hospital with empty databases on `sqlite` or `postgresql`."""
    return WholeHospital(settings, clock, {each.name: open_database(each, backend) for each in services()})
