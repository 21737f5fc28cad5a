"""Merging: two records turn out to be of one person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.records import store
from services.records.domain import EncounterClass, MergeOfTwoStays, Patient
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def merge_patients(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID, into: UUID) -> Patient:
    """End the record `patient_id`: the person goes on in `into`.

    Both are locked, so that two merges at once cannot make a circle. Raises NotFound, MergeWithItself,
    PatientMergedAway (either has ended already), MergeChain (others have ended in `patient_id`), MergeOfTwoStays (one
    person cannot lie in two beds), MergeNeedsRecordsOfficer (both have a document and the caller is of the front desk).
    """
    found = store.lock_patients(uow, [patient_id, into])
    patient, survivor = found.get(patient_id), found.get(into)
    if patient is None or survivor is None:
        raise NotFound
    fact = patient.merge_into(
        survivor,
        absorbed=len(store.absorbed_ids(uow, patient_id)),
        by_records_officer=actor.has("records_officer"),
    )
    _check_stays(uow, patient_id, into)
    store.add_merge(uow, patient, by=actor.subject, now=now)
    store.log_access(uow, actor, patient.id, "records.merge_patients", now)
    store.log_access(uow, actor, survivor.id, "records.merge_patients", now)
    uow.publish(fact, actor=actor, now=now)
    return patient


def _check_stays(uow: UnitOfWork, patient_id: UUID, into: UUID) -> None:
    into_ids = [into, *store.absorbed_ids(uow, into)]
    for class_ in (EncounterClass.INPATIENT, EncounterClass.EMERGENCY):
        if store.open_stay(uow, [patient_id], class_) and store.open_stay(uow, into_ids, class_):
            raise MergeOfTwoStays
