"""Where the copies of a request are: parcels with what the courier says, and the code for the window."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain.copies import CopyState
from services.records.queries.copies import OFFICERS
from services.records.queries.patients import check_may_see
from services.records.store.copies import copy_requests
from services.records.store.packets import shipment_events, shipments
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

Row = dict[str, Any]
WAITING = frozenset({CopyState.READY, CopyState.RETURNED})


def track_copies(uow: UnitOfWork, *, actor: Actor, now: datetime, request_id: UUID) -> Row:
    """The parcels of a request, the newest first, each with everything that has happened, newest first.

    `waits_at_window` says that the copies can be taken at the window; the code for it is told to who applies only. For
    who applies, for the patient and for officers. Raises NotFound, NotYours.
    """
    columns = copy_requests.c
    query = sa.select(columns.id, columns.patient_id, columns.state, columns.delivery, columns.started_by)
    request = uow.session.execute(query.where(columns.id == request_id)).one_or_none()
    if request is None:
        raise NotFound
    mine = request.started_by == actor.subject
    if not mine:
        check_may_see(uow, actor, request.patient_id, OFFICERS)
    rows = uow.session.execute(
        sa.select(shipments).where(shipments.c.request_id == request_id).order_by(shipments.c.number.desc())
    ).mappings()
    return {
        "request_id": request_id,
        "patient_id": request.patient_id,
        "state": request.state,
        "delivery": request.delivery,
        "waits_at_window": request.state in WAITING,
        "may_have_code": mine and request.state in WAITING,
        "items": [_shipment(uow, row, officer=actor.has(*OFFICERS)) for row in rows],
    }


def _shipment(uow: UnitOfWork, row: Any, *, officer: bool) -> Row:
    events = sa.select(shipment_events.c.number, shipment_events.c.state, shipment_events.c.at)
    found = events.where(shipment_events.c.shipment_id == row["id"]).order_by(shipment_events.c.number.desc())
    return {
        **row,
        "problem": row["problem"] if officer else None,
        "events": [dict(each) for each in uow.session.execute(found).mappings()],
    }
