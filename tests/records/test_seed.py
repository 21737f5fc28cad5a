"""The demo's persons."""

from __future__ import annotations

import json
from collections import Counter

import sqlalchemy as sa

from services.records.seed import FAMILY_FILE, demo_persons, demo_wards, seed
from services.records.store import encounters, guardians, locations, patients
from shared.clock import hospital_day
from shared.door import Door
from shared.settings import Settings
from tests.support.clock import MONDAY_MORNING


def all_rows(door: Door) -> list[tuple[str, str]]:
    with door.database.read() as uow:
        return [tuple(row) for row in uow.session.execute(sa.select(patients.c.mrn, patients.c.name).order_by("mrn"))]


def test_the_demo_hospital_has_two_hundred_patients_under_their_real_names(door: Door, settings: Settings) -> None:
    seed(door, settings)
    rows = all_rows(door)
    assert len(rows) == 200
    assert rows[0] == ("100000016", "Anna Kowalska")
    with door.database.read() as uow:
        assert uow.session.scalar(sa.select(sa.func.count()).select_from(patients).where(patients.c.verified)) == 200
        facts = Counter(uow.session.scalars(sa.select(uow.toolbox.outbox.c.type)))
        children = uow.session.scalar(sa.select(sa.func.count()).select_from(guardians))
    assert facts == {
        "records.patient_registered.v1": 200,
        "records.encounter_admitted.v1": 41,
        "records.encounter_discharged.v1": 1,
    }
    assert children == sum(each.guardian is not None for each in demo_persons(hospital_day(MONDAY_MORNING)))


def test_seeding_again_adds_nobody(door: Door, settings: Settings) -> None:
    seed(door, settings)
    before = all_rows(door)
    seed(door, settings)
    assert all_rows(door) == before


def test_one_family_is_left_for_the_gateway_s_demo_account(door: Door, settings: Settings) -> None:
    seed(door, settings)
    family = json.loads((settings.data_dir / FAMILY_FILE).read_text(encoding="utf-8"))
    with door.database.read() as uow:
        names = {str(row.id): row.name for row in uow.session.execute(sa.select(patients.c.id, patients.c.name))}
        wards = {str(each) for each in uow.session.scalars(sa.select(guardians.c.patient_id))}
    assert [each["relation"] for each in family] == ["self", "child", "parent"]
    assert [each["name"] for each in family] == [names[each["patient_id"]] for each in family]
    assert {each["patient_id"] for each in family if each["relation"] == "child"} <= wards
    assert family[0]["patient_id"] not in wards


def beds(door: Door) -> list[tuple[str, str, str]]:
    with door.database.read() as uow:
        query = (
            sa.select(patients.c.mrn, encounters.c.state, locations.c.code)
            .join(encounters, encounters.c.patient_id == patients.c.id)
            .join(locations, locations.c.id == encounters.c.bed_id)
        )
        return sorted(tuple(row) for row in uow.session.execute(query))


def test_forty_lie_in_the_wards_the_same_ones_in_the_same_beds_however_often_it_is_seeded(
    door: Door, settings: Settings
) -> None:
    seed(door, settings)
    before = beds(door)
    assert Counter(state for _, state, _ in before) == {"in_progress": 40, "finished": 1}
    assert [row for row in before if row[1] == "finished"] == [("100000188", "finished", "12")]
    seed(door, settings)
    assert beds(door) == before


def test_only_children_lie_in_paediatrics_and_every_third_bed_stays_free(door: Door, settings: Settings) -> None:
    today = hospital_day(MONDAY_MORNING)
    seed(door, settings)
    with door.database.read() as uow:
        bed, ward = locations.alias(), locations.alias()
        query = (
            sa.select(ward.c.name_zh, bed.c.code, patients.c.birth_on)
            .join_from(encounters, bed, bed.c.id == encounters.c.bed_id)
            .join(ward, ward.c.id == encounters.c.ward_id)
            .join(patients, patients.c.id == encounters.c.patient_id)
        )
        rows = uow.session.execute(query.where(encounters.c.state == "in_progress")).all()
    young = {row.name_zh for row in rows if (today - row.birth_on).days < 18 * 365}
    old = {row.name_zh for row in rows if (today - row.birth_on).days >= 18 * 366}
    assert (young, "儿科一病区" in old) == ({"儿科一病区"}, False)
    assert {row.code for row in rows if int(row.code) % 3 == 0} == {"12"}


def test_the_same_persons_are_drawn_every_time() -> None:
    today = hospital_day(MONDAY_MORNING)
    assert demo_persons(today) == demo_persons(today)
    numbers = [each.document_number for each in demo_persons(today) if each.document_number]
    assert len(set(numbers)) == len(numbers)


def test_the_demo_hospital_has_fifty_five_wards_with_forty_beds_each(door: Door, settings: Settings) -> None:
    seed(door, settings)
    wards = demo_wards()
    assert len({each.code for each in wards}) == 55
    assert Counter(each.campus for each in wards) == {"MAIN": 44, "THIRD": 11}
    labels = [f"{number:02d}" for number in range(1, 41)]
    assert all([bed for room in each.rooms for bed in room.beds] == labels for each in wards)
    with door.database.read() as uow:
        beds = sa.select(sa.func.count()).select_from(locations).where(locations.c.kind == "bed")
        assert uow.session.scalar(beds) == 2200
