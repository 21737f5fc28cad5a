"""The access log: every read of a patient's data, granted or refused, before the answer leaves (append-only)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shared.actor import Actor
from shared.database import Database


def record(
    database: Database,
    *,
    actor: Actor,
    patient_ids: Iterable[UUID],
    operation: str,
    purpose: str,
    granted: bool,
    now: datetime,
) -> None:
    """Write one row for each patient whose data was asked for. What cannot be logged is not told: errors go up."""
    rows = [
        {
            "at": now,
            "subject": actor.subject,
            "roles": ",".join(actor.roles),
            "patient_id": patient_id,
            "operation": operation,
            "purpose": purpose,
            "granted": granted,
            "request_id": actor.request_id,
        }
        for patient_id in dict.fromkeys(patient_ids)
    ]
    if rows:
        with database.write() as uow:
            uow.insert(uow.toolbox.access_log, rows)
