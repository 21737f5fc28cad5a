"""Two people at one bed at the same moment: real threads, real commits."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.records import store
from services.records.domain import EncounterClass, StepKind
from shared.database import Database
from shared.door import Door
from shared.errors import DomainError
from tests.records.people import facts, merge, register
from tests.records.stays import admit, another, bed, cancel, discharge, open_ward, stays, transfer
from tests.records.test_concurrency import at_once


def outcomes(results: list[Any]) -> Counter[str]:
    return Counter(each.code if isinstance(each, DomainError) else type(each).__name__ for each in results)


def told(door: Door) -> list[str]:
    return [each["type"].split(".")[1] for each in facts(door) if "encounter" in each["type"]]


def lying(database: Database) -> int:
    query = sa.select(sa.func.count()).select_from(store.encounters).where(store.encounters.c.state == "in_progress")
    with database.read() as uow:
        return uow.session.scalar(query) or 0


def test_of_many_patients_one_gets_the_bed(door: Door, database: Database) -> None:
    open_ward(door)
    people = [another(door, number) for number in range(6)]
    results = at_once([partial(admit, door, each.id, bed("07")) for each in people])
    assert outcomes(results) == {"Encounter": 1, "bed_taken": 5}
    assert (lying(database), told(door)) == (1, ["encounter_admitted"])


def test_one_patient_is_admitted_once(door: Door, database: Database) -> None:
    open_ward(door)
    patient = register(door)
    results = at_once([partial(admit, door, patient.id, bed(label)) for label in ("07", "08", "31")])
    assert outcomes(results) == {"Encounter": 1, "already_admitted": 2}
    assert (lying(database), told(door)) == (1, ["encounter_admitted"])


def test_two_patients_who_change_beds_do_not_block_each_other(door: Door, database: Database) -> None:
    one, other = admit(door, register(door).id, bed("07")), admit(door, another(door).id, bed("08"))
    results = at_once([partial(transfer, door, one.id, bed("08")), partial(transfer, door, other.id, bed("07"))])
    assert outcomes(results) == {"bed_taken": 2}
    assert lying(database) == 2


def test_a_discharge_and_a_transfer_at_once_end_one_after_the_other(door: Door) -> None:
    stay = admit(door, register(door).id, bed("07"))
    moved, ended = at_once([partial(transfer, door, stay.id, bed("08")), partial(discharge, door, stay.id)])
    assert not isinstance(ended, Exception)
    if isinstance(moved, DomainError):
        assert (moved.code, stays(door)) == ("not_admitted", [("IMP", "finished", "07", 2)])
    else:
        assert stays(door) == [("IMP", "finished", "08", 3)]


def test_a_discharge_taken_back_and_a_new_patient_do_not_share_the_bed(door: Door, database: Database) -> None:
    stay = admit(door, register(door).id, bed("07"))
    discharge(door, stay.id)
    results = at_once(
        [partial(cancel, door, stay.id, StepKind.DISCHARGE), partial(admit, door, another(door).id, bed("07"))]
    )
    assert outcomes(results) == {"Encounter": 1, "bed_taken": 1}
    assert lying(database) == 1


def test_two_who_discharge_at_once_discharge_once(door: Door) -> None:
    stay = admit(door, register(door).id, bed("07"))
    results = at_once([partial(discharge, door, stay.id)] * 4)
    assert outcomes(results) == {"Encounter": 1, "not_admitted": 3}
    assert stays(door) == [("IMP", "finished", "07", 2)]


def test_a_merge_and_an_admission_never_make_two_stays_of_one_person(door: Door) -> None:
    patient, survivor = register(door), another(door)
    admit(door, patient.id, bed("07"))
    results = at_once([partial(merge, door, patient.id, survivor.id), partial(admit, door, survivor.id, bed("08"))])
    assert outcomes(results) in ({"Patient": 1, "already_admitted": 1}, {"Encounter": 1, "merge_of_two_stays": 1})


def test_an_emergency_and_an_inpatient_stay_begin_side_by_side(door: Door, database: Database) -> None:
    open_ward(door)
    patient = register(door)
    results = at_once(
        [
            partial(admit, door, patient.id, bed("07")),
            partial(admit, door, patient.id, bed("08"), class_=EncounterClass.EMERGENCY),
        ]
    )
    assert outcomes(results) == {"Encounter": 2}
    assert lying(database) == 2
