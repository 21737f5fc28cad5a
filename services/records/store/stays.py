"""Stays: locked before they are read, found by the sender's visit number or by their patient."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from services.records.domain import Encounter, EncounterClass, EncounterState
from services.records.store.persons import lock_patients, survivors_of
from services.records.store.places import place_of
from services.records.store.tables import encounters
from shared.database import UnitOfWork


def lock_encounter(uow: UnitOfWork, encounter_id: UUID) -> Encounter | None:
    """A stay with its place, locked after its patient: the order in which every act on a stay locks."""
    patient_id = uow.session.scalar(sa.select(encounters.c.patient_id).where(encounters.c.id == encounter_id))
    if patient_id is None:
        return None
    lock_patients(uow, survivors_of(uow, {patient_id}) | {patient_id})
    query = sa.select(Encounter).where(encounters.c.id == encounter_id).with_for_update()
    found = uow.session.scalars(query.execution_options(populate_existing=True)).one()
    found.place = place_of(uow, found.ward_id, found.bed_id)
    return found


def open_stay(uow: UnitOfWork, patient_ids: Sequence[UUID], class_: EncounterClass) -> UUID | None:
    """The stay of this class in which the patient is now, under any of their records."""
    query = sa.select(encounters.c.id).where(
        encounters.c.patient_id.in_(patient_ids),
        encounters.c.state == EncounterState.IN_PROGRESS,
        encounters.c.encounter_class == class_,
    )
    return uow.session.scalar(query.order_by(encounters.c.id).limit(1))


def stay_of_visit(uow: UnitOfWork, system: str, number: str) -> UUID | None:
    """The stay that a sender knows under this number."""
    query = sa.select(encounters.c.id).where(encounters.c.visit_system == system, encounters.c.visit_number == number)
    return uow.session.scalar(query)


def newest_stay(
    uow: UnitOfWork, patient_ids: Sequence[UUID], state: EncounterState, *, only_unnumbered: bool
) -> UUID | None:
    """The newest stay of a patient in this state; `only_unnumbered` passes over those a sender has numbered."""
    query = sa.select(encounters.c.id).where(encounters.c.patient_id.in_(patient_ids), encounters.c.state == state)
    if only_unnumbered:
        query = query.where(encounters.c.visit_number.is_(None))
    started = sa.func.coalesce(encounters.c.started_at, encounters.c.ended_at)
    return uow.session.scalar(query.order_by(started.desc(), encounters.c.id).limit(1))


def add_encounter(uow: UnitOfWork, encounter: Encounter) -> None:
    """Write a new stay with its first step; a bed or a patient that is taken breaks the whole unit."""
    uow.session.add(encounter)
    uow.session.flush()
