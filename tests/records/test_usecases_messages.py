"""Persons of messages: as sent, unverified, and never twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.records import store
from services.records.domain import SentIdentifier, SentMessage
from shared.door import Door
from shared.errors import DomainError
from tests.records.people import SEALER, everything, facts, merge, register, sent, take


def patient_row(door: Door, patient_id: UUID) -> sa.RowMapping:
    with door.database.read() as uow:
        return uow.session.execute(sa.select(store.patients).where(store.patients.c.id == patient_id)).mappings().one()


def with_identifiers(message: SentMessage, *identifiers: tuple[str, str]) -> SentMessage:
    from dataclasses import replace

    given = tuple(SentIdentifier(authority, value) for authority, value in identifiers)
    return replace(message, person=replace(message.person, identifiers=given), text=f"{message.control_id} {given}")


def test_the_person_of_a_message_becomes_an_unverified_patient(door: Door) -> None:
    taken = take(door, sent(birth_on=None, sex=None))
    assert (taken.outcome, taken.mrn) == ("registered", "100000016")
    row = patient_row(door, taken.patient_id)
    assert (row["verified"], row["name"], row["sex"], row["birth_on"]) == (False, "Donald Duck", None, None)
    assert facts(door) == [
        {
            "type": "records.patient_registered.v1",
            "patient_id": str(taken.patient_id),
            "mrn": "100000016",
            "verified": False,
            "sex": None,
            "birth_on": None,
            "name_masked": "D*** D***",
        }
    ]


def test_a_message_taken_twice_changes_nothing(door: Door) -> None:
    first = take(door)
    before = everything(door)
    again = take(door)
    assert (again.outcome, again.patient_id, again.mrn) == ("repeated", first.patient_id, first.mrn)
    assert everything(door) == before


def test_another_message_under_the_same_control_id_is_refused(door: Door) -> None:
    take(door)
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        take(door, sent(text="something else"))
    assert refusal.value.code == "control_id_reused"
    assert everything(door) == before


def test_a_second_message_of_the_same_person_updates(door: Door) -> None:
    first = take(door)
    second = take(door, sent(control_id="2", birth_on=date(1972, 2, 27)))
    assert (second.outcome, second.patient_id) == ("updated", first.patient_id)
    assert patient_row(door, first.patient_id)["birth_on"] == date(1972, 2, 27)
    third = take(door, sent(control_id="3"))
    assert (third.outcome, third.patient_id) == ("unchanged", first.patient_id)
    assert len(facts(door)) == 1


def test_the_same_number_of_another_hospital_is_another_person(door: Door) -> None:
    assert take(door).patient_id != take(door, sent(control_id="2", authority="X")).patient_id


def test_a_person_is_known_by_any_of_their_numbers(door: Door) -> None:
    first = take(door, with_identifiers(sent(control_id="1"), ("W", "1"), ("CARD", "9")))
    second = take(door, with_identifiers(sent(control_id="2"), ("CARD", "9"), ("LAB", "7")))
    third = take(door, with_identifiers(sent(control_id="3"), ("LAB", "7")))
    assert {first.patient_id} == {second.patient_id, third.patient_id}


def test_numbers_of_two_patients_in_one_message_are_refused_until_they_are_merged(door: Door) -> None:
    first = take(door, with_identifiers(sent(control_id="1"), ("W", "1")))
    second = take(door, with_identifiers(sent(control_id="2"), ("W", "2")))
    both = with_identifiers(sent(control_id="3"), ("W", "1"), ("W", "2"))
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        take(door, both)
    assert refusal.value.code == "identifiers_of_two_patients"
    assert everything(door) == before
    merge(door, first.patient_id, second.patient_id)
    assert take(door, both).patient_id == second.patient_id


def test_a_birth_date_to_come_is_refused(door: Door) -> None:
    before = everything(door)
    with pytest.raises(DomainError) as refusal:
        take(door, sent(birth_on=date(2026, 11, 24)))
    assert refusal.value.code == "birth_date_in_future"
    assert everything(door) == before


def test_the_numbers_of_a_message_are_sealed(door: Door) -> None:
    take(door)
    with door.database.read() as uow:
        [row] = uow.session.execute(sa.select(store.identifiers)).mappings()
    assert (row["system"], row["kind"], row["masked"]) == ("sender:W", "MR", "2****06")
    assert SEALER.open(row["sealed"]) == "2216506"


def test_a_document_and_a_number_of_another_system_never_meet(door: Door) -> None:
    from tests.records.people import WANG_NUMBER

    patient = register(door)
    assert take(door, sent(WANG_NUMBER)).patient_id != patient.id
