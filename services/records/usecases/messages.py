"""Messages of other systems: their person becomes a patient, as sent and unverified, and their stay a stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import (
    BirthDateInFuture,
    ControlIdReused,
    IdentifiersOfTwoPatients,
    Patient,
    SentIdentifier,
    SentMessage,
    SentPerson,
    mask,
    mrn_of,
)
from services.records.usecases.merging import merge_patients
from services.records.usecases.sent_diets import take_diet_order
from services.records.usecases.sent_stays import take_stay
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.sealing import Sealer


@dataclass(frozen=True)
class Taken:
    """What became of a message: the patient, whether they were registered, updated, unchanged or repeated; the stay."""

    outcome: str
    patient_id: UUID
    mrn: str


def take_message(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, message: SentMessage) -> Taken:
    """Register or update the person of a message, by the numbers its sender gives them; then do what it says of a stay.

    A message that was taken before (sender and control id) changes nothing. Such a patient is unverified: they may be
    treated and billed, and can act on the phone once the front desk has seen a document. Raises ControlIdReused,
    IdentifiersOfTwoPatients, BirthDateInFuture, and the refusals of merging and of stays: then nothing was taken.
    """
    digest = sealer.fingerprint(message.text, "message")
    known = store.taken_message(uow, message.sender, message.control_id)
    if known is not None:
        if known.digest != digest:
            raise ControlIdReused
        return Taken("repeated", known.patient_id, known.mrn)
    person = message.person
    if person.birth_on is not None and person.birth_on > hospital_day(now):
        raise BirthDateInFuture(member="birth_on")
    taken = _take(uow, person, actor, now, sealer)
    if message.merged:
        taken = _merge(uow, taken, message.merged, actor, now, sealer)
    if message.stay is not None:
        told = take_stay(uow, actor=actor, now=now, patient_id=taken.patient_id, stay=message.stay)
        taken = replace(taken, outcome=f"{taken.outcome}, {told}")
    if message.diet is not None:
        told = take_diet_order(
            uow, actor=actor, now=now, patient_id=taken.patient_id, sender=message.sender, diet=message.diet
        )
        taken = replace(taken, outcome=f"{taken.outcome}, {told}")
    store.add_message(
        uow,
        sender=message.sender,
        control_id=message.control_id,
        digest=digest,
        kind=message.kind,
        patient_id=taken.patient_id,
        taken_at=now,
    )
    return taken


def _take(uow: UnitOfWork, person: SentPerson, actor: Actor, now: datetime, sealer: Sealer) -> Taken:
    keys = {(each.system, sealer.fingerprint(each.identity)): each for each in person.identifiers}
    owners = store.owners_of(uow, list(keys))
    survivors = store.survivors_of(uow, {owner for owner, _ in owners.values()})
    if len(survivors) > 1:
        raise IdentifiersOfTwoPatients
    if survivors:
        [patient_id] = survivors
        patient = store.lock_patients(uow, [patient_id])[patient_id]
        outcome = "updated" if patient.take_as_sent(person) else "unchanged"
    else:
        patient, outcome = _new_patient(uow, person, actor, now), "registered"
        store.add_patients(uow, [patient], [], [])
        uow.publish(patient.registered(), actor=actor, now=now)
    fresh = [_identifier_row(key, each, patient.id, sealer, now) for key, each in keys.items() if key not in owners]
    store.add_identifiers(uow, fresh)
    return Taken(outcome, patient.id, patient.mrn)


def _merge(
    uow: UnitOfWork, taken: Taken, ended: tuple[SentIdentifier, ...], actor: Actor, now: datetime, sealer: Sealer
) -> Taken:
    """The record under these numbers ends in the message's person; numbers of nobody are theirs from now on."""
    keys = {(each.system, sealer.fingerprint(each.identity)): each for each in ended}
    owners = store.owners_of(uow, list(keys))
    others = store.survivors_of(uow, {owner for owner, _ in owners.values()}) - {taken.patient_id}
    if len(others) > 1:
        raise IdentifiersOfTwoPatients
    fresh = [
        _identifier_row(key, each, taken.patient_id, sealer, now) for key, each in keys.items() if key not in owners
    ]
    store.add_identifiers(uow, fresh)
    for other in others:
        merge_patients(uow, actor=actor, now=now, patient_id=other, into=taken.patient_id)
    return replace(taken, outcome=f"{taken.outcome}, {'merged' if others else 'nothing to merge'}")


def _new_patient(uow: UnitOfWork, person: SentPerson, actor: Actor, now: datetime) -> Patient:
    [count] = store.next_counts(uow, 1, now)
    return Patient(
        id=uuid4(),
        mrn=mrn_of(count),
        name=person.name,
        search_key=person.search_key,
        sex=person.sex,
        birth_on=person.birth_on,
        verified=False,
        as_sent=person.words,
        registered_by=actor.subject,
        registered_at=now,
    )


def _identifier_row(
    key: tuple[str, str], given: SentIdentifier, patient_id: UUID, sealer: Sealer, now: datetime
) -> dict[str, Any]:
    return {
        "system": key[0],
        "fingerprint": key[1],
        "patient_id": patient_id,
        "kind": given.kind,
        "masked": mask(given.identity),
        "sealed": sealer.seal(given.value),
        "known_at": now,
    }
