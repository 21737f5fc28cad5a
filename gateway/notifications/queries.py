"""Reading the inbox."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from gateway.notifications.domain import Kind, Notice
from gateway.notifications.store import notifications
from shared.database import UnitOfWork


def inbox(uow: UnitOfWork, *, account_id: UUID, limit: int = 50, before: UUID | None = None) -> list[Notice]:
    """An account's notices, newest first; `before` is the last notice already shown."""
    statement = sa.select(notifications).where(notifications.c.account_id == account_id)
    if before is not None:
        shown = sa.select(notifications.c.position).where(
            notifications.c.id == before, notifications.c.account_id == account_id
        )
        statement = statement.where(notifications.c.position < shown.scalar_subquery())
    rows = uow.session.execute(statement.order_by(notifications.c.position.desc()).limit(limit))
    return [
        Notice(
            id=row.id,
            patient_id=row.patient_id,
            kind=Kind(row.kind),
            about=row.about,
            parameters=row.parameters,
            created_at=row.created_at,
            read_at=row.read_at,
        )
        for row in rows
    ]


def unread(uow: UnitOfWork, *, account_id: UUID) -> int:
    """How many notices nobody has opened yet."""
    statement = sa.select(sa.func.count()).select_from(notifications)
    mine = notifications.c.account_id == account_id
    return uow.session.execute(statement.where(mine, notifications.c.read_at.is_(None))).scalar_one()
