"""Reading the inbox and the time line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gateway.identity.queries import records_of
from gateway.notifications.domain import Happening, Notice
from gateway.notifications.store import happenings, notifications
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
    return [_notice(row) for row in rows]


def notice(uow: UnitOfWork, *, account_id: UUID, notice_id: UUID) -> Notice | None:
    """One notice of an account's inbox."""
    mine = (notifications.c.id == notice_id) & (notifications.c.account_id == account_id)
    row = uow.session.execute(sa.select(notifications).where(mine)).one_or_none()
    return _notice(row) if row else None


def _notice(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        patient_id=row.patient_id,
        kind=row.kind,
        about=row.about,
        parameters=row.parameters,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def timeline(
    uow: UnitOfWork, *, patient_ids: Sequence[UUID], limit: int = 50, before: UUID | None = None
) -> list[Happening]:
    """What happened to these patients, newest first, each under the record in which the person goes on.

    `before` is the last line already shown. Facts of records that were merged away belong to who they are today.
    """
    today = records_of(uow, patient_ids=patient_ids)
    statement = sa.select(happenings).where(happenings.c.patient_id.in_(list(today)))
    order = (happenings.c.at, happenings.c.position)
    if before is not None:
        shown = sa.select(*order).where(happenings.c.id == before, happenings.c.patient_id.in_(list(today)))
        last = uow.session.execute(shown).one_or_none()
        if last is None:
            return []
        statement = statement.where(sa.tuple_(*order) < sa.tuple_(*map(sa.literal, last)))
    rows = uow.session.execute(statement.order_by(*(each.desc() for each in order)).limit(limit))
    return [
        Happening(
            id=row.id,
            patient_id=today[row.patient_id],
            kind=row.kind,
            about=row.about,
            parameters=row.parameters,
            at=row.at,
        )
        for row in rows
    ]


def unread(uow: UnitOfWork, *, account_id: UUID) -> int:
    """How many notices nobody has opened yet."""
    statement = sa.select(sa.func.count()).select_from(notifications)
    mine = notifications.c.account_id == account_id
    return uow.session.execute(statement.where(mine, notifications.c.read_at.is_(None))).scalar_one()
