"""What becomes of meal orders when what somebody may eat has changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.actor import Actor
from shared.database import UnitOfWork


def recheck(uow: UnitOfWork, *, encounter_id: UUID, actor: Actor, now: datetime) -> None:
    """Diet, fasting or allergies of a stay have changed: nothing is ordered yet, so there is nothing to compare."""
