"""Telling people: every account that acts for a patient gets a notice in its inbox, once for each fact."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from gateway.identity.queries import accounts_of_patient
from gateway.notifications import store
from gateway.notifications.domain import Kind
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound
from shared.events import plain


def tell_held(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A place is kept; the bill is being prepared."""
    del actor
    _tell(uow, Kind.APPOINTMENT_HELD, data["appointment_id"], data, now)


def tell_payable(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The bill is there; the place is kept until an hour that is told."""
    del actor
    _tell(uow, Kind.APPOINTMENT_PAYABLE, data["appointment_id"], data, now)


def tell_booked(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The appointment is paid and certain."""
    del actor
    _tell(uow, Kind.APPOINTMENT_BOOKED, data["appointment_id"], data, now)


def tell_cancelled(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """The appointment is no more, and why."""
    del actor
    _tell(uow, Kind.APPOINTMENT_CANCELLED, data["appointment_id"], data, now)


def tell_refunded(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Money went back (integer fen)."""
    del actor
    _tell(uow, Kind.REFUND_SUCCEEDED, data["refund_id"], data, now)


def _tell(uow: UnitOfWork, kind: Kind, about: UUID, data: dict[str, Any], now: datetime) -> None:
    """A patient for whom nobody acts is no error: there is nobody to tell on a phone."""
    parameters = {name: plain(value) for name, value in data.items() if name != "patient_id"}
    rows = [
        {
            "id": uuid4(),
            "account_id": account_id,
            "patient_id": data["patient_id"],
            "kind": kind.value,
            "about": about,
            "parameters": parameters,
            "created_at": now,
        }
        for account_id in accounts_of_patient(uow, patient_id=data["patient_id"])
    ]
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
