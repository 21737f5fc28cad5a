"""The composition root of meals."""

from __future__ import annotations

from pathlib import Path

from services.meals import store
from services.meals.api import blueprint
from services.meals.consumers import SUBSCRIPTIONS
from services.meals.seed import seed
from services.meals.timers import TIMERS
from shared.service import Service

SERVICE = Service(
    name="meals",
    title="Anxin meals",
    toolbox=store.toolbox,
    migrations=Path(__file__).parent / "migrations",
    blueprints=[blueprint],
    subscriptions=SUBSCRIPTIONS,
    timers=TIMERS,
    seed=seed,
)
