"""Keeping what was tried about money that did not end at once, and who looks after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.domain.stuck import StuckKind
from services.billing.store.stuck_tables import stuck_cases, stuck_notes
from shared.database import UnitOfWork

CLOCK = "system:billing"


def note(
    uow: UnitOfWork,
    kind: StuckKind,
    reference: UUID,
    *,
    what: str,
    outcome: str,
    now: datetime,
    problem: str | None = None,
    by: str = CLOCK,
) -> None:
    """Write down one attempt, of the clock or of a person."""
    row = {"kind": kind, "reference": reference, "what": what, "outcome": outcome}
    uow.insert(stuck_notes, [{**row, "problem": problem or None, "noted_by": by, "noted_at": now}])


def keep_case(uow: UnitOfWork, kind: StuckKind, reference: UUID, **changes: Any) -> None:
    """Keep who looks after it, or that it was set aside."""
    row = {"kind": kind, "reference": reference}
    if not uow.insert_once(stuck_cases, [row | changes], returning=[stuck_cases.c.reference]):
        same = sa.and_(stuck_cases.c.kind == kind, stuck_cases.c.reference == reference)
        uow.session.execute(stuck_cases.update().where(same).values(changes))
