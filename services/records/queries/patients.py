"""Patients, and who has looked at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records.domain import name_key, normal, read_mrn
from services.records.store import guardians, identifiers, merges, patients
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound, NotYours
from shared.sealing import Sealer

STAFF = ("front_desk", "records_officer", "nurse", "doctor", "dietitian", "cashier")
"""Who may see any patient; the cashier, because money is handed to a person and not to a number."""
AUDIT = ("auditor", "records_officer")
SEARCH_LIMIT = 20
_SHORTEST_NAME = 2

_SHOWN = (
    patients.c.id,
    patients.c.mrn,
    patients.c.name,
    patients.c.sex,
    patients.c.birth_on,
    patients.c.document_type,
    patients.c.document_number_masked,
    patients.c.verified,
    patients.c.phone_masked,
    patients.c.version,
    merges.c.merged_into,
)


def _select() -> sa.Select[Any]:
    return sa.select(*_SHOWN).select_from(patients.outerjoin(merges, merges.c.patient_id == patients.c.id))


def get_patient(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID) -> dict[str, Any]:
    """One patient, with the guardian of a child. Raises NotFound, or NotYours (which looks the same)."""
    row = uow.session.execute(_select().where(patients.c.id == patient_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, STAFF)
    guardian = uow.session.execute(sa.select(guardians).where(guardians.c.patient_id == patient_id)).mappings()
    return {**row, "guardian": guardian.one_or_none()}


def search_patients(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, search: str) -> dict[str, Any]:
    """Up to 20 patients by MRN, by a whole document number, or by a part of the name (2 letters or more).

    What is found by number comes first. `more` says that the name fits further patients.
    """
    fingerprints = [sealer.fingerprint(each) for each in {normal(search), normal(search)[:9]}]
    owners = sa.select(identifiers.c.patient_id).where(identifiers.c.fingerprint.in_(fingerprints))
    by_number = _rows(uow, sa.or_(patients.c.mrn == (read_mrn(search) or ""), patients.c.id.in_(owners)))
    key = name_key(search)
    by_name = _rows(uow, patients.c.search_key.contains(key, autoescape=True)) if len(key) >= _SHORTEST_NAME else []
    found = {row["id"]: row for row in [*by_number, *by_name]}
    return {"items": list(found.values())[:SEARCH_LIMIT], "more": len(found) > SEARCH_LIMIT}


def _rows(uow: UnitOfWork, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    query = _select().where(condition).order_by(patients.c.search_key, patients.c.mrn).limit(SEARCH_LIMIT + 1)
    return [dict(row) for row in uow.session.execute(query).mappings()]


def list_accesses(
    uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID, limit: int, before: int | None = None
) -> dict[str, Any]:
    """Who asked for this patient's data, newest first; `next` is the `before` of the following page.

    For the patient, and for those who audit. Raises NotFound, or NotYours (which looks the same).
    """
    if uow.session.scalar(sa.select(patients.c.id).where(patients.c.id == patient_id)) is None:
        raise NotFound
    check_may_see(uow, actor, patient_id, AUDIT)
    log = uow.toolbox.access_log
    query = sa.select(log).where(log.c.patient_id == patient_id).order_by(log.c.position.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(log.c.position < before)
    rows = [
        {**row, "roles": row["roles"].split(","), "patient_id": patient_id}
        for row in uow.session.execute(query).mappings()
    ]
    page = rows[:limit]
    return {"patient_id": patient_id, "items": page, "next": page[-1]["position"] if len(rows) > limit else None}


def count_registered_by(uow: UnitOfWork, subject: str) -> int:
    """How many patients an account, a member of staff or a system has registered."""
    query = sa.select(sa.func.count()).select_from(patients).where(patients.c.registered_by == subject)
    return uow.session.scalar(query) or 0


@dataclass(frozen=True)
class Registered:
    """A person by record and day of birth, for the seed that lays some of them in beds."""

    patient_id: UUID
    birth_on: date


def registered_by(uow: UnitOfWork, subject: str) -> list[Registered]:
    """Whom an account, a member of staff or a system has registered, in that order; without those of unknown age."""
    query = sa.select(patients.c.id, patients.c.birth_on).where(
        patients.c.registered_by == subject, patients.c.birth_on.is_not(None)
    )
    return [Registered(row.id, row.birth_on) for row in uow.session.execute(query.order_by(patients.c.mrn))]


def check_may_see(uow: UnitOfWork, actor: Actor, patient_id: UUID, staff: tuple[str, ...]) -> None:
    """Staff by role; everybody else only the patient they act for, also under the record it was merged into."""
    if actor.has(*staff) or actor.acts_for(patient_id):
        return
    survivor = uow.session.scalar(sa.select(merges.c.merged_into).where(merges.c.patient_id == actor.patient_id))
    if survivor != patient_id or not actor.acts_for(actor.patient_id):
        raise NotYours(patient_id)
