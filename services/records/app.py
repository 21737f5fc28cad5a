"""The composition root of records."""

from __future__ import annotations

from pathlib import Path

from services.records import store
from services.records.api import blueprint
from services.records.consumers import SUBSCRIPTIONS
from services.records.providers import outside
from services.records.seed import seed
from services.records.timers import JOBS, TIMERS
from shared.service import Service

SERVICE = Service(
    name="records",
    title="Anxin records",
    toolbox=store.toolbox,
    migrations=Path(__file__).parent / "migrations",
    blueprints=[blueprint],
    subscriptions=SUBSCRIPTIONS,
    timers=TIMERS,
    jobs=JOBS,
    outside=outside,
    seed=seed,
)
