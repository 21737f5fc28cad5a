"""Real-name registration, and verification at the front desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from services.records import store
from services.records.domain import (
    DocumentOfAnotherPatient,
    Guardian,
    Identity,
    Patient,
    PatientExists,
    Registration,
    identify,
    identify_at_desk,
    mask_phone,
    mrn_of,
    search_key,
)
from shared.actor import Actor
from shared.clock import hospital_day
from shared.database import UnitOfWork
from shared.errors import DomainError, NotFound
from shared.sealing import Sealer

DESK = ("front_desk", "records_officer")


Key = tuple[str, str]
"""Where a number is unique, and its fingerprint."""


@dataclass(frozen=True, kw_only=True)
class RegisterRequest:
    """One person to register, and who asks for it."""

    actor: Actor
    person: Registration


@dataclass(frozen=True, eq=False)
class _Person:
    """A person who has passed the real-name rules, and who asks for their registration."""

    actor: Actor
    identity: Identity
    key: Key


def register_patient(uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, person: Registration) -> Patient:
    """Register a person under their real name and give them a medical record number.

    Raises the refusals of `identify`, or PatientExists when the document (or the child of this guardian) is known: it
    names the patient only to the desk and to the account that registered them.
    """
    [result] = register_patients(uow, requests=[RegisterRequest(actor=actor, person=person)], now=now, sealer=sealer)
    if isinstance(result, DomainError):
        raise result
    return result


def register_patients(
    uow: UnitOfWork, *, requests: Sequence[RegisterRequest], now: datetime, sealer: Sealer
) -> list[Patient | DomainError]:
    """Register many persons; one patient or refusal for each, in order. See `register_patient`."""
    found = [_identified(each, sealer, now) for each in requests]
    persons = [each for each in found if isinstance(each, _Person)]
    owners = store.owners_of(uow, [each.key for each in persons])
    firsts: dict[Key, _Person] = {}
    for person in persons:
        if person.key not in owners:
            firsts.setdefault(person.key, person)
    counts = store.next_counts(uow, len(firsts), now)
    new = {
        key: _new_patient(person, sealer, mrn=mrn_of(count), now=now)
        for (key, person), count in zip(firsts.items(), counts, strict=True)
    }
    _write(uow, firsts, new, sealer, now)
    for key, patient in new.items():
        owners[key] = (patient.id, patient.registered_by)
        uow.publish(patient.registered(), actor=firsts[key].actor, now=now)
    return [
        each
        if isinstance(each, DomainError)
        else new[each.key]
        if firsts.get(each.key) is each
        else _exists(each.actor, *owners[each.key])
        for each in found
    ]


def verify_patient(
    uow: UnitOfWork, *, actor: Actor, now: datetime, sealer: Sealer, patient_id: UUID, person: Registration
) -> Patient:
    """The front desk has the document of a patient known from messages before it, and writes down what it says.

    Raises NotFound, AlreadyVerified, PatientMergedAway, the refusals of the real-name rules, and
    DocumentOfAnotherPatient (with its id) when the document belongs to another patient: then the two are merged.
    """
    patient = store.lock_patients(uow, [patient_id]).get(patient_id)
    if patient is None:
        raise NotFound
    patient.check_verifiable()
    identity, document = identify_at_desk(patient, person, today=hospital_day(now))
    key = key_of(identity, sealer)
    owner = store.owners_of(uow, [key]).get(key)
    if owner is not None:
        raise DocumentOfAnotherPatient(patient_id=owner[0])
    fact = patient.verify(
        document,
        name=identity.name,
        sex=identity.sex,
        birth_on=identity.birth_on,
        sealed=sealer.seal(document.number),
        by=actor.subject,
        now=now,
    )
    store.add_identifiers(uow, [_identifier_row(key, identity, patient.id, sealer, now)])
    store.log_access(uow, actor, patient.id, "records.verify_patient", now)
    uow.publish(fact, actor=actor, now=now)
    return patient


def key_of(identity: Identity, sealer: Sealer) -> Key:
    """The natural key of a person as the database keeps it."""
    system, value = identity.natural_key
    return system, sealer.fingerprint(value)


def _identified(request: RegisterRequest, sealer: Sealer, now: datetime) -> _Person | DomainError:
    try:
        identity = identify(request.person, today=hospital_day(now))
        return _Person(request.actor, identity, key_of(identity, sealer))
    except DomainError as refusal:
        return refusal


def _new_patient(person: _Person, sealer: Sealer, *, mrn: str, now: datetime) -> Patient:
    identity, by = person.identity, person.actor.subject
    document, phone = identity.document, identity.phone
    return Patient(
        id=uuid4(),
        mrn=mrn,
        name=identity.name,
        search_key=search_key(identity.name),
        sex=identity.sex,
        birth_on=identity.birth_on,
        verified=True,
        document_type=document.type if document else None,
        document_number_masked=document.masked if document else None,
        document_number_sealed=sealer.seal(document.number) if document else None,
        phone_masked=mask_phone(phone) if phone else None,
        phone_sealed=sealer.seal(phone) if phone else None,
        registered_by=by,
        registered_at=now,
        verified_by=by,
        verified_at=now,
    )


def _write(
    uow: UnitOfWork, persons: dict[Key, _Person], new: dict[Key, Patient], sealer: Sealer, now: datetime
) -> None:
    guardians = [(new[key].id, each.identity.guardian) for key, each in persons.items()]
    store.add_patients(
        uow,
        list(new.values()),
        [_identifier_row(key, each.identity, new[key].id, sealer, now) for key, each in persons.items()],
        [_guardian_row(guardian, id_, sealer) for id_, guardian in guardians if guardian is not None],
    )


def _identifier_row(key: Key, identity: Identity, patient_id: UUID, sealer: Sealer, now: datetime) -> dict[str, Any]:
    document = identity.document
    return {
        "system": key[0],
        "fingerprint": key[1],
        "patient_id": patient_id,
        "kind": document.type if document else None,
        "masked": document.masked if document else None,
        "sealed": sealer.seal(document.number) if document else None,
        "known_at": now,
    }


def _guardian_row(guardian: Guardian, patient_id: UUID, sealer: Sealer) -> dict[str, Any]:
    return {
        "patient_id": patient_id,
        "name": guardian.name,
        "document_type": guardian.document.type,
        "document_number_masked": guardian.document.masked,
        "document_number_sealed": sealer.seal(guardian.document.number),
        "phone_masked": mask_phone(guardian.phone),
        "phone_sealed": sealer.seal(guardian.phone),
    }


def _exists(actor: Actor, patient_id: UUID, registered_by: str) -> PatientExists:
    may_know = actor.has(*DESK) or actor.subject == registered_by
    return PatientExists(patient_id=patient_id) if may_know else PatientExists()
