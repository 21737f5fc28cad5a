"""Patients: locks and finders, what they are known by, and where a merged record goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain import Patient
from services.records.store.tables import guardians, identifiers, merges, mrn_counts, patients
from shared.actor import Actor
from shared.database import UnitOfWork


def lock_patients(uow: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Patient]:
    """These patients, locked in the order of their ids, each knowing where it was merged into."""
    wanted = sorted(set(ids))
    query = sa.select(Patient).where(patients.c.id.in_(wanted)).order_by(patients.c.id).with_for_update()
    found = {each.id: each for each in uow.session.scalars(query.execution_options(populate_existing=True))}
    ended = sa.select(merges.c.patient_id, merges.c.merged_into).where(merges.c.patient_id.in_(wanted))
    for row in uow.session.execute(ended):
        found[row.patient_id].merged_into = row.merged_into
    return found


def absorbed_ids(uow: UnitOfWork, patient_id: UUID) -> list[UUID]:
    """The records that have ended in this one."""
    return list(uow.session.scalars(sa.select(merges.c.patient_id).where(merges.c.merged_into == patient_id)))


def add_merge(uow: UnitOfWork, patient: Patient, *, by: str, now: datetime) -> None:
    """Write down that a record has ended."""
    uow.session.flush()
    row = {"patient_id": patient.id, "merged_into": patient.merged_into, "merged_by": by, "merged_at": now}
    uow.insert(merges, [row])


def next_counts(uow: UnitOfWork, number: int, now: datetime) -> list[int]:
    """As many new counts as asked for, ascending; gaps are no harm."""
    if not number:
        return []
    rows = uow.session.execute(
        sa.insert(mrn_counts).returning(mrn_counts.c.count), [{"given_at": now} for _ in range(number)]
    )
    return sorted(rows.scalars())


def owners_of(uow: UnitOfWork, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[UUID, str]]:
    """Whose these (system, fingerprint) are, so far as they are known: the patient, and who registered them."""
    if not keys:
        return {}
    query = sa.select(
        identifiers.c.system, identifiers.c.fingerprint, identifiers.c.patient_id, patients.c.registered_by
    ).join(patients, patients.c.id == identifiers.c.patient_id)
    wanted = sa.tuple_(identifiers.c.system, identifiers.c.fingerprint).in_(list(keys))
    return {(row[0], row[1]): (row[2], row[3]) for row in uow.session.execute(query.where(wanted))}


def add_patients(
    uow: UnitOfWork, new: Sequence[Patient], identifier_rows: list[dict[str, Any]], guardian_rows: list[dict[str, Any]]
) -> None:
    """Write new patients with what they are known by. A number that is somebody's already breaks the whole unit."""
    uow.session.add_all(new)
    uow.session.flush()
    uow.insert(identifiers, identifier_rows)
    uow.insert(guardians, guardian_rows)


def survivors_of(uow: UnitOfWork, ids: set[UUID]) -> set[UUID]:
    """Where these patients go on: a record that has ended stands for the one it ended in."""
    query = sa.select(merges.c.patient_id, merges.c.merged_into).where(merges.c.patient_id.in_(list(ids)))
    ended = {row.patient_id: row.merged_into for row in uow.session.execute(query)}
    return {ended.get(each, each) for each in ids}


def add_identifiers(uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Write down by what a patient is known from now on; somebody else's number breaks the whole unit."""
    uow.session.flush()
    uow.insert(identifiers, rows)


def log_access(uow: UnitOfWork, actor: Actor, patient_id: UUID, operation: str, now: datetime) -> None:
    """A command that shows a patient's data goes into the access log like a read, in the same unit of work."""
    row = {
        "at": now,
        "subject": actor.subject,
        "roles": ",".join(actor.roles),
        "patient_id": patient_id,
        "operation": operation,
        "purpose": "care",
        "granted": True,
        "request_id": actor.request_id,
    }
    uow.insert(uow.toolbox.access_log, [row])
