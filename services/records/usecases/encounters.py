"""Stays: a patient is laid in a bed, moved, sent home; and the last of these can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import (
    AlreadyAdmitted,
    BedTaken,
    BedUnknown,
    Encounter,
    EncounterClass,
    Place,
    Recorded,
    StepKind,
)
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotFound


def admit_patient(
    uow: UnitOfWork,
    *,
    actor: Actor,
    now: datetime,
    patient_id: UUID,
    bed_id: UUID,
    encounter_class: EncounterClass = EncounterClass.INPATIENT,
    at: datetime | None = None,
) -> Encounter:
    """Lay a patient in a bed; an unverified one too, because treatment does not wait for papers.

    One patient to a bed, one open stay of a class to a patient. Raises NotFound, PatientMergedAway, BedUnknown,
    AlreadyAdmitted, BedTaken, InstantInFuture.
    """
    patient = store.lock_patients(uow, [patient_id]).get(patient_id)
    if patient is None:
        raise NotFound
    patient.check_present()
    place = store.lock_bed(uow, bed_id)
    if place is None:
        raise BedUnknown(member="bed_id")
    store.log_access(uow, actor, patient_id, "records.admit_patient", now)
    encounter = Encounter(id=uuid4(), patient_id=patient_id, encounter_class=encounter_class)
    return begin_stay(uow, encounter, place, actor=actor, now=now, at=at or now)


def transfer_patient(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, bed_id: UUID, at: datetime | None = None
) -> Encounter:
    """Move a patient to another bed, of any ward.

    Raises NotFound, NotAdmitted, BedUnknown, BedTaken, SameBed, InstantInFuture, StepBeforePrevious.
    """
    encounter = _locked(uow, encounter_id, actor, "records.transfer_patient", now)
    place = store.lock_bed(uow, bed_id)
    if place is None:
        raise BedUnknown(member="bed_id")
    return move(uow, encounter, place, actor=actor, now=now, at=at or now)


def discharge_patient(
    uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, at: datetime | None = None
) -> Encounter:
    """End a stay: the bed is free from this moment.

    Raises NotFound, NotAdmitted, InstantInFuture, DischargeBeforeAdmission, StepBeforePrevious.
    """
    encounter = _locked(uow, encounter_id, actor, "records.discharge_patient", now)
    return end_stay(uow, encounter, actor=actor, now=now, at=at or now)


def cancel_last_step(uow: UnitOfWork, *, actor: Actor, now: datetime, encounter_id: UUID, step: StepKind) -> Encounter:
    """The last thing that happened in a stay never happened; the caller names it, so that nothing else is taken back.

    Raises NotFound, StepNotLast; BedTaken when somebody lies meanwhile in the bed this leads back to; AlreadyAdmitted
    when the patient has another open stay meanwhile.
    """
    encounter = _locked(uow, encounter_id, actor, "records.cancel_last_step", now)
    return take_back(uow, encounter, step, actor=actor, now=now)


def begin_stay(
    uow: UnitOfWork, encounter: Encounter, place: Place | None, *, actor: Actor, now: datetime, at: datetime
) -> Encounter:
    """Begin a new stay; patient and bed are locked. Raises AlreadyAdmitted, BedTaken, InstantInFuture."""
    _check_no_other(uow, encounter)
    _check_free(uow, encounter, place)
    fact = encounter.admit(place, at, Recorded(by=actor.subject, now=now))
    store.add_encounter(uow, encounter)
    return _tell(uow, encounter, fact, actor, now)


def move(
    uow: UnitOfWork, encounter: Encounter, place: Place, *, actor: Actor, now: datetime, at: datetime
) -> Encounter:
    """Move somebody to a place whose bed is locked. Raises what `transfer_patient` raises."""
    encounter.check_in_progress()
    _check_free(uow, encounter, place)
    fact = encounter.transfer(place, at, Recorded(by=actor.subject, now=now))
    return _tell(uow, encounter, fact, actor, now)


def end_stay(uow: UnitOfWork, encounter: Encounter, *, actor: Actor, now: datetime, at: datetime) -> Encounter:
    """End a locked stay. Raises what `discharge_patient` raises."""
    fact = encounter.discharge(at, Recorded(by=actor.subject, now=now))
    return _tell(uow, encounter, fact, actor, now)


def take_back(uow: UnitOfWork, encounter: Encounter, step: StepKind, *, actor: Actor, now: datetime) -> Encounter:
    """Take back the last step of a locked stay. Raises what `cancel_last_step` raises."""
    encounter.check_last(step)
    place = encounter.place
    if step is StepKind.TRANSFER:
        place = store.place_of(uow, *encounter.place_before_last())
    if step is not StepKind.ADMISSION:
        if place is not None and place.bed is not None:
            store.lock_bed(uow, place.bed.id)
        _check_free(uow, encounter, place)
    if step is StepKind.DISCHARGE:
        _check_no_other(uow, encounter)
    fact = encounter.cancel(step, place, Recorded(by=actor.subject, now=now))
    return _tell(uow, encounter, fact, actor, now)


def records_of(uow: UnitOfWork, patient_id: UUID) -> list[UUID]:
    """Every record of the person whose record this is: the one that goes on, and those that ended in it."""
    [survivor] = store.survivors_of(uow, {patient_id})
    return [survivor, *store.absorbed_ids(uow, survivor)]


def _locked(uow: UnitOfWork, encounter_id: UUID, actor: Actor, operation: str, now: datetime) -> Encounter:
    encounter = store.lock_encounter(uow, encounter_id)
    if encounter is None:
        raise NotFound
    store.log_access(uow, actor, encounter.patient_id, operation, now)
    return encounter


def _check_no_other(uow: UnitOfWork, encounter: Encounter) -> None:
    """An outpatient may come twice on a day; nobody lies in two beds of one kind."""
    class_ = EncounterClass(encounter.encounter_class)
    if class_ is EncounterClass.AMBULATORY:
        return
    other = store.open_stay(uow, records_of(uow, encounter.patient_id), class_)
    if other is not None:
        raise AlreadyAdmitted(encounter_id=other)


def _check_free(uow: UnitOfWork, encounter: Encounter, place: Place | None) -> None:
    if place is not None and place.bed is not None and store.is_occupied(uow, place.bed.id, but_for=encounter.id):
        raise BedTaken


def _tell(uow: UnitOfWork, encounter: Encounter, fact: Any, actor: Actor, now: datetime) -> Encounter:
    uow.session.flush()
    uow.publish(fact, actor=actor, now=now)
    return encounter
