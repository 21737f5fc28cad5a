"""Registering, verifying and merging patients, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from services.records import store, usecases
from services.records.domain import Patient, Registration
from shared.door import Door
from shared.errors import DomainError
from tests.records.people import (
    ACCOUNT,
    DESK,
    GUARDIAN,
    OFFICER,
    OTHER_ACCOUNT,
    SEALER,
    WANG_NUMBER,
    child,
    do,
    everything,
    facts,
    merge,
    register,
    resident_number,
    sent,
    take,
    traveller,
    wang,
)


def verify(door: Door, patient_id: UUID, person: Registration | None = None) -> Patient:
    patient: Patient = do(
        door,
        usecases.verify_patient,
        actor=DESK,
        sealer=SEALER,
        patient_id=patient_id,
        person=person or replace(traveller(), name=""),
    )
    return patient


def row_of(door: Door, patient_id: UUID) -> sa.RowMapping:
    with door.database.read() as uow:
        return uow.session.execute(sa.select(store.patients).where(store.patients.c.id == patient_id)).mappings().one()


def refused(door: Door, act: Any) -> DomainError:
    """The refusal of an act, which has changed nothing."""
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        act()
    assert everything(door) == before
    return refusal.value


def test_a_registered_person_gets_a_medical_record_number_and_others_hear_of_it(door: Door) -> None:
    patient = register(door)
    assert (patient.mrn, patient.verified, patient.registered_by) == ("100000016", True, "account:one")
    assert facts(door) == [
        {
            "type": "records.patient_registered.v1",
            "patient_id": str(patient.id),
            "mrn": "100000016",
            "verified": True,
            "sex": "male",
            "birth_on": "1956-03-08",
            "name_masked": "王*国",
        }
    ]


def test_no_table_holds_a_number_that_can_be_read(door: Door) -> None:
    patient = register(door)
    register(door, child())
    rows = str(everything(door))
    assert WANG_NUMBER not in rows
    assert "19900000001" not in rows
    row = row_of(door, patient.id)
    assert (row["document_number_masked"], row["phone_masked"]) == ("329900********0017", "199****0001")
    assert SEALER.open(row["document_number_sealed"]) == WANG_NUMBER
    assert SEALER.open(row["phone_sealed"]) == "19900000001"


def test_a_person_is_registered_once(door: Door) -> None:
    patient = register(door)
    for second, actor, knows in (
        (wang(), ACCOUNT, True),
        (wang(), OTHER_ACCOUNT, False),
        (wang(), DESK, True),
        (wang(document_type="02", name="王健国"), OTHER_ACCOUNT, False),
    ):
        refusal = refused(door, lambda second=second, actor=actor: register(door, second, actor=actor))
        assert (refusal.code, refusal.facts) == ("patient_exists", {"patient_id": patient.id} if knows else {})


def test_a_child_without_a_number_is_registered_once_under_its_guardian(door: Door) -> None:
    first = register(door, child())
    assert (first.verified, first.document_type) == (True, None)
    assert refused(door, lambda: register(door, child(name="王小宝 "))).code == "patient_exists"
    twin = register(door, child(name="王小贝"))
    assert twin.mrn != first.mrn


def test_the_guardian_of_a_child_is_no_patient_by_that(door: Door) -> None:
    register(door, child())
    parent = register(door)
    with door.database.read() as uow:
        guardian = uow.session.execute(sa.select(store.guardians)).mappings().one()
    assert (guardian["name"], guardian["document_number_masked"]) == ("王建国", "329900********0017")
    assert SEALER.open(guardian["phone_sealed"]) == GUARDIAN.phone
    assert parent.mrn == "100000024"


def test_many_persons_are_registered_at_once_and_each_gets_an_answer(door: Door) -> None:
    people = [wang(), traveller(), wang(), traveller(name="1"), child()]
    requests = [usecases.RegisterRequest(actor=ACCOUNT, person=each) for each in people]
    with door.database.write() as uow:
        results = usecases.register_patients(uow, requests=requests, now=door.clock(), sealer=SEALER)
    assert [getattr(each, "mrn", None) or getattr(each, "code", None) for each in results] == [
        "100000016",
        "100000024",
        "patient_exists",
        "name_invalid",
        "100000032",
    ]
    assert [each["mrn"] for each in facts(door)] == ["100000016", "100000024", "100000032"]


def test_nobody_is_registered_by_an_empty_list(door: Door) -> None:
    with door.database.write() as uow:
        assert usecases.register_patients(uow, requests=[], now=door.clock(), sealer=SEALER) == []


def test_the_front_desk_verifies_a_patient_who_was_sent(door: Door) -> None:
    taken = take(door)
    patient = verify(door, taken.patient_id)
    assert (patient.verified, patient.verified_by, patient.version) == (True, "staff:front-desk", 2)
    assert (patient.document_type, patient.document_number_masked) == ("03", "G******67")
    assert patient.as_sent == {"sex": "M"}
    assert facts(door)[-1] == {
        "type": "records.patient_verified.v1",
        "patient_id": str(patient.id),
        "mrn": patient.mrn,
        "sex": "male",
        "birth_on": "1972-02-27",
        "name_masked": "D*** D***",
    }
    assert refused(door, lambda: register(door, traveller(), actor=OTHER_ACCOUNT)).code == "patient_exists"


def test_a_document_of_another_patient_tells_the_desk_to_merge(door: Door) -> None:
    known = register(door, traveller())
    taken = take(door)
    refusal = refused(door, lambda: verify(door, taken.patient_id))
    assert (refusal.code, refusal.facts) == ("document_of_another_patient", {"patient_id": known.id})
    merge(door, taken.patient_id, known.id, actor=DESK)
    assert take(door, sent(control_id="2", name="Don")).patient_id == known.id


def test_a_document_that_breaks_a_rule_verifies_nobody(door: Door) -> None:
    taken = take(door)
    for person, code in (
        (traveller(document_number="!"), "document_number_invalid"),
        (traveller(document_type="77"), "document_type_unknown"),
        (traveller(name="1"), "name_invalid"),
        (traveller(birth_on=date(2027, 1, 1)), "birth_date_in_future"),
        (Registration(name="Donald Duck"), "document_needed"),
        (wang(sex="female"), "sex_mismatch"),
    ):
        assert refused(door, lambda person=person: verify(door, taken.patient_id, person)).code == code


def test_a_patient_is_verified_once(door: Door) -> None:
    patient = register(door)
    assert refused(door, lambda: verify(door, patient.id, traveller())).code == "already_verified"
    assert refused(door, lambda: verify(door, uuid4())).code == "not_found"


def test_a_record_that_has_ended_is_neither_verified_nor_linked(door: Door) -> None:
    survivor = register(door)
    taken = take(door)
    merge(door, taken.patient_id, survivor.id)
    refusal = refused(door, lambda: verify(door, taken.patient_id))
    assert (refusal.code, refusal.facts) == ("patient_merged", {"merged_into": survivor.id})
    issue = usecases.issue_link_code
    refusal = refused(door, lambda: do(door, issue, actor=DESK, sealer=SEALER, patient_id=taken.patient_id))
    assert refusal.code == "patient_merged"


def test_a_merge_is_one_row_and_a_fact(door: Door) -> None:
    survivor, taken = register(door), take(door)
    before = row_of(door, survivor.id)
    ended = merge(door, taken.patient_id, survivor.id, actor=DESK)
    assert ended.merged_into == survivor.id
    assert row_of(door, survivor.id) == before
    with door.database.read() as uow:
        [row] = uow.session.execute(sa.select(store.merges.c.patient_id, store.merges.c.merged_into))
    assert tuple(row) == (taken.patient_id, survivor.id)
    assert facts(door)[-1] == {
        "type": "records.patient_merged.v1",
        "patient_id": str(taken.patient_id),
        "merged_into": str(survivor.id),
    }


def test_chains_and_circles_of_merges_are_refused(door: Door) -> None:
    first, second, third = (take(door, sent(value, control_id=value)).patient_id for value in ("a1", "b2", "c3"))
    merge(door, first, second)
    for one, other, code in [
        (first, second, "patient_merged"),
        (first, third, "patient_merged"),
        (second, first, "patient_merged"),
        (second, third, "merge_chain"),
        (third, first, "patient_merged"),
        (third, third, "merge_with_itself"),
        (third, uuid4(), "not_found"),
        (uuid4(), third, "not_found"),
    ]:
        assert refused(door, lambda one=one, other=other: merge(door, one, other)).code == code
    merge(door, third, second)


def test_two_patients_with_documents_are_merged_by_the_records_office(door: Door) -> None:
    one, other = register(door), register(door, wang(document_number=resident_number(order=3)))
    assert refused(door, lambda: merge(door, one.id, other.id, actor=DESK)).code == "merge_needs_records_officer"
    assert merge(door, one.id, other.id, actor=OFFICER).merged_into == other.id
