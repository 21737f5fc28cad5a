"""Stays on a real database: who may lie where, and what a refusal leaves behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from services.records import store, usecases
from services.records.domain import EncounterClass, StepKind
from services.records.seed import demo_wards
from shared.door import Door
from shared.errors import DomainError
from tests.records.people import everything, facts, merge, register, take
from tests.records.stays import (
    WARD,
    admit,
    another,
    bed,
    cancel,
    discharge,
    open_ward,
    stays,
    transfer,
)
from tests.support.clock import StandingClock


def refused(door: Door, act: Callable[[], Any], code: str) -> DomainError:
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert everything(door) == before
    return refusal.value


def test_a_ward_is_opened_once_with_its_beds(door: Door) -> None:
    assert open_ward(door) == 7
    before = everything(door)
    assert open_ward(door) == 0
    assert everything(door) == before


def test_the_demo_hospital_s_wards_cost_less_than_two_seconds(door: Door) -> None:
    wards = demo_wards()
    began = time.process_time()
    with door.database.write() as uow:
        assert usecases.open_wards(uow, wards=wards, now=door.clock()) == 2 + 55 + 550 + 2200
    assert time.process_time() - began < 2
    with door.database.read() as uow:
        kinds = sa.select(store.locations.c.kind, sa.func.count()).group_by(store.locations.c.kind)
        assert {row[0]: row[1] for row in uow.session.execute(kinds)} == {
            "campus": 2,
            "ward": 55,
            "room": 550,
            "bed": 2200,
        }


def test_a_patient_lies_in_a_bed_moves_and_goes_home(door: Door, clock: StandingClock) -> None:
    patient = register(door)
    stay = admit(door, patient.id, bed("07"))
    clock.advance(hours=1)
    transfer(door, stay.id, bed("31"))
    clock.advance(hours=1)
    ended = discharge(door, stay.id)
    assert (ended.started_at, ended.ended_at) == (clock() - timedelta(hours=2), clock())
    assert stays(door) == [("IMP", "finished", "31", 3)]
    told = [each for each in facts(door) if "encounter" in each["type"]]
    assert [(each["type"].split(".")[1], each["bed"]["label"], each["version"]) for each in told] == [
        ("encounter_admitted", "07", 1),
        ("encounter_transferred", "31", 2),
        ("encounter_discharged", "31", 3),
    ]


def test_an_unverified_patient_may_be_treated(door: Door) -> None:
    admit(door, take(door).patient_id, bed("07"))
    assert stays(door) == [("IMP", "in_progress", "07", 1)]


def test_the_hospital_writes_down_when_it_happened(door: Door, clock: StandingClock) -> None:
    began = clock() - timedelta(days=3)
    assert admit(door, register(door).id, bed("07"), at=began).started_at == began


def test_nobody_is_laid_on_another(door: Door) -> None:
    one = admit(door, register(door).id, bed("07"))
    other = admit(door, another(door).id, bed("08"))
    third = another(door, 2).id
    refused(door, lambda: admit(door, third, bed("07")), "bed_taken")
    refused(door, lambda: transfer(door, other.id, bed("07")), "bed_taken")
    discharge(door, one.id)
    transfer(door, other.id, bed("07"))
    refused(door, lambda: cancel(door, one.id, StepKind.DISCHARGE), "bed_taken")
    admit(door, third, bed("08"))
    refused(door, lambda: cancel(door, other.id, StepKind.TRANSFER), "bed_taken")


def test_nobody_has_two_open_stays_of_one_class(door: Door) -> None:
    patient = register(door)
    first = admit(door, patient.id, bed("07"))
    refusal = refused(door, lambda: admit(door, patient.id, bed("08")), "already_admitted")
    assert refusal.facts == {"encounter_id": first.id}
    admit(door, patient.id, bed("31"), class_=EncounterClass.EMERGENCY)
    discharge(door, first.id)
    admit(door, patient.id, bed("08"))
    refused(door, lambda: cancel(door, first.id, StepKind.DISCHARGE), "already_admitted")


def test_behind_the_locks_stand_constraints(door: Door) -> None:
    patient = register(door)
    stay = admit(door, patient.id, bed("07"))
    row = {
        "patient_id": patient.id,
        "encounter_class": "IMP",
        "state": "in_progress",
        "ward_id": stay.ward_id,
        "version": 1,
    }
    for taken in ({"bed_id": bed("08")}, {"patient_id": another(door).id, "bed_id": bed("07")}):
        with pytest.raises(IntegrityError), door.database.write() as uow:
            uow.insert(store.encounters, [{"id": uuid4(), **row, **taken}])
    assert stays(door) == [("IMP", "in_progress", "07", 1)]


@pytest.mark.parametrize("wrong", [uuid4(), None])
def test_a_bed_that_is_none_is_refused(door: Door, wrong: UUID | None) -> None:
    patient = register(door)
    open_ward(door)
    ward = store.locations.c.kind == "ward"
    with door.database.read() as uow:
        bed_id = wrong or uow.session.execute(sa.select(store.locations.c.id).where(ward)).scalar_one()
    refused(door, lambda: admit(door, patient.id, bed_id), "bed_unknown")
    stay = admit(door, patient.id, bed("07"))
    refused(door, lambda: transfer(door, stay.id, bed_id), "bed_unknown")


def test_a_stay_or_patient_that_is_none_is_not_found(door: Door) -> None:
    open_ward(door)
    refused(door, lambda: admit(door, uuid4(), bed("07")), "not_found")
    refused(door, lambda: transfer(door, uuid4(), bed("07")), "not_found")
    refused(door, lambda: discharge(door, uuid4()), "not_found")
    refused(door, lambda: cancel(door, uuid4(), StepKind.ADMISSION), "not_found")


def test_a_stay_that_has_ended_is_not_moved_or_ended_again(door: Door) -> None:
    stay = admit(door, register(door).id, bed("07"))
    discharge(door, stay.id)
    refused(door, lambda: transfer(door, stay.id, bed("08")), "not_admitted")
    refused(door, lambda: discharge(door, stay.id), "not_admitted")
    refused(door, lambda: cancel(door, stay.id, StepKind.ADMISSION), "step_not_last")


def test_times_that_cannot_be_are_refused(door: Door, clock: StandingClock) -> None:
    patient = register(door)
    open_ward(door)
    later, earlier = clock() + timedelta(hours=1), clock() - timedelta(hours=1)
    refused(door, lambda: admit(door, patient.id, bed("07"), at=later), "instant_in_future")
    stay = admit(door, patient.id, bed("07"))
    refused(door, lambda: transfer(door, stay.id, bed("08"), at=earlier), "step_before_previous")
    refused(door, lambda: discharge(door, stay.id, at=earlier), "discharge_before_admission")


def test_every_step_can_be_taken_back_from_the_last_one_on(door: Door) -> None:
    stay = admit(door, register(door).id, bed("07"))
    transfer(door, stay.id, bed("31"))
    discharge(door, stay.id)
    for kind, expected in (
        (StepKind.DISCHARGE, ("IMP", "in_progress", "31", 4)),
        (StepKind.TRANSFER, ("IMP", "in_progress", "07", 5)),
        (StepKind.ADMISSION, ("IMP", "cancelled", "07", 6)),
    ):
        cancel(door, stay.id, kind)
        assert stays(door) == [expected]
    admit(door, another(door).id, bed("07"))
    with door.database.read() as uow:
        kept = uow.session.execute(
            sa.select(store.encounter_steps.c.cancelled_by).where(store.encounter_steps.c.encounter_id == stay.id)
        ).scalars()
        assert list(kept) == ["staff:nurse"] * 3


def test_a_record_that_has_ended_is_not_admitted_but_its_stay_goes_on(door: Door) -> None:
    patient, survivor = register(door), another(door)
    stay = admit(door, patient.id, bed("07"))
    merge(door, patient.id, survivor.id)
    refused(door, lambda: admit(door, patient.id, bed("08")), "patient_merged")
    refusal = refused(door, lambda: admit(door, survivor.id, bed("08")), "already_admitted")
    assert refusal.facts == {"encounter_id": stay.id}
    discharge(door, stay.id)
    admit(door, survivor.id, bed("08"))
    refused(door, lambda: cancel(door, stay.id, StepKind.DISCHARGE), "already_admitted")


def test_two_records_that_both_lie_in_a_bed_are_not_merged(door: Door) -> None:
    patient, survivor = register(door), another(door)
    stay = admit(door, patient.id, bed("07"))
    admit(door, survivor.id, bed("08"))
    refused(door, lambda: merge(door, patient.id, survivor.id), "merge_of_two_stays")
    discharge(door, stay.id)
    merge(door, patient.id, survivor.id)


def test_an_added_bed_is_opened_beside_the_others(door: Door) -> None:
    from dataclasses import replace

    from services.records.domain import RoomPlan

    open_ward(door)
    more = replace(WARD, rooms=(*WARD.rooms, RoomPlan(code="", beds=("加1",))))
    assert open_ward(door, more) == 1
