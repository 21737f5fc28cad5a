"""Telling people: a fact stands on its patient's time line, and in the inbox of every account that acts for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from gateway.identity.queries import accounts_of_patient
from gateway.notifications import store
from gateway.notifications.domain import Data, Telling
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.events import plain

STALE = timedelta(days=2)
"""Nobody is called for what happened longer ago: a stay written down afterwards stands on the time line only."""


def tell(uow: UnitOfWork, *, data: Data, actor: Actor, now: datetime, telling: Telling) -> None:
    """A fact happened to a patient: it stands on the time line, and in the inbox of everybody who acts for them.

    The same fact again adds nothing. A patient for whom nobody acts is no error: there is nobody to tell on a phone.
    """
    del actor
    kind = telling.kind_of(data)
    if kind is None:
        return
    row = {
        "kind": kind,
        "about": telling.about_of(data),
        "parameters": {name: plain(value) for name, value in data.items() if name not in telling.whose},
    }
    at = telling.at_of(data, now)
    for patient_id in telling.patients_of(data):
        told = {"patient_id": patient_id, **row}
        uow.insert_once(store.happenings, [{"id": uuid4(), "at": at, **told}], returning=[store.happenings.c.id])
        if telling.notify(data) and now - at < STALE:
            _notify(uow, told, now)


def _notify(uow: UnitOfWork, row: Data, now: datetime) -> None:
    accounts = accounts_of_patient(uow, patient_id=row["patient_id"])
    rows = [{"id": uuid4(), "account_id": each, "created_at": now, **row} for each in accounts]
    uow.insert_once(store.notifications, rows, returning=[store.notifications.c.id])


def mark_read(uow: UnitOfWork, *, now: datetime, account_id: UUID, notice_id: UUID) -> None:
    """The person has seen this notice. Raises NotFound for one that is not in this account's inbox."""
    table = store.notifications
    mine = (table.c.id == notice_id) & (table.c.account_id == account_id)
    first_time = table.update().where(mine).values(read_at=sa.func.coalesce(table.c.read_at, now)).returning(table.c.id)
    if uow.session.execute(first_time).one_or_none() is None:
        raise NotFound


def mark_all_read(uow: UnitOfWork, *, now: datetime, account_id: UUID) -> None:
    """The person has seen everything in the inbox."""
    table = store.notifications
    mine = (table.c.account_id == account_id) & table.c.read_at.is_(None)
    uow.session.execute(table.update().where(mine).values(read_at=now))
