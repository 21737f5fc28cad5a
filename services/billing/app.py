"""The billing service, put together."""

from __future__ import annotations

from pathlib import Path

from services.billing.api import blueprint
from services.billing.consumers import SUBSCRIPTIONS
from services.billing.providers import providers
from services.billing.seed import seed
from services.billing.store import toolbox
from services.billing.timers import TIMERS
from shared.service import Service

SERVICE = Service(
    name="billing",
    title="Anxin billing",
    toolbox=toolbox,
    migrations=Path(__file__).parent / "migrations",
    blueprints=[blueprint],
    subscriptions=SUBSCRIPTIONS,
    timers=TIMERS,
    seed=seed,
    outside=providers,
)
