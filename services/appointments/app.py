"""The composition root of appointments."""

from __future__ import annotations

from pathlib import Path

from services.appointments.api import blueprint
from services.appointments.consumers import SUBSCRIPTIONS
from services.appointments.seed import seed
from services.appointments.store import toolbox
from services.appointments.timers import TIMERS
from shared.service import Service

SERVICE = Service(
    name="appointments",
    title="Appointments",
    toolbox=toolbox,
    migrations=Path(__file__).parent / "migrations",
    blueprints=[blueprint],
    subscriptions=SUBSCRIPTIONS,
    timers=TIMERS,
    seed=seed,
)
