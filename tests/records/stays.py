"""Wards for tests, and short ways to the use cases of stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.records import store, usecases
from services.records.domain import (
    Encounter,
    EncounterClass,
    Patient,
    Registration,
    RoomPlan,
    StepKind,
    WardPlan,
    location_id,
)
from shared.actor import Actor
from shared.door import Door
from tests.records.people import do, register, traveller

NURSE = Actor(subject="staff:nurse", roles=("nurse",))
WARD = WardPlan(
    campus="MAIN",
    campus_zh="本部",
    campus_en="Main Campus",
    code="CARD1",
    name_zh="心内一病区",
    name_en="Cardiology, Ward 1",
    rooms=(RoomPlan(code="01", beds=("07", "08")), RoomPlan(code="02", beds=("31",))),
)
_ROOMS = {"07": "01", "08": "01", "31": "02"}


def bed(label: str) -> UUID:
    """The id of a bed of the ward."""
    return location_id("MAIN", "CARD1", _ROOMS[label], label)


def open_ward(door: Door, ward: WardPlan = WARD) -> int:
    """Open the ward; gives how many places were new."""
    with door.database.write() as uow:
        return usecases.open_wards(uow, wards=[ward], now=door.clock())


def admit(
    door: Door,
    patient_id: UUID,
    bed_id: UUID,
    *,
    class_: EncounterClass = EncounterClass.INPATIENT,
    at: datetime | None = None,
) -> Encounter:
    """Lay a patient in a bed of the ward, which is opened if need be."""
    open_ward(door)
    arguments: dict[str, Any] = {"patient_id": patient_id, "bed_id": bed_id, "encounter_class": class_, "at": at}
    admitted: Encounter = do(door, usecases.admit_patient, actor=NURSE, **arguments)
    return admitted


def transfer(door: Door, encounter_id: UUID, bed_id: UUID, *, at: datetime | None = None) -> Encounter:
    """Move to another bed."""
    arguments: dict[str, Any] = {"encounter_id": encounter_id, "bed_id": bed_id, "at": at}
    moved: Encounter = do(door, usecases.transfer_patient, actor=NURSE, **arguments)
    return moved


def discharge(door: Door, encounter_id: UUID, *, at: datetime | None = None) -> Encounter:
    """End a stay."""
    ended: Encounter = do(door, usecases.discharge_patient, actor=NURSE, encounter_id=encounter_id, at=at)
    return ended


def cancel(door: Door, encounter_id: UUID, step: StepKind) -> Encounter:
    """Take back the last step."""
    arguments: dict[str, Any] = {"encounter_id": encounter_id, "step": step}
    taken_back: Encounter = do(door, usecases.cancel_last_step, actor=NURSE, **arguments)
    return taken_back


def another(door: Door, number: int = 1) -> Patient:
    """Another patient, with a passport."""
    return register(door, _traveller(number))


def _traveller(number: int) -> Registration:
    return traveller(document_number=f"GB12345{number:02d}")


def stays(door: Door) -> list[tuple[str, str, str | None, int]]:
    """All stays: class, state, label of the bed, version."""
    encounters, locations = store.encounters, store.locations
    query = (
        sa.select(encounters.c.encounter_class, encounters.c.state, locations.c.code, encounters.c.version)
        .outerjoin(locations, locations.c.id == encounters.c.bed_id)
        .order_by(locations.c.code, encounters.c.version)
    )
    with door.database.read() as uow:
        return [(row[0], row[1], row[2], row[3]) for row in uow.session.execute(query)]
