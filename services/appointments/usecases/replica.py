"""What records tells of patients: as much as booking needs to know, and nothing more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.appointments import store
from shared.actor import Actor
from shared.database import UnitOfWork
from shared.errors import NotYet


def learn_patient(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A patient was registered. If the verification was heard of first, what it said stays."""
    store.add_patient(
        uow, patient_id=data["patient_id"], sex=data["sex"], birth_on=data["birth_on"], verified=data["verified"]
    )


def learn_verification(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """A patient's papers were checked: from now on they can book."""
    patient_id, sex, birth_on = data["patient_id"], data["sex"], data["birth_on"]
    if not store.add_patient(uow, patient_id=patient_id, sex=sex, birth_on=birth_on, verified=True):
        store.verify_patient(uow, patient_id=patient_id, sex=sex, birth_on=birth_on)


def learn_merger(uow: UnitOfWork, *, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Two patient ids turned out to be one person. Waits until both are known."""
    patient_id, merged_into = data["patient_id"], data["merged_into"]
    unknown = {patient_id, merged_into} - store.known_patients(uow, {patient_id, merged_into})
    if unknown:
        raise NotYet(f"patient {min(unknown)}")
    store.merge_patient(uow, patient_id=patient_id, merged_into=merged_into)
