"""What meals tells of the patients it knows, and of who lies where."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.meals.store import merges, patients, stays, surviving_patient
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound

STAFF = ("canteen", "nurse", "dietitian")
CLINICAL = ("nurse", "dietitian")


def get_patient(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> dict[str, Any]:
    """A patient under any record they ever had: the record that goes on, and the ones that ended in it.

    The canteen sees no sex and no date of birth. Raises NotFound.
    """
    id_ = surviving_patient(uow, patient_id)
    row = uow.session.execute(sa.select(patients).where(patients.c.id == id_)).mappings().one_or_none()
    if row is None:
        raise NotFound
    known = dict(row)
    if not actor.has(*CLINICAL):
        known["sex"] = known["birth_on"] = None
    return {**known, "merged_ids": _absorbed_by(uow, id_)}


def list_inpatients(uow: UnitOfWork, *, actor: Actor, now: datetime, ward_id: UUID) -> dict[str, Any]:
    """Who lies in a ward now, by bed; a patient under the record that goes on."""
    query = sa.select(stays).where(stays.c.ward_id == ward_id, stays.c.state == "in_progress")
    rows = uow.session.execute(query.order_by(stays.c.bed_label, stays.c.encounter_id)).mappings().all()
    present = {row["patient_id"]: surviving_patient(uow, row["patient_id"]) for row in rows}
    known = sa.select(patients.c.id, patients.c.mrn).where(patients.c.id.in_(list(present.values())))
    mrns = {row.id: row.mrn for row in uow.session.execute(known)}
    return {
        "items": [
            {
                **row,
                "patient_id": present[row["patient_id"]],
                "mrn": mrns.get(present[row["patient_id"]]),
                "ward": {"zh": row["ward_zh"], "en": row["ward_en"]},
                "bed": row["bed_label"],
            }
            for row in rows
        ]
    }


def _absorbed_by(uow: UnitOfWork, patient_id: UUID) -> list[UUID]:
    query = sa.select(merges.c.patient_id).where(merges.c.merged_into == patient_id)
    return list(uow.session.scalars(query.order_by(merges.c.patient_id)))
