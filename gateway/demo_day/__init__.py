"""The demo hospital's day: what its people did before somebody looks, through the services' own doors and by role.

Seeds make what stands (persons, wards, inpatients, price lists, dishes). A day needs several services that have heard
of each other, so it is lived after everything runs: `anxin up` starts it in the background, `anxin demo-day` by hand.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gateway.clients import Clients
from gateway.database import toolbox
from gateway.demo_day.day import DemoDay, NotHeard
from gateway.demo_day.steps import STEPS, Step
from shared.client import ServiceProblem, ServiceUnreachable
from shared.clock import hospital_day, utc_now
from shared.database import Database
from shared.settings import Settings

__all__ = ["DemoDay", "NotHeard", "Step", "live", "run"]

DONE_FILE = "demo-day.json"
"""Beside the demo's databases: step -> when it was done. What was done once is not done again."""
_PAUSE_SECONDS = 0.2


def run(settings: Settings) -> int:
    """Live what is left of the demo day in a running hospital; 1 if a step failed (it is tried at the next start)."""
    os.nice(10)  # whoever looks at a page comes first
    database = Database(settings.database_url("gateway"), toolbox)
    try:
        day = DemoDay(Clients.make(settings), database, utc_now, lambda: time.sleep(_PAUSE_SECONDS))
        failed = live(day, STEPS, settings.data_dir / DONE_FILE)
    finally:
        database.close()
    for line in failed:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"The demo day is prepared: {len(day.stays)} people lie in the wards.\n" if not failed else "")
    sys.stdout.flush()
    return 1 if failed else 0


def live(day: DemoDay, steps: Sequence[Step], done_file: Path) -> list[str]:
    """Do the steps in their order, each that was not done yet; gives a line for each that failed."""
    done: dict[str, str] = json.loads(done_file.read_text(encoding="utf-8")) if done_file.exists() else {}
    failed = []
    for step in steps:
        now = day.clock()
        if not _is_due(step, done.get(step.name), now):
            continue
        try:
            step.do(day)
        except (NotHeard, ServiceProblem, ServiceUnreachable) as error:
            failed.append(f"The demo day could not do {step.name}: {type(error).__name__} {error}")
            continue
        done[step.name] = now.isoformat()
        done_file.write_text(json.dumps(done), encoding="utf-8")
    return failed


def _is_due(step: Step, done_at: str | None, now: datetime) -> bool:
    if done_at is None:
        return True
    return step.daily and hospital_day(datetime.fromisoformat(done_at)) < hospital_day(now)
