"""What a message says of a stay, done through the same steps as at the front desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import (
    AlreadyAdmitted,
    Encounter,
    EncounterClass,
    EncounterState,
    Place,
    SentAct,
    SentStay,
    StayNeedsPlace,
    StayUnknown,
    StepKind,
)
from services.records.usecases import encounters
from services.records.usecases.places import place_as_sent
from shared.actor import Actor
from shared.database import UnitOfWork

_CANCELLED = {
    SentAct.CANCEL_ADMISSION: StepKind.ADMISSION,
    SentAct.CANCEL_TRANSFER: StepKind.TRANSFER,
    SentAct.CANCEL_DISCHARGE: StepKind.DISCHARGE,
}


@dataclass(frozen=True)
class _Told:
    """A message's stay with all that its handling needs."""

    uow: UnitOfWork
    actor: Actor
    now: datetime
    patient_id: UUID
    stay: SentStay


def take_stay(uow: UnitOfWork, *, actor: Actor, now: datetime, patient_id: UUID, stay: SentStay) -> str:
    """Do what a message says of a stay; gives what was done, in words for a report.

    A stay is found by its visit number, or else is the patient's open (or last finished) one that no sender has
    numbered. Raises StayUnknown, StayNeedsPlace, and what the use cases of stays raise.
    """
    told = _Told(uow, actor, now, patient_id, stay)
    if stay.act in {SentAct.ADMIT, SentAct.REGISTER}:
        return _begin(told)
    if stay.act is SentAct.TRANSFER:
        return _move(told)
    if stay.act is SentAct.DISCHARGE:
        return _end(told)
    kind = _CANCELLED[stay.act]
    state = EncounterState.FINISHED if kind is StepKind.DISCHARGE else EncounterState.IN_PROGRESS
    encounter = _found(told, state)
    if encounter is None:
        raise StayUnknown
    encounters.take_back(uow, encounter, kind, actor=actor, now=now)
    return f"{kind} cancelled"


def _begin(told: _Told) -> str:
    known = _numbered(told)
    if known is not None and told.stay.act is SentAct.REGISTER:
        return "visit known"
    if known is not None:
        raise AlreadyAdmitted(encounter_id=known)
    place = _place(told)
    at = told.stay.started_at or told.stay.at
    encounters.begin_stay(told.uow, _new(told), place, actor=told.actor, now=told.now, at=at)
    return "admitted" if told.stay.act is SentAct.ADMIT else "visit begun"


def _move(told: _Told) -> str:
    encounter = _found(told, EncounterState.IN_PROGRESS)
    if encounter is None:
        raise StayUnknown
    place = _place(told)
    if place is None:
        raise StayNeedsPlace
    encounters.move(told.uow, encounter, place, actor=told.actor, now=told.now, at=told.stay.at)
    return "transferred"


def _end(told: _Told) -> str:
    encounter = _found(told, EncounterState.IN_PROGRESS)
    if encounter is not None:
        encounters.end_stay(told.uow, encounter, actor=told.actor, now=told.now, at=told.stay.at)
        return "discharged"
    encounter = _new(told)
    encounter.begin_untold(_place(told), told.stay.started_at)
    encounters.end_stay(told.uow, encounter, actor=told.actor, now=told.now, at=told.stay.at)
    store.add_encounter(told.uow, encounter)
    return "discharged from a stay whose admission was not told"


def _new(told: _Told) -> Encounter:
    stay = told.stay
    return Encounter(
        id=uuid4(),
        patient_id=told.patient_id,
        encounter_class=stay.encounter_class,
        visit_system=stay.visit_system if stay.visit_number else None,
        visit_number=stay.visit_number,
    )


def _place(told: _Told) -> Place | None:
    """Where the message says that the patient lies; an outpatient lies nowhere."""
    if told.stay.encounter_class is EncounterClass.AMBULATORY:
        return None
    if told.stay.place is not None:
        return place_as_sent(told.uow, told.stay.place, now=told.now)
    if told.stay.encounter_class is EncounterClass.INPATIENT and told.stay.act is SentAct.ADMIT:
        raise StayNeedsPlace
    return None


def _numbered(told: _Told) -> UUID | None:
    number = told.stay.visit_number
    return store.stay_of_visit(told.uow, told.stay.visit_system, number) if number else None


def _found(told: _Told, state: EncounterState) -> Encounter | None:
    """The stay that is meant, locked; one of another patient's is not."""
    return stay_meant(
        told.uow,
        told.patient_id,
        state,
        visit_system=told.stay.visit_system,
        visit_number=told.stay.visit_number,
    )


def stay_meant(
    uow: UnitOfWork, patient_id: UUID, state: EncounterState, *, visit_system: str, visit_number: str | None
) -> Encounter | None:
    """The stay that a message means, locked: by its visit number, else the newest that no sender has numbered.

    Raises StayUnknown for a number of another patient's stay.
    """
    ids = encounters.records_of(uow, patient_id)
    id_ = store.stay_of_visit(uow, visit_system, visit_number) if visit_number else None
    if id_ is None:
        id_ = store.newest_stay(uow, ids, state, only_unnumbered=visit_number is not None)
    encounter = store.lock_encounter(uow, id_) if id_ else None
    if encounter is not None and encounter.patient_id not in ids:
        raise StayUnknown
    return encounter
