"""Patients that have become another patient: resolved on reading, so that un-merging is deleting one row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.billing.store.tables import merged_patients
from shared.database import UnitOfWork


def remember_merger(uow: UnitOfWork, patient_id: UUID, merged_into: UUID) -> None:
    """Keep that one patient has become another; told again with another target, the later one counts."""
    row = {"patient_id": patient_id, "merged_into": merged_into}
    if not uow.insert_once(merged_patients, [row], returning=[merged_patients.c.patient_id]):
        same = merged_patients.c.patient_id == patient_id
        uow.session.execute(merged_patients.update().where(same).values(merged_into=merged_into))


def present_ids(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Each id with the one that stands for the same patient today: itself, unless merged (once or several times)."""
    asked = set(ids)
    steps: dict[UUID, UUID] = {}
    unknown = asked
    while unknown:
        rows = uow.session.execute(sa.select(merged_patients).where(merged_patients.c.patient_id.in_(unknown)))
        found = {row.patient_id: row.merged_into for row in rows}
        steps |= found
        unknown = set(found.values()) - steps.keys()
    return {id_: _follow(id_, steps) for id_ in asked}


def same_patient(uow: UnitOfWork, one: UUID, other: UUID) -> bool:
    """Whether two ids stand for the same patient today."""
    present = present_ids(uow, [one, other])
    return present[one] == present[other]


def all_ids(uow: UnitOfWork, patient_id: UUID) -> set[UUID]:
    """Every id under which this patient's bills may lie."""
    known: set[UUID] = set()
    more = {present_ids(uow, [patient_id])[patient_id]}
    while more:
        known |= more
        rows: Any = uow.session.execute(
            sa.select(merged_patients.c.patient_id).where(merged_patients.c.merged_into.in_(more))
        )
        more = set(rows.scalars()) - known
    return known


def _follow(id_: UUID, steps: dict[UUID, UUID]) -> UUID:
    seen = {id_}
    while id_ in steps and steps[id_] not in seen:
        id_ = steps[id_]
        seen.add(id_)
    return id_
