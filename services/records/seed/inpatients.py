"""The demo's inpatients: forty people in four wards, and two stays that have ended, through the same use cases.

The demo account's father lies in endocrinology since three days; he was there before, long enough ago that a copy of
that record may be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.records import queries, usecases
from services.records.domain import location_id
from services.records.seed.persons import FAMILY_FILE, SEED_ACTOR
from services.records.seed.places import BEDS_IN_A_ROOM
from shared.clock import hospital_day
from shared.door import Door
from shared.settings import Settings

CAMPUS = "MAIN"
CARDIOLOGY, ENDOCRINOLOGY = "1号楼-12F-CARD1", "1号楼-8F-ENDO1"
SURGERY, PAEDIATRICS = "4号楼-12F-GIS1", "6号楼-4F-PEDI1"
WARDS = {CARDIOLOGY: 12, ENDOCRINOLOGY: 10, SURGERY: 10, PAEDIATRICS: 8}
"""How many lie in each ward."""
FATHERS_BED = 12
_ADULT = timedelta(days=18 * 366)
_FREE_BEDS = 3
"""Every so many beds one stays free, so that somebody can be admitted and moved."""


@dataclass(frozen=True)
class Lying:
    """Who is laid in which bed, and when; `ended_at` for a stay that is over."""

    patient_id: UUID
    ward: str
    bed: int
    at: datetime
    ended_at: datetime | None = None


def admit_inpatients(door: Door, settings: Settings) -> None:
    """Lay people in their beds unless that was done already."""
    with door.database.read() as uow:
        if queries.count_steps_by(uow, SEED_ACTOR.subject):
            return
        persons = queries.registered_by(uow, SEED_ACTOR.subject)
    family = json.loads((settings.data_dir / FAMILY_FILE).read_text(encoding="utf-8"))
    now = door.clock()
    with door.database.write() as uow:
        for each in plan(persons, family, now):
            stay = usecases.admit_patient(
                uow,
                actor=SEED_ACTOR,
                now=now,
                patient_id=each.patient_id,
                bed_id=bed_id(each.ward, each.bed),
                at=each.at,
            )
            if each.ended_at is not None:
                usecases.discharge_patient(uow, actor=SEED_ACTOR, now=now, encounter_id=stay.id, at=each.ended_at)


def bed_id(ward: str, label: int) -> UUID:
    """The id of a bed of the main campus by its ward and number."""
    room = (label - 1) // BEDS_IN_A_ROOM + 1
    return location_id(CAMPUS, ward, f"{room:02d}", f"{label:02d}")


def plan(persons: Sequence[queries.Registered], family: Sequence[dict[str, str]], now: datetime) -> list[Lying]:
    """Who lies where: the oldest in cardiology, children in paediatrics, the family's father in endocrinology."""
    at_home = {UUID(each["patient_id"]) for each in family}
    free = [each for each in persons if each.patient_id not in at_home]
    children = [each for each in free if each.birth_on > hospital_day(now) - _ADULT]
    adults = sorted((each for each in free if each not in children), key=lambda each: each.birth_on)
    queues = {ward: iter(children if ward == PAEDIATRICS else ()) for ward in WARDS}
    queues[CARDIOLOGY] = iter(adults[:12])
    queues[ENDOCRINOLOGY], queues[SURGERY] = iter(adults[12:22]), iter(adults[-10:])
    father = next((UUID(each["patient_id"]) for each in family if each["relation"] == "parent"), None)
    lying = list(_fathers(father, now)) if father else []
    for ward, wanted in WARDS.items():
        beds = [each for each in _beds() if (ward, each) != (ENDOCRINOLOGY, FATHERS_BED) or father is None]
        people = list(queues[ward])[: wanted - (ward == ENDOCRINOLOGY and father is not None)]
        lying += [
            Lying(person.patient_id, ward, bed, _admitted(now, nth))
            for nth, (person, bed) in enumerate(zip(people, beds, strict=False))
        ]
    return lying


def _beds() -> Iterator[int]:
    return (label for label in range(1, 41) if label % _FREE_BEDS)


def _admitted(now: datetime, nth: int) -> datetime:
    """Between one and nine days ago, in the morning by the clock of the seed, a quarter of an hour after the other."""
    return now - timedelta(days=1 + nth % 9, minutes=15 * nth)


def _fathers(father: UUID, now: datetime) -> Iterator[Lying]:
    before = now - timedelta(days=48)
    yield Lying(father, ENDOCRINOLOGY, FATHERS_BED, before, before + timedelta(days=9))
    yield Lying(father, ENDOCRINOLOGY, FATHERS_BED, now - timedelta(days=3))
