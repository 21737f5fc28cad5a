"""The gateway's clients, one for each service, made once per process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from gateway.clients.appointments import AppointmentsClient
from gateway.clients.billing import BillingClient
from gateway.clients.copies import CopiesClient
from gateway.clients.meal_orders import MealOrdersClient
from gateway.clients.meals import MealsClient
from gateway.clients.receipts import InsuranceClient, ReceiptsClient, StuckClient
from gateway.clients.records import RecordsClient
from gateway.clients.settlements import SettlementsClient
from shared.actor import ActorSigner
from shared.client import ServiceClient
from shared.clock import Clock, utc_now
from shared.settings import SERVICES, Settings

__all__ = [
    "AppointmentsClient",
    "BillingClient",
    "Clients",
    "CopiesClient",
    "InsuranceClient",
    "MealOrdersClient",
    "MealsClient",
    "ReceiptsClient",
    "RecordsClient",
    "SettlementsClient",
    "StuckClient",
]


@dataclass(frozen=True)
class Clients:
    """All services, each by its own words, and `of` by name for forwarding."""

    of: Mapping[str, ServiceClient]
    appointments: AppointmentsClient
    billing: BillingClient
    copies: CopiesClient
    meal_orders: MealOrdersClient
    meals: MealsClient
    records: RecordsClient
    settlements: SettlementsClient
    insurance: InsuranceClient
    receipts: ReceiptsClient
    stuck: StuckClient

    @staticmethod
    def make(
        settings: Settings, *, clock: Clock = utc_now, sessions: Mapping[str, requests.Session] | None = None
    ) -> Clients:
        """Clients that sign as the gateway. `sessions` replaces the way to a service, as in journeys in one process."""
        signer = ActorSigner(settings.secrets["actor_private_key"])
        of = {
            name: ServiceClient(settings.url(name), signer, session=(sessions or {}).get(name), clock=clock)
            for name in SERVICES
        }
        return Clients(
            of=of,
            appointments=AppointmentsClient(of["appointments"]),
            billing=BillingClient(of["billing"]),
            copies=CopiesClient(of["records"]),
            meal_orders=MealOrdersClient(of["meals"]),
            meals=MealsClient(of["meals"]),
            records=RecordsClient(of["records"]),
            settlements=SettlementsClient(of["billing"]),
            insurance=InsuranceClient(of["billing"]),
            receipts=ReceiptsClient(of["billing"]),
            stuck=StuckClient(of["billing"]),
        )
